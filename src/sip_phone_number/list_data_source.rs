//! The data source `deepslate_sip_phone_numbers`: those under SIP credentials, or all of an organization.

use std::time::Duration;

use futures_util::{Stream, StreamExt, TryStreamExt, future, stream};
use tfplugin::Schema;
use uuid::Uuid;

use super::KIND;
use crate::client::{Client, READ_TIMEOUT, budget};
use crate::phone_number::PhoneNumber;
use crate::{errors, organization, sip_credentials};
use deepslate::{Account, Budget, Deepslate, Organization, SipPhoneNumber};
use tfplugin::{Attr, Call, DataSource, Diagnostics, ReadTimeout, Result};

/// Reads the phone numbers under SIP credentials, or all of an organization.
#[derive(Schema)]
pub(crate) struct Model {
    /// The vendor that the organization belongs to, a UUID. Default: the provider's `vendor_id`.
    #[attribute(optional, computed)]
    vendor_id: Attr<Uuid>,
    /// The organization that uses the phone numbers, a UUID. Default: the provider's `organization_id`.
    #[attribute(optional, computed)]
    organization_id: Attr<Uuid>,
    /// Only those under these SIP credentials, a UUID. Default: those under all of the organization's.
    #[attribute(optional)]
    sip_credentials_id: Attr<Uuid>,
    /// The ids of the phone numbers found, sorted.
    #[attribute(computed)]
    ids: Attr<Vec<Uuid>>,
    /// The phone numbers found, sorted by id. Each has `id`, `sip_credentials_id`, `phone_number` and `fallback`.
    #[attribute(computed)]
    phone_numbers: Attr<Vec<Entry>>,
    /// How long reading may take, with all its requests, retries and waits.
    #[block]
    timeouts: Attr<ReadTimeout>,
}

/// One of the phone numbers found.
#[derive(Schema)]
pub(crate) struct Entry {
    /// The id, a UUID.
    #[attribute(computed)]
    id: Attr<Uuid>,
    /// The SIP credentials that calls to it come in over.
    #[attribute(computed)]
    sip_credentials_id: Attr<Uuid>,
    /// The number, as Deepslate spells it.
    #[attribute(computed)]
    phone_number: Attr<PhoneNumber>,
    /// Whether it is the fallback; null where Deepslate does not say.
    #[attribute(computed)]
    fallback: Attr<bool>,
}

/// The data source.
pub(crate) struct SipPhoneNumbersDataSource;

impl DataSource for SipPhoneNumbersDataSource {
    type Client = Client;
    type Model = Model;
    const TYPE_NAME: &'static str = "deepslate_sip_phone_numbers";
    const READ_TIMEOUT: Duration = READ_TIMEOUT;

    async fn read(&self, call: &Call<'_, Client>, config: Model) -> Result<Model> {
        let organization = organization::resolve(call.client, config.vendor_id, config.organization_id)?;
        let (deepslate, budget) = (call.client.deepslate()?, budget(call));
        let found = find(deepslate, &budget, organization, config.sip_credentials_id.get().copied());
        let mut found: Vec<_> = found.try_collect().await?;
        found.sort_by_key(|(_, number)| number.id);
        Ok(Model {
            vendor_id: organization.vendor_id.into(),
            organization_id: organization.id.into(),
            ids: found.iter().map(|(_, number)| number.id).collect::<Vec<_>>().into(),
            phone_numbers: found.into_iter().map(Entry::from).collect::<Vec<_>>().into(),
            ..config
        })
    }
}

impl From<(Account, SipPhoneNumber)> for Entry {
    fn from((account, number): (Account, SipPhoneNumber)) -> Self {
        Self {
            id: number.id.into(),
            sip_credentials_id: account.sip_credentials_id.into(),
            phone_number: PhoneNumber::from(number.phone_number).into(),
            fallback: number.fallback.map_or(Attr::Null, Attr::Known),
        }
    }
}

/// The phone numbers of an organization, each with where it is: under these SIP credentials, or under any.
pub(super) fn find<'a>(
    deepslate: &'a Deepslate,
    budget: &'a Budget,
    organization: Organization,
    sip_credentials_id: Option<Uuid>,
) -> impl Stream<Item = Result<(Account, SipPhoneNumber), Diagnostics>> + Send + 'a {
    let accounts = match sip_credentials_id {
        Some(id) => stream::once(future::ready(Ok(id))).left_stream(),
        None => deepslate
            .list_sip_credentials_ids(budget, organization)
            .map_err(|error| Diagnostics::from(errors::on_list(&sip_credentials::KIND, &error)))
            .right_stream(),
    };
    accounts
        .map_ok(move |sip_credentials_id| {
            let account = Account { organization, sip_credentials_id };
            deepslate
                .list_sip_phone_numbers(budget, account)
                .map_ok(move |number| (account, number))
                .map_err(|error| errors::on_list(&KIND, &error).into())
        })
        .try_flatten()
}
