//! What is promised of texts that repeat secrets.

mod altered;
mod compositions;

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::{ForeignText, Length, Secrets};

const WITHHELD: &str = "(not shown, because it contains a secret)";
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

fn each_byte(bytes: &[u8], encode: impl Fn(u8) -> String) -> String {
    bytes.iter().map(|byte| encode(*byte)).collect()
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
        "26:22:c3:a4:3c:27:7f",
        "26-22-C3-A4-3C-27-7F",
        "{ 0x26, 0x22, 0xC3, 0xa4, 0X3c, 0x27, 0x7f }",
        "0x2622 0xc3a4 0x3c27 0x7f",
        "2622:c3a4:3c27:7f",
        "&AMP;&QUOT;&Auml;&LT;&apos;\u{7f}",
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
    // The words around the lines are digits of Base64 too.
    is_withheld("zxxx YzM6OWY6\r\nMjA6NDE6\r\nNjE6MjA6\r\nNDE= xz", "ß Aa A");
    assert_eq!(shown("Basic dTphYmQ=", &["abc", ODD]), "Basic dTphYmQ=");
}

#[test]
fn withholds_base64_of_any_depth() {
    for secret in ["Grüß-Gott-123", "hunter2", "deepslate-key-8d1f63b2"] {
        let mut text = secret.to_owned();
        for depth in 1..8 {
            text = if depth == 4 { format!("Basic {}", STANDARD.encode(text)) } else { STANDARD.encode(text) };
            is_withheld(&text, secret);
            is_withheld(&each_byte(text.as_bytes(), |byte| format!("{byte:02x}")), secret);
        }
    }
}

#[test]
fn withholds_bytes_that_are_not_utf_8() {
    // Windows-1252 has other characters than Latin-1 for `€` and `Š`.
    let secret = "Grüße für 5 €, Šárka";
    let encoded = b"Gr\xfc\xdfe f\xfcr 5 \x80, \x8a\xe1rka";
    let json = [b"{\"password\":\"", &encoded[..], b"\"}\xff\0"].concat();
    for encoded in [&encoded[..], &encoded[..12], &json] {
        is_withheld(&STANDARD.encode(encoded), secret);
        is_withheld(&each_byte(encoded, |byte| format!("{byte:02X}")), secret);
        is_withheld(&each_byte(encoded, |byte| format!("%{byte:02X}")), secret);
    }
    // These bytes are also UTF-8 of something else.
    for spelling in ["%DF%80%DF%80", r"\xDF\x80\xDF\x80", r"\337\200\337\200", "34DfgA==", "df80df80"] {
        is_withheld(spelling, "ß€ß€");
    }
    for secret in ["пароль-от-сервера", "κωδικός σύνδεσης", "Grüß-Gott-123 😀"] {
        let units: Vec<_> = format!("user: {secret}").encode_utf16().collect();
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let encoded: Vec<_> = units.iter().copied().flat_map(bytes).collect();
            is_withheld(&STANDARD.encode(&encoded), secret);
            is_withheld(&STANDARD.encode(&encoded[..34]), secret);
        }
    }
}

#[test]
fn withholds_a_secret_in_any_case() {
    for (secret, spellings) in [
        ("Straße zum Glück", &["STRASSE ZUM GLÜCK", "strasse zu", "STRAẞE ZUM"][..]),
        ("STRASSE ZUM GLÜCK", &["straße zum", "Straẞe zum"]),
        ("ßßßßßßabcdef", &["abcdef", "SSSSSSSSSSSS"]),
        ("ıstanbul-İzmir", &["ISTANBUL-IZMIR", "istanbul-izmir", "i\u{307}stanbul"]),
        ("κωδικός-λόγος", &["ΚΩΔΙΚΌΣ-ΛΌΓΟΣ", "κωδικόσ"]),
        ("office-ﬁnance", &["OFFICE-FINANCE", "oﬃce-", "office-finance"]),
        ("Maß", &["MASS", "maß", "mass"]),
        ("ΐΐΐΐΐΐ", &["\u{3aa}\u{301}\u{3aa}\u{301}\u{3aa}\u{301}\u{3aa}\u{301}\u{3aa}\u{301}\u{3aa}\u{301}"]),
    ] {
        for spelling in spellings {
            is_withheld(spelling, secret);
        }
    }
}

#[test]
fn a_secret_between_control_characters_is_withheld() {
    for (secret, text) in [
        ("abc", "x\u{7}abc\u{7}y"),
        ("abc", "x\u{200b}abc\u{202e}y"),
        ("abc", "xa\u{7}bc"),
        ("abc", r"x\u0007abc\u0007y"),
        ("abcde fghij", "abcde\u{7}fghij"),
        ("hunter2", "hun\u{ad}ter2"),
    ] {
        let is_shown = text.starts_with("xa\u{7}");
        assert_eq!(shown(text, &[secret]) == WITHHELD, !is_shown, "{secret} in {text:?}");
    }
}

