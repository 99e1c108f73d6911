//! `deepslate_sip_credentials`: a SIP account that Deepslate places and takes calls over.

pub(super) mod data_source;
mod filter;
pub(super) mod list_data_source;
pub(super) mod list_resource;

use secrecy::{ExposeSecret, SecretString};
use tfplugin::Schema;
use uuid::Uuid;

use super::client::{Client, TIMEOUTS, budget};
use super::errors::{self, Kind, Place};
use super::hostname::Hostname;
use super::organization::{self, Given};
use super::{sip_phone_number, takeover};
use deepslate::{self, Account, ErrorKind, Organization, SipCredentialsRequest};
use tfplugin::{Attr, Call, DefaultTimeouts, Diagnostic, Diagnostics, MoveSource, Resource, Result, Timeouts};

/// Credentials that Deepslate uses at a SIP provider, so that the voice agents of an organization can place and take
/// calls over that account. A change of an attribute is made in place, unless the attribute says that it replaces.
#[derive(Clone, Default, Schema)]
pub(crate) struct Model {
    /// The id that Deepslate gave the credentials, a UUID.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    /// The vendor that the organization belongs to, a UUID. Default: the provider's `vendor_id`, of which a change then
    /// replaces the object too.
    #[attribute(optional, computed, use_state_for_unknown, identity, requires_replace)]
    vendor_id: Attr<Uuid>,
    /// The organization that uses the credentials, a UUID. Default: the provider's `organization_id`, of which a change
    /// then replaces the object too.
    #[attribute(optional, computed, use_state_for_unknown, identity, requires_replace)]
    organization_id: Attr<Uuid>,
    /// The SIP server: a DNS name or an IP address. Case and a trailing dot make no difference.
    #[attribute(required)]
    hostname: Attr<Hostname>,
    /// The port of the SIP server.
    #[attribute(required, between(1..=65535))]
    port: Attr<u16>,
    /// The user name at the SIP server. Not empty.
    #[attribute(required, length_at_least(1))]
    username: Attr<String>,
    /// The password at the SIP server, which is then in the state. Not empty. Either this or `password_wo` is required.
    /// Deepslate never returns it, so a change made elsewhere is not noticed.
    #[attribute(optional, sensitive, length_at_least(1), exactly_one_of("password_wo"))]
    password: Attr<SecretString>,
    /// The password at the SIP server, kept out of plan and state. Not empty. Takes Terraform 1.11 or OpenTofu 1.11, or
    /// later. Either this or `password` is required.
    #[attribute(optional, sensitive, length_at_least(1), write_only = "password_wo_version")]
    password_wo: Attr<SecretString>,
    /// Counts the changes of `password_wo`. Set it, and a changed password plans an update only when the number changes
    /// too: the form to use with ephemeral values. Leave it out, and the provider counts up whenever `password_wo`
    /// differs from the one it sent last, of which it remembers a salted Argon2id hash; every planned update then shows
    /// the number as known after apply, since only apply can tell. When you begin to set it, begin above the number in
    /// the state.
    #[attribute(optional, computed, use_state_for_unknown, also_requires("password_wo"), between(1..=MOST_VERSIONS))]
    password_wo_version: Attr<i64>,
    /// How many agent tasks (calls of an agent) may run at once over the account.
    #[attribute(default = 10, between(1..=i32::MAX))]
    max_agent_tasks: Attr<i32>,
    /// How long each operation may take, with all its requests, retries and waits.
    #[block]
    timeouts: Attr<Timeouts>,
}

/// The resource.
pub(crate) struct SipCredentials;

impl Resource for SipCredentials {
    type Client = Client;
    type Model = Model;
    const TYPE_NAME: &'static str = "deepslate_sip_credentials";
    const TIMEOUTS: DefaultTimeouts = TIMEOUTS;
    const MOVE_HINT: Option<&'static str> = Some(takeover::MOVE_HINT);

    fn defaults(&self, client: &Client, config: &Model, plan: &mut Model) -> Result<()> {
        organization::defaults(
            client,
            Given { config: &config.vendor_id, plan: &mut plan.vendor_id },
            Given { config: &config.organization_id, plan: &mut plan.organization_id },
        )
    }

    fn warnings(&self, client: &Client, config: &Model, prior: &Model) -> Diagnostics {
        let mut warnings = organization::warnings(client, &config.vendor_id, &config.organization_id);
        if prior.password.is_null() && prior.password_wo_version.is_null() {
            warnings.push(password_unknown());
        }
        warnings
    }

    async fn create(&self, call: &Call<'_, Client>, plan: Model) -> Result<Model> {
        let (organization, request) = (plan.organization()?, plan.request()?);
        let created = call.client.deepslate()?.create_sip_credentials(&budget(call), organization, &request).await;
        let created = created.map_err(|error| errors::on_create(&place(organization), &error))?;
        let plan = Model { id: created.id.into(), ..plan };
        match (created.object, created.adopted_after) {
            (Ok(credentials), None) => Ok(plan.with(credentials)),
            (Ok(credentials), Some(lost)) => {
                call.warn(errors::adopted(&KIND, created.id, &lost));
                Ok(plan.with(credentials))
            }
            (Err(error), None) => {
                call.keep(plan);
                Err(errors::on_created("make sense of", &KIND, &error).into())
            }
            (Err(error), Some(lost)) => {
                call.keep(Model { password: Attr::Null, password_wo_version: Attr::Null, ..plan });
                Err(errors::on_adopted(&KIND, created.id, &lost, &error).into())
            }
        }
    }

