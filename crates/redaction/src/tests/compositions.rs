//! Encoders, and compositions of two of them.

use std::collections::HashMap;
use std::sync::LazyLock;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

use super::{WITHHELD, each_byte, secrets, shown};
use crate::{Length, binary};

type Encode = fn(&str) -> String;

const ENCODERS: [(&str, Encode); 34] = [
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
    ("hex with colons", |text| apart(text, "", ":")),
    ("hex with dashes", |text| apart(text, "", "-")),
    ("hex with spaces", |text| apart(text, "", " ")),
    ("list of hex", |text| apart(text, "0x", ", ")),
    ("HTML 5", |text| {
        static NAMES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| {
            html_escape::NAMED_ENTITIES
                .iter()
                .map(|(name, text)| (*text, str::from_utf8(name).expect("ASCII")))
                .collect()
        });
        each(text, |c| {
            let text = c.to_string();
            NAMES.get(&*text).map(|name| format!("&{name};")).unwrap_or(text)
        })
    }),
    ("base64 of Windows-1252", |text| STANDARD.encode(windows_1252(text))),
    ("base64 of UTF-16", |text| STANDARD.encode(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())),
    ("hex of UTF-16", |text| text.encode_utf16().map(|unit| format!("{unit:04x}")).collect::<Vec<_>>().concat()),
    ("decomposed", |text| text.nfd().collect()),
    ("mojibake", |text| text.bytes().map(binary::windows_1252).collect()),
    ("mojibake of Latin-1", |text| text.bytes().map(char::from).collect()),
    ("quoted-printable", |text| {
        bytes(
            text,
            |byte| if byte != b'=' && byte.is_ascii() { char::from(byte).into() } else { format!("={byte:02X}") },
        )
    }),
    ("number signs", |text| bytes(text, |byte| format!("#{byte:02X}"))),
    ("angle brackets", |text| bytes(text, |byte| format!("<{byte:02X}>"))),
];
/// Encoders that need some characters.
const LISTS: [(&str, Encode); 3] = [
    ("numbers with spaces", |text| numbers(text, " ")),
    ("numbers with commas", |text| numbers(text, ", ")),
    ("signed numbers", |text| text.bytes().map(|byte| byte.cast_signed().to_string()).collect::<Vec<_>>().join(",")),
];

fn numbers(text: &str, between: &str) -> String {
    text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(between)
}

fn apart(text: &str, before: &str, between: &str) -> String {
    text.bytes().map(|byte| format!("{before}{byte:02x}")).collect::<Vec<_>>().join(between)
}

/// Without what Windows-1252 does not have: in UTF-8.
fn windows_1252(text: &str) -> Vec<u8> {
    let byte = |c| match c {
        '€' => Some(0x80),
        '\u{80}'..='\u{9f}' => None,
        c => u8::try_from(u32::from(c)).ok(),
    };
    text.chars().map(byte).collect::<Option<_>>().unwrap_or_else(|| text.into())
}

fn each(text: &str, encode: impl Fn(char) -> String) -> String {
    text.chars().map(encode).collect()
}

fn bytes(text: &str, encode: impl Fn(u8) -> String) -> String {
    each_byte(text.as_bytes(), encode)
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
fn no_composition_shows(
    secret: &str,
    part: &str,
    before: &str,
    after: &str,
    encoders: &[(&str, Encode)],
) -> Result<(), TestCaseError> {
    let secrets = secrets(&[secret]);
    for (inner_name, inner) in encoders {
        for (outer_name, outer) in encoders {
            let text = format!("{before}{}{after}", outer(&inner(part)));
            let shown = secrets.show(&text.as_str().into(), Length::Message);
            prop_assert!(shown.as_line() == WITHHELD, "{} of {}: {:?} in {:?}", outer_name, inner_name, part, text);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn no_composition_of_two_encoders_shows_half_of_a_secret(
        secret in "[!-~üßΩ€😀][ -~üßΩ€😀]{4,28}[!-~üßΩ€😀]", start in any::<prop::sample::Index>(), before in "[x-z,]{0,6} ", after in " [x-z,]{0,6}",
    ) {
        let characters: Vec<char> = secret.chars().collect();
        let half = characters.len().div_ceil(2).max(6);
        let start = start.index(characters.len() - half + 1);
        let part: String = characters[start..start + half].iter().collect();
        prop_assume!(part.trim().len() == part.len());
        no_composition_shows(&secret, &part, &before, &after, &[&ENCODERS[..], &LISTS].concat())?;
    }

    #[test]
    fn no_composition_of_two_encoders_shows_a_short_secret(secret in "[!-~üßΩ€]{1,5}") {
        no_composition_shows(&secret, &secret, "bad password: ", " x", &ENCODERS)?;
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_encoder_shows_half_of_a_secret_in_another_case(
        secret in "[a-zA-ZüßﬁΩıİéǆ]{6,28}", start in any::<prop::sample::Index>(), upper in any::<bool>(),
    ) {
        let characters: Vec<char> = secret.chars().collect();
        let half = characters.len().div_ceil(2).max(6);
        let start = start.index(characters.len() - half + 1);
        let part: String = characters[start..start + half].iter().collect();
        let part = if upper { part.to_uppercase() } else { part.to_lowercase() };
        let secrets = secrets(&[&secret]);
        for (name, encode) in ENCODERS.iter().chain(&LISTS) {
            let text = format!("no: {}", encode(&part));
            let shown = secrets.show(&text.as_str().into(), Length::Message);
            prop_assert!(shown.as_line() == WITHHELD, "{}: {:?} in {:?}", name, part, text);
        }
    }

    #[test]
    fn a_text_that_shares_a_short_word_with_a_secret_is_shown(
        secret in "[a-z]{12,20}", start in 0_usize..8, before in "[A-Z]{0,2} ", after in " [0-9]{1,9}",
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
