//! Values as the protocol carries them: from bytes to values and back.

use crate::author::diagnostics::{Diagnostic, Result};
use crate::cty::{Type, Value, json, msgpack};
use crate::proto::tfplugin5::DynamicValue;

pub(super) fn decode(value: Option<&DynamicValue>, ty: &Type) -> Result<Value> {
    let value = match value {
        Some(value) if !value.msgpack.is_empty() => msgpack::decode(&value.msgpack, ty),
        Some(value) => json::decode(&value.json, ty),
        None => Ok(Value::Null),
    };
    value.map_err(|error| Diagnostic::host_fault(format!("The host sent a value that cannot be read: {error}.")).into())
}

/// Reads an object, which `what` names.
///
/// # Errors
/// If the host sent null, or nothing.
pub(super) fn decode_object(value: Option<&DynamicValue>, ty: &Type, what: &str) -> Result<Value> {
    match decode(value, ty)? {
        object @ Value::Map(_) => Ok(object),
        _ => Err(Diagnostic::host_fault(format!("The host sent no value for {what}. Expected an object.")).into()),
    }
}

pub(super) fn encode(value: &Value, ty: &Type) -> Result<DynamicValue> {
    match msgpack::encode(value, ty) {
        Ok(msgpack) => Ok(DynamicValue { msgpack, json: Vec::new() }),
        Err(error) => Err(Diagnostic::bug(format!("An answer could not be written: {error}")).into()),
    }
}
