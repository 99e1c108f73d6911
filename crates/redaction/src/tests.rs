//! What is promised of texts that repeat secrets.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::{ForeignText, Length, Secrets};

const WITHHELD: &str = "(not shown, since it repeats a secret)";
/// Characters that HTML, JavaScript and Rust escape in their own ways.
const ODD: &str = "&\"ä<'\u{7f}";

fn secrets(all: &[&str]) -> Secrets {
    let secrets = Secrets::default();
    for secret in all {
        secrets.remember(secret);
    }
    secrets
}

fn shown(text: &str, all: &[&str]) -> String {
    secrets(all).show(&ForeignText::from(text), Length::Message).as_line().to_owned()
}

fn is_withheld(spelling: &str, secret: &str) {
    for (before, after) in [("bad password ", ", sorry"), ("", ""), ("in ", "")] {
        assert_eq!(shown(&format!("{before}{spelling}{after}"), &[secret]), WITHHELD, "{spelling}");
    }
}

#[test]
fn withholds_the_spellings_of_other_languages() {
    for spelling in [
        "&amp;&quot;ä&lt;&apos;\u{7f}",
        "&amp;&quot;&auml;&lt;&apos;\u{7f}",
        "&#38;&#34;&#228;&#60;&#39;&#127;",
        "&#x26;&#X22;&#xE4;&#x3c;&#x0027;&#x7F;",
        r#"&\"ä<\'\u{7f}"#,
        r"\u{26}\u{22}\u{e4}\u{00003C}\u{27}\u{7F}",
        r"\x26\x22\xc3\xa4\x3c\x27\x7f",
        r"\x26\x22\xe4\x3c\x27\x7f",
        r#"&"\303\244<'\177"#,
        "%26%22%c3%a4%3C%27%7f",
        "%26%22%E4%3C%27%7F",
        "%26%22%u00E4%3C%27%7F",
        "&\"ä<''\u{7f}",
        "&\"\"a\u{308}<'\u{7f}",
        "2622c3a43c277f",
        "26 22 C3 A4 3C 27 7F",
        format!("{ODD:?}").trim_matches('"'),
    ] {
        is_withheld(spelling, ODD);
    }
}

#[test]
fn withholds_what_was_encoded_several_times() {
    let secret = "p\"ä/\\ 😀";
    for spelling in [
        secret,
        r#"p\"ä/\\ 😀"#,
        r#"p\"ä\/\\ 😀"#,
        r"\u0070\u0022\u00E4\u002f\u005C\u0020\ud83d\uDE00",
        r"p\u0022\u00E4/\\ \U0001F600",
        "p%22%C3%A4%2F%5C%20%F0%9F%98%80",
        "p%22%c3%a4/%5c+%f0%9f%98%80",
        "p%2522%25c3%25a4/%255c+%25f0%259f%2598%2580",
        "p&#34;%c3%a4\\u002f%5c+\\ud83d\\ude00",
        "p%26quot;%26auml;/%5C %26#x1F600;",
        "P\"Ä/\\ 😀",
    ] {
        is_withheld(spelling, secret);
    }
}

#[test]
fn withholds_base64_of_what_contains_a_secret() {
    let body = serde_json::json!({ "username": "u", "password": ODD }).to_string();
    for before in ["", "a", "ab", "abc", &body] {
        for encoded in
            [STANDARD.encode(format!("{before}{ODD}{before}")), URL_SAFE_NO_PAD.encode(format!("{before}{ODD}"))]
        {
            let lines: Vec<_> =
                encoded.as_bytes().chunks(10).map(|line| str::from_utf8(line).expect("ASCII")).collect();
            for text in
                [format!("Basic {encoded}"), format!("in/{encoded}"), lines.join("\r\n"), STANDARD.encode(&encoded)]
            {
                assert_eq!(shown(&text, &[ODD]), WITHHELD, "{text}");
            }
        }
    }
    assert_eq!(shown("Basic dTphYmM=", &["abc"]), WITHHELD);
    assert_eq!(shown("Basic dTphYmQ=", &["abc", ODD]), "Basic dTphYmQ=");
}

