//! SIP credentials: an account at a SIP provider that Deepslate signs in with.
//!
//! POST and GET are documented. PUT, DELETE and the list follow the API's pattern only: a server without them answers
//! [`ErrorKind::MethodNotAllowed`](super::ErrorKind::MethodNotAllowed) or
//! [`ErrorKind::ForeignNotFound`](super::ErrorKind::ForeignNotFound).

use std::net::IpAddr;

use futures_util::Stream;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use uuid::Uuid;

use super::Deepslate;
use super::budget::Budget;
use super::create::Created;
use super::envelope::{Fields, Object};
use super::error::{Error, Malformed};
use super::ledger::Likeness;
use super::list::Summary;
use super::objects::Content;
use super::organizations::Organization;
use super::reads::Reads;

/// SIP credentials, as the API returns them: never with the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SipCredentials {
    /// Their id.
    pub id: Uuid,
    /// Host name or IP address of the SIP server.
    pub hostname: String,
    /// Port of the SIP server.
    pub port: u16,
    /// User name at the SIP server.
    pub username: String,
    /// How many agent tasks may run at once over this account.
    pub max_agent_tasks: i32,
}

/// SIP credentials as an item of a list, which may lack all but the id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SipCredentialsSummary {
    /// See [`SipCredentials::id`].
    pub id: Uuid,
    /// See [`SipCredentials::hostname`].
    pub hostname: Option<String>,
    /// See [`SipCredentials::port`].
    pub port: Option<u16>,
    /// See [`SipCredentials::username`].
    pub username: Option<String>,
    /// See [`SipCredentials::max_agent_tasks`].
    pub max_agent_tasks: Option<i32>,
}

/// SIP credentials to be created, or to replace others as a whole.
#[derive(Debug, Clone)]
pub struct SipCredentialsRequest {
    /// Host name or IP address of the SIP server.
    pub hostname: String,
    /// Port of the SIP server, 1 to 65535.
    pub port: u16,
    /// User name at the SIP server.
    pub username: String,
    /// Password at the SIP server.
    pub password: SecretString,
    /// How many agent tasks may run at once over this account, at least 1.
    pub max_agent_tasks: i32,
}

impl Deepslate {
    /// Creates SIP credentials.
    ///
    /// Where it is not known whether that succeeded, those are looked for that were not there before and that have
    /// this hostname, port, user name and number of agent tasks. One of them is adopted and replaced as a whole;
    /// several are in the error's [`candidates`](super::Failure::candidates).
    pub async fn create_sip_credentials(
        &self,
        budget: &Budget,
        organization: Organization,
        request: &SipCredentialsRequest,
    ) -> Result<Created<SipCredentials>, Error> {
        let likeness = request.likeness();
        self.create::<SipCredentialsSummary>(budget, collection(organization), &content(request), &likeness).await
    }

    /// Reads SIP credentials.
    pub async fn get_sip_credentials(
        &self,
        budget: &Budget,
        organization: Organization,
        id: Uuid,
    ) -> Result<SipCredentials, Error> {
        self.get(budget, &collection(organization), id).await
    }

    /// Reads SIP credentials that were `known` to be so when they were last read.
    ///
    /// Where many are read, the list may show that they still are, as of up to a minute ago. That they are gone or have
    /// changed, only a GET tells: a list may lag behind.
    pub async fn refresh_sip_credentials(
        &self,
        budget: &Budget,
        organization: Organization,
        known: &SipCredentials,
    ) -> Result<SipCredentials, Error> {
        match self.confirmed::<SipCredentialsSummary>(budget, &collection(organization), known.id, known).await {
            Some(confirmed) => Ok(confirmed),
            None => self.get_sip_credentials(budget, organization, known.id).await,
        }
    }

