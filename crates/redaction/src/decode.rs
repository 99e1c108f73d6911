//! Ways to decode a text: the encodings of servers, databases, browsers and logs. Each way leaves other text as it is.

use std::collections::HashMap;
use std::sync::LazyLock;

use html_escape::NAMED_ENTITIES;
use unicode_normalization::UnicodeNormalization;

use crate::binary::{byte_of, windows_1252};

/// Decodes the `%C3%A4` of URLs, and the `%u00e4` of JavaScript.
pub(crate) fn percent(text: &str, bytes: Bytes) -> String {
    unescaped(text, b'%', bytes, |rest| match rest.strip_prefix(['u', 'U']).and_then(|rest| code(rest, 16, 4, 4)) {
        Some((code, after)) => utf16_unit(code, after, &["%u", "%U"]),
        None => byte(rest),
    })
}

/// Decodes the `+` of forms, and percent signs at the same time.
pub(crate) fn form(text: &str) -> String {
    if text.contains('+') { percent(&text.replace('+', " "), Bytes::Utf8) } else { String::new() }
}

/// Decodes the `&quot;`, `&#34;` and `&#x22;` of HTML.
pub(crate) fn entities(text: &str) -> String {
    unescaped(text, b'&', Bytes::Utf8, |rest| {
        let Some(number) = rest.strip_prefix('#') else {
            let (name, after) = rest.split_at(rest.bytes().position(|byte| !byte.is_ascii_alphanumeric())?);
            let after = after.strip_prefix(';').filter(|_| !name.is_empty())?;
            return Some((Decoded::Characters(named(name)?), after));
        };
        let (code, after) = match number.strip_prefix(['x', 'X']) {
            Some(digits) => code(digits, 16, 1, 8)?,
            None => code(number, 10, 1, 9)?,
        };
        Some((Decoded::Character(char::from_u32(code)?), after.strip_prefix(';').unwrap_or(after)))
    })
}

/// What a name of HTML stands for. The name may be in another case, since a comparison ignores the case of letters.
fn named(name: &str) -> Option<&'static str> {
    static IN_LOWER_CASE: LazyLock<HashMap<Vec<u8>, &'static str>> =
        LazyLock::new(|| NAMED_ENTITIES.iter().map(|(name, text)| (name.to_ascii_lowercase(), *text)).collect());
    match NAMED_ENTITIES.binary_search_by_key(&name.as_bytes(), |(known, _)| known) {
        Ok(at) => Some(NAMED_ENTITIES[at].1),
        Err(_) => IN_LOWER_CASE.get(&name.as_bytes().to_ascii_lowercase()).copied(),
    }
}

/// Decodes the `\n`, `\"`, `\u00e4`, `\u{e4}`, `\xc3\xa4` and `\303\244` of JSON, programs and databases.
pub(crate) fn backslashes(text: &str, bytes: Bytes) -> String {
    unescaped(text, b'\\', bytes, |rest| {
        if let Some((byte, after)) = code(rest, 8, 1, 3).filter(|(byte, _)| *byte <= 0xFF) {
            return Some((Decoded::Byte(byte), after));
        }
        let mut characters = rest.chars();
        let c = characters.next()?;
        let after = characters.as_str();
        match c {
            'x' | 'X' => byte(after),
            'u' | 'U' => unicode(after),
            _ => None,
        }
        .or_else(|| {
            let c = match c {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                c => c,
            };
            Some((Decoded::Character(c), after))
        })
    })
}

/// Decodes the doubled quotes of SQL. Each kind of quote is decoded separately, because a secret may have two quotes of
/// another kind in a row.
pub(crate) fn doubled_quotes(text: &str) -> String {
    text.replace("''", "'")
}

/// Decodes the doubled quotes of CSV.
pub(crate) fn doubled_double_quotes(text: &str) -> String {
    text.replace("\"\"", "\"")
}

/// Decodes doubled backticks.
pub(crate) fn doubled_backticks(text: &str) -> String {
    text.replace("``", "`")
}

/// Decodes the `=C3=A4` of mail, and its lines that continue.
pub(crate) fn quoted_printable(text: &str) -> String {
    unescaped(text, b'=', Bytes::Utf8, |rest| {
        let continued = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n'));
        continued.map(|after| (Decoded::Characters(""), after)).or_else(|| byte(rest))
    })
}

/// Decodes `#C3#A4`, but leaves the numbers of HTML.
pub(crate) fn number_signs(text: &str) -> String {
    let pieces = text.split("&#").map(|piece| unescaped(piece, b'#', Bytes::Utf8, byte));
    pieces.collect::<Vec<_>>().join("&#")
}

