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

#[cfg(test)]
mod tests {
    use super::*;

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
