//! JSON as it comes: lenient in form, strict in meaning. Uses no other module.
//!
//! A value is parsed only if it is read, so an odd value elsewhere never makes an answer unreadable.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde_json::Value;
use serde_json::value::RawValue;
use unicode_normalization::{UnicodeNormalization, is_nfc};

/// The members of an object, not parsed yet.
pub type Members = BTreeMap<String, Box<RawValue>>;

/// The most digits of a number that fits into 64 bits.
const MOST_DIGITS: i64 = 19;

/// Returns the bytes as text that a JSON parser can read: U+FFFD replaces broken UTF-8 and lone surrogates.
pub(crate) fn readable(body: &[u8]) -> Cow<'_, str> {
    let text = String::from_utf8_lossy(body);
    match without_lone_surrogates(&text) {
        Some(repaired) => Cow::Owned(repaired),
        None => text,
    }
}

/// The members of an object, or `None` if the value is not an object.
pub(crate) fn members(json: &str) -> Option<Members> {
    serde_json::from_str(json).ok()
}

/// The elements of a list, or `None` if the value is not a list.
pub(crate) fn elements(value: &RawValue) -> Option<Vec<&RawValue>> {
    serde_json::from_str(value.get()).ok()
}

/// Whether the value is null.
pub(crate) fn is_null(value: &RawValue) -> bool {
    value.get() == "null"
}

/// A text in Unicode's composed form (NFC).
pub(crate) fn text(value: &RawValue) -> Option<String> {
    let text: String = serde_json::from_str(value.get()).ok()?;
    Some(if is_nfc(&text) { text } else { text.nfc().collect() })
}

/// A value with all its parts.
pub(crate) fn value(value: &RawValue) -> Option<Value> {
    serde_json::from_str(value.get()).ok()
}

/// True or false, which may be written as a text.
pub(crate) fn boolean(value: &RawValue) -> Option<bool> {
    let is = |word: &str| value.get().trim_matches('"').eq_ignore_ascii_case(word);
    if is("true") { Some(true) } else { is("false").then_some(false) }
}

/// A whole number, however it is written: `5060`, `5060.0`, `5.06e3`, `"5060"`.
pub(crate) fn whole(value: &RawValue) -> Option<i64> {
    let text = match value.get() {
        quoted if quoted.starts_with('"') => Cow::Owned(text(value)?),
        number => Cow::Borrowed(number),
    };
    let text = text.trim();
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = text.split_once(['e', 'E']).map_or((text, Some(0)), |(mantissa, exponent)| {
        (mantissa, exponent.parse::<i32>().ok().filter(|_| !exponent.contains(char::is_whitespace)))
    });
    let (integer, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if integer.is_empty() || !integer.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = format!("{integer}{fraction}");
    let significant = digits.trim_end_matches('0');
    if significant.trim_start_matches('0').is_empty() {
        return Some(0);
    }
    // The number is `significant` followed by this many zeros.
    let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = i64::from(exponent?) - i64::try_from(fraction.len()).ok()? + dropped;
    let significant = significant.trim_start_matches('0');
    if zeros < 0 || i64::try_from(significant.len()).ok()? + zeros > MOST_DIGITS {
        return None;
    }
    let sign = if negative { "-" } else { "" };
    format!("{sign}{significant}{}", "0".repeat(usize::try_from(zeros).ok()?)).parse().ok()
}

/// Returns what a value is, in a message. The value itself is not shown, because it may be a secret.
pub(crate) fn noun(value: &RawValue) -> &'static str {
    match value.get().as_bytes().first() {
        Some(b'"') => "a string",
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "another number",
    }
}

