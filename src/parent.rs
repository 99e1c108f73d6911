//! Where an object is: `vendor_id`, `organization_id`, and what else its collection needs.

use std::fmt::Debug;

use deepslate::{Operation, OrganizationRef};
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use tfplugin::cty::Path;
use tfplugin::{Attr, AttributeType, Diagnostic, Diagnostics, Result, Schema, not_known_yet};
use uuid::Uuid;

use crate::attributes::Id;
use crate::provider::{Client, ORGANIZATION_ID, VENDOR_ID};

/// The parents of a kind's objects, as attributes of their resource.
pub(crate) trait Parent: Schema + Clone + Default + Send + Sync + 'static {
    /// The same for the client of the API.
    type Ref: Copy + Debug + Send + Sync + 'static;
    /// The attributes that name the parents of an object, without those of the organization, each with its description
    /// where it narrows down a search.
    const OWN: &'static [(&'static str, &'static str)];
    /// The parents, as a message names them: "the vendor or organization".
    const NAMES: &'static str;
    /// Their attributes, as a message names them.
    const ATTRIBUTES: &'static str;
    /// What else a message about a missing parent says, with a blank before it.
    const HINT: &'static str;

    /// The organization.
    fn organization(&mut self) -> &mut InOrganization;

    /// The attributes, the vendor's first: in the order of the IDs in the API's paths.
    fn attributes(&mut self) -> Vec<&mut Attr<Id>>;

    /// The parent that has these IDs in the API's paths: the vendor's, the organization's, and the own ones. `None` if
    /// they are too few or too many.
    fn from_ids(ids: &[Uuid]) -> Option<Self::Ref>;

    /// The IDs by which [`from_ids`](Self::from_ids) finds it.
    fn ids(reference: Self::Ref) -> Vec<Uuid>;

    /// All parents of this kind in an organization.
    fn all<'a>(
        _api: &'a deepslate::Client,
        _operation: &'a Operation,
        _organization: OrganizationRef,
    ) -> BoxStream<'a, Result<Self::Ref>> {
        stream::empty().boxed()
    }

    /// The nearest parent, as a message names it: "organization 3f2a…".
    fn name(reference: Self::Ref) -> String;

    /// The part of an import ID before the object's own ID.
    fn import_prefix(reference: Self::Ref) -> String {
        Self::ids(reference).iter().map(Uuid::to_string).collect::<Vec<_>>().join("/")
    }

    /// The attributes of an object with this parent.
    fn of(reference: Self::Ref) -> Self {
        let mut parent = Self::default();
        for (attribute, id) in parent.attributes().into_iter().zip(Self::ids(reference)) {
            *attribute = Id::from(id).into();
        }
        parent
    }

    /// The attributes with their names.
    fn named(&mut self) -> Vec<(&'static str, &mut Attr<Id>)> {
        let names = ["vendor_id", "organization_id"].into_iter().chain(Self::OWN.iter().map(|(name, _)| *name));
        names.zip(self.attributes()).collect()
    }

    /// The names of the attributes that have a value which is not a UUID.
    fn not_uuids(&mut self) -> Vec<&'static str> {
        let named = self.named().into_iter();
        named.filter(|(_, id)| id.get().is_some_and(|id| id.uuid().is_none())).map(|(name, _)| name).collect()
    }

    /// What a plan or a state says, for the client.
    ///
    /// # Errors
    /// An ID is not a UUID.
    fn reference(&mut self) -> Result<Self::Ref> {
        let named = self.named().into_iter();
        let ids = named
            .map(|(name, id)| id.known()?.uuid().ok_or_else(|| not_a_uuid(name)))
            .collect::<Result<Vec<_>, _>>()?;
        Self::from_ids(&ids).ok_or_else(|| Diagnostic::bug("A parent has the wrong number of IDs").into())
    }
}

/// Objects of an organization.
#[derive(Schema, Clone, Default)]
pub(crate) struct InOrganization {
    /// The ID (UUID) of the vendor that the organization belongs to. Default: the provider's `vendor_id`.
    #[attribute(optional, computed, use_state_for_unknown, identity, requires_replace)]
    vendor_id: Attr<Id>,
    /// The ID (UUID) of the organization that the object belongs to. Default: the provider's `organization_id`.
    #[attribute(optional, computed, use_state_for_unknown, identity, requires_replace)]
    organization_id: Attr<Id>,
}