    /// Lists the SIP credentials of an organization that `keep` wants, in the server's order.
    ///
    /// A page is requested when the stream gets there, so dropping the stream spares the rest. Where an item lacks
    /// fields, the credentials are read one by one, some ahead, and left out if they are gone by then. `keep` is asked
    /// before that, so it takes a missing field for one that may match, and again after it, when none is missing.
    ///
    /// What comes or goes meanwhile may be in it or not; all else is in it once. What follows an error means nothing.
    pub fn list_sip_credentials<'a>(
        &'a self,
        budget: &'a Budget,
        organization: Organization,
        keep: impl Fn(&SipCredentialsSummary) -> bool + Copy + Send + 'a,
    ) -> impl Stream<Item = Result<SipCredentials, Error>> + Send + 'a {
        self.list(budget, collection(organization), keep)
    }

    /// Lists the ids of all SIP credentials of an organization, in the server's order. See
    /// [`list_sip_credentials`](Self::list_sip_credentials).
    pub fn list_sip_credentials_ids<'a>(
        &'a self,
        budget: &'a Budget,
        organization: Organization,
    ) -> impl Stream<Item = Result<Uuid, Error>> + Send + 'a {
        self.ids(budget, collection(organization).into())
    }

    /// Replaces SIP credentials, password included. The server may answer with what they are now, or with nothing.
    pub async fn update_sip_credentials(
        &self,
        budget: &Budget,
        organization: Organization,
        id: Uuid,
        request: &SipCredentialsRequest,
    ) -> Result<Option<SipCredentials>, Error> {
        self.update(budget, &collection(organization), id, &content(request)).await
    }

    /// Deletes SIP credentials.
    ///
    /// An attempt after a broken connection may meet [`ErrorKind::NotFound`](super::ErrorKind::NotFound): they are
    /// gone.
    pub async fn delete_sip_credentials(
        &self,
        budget: &Budget,
        organization: Organization,
        id: Uuid,
    ) -> Result<(), Error> {
        self.delete(budget, &collection(organization), id).await
    }
}

impl Object for SipCredentials {
    fn read(fields: Fields<'_>) -> Result<SipCredentials, Malformed> {
        Ok(SipCredentials {
            id: fields.id()?,
            hostname: fields.get("hostname")?,
            port: fields.get("port")?,
            username: fields.get("username")?,
            max_agent_tasks: fields.get("maxAgentTasks")?,
        })
    }
}

impl Object for SipCredentialsSummary {
    fn read(fields: Fields<'_>) -> Result<SipCredentialsSummary, Malformed> {
        Ok(SipCredentialsSummary {
            id: fields.id()?,
            hostname: fields.get("hostname")?,
            port: fields.get("port")?,
            username: fields.get("username")?,
            max_agent_tasks: fields.get("maxAgentTasks")?,
        })
    }
}

impl Summary for SipCredentialsSummary {
    type Whole = SipCredentials;

    fn reads(client: &Deepslate) -> &Reads<SipCredentials> {
        &client.reads_of_sip_credentials
    }

    fn canonical(whole: &SipCredentials) -> SipCredentials {
        SipCredentials { hostname: canonical_host(&whole.hostname), ..whole.clone() }
    }

    fn id(&self) -> Uuid {
        self.id
    }

    fn likeness(&self) -> Likeness {
        likeness(self.hostname.as_deref(), self.port, self.username.as_deref(), self.max_agent_tasks)
    }

    fn whole(self) -> Option<SipCredentials> {
        Some(SipCredentials {
            id: self.id,
            hostname: self.hostname?,
            port: self.port?,
            username: self.username?,
            max_agent_tasks: self.max_agent_tasks?,
        })
    }
}

impl From<SipCredentials> for SipCredentialsSummary {
    fn from(whole: SipCredentials) -> SipCredentialsSummary {
        SipCredentialsSummary {
            id: whole.id,
            hostname: Some(whole.hostname),
            port: Some(whole.port),
            username: Some(whole.username),
            max_agent_tasks: Some(whole.max_agent_tasks),
        }
    }
}

impl SipCredentialsRequest {
    fn likeness(&self) -> Likeness {
        likeness(Some(&self.hostname), Some(self.port), Some(&self.username), Some(self.max_agent_tasks))
    }
}

fn likeness(hostname: Option<&str>, port: Option<u16>, username: Option<&str>, tasks: Option<i32>) -> Likeness {
    vec![
        hostname.map(canonical_host),
        port.map(|port| port.to_string()),
        username.map(str::to_owned),
        tasks.map(|tasks| tasks.to_string()),
    ]
}

/// Case and a trailing dot of the host make no difference, nor do the spellings of an IP address.
fn canonical_host(name: &str) -> String {
    match name.parse::<IpAddr>() {
        Ok(address) => address.to_string(),
        Err(_) => name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase(),
    }
}

/// The request's JSON: the only place that writes a password out.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Json<'a> {
    hostname: &'a str,
    port: u16,
    username: &'a str,
    password: &'a str,
    max_agent_tasks: i32,
}

fn content(request: &SipCredentialsRequest) -> Content<'_, Json<'_>> {
    let SipCredentialsRequest { hostname, port, username, password, max_agent_tasks } = request;
    let json =
        Json { hostname, port: *port, username, password: password.expose_secret(), max_agent_tasks: *max_agent_tasks };
    Content { json, secret: Some(password) }
}

fn collection(organization: Organization) -> String {
    format!("{}/sip/credentials", organization.path())
}
