//! Stored states and identities, from the version of the schema that wrote them to the current one.

use serde_json::Value as Json;

use super::resource_schema::ResourceSchema;
use crate::author::diagnostics::{Diagnostic, Result};
use crate::author::resource::Upgrader;
use crate::cty::{Type, Value, json};
use crate::proto::tfplugin5::RawState;

/// Reads a state that a schema of this version wrote. There is one upgrader from each older version.
///
/// # Errors
/// If a newer version wrote it, if an upgrader refuses it, or if it is not an object of the schema.
pub(super) fn state(
    schema: &ResourceSchema,
    upgraders: &[Upgrader],
    version: i64,
    raw: Option<&RawState>,
) -> Result<Value> {
    let json = json_of(raw)?;
    match upgraders_from(upgraders, version)? {
        [] => object(json, &schema.ty),
        upgraders => {
            let stored = serde_json::from_slice(json)
                .map_err(|error| unreadable(&format!("The state is not a JSON object: {}", category(&error))))?;
            let upgraded = upgraders.iter().try_fold(stored, |state, upgrade| upgrade(state));
            let upgraded = upgraded.map_err(|reason| unreadable(&reason))?;
            object(Json::Object(upgraded).to_string().as_bytes(), &schema.ty)
        }
    }
}

/// Reads an identity. Its schema has only had version 0.
pub(super) fn identity(schema: &ResourceSchema, version: i64, raw: Option<&RawState>) -> Result<Value> {
    upgraders_from(&[], version)?;
    object(json_of(raw)?, &schema.identity_type)
}

/// The upgraders that a state of this version needs.
fn upgraders_from(upgraders: &[Upgrader], version: i64) -> Result<&[Upgrader]> {
    let needed =
        usize::try_from(version).map_err(|_| unreadable(&format!("The state has the schema version {version}")))?;
    Ok(upgraders.get(needed..).ok_or_else(|| newer(version, upgraders.len()))?)
}

fn json_of(raw: Option<&RawState>) -> Result<&[u8]> {
    match raw {
        Some(raw) if !raw.json.is_empty() => Ok(&raw.json),
        Some(raw) if !raw.flatmap.is_empty() => {
            Err(unreadable("The state has the format of Terraform 0.11, which this provider never wrote").into())
        }
        _ => Err(unreadable("The state is empty").into()),
    }
}

fn object(json: &[u8], ty: &Type) -> Result<Value> {
    match json::decode(json, ty) {
        Ok(object @ Value::Map(_)) => Ok(object),
        Ok(_) => Err(unreadable("The state is null").into()),
        Err(error) => Err(unreadable(&error.to_string()).into()),
    }
}

/// What is wrong with the JSON, without its text.
fn category(error: &serde_json::Error) -> String {
    format!("line {}, column {}", error.line(), error.column())
}

fn newer(version: i64, current: usize) -> Diagnostic {
    let detail = format!(
        "The state has the schema version {version}, but this version of the provider supports versions up to \
         {current}. A newer version of the provider wrote the state. Use that version or a newer one: check the \
         version in `required_providers`, and run `terraform init -upgrade`."
    );
    Diagnostic::error("A newer version of the provider wrote the state", detail)
}

/// The error for a state that this version of the provider cannot have written.
pub(super) fn unreadable(reason: &str) -> Diagnostic {
    let detail = format!(
        "{reason}\n\nAnother version of the provider wrote the state, or someone changed the state by hand. Restore \
         the state, or remove the object with `terraform state rm` and import it again."
    );
    Diagnostic::error("Could not read the stored state", detail)
}
