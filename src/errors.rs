//! The API's errors as diagnostics: what failed, what came, and what to do.

use uuid::Uuid;

use deepslate::{Error, ErrorKind, GaveUp, Malformed};
use tfplugin::Diagnostic;

const POST: &str = "POST";
/// The GET of all objects of a kind.
pub(super) const LIST: &str = "LIST";

/// A kind of object, as messages speak of it.
pub(super) struct Kind {
    /// One of them.
    pub one: &'static str,
    /// Several; the same word where one is a plural already.
    pub many: &'static str,
    /// What its collection is under, in the words of a message: what a 404 there may mean.
    pub under: &'static str,
    /// The attributes that name it.
    pub ids: &'static str,
    /// What else may be behind a 404, in a sentence with a space before it; or nothing.
    pub hint: &'static str,
    /// The methods that Deepslate documents for it, and [`LIST`] where the list is documented.
    pub documented: &'static [&'static str],
}

/// Where an object was to be created.
pub(super) struct Place {
    /// What was to be created.
    pub kind: &'static Kind,
    /// What it was to be under: `organization <id>`.
    pub parent: String,
    /// What stands before the object's own id in the id that `terraform import` takes.
    pub import: String,
}

/// A failed call. `doing` and the kind name it: "read", "SIP credentials".
pub(super) fn on(doing: &str, kind: &Kind, error: &Error) -> Diagnostic {
    named(&format!("{doing} {}", kind.one), kind, error)
}

fn named(call: &str, kind: &Kind, error: &Error) -> Diagnostic {
    let standing = if error.outcome_unknown() {
        "Whether it was carried out is not known. The next plan reads what is there.\n\n"
    } else if error.kind == ErrorKind::ForeignNotFound && error.method != POST {
        "Nothing is concluded about the object, and the state is left as it is.\n\n"
    } else {
        ""
    };
    let detail = format!("{}\n\n{standing}{}", facts(error), advice(kind, error));
    Diagnostic::error(format!("Could not {call}: {}", failure(kind, error)), detail)
}

/// A create that made an object, of which something else failed.
pub(super) fn on_created(doing: &str, kind: &Kind, error: &Error) -> Diagnostic {
    let detail = format!(
        "{}\n\nThe object exists and is in the state. Terraform marks it as tainted: the next apply replaces it, unless \
         `terraform untaint <address of this resource>` comes first.\n\n{}",
        facts(error),
        advice(kind, error)
    );
    Diagnostic::error(format!("Could not {doing} the created {}: {}", kind.one, failure(kind, error)), detail)
}

/// A failed create. Where the object may exist all the same, the diagnostic says how to find it and to take it over.
pub(super) fn on_create(place: &Place, error: &Error) -> Diagnostic {
    let Place { kind, parent, import } = place;
    if !error.outcome_unknown() {
        return on("create", kind, error);
    }
    let many = kind.many;
    let import = |id: &str| format!("terraform import <address of this resource> {import}/{id}");
    let found = error.candidates.as_deref();
    let (summary, advice) = match found {
        Some([]) if error.reports_failure() => {
            let summary = format!("Could not create {}: {}", kind.one, failure(kind, error));
            let advice = format!(
                "Whether Deepslate had made the object was looked up: it is not among the {many} of {parent}.\n\n{}",
                advice(kind, error)
            );
            (summary, advice)
        }
        Some(ids @ [_, ..]) => {
            let lines: Vec<_> = ids.iter().map(|id| import(&id.to_string())).collect();
            let advice = format!(
                "Whether Deepslate made the object is not known. These {many} of {parent} are like it, and \
                 it cannot be told for sure which of them this create made, if any. It is not sent again, so that \
                 no second one is made.\n\n\
                 1. Check which of them nobody else uses or manages: their times in Deepslate's console, and other \
                 Terraform states.\n\
                 2. Take that one over, or apply again where there is none:\n\n{}",
                lines.join("\n")
            );
            (maybe(kind, error), advice)
        }
        _ => {
            let not_looked_for = error.not_looked_for.as_ref().map(|of_list| failure(kind, of_list));
            let looked = match (found, not_looked_for) {
                (Some(_), _) if error.status.is_some_and(|status| status < 300) => {
                    " The status says that it did, but the object has not turned up in Deepslate's listing so far."
                }
                (Some(_), _) => {
                    " It has not turned up in Deepslate's listing so far, but no answer of Deepslate came, so the \
                     request may still be under way."
                }
                (None, Some(why)) => &format!(" It could not be looked for in Deepslate's listing: {why}."),
                (None, None) => "",
            };
            let where_to_look = if error.not_looked_for.as_ref().is_some_and(|of_list| of_list.lacks_call()) {
                "in Deepslate's console"
            } else {
                "in Deepslate's console, with `terraform query`, or with the data source that lists them"
            };
            let slow = match error.kind {
                ErrorKind::TimedOut if error.out_of_budget => {
                    " If the server is slow, give the operation more time in the resource's `timeouts` first."
                }
                ErrorKind::TimedOut => " If the server is slow, raise the provider's `request_timeout` first.",
                _ => "",
            };
            let advice = format!(
                "Whether Deepslate made the object is not known.{looked} It is not sent again, so that no second \
                 one is made.\n\n\
                 1. Look for it among the {many} of {parent}: {where_to_look}.\n\
                 2. Where it exists, and no state has it and no other error of this run names it, take it over: {}\n\
                 3. Where it does not, apply again.{slow}",
                import("<id of the object>")
            );
            (maybe(kind, error), advice)
        }
    };
    Diagnostic::error(summary, format!("{}\n\n{advice}", facts(error)))
}

