//! Makes a text of the server fit to be shown: without secrets, on one printable line, of bounded length.
//!
//! A server may repeat a secret in an encoded form. So the text is decoded in each of the ways of `decode`, and the
//! results are decoded again, until nothing new comes. If a secret is in any of these forms, the whole text is withheld.

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

use super::decode;

/// The longest text that is shown, in characters.
const LONGEST: usize = 500;
/// How many characters behind these are searched at least, since a secret may begin in one part and end in the other.
const SEARCHED: usize = 4096;
/// The longest encoding of one character of a secret that is searched to its end, in characters.
const LONGEST_ENCODING: usize = 16;
/// A text with more forms than this is withheld.
const MOST_FORMS: usize = 256;
/// Shown instead of a text that contains a secret.
pub(crate) const WITHHELD: &str = "(not shown, since it repeats a secret)";

/// Returns the text as it may be shown.
pub fn server_text(text: &str, secrets: &[&SecretString]) -> String {
    let text = text.trim_start_matches(is_blank);
    let secrets: Vec<_> = secrets.iter().map(|secret| secret.expose_secret().trim_matches(is_blank)).collect();
    let longest_secret = secrets.iter().map(|secret| secret.len()).max().unwrap_or_default();
    let (searched, rest) = split_at(text, LONGEST + SEARCHED.max(LONGEST_ENCODING * longest_secret));
    // A run of base64 this long may contain anything, and only its beginning was searched.
    let is_cut_run = !rest.is_empty() && split_at(searched.trim_end_matches(decode::is_base64), LONGEST).1.is_empty();
    if is_cut_run || repeats(searched, &secrets) {
        return WITHHELD.to_owned();
    }
    let (shown, rest) = split_at(searched, LONGEST);
    let line: String = shown.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).collect();
    if split_at(rest, LONGEST).0.trim_matches(is_blank).is_empty() { line.trim_end().to_owned() } else { line + "…" }
}

/// Whether a secret is in any form of the text.
fn repeats(text: &str, secrets: &[&str]) -> bool {
    let secrets: Vec<_> = secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .map(|secret| (secret, Zeroizing::new(comparable(secret))))
        .collect();
    // Each with whether it may be or contain base64.
    let mut forms = vec![(text.to_owned(), true)];
    let mut next = 0;
    while let Some((form, may_be_base64)) = forms.get(next) {
        let compared = comparable(form);
        let shows = |(secret, comparable): &(&&str, Zeroizing<String>)| match comparable.trim() {
            "" => form.contains(**secret),
            _ => compared.contains(comparable.as_str()),
        };
        if secrets.iter().any(shows) || forms.len() > MOST_FORMS {
            return true;
        }
        let escapes = [decode::percent(form), decode::entities(form), decode::backslashes(form)];
        // Text before the base64 may look like a part of it, so each of the four ways to group the digits is tried.
        let base64 = (0..4).filter(|_| *may_be_base64).map(|skipped| decode::base64(form, skipped));
        let decoded =
            escapes.map(|escape| (escape, *may_be_base64)).into_iter().chain(base64.map(|text| (text, false)));
        for (form, may_be_base64) in decoded.collect::<Vec<_>>() {
            if !form.is_empty() && forms.iter().all(|(known, _)| *known != form) {
                forms.push((form, may_be_base64));
            }
        }
        next += 1;
    }
    false
}

/// The text without what encodings add or leave unclear: any number of backslashes, and `+` for a blank.
fn comparable(text: &str) -> String {
    text.chars().filter(|c| *c != '\\').map(|c| if c == '+' { ' ' } else { c }).collect()
}

/// Control characters, and characters that turn or hide their neighbors.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_unprintable(c)
}

