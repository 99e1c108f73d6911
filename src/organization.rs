//! The data sources `deepslate_organizations` and `deepslate_organization`: from a company's name to its id.

use std::time::Duration;

use deepslate::{Object, Organization, Verb};
use futures_util::TryStreamExt;
use tfplugin::{
    Attr, Call, DataSource, Diagnostic, Diagnostics, ForeignText, Length, ReadTimeout, Result, Schema, Secrets,
};
use uuid::Uuid;

use crate::attributes::Id;
use crate::managed::READ_TIMEOUT;
use crate::messages::{self, Terms};
use crate::near;
use crate::parent::{not_a_uuid, resolve_vendor};
use crate::provider::{Client, operation};

/// Organizations, as messages name them.
pub(crate) const TERMS: Terms = Terms {
    one: "organization",
    many: "organizations",
    parents: "the vendor",
    attributes: "`vendor_id`",
    hint: "",
    references: &[],
    documented: &[Verb::Get, Verb::List],
};

/// Reads the organizations of a vendor: all of them, or those that match the arguments.
#[derive(Schema)]
pub(crate) struct ListModel {
    /// The ID (UUID) of the vendor. Default: the provider's `vendor_id`.
    #[attribute(optional, computed)]
    vendor_id: Attr<Id>,
    /// Selects the organizations with exactly this company name.
    #[attribute(optional, length_at_least(1), printable)]
    company_name: Attr<String>,
    /// Selects the organizations whose company name contains this text. Case is ignored.
    #[attribute(optional, length_at_least(1), printable)]
    company_name_contains: Attr<String>,
    /// The IDs of the organizations found, sorted by company name.
    #[attribute(computed)]
    ids: Attr<Vec<Uuid>>,
    /// The organizations found, sorted by company name. Each has `id` and `company_name`.
    #[attribute(computed)]
    organizations: Attr<Vec<Entry>>,
    /// Timeout for reads, including retries and waits.
    #[block]
    timeouts: Attr<ReadTimeout>,
}

/// One of the organizations found.
#[derive(Schema)]
pub(crate) struct Entry {
    /// The ID, a UUID.
    #[attribute(computed)]
    id: Attr<Uuid>,
    /// The company's name.
    #[attribute(computed)]
    company_name: Attr<String>,
}

/// Reads one organization of a vendor by its ID or its company name.
#[derive(Schema)]
pub(crate) struct Model {
    /// The ID (UUID) of the vendor. Default: the provider's `vendor_id`.
    #[attribute(optional, computed)]
    vendor_id: Attr<Id>,
    /// The ID (UUID) of the organization. Either `id` or `company_name` is required.
    #[attribute(optional, computed)]
    id: Attr<Id>,
    /// The exact company name. Either `id` or `company_name` is required.
    #[attribute(optional, computed, length_at_least(1), printable)]
    company_name: Attr<String>,
    /// Timeout for reads, including retries and waits.
    #[block]
    timeouts: Attr<ReadTimeout>,
}

/// The data source for several.
pub(crate) struct OrganizationsDataSource;

/// The data source for one.
pub(crate) struct OrganizationDataSource;

impl DataSource for OrganizationsDataSource {
    type Client = Client;
    type Model = ListModel;
    const TYPE_NAME: &'static str = "deepslate_organizations";
    const READ_TIMEOUT: Duration = READ_TIMEOUT;

    async fn read(&self, call: &Call<'_, Client>, config: ListModel) -> Result<ListModel> {
        let vendor_id = resolve_vendor(call.client, &config.vendor_id)?;
        let mut found = all(call, vendor_id).await?;
        found.retain(|company| {
            config.company_name.get().is_none_or(|name| company.company_name.raw() == name)
                && config.company_name_contains.get().is_none_or(|part| contains(company.company_name.raw(), part))
        });
        Ok(ListModel {
            vendor_id: Id::from(vendor_id).into(),
            ids: found.iter().map(|company| company.id).collect::<Vec<_>>().into(),
            organizations: found.into_iter().map(Entry::from).collect::<Vec<_>>().into(),
            ..config
        })
    }
}

impl DataSource for OrganizationDataSource {
    type Client = Client;
    type Model = Model;
    const TYPE_NAME: &'static str = "deepslate_organization";
    const READ_TIMEOUT: Duration = READ_TIMEOUT;

