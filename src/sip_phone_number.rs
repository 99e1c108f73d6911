//! `deepslate_sip_phone_number`: a number whose calls come in over SIP credentials.

use deepslate::{self as api, Operation, OrganizationRef, SipCredentialsRef};
use futures_util::stream::BoxStream;
use futures_util::{StreamExt, TryStreamExt};
use tfplugin::{Attr, Diagnostic, Result, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::assistant::Assistant;
use crate::attributes::{Id, PhoneNumber};
use crate::managed::{Filter, Managed, shown};
use crate::messages;
use crate::parent::{InOrganization, Parent};
use crate::sip_credentials::SipCredentials;

/// A phone number under SIP credentials. Deepslate answers calls to the number that come in over the SIP account.
/// Attributes are updated in place unless stated otherwise.
#[derive(Schema, Clone, Default)]
pub(crate) struct SipPhoneNumber {
    /// The ID (UUID) that Deepslate assigned.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    credentials: InSipCredentials,
    /// The phone number: only digits, with `+` or `00` in front if the number is international. Write the number in
    /// quotes; otherwise it loses `+` and leading zeros. We found no documentation of limits. A number that does not
    /// have 3 to 15 digits (the limit of ITU-T E.164) causes a warning, and so does a long number without a prefix or a
    /// leading zero. If Deepslate returns `00` for `+`, or `+` for `00`, Terraform shows no change. If you change the
    /// spelling in the configuration, the provider sends the new spelling.
    #[attribute(required)]
    phone_number: Attr<PhoneNumber>,
    /// Whether the number is the fallback of its SIP credentials. Default: Deepslate selects a value when it creates
    /// the number (we found no documentation of how), and updates keep this value.
    #[attribute(optional, computed, use_state_for_unknown)]
    fallback: Attr<bool>,
    /// Timeouts of the operations, including retries and waits. Each is a duration such as `90s`, above zero and at
    /// most 24 hours.
    #[block(max = 1)]
    timeouts: Attr<Vec<Timeouts>>,
}

/// Objects under SIP credentials.
#[derive(Schema, Clone, Default)]
pub(crate) struct InSipCredentials {
    #[flatten]
    organization: InOrganization,
    /// The ID (UUID) of the SIP credentials over which calls to the number come in.
    #[attribute(required, identity, requires_replace)]
    sip_credentials_id: Attr<Id>,
}

impl Managed for SipPhoneNumber {
    const TYPE_NAME: &'static str = "deepslate_sip_phone_number";
    const ONE: &'static str = "phone number";
    const MANY: &'static str = "phone numbers";
    const PLURAL: (&'static str, &'static str) = ("deepslate_sip_phone_numbers", "phone_numbers");
    const FILTERS: &'static [Filter] = &[Filter {
        name: "phone_number",
        description: "Selects the phone numbers with this number, in any spelling: with `+` or `00`, with or without \
                      separators.",
        any_spelling: true,
    }];
    const LOOKUP: bool = true;
    type Parent = InSipCredentials;
    type Api = api::SipPhoneNumber;

    fn id(&mut self) -> &mut Attr<Uuid> {
        &mut self.id
    }

    fn parent(&mut self) -> &mut InSipCredentials {
        &mut self.credentials
    }

    fn to_api(&self) -> api::SipPhoneNumber {
        api::SipPhoneNumber {
            phone_number: self.phone_number.get().map(|number| number.as_str().into()),
            fallback: self.fallback.get().copied(),
        }
    }

    fn with_api(self, found: api::SipPhoneNumber) -> Self {
        let phone_number = found.phone_number.map(|number| PhoneNumber::from(number.into_raw())).into();
        Self { phone_number, fallback: found.fallback.into(), ..self }
    }

    fn display_name(found: &api::SipPhoneNumber, secrets: &Secrets) -> String {
        shown(found.phone_number.as_ref(), secrets)
    }

    /// A value that no read returned is planned as null, and Terraform compares the outcome with the plan.
    fn updated(self, found: api::SipPhoneNumber) -> Self {
        let planned_null = self.fallback.is_null();
        let updated = self.with_api(found);
        if planned_null { Self { fallback: Attr::Null, ..updated } } else { updated }
    }

    /// Of the objects that depend on phone numbers, only assistants can be listed.
    async fn dependants(
        client: &api::Client,
        operation: &Operation,
        credentials: SipCredentialsRef,
        id: Uuid,
        secrets: &Secrets,
    ) -> std::result::Result<Option<String>, api::Error> {
        let voice = api::VoiceAgent { telephone_number_id: Some(id), ..api::VoiceAgent::default() };
        let sought = api::Assistant { voice, ..api::Assistant::default() };
        let collection = client.collection::<api::Assistant>(credentials.organization).like(&sought);
        // An item of the list may lack the field; then the assistant is read individually. It has no field if it uses
        // no number.
        let may_use = move |found: &api::Assistant| found.voice.telephone_number_id.is_none_or(|used| used == id);
        let found = collection.list(operation, may_use);
        let users = found.try_filter(|found| std::future::ready(found.value.voice.telephone_number_id == Some(id)));
        let users: Vec<_> = users.take(messages::MOST_LISTED + 1).try_collect().await?;
        if users.is_empty() {
            return Ok(None);
        }
        let lines = users.iter().map(|user| messages::named(user.id, Assistant::display_name(&user.value, secrets)));
        Ok(Some(format!("\n\nThese assistants still use the phone number:{}", messages::list(lines))))
    }

    const DEPENDANTS: &'static str = "The provider looked for assistants that use the phone number and found none. It \
                                      cannot list agents that use the phone number.";

    fn duplicated(credentials: SipCredentialsRef, ids: &[Uuid]) -> Diagnostic {
        let import_prefix = InSipCredentials::import_prefix(credentials);
        let lines = ids.iter().map(|id| format!("\n- {import_prefix}/{id}"));
        let replaced = match ids {
            [id] => format!("If this apply replaces {id}, ignore this warning."),
            _ => "If this apply replaces one of them, ignore that one.".to_owned(),
        };
        let detail = format!(
            "SIP credentials {} already had this number. An earlier run that was killed, or someone else, may have \
             created it. The new phone number is in the state. These are the import IDs of the other phone numbers \
             with this number:\n{}\n\n{replaced} Otherwise, delete the phone numbers that you do not need, in \
             Deepslate's console.",
            credentials.id,
            lines.collect::<String>()
        );
        Diagnostic::warning("Duplicate phone number: the number already existed, and a second one was created", detail)
    }
}

