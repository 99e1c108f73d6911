//! Private data: what the SDK remembers of an object beside its state.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::hashes::Hashes;
use crate::author::attribute_type::Comparison;
use crate::author::block::Block;
use crate::cty::Value;

/// Private data. It is stored in the clear, so it never holds a value of an attribute.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
pub(super) struct Private {
    /// By these a changed write-only value is noticed.
    #[serde(flatten)]
    pub(super) hashes: Hashes,
    /// The names of the attributes whose values in the state are not known to be true.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    distrusted: BTreeSet<String>,
    /// The names of the attributes whose values in the state are as the service wrote them, not as the configuration did.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) found: BTreeSet<String>,
    /// What the resource noted.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) notes: BTreeSet<String>,
    /// Whether the state comes from an import or a `moved` block and has not been read since.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(super) unread: bool,
    /// What another version of the SDK wrote.
    #[serde(flatten)]
    others: Map<String, Json>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl Private {
    /// Reads private data. Data in another format holds nothing.
    pub(super) fn read(private: &[u8]) -> Self {
        serde_json::from_slice(private).unwrap_or_default()
    }

    /// Writes private data. What nothing changed stays as it was `before`, in whatever format.
    pub(super) fn write(&self, before: &[u8]) -> Vec<u8> {
        if *self == Self::read(before) {
            before.to_vec()
        } else if *self == Self::default() {
            Vec::new()
        } else {
            serde_json::to_vec(self).unwrap_or_default()
        }
    }

    /// The private data of an object that was just imported or moved here.
    pub(super) fn of_unread() -> Vec<u8> {
        Self { unread: true, ..Self::default() }.write(b"")
    }

    /// Remembers that these attributes may no longer have the value in the state. A write-only attribute stands for its
    /// version. Attributes that name or replace the object are left out: without them, nothing could be read or planned.
    pub(super) fn distrust(&mut self, block: &Block, names: &BTreeSet<String>) {
        for name in names {
            let version = block.counted().find(|(secret, _)| secret.name == name).map(|(_, version)| version);
            if block.parts().any(|nested| nested.name == name) {
                self.distrusted.insert(name.clone());
            }
            let Some(attribute) = block.attribute(version.unwrap_or(name)) else { continue };
            if attribute.identity || attribute.requires_replace || attribute.write_only {
                continue;
            }
            if let Some(secret) = block.counted_by(attribute.name) {
                self.hashes.forget(secret.name);
            }
            self.distrusted.insert(attribute.name.to_owned());
        }
    }

    /// The state without the values that are not known to be true.
    pub(super) fn trusted(&self, state: &Value) -> Value {
        let Value::Map(mut values) = state.clone() else { return state.clone() };
        for name in &self.distrusted {
            if let Some(value) = values.get_mut(name) {
                *value = Value::Null;
            }
        }
        Value::Map(values)
    }

    /// Remembers which values a read took from the service: those that mean something else than the ones `before`.
    pub(super) fn note_found(&mut self, block: &Block, before: &Value, state: &Value) {
        let given = block.attributes.iter().filter(|attribute| attribute.required || attribute.optional);
        for attribute in given.filter(|attribute| !attribute.requires_replace && !attribute.identity) {
            let value = state.attribute(attribute.name);
            if matches!(value, Value::String(_)) && value != before.attribute(attribute.name) {
                self.found.insert(attribute.name.to_owned());
            }
        }
        for nested in block.parts() {
            let none = |value: &Value| value.is_null() || matches!(value, Value::List(elements) if elements.is_empty());
            if none(before.attribute(nested.name)) && !none(state.attribute(nested.name)) {
                self.found.insert(nested.name.to_owned());
            }
        }
    }

    /// Forgets this of the values that a write has sent as the configuration writes them.
    pub(super) fn note_sent(&mut self, block: &Block, config: &Value, state: &Value) {
        self.found.retain(|name| {
            let (config, state) = (config.attribute(name), state.attribute(name));
            match block.attribute(name) {
                Some(attribute) => !config.is_null() && !(attribute.rules.compare)(Comparison::Value, config, state),
                None => block.nested(name).is_some() && config != state,
            }
        });
    }

    /// Trusts the values that a read returned.
    pub(super) fn trust_values(&mut self, block: &Block, state: &Value) {
        let known = |name: &str| block.attribute(name).is_some() || block.nested(name).is_some();
        self.distrusted.retain(|name| known(name) && state.attribute(name).is_null());
    }

    /// Trusts all values, after a write that succeeded.
    pub(super) fn trust_all(&mut self) {
        self.distrusted.clear();
        self.unread = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn what_is_not_ours_matches_nothing() {
        for private in [&b""[..], b"null", b"[]", b"\xff", br#"{"schema_version":"1"}"#, br#"{"hashes":{"key":"x"}}"#] {
            assert!(!Private::read(private).hashes.match_value(None, "key", "x").await);
        }
        // The right hash of the value, but with more memory than is ours to use.
        let greedy = br#"{"hashes":{"key":"$argon2id$v=19$m=4194304,t=3,p=1$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}}"#;
        assert!(!Private::read(greedy).hashes.match_value(None, "key", "x").await);
    }

    #[test]
    fn what_another_version_wrote_stays() {
        for private in [&b""[..], b"private", b"null", br#"{"hashes":{}}"#, br#"{"later":[1]}"#] {
            assert_eq!(Private::read(private).write(private), private);
        }
        let private = br#"{"later":[1],"unread":true}"#;
        let read = Private { unread: false, ..Private::read(private) };
        assert_eq!(read.write(private), br#"{"later":[1]}"#);
        let hashes = br#"{"hashes":{"key":"x"},"unread":true}"#;
        let read = Private { unread: false, ..Private::read(hashes) };
        assert_eq!(read.write(hashes), br#"{"hashes":{"key":"x"}}"#, "the format of versions without traces");
    }
}
