//! Values as JSON: `RawState.json`, and `DynamicValue.json`.
//!
//! A state may come from an older schema or another program, so the value is made to fit the type: unknown keys are dropped,
//! missing attributes are null, primitives that are written as another kind are converted as cty converts them, and an object
//! in the place of a list of objects is its only element. Nothing else is guessed.

use std::collections::BTreeMap;

use secrecy::zeroize::Zeroizing;
use serde_json::value::RawValue;

use super::error::{Error, MAX_DEPTH};
use super::raw_json::{document, elements, members};
use super::text::normalized;
use super::{Step, Type, Value};

/// Reads a value of the type. Empty input is null.
///
/// # Errors
/// If the bytes are not one JSON document, a value cannot be converted to its type, an object has a key twice, or values
/// nest too deep.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, Error> {
    if bytes.is_empty() { Ok(Value::Null) } else { value(document(bytes)?, ty, 0) }
}

/// Reads one level: serde splits it into raw parts, and each part is read as its type requires. So numbers keep all their
/// digits, and an error knows its path and never quotes the document.
fn value(raw: &RawValue, ty: &Type, depth: usize) -> Result<Value, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::too_deep());
    }
    let text = raw.get();
    match (ty, Kind::of(raw)) {
        (_, Kind::Null) => Ok(Value::Null),
        (Type::Bool, Kind::Bool) => Ok(Value::Bool(text == "true")),
        (Type::Bool, Kind::String) => match string(raw)?.as_str() {
            "true" | "1" => Ok(Value::Bool(true)),
            "false" | "0" => Ok(Value::Bool(false)),
            _ => Err(Error::new("expected a bool, found a string other than `true` and `false`")),
        },
        (Type::Number, Kind::Number) => Ok(Value::Number(text.parse()?)),
        (Type::Number, Kind::String) => Ok(Value::Number(string(raw)?.parse()?)),
        (Type::String, Kind::String) => Ok(string(raw)?.into()),
        (Type::String, Kind::Number | Kind::Bool) => Ok(text.into()),
        (Type::List(element) | Type::Set(element), Kind::Array) => {
            let elements = elements(raw)?;
            let types = std::iter::repeat_n(element.as_ref(), elements.len());
            sequence(elements, types, depth)
        }
        // The block could occur once when the state was written, and is a list of blocks now.
        (Type::List(element), Kind::Object) if matches!(**element, Type::Object(_)) => {
            let block = value(raw, element, depth + 1).map_err(|error| error.within(Step::Index(0)))?;
            Ok(Value::List(vec![block]))
        }
        (Type::Tuple(types), Kind::Array) => {
            let elements = elements(raw)?;
            if elements.len() != types.len() {
                return Err(Error::tuple_length(types.len(), elements.len()));
            }
            sequence(elements, types, depth)
        }
        (Type::Map(element), Kind::Object) => {
            let mut values = BTreeMap::new();
            for (key, raw) in members(raw)? {
                let value = value(raw, element, depth + 1).map_err(|error| error.within(Step::Key(key.clone())))?;
                values.insert(key, value);
            }
            Ok(Value::Map(values))
        }
        (Type::Object(attributes), Kind::Object) => {
            let members = members(raw)?;
            let mut values = BTreeMap::new();
            for (name, ty) in attributes {
                let value = match members.get(name) {
                    Some(raw) => value(raw, ty, depth + 1).map_err(|error| error.within(Step::from(name.as_str())))?,
                    None => Value::Null,
                };
                values.insert(name.clone(), value);
            }
            Ok(Value::Map(values))
        }
        (Type::Dynamic, Kind::Object) => {
            let members = members(raw)?;
            match (members.get("type"), members.get("value")) {
                (Some(ty), Some(raw)) => value(raw, &Type::from_json(ty.get().as_bytes())?, depth + 1),
                _ => Err(Error::new("expected an object of `type` and `value`, found another")),
            }
        }
        (_, kind) => Err(Error::mismatch(ty.kind(), kind.noun())),
    }
}

fn sequence<'a>(
    elements: Vec<&RawValue>,
    types: impl IntoIterator<Item = &'a Type>,
    depth: usize,
) -> Result<Value, Error> {
    let values = (0..)
        .zip(elements.into_iter().zip(types))
        .map(|(index, (raw, ty))| value(raw, ty, depth + 1).map_err(|error| error.within(Step::Index(index))));
    Ok(Value::List(values.collect::<Result<_, _>>()?))
}

fn string(raw: &RawValue) -> Result<String, Error> {
    let text: String = serde_json::from_str(raw.get()).map_err(|_| Error::new("invalid escape in a JSON string"))?;
    Ok(normalized(&Zeroizing::new(text)))
}

