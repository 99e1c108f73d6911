//! Properties that hold for every type, every value and every input.

use std::collections::BTreeMap;

use proptest::collection::{btree_map, vec};
use proptest::prelude::*;

use super::text::normalized;
use super::{Number, Type, Value, json, msgpack};

fn types() -> impl Strategy<Value = Type> {
    let primitive = prop_oneof![Just(Type::Bool), Just(Type::Number), Just(Type::String), Just(Type::Dynamic)];
    primitive.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|ty| Type::List(ty.into())),
            inner.clone().prop_map(|ty| Type::Set(ty.into())),
            inner.clone().prop_map(|ty| Type::Map(ty.into())),
            vec(inner.clone(), 0..4).prop_map(Type::Tuple),
            btree_map("[a-z_]{1,8}", inner, 0..4).prop_map(Type::Object),
        ]
    })
}

fn values(ty: &Type) -> BoxedStrategy<Value> {
    let known = match ty {
        Type::Bool => any::<bool>().prop_map(Value::Bool).boxed(),
        Type::Number => numbers().prop_map(Value::Number).boxed(),
        Type::String => text().prop_map(Value::from).boxed(),
        Type::Dynamic => return dynamic(),
        Type::List(element) | Type::Set(element) => vec(values(element), 0..4).prop_map(Value::List).boxed(),
        Type::Map(element) => btree_map(text(), values(element), 0..4).prop_map(Value::Map).boxed(),
        Type::Tuple(types) => types.iter().map(values).collect::<Vec<_>>().prop_map(Value::List).boxed(),
        Type::Object(attributes) => {
            let names: Vec<String> = attributes.keys().cloned().collect();
            let values: Vec<_> = attributes.values().map(values).collect();
            values.prop_map(move |values| Value::Map(names.iter().cloned().zip(values).collect())).boxed()
        }
    };
    prop_oneof![1 => Just(Value::Null), 1 => Just(Value::Unknown), 8 => known].boxed()
}

fn dynamic() -> BoxedStrategy<Value> {
    let primitive = prop_oneof![
        Just(Value::Null),
        Just(Value::Unknown),
        any::<bool>().prop_map(Value::Bool),
        numbers().prop_map(Value::Number),
        text().prop_map(Value::from),
    ];
    let nested = primitive.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::List),
            btree_map("[a-z_]{1,8}", inner, 0..3).prop_map(Value::Map),
        ]
    });
    nested.boxed()
}

fn numbers() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i64>().prop_map(Number::from),
        any::<u64>().prop_map(Number::from),
        any::<f64>().prop_filter_map("finite", |float| Number::try_from(float).ok()),
        "-?[0-9]{1,40}(\\.[0-9]{1,40})?(e-?[0-9]{1,2})?".prop_map(|text| text.parse().expect("a decimal")),
    ]
}

fn text() -> impl Strategy<Value = String> {
    any::<String>().prop_map(|text| normalized(&text))
}

fn typed_values() -> impl Strategy<Value = (Type, Value)> {
    types().prop_flat_map(|ty| values(&ty).prop_map(move |value| (ty.clone(), value)))
}

/// State as core writes it. `None` where the value holds something unknown or of a dynamic type.
fn state(value: &Value, ty: &Type) -> Option<serde_json::Value> {
    Some(match (value, ty) {
        (Value::Unknown, _) | (_, Type::Dynamic) => return None,
        (Value::Null, _) => serde_json::Value::Null,
        (Value::Bool(value), _) => (*value).into(),
        (Value::Number(number), _) => number.to_string().into(),
        (Value::String(text), _) => text.as_str().into(),
        (Value::List(elements), Type::List(ty) | Type::Set(ty)) => {
            elements.iter().map(|element| state(element, ty)).collect::<Option<Vec<_>>>()?.into()
        }
        (Value::List(elements), Type::Tuple(types)) => {
            elements.iter().zip(types).map(|(element, ty)| state(element, ty)).collect::<Option<Vec<_>>>()?.into()
        }
        (Value::Map(elements), Type::Map(ty)) => {
            members(elements.iter().map(|(key, value)| (key, value, ty.as_ref())))?
        }
        (Value::Map(values), Type::Object(types)) => {
            members(values.iter().zip(types.values()).map(|((name, value), ty)| (name, value, ty)))?
        }
        _ => return None,
    })
}

