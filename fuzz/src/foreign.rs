//! The functions for texts that may repeat secrets, as the fuzzers call them.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tfplugin::{ForeignText, Length, Secrets};

/// A secret on the first line, and a text.
pub fn foreign_text(input: &[u8]) {
    let Some((secret, text)) = str::from_utf8(input).ok().and_then(|input| input.split_once('\n')) else { return };
    let secrets = Secrets::default();
    secrets.remember(secret);
    let started = Instant::now();
    let shown = secrets.show(&ForeignText::from(text), Length::Message);
    let shown = shown.as_line();
    assert!(started.elapsed() < Duration::from_secs(10), "it is bounded in time");
    assert!(shown.chars().count() <= 501 && !shown.contains(char::is_control));
    let lower = |text: &str| text.to_ascii_lowercase();
    let is_plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain(secret) && secret.len() >= 6 {
        let half = lower(&secret[..secret.len().div_ceil(2).max(6)]);
        let withheld = secrets.show(&ForeignText::from(secret), Length::Message);
        let is_withheld = shown == withheld.as_line();
        assert!(is_withheld || !lower(shown).contains(&half), "half of {secret:?} shows in {shown:?}");
        for spelling in spellings(secret) {
            let shown = secrets.show(&ForeignText::from(format!("no: {spelling}; {text}")), Length::Message);
            assert!(!shown.as_line().contains(&spelling), "{secret:?} shows in {shown:?}");
        }
    }
}

/// The secret in encodings that change all of it, and the compositions of two of them.
fn spellings(secret: &str) -> Vec<String> {
    type Encode = fn(&str) -> String;
    let encoders: [Encode; 5] = [
        |text| STANDARD.encode(text),
        |text| text.bytes().fold(String::new(), |text, byte| text + &format!("%{byte:02X}")),
        |text| text.bytes().fold(String::new(), |text, byte| text + &format!("\\u{byte:04x}")),
        |text| text.bytes().fold(String::new(), |text, byte| text + &format!("&#{byte};")),
        |text| text.bytes().fold(String::new(), |text, byte| text + &format!("{byte:02x}")),
    ];
    let once: Vec<_> = encoders.iter().map(|encode| encode(secret)).collect();
    let twice = once.iter().flat_map(|text| encoders.iter().map(move |encode| encode(text)));
    twice.chain(once.clone()).filter(|spelling| spelling.len() < 400).collect()
}