    fn validate(&self, config: &Model) -> Diagnostics {
        let came = if config.id.is_null() && config.company_name.is_null() {
            "neither is set"
        } else if config.id.get().is_some() && config.company_name.get().is_some() {
            "both are set"
        } else {
            return Diagnostics::default();
        };
        let detail = format!("Expected either `id` or `company_name`, but {came}.");
        Diagnostic::error("Invalid arguments to select the organization", detail).into()
    }

    async fn read(&self, call: &Call<'_, Client>, config: Model) -> Result<Model> {
        let vendor_id = resolve_vendor(call.client, &config.vendor_id)?;
        let id = match config.id.get() {
            Some(id) => Some(id.uuid().ok_or_else(|| not_a_uuid("id"))?),
            None => None,
        };
        let all = all(call, vendor_id).await?;
        let is_meant = |company: &&Company| match config.company_name.get() {
            Some(name) => company.company_name.raw() == name,
            None => id == Some(company.id),
        };
        let found: Vec<&Company> = all.iter().filter(is_meant).collect();
        match found[..] {
            [company] => Ok(Model {
                vendor_id: Id::from(vendor_id).into(),
                id: Id::from(company.id).into(),
                company_name: company.company_name.clone().into_raw().into(),
                timeouts: config.timeouts,
            }),
            [] => Err(none(vendor_id, config.company_name.get(), id, &all, call.secrets).into()),
            _ => Err(several(vendor_id, &found, call.secrets).into()),
        }
    }
}

/// An organization of the vendor.
struct Company {
    id: Uuid,
    company_name: ForeignText,
}

impl From<Object<Organization>> for Company {
    fn from(Object { id, value }: Object<Organization>) -> Self {
        Self { id, company_name: value.company_name.unwrap_or_default() }
    }
}

impl From<Company> for Entry {
    fn from(company: Company) -> Self {
        Self { id: company.id.into(), company_name: company.company_name.into_raw().into() }
    }
}

/// The organizations of a vendor, sorted by name.
async fn all(call: &Call<'_, Client>, vendor_id: Uuid) -> Result<Vec<Company>> {
    let operation = operation(call);
    let collection = call.client.api()?.collection::<Organization>(vendor_id);
    let found = collection.list(&operation, |_| true).map_ok(Company::from).try_collect::<Vec<_>>().await;
    let mut found = found.map_err(|error| messages::list_failed(&TERMS, &error))?;
    found.sort_by(|one, other| (&one.company_name, one.id).cmp(&(&other.company_name, other.id)));
    Ok(found)
}

fn contains(name: &str, part: &str) -> bool {
    name.to_lowercase().contains(&part.to_lowercase())
}

fn none(
    vendor_id: Uuid,
    company_name: Option<&String>,
    id: Option<Uuid>,
    all: &[Company],
    secrets: &Secrets,
) -> Diagnostic {
    let (wanted, near) = match (company_name, id) {
        // The name itself is not shown, since a secret may have been put in its place.
        (Some(name), _) => (
            "this `company_name`".to_owned(),
            near::nearest(all, |company| near::similarity(name, company.company_name.raw())),
        ),
        (None, Some(id)) => (format!("the ID {id}"), all.iter().collect()),
        (None, None) => (String::new(), Vec::new()),
    };
    let hint = match &near[..] {
        [] if all.is_empty() => "It has no organizations that the API key can access. Check `vendor_id` and the API \
                                 key."
            .to_owned(),
        [] => {
            format!("None of its {} organizations has a similar name. Check the spelling and `vendor_id`.", all.len())
        }
        near => format!(
            "Of its {} organizations, you may mean one of these:{}\n\nUse the exact name, including case and spaces, \
             or set `id`.",
            all.len(),
            shown(near, secrets)
        ),
    };
    let detail = format!("Vendor {vendor_id} has no organization with {wanted}. {hint}");
    Diagnostic::error("No such organization", detail)
}

fn several(vendor_id: Uuid, found: &[&Company], secrets: &Secrets) -> Diagnostic {
    let detail = format!(
        "Expected exactly one match, but vendor {vendor_id} has {}:{}\n\nSelect one of them by `id`.",
        found.len(),
        shown(found, secrets)
    );
    Diagnostic::error("Several organizations match", detail)
}

fn shown(companies: &[&Company], secrets: &Secrets) -> String {
    let name = |company: &Company| secrets.show(&company.company_name, Length::Name);
    let lines = companies.iter().map(|company| messages::named(company.id, name(company)));
    messages::list(lines)
}
