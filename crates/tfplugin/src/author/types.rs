//! The types of the standard library, and a few others, as types of attributes.

use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::attribute_type::AttributeType;
use super::mismatch::Mismatch;
use crate::cty::{Step, Type, Value};

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

    fn shows(text: &str) -> bool {
        Self::try_parse(text).is_ok()
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
            Mismatch::expected("a duration such as `90s`, `2m` or `1h30m`, above zero and of at most 24 hours")
        })
    }

    fn shows(text: &str) -> bool {
        humantime::parse_duration(text).is_ok()
    }

    fn into_value(self) -> Value {
        humantime::format_duration(self).to_string().into()
    }
}

/// A list whose elements are all known. A list that users write needs `Vec<Attr<T>>`, since an element of it can be
/// unknown while the list is known.
impl<T: AttributeType> AttributeType for Vec<T> {
    fn ty() -> Type {
        Type::List(Box::new(T::ty()))
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::List(elements) = value else { return Err(Mismatch::expected("a list")) };
        let elements = elements.into_iter().zip(0..);
        elements.map(|(element, index)| T::from_value(element).map_err(within(index))).collect()
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }

    fn shows(text: &str) -> bool {
        T::shows(text)
    }

    fn check(&self) -> Vec<Mismatch> {
        let elements = self.iter().zip(0..);
        elements.flat_map(|(element, index)| element.check().into_iter().map(within(index))).collect()
    }
}

fn within(index: i64) -> impl Fn(Mismatch) -> Mismatch {
    move |mismatch| mismatch.within(Step::Index(index))
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
    use crate::author::attribute::Attribute;

    /// A word in lower case. Case makes no difference to the service.
    #[derive(Debug, PartialEq)]
    struct Word(String);

    impl AttributeType for Word {
        fn ty() -> Type {
            Type::String
        }

        fn from_value(value: Value) -> Result<Self, Mismatch> {
            String::from_value(value).map(Self)
        }

        fn into_value(self) -> Value {
            self.0.into()
        }

        fn check(&self) -> Vec<Mismatch> {
            if self.0.contains(' ') { vec![Mismatch::expected("one word")] } else { Vec::new() }
        }

        fn same(&self, other: &Self) -> bool {
            self.0.eq_ignore_ascii_case(&other.0)
        }
    }

    const LOWER: &str = "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b";

    fn words(words: [Value; 3]) -> Value {
        Value::List(words.into())
    }

    fn refusals(attribute: &Attribute, value: &Value) -> Vec<String> {
        let found = attribute.check(value).into_iter();
        found.map(|mismatch| format!("{}: {}", mismatch.path, mismatch.expected)).collect()
    }

    #[test]
    fn a_list_that_users_write_may_hold_unknown_and_null_elements() {
        let attribute = Attr::<Vec<Attr<Word>>>::attribute("words", "").optional();
        let value = words(["a".into(), Value::Unknown, Value::Null]);
        assert_eq!(refusals(&attribute, &value), [""; 0]);
        let read = Vec::<Attr<Word>>::from_value(value.clone()).expect("it can be read");
        assert_eq!(read, [Attr::Known(Word("a".to_owned())), Attr::Unknown, Attr::Null]);
        assert_eq!(read.into_value(), value);
    }

    #[test]
    fn each_element_of_a_list_is_checked() {
        for attribute in [Attr::<Vec<Word>>::attribute("words", ""), Attr::<Vec<Attr<Word>>>::attribute("words", "")] {
            let value = words(["a".into(), "b c".into(), "d e".into()]);
            assert_eq!(refusals(&attribute, &value), ["[1]: one word", "[2]: one word"]);
        }
    }

    #[test]
    fn an_element_that_is_unknown_does_not_fit_a_list_of_known_elements() {
        let attribute = Attr::<Vec<Word>>::attribute("words", "");
        let value = words(["a".into(), "b".into(), Value::Unknown]);
        assert_eq!(refusals(&attribute, &value), ["[2]: a string"]);
    }

    #[test]
    fn values_are_compared_as_their_type_compares_them() {
        let word = Attr::<Word>::attribute("word", "");
        let id = Attr::<Uuid>::attribute("id", "");
        let text = Attr::<String>::attribute("text", "");
        let number = Attr::<i64>::attribute("number", "");
        for (attribute, one, other, same) in [
            (&word, "a".into(), "A".into(), true),
            (&word, "a".into(), "b".into(), false),
            // A value that cannot be read equals itself only.
            (&word, 1.into(), 1.into(), true),
            (&word, 1.into(), "1".into(), false),
            (&id, LOWER.into(), LOWER.to_ascii_uppercase().into(), true),
            (&id, "a".into(), "A".into(), false),
            (&text, "a".into(), "A".into(), false),
            (&number, 1.into(), 1.into(), true),
            (&number, 1.into(), 2.into(), false),
        ] {
            assert_eq!((attribute.same)(&one, &other), same, "{} {one:?} {other:?}", attribute.name);
        }
    }
}