/// Replaces each escape of half a surrogate pair. `None` if there is none.
fn without_lone_surrogates(text: &str) -> Option<String> {
    let code = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let (mut repaired, mut copied, mut at) = (String::new(), 0, 0);
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        match (code(at), code(at + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 12,
            (Some(0xD800..=0xDFFF), _) => {
                repaired.push_str(&text[copied..at]);
                repaired.push_str("\\ufffd");
                at += 6;
                copied = at;
            }
            // Whatever is escaped, it is one character, and it may be a backslash.
            _ => at += 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
        }
    }
    (copied > 0).then(|| repaired + &text[copied..])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn raw(json: &str) -> Box<RawValue> {
        RawValue::from_string(json.to_owned()).expect(json)
    }

    #[test]
    fn a_whole_number_is_read_however_it_is_written() {
        for (json, expected) in [
            ("5060", Some(5060)),
            ("5060.0", Some(5060)),
            ("5060.000", Some(5060)),
            ("\"5060\"", Some(5060)),
            ("\" 5060.0 \"", Some(5060)),
            ("\"+5060\"", Some(5060)),
            ("5.06e3", Some(5060)),
            ("50600E-1", Some(5060)),
            ("0.000506e+7", Some(5060)),
            ("-1.0", Some(-1)),
            ("0", Some(0)),
            ("-0.0", Some(0)),
            ("0e999999999999", Some(0)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("1e999", None),
            ("1e99999999999", None),
            ("1e-999", None),
            ("5060.5", None),
            ("506e-1", None),
            ("\"\"", None),
            ("\"5060x\"", None),
            ("\"0x13\"", None),
            ("\"1e 3\"", None),
            ("\".5\"", None),
            ("true", None),
            ("null", None),
            ("[5060]", None),
            ("{}", None),
        ] {
            assert_eq!(whole(&raw(json)), expected, "{json}");
        }
    }

    #[test]
    fn texts_are_composed_and_broken_ones_are_repaired() {
        assert_eq!(text(&raw("\"ju\u{308}rgen\"")).as_deref(), Some("jürgen"));
        assert_eq!(text(&raw(r#""ju\u0308rgen""#)).as_deref(), Some("jürgen"));
        assert_eq!(text(&raw("7")), None);
        for (json, expected) in [
            (r#""\ud800""#, "\u{fffd}"),
            (r#""a\udc00\ud83d\ude00b""#, "a\u{fffd}😀b"),
            (r#""\ud800\ud83d\ude00""#, "\u{fffd}😀"),
            (r#""\\ud800""#, r"\ud800"),
            (r#""\\\ud800é""#, "\\\u{fffd}é"),
        ] {
            assert_eq!(text(&raw(&readable(json.as_bytes()))).as_deref(), Some(expected), "{json}");
        }
        assert_eq!(readable(b"\"\xff\""), "\"\u{fffd}\"");
    }

    #[test]
    fn booleans_may_be_texts() {
        let read = ["true", "\"true\"", "false", "\"false\"", "\"yes\"", "1", "null"].map(|json| boolean(&raw(json)));
        assert_eq!(read, [Some(true), Some(true), Some(false), Some(false), None, None, None]);
    }

    #[test]
    fn a_value_that_nobody_reads_is_not_parsed() {
        let odd = readable(br#"{"a":1e999,"b":"\ud800","c":[{"d":1e999}],"e":5}"#).into_owned();
        assert_eq!(whole(&members(&odd).expect("an object")["e"]), Some(5));
    }

    proptest! {
        #[test]
        fn every_spelling_of_a_whole_number_is_that_number(
            number in any::<i64>(), zeros in 0_usize..5, shift in 0_usize..6, quoted in any::<bool>(),
        ) {
            let digits = number.unsigned_abs().to_string();
            let shift = shift.min(digits.len() - 1);
            let (integer, fraction) = digits.split_at(digits.len() - shift);
            let sign = if number < 0 { "-" } else { "" };
            let plain = format!("{sign}{integer}.{fraction}{}e{shift}", "0".repeat(zeros + 1));
            let json = if quoted { format!("\"{plain}\"") } else { plain };
            prop_assert_eq!(whole(&raw(&json)), Some(number), "{}", json);
        }

        #[test]
        fn a_number_with_a_fraction_is_not_whole(integer in any::<u32>(), fraction in 1_u32..1000) {
            let json = format!("{integer}.{fraction:03}");
            prop_assert_eq!(whole(&raw(&json)), None);
        }

        #[test]
        fn any_input_becomes_readable_text(body in proptest::collection::vec(any::<u8>(), 0..100)) {
            let _ = members(&readable(&body));
        }

        #[test]
        fn any_text_comes_back_composed(characters in any::<String>()) {
            let json = serde_json::to_string(&characters).expect("JSON");
            let composed: String = characters.nfc().collect();
            prop_assert_eq!(text(&raw(&readable(json.as_bytes()))), Some(composed));
        }

        #[test]
        fn broken_surrogates_never_make_an_answer_unreadable(codes in proptest::collection::vec(0xD7F0_u32..0xE010, 0..12)) {
            let escapes: Vec<_> = codes.iter().map(|code| format!("\\u{code:04x}")).collect();
            let json = format!("\"{}\"", escapes.concat());
            prop_assert!(text(&raw(&readable(json.as_bytes()))).is_some());
        }
    }
}