#[test]
fn withholds_a_secret_that_was_cut_off() {
    let secret = "Grüß-Gott-123";
    for text in ["value too long: Grüß-Go…", "too long: ...Gott-123", "Gr%C3%BC%C3%9F-Go%C3", "gruß GRÜSS Grüß-Gott"]
    {
        assert_eq!(shown(text, &[secret]), WITHHELD);
    }
    assert_eq!(shown("value too long: Grüß…", &[secret]), "value too long: Grüß…", "less than half of it");
    let key = "k".repeat(30) + &"0123456789abcdef".repeat(8);
    assert_eq!(shown("key 0123456789abcdef…", &[&key]), WITHHELD, "sixteen characters");
}

#[test]
fn a_short_secret_is_looked_for_as_a_word() {
    for text in ["the e bearer", "e", "(e)", "%65", "x=e&y", "\"e\""] {
        assert_eq!(shown(text, &["e"]), WITHHELD);
    }
    assert_eq!(shown("the bearer token", &["e"]), "the bearer token");
    assert_eq!(shown("PIN 12345 is wrong", &["12345"]), WITHHELD);
    assert_eq!(shown("number 123456", &["12345"]), "number 123456");
    assert_eq!(shown("untouched", &["xyz"]), "untouched");
    assert_eq!(shown("nothing to hide", &["", "  ", "\u{7}\u{200b}"]), "nothing to hide");
}

#[test]
fn looks_for_each_of_several_secrets() {
    assert_eq!(shown("and again secret-key1", &["secret-key1", "secret-key12"]), WITHHELD);
    assert_eq!(shown("and secret-key12", &["other", "secret-key12"]), WITHHELD);
    assert_eq!(shown("untouched key", &["key1", ""]), "untouched key");
}

