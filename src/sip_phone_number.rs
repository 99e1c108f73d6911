//! `deepslate_sip_phone_number`: a number whose calls come in over SIP credentials.

pub(super) mod list_data_source;
pub(super) mod list_resource;

use futures_util::{StreamExt, TryStreamExt};
use tfplugin::Schema;
use uuid::Uuid;

use super::client::{Client, TIMEOUTS, budget};
use super::errors::{self, Kind, Place};
use super::organization::{self, Given};
use super::phone_number::PhoneNumber;
use super::takeover;
use deepslate::{self, Account, Error, ErrorKind, Organization, SipPhoneNumberRequest};
use tfplugin::{Attr, Call, DefaultTimeouts, Diagnostic, Diagnostics, MoveSource, Resource, Result, Timeouts};

/// A telephone number under SIP credentials: Deepslate takes the calls to it that come in over that account. A change
/// of an attribute is made in place, unless the attribute says that it replaces.
#[derive(Clone, Default, Schema)]
pub(crate) struct Model {
    /// The id that Deepslate gave the phone number, a UUID.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    /// The vendor that the organization belongs to, a UUID. Default: the provider's `vendor_id`, of which a change then
    /// replaces the object too.
    #[attribute(optional, computed, use_state_for_unknown, identity, requires_replace)]
    vendor_id: Attr<Uuid>,
    /// The organization that uses the phone number, a UUID. Default: the provider's `organization_id`, of which a change
    /// then replaces the object too.
    #[attribute(optional, computed, use_state_for_unknown, identity, requires_replace)]
    organization_id: Attr<Uuid>,
    /// The id of the SIP credentials that calls to the number come in over, a UUID.
    #[attribute(required, identity, requires_replace)]
    sip_credentials_id: Attr<Uuid>,
    /// The number: 3 to 15 digits, behind `+` or `00` where it is international. Which of the two makes no difference.
    /// Write it in quotes: as a bare number it would lose `+` and zeros. (Deepslate documents no limits; these are those of ITU-T E.164 and of the shortest numbers that are dialled.)
    #[attribute(required)]
    phone_number: Attr<PhoneNumber>,
    /// Whether the number is the fallback of its credentials. Left out, it is not sent when the number is created, and
    /// Deepslate decides (its documentation does not say how); later it stays as it is, but a replacement lets Deepslate
    /// decide anew.
    #[attribute(optional, computed, use_state_for_unknown)]
    fallback: Attr<bool>,
    /// How long each operation may take, with all its requests, retries and waits.
    #[block]
    timeouts: Attr<Timeouts>,
}

/// The resource.
pub(crate) struct SipPhoneNumber;

impl Resource for SipPhoneNumber {
    type Client = Client;
    type Model = Model;
    const TYPE_NAME: &'static str = "deepslate_sip_phone_number";
    const TIMEOUTS: DefaultTimeouts = TIMEOUTS;
    const MOVE_HINT: Option<&'static str> = Some(takeover::MOVE_HINT);

    fn defaults(&self, client: &Client, config: &Model, plan: &mut Model) -> Result<()> {
        organization::defaults(
            client,
            Given { config: &config.vendor_id, plan: &mut plan.vendor_id },
            Given { config: &config.organization_id, plan: &mut plan.organization_id },
        )
    }

    fn warnings(&self, client: &Client, config: &Model, _prior: &Model) -> Diagnostics {
        organization::warnings(client, &config.vendor_id, &config.organization_id)
    }

    async fn create(&self, call: &Call<'_, Client>, plan: Model) -> Result<Model> {
        let (account, request) = (plan.account()?, plan.request()?);
        let created = call.client.deepslate()?.create_sip_phone_number(&budget(call), account, &request).await;
        let created = created.map_err(|error| errors::on_create(&place(account), &error))?;
        let plan = Model { id: created.id.into(), ..plan };
        if !created.twins.is_empty() {
            call.warn(twice(account, &created.twins));
        }
        match (created.object, created.adopted_after) {
            (Ok(number), lost) => {
                if let Some(lost) = lost {
                    call.warn(errors::adopted(&KIND, created.id, &lost));
                }
                Ok(plan.with(number))
            }
            (Err(error), lost) => {
                call.keep(plan);
                Err(match lost {
                    Some(lost) => errors::on_adopted(&KIND, created.id, &lost, &error),
                    None => errors::on_created("make sense of", &KIND, &error),
                }
                .into())
            }
        }
    }

