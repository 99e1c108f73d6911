//! The list resource `deepslate_sip_phone_number`, for `terraform query`.

use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use tfplugin::Schema;
use uuid::Uuid;

use super::list_data_source::find;
use crate::client::{Client, READ_TIMEOUT, budget};
use crate::organization;
use tfplugin::{Attr, Call, Found, ListResource, Result};

/// Finds the phone numbers of an organization.
#[derive(Schema)]
#[expect(clippy::struct_field_names, reason = "they are named as users write them")]
pub(crate) struct Config {
    /// The vendor that the organization belongs to, a UUID. Default: the provider's `vendor_id`.
    #[attribute(optional)]
    vendor_id: Attr<Uuid>,
    /// The organization that uses the phone numbers, a UUID. Default: the provider's `organization_id`.
    #[attribute(optional)]
    organization_id: Attr<Uuid>,
    /// Only those under these SIP credentials, a UUID. Default: those under all of the organization's.
    #[attribute(optional)]
    sip_credentials_id: Attr<Uuid>,
}

/// The list resource.
pub(crate) struct SipPhoneNumberListResource;

impl ListResource for SipPhoneNumberListResource {
    type Client = Client;
    type Config = Config;
    type Model = super::Model;
    const TYPE_NAME: &'static str = "deepslate_sip_phone_number";
    const READ_TIMEOUT: Duration = READ_TIMEOUT;

    async fn list(&self, call: &Call<'_, Client>, config: Config, mut results: Found<super::Model>) -> Result<()> {
        let organization = organization::resolve(call.client, config.vendor_id, config.organization_id)?;
        let (deepslate, budget) = (call.client.deepslate()?, budget(call));
        let mut found = pin!(find(deepslate, &budget, organization, config.sip_credentials_id.get().copied()));
        while let Some((account, number)) = found.try_next().await? {
            let name = number.phone_number.clone();
            let model = super::Model::named(account, number.id).with(number);
            if !results.send(name, model).await {
                break;
            }
        }
        Ok(())
    }
}
