//! What every answer of Deepslate is wrapped in: `success` and `timestamp`, and optionally `message`, `data`,
//! `traceId`. A list adds `page`, `size`, `totalElements` and `totalPages`.

use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::error::Malformed;
use super::pages::Page;

/// An answer's envelope.
pub(super) struct Envelope {
    pub(super) success: bool,
    pub(super) message: Option<String>,
    pub(super) trace_id: Option<String>,
    /// What else there is, `data` first of all.
    members: Map<String, Value>,
}

/// The fields of an object: one in `data`, or the envelope itself.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a Map<String, Value>);

/// A kind of object that can be read from the API.
pub(super) trait Object: Sized {
    fn read(fields: Fields<'_>) -> Result<Self, Malformed>;
}

/// An object of which only the id matters.
impl Object for () {
    fn read(_: Fields<'_>) -> Result<(), Malformed> {
        Ok(())
    }
}

impl Envelope {
    /// Reads a body; an empty one holds none.
    ///
    /// `success` alone makes an envelope. The rest is taken where it is there, so that an odd `message` does not turn
    /// Deepslate's own 404 into somebody else's.
    pub(super) fn parse(body: &[u8]) -> Result<Option<Envelope>, Malformed> {
        if body.trim_ascii().is_empty() {
            return Ok(None);
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
        Ok(Some(Envelope { success, message, trace_id, members }))
    }

    /// Whether anything but null is in `data`.
    pub(super) fn has_data(&self) -> bool {
        self.members.get("data").is_some_and(|data| !data.is_null())
    }

    /// The id in `data`, whatever else there is.
    pub(super) fn id(&self) -> Result<Uuid, Malformed> {
        self.fields()?.id()
    }

    /// The object in `data`, which is the one with this id.
    pub(super) fn object<T: Object>(&self, id: Uuid) -> Result<T, Malformed> {
        if !self.success {
            return Err(Malformed::NotSuccessful);
        }
        match self.id()? {
            other if other != id => Err(Malformed::OtherId(other)),
            _ => T::read(self.fields()?),
        }
    }

    /// The page of a list in `data`.
    pub(super) fn page<T: Object>(&self) -> Result<Page<T>, Malformed> {
        if !self.success {
            return Err(Malformed::NotSuccessful);
        }
        let items = self.members.get("data").and_then(Value::as_array).ok_or(Malformed::NoList)?;
        let item = |item: &Value| {
            let fields = item.as_object().map(Fields).ok_or(Malformed::NoList)?;
            Ok((fields.id()?, T::read(fields)?))
        };
        let paging = Fields(&self.members);
        Ok(Page {
            number: paging.get("page")?,
            size: paging.get("size")?,
            total: paging.get("totalElements")?,
            items: items.iter().map(item).collect::<Result<_, _>>()?,
        })
    }

    fn fields(&self) -> Result<Fields<'_>, Malformed> {
        self.members.get("data").and_then(Value::as_object).map(Fields).ok_or(Malformed::NoData)
    }
}

impl Fields<'_> {
    /// The object's id.
    pub(super) fn id(self) -> Result<Uuid, Malformed> {
        let text: String = self.get("id")?;
        Uuid::parse_str(&text).map_err(|error| Malformed::Field { name: "id", reason: error.to_string() })
    }

    /// A field, null where it is missing.
    pub(super) fn get<T: for<'de> Deserialize<'de>>(self, name: &'static str) -> Result<T, Malformed> {
        T::deserialize(self.0.get(name).unwrap_or(&Value::Null))
            .map_err(|error| Malformed::Field { name, reason: error.to_string() })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Port(u16);

    impl Object for Port {
        fn read(fields: Fields<'_>) -> Result<Port, Malformed> {
            fields.get("port").map(Port)
        }
    }

    const ID: Uuid = Uuid::from_u128(1);

    fn port(body: &str) -> Result<Port, Malformed> {
        Envelope::parse(body.as_bytes())?.expect("not empty").object(ID)
    }

    fn field<T>(name: &'static str, reason: &str) -> Result<T, Malformed> {
        Err(Malformed::Field { name, reason: reason.to_owned() })
    }

    #[test]
    fn reads_an_object() {
        let id = ID.to_string();
        assert_eq!(port(&format!(r#"{{"success":true,"data":{{"id":"{id}","port":5060,"new":[]}}}}"#)), Ok(Port(5060)));
        assert!(Envelope::parse(b" \r\n").expect("empty").is_none());
        let bare = Envelope::parse(br#"{"success":false,"message":7,"traceId":"","data":null}"#).expect("an envelope");
        let bare = bare.expect("not empty");
        assert!(!bare.success && bare.message.is_none() && bare.trace_id.is_none() && !bare.has_data());
    }

    #[test]
    fn says_what_is_wrong() {
        let id = ID.to_string();
        let data = |data: &str| port(&format!(r#"{{"success":true,"data":{data}}}"#));
        assert_eq!(port("<html>"), Err(Malformed::NotJson));
        assert_eq!(port(r#"{"success":true"#), Err(Malformed::NotJson));
        assert_eq!(port("[]"), Err(Malformed::NoEnvelope));
        assert_eq!(port(r#"{"success":"true"}"#), Err(Malformed::NoEnvelope));
        assert_eq!(port(r#"{"success":false,"data":{}}"#), Err(Malformed::NotSuccessful));
        assert_eq!(data("null"), Err(Malformed::NoData));
        assert_eq!(data("[]"), Err(Malformed::NoData));
        assert_eq!(data("{}"), field("id", "invalid type: null, expected a string"));
        assert!(matches!(data(r#"{"id":"../x"}"#), Err(Malformed::Field { name: "id", .. })));
        assert_eq!(data(&format!(r#"{{"id":"{}"}}"#, Uuid::nil())), Err(Malformed::OtherId(Uuid::nil())));
        for (value, reason) in [
            ("65536", "invalid value: integer `65536`, expected u16"),
            ("-1", "invalid value: integer `-1`, expected u16"),
            ("1.5", "invalid type: floating point `1.5`, expected u16"),
            ("\"x\"", "invalid type: string \"x\", expected u16"),
            ("null", "invalid type: null, expected u16"),
        ] {
            assert_eq!(data(&format!(r#"{{"id":"{id}","port":{value}}}"#)), field("port", reason));
        }
    }

    proptest! {
        #[test]
        fn arbitrary_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = Envelope::parse(&body);
        }
    }
}
