//! The meaning of an answer: a table of statuses, without I/O.
//!
//! | answer | means |
//! |---|---|
//! | 2xx in Deepslate's envelope, or empty | success |
//! | 2xx otherwise | malformed |
//! | 400, 422 | invalid input |
//! | 401, 403 | no permission |
//! | 404 in the envelope, with `success: false` | the object does not exist |
//! | 404 otherwise | nothing about the object |
//! | 405, 501 | the server does not have the call |
//! | 409 | conflict |
//! | 429 | too many requests |
//! | 3xx | redirect, not followed |
//! | other 5xx | the server failed |
//! | another status | unexpected |

use std::time::SystemTime;

use http::header::{DATE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, StatusCode};
use redaction::Shown;

use super::envelope::Envelope;
use super::request::ErrorContext;
use super::retry::parse_retry_after;
use super::transport::Response;
use crate::error::{ErrorDetails, ErrorKind, Malformed};

/// The longest excerpt of an answer, in characters.
const LONGEST_EXCERPT: usize = 200;

/// An answer with a status of success.
pub(super) struct Success {
    pub(super) envelope: Result<Envelope, Malformed>,
    /// The details of the error to return if the content is not usable.
    pub(super) details: Box<ErrorDetails>,
}

/// Decides whether an answer is a success, and if not, which error it is.
pub(super) fn classify(context: &ErrorContext<'_>, response: Response) -> Result<Success, Box<ErrorDetails>> {
    let Response { status, headers, body } = response;
    let mut details = context.details(ErrorKind::UnexpectedStatus);
    details.status = Some(status.as_u16());
    // The server's own clock says what a date means, because it may differ from the clock of this machine.
    let now = header(&headers, &DATE).and_then(|date| httpdate::parse_http_date(date).ok());
    let now = now.unwrap_or_else(SystemTime::now);
    details.retry_after = header(&headers, &RETRY_AFTER).and_then(|value| parse_retry_after(value, now));
    // Only the body shows whether a 404 is Deepslate's own. It does not change what another status means.
    let body = match body {
        Err(mut broken) if status.is_success() || status == StatusCode::NOT_FOUND => {
            broken.status = details.status;
            return Err(broken);
        }
        body => body.unwrap_or_default(),
    };
    let envelope = Envelope::parse(&body);
    if envelope.is_err() {
        details.excerpt = excerpt(context, &body);
    }
    details.named = envelope.as_ref().ok().and_then(Envelope::named_id);
    if status.is_success() {
        details.own = envelope.is_ok();
        return Ok(Success { envelope, details });
    }
    if let Ok(envelope) = &envelope {
        details.message = envelope.message.as_ref().map(|message| context.show(message));
        details.trace_id = envelope.trace_id.as_ref().map(|trace_id| context.show(trace_id));
    }
    details.own = matches!(envelope, Ok(Envelope { success: false, .. }));
    details.kind = match kind_of(status, details.own) {
        ErrorKind::Redirected { .. } => ErrorKind::Redirected { location: location(context, &headers) },
        kind => kind,
    };
    Err(details)
}

/// The meaning of a status that is no success. `own`: whether it came in Deepslate's envelope, with `success: false`.
pub(super) fn kind_of(status: StatusCode, own: bool) -> ErrorKind {
    match status.as_u16() {
        400 | 422 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 if own => ErrorKind::NotFound,
        404 => ErrorKind::ForeignNotFound,
        405 | 501 => ErrorKind::MethodNotAllowed,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::Throttled,
        300..=399 => ErrorKind::Redirected { location: None },
        500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::UnexpectedStatus,
    }
}

/// The target of a redirect, without the query.
fn location(context: &ErrorContext<'_>, headers: &HeaderMap) -> Option<Shown> {
    let url = header(headers, &LOCATION)?;
    Some(context.show(&url.split(['?', '#']).next().unwrap_or_default().into()))
}

/// The beginning of a body that is not in Deepslate's envelope, such as a proxy's page, if it is text.
fn excerpt(context: &ErrorContext<'_>, body: &[u8]) -> Option<Shown> {
    // Shown first and cut then: the other way round, a cut could leave the beginning of a secret.
    let shown = context.show(&str::from_utf8(body).ok()?.into()).cut(LONGEST_EXCERPT);
    (!shown.as_line().is_empty()).then_some(shown)
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}
