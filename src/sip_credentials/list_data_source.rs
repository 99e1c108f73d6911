//! The data source `deepslate_sip_credentials_list`: all of an organization, or some.

use std::time::Duration;

use futures_util::TryStreamExt;
use tfplugin::Schema;
use uuid::Uuid;

use super::KIND;
use super::filter::Filter;
use crate::client::{Client, READ_TIMEOUT, budget};
use crate::hostname::Hostname;
use crate::{errors, organization};
use deepslate::SipCredentials;
use tfplugin::{Attr, Call, DataSource, ReadTimeout, Result};

/// Reads all SIP credentials of an organization, or those with this `hostname`, `username`, or both.
#[derive(Schema)]
pub(crate) struct Model {
    /// The vendor that the organization belongs to, a UUID. Default: the provider's `vendor_id`.
    #[attribute(optional, computed)]
    vendor_id: Attr<Uuid>,
    /// The organization that uses the credentials, a UUID. Default: the provider's `organization_id`.
    #[attribute(optional, computed)]
    organization_id: Attr<Uuid>,
    /// Only those at this SIP server. Case and a trailing dot make no difference.
    #[attribute(optional)]
    hostname: Attr<Hostname>,
    /// Only those with this user name.
    #[attribute(optional, length_at_least(1))]
    username: Attr<String>,
    /// The ids of the credentials found, sorted.
    #[attribute(computed)]
    ids: Attr<Vec<Uuid>>,
    /// The credentials found, sorted by id. Each has `id`, `hostname`, `port`, `username` and `max_agent_tasks`.
    #[attribute(computed)]
    credentials: Attr<Vec<Entry>>,
    /// How long reading may take, with all its requests, retries and waits.
    #[block]
    timeouts: Attr<ReadTimeout>,
}

/// One of the credentials found.
#[derive(Schema)]
pub(crate) struct Entry {
    /// The id, a UUID.
    #[attribute(computed)]
    id: Attr<Uuid>,
    /// The SIP server.
    #[attribute(computed)]
    hostname: Attr<Hostname>,
    /// The port of the SIP server.
    #[attribute(computed)]
    port: Attr<u16>,
    /// The user name at the SIP server.
    #[attribute(computed)]
    username: Attr<String>,
    /// How many agent tasks may run at once.
    #[attribute(computed)]
    max_agent_tasks: Attr<i32>,
}

/// The data source.
pub(crate) struct SipCredentialsListDataSource;

impl DataSource for SipCredentialsListDataSource {
    type Client = Client;
    type Model = Model;
    const TYPE_NAME: &'static str = "deepslate_sip_credentials_list";
    const READ_TIMEOUT: Duration = READ_TIMEOUT;

    async fn read(&self, call: &Call<'_, Client>, config: Model) -> Result<Model> {
        let organization = organization::resolve(call.client, config.vendor_id, config.organization_id)?;
        let (filter, budget) = (Filter::new(&config.hostname, &config.username), budget(call));
        let found = filter.find(call.client.deepslate()?, &budget, organization).try_collect::<Vec<_>>().await;
        let mut found = found.map_err(|error| errors::on_list(&KIND, &error))?;
        found.sort_by_key(|found| found.id);
        Ok(Model {
            vendor_id: organization.vendor_id.into(),
            organization_id: organization.id.into(),
            ids: found.iter().map(|found| found.id).collect::<Vec<_>>().into(),
            credentials: found.into_iter().map(Entry::from).collect::<Vec<_>>().into(),
            ..config
        })
    }
}

impl From<SipCredentials> for Entry {
    fn from(found: SipCredentials) -> Self {
        Self {
            id: found.id.into(),
            hostname: Hostname::from(found.hostname).into(),
            port: found.port.into(),
            username: found.username.into(),
            max_agent_tasks: found.max_agent_tasks.into(),
        }
    }
}