#[test]
fn shows_ordinary_messages() {
    let page = "<html><head><title>502 Bad Gateway</title></head><body class=\"x\"><p>it''s &quot;down&quot; &amp; \
                <a href='/status?a=%20b+c%2F'>C:\\new\\table</a></p></body></html>\n";
    for text in [
        "port must be between 1 and 65535",
        "50% of a+b & c < d; see https://docs.example/errors?code=E-17#limits",
        r#"unexpected token `\` in "C:\new\table" at position 12"#,
        "request 4f0c8e0a-91f7-4c0e-8a52-0d2f7f1d9a3b was rejected by gateway/eu-central-1",
        "the staple of the battery is of no use to the organization",
        r#"{"error":{"code":"E17","details":["a\/b","c\\d"]},"at":"2026-01-01T00:00:00Z","path":"/api/v1?x=%2Fy"}"#,
    ] {
        let all = ["hunter2", "key/+1", "p\"ä xx\\", "correct horse battery staple", "my-organization-password-1"];
        assert_eq!(shown(text, &all), text);
    }
    assert!(shown(&page.repeat(20), &["hunter2"]).starts_with("<html><head><title>502 Bad Gateway"));
    let prose =
        "The quick brown fox (it's called \"Reynard\") jumps over 13 lazy dogs & runs 100% of the way; ".repeat(50);
    assert!(shown(&prose, &["hunter2"]).starts_with("The quick"));
    let trace: Vec<_> = (0..100).map(|n: u64| format!("{:x}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    assert!(shown(&trace.join(" "), &["hunter2"]).starts_with("0 9e37"));
}

#[test]
fn is_one_printable_line_of_bounded_length() {
    assert_eq!(shown(" a\r\nb\u{1b}[31m\u{202e}c\n", &[]), "a b [31m c");
    assert_eq!(shown("a\u{9b}2J\u{85}\u{ad}\u{e0041}\u{2066}b", &[]), "a 2J b");
    assert_eq!(shown(&("ä".repeat(500) + " \n"), &[]), "ä".repeat(500));
    assert_eq!(shown(&"ä".repeat(501), &[]), format!("{}…", "ä".repeat(500)));
    let name = Secrets::default().show(&"n".repeat(200).into(), Length::Name);
    assert_eq!(name.as_line(), format!("{}…", "n".repeat(100)));
    assert_eq!(secrets(&["hunter2"]).show(&"Hunter2".into(), Length::Name).as_line(), "a sensitive value");
}

#[test]
fn a_secret_across_a_cut_does_not_show_its_beginning() {
    for secret in ["a-secret".to_owned(), "a secret ".repeat(1000)] {
        let text = format!("{}{secret}", "ä".repeat(498));
        assert_eq!(shown(&text, &[&secret]), WITHHELD);
        let encoded = secret.bytes().fold(String::new(), |text, byte| text + &format!("\\\\u{byte:04x}"));
        assert_eq!(shown(&format!("{}{encoded}", "ä".repeat(498)), &[&secret]), WITHHELD);
    }
}

#[test]
fn nothing_prints_a_secret() {
    let shown = format!("{:?} {:?}", secrets(&["hunter2"]), ForeignText::from("hunter2"));
    assert!(!shown.contains("hunter2"), "{shown}");
}

#[test]
fn time_and_memory_are_bounded_whatever_the_text() {
    let all: Vec<_> = (0..10_000).map(|n| format!("secret-{n}-{}", "\\".repeat(n % 9))).collect();
    let many = secrets(&all.iter().map(String::as_str).collect::<Vec<_>>());
    let texts = [
        "\\".repeat(1 << 20),
        "%25&amp;\\\\u005cQUFB+''".repeat(50_000),
        "&".repeat(1 << 20),
        "%41".repeat(350_000),
        "'".repeat(1 << 20),
        "a".repeat(1 << 20),
        "secret-".repeat(150_000),
        "&amp".repeat(250_000),
        "MTIz".repeat(250_000),
        "%25".to_owned() + &"25".repeat(500_000),
        STANDARD.encode(STANDARD.encode("+%2B&plus;\\x2b".repeat(40_000))),
    ];
    for text in texts {
        let (started, text) = (Instant::now(), ForeignText::from(text));
        let shown = many.show(&text, Length::Message);
        assert!(shown.as_line().chars().count() <= 501);
        assert!(started.elapsed() < Duration::from_secs(4), "{:?} for {:.20}", started.elapsed(), text.raw());
    }
    assert_eq!(many.show(&"no: secret-9999-".into(), Length::Message).as_line(), WITHHELD);
}

// === Compositions of two encoders ===

type Encode = fn(&str) -> String;

const ENCODERS: [(&str, Encode); 21] = [
    ("plain", str::to_owned),
    ("percent", |text| percent(text, |byte| byte.is_ascii_alphanumeric())),
    ("all percent", |text| percent(text, |_| false)),
    ("percent in lower case", |text| bytes(text, |byte| format!("%{byte:02x}"))),
    ("form", |text| percent(text, |byte| byte.is_ascii_alphanumeric() || byte == b' ').replace(' ', "+")),
    ("HTML", |text| {
        each(text, |c| match c {
            '&' => "&amp;".to_owned(),
            '<' => "&lt;".to_owned(),
            '"' => "&quot;".to_owned(),
            '\'' => "&apos;".to_owned(),
            'ü' => "&uuml;".to_owned(),
            'ß' => "&szlig;".to_owned(),
            'Ω' => "&Omega;".to_owned(),
            '€' => "&euro;".to_owned(),
            c => c.to_string(),
        })
    }),
    ("decimal HTML", |text| each(text, |c| format!("&#{};", u32::from(c)))),
    ("hexadecimal HTML", |text| each(text, |c| format!("&#x{:X};", u32::from(c)))),
    ("JSON", |text| quoted(&serde_json::json!(text).to_string())),
    ("escaped JSON", |text| text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()),
    ("Rust", |text| quoted(&format!("{text:?}"))),
    ("braces", |text| each(text, |c| format!("\\u{{{:x}}}", u32::from(c)))),
    ("eight digits", |text| each(text, |c| format!("\\U{:08x}", u32::from(c)))),
    ("bytes", |text| bytes(text, |byte| format!("\\x{byte:02x}"))),
    ("octal", |text| bytes(text, |byte| format!("\\{byte:03o}"))),
    ("SQL", |text| text.replace('\'', "''")),
    ("base64", |text| STANDARD.encode(text)),
    ("base64 for URLs", |text| URL_SAFE_NO_PAD.encode(text)),
    ("base64 in lines", |text| lines(&STANDARD.encode(text), 8, "\r\n")),
    ("hex", |text| bytes(text, |byte| format!("{byte:02x}"))),
    ("decomposed", |text| text.nfd().collect()),
];

fn each(text: &str, encode: impl Fn(char) -> String) -> String {
    text.chars().map(encode).collect()
}

fn bytes(text: &str, encode: impl Fn(u8) -> String) -> String {
    text.bytes().map(encode).collect()
}

fn percent(text: &str, is_plain: impl Fn(u8) -> bool) -> String {
    bytes(text, |byte| if is_plain(byte) { char::from(byte).into() } else { format!("%{byte:02X}") })
}

fn quoted(text: &str) -> String {
    text[1..text.len() - 1].to_owned()
}

fn lines(text: &str, length: usize, end: &str) -> String {
    text.as_bytes().chunks(length).map(|line| String::from_utf8_lossy(line).into_owned()).collect::<Vec<_>>().join(end)
}

/// Checks that a text with this part of a secret is withheld, whichever two encoders it went through.
fn no_composition_shows(secret: &str, part: &str, before: &str, after: &str) -> Result<(), TestCaseError> {
    let secrets = secrets(&[secret]);
    for (inner_name, inner) in ENCODERS {
        for (outer_name, outer) in ENCODERS {
            let text = format!("{before}{}{after}", outer(&inner(part)));
            let shown = secrets.show(&text.as_str().into(), Length::Message);
            prop_assert!(shown.as_line() == WITHHELD, "{} of {}: {:?} in {:?}", outer_name, inner_name, part, text);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_composition_of_two_encoders_shows_half_of_a_secret(
        secret in "[!-~üßΩ€😀][ -~üßΩ€😀]{4,28}[!-~üßΩ€😀]", start in any::<prop::sample::Index>(), before in "[x-z,]{0,6} ", after in " [x-z,]{0,6}",
    ) {
        let characters: Vec<char> = secret.chars().collect();
        let half = characters.len().div_ceil(2).max(6);
        let start = start.index(characters.len() - half + 1);
        let part: String = characters[start..start + half].iter().collect();
        prop_assume!(part.trim().len() == part.len());
        no_composition_shows(&secret, &part, &before, &after)?;
    }

    #[test]
    fn no_composition_of_two_encoders_shows_a_short_secret(secret in "[!-~üßΩ€]{1,5}") {
        no_composition_shows(&secret, &secret, "bad password: ", " x")?;
    }

    #[test]
    fn a_text_that_shares_a_short_word_with_a_secret_is_shown(
        secret in "[a-z]{12,20}", start in 0_usize..8, before in "[A-Z]{0,4} ", after in " [0-9]{1,9}",
    ) {
        let text = format!("{before}{}{after}", &secret[start..start + 5]);
        prop_assert_eq!(shown(&text, &[&secret]), text.trim_start());
    }

    #[test]
    fn any_text_becomes_one_printable_line(text in any::<String>()) {
        let shown = shown(&text, &[]);
        prop_assert!(!shown.contains(char::is_control) && shown.chars().count() <= 501);
    }
}
