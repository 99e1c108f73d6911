//! Errors of the API as diagnostics: what failed, what happened, and what to do. `create` has those of creates, `read`
//! those of reads, `update` those of updates, `network` what to do if the server is not reached.

mod create;
mod network;
mod read;
mod update;

use std::fmt::Display;
use std::time::Duration;

use deepslate::{Error, ErrorKind, GaveUp, Malformed, Verb};
use tfplugin::Diagnostic;
use uuid::Uuid;

pub(crate) use create::{Place, adopted, adopted_but_not_set, create_failed, created_but_unreadable};
pub(crate) use read::{cannot_be_imported, cannot_be_read, gone_unverified, unreadable};
pub(crate) use update::remaining;

/// How many objects a message lists.
pub(crate) const MOST_LISTED: usize = 10;

/// A kind of object, as messages name it.
pub(crate) struct Terms {
    /// One object.
    pub(crate) one: &'static str,
    /// Several objects; the same word if it is a plural already.
    pub(crate) many: &'static str,
    /// The parents of the objects. A 404 may mean that one of them is missing.
    pub(crate) parents: &'static str,
    /// The attributes that name the parents.
    pub(crate) attributes: &'static str,
    /// Another possible reason for a 404, as a sentence with a space before it.
    pub(crate) hint: &'static str,
    /// The attributes that name other objects of the organization.
    pub(crate) references: &'static [&'static str],
    /// The calls that documentation was found for.
    pub(crate) documented: &'static [Verb],
}

/// A failed call. `doing` and the kind name it: "read", "SIP credentials".
pub(crate) fn failed(doing: &str, kind: &Terms, error: &Error) -> Diagnostic {
    call_failed(&format!("{doing} {}", kind.one), kind, error)
}

fn call_failed(call: &str, kind: &Terms, error: &Error) -> Diagnostic {
    let standing = if error.outcome_unknown() {
        "The change may or may not have been applied. The next plan reads the current values.\n\n"
    } else if error.kind == ErrorKind::ForeignNotFound && error.method != "POST" {
        "This does not prove that the object is gone, so the state was not changed.\n\n"
    } else {
        ""
    };
    let mut detail = format!("{}\n\n{standing}{}", facts(error), advice(kind, error));
    if error.of_proof {
        detail = format!("{detail}\n\n{}", read::no_proof());
    }
    Diagnostic::error(format!("Could not {call}: {}", failure(kind, error)), detail)
}

/// A delete that was refused for as long as this, although nothing was found that depends on the object.
pub(crate) fn still_used(kind: &Terms, error: &Error, looked_for: &str, time: Duration) -> Diagnostic {
    let detail = format!(
        "{}\n\n{looked_for} The provider repeated the request for {:.0} s.\n\n{}",
        facts(error),
        time.as_secs_f64(),
        advice(kind, error)
    );
    Diagnostic::error(format!("Could not delete {}: {}", kind.one, failure(kind, error)), detail)
}

/// A failed list. A server without this list is normal, because no documentation promises the list.
pub(crate) fn list_failed(kind: &Terms, error: &Error) -> Diagnostic {
    match error.kind {
        ErrorKind::MethodNotAllowed | ErrorKind::ForeignNotFound if !kind.documented.contains(&Verb::List) => {}
        ErrorKind::NotFound => {
            let detail = format!("{}\n\n{}", facts(error), advice(kind, error));
            return Diagnostic::error(format!("Could not list {}: {}", kind.many, no_such_place(kind)), detail);
        }
        _ => return call_failed(&format!("list {}", kind.many), kind, error),
    }
    let detail = format!(
        "{}\n\nWe found no documentation for this list, and this server does not support it. You can still refer to \
         objects by their IDs, which Deepslate's console shows. If other requests fail in the same way, check the \
         provider's `base_url`.",
        facts(error)
    );
    Diagnostic::error(format!("The server does not support listing {}", kind.many), detail)
}

