//! The data source `deepslate_sip_credentials`: one object, by its id or by what it is.

use std::time::Duration;

use futures_util::TryStreamExt;
use tfplugin::Schema;
use uuid::Uuid;

use super::KIND;
use super::filter::{Filter, display_name};
use crate::client::{Client, READ_TIMEOUT, budget};
use crate::hostname::Hostname;
use crate::{errors, organization};
use deepslate::{Budget, Deepslate, ErrorKind, Organization, SipCredentials};
use tfplugin::cty::Path;
use tfplugin::{Attr, Call, DataSource, Diagnostic, Diagnostics, ReadTimeout, Result};

/// How many of several matches a message lists.
const MOST_SHOWN: usize = 10;

/// Reads SIP credentials: by `id`, or the only ones of the organization with this `hostname`, `username`, or both. The
/// password is not among what Deepslate returns.
#[derive(Schema)]
pub(crate) struct Model {
    /// The id of the credentials, a UUID. Either this or `hostname` or `username` is required.
    #[attribute(optional, computed)]
    id: Attr<Uuid>,
    /// The vendor that the organization belongs to, a UUID. Default: the provider's `vendor_id`.
    #[attribute(optional, computed)]
    vendor_id: Attr<Uuid>,
    /// The organization that uses the credentials, a UUID. Default: the provider's `organization_id`.
    #[attribute(optional, computed)]
    organization_id: Attr<Uuid>,
    /// The SIP server. Case and a trailing dot make no difference.
    #[attribute(optional, computed)]
    hostname: Attr<Hostname>,
    /// The port of the SIP server.
    #[attribute(computed)]
    port: Attr<u16>,
    /// The user name at the SIP server.
    #[attribute(optional, computed, length_at_least(1))]
    username: Attr<String>,
    /// How many agent tasks (calls of an agent) may run at once over the account.
    #[attribute(computed)]
    max_agent_tasks: Attr<i32>,
    /// How long reading may take, with all its requests, retries and waits.
    #[block]
    timeouts: Attr<ReadTimeout>,
}

/// The data source.
pub(crate) struct SipCredentialsDataSource;

impl DataSource for SipCredentialsDataSource {
    type Client = Client;
    type Model = Model;
    const TYPE_NAME: &'static str = "deepslate_sip_credentials";
    const READ_TIMEOUT: Duration = READ_TIMEOUT;

    fn validate(&self, config: &Model) -> Diagnostics {
        // An unknown value may turn out to be given, or not.
        let neither = config.id.is_null() && config.hostname.is_null() && config.username.is_null();
        let described = config.hostname.get().is_some() || config.username.get().is_some();
        if neither {
            criterion("neither is given").into()
        } else if config.id.get().is_some() && described {
            criterion("both are given").into()
        } else {
            Diagnostics::default()
        }
    }

    async fn read(&self, call: &Call<'_, Client>, config: Model) -> Result<Model> {
        let organization = organization::resolve(call.client, config.vendor_id, config.organization_id)?;
        let (deepslate, budget) = (call.client.deepslate()?, budget(call));
        let found = match config.id.get() {
            Some(id) => by_id(deepslate, &budget, organization, *id).await?,
            None => only_match(deepslate, &budget, organization, &config).await?,
        };
        Ok(Model {
            id: found.id.into(),
            vendor_id: organization.vendor_id.into(),
            organization_id: organization.id.into(),
            hostname: config.hostname.get().cloned().unwrap_or_else(|| found.hostname.into()).into(),
            port: found.port.into(),
            username: found.username.into(),
            max_agent_tasks: found.max_agent_tasks.into(),
            timeouts: config.timeouts,
        })
    }
}

async fn by_id(deepslate: &Deepslate, budget: &Budget, organization: Organization, id: Uuid) -> Result<SipCredentials> {
    deepslate.get_sip_credentials(budget, organization, id).await.map_err(|error| match error.kind {
        ErrorKind::NotFound => {
            let detail = format!(
                "Organization {} of vendor {} has no SIP credentials with the id {id}",
                organization.id, organization.vendor_id
            );
            Diagnostic::error("No such SIP credentials", detail).at(Path::attribute("id")).into()
        }
        _ => errors::on("read", &KIND, &error).into(),
    })
}

async fn only_match(
    deepslate: &Deepslate,
    budget: &Budget,
    organization: Organization,
    config: &Model,
) -> Result<SipCredentials> {
    let filter = Filter::new(&config.hostname, &config.username);
    let found = filter.find(deepslate, budget, organization).try_collect::<Vec<_>>().await;
    let mut found = found.map_err(|error| errors::on_list(&KIND, &error))?;
    match (found.pop(), found.len()) {
        (Some(only), 0) => Ok(only),
        (None, _) => {
            let detail = format!(
                "No SIP credentials of organization {} match. Check `hostname` and `username`, and the organization.",
                organization.id
            );
            Err(Diagnostic::error("No SIP credentials match", detail).into())
        }
        (Some(last), others) => {
            found.push(last);
            found.sort_by_key(|found| found.id);
            let shown =
                found.iter().take(MOST_SHOWN).map(|found| format!("\n- {} ({})", display_name(found), found.id));
            let more = (others + 1).checked_sub(MOST_SHOWN).filter(|more| *more > 0);
            let detail = format!(
                "Exactly one match is expected, and organization {} has {}:{}{}\n\nName the one that is meant by its \
                 `id`, or by both `hostname` and `username`.",
                organization.id,
                others + 1,
                shown.collect::<String>(),
                more.map(|more| format!("\n- and {more} more")).unwrap_or_default()
            );
            Err(Diagnostic::error("Several SIP credentials match", detail).into())
        }
    }
}

fn criterion(came: &str) -> Diagnostic {
    let detail = format!("Expected either `id`, or one or both of `hostname` and `username`; {came}");
    Diagnostic::error("Exactly one way to name the SIP credentials is expected", detail)
}
