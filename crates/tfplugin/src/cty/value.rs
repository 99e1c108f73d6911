use std::collections::BTreeMap;
use std::fmt;

use secrecy::zeroize::Zeroizing;

use super::Number;

/// A value of the configuration, the plan or the state. Its type is in the schema.
#[derive(Clone, PartialEq)]
pub enum Value {
    /// Not set. Instead of an object: the object does not exist.
    Null,
    /// Not known before apply.
    Unknown,
    /// A truth value.
    Bool(bool),
    /// A number of any precision.
    Number(Number),
    /// Text in Unicode's normal form C. Any text may be a secret, so its memory is wiped when it is dropped.
    String(Zeroizing<String>),
    /// A list, a tuple, or a set. A set keeps the order of its input.
    List(Vec<Value>),
    /// A map or an object, by key or attribute.
    Map(BTreeMap<String, Value>),
}

impl Value {
    /// Whether this is null. A list of nulls is not.
    #[must_use]
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// Whether this is unknown. A list of unknown elements is not: see [`Value::is_wholly_known`].
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        matches!(self, Value::Unknown)
    }

    /// Whether no part of this value is unknown, at any depth.
    #[must_use]
    pub fn is_wholly_known(&self) -> bool {
        match self {
            Value::Unknown => false,
            Value::List(elements) => elements.iter().all(Value::is_wholly_known),
            Value::Map(elements) => elements.values().all(Value::is_wholly_known),
            _ => true,
        }
    }

    /// Returns the text of a known string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// Returns an attribute of an object, or null if there is none of this name or this is not an object.
    #[must_use]
    pub fn attribute(&self, name: &str) -> &Value {
        static NULL: Value = Value::Null;
        match self {
            Value::Map(attributes) => attributes.get(name).unwrap_or(&NULL),
            _ => &NULL,
        }
    }

    /// The kind of this value as a noun with its article, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Unknown => "an unknown value",
            Value::Bool(_) => "a bool",
            Value::Number(_) => "a number",
            Value::String(_) => "a string",
            Value::List(_) => "a list",
            Value::Map(_) => "a map or an object",
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Value {
        Value::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Value {
        Value::Number(value.into())
    }
}

impl From<Number> for Value {
    fn from(value: Number) -> Value {
        Value::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Value {
        value.to_owned().into()
    }
}

impl From<String> for Value {
    fn from(value: String) -> Value {
        Value::String(value.into())
    }
}

/// Leaves out the text of strings, since any may be a secret.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Unknown => f.write_str("unknown"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Number(number) => write!(f, "{number}"),
            Value::String(text) => write!(f, "<string of {} bytes>", text.len()),
            Value::List(elements) => f.debug_list().entries(elements).finish(),
            Value::Map(elements) => f.debug_map().entries(elements).finish(),
        }
    }
}

#[cfg(test)]
mod tests {
    use secrecy::zeroize::ZeroizeOnDrop;

    use super::*;

    fn object(password: Value) -> Value {
        Value::Map(BTreeMap::from([("password".to_owned(), password), ("port".to_owned(), 5060.into())]))
    }

    #[test]
    fn debug_shows_no_string() {
        assert_eq!(format!("{:?}", object("hunter2".into())), r#"{"password": <string of 7 bytes>, "port": 5060}"#);
    }

    #[test]
    fn strings_are_wiped_when_dropped() {
        fn assert_wiped_on_drop(_: &impl ZeroizeOnDrop) {}
        let Value::String(text) = Value::from("hunter2") else { panic!("no string") };
        assert_wiped_on_drop(&text);
    }

    #[test]
    fn knows_of_unknowns_inside() {
        let unknown = Value::List(vec![object(Value::Unknown)]);
        assert!(!unknown.is_unknown());
        assert!(!unknown.is_wholly_known());
        assert!(object(Value::Null).is_wholly_known());
    }

    #[test]
    fn an_absent_attribute_is_null() {
        assert_eq!(object("a".into()).attribute("password").as_str(), Some("a"));
        assert!(object("a".into()).attribute("absent").is_null());
        assert!(Value::from(true).attribute("password").is_null());
    }
}
