//! Makes text that came from a server fit to be shown.

use std::iter;

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use secrecy::{ExposeSecret, SecretString};

mod spellings;

/// Longest text kept of a server, in characters.
const LONGEST: usize = 500;
/// What is base64 for longer than this is masked whatever it holds: nobody reads it, and to decode it would take time.
const LONGEST_BASE64: usize = 4096;
/// Secrets of fewer bytes are not masked: what is left around them would tell what they are.
const SHORTEST_MASKED: usize = 4;
/// In place of a text that holds such a secret.
const WITHHELD: &str = "(not shown, since it repeats a secret)";
/// In place of a longer secret.
const MASK: &str = "***";

/// Base64 as it is found: without its padding, and perhaps without its end.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// The text without the secrets, on one line, without what would play tricks on a terminal, and of bounded length.
///
/// A secret is found as it is and in each of the [`spellings`], also where these are mixed, and in what is base64 of
/// any text that holds it: a whole request, or `user:password`.
pub(super) fn server_text(text: &str, secrets: &[&SecretString]) -> String {
    let secrets = secrets.iter().map(|secret| secret.expose_secret());
    let (short, long): (Vec<_>, Vec<_>) = secrets.partition(|secret| secret.len() < SHORTEST_MASKED);
    let letters = masked(text, &long).flat_map(str::chars).map(|c| if is_unprintable(c) { ' ' } else { c });
    // More than is shown, for a short secret may begin in one part and end in the other.
    let beginning: String = letters.skip_while(|c| c.is_whitespace()).take(2 * LONGEST).collect();
    if masked(&beginning, &short).any(|piece| piece == MASK) {
        return WITHHELD.to_owned();
    }
    let cut = beginning.char_indices().nth(LONGEST).map_or(beginning.len(), |(cut, _)| cut);
    match beginning.split_at(cut) {
        (shown, rest) if rest.trim().is_empty() => shown.trim_end().to_owned(),
        (shown, _) => format!("{shown}…"),
    }
}

/// Control characters, and those that turn or hide what stands beside them.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The text in pieces: single characters, and [`MASK`] for each secret. No more is looked at than is asked for.
fn masked<'a>(text: &'a str, secrets: &[&str]) -> impl Iterator<Item = &'a str> {
    let mut at = 0;
    iter::from_fn(move || {
        let next = text[at..].chars().next()?;
        let start = at;
        let bytes = text.as_bytes();
        let literal = secrets.iter().filter_map(|secret| spellings::end_of(secret, bytes, start)).max();
        if let Some(end) = literal.max(end_of_base64(secrets, bytes, start)) {
            at = end;
            return Some(MASK);
        }
        at += next.len_utf8();
        Some(&text[start..at])
    })
}

/// Where the run of base64 ends that begins at `start`, if a secret is in what it stands for.
fn end_of_base64(secrets: &[&str], text: &[u8], start: usize) -> Option<usize> {
    let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
    if start.checked_sub(1).is_some_and(|before| is_digit(&text[before])) {
        return None;
    }
    // Two characters have another form in URLs and file names.
    let standard = |&byte: &u8| match byte {
        b'-' => b'+',
        b'_' => b'/',
        byte => byte,
    };
    let run: Vec<u8> = text[start..].iter().take_while(|byte| is_digit(byte)).map(standard).collect();
    if run.len() > LONGEST_BASE64 {
        return Some(start + run.len());
    }
    // What stands before the base64 may look like a part of it.
    let holds_secret = (0..run.len().min(4)).any(|skipped| {
        let digits = &run[skipped..];
        // A single digit of a group stands for nothing.
        let digits = if digits.len() % 4 == 1 { &digits[..digits.len() - 1] } else { digits };
        let decoded = BASE64.decode(digits).unwrap_or_default();
        secrets.iter().any(|secret| (0..decoded.len()).any(|at| spellings::end_of(secret, &decoded, at).is_some()))
    });
    holds_secret.then_some(start + run.len())
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, secrets: &[&str]) -> String {
        let secrets: Vec<SecretString> = secrets.iter().map(|&secret| secret.into()).collect();
        server_text(text, &secrets.iter().collect::<Vec<_>>())
    }

    /// What HTML, JavaScript and Rust write in ways of their own.
    const ODD: &str = "&\"ä<'\u{7f}";

    #[test]
    fn masks_the_spellings_of_other_languages() {
        for spelling in [
            "&amp;&quot;ä&lt;&apos;\u{7f}",
            "&#38;&#34;&#228;&#60;&#39;&#127;",
            "&#x26;&#X22;&#xE4;&#x3c;&#x0027;&#x7F;",
            r#"&\"ä<\'\u{7f}"#,
            r"\u{26}\u{22}\u{e4}\u{00003C}\u{27}\u{7F}",
            "%26%22%c3%a4%3C%27%7f",
            format!("{ODD:?}").trim_matches('"'),
        ] {
            assert_eq!(shown(&format!("bad password {spelling}, sorry"), &[ODD]), "bad password ***, sorry");
        }
    }

    #[test]
    fn masks_base64_of_what_holds_a_secret() {
        let body = serde_json::json!({ "username": "u", "password": ODD }).to_string();
        for before in ["", "a", "ab", "abc", &body] {
            for engine in [&STANDARD, &URL_SAFE_NO_PAD, &STANDARD_NO_PAD as &GeneralPurpose] {
                let encoded = engine.encode(format!("{before}{ODD}{before}"));
                for (start, expected) in [("Basic ", "Basic ***"), ("in/", "***")] {
                    let shown = shown(&format!("{start}{encoded}"), &[ODD]);
                    assert_eq!(shown.trim_end_matches('='), expected, "{encoded}");
                }
            }
        }
        assert_eq!(shown("Basic dTphYmM=", &["abc"]), WITHHELD);
        assert_eq!(shown("Basic dTphYmQ=", &["abc", ODD]), "Basic dTphYmQ=");
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
        assert_eq!(shown(&("ä".repeat(LONGEST) + " \n"), &[]), "ä".repeat(LONGEST));
        assert_eq!(shown(&"ä".repeat(LONGEST + 1), &[]), format!("{}…", "ä".repeat(LONGEST)));
    }

    #[test]
    fn a_secret_across_the_cut_does_not_show_its_beginning() {
        let text = format!("{}secret", "ä".repeat(LONGEST - 3));
        assert!(!shown(&text, &["secret"]).contains("sec"));
        let text = format!("{}abc", "ä".repeat(LONGEST - 2));
        assert_eq!(shown(&text, &["abc"]), WITHHELD);
    }

    proptest! {
        #[test]
        fn no_secret_shows(before in "[x-z ]{0,9}", secret in "[a-c\"\\\\/\n😀ü]{4,12}", after in "[x-z ]{0,9}") {
            let json = serde_json::to_string(&secret).expect("a string");
            let nested = serde_json::to_string(&json).expect("a string");
            let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
            let base64 = STANDARD_NO_PAD.encode(&json);
            for spelling in [&secret, &json[1..json.len() - 1], &nested[3..nested.len() - 3], &url, &base64] {
                let shown = shown(&format!("{before}{spelling}{after}"), &[&secret]);
                prop_assert!(!shown.contains(['a', 'b', 'c', '%', '😀', 'ü']), "{}", shown);
            }
        }
    }
}