/// What was sent and what came.
pub(super) fn facts(error: &Error) -> String {
    let mut text = format!("{} {}{}", error.method, error.server, error.path);
    match error.status {
        Some(status) if matches!(error.kind, ErrorKind::ConnectionLost | ErrorKind::TimedOut) => {
            text.push_str(&format!(" returned {status}, but the response was incomplete."));
        }
        Some(status) => text.push_str(&format!(" returned {status}.")),
        None if error.attempts == 0 || error.kind == ErrorKind::NoCertificates => text.push_str(" was not sent."),
        None => text.push_str(" got no response."),
    }
    let location = match &error.kind {
        ErrorKind::Redirected { location } => location,
        _ => &None,
    };
    let lines = [
        ("Redirects to", location.as_ref().map(ToString::to_string)),
        ("Deepslate's message", error.message.as_ref().map(ToString::to_string)),
        ("Trace ID", error.trace_id.as_ref().map(ToString::to_string)),
        ("Response begins", error.excerpt.as_ref().map(ToString::to_string)),
        ("Cause", error.cause.as_ref().map(ToString::to_string)),
        ("Route", network::route(error).map(str::to_owned)),
        ("Trusted certificates", network::trusted(error).map(str::to_owned)),
    ];
    for (name, value) in lines {
        if let Some(value) = value {
            text.push_str(&format!("\n{name}: {value}"));
        }
    }
    if error.attempts > 1 {
        text.push_str(&format!("\nTried {} times in {:.1} s", error.attempts, error.elapsed.as_secs_f64()));
        text.push_str(match error.gave_up {
            GaveUp::OutOfTime => "; the operation's timeout left no time for another attempt.",
            GaveUp::Unreachable => "; the provider did not reach the server.",
            GaveUp::Stopped => ", until Terraform was interrupted.",
            GaveUp::Final | GaveUp::RetryAfter | GaveUp::HeldBack => ".",
        });
    }
    let wait = error.retry_after.unwrap_or_default().as_secs_f64().ceil();
    match error.gave_up {
        GaveUp::RetryAfter => text.push_str(&format!(
            "\nThe server asked the provider to wait {wait} s. That is more than the time left in the operation's \
             timeout."
        )),
        GaveUp::HeldBack => text.push_str(&format!(
            "\nThe server received too many requests, so all requests of this run must wait {wait} s. That is more \
             than the time left in the operation's timeout."
        )),
        _ => {}
    }
    text
}

/// What failed, in a few words.
fn failure(kind: &Terms, error: &Error) -> String {
    let text = match &error.kind {
        ErrorKind::Invalid => "Deepslate refused the values",
        ErrorKind::Unauthorized => "the API key was not accepted",
        ErrorKind::Forbidden => "the API key does not have permission",
        ErrorKind::NotFound if error.method == "POST" && !kind.references.is_empty() => {
            return format!("{}, or an object that the {} refers to", no_such_place(kind), kind.one);
        }
        ErrorKind::NotFound if error.method == "POST" => return no_such_place(kind),
        ErrorKind::MethodNotAllowed if lacks_reference(kind, error) => {
            return format!("Deepslate does not know an object that the {} refers to", kind.one);
        }
        ErrorKind::NotFound if error.method == "PUT" => "the object was deleted after the plan",
        ErrorKind::PlaceUnknown => return format!("Deepslate knows neither the object nor {}", kind.parents),
        ErrorKind::Contradiction => "Deepslate's responses contradict each other",
        ErrorKind::Changed(_) => "the object was changed after the plan",
        ErrorKind::NotFound => "Deepslate does not know the object",
        ErrorKind::ForeignNotFound => "the server returned 404, but not in Deepslate's format",
        ErrorKind::MethodNotAllowed => "the server does not support this request",
        ErrorKind::Conflict if is_delete(error) => "the object is still in use",
        ErrorKind::Conflict => "the request conflicts with an existing object",
        ErrorKind::Throttled => "too many requests",
        ErrorKind::Unavailable => "the server failed",
        ErrorKind::Redirected { .. } => "the server redirects to another URL",
        // A proxy answers so if it did not pass the request on.
        ErrorKind::UnexpectedStatus if matches!(error.status, Some(408 | 425)) => {
            "the server did not process the request"
        }
        ErrorKind::UnexpectedStatus => "unexpected response",
        ErrorKind::MalformedAnswer(Malformed::NotSuccessful) => "Deepslate reported a failure",
        ErrorKind::MalformedAnswer(malformed) => return malformed.to_string(),
        ErrorKind::ConnectionRefused => "connection refused",
        ErrorKind::NameNotFound => "the host name was not found",
        ErrorKind::Connect => "the connection failed",
        ErrorKind::ConnectionLost => "the connection was lost",
        ErrorKind::Tls => "the TLS connection failed",
        ErrorKind::AuthorityAsServer => "the server's certificate is that of a certificate authority",
        ErrorKind::NoCertificates => "this machine has no trusted certificates",
        ErrorKind::ProxyRefused => "the proxy refused the connection",
        ErrorKind::ProxyUnauthorized => "the proxy requires other credentials (407)",
        ErrorKind::TimedOut if error.attempts == 0 => "the operation's timeout ended before the request was sent",
        ErrorKind::TimedOut => "no response in time",
        ErrorKind::Stopped => "stopped",
        ErrorKind::Setup => "the provider could not build the request",
    };
    text.to_owned()
}

