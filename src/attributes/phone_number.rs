//! A telephone number.

use deepslate::canonical::{self, SEPARATORS};
use tfplugin::cty::{Type, Value};
use tfplugin::{AttributeType, Mismatch};

/// How many digits a number has behind its prefix: at most as many as ITU-T E.164, section 6, allows, and at least as
/// many as the shortest that are dialled.
const FEWEST_DIGITS: usize = 3;
const MOST_DIGITS: usize = 15;

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

    fn check(&self) -> Result<(), Mismatch> {
        const EXPECTED: &str = "3 to 15 digits, behind `+` or `00` where the number is international";
        let text = self.0.as_str();
        if is_number(text) {
            return Ok(());
        }
        let cleaned = text.replace(SEPARATORS, "");
        let cleaned = if cleaned.starts_with('+') || cleaned.starts_with("00") {
            // Without the zero that only those in the country dial.
            text.replace("(0)", "").replace(SEPARATORS, "")
        } else {
            cleaned
        };
        Err(if is_number(&cleaned) {
            Mismatch::expected(format!("{EXPECTED}, and nothing between them, as in `{cleaned}`"))
        } else {
            Mismatch::expected(EXPECTED)
        })
    }

    fn into_value(self) -> Value {
        Value::String(self.0.into())
    }

    fn same(&self, other: &Self) -> bool {
        canonical::phone_number(&self.0) == canonical::phone_number(&other.0)
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').or_else(|| text.strip_prefix("00")).unwrap_or(text);
    (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_numbers_with_and_without_prefix() {
        for text in ["110", "+49123456789", "0049123456789", "030123456", "+123456789012345", "00123456789012345"] {
            assert!(PhoneNumber::from(text.to_owned()).check().is_ok(), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_none_and_offers_what_may_be_meant() {
        for (text, offered) in [
            ("+49 (30) 123-456/7.8", Some("+493012345678")),
            ("+49 (0) 30 123456", Some("+4930123456")),
            ("(030) 123456", Some("030123456")),
            ("(0)30 123456", Some("030123456")),
            ("(+49) (0) 30 123456", Some("+4930123456")),
            ("0049 (0)30 123456", Some("004930123456")),
            ("0049 30 123456", Some("004930123456")),
            ("", None),
            ("+", None),
            ("12", None),
            ("+1234567890123456", None),
            ("++49123456", None),
            ("+49x123", None),
            ("tel:+49123456", None),
            ("٣٤٥", None),
        ] {
            let refused = PhoneNumber::from(text.to_owned()).check().expect_err(text);
            let offer = refused.expected.split("as in ").nth(1).map(|offer| offer.trim_matches('`'));
            assert_eq!(offer, offered, "{text}");
        }
    }

    #[test]
    fn either_international_prefix_will_do() {
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
