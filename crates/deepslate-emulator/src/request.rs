//! The input of a call: the IDs in its path and the fields of its body, checked as the API documents.

use std::ops::RangeInclusive;

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::envelope::Failure;

/// The ids in the path, outermost first.
pub(crate) struct Ids<const N: usize>(pub(crate) [Uuid; N]);

/// The JSON object in the body. Unknown fields are ignored; null counts as left out.
pub(crate) struct Body(Map<String, Value>);

// === impl Ids ===

impl<S: Send + Sync, const N: usize> FromRequestParts<S> for Ids<N> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let parameters = RawPathParams::from_request_parts(parts, state)
            .await
            .map_err(|rejection| Failure::Invalid(rejection.body_text()))?;
        let mut ids = [Uuid::nil(); N];
        for (id, (name, text)) in ids.iter_mut().zip(&parameters) {
            *id = parse_id(text).ok_or_else(|| Failure::Invalid(format!("`{name}` must be a UUID")))?;
        }
        Ok(Self(ids))
    }
}

/// Only the form with hyphens, as a server that knows no other.
fn parse_id(text: &str) -> Option<Uuid> {
    Uuid::try_parse(text).ok().filter(|id| id.to_string().eq_ignore_ascii_case(text))
}

// === impl Body ===

impl<S: Send + Sync> FromRequest<S> for Body {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if kind.split(';').next() != Some("application/json") {
            return Err(Failure::NotJson);
        }
        let bytes =
            Bytes::from_request(request, state).await.map_err(|rejection| Failure::Invalid(rejection.body_text()))?;
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            _ => Err(Failure::Invalid("the body must be a JSON object".to_owned())),
        }
    }
}

impl Body {
    /// A string that must be there and not be empty.
    pub(crate) fn text(&self, name: &str) -> Result<String, Failure> {
        match self.field(name) {
            None => Err(Failure::Invalid(format!("`{name}` is required"))),
            Some(Value::String(text)) if !text.is_empty() => Ok(text.clone()),
            Some(_) => Err(Failure::Invalid(format!("`{name}` must be a string that is not empty"))),
        }
    }

    /// A whole number within `range`; required where it has no default.
    pub(crate) fn integer(&self, name: &str, range: RangeInclusive<i64>, default: Option<i64>) -> Result<i64, Failure> {
        match (self.field(name), default) {
            (None, Some(default)) => Ok(default),
            (None, None) => Err(Failure::Invalid(format!("`{name}` is required"))),
            (Some(value), _) => value.as_i64().filter(|number| range.contains(number)).ok_or_else(|| {
                Failure::Invalid(format!("`{name}` must be an integer from {} to {}", range.start(), range.end()))
            }),
        }
    }

    /// A string that may be left out.
    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<String>, Failure> {
        match self.field(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(_) => Err(Failure::Invalid(format!("`{name}` must be a string"))),
        }
    }

    /// An id that may be left out.
    pub(crate) fn id(&self, name: &str) -> Result<Option<Uuid>, Failure> {
        match self.optional_text(name)? {
            None => Ok(None),
            Some(text) => parse_id(&text).map(Some).ok_or_else(|| Failure::Invalid(format!("`{name}` must be a UUID"))),
        }
    }

    /// An object that must be there.
    pub(crate) fn object(&self, name: &str) -> Result<Map<String, Value>, Failure> {
        match self.field(name) {
            Some(Value::Object(object)) => Ok(object.clone()),
            Some(_) => Err(Failure::Invalid(format!("`{name}` must be an object"))),
            None => Err(Failure::Invalid(format!("`{name}` is required"))),
        }
    }

    /// A list that may be left out.
    pub(crate) fn list(&self, name: &str) -> Result<Vec<Value>, Failure> {
        match self.field(name) {
            None => Ok(Vec::new()),
            Some(Value::Array(items)) => Ok(items.clone()),
            Some(_) => Err(Failure::Invalid(format!("`{name}` must be a list"))),
        }
    }

    /// A boolean that may be left out.
    pub(crate) fn boolean(&self, name: &str, default: bool) -> Result<bool, Failure> {
        match self.field(name) {
            None => Ok(default),
            Some(value) => value.as_bool().ok_or_else(|| Failure::Invalid(format!("`{name}` must be a boolean"))),
        }
    }

    fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }
}
