//! The types of the standard library, and a few others, as types of attributes.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::attribute_type::AttributeType;
use super::mismatch::Mismatch;
use crate::cty::{Type, Value};

impl AttributeType for String {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::String(mut text) => Ok(std::mem::take(&mut *text)),
            _ => Err(Mismatch::expected("a string")),
        }
    }

    fn into_value(self) -> Value {
        self.into()
    }
}

impl AttributeType for bool {
    fn ty() -> Type {
        Type::Bool
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Bool(value) => Ok(value),
            _ => Err(Mismatch::expected("true or false")),
        }
    }

    fn into_value(self) -> Value {
        Value::Bool(self)
    }
}

impl AttributeType for SecretString {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        String::from_value(value).map(Into::into)
    }

    fn into_value(self) -> Value {
        self.expose_secret().into()
    }
}

/// Upper and lower case mean the same.
impl AttributeType for Uuid {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let hyphenated = value.as_str().filter(|text| text.len() == 36);
        let uuid = hyphenated.and_then(|text| Self::try_parse(text).ok());
        uuid.ok_or_else(|| Mismatch::expected("a UUID such as `3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b`"))
    }

    fn into_value(self) -> Value {
        self.to_string().into()
    }

    /// Without hyphens, it may be a key in hexadecimal digits.
    fn shows(text: &str) -> bool {
        text.contains('-') && Self::try_parse(text).is_ok()
    }

    fn same(&self, other: &Self) -> bool {
        self == other
    }
}

/// A duration as in the `timeouts` block: `90s`, `1h30m`.
impl AttributeType for Duration {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        let duration = value.as_str().and_then(|text| humantime::parse_duration(text).ok());
        let duration = duration.filter(|duration| !duration.is_zero() && *duration <= LONGEST);
        duration.ok_or_else(|| {
            Mismatch::expected("a duration such as `90s`, `2m` or `1h30m`, above zero and at most 24 hours")
        })
    }

    fn shows(text: &str) -> bool {
        humantime::parse_duration(text).is_ok()
    }

    fn into_value(self) -> Value {
        humantime::format_duration(self).to_string().into()
    }
}

/// Whole numbers that fit a Rust integer.
macro_rules! integer {
    ($($integer:ty),*) => {$(
        impl AttributeType for $integer {
            fn ty() -> Type {
                Type::Number
            }

            fn from_value(value: Value) -> Result<Self, Mismatch> {
                let number = match value {
                    Value::Number(number) => number.as_i64().and_then(|number| Self::try_from(number).ok()),
                    _ => None,
                };
                number.ok_or_else(|| Mismatch::expected(format!("a whole number from {} to {}", Self::MIN, Self::MAX)))
            }

            fn into_value(self) -> Value {
                Value::from(i64::from(self))
            }
        }
    )*};
}

integer!(u16, i32, i64);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::attr::Attr;

    const LOWER: &str = "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b";

    #[test]
    fn a_refused_id_is_shown_unless_it_may_be_a_key() {
        for (text, shows) in [
            (LOWER.to_owned(), true),
            (format!("urn:uuid:{LOWER}"), true),
            (format!("{{{LOWER}}}"), true),
            (LOWER.replace('-', ""), false),
            (LOWER.replace('-', "").to_uppercase(), false),
            (format!("{{{}}}", LOWER.replace('-', "")), false),
            (format!("urn:uuid:{}", LOWER.replace('-', "")), false),
            ("sk-3f2a8c1e".to_owned(), false),
        ] {
            assert_eq!(Uuid::shows(&text), shows, "{text}");
        }
    }

    #[test]
    fn values_are_compared_as_their_type_compares_them() {
        let id = Attr::<Uuid>::attribute("id", "");
        let text = Attr::<String>::attribute("text", "");
        let number = Attr::<i64>::attribute("number", "");
        for (attribute, one, other, same) in [
            // A value that cannot be read equals itself only.
            (&id, 1.into(), 1.into(), true),
            (&id, 1.into(), LOWER.into(), false),
            (&id, LOWER.into(), LOWER.to_ascii_uppercase().into(), true),
            (&id, "a".into(), "A".into(), false),
            (&text, "a".into(), "A".into(), false),
            (&number, 1.into(), 1.into(), true),
            (&number, 1.into(), 2.into(), false),
        ] {
            assert_eq!(attribute.same(&one, &other), same, "{} {one:?} {other:?}", attribute.name);
        }
    }
}
