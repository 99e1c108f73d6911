//! The client against a server that plays a script.

use std::sync::Arc;
use std::time::Duration;

use redaction::Secrets;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::http::Waits;
use super::{
    ApiKey, BaseUrl, Client, Collection, Config, CreateError, Created, Error, Found, Network, Operation,
    OrganizationRef, Outcome, Shown, SipCredentials,
};

mod absences;
mod answers;
mod bounds;
mod creates;
mod lists;
mod logs;
#[cfg(unix)]
mod network;
#[cfg(unix)]
mod network_secrets;
mod organizations;
mod parts;
mod phone_numbers;
mod reads;
mod retries;
mod secrets;
mod server;
mod stored_otherwise;
mod updates;

const ORGANIZATION: OrganizationRef = OrganizationRef { vendor_id: Uuid::from_u128(1), id: Uuid::from_u128(2) };
const ID: Uuid = Uuid::from_u128(3);
const COLLECTION: &str = concat!(
    "/api/v1/vendors/00000000-0000-0000-0000-000000000001",
    "/organizations/00000000-0000-0000-0000-000000000002/sip/credentials"
);
const FOUND: &str = concat!(
    r#"{"success":true,"timestamp":"2026-01-01T00:00:00Z","data":{"id":"00000000-0000-0000-0000-000000000003","#,
    r#""hostname":"sip.example","port":5060,"username":"u","maxAgentTasks":10}}"#
);
const LIST_LAG: Duration = Duration::from_millis(80);
const KEY: &str = "key/+1";
const PASSWORD: &str = "p\"ä xx\\";

/// The settings of a client that reads each object with a GET.
fn config(base_url: &str, request_timeout: Duration) -> Config {
    let base_url = base_url.parse::<BaseUrl>().expect("a base URL");
    Config {
        network: Network::new(&base_url, |_| None).expect("no variable is set"),
        base_url,
        api_key: ApiKey::new(KEY.into()).expect("a key"),
        request_timeout,
        coalesce_reads: false,
        user_agent: "test/1".to_owned(),
        secrets: Secrets::default(),
    }
}

fn config_of(server: &server::Server) -> Config {
    config(&format!("http://{}", server.address), Duration::from_secs(30))
}

/// A client that does not wait between its attempts.
fn client(config: Config) -> &'static Client {
    client_with_random(config, || 0.0)
}

/// A client whose waits are spread by `random`. It lives as long as the tests, so that collections of it can be passed
/// around.
fn client_with_random(config: Config, random: fn() -> f64) -> &'static Client {
    // Far less than a list lags behind in reality, so that tests need not wait so long.
    Box::leak(Box::new(Client::with_waits(config, Waits { random, list_lag: LIST_LAG })))
}

fn collection(config: Config) -> Collection<'static, SipCredentials> {
    client(config).collection(ORGANIZATION)
}

fn collection_of(server: &server::Server) -> Collection<'static, SipCredentials> {
    collection(config_of(server))
}

fn operation() -> Operation {
    operation_of(Duration::from_secs(60))
}

fn operation_of(time: Duration) -> Operation {
    Operation::new(Instant::now() + time, CancellationToken::new(), CancellationToken::new())
}

fn request() -> SipCredentials {
    SipCredentials { password: Some(PASSWORD.into()), ..found() }
}

fn found() -> SipCredentials {
    SipCredentials {
        hostname: Some("sip.example".into()),
        port: Some(5060),
        username: Some("u".into()),
        password: None,
        max_agent_tasks: Some(10),
    }
}

/// A server for a create: before the script, it answers the list that comes first with an empty one.
async fn server_for_create(script: impl IntoIterator<Item = server::Step>) -> server::Server {
    let empty = r#"{"success":true,"timestamp":"","data":[],"page":0,"size":100,"totalElements":0,"totalPages":0}"#;
    server::Server::start([server::json("200 OK", empty)].into_iter().chain(script)).await
}

/// The request for the list that comes before the first create, and after one with an unknown outcome.
fn list_line(page: u64) -> String {
    format!("GET {COLLECTION}?page={page}&size=100&sort=id,asc")
}

/// The object that a read found.
fn shown<K: std::fmt::Debug>(outcome: Outcome<K>) -> K {
    match outcome {
        Outcome::Found(Shown { value, unreadable }) if unreadable.is_empty() => value,
        other => panic!("not found as it should be: {other:?}"),
    }
}

/// The error of a create.
fn cause(error: CreateError) -> Error {
    match error {
        CreateError::NotMade { cause, .. } | CreateError::OutcomeUnknown { cause, .. } => cause,
    }
}

/// The error of a create that made nothing, and whether the list showed that.
fn not_made<K>(created: Result<Created<K>, CreateError>) -> (Error, bool) {
    match created {
        Err(CreateError::NotMade { cause, searched }) => (cause, searched),
        Err(CreateError::OutcomeUnknown { cause, found }) => panic!("it may have made an object: {cause}, {found:?}"),
        Ok(created) => panic!("it made {}", created.id),
    }
}

/// The error of a create with an unknown outcome, and what the search found.
fn unknown<K>(created: Result<Created<K>, CreateError>) -> (Error, Found) {
    match created {
        Err(CreateError::OutcomeUnknown { cause, found }) => (cause, found),
        Err(CreateError::NotMade { cause, searched }) => panic!("it made nothing: {cause}, searched: {searched}"),
        Ok(created) => panic!("it made {}", created.id),
    }
}

fn candidates(found: Found) -> Vec<Uuid> {
    match found {
        Found::Candidates(ids) => ids,
        other => panic!("no candidates: {other:?}"),
    }
}

/// Everything but the text of the password.
impl PartialEq for SipCredentials {
    fn eq(&self, other: &SipCredentials) -> bool {
        let compared = |one: &SipCredentials| {
            let SipCredentials { hostname, port, username, password, max_agent_tasks } = one.clone();
            (hostname, port, username, password.is_some(), max_agent_tasks)
        };
        compared(self) == compared(other)
    }
}