/// The first characters of a text, and the rest.
fn split_at(text: &str, characters: usize) -> (&str, &str) {
    text.split_at(text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE_NO_PAD};
    use base64::engine::{Engine, GeneralPurpose};
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, secrets: &[&str]) -> String {
        let secrets: Vec<SecretString> = secrets.iter().map(|&secret| secret.into()).collect();
        server_text(text, &secrets.iter().collect::<Vec<_>>())
    }

    fn is_withheld(spelling: &str, secret: &str) {
        for (before, after) in [("bad password ", ", sorry"), ("", ""), ("in ", "")] {
            assert_eq!(shown(&format!("{before}{spelling}{after}"), &[secret]), WITHHELD, "{spelling}");
        }
    }

    /// Characters that HTML, JavaScript and Rust escape in their own ways.
    const ODD: &str = "&\"ä<'\u{7f}";

    #[test]
    fn withholds_the_spellings_of_other_languages() {
        for spelling in [
            "&amp;&quot;ä&lt;&apos;\u{7f}",
            "&#38;&#34;&#228;&#60;&#39;&#127;",
            "&#x26;&#X22;&#xE4;&#x3c;&#x0027;&#x7F;",
            r#"&\"ä<\'\u{7f}"#,
            r"\u{26}\u{22}\u{e4}\u{00003C}\u{27}\u{7F}",
            "%26%22%c3%a4%3C%27%7f",
            format!("{ODD:?}").trim_matches('"'),
        ] {
            is_withheld(spelling, ODD);
        }
    }

    #[test]
    fn withholds_base64_of_what_contains_a_secret() {
        let body = serde_json::json!({ "username": "u", "password": ODD }).to_string();
        for before in ["", "a", "ab", "abc", &body] {
            for engine in [&STANDARD, &URL_SAFE_NO_PAD, &STANDARD_NO_PAD as &GeneralPurpose] {
                let encoded = engine.encode(format!("{before}{ODD}{before}"));
                for start in ["Basic ", "in/"] {
                    assert_eq!(shown(&format!("{start}{encoded}"), &[ODD]), WITHHELD, "{encoded}");
                }
            }
        }
        assert_eq!(shown("Basic dTphYmM=", &["abc"]), WITHHELD);
        assert_eq!(shown("Basic dTphYmQ=", &["abc", ODD]), "Basic dTphYmQ=");
    }

    #[test]
    fn withholds_each_spelling() {
        let secret = "p\"ä/\\ 😀";
        for spelling in [
            secret,
            r#"p\"ä/\\ 😀"#,
            r#"p\"ä\/\\ 😀"#,
            r"\u0070\u0022\u00E4\u002f\u005C\u0020\ud83d\uDE00",
            "p%22%C3%A4%2F%5C%20%F0%9F%98%80",
            "p%22%c3%a4/%5c+%f0%9f%98%80",
            "p%2522%25c3%25a4/%255c+%25f0%259f%2598%2580",
            "p&#34;%c3%a4\\u002f%5c+\\ud83d\\ude00",
        ] {
            is_withheld(spelling, secret);
        }
    }

    #[test]
    fn withholds_a_text_with_a_short_secret() {
        assert_eq!(shown("the bearer token", &["e"]), WITHHELD);
        assert_eq!(shown("untouched", &["xyz"]), "untouched");
    }

    #[test]
    fn looks_for_each_of_several_secrets() {
        assert_eq!(shown("key1 key12 and again key1", &["key1", "key12"]), WITHHELD);
        assert_eq!(shown("and key12", &["other", "key12"]), WITHHELD);
        assert_eq!(shown(r"\\\\\\\\", &[r"\\\\"]), WITHHELD);
        assert_eq!(shown("untouched key", &["key1", ""]), "untouched key");
    }

    #[test]
    fn shows_ordinary_messages() {
        for text in [
            "port must be between 1 and 65535",
            "50% of a+b & c < d; see https://docs.example/errors?code=E-17#limits",
            r#"unexpected token `\` in "C:\new\table" at position 12"#,
            "request 4f0c8e0a-91f7-4c0e-8a52-0d2f7f1d9a3b was rejected by gateway/eu-central-1",
        ] {
            assert_eq!(shown(text, &["hunter2", "key/+1", "p\"ä xx\\"]), text);
        }
    }

    #[test]
    fn is_one_printable_line_of_bounded_length() {
        assert_eq!(shown(" a\r\nb\u{1b}[31m\u{202e}c\n", &[]), "a  b [31m c");
        assert_eq!(shown(&("ä".repeat(LONGEST) + " \n"), &[]), "ä".repeat(LONGEST));
        assert_eq!(shown(&"ä".repeat(LONGEST + 1), &[]), format!("{}…", "ä".repeat(LONGEST)));
    }

    #[test]
    fn a_secret_across_a_cut_does_not_show_its_beginning() {
        for secret in ["abc".to_owned(), "secret".to_owned(), "a secret ".repeat(1000)] {
            let text = format!("{}{secret}", "ä".repeat(LONGEST - 2));
            assert_eq!(shown(&text, &[&secret]), WITHHELD);
            let encoded = secret.bytes().fold(String::new(), |text, byte| text + &format!("\\\\u{byte:04x}"));
            assert_eq!(shown(&format!("{}{encoded}", "ä".repeat(LONGEST - 2)), &[&secret]), WITHHELD);
        }
        let base64 = STANDARD.encode("x".repeat(9000) + "secret");
        assert_eq!(shown(&base64, &["secret"]), WITHHELD);
    }

    #[test]
    fn takes_a_bounded_time() {
        let started = Instant::now();
        let (all, mixed) = ("\\".repeat(500_000), "%25&amp;\\\\u005cQUFB+".repeat(50_000));
        for text in [&all, &mixed, &"&".repeat(500_000), &"%41".repeat(200_000)] {
            assert!(shown(text, &["hunter2"]).chars().count() <= LONGEST + 1);
        }
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
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
                prop_assert!(shown == WITHHELD || secret.trim().is_empty(), "{}", shown);
            }
        }
    }
}
