//! The wrapping of every answer: `success` and `timestamp`, and optionally `message`, `data` and `traceId`. A list adds
//! `page`, `size`, `totalElements` and `totalPages`.

use std::num::NonZeroU64;

use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::Malformed;

/// The envelope of an answer. That of an empty answer is a success without content.
pub struct Envelope {
    /// Whether the call succeeded.
    pub success: bool,
    /// Deepslate's message.
    pub message: Option<String>,
    /// The ID by which Deepslate's operators find the request.
    pub trace_id: Option<String>,
    /// All other members, such as `data`.
    members: Map<String, Value>,
}

/// A page of a list, as the server describes it.
pub struct Page<T> {
    /// Number of the page, from 0.
    pub number: u64,
    /// Number of objects on every page but the last.
    pub size: NonZeroU64,
    /// Number of objects in the list.
    pub total: u64,
    /// The objects on the page, each with its ID.
    pub items: Vec<(Uuid, T)>,
}

impl Envelope {
    /// Reads a body.
    ///
    /// `success` alone makes an envelope. The other members are optional, so that an odd `message` does not turn
    /// Deepslate's own 404 into a foreign one.
    pub fn parse(body: &[u8]) -> Result<Envelope, Malformed> {
        if body.trim_ascii().is_empty() {
            return Ok(Envelope { success: true, message: None, trace_id: None, members: Map::new() });
        }
        let Value::Object(mut members) = serde_json::from_slice(body).map_err(|_| Malformed::NotJson)? else {
            return Err(Malformed::NoEnvelope);
        };
        let mut text = |name| match members.remove(name) {
            Some(Value::String(text)) if !text.is_empty() => Some(text),
            _ => None,
        };
        let (message, trace_id) = (text("message"), text("traceId"));
        let success = members.get("success").and_then(Value::as_bool).ok_or(Malformed::NoEnvelope)?;
        Ok(Envelope { success, message, trace_id, members })
    }

    /// Checks that the answer does not report a failure.
    pub fn succeeded(&self) -> Result<(), Malformed> {
        if self.success { Ok(()) } else { Err(Malformed::NotSuccessful) }
    }

    /// The ID of the object that was created, even if the answer reports a failure.
    pub fn created_id(&self) -> Result<Uuid, Malformed> {
        self.data().and_then(id).map_err(|reason| if self.success { reason } else { Malformed::NotSuccessful })
    }

    /// The object in `data`, which must have this ID.
    pub fn object(&self, expected: Uuid) -> Result<&Map<String, Value>, Malformed> {
        self.succeeded()?;
        let fields = self.data()?;
        match id(fields)? {
            other if other != expected => Err(Malformed::OtherId(other)),
            _ => Ok(fields),
        }
    }

    /// The object in `data`, if there is one: some updates are answered without it.
    pub fn object_if_any(&self, expected: Uuid) -> Result<Option<&Map<String, Value>>, Malformed> {
        self.succeeded()?;
        match self.members.get("data") {
            None | Some(Value::Null) => Ok(None),
            Some(_) => self.object(expected).map(Some),
        }
    }

    /// The page of a list in `data`.
    pub fn page(&self) -> Result<Page<&Map<String, Value>>, Malformed> {
        self.succeeded()?;
        let missing = if self.members.is_empty() { Malformed::NoData } else { Malformed::NoList };
        let items = self.members.get("data").and_then(Value::as_array).ok_or(missing)?;
        Ok(Page {
            number: member(&self.members, "page")?,
            size: member(&self.members, "size")?,
            total: member(&self.members, "totalElements")?,
            items: items.iter().map(item).collect::<Result<_, _>>()?,
        })
    }

    fn data(&self) -> Result<&Map<String, Value>, Malformed> {
        self.members.get("data").and_then(Value::as_object).ok_or(Malformed::NoData)
    }
}

impl<T> Page<T> {
    /// The page with each object read from its fields.
    pub fn try_map<R>(self, mut read: impl FnMut(Uuid, T) -> Result<R, Malformed>) -> Result<Page<R>, Malformed> {
        let Page { number, size, total, items } = self;
        let items = items.into_iter().map(|(id, item)| Ok((id, read(id, item)?))).collect::<Result<_, _>>()?;
        Ok(Page { number, size, total, items })
    }
}

/// An item of a list, with its ID.
fn item(item: &Value) -> Result<(Uuid, &Map<String, Value>), Malformed> {
    let fields = item.as_object().ok_or(Malformed::NoList)?;
    Ok((id(fields)?, fields))
}

fn id(fields: &Map<String, Value>) -> Result<Uuid, Malformed> {
    let text: String = member(fields, "id")?;
    Uuid::parse_str(&text).map_err(|error| Malformed::Field { name: "id", reason: error.to_string() })
}

/// A member of an object. A missing one counts as null.
fn member<T: for<'de> Deserialize<'de>>(fields: &Map<String, Value>, name: &'static str) -> Result<T, Malformed> {
    T::deserialize(fields.get(name).unwrap_or(&Value::Null))
        .map_err(|error| Malformed::Field { name, reason: error.to_string() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: Uuid = Uuid::from_u128(1);

    fn object(body: &str) -> Result<Map<String, Value>, Malformed> {
        Envelope::parse(body.as_bytes())?.object(ID).cloned()
    }

    fn field<T>(name: &'static str, reason: &str) -> Result<T, Malformed> {
        Err(Malformed::Field { name, reason: reason.to_owned() })
    }

    #[test]
    fn reads_an_object() {
        let id = ID.to_string();
        let found = object(&format!(r#"{{"success":true,"data":{{"id":"{id}","port":5060,"new":[]}}}}"#));
        assert_eq!(found.expect("an object")["port"], 5060);
        assert_eq!(Envelope::parse(b" \r\n").expect("empty").object_if_any(ID), Ok(None));
        let bare = Envelope::parse(br#"{"success":false,"message":7,"traceId":"","data":null}"#).expect("an envelope");
        assert!(!bare.success && bare.message.is_none() && bare.trace_id.is_none());
        assert_eq!(bare.created_id(), Err(Malformed::NotSuccessful));
    }

    #[test]
    fn says_what_is_wrong() {
        let data = |data: &str| object(&format!(r#"{{"success":true,"data":{data}}}"#));
        assert_eq!(object("<html>"), Err(Malformed::NotJson));
        assert_eq!(object(r#"{"success":true"#), Err(Malformed::NotJson));
        assert_eq!(object("[]"), Err(Malformed::NoEnvelope));
        assert_eq!(object(r#"{"success":"true"}"#), Err(Malformed::NoEnvelope));
        assert_eq!(object(r#"{"success":false,"data":{}}"#), Err(Malformed::NotSuccessful));
        assert_eq!(data("null"), Err(Malformed::NoData));
        assert_eq!(data("[]"), Err(Malformed::NoData));
        assert_eq!(data("{}"), field("id", "invalid type: null, expected a string"));
        assert!(matches!(data(r#"{"id":"../x"}"#), Err(Malformed::Field { name: "id", .. })));
        assert_eq!(data(&format!(r#"{{"id":"{}"}}"#, Uuid::nil())), Err(Malformed::OtherId(Uuid::nil())));
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Envelope::parse(&body);
        }
    }
}
