//! The two forms in which texts and secrets are compared.

use unicode_normalization::UnicodeNormalization;

use crate::foreign::is_unprintable;

/// The text, composed, without differences of case, with one blank for all whitespace in a row,
/// and with this instead of characters that are never shown.
pub(crate) fn comparable(text: &str, unprintable: Option<char>) -> impl Iterator<Item = char> {
    let shown = text.nfc().filter_map(move |c| {
        if c.is_whitespace() {
            Some(' ')
        } else if is_unprintable(c) {
            unprintable
        } else {
            Some(c)
        }
    });
    let mut last = None;
    let one_blank = shown.filter(move |c| last.replace(*c) != Some(' ') || *c != ' ');
    // Upper case makes `SS` of `ß` and `FI` of a ligature, and one letter of both forms of sigma and of `i` without a dot.
    let folded = one_blank.flat_map(|c| c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
    // The dot of a Turkish `İ`, which lower case sets apart.
    folded.filter(|c| *c != '\u{307}').nfc()
}

/// Only the ASCII letters and digits of the text, in lower case. A text that has lost or gained other characters, or has got
/// wrong ones instead, still has these.
pub(crate) fn skeleton(text: &str) -> impl Iterator<Item = char> {
    // Without a composition, the letter of an accented one would remain.
    text.nfc().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase())
}
