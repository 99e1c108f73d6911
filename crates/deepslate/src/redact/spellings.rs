//! The spellings in which a server may repeat a text: as it is, escaped as in JSON, JavaScript or Rust, percent-encoded
//! as in a URL, or as an entity of HTML.

/// Where the secret ends that begins at `start`, in whatever spelling.
pub(super) fn end_of(secret: &str, text: &[u8], start: usize) -> Option<usize> {
    // Most places in a text begin nothing, and are to be done with quickly.
    let (first, begins) = (secret.as_bytes().first()?, text.get(start)?);
    if begins != first && !b"%+&\\".contains(begins) {
        return None;
    }
    // Several ends are possible meanwhile: the text `\\` is two backslashes of a secret, or one that was escaped.
    let mut ends = vec![start];
    for c in secret.chars() {
        ends = ends.iter().flat_map(|&at| spellings(c, &text[at..]).map(move |length| at + length)).collect();
        ends.sort_unstable();
        ends.dedup();
        if ends.is_empty() {
            return None;
        }
    }
    ends.into_iter().max().filter(|&end| end > start)
}

/// The length of each spelling of `c` with which `text` begins.
///
/// JSON within JSON doubles the backslashes, so that any number of them may stand before what is escaped.
fn spellings(c: char, text: &[u8]) -> impl Iterator<Item = usize> {
    let (mut utf8, mut utf16) = ([0; 4], [0; 2]);
    let (utf8, utf16) = (c.encode_utf8(&mut utf8).as_bytes(), c.encode_utf16(&mut utf16));
    let literal = text.starts_with(utf8).then_some(utf8.len());
    let percent = numbers(text, |text| text.strip_prefix(b"%"), 2, utf8.iter().map(|&byte| u32::from(byte)));
    let unicode = numbers(text, |text| strip_escape(text, b"u"), 4, utf16.iter().map(|&unit| u32::from(unit)));
    let short: &[u8] = match c {
        '"' => b"\"",
        '/' => b"/",
        '\u{8}' => b"b",
        '\u{c}' => b"f",
        '\n' => b"n",
        '\r' => b"r",
        '\t' => b"t",
        '\0' => b"0",
        '\'' => b"'",
        _ => b"",
    };
    let short = strip_escape(text, short).filter(|_| !short.is_empty()).map(|rest| text.len() - rest.len());
    let plus = (c == ' ' && text.starts_with(b"+")).then_some(1);
    let escaped_backslashes = (2..=backslashes(text)).filter(move |_| c == '\\');
    [literal, percent, unicode, braced(c, text), short, entity(c, text), plus]
        .into_iter()
        .flatten()
        .chain(escaped_backslashes)
}

/// The length of `c` as `\u{e4}`.
fn braced(c: char, text: &[u8]) -> Option<usize> {
    let rest = strip_escape(text, b"u{")?;
    let digits = rest.iter().take(7).position(|&byte| byte == b'}')?;
    let code = u32::from_str_radix(str::from_utf8(&rest[..digits]).ok()?, 16).ok()?;
    (code == u32::from(c)).then_some(text.len() - rest.len() + digits + 1)
}

/// The length of `c` as an entity of HTML: `&quot;`, `&#34;` or `&#x22;`.
fn entity(c: char, text: &[u8]) -> Option<usize> {
    let end = text.iter().take(12).position(|&byte| byte == b';')?;
    let entity = str::from_utf8(text[..end].strip_prefix(b"&")?).ok()?;
    let code = match entity.strip_prefix('#') {
        None => u32::from(match entity {
            "amp" => '&',
            "apos" => '\'',
            "gt" => '>',
            "lt" => '<',
            "quot" => '"',
            _ => return None,
        }),
        Some(number) => match number.strip_prefix(['x', 'X']) {
            Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok()?,
            None => number.parse().ok()?,
        },
    };
    (code == u32::from(c)).then_some(end + 1)
}

/// How many backslashes the text begins with; more than 64 are not looked at.
fn backslashes(text: &[u8]) -> usize {
    text.iter().take(64).take_while(|&&byte| byte == b'\\').count()
}

/// The text after at least one backslash and what it escapes.
fn strip_escape<'a>(text: &'a [u8], escaped: &[u8]) -> Option<&'a [u8]> {
    let count = backslashes(text);
    text[count..].strip_prefix(escaped).filter(|_| count > 0)
}

/// The length of the hexadecimal numbers, each after a prefix, with which the text begins.
fn numbers(
    text: &[u8],
    strip_prefix: impl Fn(&[u8]) -> Option<&[u8]>,
    digits: usize,
    numbers: impl Iterator<Item = u32>,
) -> Option<usize> {
    let mut rest = text;
    for number in numbers {
        let (hexadecimal, after) = strip_prefix(rest)?.split_at_checked(digits)?;
        if u32::from_str_radix(str::from_utf8(hexadecimal).ok()?, 16).ok()? != number {
            return None;
        }
        rest = after;
    }
    Some(text.len() - rest.len())
}
