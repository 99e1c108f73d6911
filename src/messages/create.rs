//! The outcomes of creates: what is known of the object, and how to find it and manage it if it exists.

use deepslate::{CreateError, Error, ErrorKind, Found, Malformed};
use tfplugin::Diagnostic;
use uuid::Uuid;

use super::{Terms, advice, facts, failed, failure};

/// The place of a create.
pub(crate) struct Place {
    /// The kind of object.
    pub(crate) terms: &'static Terms,
    /// The parent: "organization <id>".
    pub(crate) parent: String,
    /// The part of an import ID before the object's own ID.
    pub(crate) import_prefix: String,
}

/// A create that created the object, but then failed.
pub(crate) fn created_but_unreadable(kind: &Terms, error: &Error) -> Diagnostic {
    let detail = format!(
        "{}\n\nThe object exists and is in the state. Terraform marks the object as tainted, so the next apply \
         replaces it. To keep the object, run `terraform untaint <address of this resource>` first.\n\n{}",
        facts(error),
        advice(kind, error)
    );
    Diagnostic::error(
        format!("Could not read the response about the created {}: {}", kind.one, failure(kind, error)),
        detail,
    )
}

/// A failed create. If the object may exist, the diagnostic says how to find and import it.
pub(crate) fn create_failed(place: &Place, error: &CreateError) -> Diagnostic {
    let Place { terms: kind, parent, .. } = place;
    match error {
        CreateError::NotMade { cause, searched: false } => failed("create", kind, cause),
        CreateError::NotMade { cause, searched: true } => {
            let detail = format!(
                "{}\n\nThe provider checked whether Deepslate had created the object. The list of {} of {parent} does \
                 not contain it.\n\n{}",
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
        format!(
            "The response contains the ID {id}, but the object with this ID existed before. Deepslate may have \
                 changed that object."
        )
    } else {
        format!("Deepslate refused the request. The response contains the ID {id} of an object that existed before.")
    };
    let detail = format!(
        "{}\n\n{happened} This create expected a new object, so the state was not changed.\n\n\
         If {id} is the object that this resource describes, and no other resource or Terraform state manages it, import \
         it:\n\n{}\n\n\
         Otherwise, change the resource so that it differs from that object, and apply again.",
        facts(cause),
        import_line(place, &id.to_string())
    );
    Diagnostic::error(format!("Could not create {}: Deepslate returned the ID of an existing object", kind.one), detail)
}

/// What to do if several objects match the create.
fn choose(place: &Place, ids: &[Uuid]) -> String {
    let Place { terms, parent, .. } = place;
    let lines: Vec<_> = ids.iter().map(|id| import_line(place, &id.to_string())).collect();
    format!(
        "The provider did not learn whether Deepslate created the object. These {} of {parent} match, but the \
         provider does not know which of them this request created, if any. The provider does not repeat the request, \
         because that could create a duplicate.\n\n1. Find the object that nobody else uses or manages. Compare the \
         creation times in Deepslate's console, and check your other Terraform states.\n2. If you find such an \
         object, import it. Otherwise, apply again:\n\n{}",
        terms.many,
        lines.join("\n")
    )
}

/// What to do if the object did not show, or could not be searched for.
fn search(place: &Place, cause: &Error, found: &Found) -> String {
    let Place { terms: kind, parent, .. } = place;
    let looked = match found {
        Found::NotSearched(Some(reason)) => {
            format!(" The provider could not search Deepslate's list for the object: {}.", failure(kind, reason))
        }
        Found::NotSearched(None) => String::new(),
        _ if cause.status.is_some_and(|status| status < 300) => {
            " The status code says that Deepslate created the object, but Deepslate's list does not show the object \
             yet."
                .to_owned()
        }
        _ => " Deepslate's list does not show the object yet. Deepslate did not respond, so the request may still be \
              in progress."
            .to_owned(),
    };
    let where_to_look = match found {
        Found::NotSearched(Some(reason)) if reason.endpoint_missing() => "in Deepslate's console",
        _ => "in Deepslate's console, with `terraform query`, or with the data source that lists them",
    };
    let slow = match cause.kind {
        ErrorKind::TimedOut if cause.out_of_budget => {
            " If the server is slow, increase the timeout in the resource's `timeouts` block first."
        }
        ErrorKind::TimedOut => " If the server is slow, increase the provider's `request_timeout` first.",
        _ => "",
    };
    format!(
        "The provider did not learn whether Deepslate created the object.{looked} The provider does not repeat the \
         request, because that could create a duplicate.\n\n1. Look for the object among the {} of {parent}: \
         {where_to_look}.\n2. If the object exists, no Terraform state manages it and no other error of this run \
         names it, import it: {}\n3. If the object does not exist, apply again.{slow}",
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
        "{}\n\nThe provider did not learn whether Deepslate created the object, so it looked for the object. {id} is \
         the only object that matches and did not exist before. It is in the state, and the provider set all its \
         values to those of the configuration. If someone else created {} with these values at the same time, this \
         object may be theirs: remove it from the state with `terraform state rm <address of this resource>`, and \
         apply again. Otherwise, you do not have to do anything.",
        facts(error),
        kind.many
    );
    let summary = format!("Adopted the {} after an unknown outcome: {}", kind.one, failure(kind, error));
    Diagnostic::warning(summary, detail)
}

/// A create whose outcome was not known (`lost`), and whose object was found but could not be updated.
pub(crate) fn adopted_but_not_set(kind: &Terms, id: Uuid, lost: &Error, error: &Error) -> Diagnostic {
    let detail = format!(
        "The provider did not learn whether Deepslate created the object ({}), so it looked for the object. {id} is \
         the only object that matches and did not exist before. It is in the state. The update that sets all its \
         values to those of the configuration failed:\n\n{}\n\n{}\n\nThe next plan shows an in-place update of each \
         value that may not be set, and the next apply sends these values. If someone else created {} with these \
         values at the same time, this object may be theirs. Then remove it from the state with `terraform state rm \
         <address of this resource>`, and apply again.",
        failure(kind, lost),
        facts(error),
        advice(kind, error),
        kind.many
    );
    let summary = format!("Could not update {} after an unknown outcome: {}", kind.one, failure(kind, error));
    Diagnostic::warning(summary, detail)
}
