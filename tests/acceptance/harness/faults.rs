//! Ways in which the API, or what stands before it, misbehaves.

use std::sync::Arc;

use deepslate_emulator::Effect;
use serde_json::{Value, json};

/// Deepslate refuses the request: its envelope, with a message and `trace-<status>`.
pub(crate) fn refusal(status: u16, message: &str) -> Effect {
    refusal_with(status, message, &[])
}

/// The same with headers of the answer.
pub(crate) fn refusal_with(status: u16, message: &str, headers: &[(&str, &str)]) -> Effect {
    let envelope = json!({
        "success": false,
        "timestamp": "2026-01-01T00:00:00Z",
        "message": message,
        "traceId": format!("trace-{status}"),
    });
    answer(status, "application/json", headers, &envelope.to_string())
}

/// A proxy's page, which says nothing about any object.
pub(crate) fn page(status: u16) -> Effect {
    answer(status, "text/html", &[], "<html><body><h1>nginx</h1></body></html>")
}

/// A redirect to another host.
pub(crate) fn redirect(location: &str) -> Effect {
    answer(302, "text/plain", &[("location", location)], "")
}

/// An answer in place of the work.
pub(crate) fn answer(status: u16, content_type: &str, headers: &[(&str, &str)], body: &str) -> Effect {
    let headers = [&[("content-type", content_type)], headers].concat();
    let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Effect::Answer { status, headers, body: body.as_bytes().to_vec() }
}

/// The work is done, and its answer's `data` is changed.
pub(crate) fn changed_data(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Effect {
    Effect::Rewrite(Arc::new(move |envelope| change(&mut envelope["data"])))
}
