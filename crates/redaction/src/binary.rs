//! Base64, hexadecimal and lists of numbers, and the text that their bytes stand for.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::foreign::is_blank;

/// Base64 without padding, which may have been cut.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::RequireNone)
        .with_decode_allow_trailing_bits(true),
);
/// What Windows-1252 has from 0x80 on, where Latin-1 has control characters.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The fewest numbers in a row that are bytes.
const FEWEST_NUMBERS: usize = 4;

/// Returns what each run of digits yields that is at least this long, and each list of numbers.
pub(crate) fn runs(text: &str, shortest: usize) -> Vec<Vec<u8>> {
    // Encoders break long lines.
    let joined: String = text.chars().filter(|c| !is_blank(*c)).collect();
    // Only lines are joined here: a word after the digits is not a part of them.
    let lines = if text.contains('\n') { text.replace(['\r', '\n'], "") } else { String::new() };
    let apart = hex_apart(text);
    // Text before the digits may look like a part of them, so each of the ways to group the digits is tried.
    let base64 = (0..4).flat_map(|skipped| base64(&joined, skipped, shortest));
    let hex = (0..2).flat_map(|skipped| hex(&joined, skipped, shortest));
    let whole =
        [text, &lines].into_iter().flat_map(|text| [self::base64(text, 0, shortest), self::hex(text, 0, shortest)]);
    base64.chain(hex).chain(whole.flatten()).chain(self::hex(&apart, 0, shortest)).chain(numbers(text)).collect()
}

/// Decodes the bytes of lists such as `[104 117 110 116]`, `[104, 117, 110, 116]` and `-61, -92, -61, -68`.
fn numbers(text: &str) -> Vec<Vec<u8>> {
    let (mut lists, mut list) = (Vec::new(), Vec::new());
    for word in text.split(|c: char| is_blank(c) || c == ',').filter(|word| !word.is_empty()) {
        for (at, number) in word.split(|c: char| !c.is_ascii_digit() && c != '-').enumerate() {
            let byte = number.parse::<i16>().ok();
            let byte = byte.and_then(|n| u8::try_from(n).or(i8::try_from(n).map(i8::cast_unsigned)).ok());
            // Something else, such as a bracket, is between two lists.
            if at > 0 || (byte.is_none() && !number.is_empty()) {
                lists.push(std::mem::take(&mut list));
            }
            list.extend(byte);
        }
    }
    lists.push(list);
    lists.retain(|list| list.len() >= FEWEST_NUMBERS);
    lists
}

/// The digits of bytes that are apart, as in `70:61`, `70-61` and `0x70, 0x61`.
fn hex_apart(text: &str) -> String {
    let mut digits = String::with_capacity(text.len());
    for piece in text.split(char::REPLACEMENT_CHARACTER) {
        for word in piece.split(|c: char| !c.is_alphanumeric()) {
            let bytes = word.strip_prefix("0x").or_else(|| word.strip_prefix("0X")).unwrap_or(word);
            let is_hex = bytes.len() % 2 == 0 && bytes.bytes().all(|byte| byte.is_ascii_hexdigit());
            digits.push_str(if is_hex { bytes } else { " " });
        }
        digits.push(' ');
    }
    digits
}

/// Decodes the runs of base64 in the text, each after some digits that are skipped.
fn base64(text: &str, skipped: usize, shortest: usize) -> Vec<Vec<u8>> {
    // Two digits have another form in URLs and file names.
    let text = text.replace('-', "+").replace('_', "/");
    let runs = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '+' && c != '/');
    let decode = |digits: &str| {
        let digits = digits.get(skipped..)?;
        // A single digit of a group encodes no byte.
        let whole = digits.len() - usize::from(digits.len() % 4 == 1);
        BASE64.decode(&digits[..whole]).ok()
    };
    runs.filter(|digits| digits.len() >= shortest).filter_map(decode).filter(|bytes| !bytes.is_empty()).collect()
}

/// Decodes the runs of hexadecimal bytes in the text, each after some digits that are skipped.
fn hex(text: &str, skipped: usize, shortest: usize) -> Vec<Vec<u8>> {
    let runs = text.split(|c: char| !c.is_ascii_hexdigit());
    let decode = |digits: &str| {
        let digits = digits.get(skipped..)?.as_bytes();
        digits.chunks_exact(2).map(|pair| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()).collect()
    };
    let runs = runs.filter(|digits| digits.len() >= shortest).filter_map(decode);
    runs.filter(|bytes: &Vec<u8>| !bytes.is_empty()).collect()
}

/// The character of a byte in Windows-1252.
pub(crate) fn windows_1252(byte: u8) -> char {
    *WINDOWS_1252.get(usize::from(byte).wrapping_sub(0x80)).unwrap_or(&byte.into())
}

/// The byte of a character that is not ASCII, in Windows-1252 or Latin-1.
pub(crate) fn byte_of(c: char) -> Option<u8> {
    let latin_1 = u8::try_from(u32::from(c)).ok().filter(|byte| *byte >= 0x80);
    let other = || WINDOWS_1252.iter().zip(0x80..).find(|(known, _)| **known == c).map(|(_, byte)| byte);
    latin_1.or_else(|| other().filter(|_| !c.is_ascii()))
}

/// The text of bytes that are UTF-16, in each order of bytes and from each of the first two on. What is not likely to be
/// text is replaced: almost any two bytes are a Chinese, Japanese or Korean character. Text that was read as Latin-1 has other
/// control characters than ASCII.
pub(crate) fn utf_16(bytes: &[u8]) -> [String; 4] {
    type Unit = fn([u8; 2]) -> u16;
    let units: [(usize, Unit); 4] =
        [(0, u16::from_le_bytes), (0, u16::from_be_bytes), (1, u16::from_le_bytes), (1, u16::from_be_bytes)];
    units.map(|(first, unit)| {
        let units = bytes.get(first..).unwrap_or_default().chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
        let characters = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
        let is_likely =
            |c: &char| !c.is_ascii_control() && !matches!(c, '\u{3000}'..='\u{faff}' | '\u{ff00}'..='\u{ffff}');
        characters.map(|c| if is_likely(&c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
    })
}
