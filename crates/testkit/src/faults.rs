//! Answers of an API, or of a proxy before it, that misbehaves.

use std::sync::Arc;

use deepslate_emulator::Effect;
use serde_json::{Value, json};

/// Deepslate refuses the request: its envelope has a message and the trace ID `trace-<status>`.
pub fn refusal(status: u16, message: &str) -> Effect {
    refusal_with(status, message, &[])
}

/// Deepslate refuses the request, and sends these headers.
pub fn refusal_with(status: u16, message: &str, headers: &[(&str, &str)]) -> Effect {
    let envelope = json!({
        "success": false,
        "timestamp": "2026-01-01T00:00:00Z",
        "message": message,
        "traceId": format!("trace-{status}"),
    });
    answer(status, "application/json", headers, &envelope.to_string())
}

/// A proxy answers with a page of its own. It proves nothing about any object.
pub fn page(status: u16) -> Effect {
    answer(status, "text/html", &[], "<html><body><h1>nginx</h1></body></html>")
}

/// A redirect to another host.
pub fn redirect(location: &str) -> Effect {
    answer(302, "text/plain", &[("location", location)], "")
}

/// An answer without any work being done.
pub fn answer(status: u16, content_type: &str, headers: &[(&str, &str)], body: &str) -> Effect {
    let headers = [&[("content-type", content_type)], headers].concat();
    let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Effect::Answer { status, headers, body: body.as_bytes().to_vec() }
}

/// The work is done, and the `data` of its answer is changed.
pub fn changed_data(change: impl Fn(&mut Value) + Send + Sync + 'static) -> Effect {
    Effect::Rewrite(Arc::new(move |envelope| change(&mut envelope["data"])))
}
