//! Faults on demand, between a client and Deepslate.

use std::io::{self, Write};
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes, to_bytes};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH};
use axum::http::{HeaderValue, Response, StatusCode};
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::stream::{self, StreamExt};
use serde_json::Value;

/// A fault that the calls it fits meet, instead of being answered as usual.
#[derive(Clone)]
pub struct Fault {
    /// The method of the calls, in capitals; `None` fits all.
    pub method: Option<&'static str>,
    /// A part of the path of the calls, with their query: `credentials?` fits lists only. An empty one fits all.
    pub path: String,
    /// How many calls meet the fault; `None`: all, until the faults are cleared.
    pub times: Option<u32>,
    /// What happens to them.
    pub effect: Effect,
}

/// What a fault does to a call.
#[derive(Clone)]
pub enum Effect {
    /// Nothing is done; this is the answer.
    Answer {
        /// Status, 200–999.
        status: u16,
        /// All headers but the length, which is added.
        headers: Vec<(String, String)>,
        /// The body as it goes out.
        body: Vec<u8>,
    },
    /// The work is done; this is the answer.
    AnswerAfter {
        /// Status, 200–999.
        status: u16,
        /// All headers but the length, which is added.
        headers: Vec<(String, String)>,
        /// The body as it goes out.
        body: Vec<u8>,
    },
    /// The call waits, also where its client does not; then all is as usual.
    Delay(Duration),
    /// The connection is closed and nothing is done.
    DropBefore,
    /// The work is done and the connection closed without an answer.
    DropAfter,
    /// The work is done; the connection is closed after the headers and half of the body.
    Cut,
    /// The work is done; the body of the answer is not JSON.
    Garble,
    /// The work is done; the body of the answer comes a byte at a time.
    Drip {
        /// Wait before each byte.
        interval: Duration,
    },
    /// The work is done; the body of the answer is compressed, and the header says so.
    Gzip,
    /// The work is done; a byte order mark comes before the body of the answer.
    ByteOrderMark,
    /// The work is done; the JSON of the answer is changed on its way out.
    Rewrite(Arc<dyn Fn(&mut Value) + Send + Sync>),
}

/// The faults that were asked for, oldest first. A call meets the first that fits it.
#[derive(Default)]
pub(crate) struct Faults(Vec<Fault>);

// === impl Faults ===

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The effect that a call meets, which is then counted. `path` is with its query.
    pub(crate) fn meet(&mut self, method: &str, path: &str) -> Option<Effect> {
        let fault = self.0.iter_mut().find(|fault| {
            fault.times != Some(0) && fault.method.is_none_or(|wanted| wanted == method) && path.contains(&fault.path)
        })?;
        if let Some(times) = &mut fault.times {
            *times -= 1;
        }
        Some(fault.effect.clone())
    }
}

// === impl Effect ===

impl Effect {
    /// Answers a call whose usual answer `work` would give; `None`: by closing the connection.
    pub(crate) async fn apply(self, work: impl Future<Output = Response<Body>>) -> Option<Response<Body>> {
        let unchanged = |body| body;
        match self {
            Self::Answer { status, headers, body } => Some(prescribed(status, &headers, body)),
            Self::AnswerAfter { status, headers, body } => {
                work.await;
                Some(prescribed(status, &headers, body))
            }
            Self::Delay(time) => {
                tokio::time::sleep(time).await;
                Some(work.await)
            }
            Self::DropBefore => None,
            Self::DropAfter => {
                work.await;
                None
            }
            Self::Cut => remake(work.await, unchanged, |body| cut(&body)).await,
            Self::Garble => remake(work.await, |_| Bytes::from_static(b"{\"success\": true, %$!"), Body::from).await,
            Self::Gzip => {
                let mut response = work.await;
                response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                remake(response, |body| gzip(&body), Body::from).await
            }
            Self::ByteOrderMark => {
                remake(work.await, |body| [b"\xEF\xBB\xBF", &body[..]].concat().into(), Body::from).await
            }
            Self::Drip { interval } => remake(work.await, unchanged, |body| drip(body, interval)).await,
            Self::Rewrite(change) => remake(work.await, |body| rewrite(body, &*change), Body::from).await,
        }
    }
}

fn prescribed(status: u16, headers: &[(String, String)], body: Vec<u8>) -> Response<Body> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    builder.body(Body::from(body)).unwrap_or_else(|error| {
        let mut response = Response::new(Body::from(format!("the fault's answer is not HTTP: {error}")));
        *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

/// The answer with its body changed and then sent in a way of its own; `None` if there is no body.
async fn remake(
    response: Response<Body>,
    change: impl FnOnce(Bytes) -> Bytes,
    send: impl FnOnce(Bytes) -> Body,
) -> Option<Response<Body>> {
    let (mut parts, body) = response.into_parts();
    let body = change(to_bytes(body, usize::MAX).await.ok()?);
    // Of a stream the length is not known, but these are to look like any other answer.
    parts.headers.insert(CONTENT_LENGTH, body.len().into());
    Some(Response::from_parts(parts, send(body)))
}

fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).and_then(|()| encoder.finish()).unwrap_or_default().into()
}

/// Half of the body, then an error, at which the connection is closed.
fn cut(body: &Bytes) -> Body {
    let pieces = [Ok(body.slice(..body.len() / 2)), Err(io::Error::from(io::ErrorKind::ConnectionAborted))];
    Body::from_stream(stream::iter(pieces).then(|piece| async {
        // The error would discard what was not flushed yet.
        tokio::task::yield_now().await;
        piece
    }))
}

fn drip(body: Bytes, interval: Duration) -> Body {
    let bytes = (0..body.len()).map(move |place| body.slice(place..=place));
    Body::from_stream(stream::iter(bytes).then(move |byte| async move {
        tokio::time::sleep(interval).await;
        Ok::<_, io::Error>(byte)
    }))
}

fn rewrite(body: Bytes, change: &dyn Fn(&mut Value)) -> Bytes {
    match serde_json::from_slice(&body) {
        Ok(mut value) => {
            change(&mut value);
            value.to_string().into()
        }
        Err(_) => body,
    }
}