/// The meaning of a 404 to a request that names no object.
fn no_such_place(kind: &Terms) -> String {
    format!("Deepslate does not know {}", kind.parents)
}

/// What to do about it.
fn advice(kind: &Terms, error: &Error) -> String {
    const REPORT: &str = "The server behaved in a way that Deepslate's API documentation does not describe. Check \
                          that the provider's `base_url` names \
                          Deepslate's API itself. If it does, report this to Deepslate.";
    let text = match &error.kind {
        ErrorKind::Invalid if error.message.is_some() => "Correct the configuration as Deepslate's message says.",
        ErrorKind::Invalid => {
            "Deepslate did not say which value is wrong. Compare the configuration with what its API documentation \
             allows."
        }
        ErrorKind::Unauthorized => {
            "Check the provider's `api_key` (or `DEEPSLATE_API_KEY`). The API key may be wrong or expired, or it may \
             belong to another host than `base_url`."
        }
        ErrorKind::Forbidden => {
            return format!("Use an API key that has access to {}, and check {}.", kind.parents, kind.attributes);
        }
        ErrorKind::NotFound if error.method == "PUT" => {
            "The object no longer exists. Plan again without `-refresh=false`. The next plan creates the object \
             again, unless you remove it from the configuration."
        }
        ErrorKind::PlaceUnknown => return read::place_unknown(kind),
        ErrorKind::Contradiction => return read::contradiction(),
        ErrorKind::Changed(fields) => {
            let names: Vec<_> = fields.iter().map(|field| snake_case(field)).collect();
            return format!(
                "Someone else changed {} after the plan. An update replaces the whole object, so it would undo that \
                 change. The provider did not send the update. Plan again without `-refresh=false`, review the plan, \
                 and apply.",
                and(names.iter().map(String::as_str))
            );
        }
        ErrorKind::NotFound => return not_found(kind),
        ErrorKind::ForeignNotFound => return foreign_not_found(kind, error),
        ErrorKind::MethodNotAllowed if lacks_reference(kind, error) => return check_references(kind),
        ErrorKind::MethodNotAllowed if is_documented(kind, error) => {
            "Deepslate's API documentation describes this request, so the response may come from another server. \
             Check the provider's `base_url`."
        }
        ErrorKind::MethodNotAllowed if is_delete(error) => {
            return format!(
                "We found no documentation for this request, and this server does not support it. Delete the object \
                 in Deepslate's console. The next plan then detects that the object is gone. {}",
                read::WAY_OUT
            );
        }
        ErrorKind::MethodNotAllowed => {
            "We found no documentation for this request, and this server does not support it. Make the change in \
             Deepslate's console."
        }
        ErrorKind::Conflict if is_delete(error) => {
            "First remove everything that uses the object, such as agents, or phone numbers under SIP credentials. \
             Then apply again."
        }
        ErrorKind::Conflict => {
            "The request conflicts with an existing object, or the object changed at the same time. Resolve the \
             conflict and apply again. If the object already exists, import it."
        }
        ErrorKind::Throttled => {
            "Apply again later with a lower `-parallelism`, or increase the timeout in the resource's `timeouts` block."
        }
        ErrorKind::Unavailable => "Apply again later. If the error remains, report it to Deepslate.",
        ErrorKind::Redirected { .. } => {
            "The provider does not follow redirects, because that would send the API key to another URL. Set the \
             provider's `base_url` to the URL of the API."
        }
        ErrorKind::MalformedAnswer(Malformed::NotSuccessful) if error.message.is_some() => {
            "Do what Deepslate's message says. If the error remains, report it to Deepslate."
        }
        ErrorKind::UnexpectedStatus if matches!(error.status, Some(408 | 425)) => {
            "Apply again later. If the error remains, check the proxies between this machine and the provider's \
             `base_url`."
        }
        ErrorKind::UnexpectedStatus | ErrorKind::MalformedAnswer(_) => REPORT,
        ErrorKind::ConnectionLost
        | ErrorKind::ConnectionRefused
        | ErrorKind::NameNotFound
        | ErrorKind::Connect
        | ErrorKind::Tls
        | ErrorKind::AuthorityAsServer
        | ErrorKind::NoCertificates
        | ErrorKind::ProxyRefused
        | ErrorKind::ProxyUnauthorized => return network::advice(&error.kind),
        ErrorKind::TimedOut if error.attempts == 0 => {
            "Apply again. If the error remains, increase the timeout in the resource's `timeouts` block."
        }
        ErrorKind::TimedOut => {
            "Apply again. If the server is slow, increase the provider's `request_timeout` and the timeout in the \
             resource's `timeouts` block."
        }
        ErrorKind::Stopped => "Terraform was interrupted. Run Terraform again to continue.",
        ErrorKind::Setup => "This is a bug in the provider. Report the bug with this message.",
    };
    text.to_owned()
}

