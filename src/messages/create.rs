//! The outcomes of creates: what is known of the object, and how to find it and manage it if it exists.

use deepslate::{CreateError, Error, ErrorKind, Found, Malformed};
use tfplugin::Diagnostic;
use uuid::Uuid;

use super::{Terms, advice, facts, failed, failure};

/// Where an object was to be created.
pub(crate) struct Place {
    /// What was to be created.
    pub(crate) terms: &'static Terms,
    /// What it was to be in: "organization <id>".
    pub(crate) parent: String,
    /// What stands before the object's own ID in an import ID.
    pub(crate) import_prefix: String,
}

/// A create that made an object, of which something else failed.
pub(crate) fn created_but_unreadable(kind: &Terms, error: &Error) -> Diagnostic {
    let detail = format!(
        "{}\n\nThe object exists and is in the state. Terraform marks it as tainted: the next apply replaces it, unless \
         `terraform untaint <address of this resource>` comes first.\n\n{}",
        facts(error),
        advice(kind, error)
    );
    Diagnostic::error(format!("Could not make sense of the created {}: {}", kind.one, failure(kind, error)), detail)
}

/// A failed create. If the object may exist, the diagnostic says how to find and import it.
pub(crate) fn create_failed(place: &Place, error: &CreateError) -> Diagnostic {
    let Place { terms: kind, parent, .. } = place;
    match error {
        CreateError::NotMade { cause, searched: false } => failed("create", kind, cause),
        CreateError::NotMade { cause, searched: true } => {
            let detail = format!(
                "{}\n\nWhether Deepslate had made the object was looked up: it is not among the {} of {parent}.\n\n{}",
                facts(cause),
                kind.many,
                advice(kind, cause)
            );
            Diagnostic::error(format!("Could not create {}: {}", kind.one, failure(kind, cause)), detail)
        }
        CreateError::OutcomeUnknown { cause, found: Found::Named(id) } => named(place, cause, *id),
        CreateError::OutcomeUnknown { cause, found } => {
            let summary = format!("The {} may exist without being in the state: {}", kind.one, failure(kind, cause));
            let advice = match found {
                Found::Candidates(ids) => choose(place, ids),
                Found::Nothing | Found::NotSearched(_) | Found::Named(_) => search(place, cause, found),
            };
            Diagnostic::error(summary, format!("{}\n\n{advice}", facts(cause)))
        }
    }
}

/// A create whose answer names an object that the create did not make.
fn named(place: &Place, cause: &Error, id: Uuid) -> Diagnostic {
    let kind = place.terms;
    let happened = if cause.kind == ErrorKind::MalformedAnswer(Malformed::OtherId(id)) {
        format!("The answer names {id}, which existed before. Deepslate may have changed that object.")
    } else {
        format!("Deepslate refused the request and named {id}. That object existed before.")
    };
    let detail = format!(
        "{}\n\n{happened} This create expected a new object, so the state was not changed.\n\n\
         If {id} is the object that this resource describes, and no other resource or Terraform state manages it, import \
         it:\n\n{}\n\n\
         Otherwise, change the resource so that it differs from that object, and apply again.",
        facts(cause),
        import_line(place, &id.to_string())
    );
    Diagnostic::error(format!("Could not create {}: another object is in its place", kind.one), detail)
}

/// What to do if several objects may be the one that was made.
fn choose(place: &Place, ids: &[Uuid]) -> String {
    let Place { terms, parent, .. } = place;
    let lines: Vec<_> = ids.iter().map(|id| import_line(place, &id.to_string())).collect();
    format!(
        "Whether Deepslate made the object is not known. These {} of {parent} are like it, and it cannot be told for sure \
         which of them this create made, if any. It is not sent again, so that no second one is made.\n\n\
         1. Check which of them nobody else uses or manages: their times in Deepslate's console, and other Terraform \
         states.\n\
         2. Take that one over, or apply again where there is none:\n\n{}",
        terms.many,
        lines.join("\n")
    )
}

/// What to do if the object did not show, or could not be searched for.
fn search(place: &Place, cause: &Error, found: &Found) -> String {
    let Place { terms: kind, parent, .. } = place;
    let looked = match found {
        Found::NotSearched(Some(reason)) => {
            format!(" It could not be looked for in Deepslate's listing: {}.", failure(kind, reason))
        }
        Found::NotSearched(None) => String::new(),
        _ if cause.status.is_some_and(|status| status < 300) => {
            " The status says that it did, but the object has not turned up in Deepslate's listing so far.".to_owned()
        }
        _ => {
            " It has not turned up in Deepslate's listing so far, but no answer of Deepslate came, so the request may \
              still be under way."
                .to_owned()
        }
    };
    let where_to_look = match found {
        Found::NotSearched(Some(reason)) if reason.endpoint_missing() => "in Deepslate's console",
        _ => "in Deepslate's console, with `terraform query`, or with the data source that lists them",
    };
    let slow = match cause.kind {
        ErrorKind::TimedOut if cause.out_of_budget => {
            " If the server is slow, give the operation more time in the resource's `timeouts` first."
        }
        ErrorKind::TimedOut => " If the server is slow, raise the provider's `request_timeout` first.",
        _ => "",
    };
    format!(
        "Whether Deepslate made the object is not known.{looked} It is not sent again, so that no second one is made.\n\n\
         1. Look for it among the {} of {parent}: {where_to_look}.\n\
         2. Where it exists, and no state has it and no other error of this run names it, take it over: {}\n\
         3. Where it does not, apply again.{slow}",
        kind.many,
        import_line(place, "<id of the object>")
    )
}

fn import_line(place: &Place, id: &str) -> String {
    format!("terraform import <address of this resource> {}/{id}", place.import_prefix)
}

/// A create whose outcome was not known, and whose object was found.
pub(crate) fn adopted(kind: &Terms, id: Uuid, error: &Error) -> Diagnostic {
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

/// A create whose outcome was not known (`lost`), and whose object was found but could not be updated.
pub(crate) fn adopted_but_not_set(kind: &Terms, id: Uuid, lost: &Error, error: &Error) -> Diagnostic {
    let detail = format!(
        "The provider did not learn whether Deepslate created the object ({}), so it looked for the object. {id} is the \
         only object that matches and did not exist before. It is in the state. The update that sets all its values to \
         those of the configuration failed:\n\n{}\n\n{}\n\nThe next plan shows an in-place update of each value that is \
         not known to be set, and the next apply sends it. If someone else created {} with these values at the same time, \
         this object may be theirs. Then remove it from the state with `terraform state rm <address of this resource>`, \
         and apply again.",
        failure(kind, lost),
        facts(error),
        advice(kind, error),
        kind.many
    );
    let summary = format!("Could not update {} after an unknown outcome: {}", kind.one, failure(kind, error));
    Diagnostic::warning(summary, detail)
}