    async fn read(&self, call: &Call<'_, Client>, state: Model) -> Result<Option<Model>> {
        let (organization, id) = (state.organization()?, *state.id.known()?);
        let (deepslate, budget) = (call.client.deepslate()?, budget(call));
        let read = match state.known(id) {
            Some(known) => deepslate.refresh_sip_credentials(&budget, organization, &known).await,
            None => deepslate.get_sip_credentials(&budget, organization, id).await,
        };
        match read {
            Ok(found) => Ok(Some(state.with(found))),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(errors::on("read", &KIND, &error).into()),
        }
    }

    async fn update(&self, call: &Call<'_, Client>, state: Model, plan: Model) -> Result<Model> {
        let (organization, id, request) = (plan.organization()?, *plan.id.known()?, plan.request()?);
        match call.client.deepslate()?.update_sip_credentials(&budget(call), organization, id, &request).await {
            Ok(Some(updated)) => Ok(plan.with(updated)),
            Ok(None) => Ok(plan),
            Err(error) => {
                if error.outcome_unknown() {
                    // A read tells everything but the password. One that was to change is set once more.
                    let password =
                        if same_secret(&state.password, &plan.password) { state.password } else { Attr::Null };
                    call.keep(Model { password, password_wo_version: Attr::Null, ..state });
                }
                Err(errors::on("update", &KIND, &error).into())
            }
        }
    }

    async fn delete(&self, call: &Call<'_, Client>, state: Model) -> Result<()> {
        let (organization, id) = (state.organization()?, *state.id.known()?);
        match call.client.deepslate()?.delete_sip_credentials(&budget(call), organization, id).await {
            Ok(()) => Ok(()),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
            Err(error) if error.kind == ErrorKind::Conflict => {
                let account = Account { organization, sip_credentials_id: id };
                Err(sip_phone_number::still_under(call, account, errors::on("delete", &KIND, &error)).await.into())
            }
            Err(error) => Err(errors::on("delete", &KIND, &error).into()),
        }
    }

    fn import(&self, id: &str) -> Result<Model> {
        let (vendor_id, organization_id, [id]) = organization::import_ids(id, ["<id>"])?;
        Ok(Model { id: id.into(), vendor_id, organization_id, ..Model::default() })
    }

    fn move_state(&self, source: &MoveSource<'_>) -> Option<Model> {
        let (organization, [id]) = takeover::locate(source, "sip/credentials")?;
        Some(Model::named(organization, id))
    }
}

/// The largest whole number that JSON carries without loss, so that a date and time can be a version.
const MOST_VERSIONS: i64 = 9_007_199_254_740_991;

/// What the object is in messages.
pub(super) const KIND: Kind = Kind {
    one: "SIP credentials",
    many: "SIP credentials",
    under: "the vendor or organization",
    ids: "`vendor_id` and `organization_id`",
    hint: "",
    documented: &["POST", "GET"],
};

impl Model {
    /// Of an object of which nothing else is known.
    fn named(organization: Organization, id: Uuid) -> Self {
        let Organization { vendor_id, id: organization_id } = organization;
        Self { id: id.into(), vendor_id: vendor_id.into(), organization_id: organization_id.into(), ..Self::default() }
    }

    fn organization(&self) -> Result<Organization> {
        organization::organization(&self.vendor_id, &self.organization_id)
    }

    /// The whole object, as both POST and PUT take it.
    fn request(&self) -> Result<SipCredentialsRequest> {
        let password = self.password.get().or(self.password_wo.get()).cloned().ok_or_else(no_password)?;
        Ok(SipCredentialsRequest {
            hostname: self.hostname.known()?.as_str().to_owned(),
            port: *self.port.known()?,
            username: self.username.known()?.clone(),
            password,
            max_agent_tasks: *self.max_agent_tasks.known()?,
        })
    }

    /// The object as the state has it; nothing where it is being imported.
    fn known(&self, id: Uuid) -> Option<deepslate::SipCredentials> {
        Some(deepslate::SipCredentials {
            id,
            hostname: self.hostname.get()?.as_str().to_owned(),
            port: *self.port.get()?,
            username: self.username.get()?.clone(),
            max_agent_tasks: *self.max_agent_tasks.get()?,
        })
    }

    /// What the API returned, and beside it what it never returns.
    fn with(self, credentials: deepslate::SipCredentials) -> Self {
        Self {
            id: credentials.id.into(),
            hostname: Hostname::from(credentials.hostname).into(),
            port: credentials.port.into(),
            username: credentials.username.into(),
            max_agent_tasks: credentials.max_agent_tasks.into(),
            ..self
        }
    }
}

fn place(organization: Organization) -> Place {
    let Organization { vendor_id, id } = organization;
    Place { kind: &KIND, parent: format!("organization {id}"), import: format!("{vendor_id}/{id}") }
}

fn same_secret(one: &Attr<SecretString>, other: &Attr<SecretString>) -> bool {
    matches!((one.get(), other.get()), (Some(one), Some(other)) if one.expose_secret() == other.expose_secret())
}

fn no_password() -> Diagnostic {
    let detail = "Deepslate takes SIP credentials as a whole, so each create and update carries the password, and \
                  neither `password` nor `password_wo` has a value now. Nothing was sent. Give one of them a value that \
                  is there at apply too; `ignore_changes` takes it away where the state has none.";
    Diagnostic::error("No password to send", detail)
}

fn password_unknown() -> Diagnostic {
    let detail = "Deepslate never returns a password, so nothing is known of the one that these credentials have now. \
                  Apply sets it to the one in the \
                  configuration.";
    Diagnostic::warning("The password will be set", detail)
}
