//! `vendor_id` and `organization_id`: where an object lives, from the resource itself or from the provider.

use uuid::Uuid;

use super::client::Client;
use super::config::{ORGANIZATION_ID, VENDOR_ID};
use deepslate::Organization;
use tfplugin::cty::Path;
use tfplugin::{Attr, AttributeType, Diagnostic, Diagnostics, Result, not_known_yet};

/// Sets what the resource's configuration leaves open to the provider's ids.
///
/// # Errors
/// Where the provider has none either.
pub(super) fn defaults(client: &Client, vendor: Given<'_>, organization: Given<'_>) -> Result<()> {
    let mut diagnostics = Diagnostics::default();
    for (given, name, default, variable) in [
        (vendor, "vendor_id", client.vendor_id, VENDOR_ID),
        (organization, "organization_id", client.organization_id, ORGANIZATION_ID),
    ] {
        match default {
            _ if !given.config.is_null() => {}
            Attr::Known(_) => *given.plan = default,
            // An existing object stays where it is as long as the provider names no other place.
            Attr::Unknown | Attr::Null if given.plan.get().is_some() => {}
            Attr::Unknown => *given.plan = Attr::Unknown,
            Attr::Null => diagnostics.push(missing(name, variable)),
        }
    }
    if diagnostics.has_errors() { Err(diagnostics) } else { Ok(()) }
}

/// The organization that the configuration of something that only reads names, or else the provider's.
///
/// # Errors
/// Where neither names one.
pub(super) fn resolve(client: &Client, vendor_id: Attr<Uuid>, organization_id: Attr<Uuid>) -> Result<Organization> {
    let (mut vendor, mut organization) = (vendor_id, organization_id);
    defaults(
        client,
        Given { config: &vendor_id, plan: &mut vendor },
        Given { config: &organization_id, plan: &mut organization },
    )?;
    for (id, name) in [(&vendor, "vendor_id"), (&organization, "organization_id")] {
        if matches!(id, Attr::Unknown) {
            return Err(not_known_yet(name).into());
        }
    }
    self::organization(&vendor, &organization)
}

/// The vendor that the configuration of something that only reads names, or else the provider's.
///
/// # Errors
/// Where neither names one.
pub(super) fn resolve_vendor(client: &Client, vendor_id: Attr<Uuid>) -> Result<Uuid> {
    match if vendor_id.is_null() { client.vendor_id } else { vendor_id } {
        Attr::Known(vendor_id) => Ok(vendor_id),
        Attr::Unknown => Err(not_known_yet("vendor_id").into()),
        Attr::Null => Err(missing("vendor_id", VENDOR_ID).into()),
    }
}

/// What the user should know of an update that is planned while the provider's ids are not known.
pub(super) fn warnings(client: &Client, vendor_id: &Attr<Uuid>, organization_id: &Attr<Uuid>) -> Diagnostics {
    let mut warnings = Diagnostics::default();
    for (configured, name, default) in
        [(vendor_id, "vendor_id", client.vendor_id), (organization_id, "organization_id", client.organization_id)]
    {
        if configured.is_null() && matches!(default, Attr::Unknown) {
            warnings.push(may_move(name));
        }
    }
    warnings
}

/// One of the two ids in a resource's configuration and in its plan.
pub(super) struct Given<'a> {
    pub config: &'a Attr<Uuid>,
    pub plan: &'a mut Attr<Uuid>,
}

/// The organization that a plan or a state names.
pub(super) fn organization(vendor_id: &Attr<Uuid>, organization_id: &Attr<Uuid>) -> Result<Organization> {
    Ok(Organization { vendor_id: *vendor_id.known()?, id: *organization_id.known()? })
}

/// The ids that `terraform import` takes, joined by slashes: `own` names those that must be given, and the
/// organization's, or the vendor's and the organization's, may stand before them.
pub(super) fn import_ids<const OWN: usize>(
    text: &str,
    own: [&str; OWN],
) -> Result<(Attr<Uuid>, Attr<Uuid>, [Uuid; OWN])> {
    let ids: Option<Vec<Uuid>> = text.split('/').map(parse_id).collect();
    let parts = ids.as_deref().and_then(|ids| ids.split_last_chunk::<OWN>());
    match parts {
        Some(([], own)) => Ok((Attr::Null, Attr::Null, *own)),
        Some(([organization], own)) => Ok((Attr::Null, Attr::Known(*organization), *own)),
        Some(([vendor, organization], own)) => Ok((Attr::Known(*vendor), Attr::Known(*organization), *own)),
        _ => Err(malformed(text, &own.join("/")).into()),
    }
}

/// A UUID in its usual form.
pub(super) fn parse_id(text: &str) -> Option<Uuid> {
    Uuid::from_value(text.into()).ok()
}

fn missing(name: &str, variable: &str) -> Diagnostic {
    let detail = format!(
        "Neither this block nor the provider says which `{name}` to use. Set `{name}` here or in the provider block, \
         set the environment variable `{variable}`, or write it into the id that `terraform import` is given."
    );
    Diagnostic::error(format!("Missing value for `{name}`"), detail).at(Path::attribute(name))
}

fn may_move(name: &str) -> Diagnostic {
    let detail = format!(
        "The provider's `{name}` is not known before something else is applied, so the plan leaves the object where \
         it is. Should the value turn out to be \
         another one, Terraform refuses this update while applying, and the next plan replaces the object. To know \
         beforehand, apply first what the value comes \
         from, with `-target`."
    );
    Diagnostic::warning(format!("The provider's `{name}` is not known yet"), detail).at(Path::attribute(name))
}

fn malformed(text: &str, own: &str) -> Diagnostic {
    let shown: String = text.chars().take(150).collect();
    Diagnostic::error(
        "Invalid import id",
        format!(
            "Expected `<vendor_id>/<organization_id>/{own}`, `<organization_id>/{own}` or `{own}`, each part a UUID, \
             got {shown:?}. What is left out comes from the provider."
        ),
    )
}
