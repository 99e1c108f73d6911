//! The host of a SIP server.

use std::net::IpAddr;

use deepslate::canonical;
use tfplugin::cty::{Type, Value};
use tfplugin::{AttributeType, Mismatch, marked};

/// Longest DNS name in characters (RFC 1035, section 2.3.4), and longest label of one.
const LONGEST_NAME: usize = 253;
const LONGEST_LABEL: usize = 63;

/// A DNS name or an IP address, as the user wrote it. Case and a trailing dot make no difference.
#[derive(Clone, Debug)]
pub(crate) struct Hostname(String);

impl Hostname {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Hostname {
    /// Keeps what the API returned as it is: rules are for configurations.
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl AttributeType for Hostname {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        String::from_value(value).map(Self)
    }

    fn into_value(self) -> Value {
        self.0.into()
    }

    /// Digits and separators only, or text in the form of a host.
    fn shows(text: &str) -> bool {
        let is_plain = |c: char| c.is_ascii_digit() || " .:-/[]()".contains(c);
        text.chars().all(is_plain) || text.parse::<IpAddr>().is_ok() || is_dns_name(text)
    }

    fn check(&self) -> Vec<Mismatch> {
        const EXPECTED: &str =
            "a DNS name of at most 253 characters or an IP address, without scheme, port, path or spaces";
        let text = self.0.as_str();
        if text.parse::<IpAddr>().is_ok() || is_dns_name(text) {
            return Vec::new();
        }
        let cleaned = text.trim();
        vec![Mismatch::expected(if let Some(address) = canonical::in_brackets(cleaned) {
            format!("an IPv6 address without brackets: `{}`", marked(&address.to_string()))
        } else if cleaned.starts_with('[') {
            format!("{EXPECTED} (write an IPv6 address without brackets, and the port in its own argument)")
        } else if cleaned != text && is_dns_name(cleaned) {
            format!("{EXPECTED}: `{}`", marked(cleaned))
        } else if !text.is_ascii() {
            format!("{EXPECTED} (write non-ASCII characters in Punycode: `xn--…`)")
        } else {
            EXPECTED.to_owned()
        })]
    }

    fn same(&self, other: &Self) -> bool {
        canonical::hostname(&self.0) == canonical::hostname(&other.0)
    }
}

/// Whether the text is a DNS name. A name whose last label is a number would be an IPv4 address written wrongly.
fn is_dns_name(text: &str) -> bool {
    let name = text.strip_suffix('.').unwrap_or(text);
    let is_label = |label: &str| {
        let inner = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        (1..=LONGEST_LABEL).contains(&label.len())
            && label.bytes().all(inner)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let last = name.rsplit('.').next().unwrap_or_default();
    name.len() <= LONGEST_NAME && name.split('.').all(is_label) && !last.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use tfplugin::unmarked;

    use super::*;

    #[test]
    fn accepts_names_and_addresses() {
        for text in [
            "sip.example.com",
            "SIP.Example.com.",
            "localhost",
            "10.0.0.1",
            "2001:db8::1",
            "_sip._udp.example.com",
            "xn--bcher-kva.example",
            "3cx",
        ] {
            assert!(Hostname::from(text.to_owned()).check().is_empty(), "{text}");
        }
        let longest = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(61));
        assert_eq!(longest.len(), 253);
        assert!(Hostname::from(longest.clone()).check().is_empty());
    }

    #[test]
    fn refuses_text_that_is_not_only_a_host() {
        let too_long = format!("{0}.{0}.{0}.{1}", "a".repeat(63), "b".repeat(62));
        for text in [
            "",
            ".",
            "sip:example.com",
            "https://example.com",
            "example.com:5060",
            "example.com/x",
            "exa mple.com",
            " example.com",
            "a..b",
            "-a.b",
            "a-.b",
            "256.1.1.1",
            "1.2.3",
            "[2001:db8::1]",
            "bücher.example",
            "user@example.com",
            &too_long,
            &"a".repeat(64),
        ] {
            assert!(Hostname::from(text.to_owned()).check().iter().any(|it| !it.is_warning), "{text}");
        }
    }

    #[test]
    fn a_refusal_says_what_to_write() {
        for (text, said) in [
            ("[2001:DB8:0::1]", "without brackets: `2001:db8::1`"),
            ("[2001:db8::1]:5060", "without brackets, and the port"),
            ("[sip.example.com]", "without brackets"),
            ("bücher.example", "in Punycode: `xn--…`"),
            ("пример.рф", "in Punycode"),
            ("sip.example.com\n", ": `sip.example.com`"),
            ("sip.example.com:5060", "without scheme, port"),
        ] {
            let refused = Hostname::from(text.to_owned()).check().pop().expect(text);
            assert!(unmarked(&refused.expected).contains(said), "{text:?}: {}", refused.expected);
        }
    }

    #[test]
    fn case_and_a_trailing_dot_make_no_difference() {
        for (one, other, same) in [
            ("a.B", "A.b.", true),
            ("2001:db8::1", "2001:DB8:0::1", true),
            ("2001:db8::1", "[2001:db8::1]", true),
            ("a.b", "a.c", false),
            ("10.0.0.1", "10.0.0.2", false),
        ] {
            assert_eq!(Hostname::from(one.to_owned()).same(&other.to_owned().into()), same, "{one} {other}");
        }
    }
}