/// What to check if Deepslate does not know the place of an object.
fn not_found(kind: &Terms) -> String {
    let Terms { attributes, hint, .. } = kind;
    let mut text = format!("Check that {attributes} exist and that the API key has access to them.{hint}");
    if !kind.references.is_empty() {
        text.push_str(&format!(" {}", check_references(kind)));
    }
    text
}

fn check_references(kind: &Terms) -> String {
    format!(
        "Check {}: each must be the ID of an object of the same organization.",
        and(kind.references.iter().copied())
    )
}

/// A 404 that is not Deepslate's proves nothing about the object.
fn foreign_not_found(kind: &Terms, error: &Error) -> String {
    let mut text = "A wrong `base_url` or a proxy can cause this response. Check the provider's `base_url`.".to_owned();
    if !is_documented(kind, error) {
        text.push_str(
            " The server may also not support this request: we found no documentation for it. In this case, make the \
             change in Deepslate's console.",
        );
    }
    text
}

/// Whether Deepslate does not know what an update names, although the object itself is there.
fn lacks_reference(kind: &Terms, error: &Error) -> bool {
    error.method == "PUT" && error.status == Some(404) && !kind.references.is_empty() && is_documented(kind, error)
}

fn is_delete(error: &Error) -> bool {
    error.method == "DELETE"
}

/// Whether documentation was found for the call.
fn is_documented(kind: &Terms, error: &Error) -> bool {
    let verb = match error.method.as_str() {
        "POST" => Verb::Create,
        "PUT" => Verb::Update,
        "DELETE" => Verb::Delete,
        _ => Verb::Get,
    };
    kind.documented.contains(&verb)
}

/// The name of an attribute, from the name of the API's field.
fn snake_case(field: &str) -> String {
    match field {
        "llmAudioContentGenerationStrategyId" => return "llm_generation_strategy_id".to_owned(),
        "extensions" => return "extension".to_owned(),
        "callEventHooks" => return "call_event_hook".to_owned(),
        _ => {}
    }
    let mut name = String::new();
    for character in field.chars() {
        if character.is_ascii_uppercase() {
            name.push('_');
        }
        name.push(character.to_ascii_lowercase());
    }
    name
}

// === Lists in messages ===

/// Names in backticks, joined by commas and "and".
pub(crate) fn and<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let mut names: Vec<_> = names.into_iter().map(|name| format!("`{name}`")).collect();
    let Some(last) = names.pop() else { return String::new() };
    if names.is_empty() { last } else { format!("{} and {last}", names.join(", ")) }
}

/// An object in a list. The name may look like another ID, so the ID comes first, and the name is in quotation marks.
pub(crate) fn named(id: Uuid, name: impl Display) -> String {
    format!("{id} \"{name}\"")
}

/// A line for each of the first objects, and how many more there are.
pub(crate) fn list(objects: impl ExactSizeIterator<Item = impl Display>) -> String {
    let more = objects.len().saturating_sub(MOST_LISTED);
    let mut lines: Vec<_> = objects.take(MOST_LISTED).map(|object| format!("\n- {object}")).collect();
    if more > 0 {
        lines.push(format!("\n- and {more} more"));
    }
    lines.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_was_not_sent_is_not_called_unanswered() {
        for kind in [ErrorKind::TimedOut, ErrorKind::Stopped] {
            let error = |attempts| Error::for_tests(kind.clone(), http::Method::POST, "/x", attempts);
            let things = Terms {
                one: "thing",
                many: "things",
                parents: "",
                attributes: "",
                hint: "",
                references: &[],
                documented: &[],
            };
            let text = |error: &Error| format!("{:?}", failed("create", &things, error));
            let unsent = text(&error(0));
            assert!(unsent.contains("POST /x was not sent.") && !unsent.contains("no response"), "{unsent}");
            let sent = text(&error(1));
            assert!(sent.contains("POST /x got no response."), "{sent}");
        }
    }
}
