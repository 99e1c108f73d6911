//! Canonical forms: two texts mean the same if their canonical forms are equal. Uses no other module.

use std::net::{IpAddr, Ipv6Addr};

/// What people write between the digits of a phone number.
pub const SEPARATORS: [char; 9] = [' ', '\u{a0}', '-', '\u{2011}', '\u{2013}', '/', '.', '(', ')'];

/// Returns the canonical form of a hostname: IP addresses in one spelling and without brackets, lower case, no trailing dot.
#[must_use]
pub fn hostname(text: &str) -> String {
    match (text.parse::<IpAddr>(), in_brackets(text)) {
        (Ok(address), _) => address.to_string(),
        (Err(_), Some(address)) => address.to_string(),
        (Err(_), None) => text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase(),
    }
}

/// Returns the IPv6 address that is written in brackets, as in a URL.
#[must_use]
pub fn in_brackets(text: &str) -> Option<Ipv6Addr> {
    text.strip_prefix('[')?.strip_suffix(']')?.parse().ok()
}

/// Returns the canonical form of a phone number: no separators, and `+` before international numbers.
#[must_use]
pub fn phone_number(text: &str) -> String {
    let digits = text.replace(SEPARATORS, "");
    match digits.strip_prefix("00") {
        Some(rest) => format!("+{rest}"),
        None => digits,
    }
}

/// The letters and digits of a text, in lower case.
pub(crate) fn letters(text: &str) -> String {
    text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// A hostname with the letters that its Punycode stands for.
pub(crate) fn in_unicode(hostname: &str) -> String {
    let label = |label: &str| {
        let decoded = label.strip_prefix("xn--").and_then(idna::punycode::decode_to_string);
        decoded.unwrap_or_else(|| label.to_owned())
    };
    hostname.split('.').map(label).collect::<Vec<_>>().join(".")
}

/// The digits of a phone number, without zeros before them.
pub(crate) fn national(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.trim_start_matches('0').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_other_forms_of_a_value() {
        assert_eq!(letters(" Grüße.1 "), letters("GRÜSSE1").replace("ss", "ß"));
        assert_eq!(in_unicode("sip.xn--bcher-kva.example"), "sip.bücher.example");
        assert_eq!(in_unicode("xn--.example"), ".example");
        for number in ["+49 30 123", "0049 30 123", "tel:+4930123"] {
            assert!(national(number).ends_with(&national("030123")), "{number}");
        }
    }

    #[test]
    fn an_international_number_has_one_canonical_form() {
        for (number, canonical) in [
            ("0049301", "+49301"),
            ("+49301", "+49301"),
            ("+49 (30) 1-2/3.4", "+49301234"),
            ("+49\u{a0}30\u{2011}12\u{2013}34", "+49301234"),
            ("030", "030"),
            ("", ""),
            ("00", "+"),
        ] {
            assert_eq!(phone_number(number), canonical);
        }
    }

    #[test]
    fn case_a_trailing_dot_and_the_spelling_of_an_address_make_no_difference() {
        for (one, other) in [
            ("a.B", "A.b."),
            ("2001:db8::1", "2001:DB8:0::1"),
            ("10.0.0.1", "10.0.0.1"),
            ("2001:db8::1", "[2001:db8::1]"),
            ("[2001:DB8:0::1]", "[2001:db8::1]"),
        ] {
            assert_eq!(hostname(one), hostname(other));
        }
        for (one, other) in
            [("a.b", "a.c"), ("10.0.0.1", "10.0.0.2"), ("a.b", "a.b.."), ("a.b", "[a.b]"), ("10.0.0.1", "[10.0.0.1]")]
        {
            assert_ne!(hostname(one), hostname(other));
        }
    }
}
