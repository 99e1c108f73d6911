//! JSON in raw parts: syntax is checked, and values are not read yet.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Step;
use super::error::Error;
use super::text::normalized;

/// Reads the whole input as one JSON document. Its syntax is valid after that, and a `RawValue` has no space around it.
pub(super) fn document(bytes: &[u8]) -> Result<&RawValue, Error> {
    serde_json::from_slice(bytes)
        .map_err(|error| Error::new(format!("invalid JSON at line {}, column {}", error.line(), error.column())))
}

/// Reads the elements of a JSON array.
pub(super) fn elements(raw: &RawValue) -> Result<Vec<&RawValue>, Error> {
    serde_json::from_str(raw.get()).map_err(|_| Error::new("expected a JSON array"))
}

/// Reads the members of a JSON object by key.
///
/// # Errors
/// If a key is there twice.
pub(super) fn members(raw: &RawValue) -> Result<BTreeMap<String, &RawValue>, Error> {
    let Members(members) = serde_json::from_str(raw.get()).map_err(|_| Error::new("expected a JSON object"))?;
    let mut by_key = BTreeMap::new();
    for (key, raw) in members {
        let key = normalized(&key);
        if by_key.contains_key(&key) {
            return Err(Error::new("this key is used twice").within(Step::Key(key)));
        }
        by_key.insert(key, raw);
    }
    Ok(by_key)
}

/// The members of a JSON object as they are written. Serde's own maps keep only the last of several equal keys.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'a>, D::Error> {
        struct Collect;

        impl<'de> Visitor<'de> for Collect {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = access.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Collect)
    }
}
