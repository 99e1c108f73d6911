//! The list resource `deepslate_sip_credentials`, for `terraform query`.

use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt;
use tfplugin::Schema;
use uuid::Uuid;

use super::KIND;
use super::filter::{Filter, display_name};
use crate::client::{Client, READ_TIMEOUT, budget};
use crate::hostname::Hostname;
use crate::{errors, organization};
use tfplugin::{Attr, Call, Found, ListResource, Result};

/// Finds the SIP credentials of an organization.
#[derive(Schema)]
pub(crate) struct Config {
    /// The vendor that the organization belongs to, a UUID. Default: the provider's `vendor_id`.
    #[attribute(optional)]
    vendor_id: Attr<Uuid>,
    /// The organization that uses the credentials, a UUID. Default: the provider's `organization_id`.
    #[attribute(optional)]
    organization_id: Attr<Uuid>,
    /// Only those at this SIP server. Case and a trailing dot make no difference.
    #[attribute(optional)]
    hostname: Attr<Hostname>,
    /// Only those with this user name.
    #[attribute(optional, length_at_least(1))]
    username: Attr<String>,
}

/// The list resource.
pub(crate) struct SipCredentialsListResource;

impl ListResource for SipCredentialsListResource {
    type Client = Client;
    type Config = Config;
    type Model = super::Model;
    const TYPE_NAME: &'static str = "deepslate_sip_credentials";
    const READ_TIMEOUT: Duration = READ_TIMEOUT;

    async fn list(&self, call: &Call<'_, Client>, config: Config, mut results: Found<super::Model>) -> Result<()> {
        let organization = organization::resolve(call.client, config.vendor_id, config.organization_id)?;
        let (filter, budget) = (Filter::new(&config.hostname, &config.username), budget(call));
        let mut found = pin!(filter.find(call.client.deepslate()?, &budget, organization));
        while let Some(next) = found.next().await {
            let credentials = next.map_err(|error| errors::on_list(&KIND, &error))?;
            let name = display_name(&credentials);
            let model = super::Model::named(organization, credentials.id).with(credentials);
            if !results.send(name, model).await {
                break;
            }
        }
        Ok(())
    }
}
