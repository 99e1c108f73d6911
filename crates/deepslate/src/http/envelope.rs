//! The wrapping of every answer: `success` and `timestamp`, and optionally `message`, `data` and `traceId`. A list adds
//! `page`, `size`, `totalElements` and `totalPages`.

use std::num::NonZeroU64;

use redaction::ForeignText;
use uuid::Uuid;

use crate::error::Malformed;
use crate::json::{self, Members};

/// What some servers put before UTF-8.
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// The envelope of an answer. The envelope of an empty answer is a success without content.
pub struct Envelope {
    /// Whether the call succeeded.
    pub success: bool,
    /// Deepslate's message.
    pub message: Option<ForeignText>,
    /// The ID by which Deepslate's operators find the request.
    pub trace_id: Option<ForeignText>,
    /// All other members, such as `data`.
    members: Members,
}

/// A page of a list, as the server describes it.
pub struct Page<T> {
    /// Number of the page, from 0.
    pub number: u64,
    /// Number of objects on every page but the last.
    pub size: NonZeroU64,
    /// Number of objects in the list.
    pub total: u64,
    /// Number of pages of the list, or 0 if the server does not say it.
    pub pages: u64,
    /// The objects on the page, each with its ID.
    pub items: Vec<(Uuid, T)>,
    /// The number of items that are left out, because they have no usable ID.
    pub left_out: u64,
    /// Number of bytes of all items, as JSON.
    pub bytes: u64,
}

impl Envelope {
    /// Reads a body.
    ///
    /// `success` alone makes an envelope. The other members are optional, so that an odd `message` does not turn
    /// Deepslate's own 404 into a foreign one.
    pub fn parse(body: &[u8]) -> Result<Envelope, Malformed> {
        let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
        if body.trim_ascii().is_empty() {
            return Ok(Envelope { success: true, message: None, trace_id: None, members: Members::new() });
        }
        let body = json::readable(body);
        let Some(mut members) = json::members(&body) else {
            let is_json = serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok();
            return Err(if is_json { Malformed::NoEnvelope } else { Malformed::NotJson });
        };
        let mut text = |name| members.remove(name).and_then(|value| json::text(&value)).filter(|text| !text.is_empty());
        let (message, trace_id) = (text("message"), text("traceId"));
        let success = members.get("success").and_then(|value| json::boolean(value)).ok_or(Malformed::NoEnvelope)?;
        Ok(Envelope {
            success,
            message: message.map(ForeignText::from),
            trace_id: trace_id.map(ForeignText::from),
            members,
        })
    }

    /// Checks that the answer does not report a failure.
    pub fn succeeded(&self) -> Result<(), Malformed> {
        if self.success { Ok(()) } else { Err(Malformed::NotSuccessful) }
    }

    /// The ID of the object that was created.
    pub fn created_id(&self) -> Result<Uuid, Malformed> {
        self.succeeded()?;
        self.data().and_then(|fields| id(&fields))
    }

    /// The ID of the object that an answer names although it reports a failure, such as an object that conflicts.
    pub fn named_id(&self) -> Option<Uuid> {
        if self.success { None } else { self.data().and_then(|fields| id(&fields)).ok() }
    }

    /// The object in `data`, which must have this ID.
    pub fn object(&self, expected: Uuid) -> Result<Members, Malformed> {
        self.succeeded()?;
        let fields = self.data()?;
        match id(&fields)? {
            other if other != expected => Err(Malformed::OtherId(other)),
            _ => Ok(fields),
        }
    }

    /// The object in `data`, if there is one: some updates are answered without it.
    pub fn object_if_any(&self, expected: Uuid) -> Result<Option<Members>, Malformed> {
        self.succeeded()?;
        match self.members.get("data") {
            Some(data) if !json::is_null(data) => self.object(expected).map(Some),
            _ => Ok(None),
        }
    }

    /// The page of a list in `data`. An item without a usable ID is left out.
    pub fn page(&self) -> Result<Page<Members>, Malformed> {
        self.succeeded()?;
        let missing = if self.members.is_empty() { Malformed::NoData } else { Malformed::NoList };
        let all = match self.members.get("data") {
            // Some servers write an empty list so.
            Some(data) if json::is_null(data) && self.count("totalElements") == Ok(0) => Vec::new(),
            data => data.and_then(|data| json::elements(data)).ok_or(missing)?,
        };
        let usable = |item: &&serde_json::value::RawValue| {
            let fields = json::members(item.get())?;
            Some((id(&fields).ok()?, fields))
        };
        let items: Vec<_> = all.iter().filter_map(usable).collect();
        Ok(Page {
            number: self.count("page")?,
            size: NonZeroU64::new(self.count("size")?).ok_or_else(|| count_expected("size", "0"))?,
            total: self.count("totalElements")?,
            pages: self.count("totalPages").unwrap_or_default(),
            left_out: (all.len() - items.len()) as u64,
            bytes: self.members.get("data").map_or(0, |data| data.get().len() as u64),
            items,
        })
    }

