//! Converts between JSON, which tests write and compare, and what core sends.

use std::sync::LazyLock;

use serde_json::{Value as Json, json};
use tfplugin::cty::{Type, Value, json as cty_json, msgpack};
use tfplugin::proto::tfplugin5::{Diagnostic, DynamicValue, Schema, schema::nested_block::NestingMode};

use super::corpus::record;

/// Marks an unknown value in JSON. Only whole attributes can be unknown.
pub static UNKNOWN: LazyLock<Json> = LazyLock::new(|| json!("(unknown)"));

/// Returns the severity, summary and detail of each diagnostic as one text.
pub fn texts(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics
        .iter()
        .map(|diagnostic| {
            let Diagnostic { summary, detail, .. } = diagnostic;
            format!("{}: {summary}\n{detail}", diagnostic.severity().as_str_name())
        })
        .collect()
}

/// Returns the type of an object with this schema.
pub fn block_type(schema: Option<&Schema>) -> Type {
    let block = schema.and_then(|schema| schema.block.as_ref()).expect("the provider has this schema");
    let attributes = block.attributes.iter().map(|attribute| {
        record("type_json", &attribute.r#type);
        (attribute.name.clone(), Type::from_json(&attribute.r#type).unwrap())
    });
    let blocks = block.block_types.iter().map(|nested| {
        let block = block_type(Some(&Schema { version: 0, block: nested.block.clone() }));
        let ty = match nested.nesting() {
            NestingMode::Single => block,
            NestingMode::List => Type::List(Box::new(block)),
            other => panic!("unexpected nesting: {other:?}"),
        };
        (nested.type_name.clone(), ty)
    });
    Type::Object(attributes.chain(blocks).collect())
}

/// Encodes a value of this type. An attribute that the JSON does not have is null, and a list of blocks is empty.
pub fn encode(json: &Json, ty: &Type) -> DynamicValue {
    let mut known = json.clone();
    let mut unknown = Vec::new();
    for (name, value) in known.as_object_mut().into_iter().flatten().filter(|(_, value)| **value == *UNKNOWN) {
        *value = Json::Null;
        unknown.push(name.clone());
    }
    let mut value =
        if json.is_null() { Value::Null } else { cty_json::decode(known.to_string().as_bytes(), ty).unwrap() };
    if let (Value::Map(values), Type::Object(types)) = (&mut value, ty) {
        for (name, value) in values.iter_mut().filter(|(_, value)| value.is_null()) {
            if matches!(&types[name], Type::List(element) if matches!(**element, Type::Object(_))) {
                *value = Value::List(Vec::new());
            }
        }
        values.extend(unknown.into_iter().map(|name| (name, Value::Unknown)));
    }
    let msgpack = msgpack::encode(&value, ty).unwrap();
    record("msgpack", &msgpack);
    DynamicValue { msgpack, json: Vec::new() }
}

/// Decodes a value of this type. `None` is null.
pub fn decode(value: Option<&DynamicValue>, ty: &Type) -> Json {
    let Some(value) = value else { return Json::Null };
    assert!(value.json.is_empty(), "core takes MessagePack from every provider");
    record("msgpack", &value.msgpack);
    let json = to_json(&msgpack::decode(&value.msgpack, ty).unwrap());
    record("state_json", json.to_string().as_bytes());
    json
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Unknown => UNKNOWN.clone(),
        Value::Bool(value) => json!(value),
        Value::Number(number) => number.to_string().parse::<serde_json::Number>().unwrap().into(),
        Value::String(text) => json!(text.as_str()),
        Value::List(values) => values.iter().map(to_json).collect(),
        Value::Map(values) => values.iter().map(|(name, value)| (name.clone(), to_json(value))).collect(),
    }
}
