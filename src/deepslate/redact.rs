//! Makes text that came from a server fit to be shown.

use secrecy::{ExposeSecret, SecretString};

/// Longest text kept of a server, in characters.
const LONGEST: usize = 500;
/// Secrets of fewer bytes are not masked: what is left around them would tell what they are.
const SHORTEST_MASKED: usize = 4;
/// In place of a text that holds such a secret.
const WITHHELD: &str = "(not shown, since it repeats a secret)";

/// The text without the secrets, on one line, without what would play tricks on a terminal, and of bounded length.
///
/// A secret is found as it is, escaped as in JSON, or percent-encoded as in a URL, also where these are mixed.
pub(super) fn server_text(text: &str, secrets: &[&SecretString]) -> String {
    let (short, long): (Vec<_>, Vec<_>) =
        secrets.iter().copied().partition(|secret| secret.expose_secret().len() < SHORTEST_MASKED);
    if mask(text, &short) != text {
        return WITHHELD.to_owned();
    }
    let masked = mask(text, &long);
    let mut shown: String =
        masked.trim().chars().map(|c| if is_unprintable(c) { ' ' } else { c }).take(LONGEST + 1).collect();
    if let Some((cut, _)) = shown.char_indices().nth(LONGEST) {
        shown.replace_range(cut.., "…");
    }
    shown
}

/// Control characters, and those that turn or hide what stands beside them.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn mask(text: &str, secrets: &[&SecretString]) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let end = secrets.iter().filter_map(|secret| end_of(secret.expose_secret(), text.as_bytes(), at)).max();
        if let Some(end) = end {
            masked.push_str("***");
            at = end;
        } else {
            masked.push(c);
            at += c.len_utf8();
        }
    }
    masked
}

/// Where the secret ends that begins at `start`, in whatever spelling.
fn end_of(secret: &str, text: &[u8], start: usize) -> Option<usize> {
    // Several ends are possible meanwhile: the text `\\` is two backslashes of a secret, or one that was escaped.
    let mut ends = vec![start];
    for c in secret.chars() {
        ends = ends.iter().flat_map(|&at| spellings(c, &text[at..]).map(move |length| at + length)).collect();
        ends.sort_unstable();
        ends.dedup();
        if ends.is_empty() {
            return None;
        }
    }
    ends.into_iter().max().filter(|&end| end > start)
}

/// The length of each spelling of `c` with which `text` begins.
///
/// JSON within JSON doubles the backslashes, so that any number of them may stand before what is escaped.
fn spellings(c: char, text: &[u8]) -> impl Iterator<Item = usize> {
    let (mut utf8, mut utf16) = ([0; 4], [0; 2]);
    let (utf8, utf16) = (c.encode_utf8(&mut utf8).as_bytes(), c.encode_utf16(&mut utf16));
    let literal = text.starts_with(utf8).then_some(utf8.len());
    let percent = numbers(text, |text| text.strip_prefix(b"%"), 2, utf8.iter().map(|&byte| u32::from(byte)));
    let unicode = numbers(text, |text| strip_escape(text, b"u"), 4, utf16.iter().map(|&unit| u32::from(unit)));
    let short: &[u8] = match c {
        '"' => b"\"",
        '/' => b"/",
        '\u{8}' => b"b",
        '\u{c}' => b"f",
        '\n' => b"n",
        '\r' => b"r",
        '\t' => b"t",
        _ => b"",
    };
    let short = strip_escape(text, short).filter(|_| !short.is_empty()).map(|rest| text.len() - rest.len());
    let plus = (c == ' ' && text.starts_with(b"+")).then_some(1);
    let escaped_backslashes = (2..=backslashes(text)).filter(move |_| c == '\\');
    [literal, percent, unicode, short, plus].into_iter().flatten().chain(escaped_backslashes)
}

/// How many backslashes the text begins with; more than 64 are not looked at.
fn backslashes(text: &[u8]) -> usize {
    text.iter().take(64).take_while(|&&byte| byte == b'\\').count()
}

/// The text after at least one backslash and what it escapes.
fn strip_escape<'a>(text: &'a [u8], escaped: &[u8]) -> Option<&'a [u8]> {
    let count = backslashes(text);
    text[count..].strip_prefix(escaped).filter(|_| count > 0)
}

/// The length of the hexadecimal numbers, each after a prefix, with which the text begins.
fn numbers(
    text: &[u8],
    strip_prefix: impl Fn(&[u8]) -> Option<&[u8]>,
    digits: usize,
    numbers: impl Iterator<Item = u32>,
) -> Option<usize> {
    let mut rest = text;
    for number in numbers {
        let (hexadecimal, after) = strip_prefix(rest)?.split_at_checked(digits)?;
        if u32::from_str_radix(str::from_utf8(hexadecimal).ok()?, 16).ok()? != number {
            return None;
        }
        rest = after;
    }
    Some(text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, secrets: &[&str]) -> String {
        let secrets: Vec<SecretString> = secrets.iter().map(|&secret| secret.into()).collect();
        server_text(text, &secrets.iter().collect::<Vec<_>>())
    }

    #[test]
    fn masks_each_spelling() {
        let secret = "p\"ä/\\ 😀";
        for spelling in [
            secret,
            r#"p\"ä/\\ 😀"#,
            r#"p\"ä\/\\ 😀"#,
            r"\u0070\u0022\u00E4\u002f\u005C\u0020\ud83d\uDE00",
            "p%22%C3%A4%2F%5C%20%F0%9F%98%80",
            "p%22%c3%a4/%5c+%f0%9f%98%80",
        ] {
            assert_eq!(shown(&format!("bad password {spelling}, sorry"), &[secret]), "bad password ***, sorry");
        }
    }

    #[test]
    fn a_short_secret_is_not_told_by_what_is_left_around_it() {
        assert_eq!(shown("the bearer token", &["e"]), WITHHELD);
        assert_eq!(shown("untouched", &["xyz"]), "untouched");
    }

    #[test]
    fn masks_all_of_several_secrets() {
        assert_eq!(shown("key1 key12 and again key1", &["key1", "key12"]), "*** *** and again ***");
        assert_eq!(shown(r"\\\\\\\\", &[r"\\\\"]), "***");
        assert_eq!(shown("untouched key", &["key1", ""]), "untouched key");
    }

    #[test]
    fn is_one_printable_line_of_bounded_length() {
        assert_eq!(shown(" a\r\nb\u{1b}[31m\u{202e}c\n", &[]), "a  b [31m c");
        assert_eq!(shown(&"ä".repeat(LONGEST), &[]), "ä".repeat(LONGEST));
        assert_eq!(shown(&"ä".repeat(LONGEST + 1), &[]), format!("{}…", "ä".repeat(LONGEST)));
    }

    #[test]
    fn a_secret_across_the_cut_does_not_show_its_beginning() {
        let text = format!("{}secret", "x".repeat(LONGEST - 3));
        assert!(!shown(&text, &["secret"]).contains("sec"));
    }

    proptest! {
        #[test]
        fn no_secret_shows(before in "[x-z ]{0,9}", secret in "[a-c\"\\\\/\n😀ü]{4,12}", after in "[x-z ]{0,9}") {
            let json = serde_json::to_string(&secret).expect("a string");
            let nested = serde_json::to_string(&json).expect("a string");
            let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            for spelling in [&secret, &json[1..json.len() - 1], &nested[3..nested.len() - 3], &url] {
                let shown = shown(&format!("{before}{spelling}{after}"), &[&secret]);
                prop_assert!(!shown.contains(['a', 'b', 'c', '%', '😀', 'ü']), "{}", shown);
            }
        }
    }
}
