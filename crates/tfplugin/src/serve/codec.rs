//! Values as the protocol carries them: from bytes to values and back.

use redaction::Secrets;

use super::sensitive::remember;
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Result};
use crate::cty::{Type, Value, json, msgpack};
use crate::proto::tfplugin5::{DynamicValue, RawState};

/// Reads an object of this schema, and remembers its sensitive values: whatever passes through a session comes here.
pub(super) fn decode_object(
    value: Option<&DynamicValue>,
    block: &Block,
    ty: &Type,
    secrets: &Secrets,
) -> Result<Value> {
    let object = decode(value, ty)?;
    remember(block, &object, secrets);
    Ok(object)
}

/// Reads a value that has no sensitive parts.
pub(super) fn decode(value: Option<&DynamicValue>, ty: &Type) -> Result<Value> {
    let value = match value {
        Some(value) if !value.msgpack.is_empty() => msgpack::decode(&value.msgpack, ty),
        Some(value) => json::decode(&value.json, ty),
        None => Ok(Value::Null),
    };
    value.map_err(|error| Diagnostic::bug(format!("A value that Terraform sent could not be read: {error}")).into())
}

pub(super) fn decode_raw(raw: Option<&RawState>, ty: &Type) -> Result<Value> {
    let json = raw.map(|raw| raw.json.as_slice()).unwrap_or_default();
    json::decode(json, ty).map_err(|error| unreadable_state(&error.to_string()).into())
}

/// The error for a state that this version of the provider cannot have written.
pub(super) fn unreadable_state(reason: &str) -> Diagnostic {
    let detail = format!(
        "{reason}\n\nThe state was written by another version of the provider, or changed by hand. Restore it, or \
         remove the object from it with \
         `terraform state rm` and import the object again."
    );
    Diagnostic::error("The stored state cannot be read", detail)
}

pub(super) fn encode(value: &Value, ty: &Type) -> Result<DynamicValue> {
    match msgpack::encode(value, ty) {
        Ok(msgpack) => Ok(DynamicValue { msgpack, json: Vec::new() }),
        Err(error) => Err(Diagnostic::bug(format!("An answer could not be written: {error}")).into()),
    }
}
