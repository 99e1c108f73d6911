//! What follows from the schema of a resource.

use std::collections::BTreeMap;

use redaction::Secrets;

use super::codec::{decode_object, decode_or_null, encode};
use super::stored::unreadable;
use super::walk;
use crate::author::attribute::Attribute;
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::author::mismatch::Mismatch;
use crate::cty::{Type, Value};
use crate::proto::tfplugin5::{DynamicValue, ResourceIdentityData};

/// A resource's schema with the types of its state and of its identity.
pub(super) struct ResourceSchema {
    pub(super) block: Block,
    pub(super) ty: Type,
    pub(super) identity_type: Type,
}

impl ResourceSchema {
    pub(super) fn new(block: Block) -> Self {
        Self { ty: block.ty(), identity_type: block.identity_type(), block }
    }

    /// Returns the identity of an object with this state, or `None` if the resource has none or a part is not known yet.
    pub(super) fn identity(&self, state: &Value) -> Result<Option<ResourceIdentityData>> {
        let mut parts = BTreeMap::new();
        for attribute in self.block.identity() {
            let value = state.attribute(attribute.name);
            if value.is_null() || value.is_unknown() {
                return Ok(None);
            }
            parts.insert(attribute.name.to_owned(), value.clone());
        }
        if parts.is_empty() {
            return Ok(None);
        }
        Ok(Some(ResourceIdentityData { identity_data: Some(encode(&Value::Map(parts), &self.identity_type)?) }))
    }

    /// Checks that a state has the identity of its object.
    ///
    /// # Errors
    /// If the identity is missing. Only a manual change can cause that.
    pub(super) fn require_identity(&self, state: &Value) -> Result<()> {
        match self.block.identity().find(|attribute| state.attribute(attribute.name).is_null()) {
            None => Ok(()),
            Some(attribute) => Err(unreadable(&format!("`{}` is missing", attribute.name)).into()),
        }
    }

    /// See [`decode_or_null`].
    pub(super) fn decode_or_null(&self, value: Option<&DynamicValue>, secrets: &Secrets) -> Result<Value> {
        decode_or_null(value, &self.block, &self.ty, secrets)
    }

    /// See [`decode_object`].
    pub(super) fn decode_object(&self, value: Option<&DynamicValue>, what: &str, secrets: &Secrets) -> Result<Value> {
        decode_object(value, &self.block, &self.ty, what, secrets)
    }

    /// An object as the protocol carries it.
    pub(super) fn encode(&self, object: Value) -> Result<DynamicValue> {
        encode(&walk::whole(&self.block, object), &self.ty)
    }

    /// The object with only the values of its identity.
    pub(super) fn named_as(&self, object: &Value) -> Value {
        let parts = self.block.identity().map(|part| (part.name.to_owned(), object.attribute(part.name).clone()));
        Value::Map(parts.collect())
    }

    /// Makes a state that has only the values of an identity.
    ///
    /// # Errors
    /// If a part of the identity breaks the rules of its attribute, or if a part without a default is missing.
    pub(super) fn named_by(&self, identity: &Value, secrets: &Secrets) -> Result<Value> {
        let mut diagnostics = Diagnostics::default();
        let mut state: BTreeMap<_, _> = self.block.names().map(|name| (name.to_owned(), Value::Null)).collect();
        for attribute in self.block.identity() {
            let value = identity.attribute(attribute.name);
            if value.is_null() {
                if !attribute.optional {
                    diagnostics.push(missing(attribute.name));
                }
                continue;
            }
            for mismatch in attribute.check(value).iter().filter(|mismatch| !mismatch.is_warning) {
                diagnostics.push(invalid_identity(attribute, value, mismatch, secrets));
            }
            state.insert(attribute.name.to_owned(), value.clone());
        }
        if diagnostics.has_errors() { Err(diagnostics) } else { Ok(Value::Map(state)) }
    }
}

fn missing(name: &str) -> Diagnostic {
    let detail = format!("An import by identity requires `{name}`, but `{name}` is null or not set");
    Diagnostic::error(format!("Invalid identity: `{name}`"), detail)
}

fn invalid_identity(attribute: &Attribute, value: &Value, mismatch: &Mismatch, secrets: &Secrets) -> Diagnostic {
    let detail = format!("Expected {}, got {}", mismatch.expected, attribute.show_refused(value, secrets));
    Diagnostic::error(format!("Invalid identity: `{}`", attribute.name), detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::attr::Attr;

    #[test]
    fn a_resource_without_identity_returns_none() {
        let name = || Attr::<String>::attribute("name", "").required();
        let state = Value::Map(BTreeMap::from([("name".to_owned(), "a".into())]));
        for (attribute, has_identity) in [(name(), false), (name().identity(), true)] {
            let schema = ResourceSchema::new(Block::new("").with(attribute));
            assert_eq!(schema.identity(&state).expect("it can be encoded").is_some(), has_identity);
        }
    }
}