/// Where data sources and list resources look.
#[derive(Schema, Clone, Default)]
pub(crate) struct Scope {
    /// The ID (UUID) of the vendor that the organization belongs to. Default: the provider's `vendor_id`.
    #[attribute(optional, computed)]
    pub(crate) vendor_id: Attr<Id>,
    /// The ID (UUID) of the organization to search. Default: the provider's `organization_id`.
    #[attribute(optional, computed)]
    pub(crate) organization_id: Attr<Id>,
}

// === impl InOrganization ===

impl InOrganization {
    /// Sets what the configuration leaves open to the provider's IDs.
    ///
    /// # Errors
    /// The provider has none either.
    pub(crate) fn set_defaults(&mut self, config: &Self, client: &Client) -> Result<()> {
        let mut diagnostics = Diagnostics::default();
        for (planned, configured, default, name, variable) in [
            (&mut self.vendor_id, &config.vendor_id, &client.vendor_id, "vendor_id", VENDOR_ID),
            (
                &mut self.organization_id,
                &config.organization_id,
                &client.organization_id,
                "organization_id",
                ORGANIZATION_ID,
            ),
        ] {
            match default {
                _ if !configured.is_null() => {}
                Attr::Known(_) => planned.clone_from(default),
                // An existing object stays where it is as long as the provider names no other place.
                Attr::Unknown | Attr::Null if planned.get().is_some() => {}
                Attr::Unknown => *planned = Attr::Unknown,
                Attr::Null => diagnostics.push(missing(name, variable)),
            }
        }
        if diagnostics.has_errors() { Err(diagnostics) } else { Ok(()) }
    }

    /// Warns of an update that is planned while the provider's IDs are not known. `self` is the configuration.
    pub(crate) fn warnings(&self, client: &Client) -> Diagnostics {
        let mut warnings = Diagnostics::default();
        for (configured, default, name) in [
            (&self.vendor_id, &client.vendor_id, "vendor_id"),
            (&self.organization_id, &client.organization_id, "organization_id"),
        ] {
            if configured.is_null() && matches!(default, Attr::Unknown) {
                warnings.push(may_move(name));
            }
        }
        warnings
    }
}

impl Parent for InOrganization {
    type Ref = OrganizationRef;
    const OWN: &'static [(&'static str, &'static str)] = &[];
    const NAMES: &'static str = "the vendor or organization";
    const ATTRIBUTES: &'static str = "`vendor_id` and `organization_id`";
    const HINT: &'static str = "";

    fn organization(&mut self) -> &mut InOrganization {
        self
    }

    fn attributes(&mut self) -> Vec<&mut Attr<Id>> {
        vec![&mut self.vendor_id, &mut self.organization_id]
    }

    fn from_ids(ids: &[Uuid]) -> Option<OrganizationRef> {
        let &[vendor_id, id] = ids else { return None };
        Some(OrganizationRef { vendor_id, id })
    }

    fn ids(OrganizationRef { vendor_id, id }: OrganizationRef) -> Vec<Uuid> {
        vec![vendor_id, id]
    }

    fn name(organization: OrganizationRef) -> String {
        format!("organization {}", organization.id)
    }
}

// === impl Scope ===

impl Scope {
    /// The organization that the configuration names, or else the provider.
    ///
    /// # Errors
    /// Neither names one, or it is not known yet.
    pub(crate) fn resolve(&self, client: &Client) -> Result<OrganizationRef> {
        let config =
            InOrganization { vendor_id: self.vendor_id.clone(), organization_id: self.organization_id.clone() };
        let mut resolved = config.clone();
        resolved.set_defaults(&config, client)?;
        for (id, name) in [(&resolved.vendor_id, "vendor_id"), (&resolved.organization_id, "organization_id")] {
            if matches!(id, Attr::Unknown) {
                return Err(not_known_yet(name).into());
            }
        }
        resolved.reference()
    }
}