fn maybe(kind: &Kind, error: &Error) -> String {
    format!("The {} may exist without being in the state: {}", kind.one, failure(kind, error))
}

/// A create whose outcome was not known, and whose object was found.
pub(super) fn adopted(kind: &Kind, id: Uuid, error: &Error) -> Diagnostic {
    let detail = format!(
        "{}\n\nWhether Deepslate made the object was not known, so it was looked for. {id} is the only one that is \
         like it and was not there before: it is in the state now, and all that the configuration gives was set anew. \
         Nothing is to be done, unless somebody else made {} like this at the same time.",
        facts(error),
        kind.many
    );
    let summary = format!("Took over the {} after an unknown outcome: {}", kind.one, failure(kind, error));
    Diagnostic::warning(summary, detail)
}

/// A create whose outcome was not known (`lost`), and whose object was found but could not be set.
pub(super) fn on_adopted(kind: &Kind, id: Uuid, lost: &Error, error: &Error) -> Diagnostic {
    let detail = format!(
        "{}\n\n{}\n\nWhether Deepslate had made the object was not known ({}), so it was looked for: {id} is the only \
         one that is like it and was not there before. It is in the state, and Terraform marks it as tainted: the next \
         apply deletes it and makes another. `terraform untaint` keeps it, and the next apply then sets all of it. \
         If somebody else made {} like this at the same time, it may be theirs; `terraform state rm` then lets go of it.",
        facts(error),
        advice(kind, error),
        failure(kind, lost),
        kind.many
    );
    Diagnostic::error(format!("Could not set all of the created {}: {}", kind.one, failure(kind, error)), detail)
}

/// A failed listing. That a server has none is nothing out of the way, since no documentation promises one.
pub(super) fn on_list(kind: &Kind, error: &Error) -> Diagnostic {
    match error.kind {
        ErrorKind::MethodNotAllowed | ErrorKind::ForeignNotFound if !kind.documented.contains(&LIST) => {}
        ErrorKind::NotFound => {
            let detail = format!("{}\n\n{}", facts(error), advice(kind, error));
            return Diagnostic::error(format!("Could not list {}: {}", kind.many, no_such_place(kind)), detail);
        }
        _ => return named(&format!("list {}", kind.many), kind, error),
    }
    let detail = format!(
        "{}\n\nListing follows the pattern of Deepslate's API, but is not in its documentation, and this server does \
         not have it. Objects can still be named by their ids, which Deepslate's console shows. If other calls fail \
         alike, check the provider's `base_url`.",
        facts(error)
    );
    Diagnostic::error(format!("This server has no listing of {}", kind.many), detail)
}

