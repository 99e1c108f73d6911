//! Values as the protocol carries them: from bytes to values and back.

use redaction::Secrets;

use super::sensitive::remember;
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Result};
use crate::cty::{Type, Value, json, msgpack};
use crate::proto::tfplugin5::DynamicValue;

/// Reads an object of this schema or null, and remembers its sensitive values: whatever passes through a session comes
/// here.
pub(super) fn decode_or_null(
    value: Option<&DynamicValue>,
    block: &Block,
    ty: &Type,
    secrets: &Secrets,
) -> Result<Value> {
    let object = decode(value, ty)?;
    remember(block, &object, secrets);
    Ok(object)
}

/// Reads an object of this schema, which `what` names, and remembers its sensitive values.
///
/// # Errors
/// If the host sent null, or nothing.
pub(super) fn decode_object(
    value: Option<&DynamicValue>,
    block: &Block,
    ty: &Type,
    what: &str,
    secrets: &Secrets,
) -> Result<Value> {
    match decode_or_null(value, block, ty, secrets)? {
        object @ Value::Map(_) => Ok(object),
        _ => Err(Diagnostic::host_fault(format!("The host sent no value for {what}. Expected an object.")).into()),
    }
}

/// Reads a value that has no sensitive parts.
pub(super) fn decode(value: Option<&DynamicValue>, ty: &Type) -> Result<Value> {
    let value = match value {
        Some(value) if !value.msgpack.is_empty() => msgpack::decode(&value.msgpack, ty),
        Some(value) => json::decode(&value.json, ty),
        None => Ok(Value::Null),
    };
    value.map_err(|error| Diagnostic::host_fault(format!("The host sent a value that cannot be read: {error}.")).into())
}

pub(super) fn encode(value: &Value, ty: &Type) -> Result<DynamicValue> {
    match msgpack::encode(value, ty) {
        Ok(msgpack) => Ok(DynamicValue { msgpack, json: Vec::new() }),
        Err(error) => Err(Diagnostic::bug(format!("A response could not be encoded: {error}")).into()),
    }
}
