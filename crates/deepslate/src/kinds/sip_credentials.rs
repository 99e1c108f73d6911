//! SIP credentials: accounts at a SIP provider with which Deepslate registers.

use redaction::ForeignText;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize, Serializer};
use uuid::Uuid;

use super::kind::{Ancestor, Field, Form, Kind, Verb};
use super::organization::OrganizationRef;

/// SIP credentials. The API never returns the password.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SipCredentials {
    /// Hostname or IP address of the SIP server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<ForeignText>,
    /// Port of the SIP server, 1 to 65535.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub port: Option<u16>,
    /// Username at the SIP server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub username: Option<ForeignText>,
    /// Password at the SIP server.
    #[serde(skip_deserializing, skip_serializing_if = "Option::is_none", serialize_with = "exposed")]
    pub password: Option<SecretString>,
    /// Maximum number of agent tasks at a time over this account, at least 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_agent_tasks: Option<i32>,
}

/// The IDs of SIP credentials.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SipCredentialsRef {
    /// Their organization.
    pub organization: OrganizationRef,
    /// Their own ID.
    pub id: Uuid,
}

impl SipCredentialsRef {
    /// Their path of the API.
    pub(super) fn path(self) -> String {
        format!("{}/{}", SipCredentials::path(self.organization), self.id)
    }
}

impl Kind for SipCredentials {
    type Parent = OrganizationRef;
    const FIELDS: &'static [Field] = &[
        Field::required("hostname", Form::Hostname).matched(),
        Field::required("port", Form::Integer).matched(),
        Field::required("username", Form::Text).matched(),
        Field::required("maxAgentTasks", Form::Integer).matched(),
    ];
    const DOCUMENTED: &'static [Verb] = &[Verb::Create, Verb::Get];

    fn path(organization: OrganizationRef) -> String {
        format!("{}/sip/credentials", organization.path())
    }

    fn ancestors(organization: OrganizationRef) -> Vec<Ancestor> {
        organization.ancestors()
    }

    fn secret(&self) -> Option<&SecretString> {
        self.password.as_ref()
    }
}

/// Writes the password: the only place that does.
#[expect(clippy::ref_option, reason = "serde passes the field as it is")]
fn exposed<S: Serializer>(password: &Option<SecretString>, serializer: S) -> Result<S::Ok, S::Error> {
    password.as_ref().map(ExposeSecret::expose_secret).serialize(serializer)
}