/// The vendor that a configuration names, or else the provider.
///
/// # Errors
/// Neither of them names an ID, or the ID is not a UUID or not known yet.
pub(crate) fn resolve_vendor(client: &Client, vendor_id: &Attr<Id>) -> Result<Uuid> {
    match if vendor_id.is_null() { &client.vendor_id } else { vendor_id } {
        Attr::Known(vendor_id) => Ok(vendor_id.uuid().ok_or_else(|| not_a_uuid("vendor_id"))?),
        Attr::Unknown => Err(not_known_yet("vendor_id").into()),
        Attr::Null => Err(missing("vendor_id", VENDOR_ID).into()),
    }
}

// === Import IDs ===

/// Takes an import ID apart: `<vendor_id>/<organization_id>/<own IDs>/<id>`, where the first ID or the first two may be
/// left out. Returns the parent and the object's ID.
///
/// # Errors
/// It has another form, which the diagnostic shows.
pub(crate) fn parse_import_id<P: Parent>(text: &str) -> Result<(P, Uuid)> {
    let ids: Option<Vec<Uuid>> = text.split('/').map(parse_id).collect();
    let mut parent = P::default();
    let attributes = parent.attributes();
    match ids.as_deref().and_then(<[Uuid]>::split_last) {
        Some((&id, ids)) if (P::OWN.len()..=attributes.len()).contains(&ids.len()) => {
            for (attribute, id) in attributes.into_iter().rev().zip(ids.iter().rev()) {
                *attribute = Id::from(*id).into();
            }
            Ok((parent, id))
        }
        _ => Err(invalid_import_id::<P>(text).into()),
    }
}

/// A UUID in its usual form.
pub(crate) fn parse_id(text: &str) -> Option<Uuid> {
    Uuid::from_value(text.into()).ok()
}

fn invalid_import_id<P: Parent>(text: &str) -> Diagnostic {
    let own: String = P::OWN.iter().map(|(name, _)| format!("<{name}>/")).chain(["<id>".to_owned()]).collect();
    // A text that is not an ID may be a secret that was put here by mistake.
    let show =
        |part| parse_id(part).map_or_else(|| format!("({} characters)", part.chars().count()), |id| id.to_string());
    let shown = text.split('/').take(10).map(show).collect::<Vec<_>>().join("/");
    let detail = format!(
        "Expected `<vendor_id>/<organization_id>/{own}`, `<organization_id>/{own}` or `{own}`, where each part is a \
         UUID, got `{shown}`. IDs that you leave out come from the provider."
    );
    Diagnostic::error("Invalid import ID", detail)
}

/// An ID that a request needs, but that is not a UUID.
pub(crate) fn not_a_uuid(name: &str) -> Diagnostic {
    let detail = format!(
        "Expected a UUID such as `3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b`, but the value of `{name}` (from this block \
         or from the provider) is not a UUID. No request was sent. Terraform can plan with a mocked ID, but it cannot \
         read or apply the object."
    );
    Diagnostic::error(format!("Invalid value for `{name}`"), detail).at(Path::attribute(name))
}

/// An ID in a planned create that is not a UUID.
pub(crate) fn may_be_mocked(name: &str) -> Diagnostic {
    let detail = format!(
        "Deepslate's IDs are UUIDs, but the value of `{name}` (from this block or from the provider) is not a UUID. \
         The plan accepts the value, because it may be a mocked ID (`override_resource`, Terragrunt's \
         `mock_outputs`). An apply would fail."
    );
    Diagnostic::warning(format!("The value of `{name}` is not a UUID"), detail).at(Path::attribute(name))
}

fn missing(name: &str, variable: &str) -> Diagnostic {
    let detail = format!(
        "Neither this block nor the provider block sets `{name}`. Set `{name}` in one of them, set the environment \
         variable `{variable}`, or include the ID in the import ID of `terraform import`."
    );
    Diagnostic::error(format!("Missing value for `{name}`"), detail).at(Path::attribute(name))
}

fn may_move(name: &str) -> Diagnostic {
    let detail = format!(
        "The provider's `{name}` is not known until other resources are applied, so the plan keeps the object where \
         it is. If apply then finds a different value, Terraform rejects this update, and the next plan replaces the \
         object. To know the value before the plan, first apply the resources that it comes from, with `-target`."
    );
    Diagnostic::warning(format!("The provider's `{name}` is not known yet"), detail).at(Path::attribute(name))
}
