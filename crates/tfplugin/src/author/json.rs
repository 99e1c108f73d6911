//! A JSON document as the value of an attribute.

use secrecy::zeroize::Zeroizing;

use super::attribute_type::{AttributeType, Comparison};
use super::mismatch::Mismatch;
use crate::cty::{Type, Value};

/// A string that holds a JSON document, as `jsonencode` makes one. Formatting and the order of keys make no difference. A
/// state may hold another text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Json(Zeroizing<String>);

impl Json {
    /// The document as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the document is an object.
    pub fn is_object(&self) -> bool {
        samejson::Json::parse(&self.0).is_ok_and(|document| document.is_object())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl AttributeType for Json {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        String::from_value(value).map(Self::from)
    }

    fn into_value(self) -> Value {
        Value::String(self.0)
    }

    fn check(&self) -> Vec<Mismatch> {
        match samejson::Json::parse(&self.0) {
            Ok(_) => Vec::new(),
            Err(error) => vec![Mismatch::expected(format!("JSON, as `jsonencode` returns, but found: {error}"))],
        }
    }

    fn is_json() -> bool {
        true
    }

    fn same(&self, other: &Self) -> bool {
        let read = |json: &Self| samejson::Json::parse(&json.0);
        matches!((read(self), read(other)), (Ok(one), Ok(other)) if one.same(&other))
    }

    fn compare(by: Comparison, one: &Value, other: &Value) -> bool {
        let read = |value: &Value| value.as_str().and_then(|text| samejson::Json::parse(text).ok());
        one == other
            || match (by, read(one), read(other)) {
                (Comparison::Confirmation, Some(found), Some(configured)) => found.covers(&configured),
                (Comparison::Meaning | Comparison::Value, Some(one), Some(other)) => one.same(&other),
                _ => false,
            }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::attr::Attr;

    #[test]
    fn a_mistake_is_shown_with_its_position_and_without_the_text() {
        let attribute = Attr::<Json>::attribute("parameters", "").required();
        assert!(attribute.check(&r#"{"a": [1, null]}"#.into()).is_empty());
        let found = attribute.check(&"{\n\"token\": hunter2}".into()).pop().expect("it is refused");
        let expected = "JSON, as `jsonencode` returns, but found: expected value at line 2 column 10";
        assert_eq!(found.expected, expected);
    }

    #[test]
    fn documents_are_compared_by_what_they_mean() {
        let attribute = Attr::<Json>::attribute("parameters", "");
        let (one, other, more) = (r#"{"a":1,"b":2}"#, "{\"b\": 2.0, \"a\": 1}", r#"{"a":1,"b":2,"c":null}"#);
        let compare = |by, one: &str, other: &str| (attribute.rules.compare)(by, &one.into(), &other.into());
        for by in [Comparison::Meaning, Comparison::Value] {
            assert!(compare(by, one, other) && !compare(by, more, one) && !compare(by, one, "{"));
        }
        assert!(compare(Comparison::Confirmation, more, one) && !compare(Comparison::Confirmation, one, r#"{"d":1}"#));
    }
}
