//! A telephone number.

use deepslate::canonical::{self, SEPARATORS};
use tfplugin::cty::{Type, Value};
use tfplugin::{AttributeType, Mismatch, marked};

/// How many digits a number has behind its prefix: at most as many as ITU-T E.164, section 6, allows, and at least as
/// many as the shortest that are dialled.
const FEWEST_DIGITS: usize = 3;
const MOST_DIGITS: usize = 15;
/// How many digits a number has at least that may begin with a country's code although it has no prefix.
const FEWEST_WITH_COUNTRY: usize = 11;

/// A telephone number, as the user wrote it. Whether an international one begins with `+` or `00` makes no difference.
#[derive(Clone, Debug)]
pub(crate) struct PhoneNumber(String);

impl PhoneNumber {
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for PhoneNumber {
    /// Keeps what the API returned as it is: rules are for configurations.
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl AttributeType for PhoneNumber {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        String::from_value(value).map(Self)
    }

    fn shows(text: &str) -> bool {
        text.chars().all(|c| c.is_ascii_digit() || c == '+' || SEPARATORS.contains(&c))
    }

    /// Deepslate documents no limits, so a text without the form of a phone number causes only a warning.
    fn check(&self) -> Vec<Mismatch> {
        const EXPECTED: &str = "3 to 15 digits, with `+` or `00` in front if the number is international";
        let text = self.0.as_str();
        let cleaned = text.replace(is_separator, "");
        vec![if cleaned != text {
            let cleaned = if is_international(&cleaned) {
                // Without the zero that is dialled only inside the country.
                text.replace("(0)", "").replace(is_separator, "")
            } else {
                cleaned
            };
            let example = if cleaned.is_empty() { String::new() } else { format!(", as in `{}`", marked(&cleaned)) };
            Mismatch::expected(format!("{EXPECTED}, and no other characters{example}"))
        } else if !text.contains(char::is_alphanumeric) {
            Mismatch::expected(EXPECTED)
        } else if !is_number(text) {
            Mismatch::warn(EXPECTED)
        } else if text.len() >= FEWEST_WITH_COUNTRY && !text.starts_with(['+', '0']) {
            Mismatch::warn(format!(
                "`+` or `00` before a country code, as in `+{}` (without a prefix, the number is national)",
                marked(text)
            ))
        } else {
            return Vec::new();
        }]
    }

    fn into_value(self) -> Value {
        Value::String(self.0.into())
    }

    fn same(&self, other: &Self) -> bool {
        canonical::phone_number(&self.0) == canonical::phone_number(&other.0)
    }
}

/// What people write between digits, or paste with them without seeing it.
fn is_separator(character: char) -> bool {
    SEPARATORS.contains(&character)
        || character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

fn is_international(text: &str) -> bool {
    text.starts_with('+') || text.starts_with("00")
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or(text);
    (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use tfplugin::unmarked;

    use super::*;

    fn check(text: &str) -> Vec<Mismatch> {
        PhoneNumber::from(text.to_owned()).check()
    }

    #[test]
    fn accepts_numbers_with_and_without_prefix() {
        for text in [
            "110",
            "+49123456789",
            "0049123456789",
            "030123456",
            "03012345678901",
            "2125551234",
            "+123456789012345",
            "00123456789012345",
        ] {
            assert!(check(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn refuses_separators_and_suggests_a_number() {
        for (text, offered) in [
            ("+49 (30) 123-456/7.8", Some("+493012345678")),
            ("+49 (0) 30 123456", Some("+4930123456")),
            ("(030) 123456", Some("030123456")),
            ("(0)30 123456", Some("030123456")),
            ("(+49) (0) 30 123456", Some("+4930123456")),
            ("0049 (0)30 123456", Some("004930123456")),
            ("0049 30 123456", Some("004930123456")),
            ("+4930123456\n", Some("+4930123456")),
            ("\u{202a}+4930123456\u{202c}", Some("+4930123456")),
            ("CALL-ME", Some("CALLME")),
            ("", None),
            ("+", None),
            (" - ", None),
        ] {
            let refused = check(text).pop().expect(text);
            let said = unmarked(&refused.expected);
            let offer = said.split("as in ").nth(1).map(|offer| offer.trim_matches('`'));
            assert!(!refused.is_warning && offer == offered, "{text}: {refused:?}");
        }
    }

    #[test]
    fn warns_if_the_text_does_not_look_like_a_number() {
        for (text, said) in [
            ("12", "3 to 15 digits"),
            ("+1234567890123456", "3 to 15 digits"),
            ("++49123456", "3 to 15 digits"),
            ("+49x123", "3 to 15 digits"),
            ("tel:+49123456", "3 to 15 digits"),
            ("CALLME", "3 to 15 digits"),
            ("٣٤٥", "3 to 15 digits"),
            ("49301234567", "as in `+49301234567`"),
            ("442071234567", "as in `+442071234567`"),
        ] {
            let found = check(text).pop().expect(text);
            assert!(found.is_warning && unmarked(&found.expected).contains(said), "{text}: {found:?}");
        }
    }

    #[test]
    fn both_international_prefixes_are_equal() {
        for (one, other, same) in [
            ("+49123", "0049123", true),
            ("+49123", "+49123", true),
            ("+49123", "49123", false),
            ("+49123", "+49124", false),
            ("0123", "+123", false),
        ] {
            assert_eq!(PhoneNumber::from(one.to_owned()).same(&other.to_owned().into()), same, "{one} {other}");
        }
    }
}
