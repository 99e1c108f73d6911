use std::collections::BTreeMap;

use serde_json::json;
use serde_json::value::RawValue;

use super::error::{Error, MAX_DEPTH};
use super::raw_json;

/// The longest JSON form of a type that is read, in bytes.
const MAX_TYPE_BYTES: usize = 1 << 20;

/// The type of an attribute. Values of each type can also be null or unknown.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Type {
    /// `true` or `false`.
    Bool,
    /// A decimal number of any precision.
    Number,
    /// Unicode text.
    String,
    /// Any type. Each value comes with its own.
    Dynamic,
    /// Elements of one type, in order.
    List(Box<Type>),
    /// Distinct elements of one type, in no order.
    Set(Box<Type>),
    /// Elements of one type under keys.
    Map(Box<Type>),
    /// A fixed number of elements, each of its own type.
    Tuple(Vec<Type>),
    /// Exactly these attributes.
    Object(BTreeMap<String, Type>),
}

impl Type {
    /// The compact JSON form, as in `Attribute.type` of the plugin protocol: `"string"`, `["list","string"]`.
    #[must_use]
    pub fn to_json(&self) -> String {
        self.to_json_value().to_string()
    }

    fn to_json_value(&self) -> serde_json::Value {
        match self {
            Type::Bool => json!("bool"),
            Type::Number => json!("number"),
            Type::String => json!("string"),
            Type::Dynamic => json!("dynamic"),
            Type::List(element) => json!(["list", element.to_json_value()]),
            Type::Set(element) => json!(["set", element.to_json_value()]),
            Type::Map(element) => json!(["map", element.to_json_value()]),
            Type::Tuple(elements) => json!(["tuple", elements.iter().map(Type::to_json_value).collect::<Vec<_>>()]),
            Type::Object(attributes) => {
                let attributes = attributes.iter().map(|(name, ty)| (name.clone(), ty.to_json_value()));
                json!(["object", attributes.collect::<serde_json::Map<_, _>>()])
            }
        }
    }

    /// Reads the JSON form.
    ///
    /// # Errors
    /// If it is not JSON or not a type, nests too deep, or has more than 1 MiB.
    pub fn from_json(bytes: &[u8]) -> Result<Type, Error> {
        if bytes.len() > MAX_TYPE_BYTES {
            return Err(Error::new(format!("a type of more than {MAX_TYPE_BYTES} bytes")));
        }
        Type::from_raw(raw_json::document(bytes)?, 0)
    }

    fn from_raw(raw: &RawValue, depth: usize) -> Result<Type, Error> {
        if depth > MAX_DEPTH {
            return Err(Error::too_deep());
        }
        let invalid = || Error::new("not the JSON form of a type");
        if let Ok(name) = serde_json::from_str::<String>(raw.get()) {
            return match name.as_str() {
                "bool" => Ok(Type::Bool),
                "number" => Ok(Type::Number),
                "string" => Ok(Type::String),
                "dynamic" => Ok(Type::Dynamic),
                _ => Err(invalid()),
            };
        }
        let (kind, inner): (String, &RawValue) = serde_json::from_str(raw.get()).map_err(|_| invalid())?;
        let nested = |raw| Type::from_raw(raw, depth + 1);
        match kind.as_str() {
            "list" => Ok(Type::List(nested(inner)?.into())),
            "set" => Ok(Type::Set(nested(inner)?.into())),
            "map" => Ok(Type::Map(nested(inner)?.into())),
            "tuple" => {
                Ok(Type::Tuple(raw_json::elements(inner)?.into_iter().map(nested).collect::<Result<_, Error>>()?))
            }
            "object" => {
                let attributes = raw_json::members(inner)?.into_iter().map(|(name, raw)| Ok((name, nested(raw)?)));
                Ok(Type::Object(attributes.collect::<Result<_, Error>>()?))
            }
            _ => Err(invalid()),
        }
    }

    /// A value of this type as a noun with its article, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Type::Bool => "a bool",
            Type::Number => "a number",
            Type::String => "a string",
            Type::Dynamic => "a value with its type",
            Type::List(_) => "a list",
            Type::Set(_) => "a set",
            Type::Map(_) => "a map",
            Type::Tuple(_) => "a tuple",
            Type::Object(_) => "an object",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_form_is_compact() {
        let timeouts = Type::Object(BTreeMap::from([
            ("create".to_owned(), Type::String),
            ("tags".to_owned(), Type::Map(Type::Dynamic.into())),
        ]));
        for (ty, json) in [
            (Type::String, r#""string""#),
            (Type::List(Type::String.into()), r#"["list","string"]"#),
            (Type::Set(Type::Number.into()), r#"["set","number"]"#),
            (Type::Tuple(vec![Type::Bool, Type::Tuple(vec![])]), r#"["tuple",["bool",["tuple",[]]]]"#),
            (timeouts, r#"["object",{"create":"string","tags":["map","dynamic"]}]"#),
        ] {
            assert_eq!(ty.to_json(), json);
            assert_eq!(Type::from_json(json.as_bytes()), Ok(ty));
        }
    }

    #[test]
    fn refuses_text_that_is_not_a_type() {
        for json in [
            "",
            "null",
            "1",
            "\"text\"",
            "[]",
            "[\"list\"]",
            "[\"list\",\"string\",\"string\"]",
            "[\"tuple\",\"string\"]",
            "[\"object\",[]]",
            "[\"object\",{\"a\":\"string\",\"a\":\"bool\"}]",
            "[\"object\",{\"a\":\"string\"},[\"a\"]]",
            "[\"list\",\"string\"] 1",
            "\"string",
            "\"\\ud800\"",
        ] {
            assert!(Type::from_json(json.as_bytes()).is_err(), "{json}");
        }
        assert!(Type::from_json(b"\"\xff\"").is_err());
    }

    #[test]
    fn refuses_depth_and_size() {
        let nested = |depth| "[\"list\",".repeat(depth) + "\"bool\"" + &"]".repeat(depth);
        assert!(Type::from_json(nested(MAX_DEPTH).as_bytes()).is_ok());
        assert_eq!(Type::from_json(nested(MAX_DEPTH + 1).as_bytes()), Err(Error::too_deep()));
        assert_eq!(Type::from_json(nested(100_000).as_bytes()), Err(Error::too_deep()));
        assert!(Type::from_json(" ".repeat(MAX_TYPE_BYTES).as_bytes()).is_err());
        assert!(Type::from_json((" ".repeat(MAX_TYPE_BYTES) + "\"bool\"").as_bytes()).is_err());
    }
}