#[test]
fn a_text_with_too_many_forms_is_said_to_be_unchecked() {
    let text = format!("%{}&{}{}{}", "25".repeat(6), "amp;".repeat(6), "\\".repeat(64), "'".repeat(64));
    assert_eq!(shown(&text, &["hunter2"]), "(not shown, because it could not be checked for secrets)");
    let name = secrets(&[]).show(&text.as_str().into(), Length::Name);
    assert_eq!(name.quoted(), "a value that could not be checked for secrets");
}

#[test]
fn a_value_that_has_half_of_a_secret_repeats_it() {
    let all = secrets(&["Hunter22-Horse", "1000", "a-long-secret-of-30-characters"]);
    for value in
        ["Hunter22-Horse", " hunter22-horse\n", "hunter22", "not hunter22", "x\u{7}22-HORSE", "g-secret-of-30-ch"]
    {
        assert!(all.are_repeated_in(value, "", 0), "{value}");
    }
    for value in ["", "hunter", "horse", "1000", "a-long-secret", "someone else"] {
        assert!(!all.are_repeated_in(value, "", 0), "{value}");
    }
    // Of a value that is known to be none, a part is none.
    for (value, known, repeats) in [
        ("hunter22-horse2", "Hunter22-Horse", false),
        ("HUNTER22", "Hunter22-Horse", false),
        ("hunter22-horse", "hunter22", true),
        ("hunter22-b", "hunter22-a", false),
        ("hunter22-ho", "hunter22-h", true),
        ("hunter22 a-long-secret-of-30", "hunter22", true),
    ] {
        assert_eq!(all.are_repeated_in(value, known, 0), repeats, "{value} after {known}");
    }
    for (value, repeats) in [("hunter22-horse", false), ("a-long-secret-of-3", true), ("my a-long-secret-o", false)] {
        assert_eq!(all.are_repeated_in(value, "", 16), repeats, "{value}");
    }
}

/// How long a processor has worked for this thread. Other load on the machine does not change it.
#[cfg(unix)]
fn processor_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::try_from(time).expect("it is positive")
}

#[cfg(not(unix))]
fn processor_time() -> Duration {
    static START: std::sync::LazyLock<std::time::Instant> = std::sync::LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

/// Ten thousand secrets that look random.
fn many_secrets() -> (Vec<String>, Secrets) {
    let all: Vec<_> = (1..=10_000).map(|n: u64| format!("{:x}-{n}", n.wrapping_mul(0x9E37_79B9_7F4A_7C15))).collect();
    let many = secrets(&all.iter().map(String::as_str).collect::<Vec<_>>());
    (all, many)
}

#[test]
fn a_value_is_compared_with_many_secrets_in_no_time() {
    let (all, many) = many_secrets();
    let started = processor_time();
    let values = (0..2_000).map(|n: u64| format!("{:016x}", n.wrapping_mul(0xC2B2_AE3D_27D4_EB4F)));
    assert!(values.filter(|value| many.are_repeated_in(value, "", 0)).count() < 20);
    let taken = processor_time().saturating_sub(started);
    assert!(taken < Duration::from_secs(4), "{taken:?}");
    assert!(all.iter().step_by(99).all(|secret| many.are_repeated_in(secret, "", 0)));
}

#[test]
fn a_message_is_finished_with_many_secrets_in_no_time() {
    let (all, many) = many_secrets();
    let message = "GET https://api.example.com/api/v1/vendors/1b4e28ba-2fa1-4d3b-883f-0016d3cca427 returned 503. Tried 12 \
                   times in 31.4 s, see 3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b";
    let started = processor_time();
    for _ in 0..200 {
        assert_eq!(many.finish(message), message);
    }
    let taken = processor_time().saturating_sub(started);
    assert!(taken < Duration::from_secs(4), "{taken:?}");
    for secret in all.iter().step_by(99) {
        let other_separator = secret.replace('-', ".");
        for spelling in [secret, &other_separator] {
            assert_eq!(many.finish(&format!("got {spelling}, no")), "got a sensitive value no", "{spelling}");
        }
    }
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
        let (started, text) = (processor_time(), ForeignText::from(text));
        let shown = many.show(&text, Length::Message);
        assert!(shown.as_line().chars().count() <= 501);
        let taken = processor_time().saturating_sub(started);
        assert!(taken < Duration::from_secs(4), "{taken:?} for {:.20}", text.raw());
    }
    assert_eq!(many.show(&"no: secret-9999-".into(), Length::Message).as_line(), WITHHELD);
}
