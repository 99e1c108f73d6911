//! The API's errors as diagnostics: what failed, what came, and what to do.

use crate::deepslate::{Error, ErrorKind, GaveUp, Malformed, Organization};
use crate::framework::Diagnostic;

/// A failed call. `doing` and `what` name it: "read", "SIP credentials".
pub(super) fn on(doing: &str, what: &str, error: &Error) -> Diagnostic {
    let (failure, advice) = explain(&error.kind);
    Diagnostic::error(format!("Could not {doing} {what}: {failure}"), format!("{}\n\n{}", facts(error), advice))
}

/// A failed create. Where the object may exist all the same, the diagnostic says how to find it and to take it over.
pub(super) fn on_create(what: &str, organization: Organization, error: &Error) -> Diagnostic {
    if !error.outcome_unknown() {
        return on("create", what, error);
    }
    let (failure, advice) = explain(&error.kind);
    let Organization { vendor_id, id } = organization;
    let detail = format!(
        "{}\n\n{advice}\n\nWhether Deepslate made the object is not known, and it was not tried again, so that no second one is made. \
         Look for it among the {what} of organization {id} (in Deepslate's console, or by GET {}). Where it exists, take it over: \
         terraform import <address of this resource> {vendor_id}/{id}/<id of the object>. Where it does not, apply again.",
        facts(error),
        error.path
    );
    Diagnostic::error(format!("The {what} may exist, but are not in the state: {failure}"), detail)
}

/// A failed listing. That a server has none is nothing out of the way, since no documentation promises one.
pub(super) fn on_list(what: &str, error: &Error) -> Diagnostic {
    if !matches!(error.kind, ErrorKind::MethodNotAllowed | ErrorKind::ForeignNotFound) {
        return on("list", what, error);
    }
    let detail = format!(
        "{}\n\nListing follows the pattern of Deepslate's API, but is not in its documentation, and this server does not have it. Name the object by \
         its id instead; Deepslate's console shows it. If other calls answer 404 too, check the provider's `base_url`.",
        facts(error)
    );
    Diagnostic::error(format!("This server has no listing of {what}"), detail)
}

/// What was sent and what came.
fn facts(error: &Error) -> String {
    let mut text = format!("{} {}", error.method, error.path);
    match error.status {
        Some(status) => text.push_str(&format!(" answered {status}.")),
        None => text.push_str(&format!(" was not answered by {}.", error.server)),
    }
    if let Some(message) = &error.message {
        text.push_str(&format!("\nDeepslate's message: {message}"));
    }
    if let Some(trace_id) = &error.trace_id {
        text.push_str(&format!("\nTrace id: {trace_id}"));
    }
    if let Some(cause) = &error.cause {
        text.push_str(&format!("\nCause: {cause}"));
    }
    if error.attempts > 1 {
        text.push_str(&format!("\nTried {} times in {:.1} s", error.attempts, error.elapsed.as_secs_f64()));
        text.push_str(match error.gave_up {
            GaveUp::OutOfTime => ", until the time in `timeouts` was used up",
            GaveUp::Unreachable => ", and no server was reached",
            GaveUp::Stopped => ", until Terraform asked to stop",
            _ => "",
        });
    }
    if let (GaveUp::RetryAfter, Some(wait)) = (error.gave_up, error.retry_after) {
        text.push_str(&format!("\nThe server asks to wait {} s, which is more than `timeouts` leaves", wait.as_secs()));
    }
    text
}

/// What failed in a few words, and what to do about it.
fn explain(kind: &ErrorKind) -> (String, &'static str) {
    const REPORT: &str = "The server behaved in a way that Deepslate's API documentation does not describe. Check that the provider's \
                          `base_url` names Deepslate's API itself; if it does, report the trace id to Deepslate.";
    const CONNECTION: &str = "Check the provider's `base_url`, and that this machine reaches it: proxy variables (`HTTPS_PROXY`, \
                              `NO_PROXY`), firewall, DNS.";
    let (failure, advice) = match kind {
        ErrorKind::Invalid => {
            ("Deepslate refused the values", "Correct the configuration as Deepslate's message says.")
        }
        ErrorKind::Unauthorized => (
            "the API key was not accepted",
            "Check the provider's `api_key` (or `DEEPSLATE_API_KEY`): it may be wrong, expired, or belong to another host than `base_url`.",
        ),
        ErrorKind::Forbidden => (
            "the API key may not do this",
            "Use a key with permission for this vendor and organization, and check `vendor_id` and `organization_id`.",
        ),
        ErrorKind::NotFound => (
            "Deepslate does not know the object",
            "Check `vendor_id` and `organization_id`: one of them may not exist, or not be the key's.",
        ),
        ErrorKind::ForeignNotFound => (
            "the server answered 404, but not as Deepslate does",
            "A wrong `base_url` or a proxy answers like this, so nothing is concluded about the object, and the state is left as it is. \
             Check the provider's `base_url`.",
        ),
        ErrorKind::MethodNotAllowed => (
            "the server does not offer this call",
            "Reading and creating are in Deepslate's API documentation; updating, deleting and listing follow its pattern only. Where the \
             server does not have the call, make the change in Deepslate's console.",
        ),
        ErrorKind::Conflict => (
            "something depends on the object",
            "Remove first what uses it: phone numbers under the credentials, and agents that call through them. Then apply again.",
        ),
        ErrorKind::Throttled => (
            "too many requests",
            "Apply again later, with a lower `-parallelism`, or give the operation more time in `timeouts`.",
        ),
        ErrorKind::Unavailable => {
            ("the server failed", "Apply again later. If it stays so, report the trace id to Deepslate.")
        }
        ErrorKind::Redirected { .. } => (
            "the server redirects, which is not followed, since it would carry the API key elsewhere",
            "Set the provider's `base_url` to where the API is.",
        ),
        ErrorKind::UnexpectedStatus | ErrorKind::MalformedAnswer(_) => ("the answer cannot be made sense of", REPORT),
        ErrorKind::ConnectionRefused => ("connection refused", CONNECTION),
        ErrorKind::NameNotFound => ("the host name was not found", CONNECTION),
        ErrorKind::Connect => ("no connection", CONNECTION),
        ErrorKind::ConnectionLost => ("the connection broke", CONNECTION),
        ErrorKind::Tls => (
            "no secure connection",
            "Check that the provider's `base_url` names a server that speaks TLS with a certificate that this machine trusts. A company's \
             own certificate authority belongs into the system's certificate store.",
        ),
        ErrorKind::TimedOut => (
            "no answer in time",
            "Apply again. If the server is slow, raise the provider's `request_timeout`, and the operation's time in `timeouts`.",
        ),
        ErrorKind::Stopped => ("stopped", "Terraform was asked to stop. Apply again to go on."),
        ErrorKind::Setup => {
            ("the request could not be made", "Check the proxy variables and the certificate store of this machine.")
        }
    };
    match kind {
        ErrorKind::MalformedAnswer(Malformed::NotSuccessful) => ("Deepslate reports that it failed".to_owned(), advice),
        ErrorKind::MalformedAnswer(malformed) => (malformed.to_string(), advice),
        ErrorKind::Redirected { location: Some(location) } => (format!("{failure} (to {location})"), advice),
        _ => (failure.to_owned(), advice),
    }
}
