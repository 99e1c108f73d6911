//! The envelope of every answer: around the data, or around the reason of a failure.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// A success, with what it is about.
pub(crate) struct Envelope {
    pub(crate) status: StatusCode,
    pub(crate) data: Value,
    /// Present if the data is one page of a list.
    pub(crate) page: Option<PageInfo>,
}

/// Which page of a list the data is, and how much there is in all.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct PageInfo {
    pub(crate) page: usize,
    pub(crate) size: usize,
    pub(crate) total_elements: usize,
    pub(crate) total_pages: usize,
}

/// The failures that Deepslate documents, and two that HTTP itself knows; each with a message for people.
pub(crate) enum Failure {
    /// 400: a field, a parameter or an id is not as it should be.
    Invalid(String),
    /// 401: the token is missing or wrong.
    Unauthorized,
    /// 403: the token lacks the permission.
    Forbidden,
    /// 404: no such object.
    NotFound(String),
    /// 405: the path exists, and has no such method.
    MethodNotAllowed,
    /// 409: something depends on the object.
    Conflict(String),
    /// 415: the body is not said to be JSON.
    NotJson,
}

impl Envelope {
    pub(crate) fn ok(data: Value) -> Self {
        Self { status: StatusCode::OK, data, page: None }
    }

    pub(crate) fn created(data: Value) -> Self {
        Self { status: StatusCode::CREATED, ..Self::ok(data) }
    }
}

impl IntoResponse for Envelope {
    fn into_response(self) -> Response {
        answer(self.status, None, self.data, self.page)
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (status, message) = match self {
            Self::Invalid(message) => (StatusCode::BAD_REQUEST, message),
            Self::Unauthorized => (StatusCode::UNAUTHORIZED, "the bearer token is missing or wrong".to_owned()),
            Self::Forbidden => (StatusCode::FORBIDDEN, "the bearer token does not have the permission".to_owned()),
            Self::NotFound(message) => (StatusCode::NOT_FOUND, message),
            Self::MethodNotAllowed => {
                (StatusCode::METHOD_NOT_ALLOWED, "this path does not support the method".to_owned())
            }
            Self::Conflict(message) => (StatusCode::CONFLICT, message),
            Self::NotJson => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "`Content-Type` must be `application/json`".to_owned())
            }
        };
        answer(status, Some(message), Value::Null, None)
    }
}

fn answer(status: StatusCode, message: Option<String>, data: Value, page: Option<PageInfo>) -> Response {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Body {
        success: bool,
        #[serde(skip_serializing_if = "Option::is_none")]
        message: Option<String>,
        data: Value,
        #[serde(flatten)]
        page: Option<PageInfo>,
        trace_id: String,
        timestamp: String,
    }

    let body = Body {
        success: status.is_success(),
        message,
        data,
        page,
        trace_id: Uuid::new_v4().simple().to_string(),
        // Only years beyond 9999 cannot be written.
        timestamp: OffsetDateTime::now_utc().format(&Rfc3339).unwrap_or_default(),
    };
    (status, Json(body)).into_response()
}
