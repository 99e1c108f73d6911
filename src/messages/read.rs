//! What reads show: objects that are gone or may be gone, and fields that cannot be read.

use deepslate::{Error, Gone, Unreadable};
use tfplugin::{Diagnostic, Diagnostics};
use uuid::Uuid;

use super::{Terms, facts, snake_case};

/// What to do if the state has an object that cannot be read, but that is known to be gone.
pub(super) const WAY_OUT: &str = "If you know that the object is gone, remove it from the state with `terraform state \
                                  rm <address of this resource>` or with a `removed` block that has `lifecycle \
                                  { destroy = false }`.";

/// A warning that names the fields of an object that cannot be read, if there are any.
pub(crate) fn unreadable(kind: &Terms, id: Uuid, fields: &[Unreadable]) -> Diagnostics {
    if fields.is_empty() {
        return Diagnostics::default();
    }
    let names: Vec<_> = fields.iter().map(|field| snake_case(field.name)).collect();
    let lines = fields.iter().map(|field| format!("\n- `{}`: {}", snake_case(field.name), field.reason));
    let detail = format!(
        "Deepslate's response for {} {id} has values that the provider cannot read:{}\n\nThe provider keeps the known \
         values of these attributes. It cannot detect changes to them.",
        kind.one,
        lines.collect::<String>()
    );
    let names = super::and(names.iter().map(String::as_str));
    Diagnostic::warning(format!("Could not read {names} of the {}", kind.one), detail).into()
}

/// A warning that the place of a missing object could not be verified, if so.
pub(crate) fn gone_unverified(kind: &Terms, id: Uuid, gone: &Gone) -> Diagnostics {
    let Some(error) = &gone.unverified else { return Diagnostics::default() };
    let Terms { one, many, .. } = kind;
    let detail = format!(
        "{}\n\nDeepslate does not know {one} {id}, and its list of {many} is empty. The provider could not verify \
         that the organization exists, because it could not list organizations. If `vendor_id`, `organization_id`, \
         the API key or the provider's `base_url` are wrong, the object may still exist. Correct them, and import the \
         object if it is no longer in the state.",
        facts(error)
    );
    Diagnostic::warning(format!("Could not verify the organization of the missing {one}"), detail).into()
}

/// What to do if nothing proves that an object is gone.
pub(super) fn place_unknown(kind: &Terms) -> String {
    format!(
        "This does not prove that the object is gone, so the state was not changed. An API may return the same \
         response if {parents} does not exist, or if the API key has no access to it.\n\nCheck {attributes}, the API \
         key (`api_key` or `DEEPSLATE_API_KEY`) and the provider's `base_url`: they must be those of the \
         object.{hint} {WAY_OUT}",
        parents = kind.parents,
        attributes = kind.attributes,
        hint = kind.hint,
    )
}

/// What a failed request was for, and what to do if it keeps failing.
pub(super) fn no_proof() -> String {
    format!(
        "Deepslate does not know the object. The provider sent this request to verify that the object is gone. As long as \
         the request fails, the state is not changed. {WAY_OUT}"
    )
}

/// What to do if the list shows an object that the GET does not.
pub(super) fn contradiction() -> String {
    format!(
        "Deepslate's list shows the object, but the request for the object itself says that it does not exist. This \
         contradiction lasted for some seconds, so the state was not changed. Run Terraform again later. If the error \
         remains, report it to Deepslate. {WAY_OUT}"
    )
}

/// An object that a server without the documented calls cannot show, so that it cannot be imported.
pub(crate) fn cannot_be_imported(kind: &Terms, error: &Error) -> Diagnostic {
    let Terms { one, many, .. } = kind;
    let detail = format!(
        "{}\n\nWe found no documentation for the requests that read or list {many}, and this server does not support \
         them fully. The provider cannot read the {object}, so it added nothing to the state. If other requests fail \
         too, check the provider's `base_url`.",
        facts(error),
        object = last_word(one)
    );
    Diagnostic::error(format!("Could not import {one}: the server does not support reading it"), detail)
}

/// An object that a server without the documented calls cannot show. The state keeps it.
pub(crate) fn cannot_be_read(kind: &Terms, error: &Error) -> Diagnostic {
    let Terms { one, many, .. } = kind;
    let detail = format!(
        "{}\n\nWe found no documentation for the requests that read or list {many}, and this server supports neither. \
         The state was not changed. The provider cannot detect changes that were made elsewhere. This warning is shown once \
         and applies to all {many} of this run. If other requests fail too, check the provider's `base_url`. {WAY_OUT}",
        facts(error)
    );
    Diagnostic::warning(format!("Could not read {one}: drift cannot be detected"), detail)
}

fn last_word(text: &str) -> &str {
    text.rsplit(' ').next().unwrap_or(text)
}