    /// A number of things.
    fn count(&self, name: &'static str) -> Result<u64, Malformed> {
        let value = self.members.get(name).ok_or_else(|| count_expected(name, "nothing"))?;
        let count = json::whole(value).and_then(|count| u64::try_from(count).ok());
        count.ok_or_else(|| count_expected(name, json::noun(value)))
    }

    fn data(&self) -> Result<Members, Malformed> {
        self.members.get("data").and_then(|data| json::members(data.get())).ok_or(Malformed::NoData)
    }
}

impl<T> Page<T> {
    /// The page with each object read from its fields.
    pub fn map<R>(self, mut read: impl FnMut(Uuid, T) -> R) -> Page<R> {
        let Page { number, size, total, pages, items, left_out, bytes } = self;
        let items = items.into_iter().map(|(id, item)| (id, read(id, item))).collect();
        Page { number, size, total, pages, items, left_out, bytes }
    }

    /// Number of items on the page.
    pub fn on_page(&self) -> u64 {
        self.items.len() as u64 + self.left_out
    }

    /// Number of objects that the list has at least, by its total and by the number of its pages with this many items.
    pub fn least_total(&self, on_full: u64) -> u64 {
        let full = self.pages.saturating_sub(1);
        if full == 0 { self.total } else { self.total.max(full.saturating_mul(on_full).saturating_add(1)) }
    }
}

fn id(fields: &Members) -> Result<Uuid, Malformed> {
    let unusable = |got: String| Malformed::Field { name: "id", reason: format!("expected a UUID, got {got}") };
    let value = fields.get("id").ok_or_else(|| unusable("nothing".to_owned()))?;
    let text = json::text(value).ok_or_else(|| unusable(json::noun(value).to_owned()))?;
    Uuid::parse_str(text.trim()).map_err(|_| unusable("other text".to_owned()))
}

fn count_expected(name: &'static str, got: &str) -> Malformed {
    Malformed::Field { name, reason: format!("expected a whole number of zero or more, got {got}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: Uuid = Uuid::from_u128(1);

    fn object(body: &str) -> Result<Vec<String>, Malformed> {
        let members = Envelope::parse(body.as_bytes())?.object(ID)?;
        Ok(members.into_iter().map(|(name, value)| format!("{name}={}", value.get())).collect())
    }

    fn field<T>(name: &'static str, reason: &str) -> Result<T, Malformed> {
        Err(Malformed::Field { name, reason: reason.to_owned() })
    }

    #[test]
    fn reads_an_object() {
        let id = ID.to_string();
        let found = object(&format!(r#"{{"success":true,"data":{{"id":"{id}","port":1e999,"new":"\ud800"}}}}"#));
        assert_eq!(
            found.expect("an object"),
            [format!("id=\"{id}\""), r#"new="\ufffd""#.to_owned(), "port=1e999".to_owned()]
        );
        assert!(Envelope::parse(b" \r\n").expect("empty").object_if_any(ID).is_ok_and(|found| found.is_none()));
        let bare = Envelope::parse(br#"{"success":false,"message":7,"traceId":"","data":null}"#).expect("an envelope");
        assert!(!bare.success && bare.message.is_none() && bare.trace_id.is_none());
        assert_eq!((bare.created_id(), bare.named_id()), (Err(Malformed::NotSuccessful), None));
    }

    #[test]
    fn skips_a_byte_order_mark() {
        let marked = Envelope::parse(b"\xEF\xBB\xBF{\"success\":true}").expect("an envelope");
        assert!(marked.success);
        assert!(Envelope::parse(b"\xEF\xBB\xBF\r\n").expect("empty").success);
        assert!(Envelope::parse(b"\xEF\xBB{\"success\":true}").is_err());
    }

    #[test]
    fn an_object_that_a_failure_names_was_not_created() {
        let envelope = |success: bool| {
            Envelope::parse(format!(r#"{{"success":{success},"data":{{"id":"{ID}"}}}}"#).as_bytes()).expect("one")
        };
        let (made, refused) = (envelope(true), envelope(false));
        assert_eq!((made.created_id(), made.named_id()), (Ok(ID), None));
        assert_eq!((refused.created_id(), refused.named_id()), (Err(Malformed::NotSuccessful), Some(ID)));
    }

    #[test]
    fn says_what_is_wrong() {
        let data = |data: &str| object(&format!(r#"{{"success":true,"data":{data}}}"#));
        assert_eq!(object("<html>"), Err(Malformed::NotJson));
        assert_eq!(object(r#"{"success":true"#), Err(Malformed::NotJson));
        assert_eq!(object("[]"), Err(Malformed::NoEnvelope));
        for success in ["1", "null", r#""yes""#, r#""""#, "[true]"] {
            assert_eq!(object(&format!(r#"{{"success":{success}}}"#)), Err(Malformed::NoEnvelope));
        }
        assert_eq!(object(r#"{"success":"False","data":{}}"#), Err(Malformed::NotSuccessful));
        assert_eq!(object(r#"{"success":false,"data":{}}"#), Err(Malformed::NotSuccessful));
        assert_eq!(data("null"), Err(Malformed::NoData));
        assert_eq!(data("[]"), Err(Malformed::NoData));
        assert_eq!(data("{}"), field("id", "expected a UUID, got nothing"));
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
