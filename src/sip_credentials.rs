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

/// SIP credentials: an account at a SIP provider that Deepslate uses to place and answer calls. Attributes are updated
/// in place unless stated otherwise.
#[derive(Schema, Clone, Default)]
pub(crate) struct SipCredentials {
    /// The ID (UUID) that Deepslate assigned.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// The SIP server: a DNS name, or an IP address without brackets. Write a name with non-ASCII characters in
    /// Punycode. If Deepslate returns another spelling (case, a trailing dot), Terraform shows no change. If you change
    /// the spelling in the configuration, the provider sends the new spelling.
    #[attribute(required)]
    hostname: Attr<Hostname>,
    /// The port of the SIP server.
    #[attribute(required, between(1..=65535))]
    port: Attr<u16>,
    /// The user name at the SIP server. Must not be empty, and must not contain line breaks or other control
    /// characters.
    #[attribute(required, length_at_least(1), printable)]
    username: Attr<String>,
    /// The password at the SIP server, stored in the state. Must not be empty. Set exactly one of `password` and
    /// `password_wo`. Terraform converts the text to Unicode's composed form (NFC). Deepslate never returns the
    /// password, so Terraform cannot detect a change made elsewhere. Every update sends the password, even if only
    /// another argument changes. With `ignore_changes = [password]`, every update sends the password in the state,
    /// which undoes a rotation made elsewhere.
    #[attribute(optional, sensitive, length_at_least(1), exactly_one_of("password_wo"))]
    password: Attr<SecretString>,
    /// The password at the SIP server, kept out of the plan and the state. Requires Terraform 1.11 or OpenTofu 1.11 or
    /// later. Must not be empty. Set exactly one of `password` and `password_wo`. Terraform converts the text to
    /// Unicode's composed form (NFC). Every update sends the password, even if only another argument changes;
    /// `ignore_changes` has no effect on it.
    #[attribute(optional, sensitive, length_at_least(1), write_only = "password_wo_version")]
    password_wo: Attr<SecretString>,
    /// The version of `password_wo`. Requires `password_wo`. If you set the version, Terraform updates the password
    /// only when the version changes. Set it if the password can differ in each run, and begin above the version in the
    /// state. If you do not set the version, the provider increases it when `password_wo` differs from the password
    /// that it sent last. For this comparison, the private data of the state has a salted Argon2id hash and a tag that
    /// depends on the API key, and every planned update shows the version as known after apply.
    #[attribute(optional, computed, use_state_for_unknown, also_requires("password_wo"), between(1..=MOST_VERSIONS))]
    password_wo_version: Attr<i64>,
    /// The maximum number of agent tasks (calls of an agent) that run over the account at the same time.
    #[attribute(default = 10, between(1..=i32::MAX))]
    max_agent_tasks: Attr<i32>,
    /// Timeouts of the operations, including retries and waits. Each is a duration such as `90s`, above zero and at
    /// most 24 hours.
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
            description: "Selects the SIP credentials with this SIP server. Case and a trailing dot are ignored.",
            any_spelling: false,
        },
        Filter {
            name: "username",
            description: "Selects the SIP credentials with this user name.",
            any_spelling: false,
        },
    ];
    const LOOKUP: bool = true;
    const DEPENDANTS: &'static str = "The provider looked for phone numbers under the SIP credentials and found none. \
                                      It cannot list agents that use the SIP credentials.";
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

    /// Of the objects that depend on credentials, only phone numbers can be listed.
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
        Ok(Some(format!("\n\nThese phone numbers still belong to the SIP credentials:{}{more}", messages::list(lines))))
    }
}

fn same_secret(one: &Attr<SecretString>, other: &Attr<SecretString>) -> bool {
    matches!((one.get(), other.get()), (Some(one), Some(other)) if one.expose_secret() == other.expose_secret())
}

fn line_break(name: &str) -> Diagnostic {
    let detail = format!(
        "The value of `{name}` ends in a line break, and the provider sends the line break too. If the line break is \
         not part of the password, remove it with `chomp(file(…))`. Use `trimspace` to remove spaces as well."
    );
    Diagnostic::warning(format!("`{name}` ends in a line break"), detail).at(Path::attribute(name))
}

fn no_password() -> Diagnostic {
    let detail = "Every create and update of SIP credentials sends the password, but neither `password` nor \
                  `password_wo` has a value. No request was sent. Set one of them to a value that is also available \
                  during apply. If `ignore_changes` lists `password` and the state has no password, remove `password` \
                  from `ignore_changes`.";
    Diagnostic::error("No password to send", detail)
}

fn password_unknown() -> Diagnostic {
    let detail = "Deepslate never returns a password, so the provider does not know the current password of these SIP \
                  credentials. Apply sets the password to the value in the configuration.";
    Diagnostic::warning("The password will be set", detail)
}