impl Parent for InSipCredentials {
    type Ref = SipCredentialsRef;
    const OWN: &'static [(&'static str, &'static str)] = &[(
        "sip_credentials_id",
        "The ID (UUID) of the SIP credentials to search. Default: all SIP credentials of the organization.",
    )];
    const NAMES: &'static str = "the vendor, organization or SIP credentials";
    const ATTRIBUTES: &'static str = "`vendor_id`, `organization_id` and `sip_credentials_id`";
    const HINT: &'static str = " The SIP credentials must belong to the same organization. If this is not the \
                                provider's organization, set `organization_id` in this resource too.";

    fn organization(&mut self) -> &mut InOrganization {
        &mut self.organization
    }

    fn attributes(&mut self) -> Vec<&mut Attr<Id>> {
        let mut attributes = self.organization.attributes();
        attributes.push(&mut self.sip_credentials_id);
        attributes
    }

    fn from_ids(ids: &[Uuid]) -> Option<SipCredentialsRef> {
        let (&id, organization) = ids.split_last()?;
        Some(SipCredentialsRef { organization: InOrganization::from_ids(organization)?, id })
    }

    fn ids(SipCredentialsRef { organization, id }: SipCredentialsRef) -> Vec<Uuid> {
        vec![organization.vendor_id, organization.id, id]
    }

    fn all<'a>(
        api: &'a deepslate::Client,
        operation: &'a Operation,
        organization: OrganizationRef,
    ) -> BoxStream<'a, Result<SipCredentialsRef>> {
        api.collection::<deepslate::SipCredentials>(organization)
            .ids(operation)
            .map_ok(move |id| SipCredentialsRef { organization, id })
            .map_err(|error| messages::list_failed(&SipCredentials::TERMS, &error).into())
            .boxed()
    }

    fn name(credentials: SipCredentialsRef) -> String {
        format!("SIP credentials {}", credentials.id)
    }
}