    async fn read(&self, call: &Call<'_, Client>, state: Model) -> Result<Option<Model>> {
        let (account, id) = (state.account()?, *state.id.known()?);
        let (deepslate, budget) = (call.client.deepslate()?, budget(call));
        let read = match state.known(id) {
            Some(known) => deepslate.refresh_sip_phone_number(&budget, account, &known).await,
            None => deepslate.get_sip_phone_number(&budget, account, id).await,
        };
        match read {
            Ok(found) => Ok(Some(state.with(found))),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            // Of what is being imported, nothing is in a state yet.
            Err(error) if error.lacks_call() && state.phone_number.is_null() => Err(cannot_be_imported(&error).into()),
            Err(error) if error.lacks_call() => {
                call.warn(cannot_be_read(&error));
                Ok(Some(state))
            }
            Err(error) => Err(errors::on("read", &KIND, &error).into()),
        }
    }

    async fn update(&self, call: &Call<'_, Client>, _state: Model, plan: Model) -> Result<Model> {
        let (account, id, request) = (plan.account()?, *plan.id.known()?, plan.request()?);
        match call.client.deepslate()?.update_sip_phone_number(&budget(call), account, id, &request).await {
            // What no read told is planned as nothing, and Terraform holds the outcome to the plan.
            Ok(Some(updated)) if plan.fallback.is_null() => Ok(Model { fallback: Attr::Null, ..plan.with(updated) }),
            Ok(Some(updated)) => Ok(plan.with(updated)),
            Ok(None) => Ok(plan),
            Err(error) => Err(errors::on("update", &KIND, &error).into()),
        }
    }

    async fn delete(&self, call: &Call<'_, Client>, state: Model) -> Result<()> {
        let (account, id) = (state.account()?, *state.id.known()?);
        match call.client.deepslate()?.delete_sip_phone_number(&budget(call), account, id).await {
            Ok(()) => Ok(()),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(errors::on("delete", &KIND, &error).into()),
        }
    }

    fn import(&self, id: &str) -> Result<Model> {
        let (vendor_id, organization_id, [credentials, id]) =
            organization::import_ids(id, ["<sip_credentials_id>", "<id>"])?;
        Ok(Model {
            id: id.into(),
            vendor_id,
            organization_id,
            sip_credentials_id: credentials.into(),
            ..Model::default()
        })
    }

    fn move_state(&self, source: &MoveSource<'_>) -> Option<Model> {
        let (organization, [sip_credentials_id, id]) = takeover::locate(source, "sip/credentials/{}/phone-numbers")?;
        Some(Model::named(Account { organization, sip_credentials_id }, id))
    }
}

/// How many phone numbers a message lists.
const MOST_SHOWN: usize = 10;

/// What the object is in messages.
const KIND: Kind = Kind {
    one: "phone number",
    many: "phone numbers",
    under: "the vendor, organization or SIP credentials",
    ids: "`vendor_id`, `organization_id` and `sip_credentials_id`",
    hint: " The organization has to be that of the SIP credentials: where it is not the provider's, set `organization_id` \
           here too.",
    documented: &["POST", "PUT"],
};

impl Model {
    /// Of an object of which nothing else is known.
    fn named(account: Account, id: Uuid) -> Self {
        let Account { organization: Organization { vendor_id, id: organization_id }, sip_credentials_id } = account;
        Self {
            id: id.into(),
            vendor_id: vendor_id.into(),
            organization_id: organization_id.into(),
            sip_credentials_id: sip_credentials_id.into(),
            ..Self::default()
        }
    }

    fn account(&self) -> Result<Account> {
        Ok(Account {
            organization: organization::organization(&self.vendor_id, &self.organization_id)?,
            sip_credentials_id: *self.sip_credentials_id.known()?,
        })
    }