fn members<'a>(members: impl Iterator<Item = (&'a String, &'a Value, &'a Type)>) -> Option<serde_json::Value> {
    members.map(|(key, value, ty)| Some((key.clone(), state(value, ty)?))).collect()
}

proptest! {
    #[test]
    fn types_come_back(ty in types()) {
        prop_assert_eq!(Type::from_json(ty.to_json().as_bytes()), Ok(ty));
    }

    #[test]
    fn numbers_come_back(number in numbers()) {
        prop_assert!(matches!(&number.to_string().parse::<Number>(), Ok(parsed) if parsed.to_string() == number.to_string()));
    }

    #[test]
    fn values_come_back((ty, value) in typed_values()) {
        let bytes = msgpack::encode(&value, &ty).expect("the value is of the type");
        prop_assert_eq!(msgpack::decode(&bytes, &ty), Ok(value));
    }

    #[test]
    fn a_cut_value_is_refused((ty, value) in typed_values(), cut: prop::sample::Index) {
        let bytes = msgpack::encode(&value, &ty).expect("the value is of the type");
        let kept = cut.index(bytes.len());
        prop_assert!(kept == 0 || msgpack::decode(&bytes[..kept], &ty).is_err());
    }

    #[test]
    fn a_value_and_more_is_refused((ty, value) in typed_values(), more in vec(any::<u8>(), 1..4)) {
        let mut bytes = msgpack::encode(&value, &ty).expect("the value is of the type");
        bytes.extend(more);
        prop_assert!(msgpack::decode(&bytes, &ty).is_err());
    }

    #[test]
    fn state_is_read((ty, value) in typed_values()) {
        if let Some(state) = state(&value, &ty) {
            let read = json::decode(state.to_string().as_bytes(), &ty);
            // The nearest float reads back as the decimal that it prints as.
            prop_assert_eq!(read.map(|value| format!("{value:?}")), Ok(format!("{value:?}")));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in vec(any::<u8>(), 0..64), ty in types()) {
        let _ = msgpack::decode(&bytes, &ty);
        let _ = json::decode(&bytes, &ty);
        let _ = Type::from_json(&bytes);
    }

    #[test]
    fn no_changed_byte_panics((ty, value) in typed_values(), at: prop::sample::Index, byte: u8) {
        let mut bytes = msgpack::encode(&value, &ty).expect("the value is of the type");
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = msgpack::decode(&bytes, &ty);
    }

    #[test]
    fn no_json_panics(text in "[\\[\\]{}\",:0-9a-z.e\\\\ -]{0,48}", ty in types()) {
        let _ = json::decode(text.as_bytes(), &ty);
        let _ = Type::from_json(text.as_bytes());
    }

    #[test]
    fn conforms_is_what_decodes(value in dynamic(), ty in types()) {
        let bytes = msgpack::encode(&value, &ty);
        prop_assert_eq!(value.conforms(&ty).is_ok(), bytes.is_ok());
        if let Ok(bytes) = bytes {
            prop_assert_eq!(msgpack::decode(&bytes, &ty), Ok(value));
        }
    }
}

#[test]
fn errors_name_the_place_and_hide_the_value() {
    let ty = Type::Object(BTreeMap::from([("secrets".to_owned(), Type::List(Type::Map(Type::Number.into()).into()))]));
    let secrets = Value::List(vec![Value::Map(BTreeMap::from([("a".to_owned(), "hunter2".into())]))]);
    let value = Value::Map(BTreeMap::from([("secrets".to_owned(), secrets)]));
    let expected = r#"`secrets[0]["a"]`: expected a number, found a string"#;
    assert_eq!(value.conforms(&ty).map_err(|error| error.to_string()), Err(expected.to_owned()));

    let state = br#"{"secrets": [{"a": "hunter2"}]}"#;
    let expected = r#"`secrets[0]["a"]`: expected a decimal number, found other text or too large an exponent"#;
    assert_eq!(json::decode(state, &ty).map_err(|error| error.to_string()), Err(expected.to_owned()));
}