/// What was sent and what came.
pub(super) fn facts(error: &Error) -> String {
    let mut text = format!("{} {}{}", error.method, error.server, error.path);
    match error.status {
        Some(status) if matches!(error.kind, ErrorKind::ConnectionLost | ErrorKind::TimedOut) => {
            text.push_str(&format!(" answered {status}, but not to the end."));
        }
        Some(status) => text.push_str(&format!(" answered {status}.")),
        None if error.attempts == 0 => text.push_str(" was not sent."),
        None => text.push_str(" was not answered."),
    }
    let location = match &error.kind {
        ErrorKind::Redirected { location } => location,
        _ => &None,
    };
    let lines = [
        ("It redirects to", location),
        ("Deepslate's message", &error.message),
        ("Trace id", &error.trace_id),
        ("The answer begins", &error.excerpt),
        ("Cause", &error.cause),
    ];
    for (name, value) in lines {
        if let Some(value) = value {
            text.push_str(&format!("\n{name}: {value}"));
        }
    }
    if error.attempts > 1 {
        text.push_str(&format!("\nTried {} times in {:.1} s", error.attempts, error.elapsed.as_secs_f64()));
        text.push_str(match error.gave_up {
            GaveUp::OutOfTime => "; another attempt would not fit into the operation's time.",
            GaveUp::Unreachable => "; no server was reached.",
            GaveUp::Stopped => ", until Terraform asked to stop.",
            GaveUp::Final | GaveUp::RetryAfter | GaveUp::HeldBack => ".",
        });
    }
    let wait = error.retry_after.unwrap_or_default().as_secs_f64().ceil();
    match error.gave_up {
        GaveUp::RetryAfter => text
            .push_str(&format!("\nThe server asks to wait {wait} s, which is more than the operation's time leaves.")),
        GaveUp::HeldBack => text.push_str(&format!(
            "\nSince the server has had too many requests, all of this run were to hold back for {wait} s, which is \
             more than the operation's time leaves."
        )),
        _ => {}
    }
    text
}

/// What failed, in a few words.
fn failure(kind: &Kind, error: &Error) -> String {
    let text = match &error.kind {
        ErrorKind::Invalid => "Deepslate refused the values",
        ErrorKind::Unauthorized => "the API key was not accepted",
        ErrorKind::Forbidden => "the API key may not do this",
        ErrorKind::NotFound if error.method == POST => return no_such_place(kind),
        ErrorKind::NotFound => "Deepslate does not know the object",
        ErrorKind::ForeignNotFound => "the server answered 404, but not as Deepslate does",
        ErrorKind::MethodNotAllowed => "the server does not offer this call",
        ErrorKind::Conflict if is_delete(error) => "something depends on the object",
        ErrorKind::Conflict => "it conflicts with what is there",
        ErrorKind::Throttled => "too many requests",
        ErrorKind::Unavailable => "the server failed",
        ErrorKind::Redirected { .. } => "the server redirects elsewhere",
        ErrorKind::UnexpectedStatus => "the answer cannot be made sense of",
        ErrorKind::MalformedAnswer(Malformed::NotSuccessful) => "Deepslate reports that it failed",
        ErrorKind::MalformedAnswer(malformed) => return malformed.to_string(),
        ErrorKind::ConnectionRefused => "connection refused",
        ErrorKind::NameNotFound => "the host name was not found",
        ErrorKind::Connect => "no connection",
        ErrorKind::ConnectionLost => "the connection broke",
        ErrorKind::Tls => "no secure connection",
        ErrorKind::TimedOut if error.attempts == 0 => "no time was left to send it",
        ErrorKind::TimedOut => "no answer in time",
        ErrorKind::Stopped => "stopped",
        ErrorKind::Setup => "the request could not be made",
    };
    text.to_owned()
}

/// What a 404 says where no object is named.
fn no_such_place(kind: &Kind) -> String {
    format!("Deepslate does not know {}", kind.under)
}