/// The kind of a JSON value, which its first byte shows.
enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    fn of(raw: &RawValue) -> Kind {
        match raw.get().as_bytes().first() {
            Some(b'n') => Kind::Null,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'"') => Kind::String,
            Some(b'[') => Kind::Array,
            Some(b'{') => Kind::Object,
            _ => Kind::Number,
        }
    }

    fn noun(&self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "a bool",
            Kind::Number => "a number",
            Kind::String => "a string",
            Kind::Array => "a JSON array",
            Kind::Object => "a JSON object",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Type {
        Type::Object(BTreeMap::from([("hostname".to_owned(), Type::String), ("port".to_owned(), Type::Number)]))
    }

    fn number(text: &str) -> Value {
        Value::Number(text.parse().expect(text))
    }

    #[track_caller]
    fn assert_refused(json: &str, ty: &Type, expected: &str) {
        assert_eq!(decode(json.as_bytes(), ty).map_err(|error| error.to_string()), Err(expected.to_owned()));
    }

    #[test]
    fn an_object_is_made_to_fit() {
        let read = decode(br#" {"old": [{"a": 1}], "port": 5060} "#, &credentials());
        let fitting = BTreeMap::from([("hostname".to_owned(), Value::Null), ("port".to_owned(), 5060.into())]);
        assert_eq!(read, Ok(Value::Map(fitting)));
    }

    #[test]
    fn primitives_are_converted() {
        for (json, ty, value) in [
            (r#""5060""#, Type::Number, 5060.into()),
            ("5060.0", Type::Number, 5060.into()),
            ("0.1", Type::Number, number("0.1")),
            ("123456789012345678901234567890", Type::Number, number("123456789012345678901234567890")),
            ("5060", Type::String, "5060".into()),
            ("1.50", Type::String, "1.50".into()),
            ("true", Type::String, "true".into()),
            (r#""true""#, Type::Bool, true.into()),
            (r#""0""#, Type::Bool, false.into()),
            (r#""e\u0301""#, Type::String, "é".into()),
            ("null", Type::Bool, Value::Null),
            ("", Type::Bool, Value::Null),
        ] {
            assert_eq!(decode(json.as_bytes(), &ty), Ok(value), "{json}");
        }
    }

    #[test]
    fn collections_are_read() {
        let list = Value::List(vec!["a".into(), Value::Null]);
        for ty in [Type::List(Type::String.into()), Type::Set(Type::String.into()), Type::Tuple(vec![Type::String; 2])]
        {
            assert_eq!(decode(br#"["a", null]"#, &ty), Ok(list.clone()));
        }
        let map = Value::Map(BTreeMap::from([("a".to_owned(), 1.into())]));
        assert_eq!(decode(br#"{"a": 1}"#, &Type::Map(Type::Number.into())), Ok(map.clone()));
        assert_eq!(decode(br#"{"value": {"a": 1}, "type": ["map", "number"]}"#, &Type::Dynamic), Ok(map));
    }

    #[test]
    fn nothing_else_is_guessed() {
        assert_refused("1", &Type::Bool, "expected a bool, found a number");
        assert_refused(r#""yes""#, &Type::Bool, "expected a bool, found a string other than `true` and `false`");
        assert_refused("{}", &Type::String, "expected a string, found a JSON object");
        assert_refused(r#""a""#, &Type::List(Type::String.into()), "expected a list, found a string");
        assert_refused("[]", &Type::Tuple(vec![Type::Bool]), "expected a tuple of 1 elements, found 0");
        assert_refused("[[]]", &Type::List(credentials().into()), "`[0]`: expected an object, found a JSON array");
        assert_refused(r#"{"value": 1}"#, &Type::Dynamic, "expected an object of `type` and `value`, found another");
    }

    #[test]
    fn refuses_what_is_not_one_document() {
        assert_refused("{\n\"port\": }", &credentials(), "invalid JSON at line 2, column 9");
        assert_refused("1 1", &Type::Number, "invalid JSON at line 1, column 3");
        assert_refused(r#""\ud800""#, &Type::String, "invalid escape in a JSON string");
        assert_refused(r#"{"port": 1, "port": 1}"#, &credentials(), r#"`["port"]`: this key comes twice"#);
        assert_refused(
            r#"{"\u00e9": 1, "e\u0301": 1}"#,
            &Type::Map(Type::Bool.into()),
            r#"`["é"]`: this key comes twice"#,
        );
        assert!(decode(b"\"\xff\"", &Type::String).is_err());
    }

    #[test]
    fn refuses_depth() {
        let nested = |depth| r#"{"type":"dynamic","value":"#.repeat(depth) + "null" + &"}".repeat(depth);
        assert_eq!(decode(nested(MAX_DEPTH).as_bytes(), &Type::Dynamic), Ok(Value::Null));
        assert_eq!(decode(nested(MAX_DEPTH + 1).as_bytes(), &Type::Dynamic), Err(Error::too_deep()));

        // What is dropped may be as deep as it likes, and is not recursed into.
        let dropped = r#"{"old": "#.to_owned() + &"[".repeat(100_000) + &"]".repeat(100_000) + "}";
        assert!(decode(dropped.as_bytes(), &credentials()).is_ok());
    }
}