    /// The whole object, as both POST and PUT take it.
    fn request(&self) -> Result<SipPhoneNumberRequest> {
        Ok(SipPhoneNumberRequest {
            phone_number: self.phone_number.known()?.as_str().to_owned(),
            fallback: self.fallback.get().copied(),
        })
    }

    /// The object as the state has it; nothing where it is being imported.
    fn known(&self, id: Uuid) -> Option<deepslate::SipPhoneNumber> {
        let phone_number = self.phone_number.get()?.as_str().to_owned();
        Some(deepslate::SipPhoneNumber { id, phone_number, fallback: self.fallback.get().copied() })
    }

    /// What the API returned, and beside it what it left out.
    fn with(self, number: deepslate::SipPhoneNumber) -> Self {
        let fallback = match (self.fallback, number.fallback) {
            (_, Some(fallback)) => fallback.into(),
            (Attr::Unknown, None) => Attr::Null,
            (fallback, None) => fallback,
        };
        Self { id: number.id.into(), phone_number: PhoneNumber::from(number.phone_number).into(), fallback, ..self }
    }
}

fn place(account: Account) -> Place {
    let Account { organization: Organization { vendor_id, id }, sip_credentials_id } = account;
    Place {
        kind: &KIND,
        parent: format!("SIP credentials {sip_credentials_id}"),
        import: format!("{vendor_id}/{id}/{sip_credentials_id}"),
    }
}

/// The diagnostic about SIP credentials that cannot be deleted, and with it the phone numbers that are still under them,
/// where they can be listed.
pub(super) async fn still_under(call: &Call<'_, Client>, account: Account, diagnostic: Diagnostic) -> Diagnostic {
    let Ok(deepslate) = call.client.deepslate() else { return diagnostic };
    let budget = budget(call);
    let numbers = deepslate.list_sip_phone_numbers(&budget, account).take(MOST_SHOWN + 1);
    let numbers: Vec<_> = numbers.try_collect().await.unwrap_or_default();
    let lines = numbers.iter().take(MOST_SHOWN).map(|number| format!("\n- {} ({})", number.phone_number, number.id));
    let more = if numbers.len() > MOST_SHOWN { "\n- and more" } else { "" };
    if numbers.is_empty() {
        diagnostic
    } else {
        diagnostic.and(&format!("\n\nThese phone numbers are still under them:{}{more}", lines.collect::<String>()))
    }
}

/// The same number is there under the same credentials.
fn twice(account: Account, twins: &[Uuid]) -> Diagnostic {
    let Place { import, .. } = place(account);
    let lines = twins.iter().map(|id| format!("\n- {import}/{id}"));
    let detail = format!(
        "SIP credentials {} have had this number before: an earlier run that was killed may have made it, or somebody \
         else. The new one is in the state. By their import ids, these have the same number:\n{}\n\nDelete what nobody \
         needs, in Deepslate's console. To manage the old one instead, remove the new one first: \
         `terraform destroy -target=<address of this resource>`, then `terraform import`.",
        account.sip_credentials_id,
        lines.collect::<String>()
    );
    Diagnostic::warning("The phone number was there already, and is now there twice", detail)
}

fn cannot_be_imported(error: &Error) -> Diagnostic {
    let detail = format!(
        "{}\n\nNeither reading one phone number nor listing them is in Deepslate's documentation, and this server does not \
         tell enough by either. So nothing is known of the number, and nothing was put into the state. If other calls fail \
         too, check the provider's `base_url`.",
        errors::facts(error)
    );
    Diagnostic::error("Cannot import the phone number: this server cannot read it", detail)
}

/// A server that offers neither the number itself nor the list.
fn cannot_be_read(error: &Error) -> Diagnostic {
    let detail = format!(
        "{}\n\nNeither reading one phone number nor listing them is in Deepslate's documentation, and this server offers \
         neither. The state is kept as it was, and changes that were made elsewhere are not noticed. If other calls fail \
         too, check the provider's `base_url`.",
        errors::facts(error)
    );
    Diagnostic::warning("The phone number cannot be read, so drift cannot be seen", detail)
}