/// What to do about it.
fn advice(kind: &Kind, error: &Error) -> String {
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
            "Check the provider's `api_key` (or `DEEPSLATE_API_KEY`): it may be wrong, expired, or belong to another \
             host than `base_url`."
        }
        ErrorKind::Forbidden => {
            return format!("Use a key with permission for {}, and check {}.", kind.under, kind.ids);
        }
        ErrorKind::NotFound if error.method == "PUT" => {
            "The object may have been deleted meanwhile. Apply again: the next plan reads what is there."
        }
        ErrorKind::NotFound => {
            return format!("Check {}: what is named has to exist, and to be the key's.{}", kind.ids, kind.hint);
        }
        ErrorKind::ForeignNotFound => return foreign_not_found(kind, error),
        ErrorKind::MethodNotAllowed if is_documented(kind, error) => {
            "Deepslate's API documentation has this call, so another server may be answering. Check the provider's \
             `base_url`."
        }
        ErrorKind::MethodNotAllowed if is_delete(error) => {
            "Deleting follows the pattern of Deepslate's API, but is not in its documentation, and this server does not \
             have it. Delete the object in Deepslate's console; the next plan then finds it gone."
        }
        ErrorKind::MethodNotAllowed => {
            "The call follows the pattern of Deepslate's API, but is not in its documentation, and this server does \
             not have it. Make the change in \
             Deepslate's console."
        }
        ErrorKind::Conflict if is_delete(error) => {
            "Remove first what uses it, such as an agent, or phone numbers under credentials. Then apply again."
        }
        ErrorKind::Conflict => {
            "Something that exists stands against it, or changed at the same time. Resolve that, then apply again. If \
             the object is there already, import it."
        }
        ErrorKind::Throttled => {
            "Apply again later, with a lower `-parallelism`, or give the operation more time in its `timeouts` \
             block."
        }
        ErrorKind::Unavailable => "Apply again later. If it stays so, report it to Deepslate.",
        ErrorKind::Redirected { .. } => {
            "A redirect is not followed, since it would carry the API key elsewhere. Set the provider's `base_url` to \
             where the API is."
        }
        ErrorKind::MalformedAnswer(Malformed::NotSuccessful) if error.message.is_some() => {
            "Do as Deepslate's message says. If that does not help, report it to Deepslate."
        }
        ErrorKind::UnexpectedStatus | ErrorKind::MalformedAnswer(_) => REPORT,
        ErrorKind::ConnectionLost => {
            "Apply again. If it stays so, check the provider's `base_url`, and what is between this machine and it: \
             proxy variables (`HTTPS_PROXY`, `NO_PROXY`), firewall."
        }
        ErrorKind::ConnectionRefused | ErrorKind::NameNotFound | ErrorKind::Connect => {
            "Check the provider's `base_url`, and that this machine reaches it: proxy variables (`HTTPS_PROXY`, \
             `NO_PROXY`), firewall, DNS."
        }
        ErrorKind::Tls => {
            "Check that the provider's `base_url` names a server that speaks TLS with a certificate that this machine \
             trusts. A company's own \
             certificate authority belongs into the system's certificate store."
        }
        ErrorKind::TimedOut if error.attempts == 0 => {
            "Apply again. If it stays so, give the operation more time in the resource's `timeouts`."
        }
        ErrorKind::TimedOut => {
            "Apply again. If the server is slow, raise the provider's `request_timeout`, and the operation's time in \
             its `timeouts` block."
        }
        ErrorKind::Stopped => "Terraform was asked to stop. Run it again to go on.",
        ErrorKind::Setup => "Check the proxy variables and the certificate store of this machine.",
    };
    text.to_owned()
}

/// A 404 of somebody else says nothing about the object.
fn foreign_not_found(kind: &Kind, error: &Error) -> String {
    let mut text = "A wrong `base_url` or a proxy answers like this. Check the provider's `base_url`.".to_owned();
    if !is_documented(kind, error) {
        text.push_str(
            " A server may also lack the call, which follows the pattern of Deepslate's API, but is not in its \
             documentation; then make the change in \
             Deepslate's console.",
        );
    }
    text
}

fn is_delete(error: &Error) -> bool {
    error.method == "DELETE"
}

/// Whether Deepslate documents the call.
fn is_documented(kind: &Kind, error: &Error) -> bool {
    kind.documented.contains(&error.method.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_not_sent_is_not_said_to_have_no_answer() {
        for kind in [ErrorKind::TimedOut, ErrorKind::Stopped] {
            let mut error = Error::new(kind, http::Method::POST, "/x".to_owned());
            let things = Kind { one: "thing", many: "things", under: "", ids: "", hint: "", documented: &[] };
            let text = |error: &Error| format!("{:?}", on("create", &things, error));
            let unsent = text(&error);
            assert!(unsent.contains("POST /x was not sent.") && !unsent.contains("no answer"), "{unsent}");
            error.attempts = 1;
            assert!(text(&error).contains("POST /x was not answered."), "{}", text(&error));
        }
    }
}