/// Decodes the `<C3><A4>` and `<U+00E4>` of pagers and editors.
pub(crate) fn angle_brackets(text: &str) -> String {
    unescaped(text, b'<', Bytes::Utf8, |rest| {
        let (decoded, after) = match rest.strip_prefix("U+") {
            Some(rest) => {
                let (code, after) = code(rest, 16, 4, 6)?;
                (Decoded::Character(char::from_u32(code)?), after)
            }
            None => byte(rest)?,
        };
        Some((decoded, after.strip_prefix('>')?))
    })
}

/// Decodes the `Ã¤` of UTF-8 that was read as Windows-1252 or Latin-1.
pub(crate) fn mojibake(text: &str) -> String {
    if text.is_ascii() {
        return String::new();
    }
    let (mut decoded, mut run) = (String::with_capacity(text.len()), Vec::new());
    for c in text.nfc() {
        if let Some(byte) = byte_of(c) {
            run.push(byte);
        } else {
            push_utf_8(&run, &mut decoded);
            run.clear();
            decoded.push(c);
        }
    }
    push_utf_8(&run, &mut decoded);
    decoded
}

/// Adds the text of these bytes. Those that are not UTF-8 are read as Windows-1252.
fn push_utf_8(bytes: &[u8], to: &mut String) {
    for chunk in bytes.utf8_chunks() {
        to.push_str(chunk.valid());
        to.extend(chunk.invalid().iter().map(|byte| windows_1252(*byte)));
    }
}

/// What escaped bytes are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bytes {
    /// UTF-8, and Windows-1252 where they cannot be.
    Utf8,
    Windows1252,
}

/// What an escape stands for.
enum Decoded {
    Byte(u32),
    Character(char),
    Characters(&'static str),
}

/// Decodes escapes. `decode` returns what an escape stands for, and the text behind it.
fn unescaped(text: &str, mark: u8, kind: Bytes, decode: impl Fn(&str) -> Option<(Decoded, &str)>) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some((before, after)) = rest.split_once(char::from(mark)) {
        bytes.extend_from_slice(before.as_bytes());
        let (decoded, after) = decode(after).unwrap_or((Decoded::Byte(mark.into()), after));
        rest = after;
        match decoded {
            Decoded::Byte(byte) => {
                let byte = u8::try_from(byte).unwrap_or_default();
                match kind {
                    Bytes::Utf8 => bytes.push(byte),
                    Bytes::Windows1252 => push(windows_1252(byte), &mut bytes),
                }
            }
            Decoded::Character(c) => push(c, &mut bytes),
            Decoded::Characters(characters) => bytes.extend_from_slice(characters.as_bytes()),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    let mut decoded = String::with_capacity(bytes.len());
    push_utf_8(&bytes, &mut decoded);
    decoded
}

fn push(c: char, bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

/// Reads a number of at least and at most the given numbers of digits, and returns the text behind it.
fn code(text: &str, radix: u32, fewest: usize, most: usize) -> Option<(u32, &str)> {
    let digits = text.bytes().take(most).take_while(|byte| char::from(*byte).is_digit(radix)).count();
    if digits < fewest {
        return None;
    }
    let (digits, after) = text.split_at(digits);
    Some((u32::from_str_radix(digits, radix).ok()?, after))
}

/// Reads a byte of two hexadecimal digits.
fn byte(text: &str) -> Option<(Decoded, &str)> {
    code(text, 16, 2, 2).map(|(byte, after)| (Decoded::Byte(byte), after))
}

/// Reads what follows `\u`: `{e4}`, eight digits, or four, which may be half of a pair.
fn unicode(text: &str) -> Option<(Decoded, &str)> {
    if let Some(braced) = text.strip_prefix('{') {
        let (code, after) = code(braced, 16, 1, 8)?;
        return Some((Decoded::Character(char::from_u32(code)?), after.strip_prefix('}')?));
    }
    if let Some((code, after)) = code(text, 16, 8, 8)
        && let Some(c) = char::from_u32(code)
    {
        return Some((Decoded::Character(c), after));
    }
    let (code, after) = code(text, 16, 4, 4)?;
    utf16_unit(code, after, &["\\u", "\\U"])
}

/// The character of a unit of UTF-16, with the second unit behind one of the marks if it needs one.
fn utf16_unit<'a>(first: u32, after: &'a str, marks: &[&str]) -> Option<(Decoded, &'a str)> {
    if let Some(c) = char::from_u32(first) {
        return Some((Decoded::Character(c), after));
    }
    let rest = marks.iter().find_map(|mark| after.strip_prefix(mark))?;
    let (second, rest) = code(rest, 16, 4, 4)?;
    let units = [u16::try_from(first).ok()?, u16::try_from(second).ok()?];
    let c = char::decode_utf16(units).next()?.ok()?;
    Some((Decoded::Character(c), rest))
}
