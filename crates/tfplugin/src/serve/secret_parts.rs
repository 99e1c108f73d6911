//! The parts of a text that are secrets by its form: the token of an `Authorization` header, a password in a URL.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};
use secrecy::zeroize::Zeroizing;

use super::secret_names::Standing;

/// The schemes of `Authorization` headers.
const SCHEMES: [&str; 4] = ["basic", "bearer", "token", "apikey"];
/// Fewer characters are no random text.
const LEAST_RANDOM: usize = 8;

/// The token of the value of an `Authorization` header, and the password in it. Empty if the text is none.
pub(super) fn in_header(text: &str) -> Vec<Zeroizing<String>> {
    let mut parts = Vec::new();
    if let Some((scheme, token)) = text.trim().split_once(char::is_whitespace)
        && SCHEMES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
        && let token = token.trim_start()
        && !token.contains(char::is_whitespace)
        && Standing::Likely.counts(token)
    {
        parts.push(token.to_owned().into());
        let plain = STANDARD.decode(token).or_else(|_| STANDARD_NO_PAD.decode(token)).map(Zeroizing::new);
        if scheme.eq_ignore_ascii_case("basic")
            && let Ok(plain) = plain
            && let Some((_, password)) = String::from_utf8_lossy(&plain).split_once(':')
        {
            parts.push(password.to_owned().into());
        }
    }
    parts
}

/// The password of a URL, as it is and percent-decoded.
pub(super) fn in_user_info(text: &str) -> Vec<Zeroizing<String>> {
    // A user name without a password is a token.
    let password = user_info(text.trim()).map(|user_info| user_info.split_once(':').map_or(user_info, |(_, it)| it));
    password.map_or_else(Vec::new, |password| vec![percent_decoded(password), password.to_owned().into()])
}

/// The segments of the path of a URL, and the values of its query and fragment, with what their names say of them. `None` if
/// the text is not a URL.
pub(super) fn in_url(text: &str) -> Option<Vec<(Zeroizing<String>, Standing)>> {
    let (_, rest) = after_scheme(text.trim(), "://")?;
    let parts = rest.split(['/', '?', '#', '&', ';']).skip(1).map(|part| {
        let (name, value) = part.split_once('=').unwrap_or(("", part));
        (percent_decoded(value), Standing::of(name))
    });
    Some(parts.collect())
}

/// Whether a text looks like one that a machine made: letters and digits mixed, or capitals inside of words.
pub(super) fn is_random(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let has_letter = |text: &str| text.contains(char::is_alphabetic);
    let is_mixed = |word: &str| {
        word.chars().count() >= LEAST_RANDOM && has_letter(word) && word.contains(|c: char| c.is_ascii_digit())
    };
    let characters = text.chars().zip(text.chars().skip(1));
    let capitals = characters.filter(|(one, next)| one.is_lowercase() && next.is_uppercase()).count();
    text.chars().count() >= LEAST_RANDOM
        && (digits >= LEAST_RANDOM
            || (digits >= 3 && has_letter(text))
            || text.split(|c: char| !c.is_alphanumeric()).any(is_mixed)
            || capitals >= 3)
}

fn user_info(text: &str) -> Option<&str> {
    let (_, rest) = after_scheme(text, "://").or_else(|| {
        after_scheme(text, ":").filter(|(scheme, _)| ["sip", "sips"].iter().any(|sip| scheme.eq_ignore_ascii_case(sip)))
    })?;
    let authority = rest.split(['/', '?', '#']).next()?;
    authority.rsplit_once('@').map(|(user_info, _)| user_info)
}

fn after_scheme<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let (scheme, rest) = text.split_once(separator)?;
    let is_scheme =
        !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    (is_scheme && !rest.contains(char::is_whitespace)).then_some((scheme, rest))
}

fn percent_decoded(text: &str) -> Zeroizing<String> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text.as_bytes();
    while let Some((&first, others)) = rest.split_first() {
        let digits = others.get(..2).filter(|_| first == b'%').and_then(|digits| str::from_utf8(digits).ok());
        if let Some(byte) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            bytes.push(byte);
            rest = &others[2..];
        } else {
            bytes.push(first);
            rest = others;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned().into()
}
