//! Settings as JSON. The API documentation does not describe their fields.

use std::fmt;

use secrecy::zeroize::Zeroizing;
use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Error as _, Serialize, Serializer};
use serde_json::value::RawValue;

/// A JSON object as text, which may hold secrets. It is sent as it is written.
#[derive(Clone, PartialEq, Eq)]
pub struct Document(Zeroizing<String>);

impl Document {
    /// A document with this text.
    #[must_use]
    pub fn new(text: &str) -> Document {
        Document(text.to_owned().into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The empty object.
impl Default for Document {
    fn default() -> Document {
        Document::new("{}")
    }
}

impl Serialize for Document {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw: &RawValue =
            serde_json::from_str(&self.0).map_err(|_| S::Error::custom("a document that is not JSON"))?;
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Document, D::Error> {
        match serde_json::Value::deserialize(deserializer)? {
            object @ serde_json::Value::Object(_) => Ok(Document(object.to_string().into())),
            _ => Err(D::Error::custom("expected an object")),
        }
    }
}

/// Shows nothing, since any part may be a secret.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Document").finish_non_exhaustive()
    }
}
