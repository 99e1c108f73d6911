//! `deepslate_sip_credentials`: a SIP account that Deepslate places and takes calls over.

use deepslate::{self as api, Operation, OrganizationRef, SipCredentialsRef};
use futures_util::{StreamExt, TryStreamExt};
use secrecy::{ExposeSecret, SecretString};
use tfplugin::cty::Path;
use tfplugin::{Attr, Diagnostic, Diagnostics, ForeignText, Result, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::attributes::Hostname;
use crate::managed::{Filter, Managed, shown};
use crate::messages;
use crate::parent::InOrganization;
use crate::sip_phone_number::SipPhoneNumber;

/// Credentials that Deepslate uses at a SIP provider, so that the voice agents of an organization can place and take
/// calls over that account. A change of an attribute is made in place, unless the attribute says that it replaces.
#[derive(Schema, Clone, Default)]
pub(crate) struct SipCredentials {
    /// The id that Deepslate gave the credentials, a UUID.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// The SIP server: a DNS name (with characters beyond ASCII in Punycode) or an IP address without brackets. If
    /// Deepslate returns another spelling (case, a trailing dot), that is no change. Another spelling in the configuration
    /// is sent, as an update in place.
    #[attribute(required)]
    hostname: Attr<Hostname>,
    /// The port of the SIP server.
    #[attribute(required, between(1..=65535))]
    port: Attr<u16>,
    /// The user name at the SIP server. Not empty, and without line breaks and other control characters.
    #[attribute(required, length_at_least(1), printable)]
    username: Attr<String>,
    /// The password at the SIP server, which is then in the state. Not empty. Either this or `password_wo` is required.
    /// Deepslate never returns it, so a change made elsewhere is not noticed. Every update sends it, whichever argument
    /// changes. With `ignore_changes = [password]`, an update sends the password in the state, so it undoes a rotation
    /// that was made elsewhere. Terraform passes text on in Unicode's composed form (NFC), also if it was typed in
    /// another.
    #[attribute(optional, sensitive, length_at_least(1), exactly_one_of("password_wo"))]
    password: Attr<SecretString>,
    /// The password at the SIP server, kept out of plan and state. Not empty. Takes Terraform 1.11 or OpenTofu 1.11, or
    /// later. Either this or `password` is required. Every update sends it, whichever argument changes; `ignore_changes`
    /// has no effect on it. Terraform passes text on in Unicode's composed form (NFC), also if it was typed in another.
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
    #[block(max = 1)]
    timeouts: Attr<Vec<Timeouts>>,
}

/// The largest whole number that JSON carries without loss, so that a date and time can be a version.
const MOST_VERSIONS: i64 = 9_007_199_254_740_991;

impl Managed for SipCredentials {
    const TYPE_NAME: &'static str = "deepslate_sip_credentials";
    const ONE: &'static str = "SIP credentials";
    const MANY: &'static str = "SIP credentials";
    const PLURAL: (&'static str, &'static str) = ("deepslate_sip_credentials_list", "credentials");
    const FILTERS: &'static [Filter] = &[
        Filter {
            name: "hostname",
            description: "Only those at this SIP server. Case and a trailing dot make no difference.",
            any_spelling: false,
        },
        Filter { name: "username", description: "Only those with this user name.", any_spelling: false },
    ];
    const LOOKUP: bool = true;
    const DEPENDANTS: &'static str = "The provider looked for phone numbers under the SIP credentials and found no \
                                      phone numbers. It cannot list agents that use them.";
    type Parent = InOrganization;
    type Api = api::SipCredentials;

    fn id(&mut self) -> &mut Attr<Uuid> {
        &mut self.id
    }

    fn parent(&mut self) -> &mut InOrganization {
        &mut self.organization
    }

    fn to_api(&self) -> api::SipCredentials {
        api::SipCredentials {
            hostname: self.hostname.get().map(|hostname| hostname.as_str().into()),
            port: self.port.get().copied(),
            username: self.username.get().map(|username| username.as_str().into()),
            password: self.password.get().or(self.password_wo.get()).cloned(),
            max_agent_tasks: self.max_agent_tasks.get().copied(),
        }
    }

    fn with_api(self, found: api::SipCredentials) -> Self {
        Self {
            hostname: found.hostname.map(|hostname| Hostname::from(hostname.into_raw())).into(),
            port: found.port.into(),
            username: found.username.map(ForeignText::into_raw).into(),
            max_agent_tasks: found.max_agent_tasks.into(),
            ..self
        }
    }

    fn display_name(found: &api::SipCredentials, secrets: &Secrets) -> String {
        let api::SipCredentials { hostname, port, username, .. } = found;
        let (username, hostname) = (shown(username.as_ref(), secrets), shown(hostname.as_ref(), secrets));
        format!("{username}@{hostname}:{}", port.unwrap_or_default())
    }

    /// A password that is read from a file often has the line break at its end.
    fn validate(&self) -> Diagnostics {
        let mut warnings = Diagnostics::default();
        for (name, password) in [("password", &self.password), ("password_wo", &self.password_wo)] {
            if password.get().is_some_and(|password| password.expose_secret().ends_with(['\n', '\r'])) {
                warnings.push(line_break(name));
            }
        }
        warnings
    }

    /// Each create and update carries the password.
    fn check_request(&self) -> Result<()> {
        match self.password.get().or(self.password_wo.get()) {
            Some(_) => Ok(()),
            None => Err(no_password().into()),
        }
    }

    fn warnings(&self) -> Diagnostics {
        if self.password.is_null() && self.password_wo_version.is_null() {
            password_unknown().into()
        } else {
            Diagnostics::default()
        }
    }

    /// No read returns the password. One that was to change is set once more.
    fn without_unread(self, other: &Self) -> Self {
        let password = if same_secret(&self.password, &other.password) { self.password } else { Attr::Null };
        Self { password, password_wo_version: Attr::Null, ..self }
    }

    /// Phone numbers are what depends on credentials, as far as it can be listed.
    async fn dependants(
        client: &api::Client,
        operation: &Operation,
        organization: OrganizationRef,
        id: Uuid,
        secrets: &Secrets,
    ) -> std::result::Result<Option<String>, api::Error> {
        let collection = client.collection::<api::SipPhoneNumber>(SipCredentialsRef { organization, id });
        let numbers = collection.list(operation, |_| true).take(messages::MOST_LISTED + 1);
        let numbers: Vec<_> = numbers.try_collect().await?;
        if numbers.is_empty() {
            return Ok(None);
        }
        let more = if numbers.len() > messages::MOST_LISTED { "\n- and more" } else { "" };
        let lines = numbers
            .iter()
            .take(messages::MOST_LISTED)
            .map(|number| messages::named(number.id, SipPhoneNumber::display_name(&number.value, secrets)));
        Ok(Some(format!("\n\nThese phone numbers are still under them:{}{more}", messages::list(lines))))
    }
}

fn same_secret(one: &Attr<SecretString>, other: &Attr<SecretString>) -> bool {
    matches!((one.get(), other.get()), (Some(one), Some(other)) if one.expose_secret() == other.expose_secret())
}

fn line_break(name: &str) -> Diagnostic {
    let detail = format!(
        "The value of `{name}` ends in a line break, and the line break is sent too. If it is not part of the password, \
         remove it with `chomp`, or with `trimspace` if blanks at the ends do not count either: `chomp(file(…))`."
    );
    Diagnostic::warning(format!("`{name}` ends in a line break"), detail).at(Path::attribute(name))
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
