//! Ways to decode a text: what servers, browsers and logs make of it. Without I/O. Each way leaves other text as it is.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Base64 without padding, which may have been cut.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes the `%C3%A4` of URLs.
pub(super) fn percent(text: &str) -> String {
    let (mut bytes, mut at) = (Vec::with_capacity(text.len()), 0);
    while let Some(&byte) = text.as_bytes().get(at) {
        let digits = if byte == b'%' { text.get(at + 1..at + 3) } else { None };
        let decoded = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(decoded.unwrap_or(byte));
        at += if decoded.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Decodes the `&quot;`, `&#34;` and `&#x22;` of HTML.
pub(super) fn entities(text: &str) -> String {
    escaped(text, '&', entity)
}

/// Decodes the `\n`, `\"`, `\u00e4` and `\u{e4}` of JSON, JavaScript and Rust.
pub(super) fn backslashes(text: &str) -> String {
    escaped(text, '\\', backslash)
}

/// Decodes the runs of base64 in the text, each after some digits that are skipped. Other text is left out.
pub(super) fn base64(text: &str, skipped: usize) -> String {
    let mut decoded = String::new();
    for run in text.split(|c| !is_base64(c)) {
        // Two digits have another form in URLs and file names.
        let digits = run.get(skipped..).unwrap_or_default().replace('-', "+").replace('_', "/");
        // A single digit of a group encodes no byte.
        let whole = digits.len() - usize::from(digits.len() % 4 == 1);
        if let Some(bytes) = BASE64.decode(&digits[..whole]).ok().filter(|bytes| !bytes.is_empty()) {
            decoded.push_str(&String::from_utf8_lossy(&bytes));
            decoded.push('\n');
        }
    }
    decoded
}

/// Whether this is a digit of base64, in either of its alphabets.
pub(super) fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || "+/-_".contains(c)
}

/// Decodes escapes. `decode` returns the character that an escape stands for, and the text behind it.
fn escaped(text: &str, mark: char, decode: impl Fn(&str) -> Option<(char, &str)>) -> String {
    let (mut decoded, mut rest) = (String::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once(mark) {
        decoded.push_str(before);
        let (c, after) = decode(after).unwrap_or((mark, after));
        decoded.push(c);
        rest = after;
    }
    decoded + rest
}

fn entity(text: &str) -> Option<(char, &str)> {
    let end = text.bytes().take(12).position(|byte| byte == b';')?;
    let c = match &text[..end] {
        "amp" => '&',
        "apos" => '\'',
        "gt" => '>',
        "lt" => '<',
        "quot" => '"',
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)?
        }
    };
    Some((c, &text[end + 1..]))
}

fn backslash(text: &str) -> Option<(char, &str)> {
    let mut chars = text.chars();
    let c = match chars.next()? {
        'u' => return unicode(chars.as_str()),
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        '0' => '\0',
        c => c,
    };
    Some((c, chars.as_str()))
}

fn unicode(text: &str) -> Option<(char, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        let end = braced.bytes().take(7).position(|byte| byte == b'}')?;
        let code = u32::from_str_radix(&braced[..end], 16).ok()?;
        return Some((char::from_u32(code)?, &braced[end + 1..]));
    }
    let unit = |text: &str| u16::from_str_radix(text.get(..4)?, 16).ok();
    let (first, after) = (unit(text)?, &text[4..]);
    let second = after.strip_prefix("\\u").and_then(|text| Some((unit(text)?, &text[4..])));
    let decoded = |units: &[u16]| char::decode_utf16(units.iter().copied()).next()?.ok();
    decoded(&[first])
        .map(|c| (c, after))
        .or_else(|| second.and_then(|(second, after)| Some((decoded(&[first, second])?, after))))
}
