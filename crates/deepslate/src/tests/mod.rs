//! The client against a server that plays a script.

use std::sync::Arc;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{ApiKey, BaseUrl, Budget, Config, Deepslate, Organization, SipCredentials, SipCredentialsRequest};

mod answers;
mod bounds;
mod creates;
mod lists;
mod logs;
mod phone_numbers;
mod reads;
mod retries;
mod secrets;
mod server;

const ORGANIZATION: Organization = Organization { vendor_id: Uuid::from_u128(1), id: Uuid::from_u128(2) };
const ID: Uuid = Uuid::from_u128(3);
const COLLECTION: &str = concat!(
    "/api/v1/vendors/00000000-0000-0000-0000-000000000001",
    "/organizations/00000000-0000-0000-0000-000000000002/sip/credentials"
);
const FOUND: &str = concat!(
    r#"{"success":true,"timestamp":"2026-01-01T00:00:00Z","data":{"id":"00000000-0000-0000-0000-000000000003","#,
    r#""hostname":"sip.example","port":5060,"username":"u","maxAgentTasks":10}}"#
);
const KEY: &str = "key/+1";
const PASSWORD: &str = "p\"ä xx\\";

/// A client that does not wait between its attempts, and reads each object with a GET.
fn client(base_url: &str, request_timeout: Duration) -> Deepslate {
    let config = Config {
        base_url: base_url.parse::<BaseUrl>().expect("a base URL"),
        api_key: ApiKey::new(KEY.into()).expect("a key"),
        request_timeout,
        coalesce_reads: false,
        user_agent: "test/1".to_owned(),
    };
    Deepslate { random: || 0.0, ..Deepslate::new(config) }
}

fn client_of(server: &server::Server) -> Deepslate {
    client(&format!("http://{}", server.address), Duration::from_secs(30))
}

fn budget() -> Budget {
    Budget::new(Duration::from_secs(60), CancellationToken::new())
}

fn request() -> SipCredentialsRequest {
    SipCredentialsRequest {
        hostname: "sip.example".to_owned(),
        port: 5060,
        username: "u".to_owned(),
        password: PASSWORD.into(),
        max_agent_tasks: 10,
    }
}

/// A server for a create: before the script, it answers the list that comes first with an empty one.
async fn server_for_create(script: impl IntoIterator<Item = server::Step>) -> server::Server {
    let empty = r#"{"success":true,"timestamp":"","data":[],"page":0,"size":100,"totalElements":0,"totalPages":0}"#;
    server::Server::start([server::json("200 OK", empty)].into_iter().chain(script)).await
}

/// The request for the list that comes before the first create, and after one whose outcome is not known.
fn list_line(page: u64) -> String {
    format!("GET {COLLECTION}?page={page}&size=100")
}

fn found() -> SipCredentials {
    SipCredentials {
        id: ID,
        hostname: "sip.example".to_owned(),
        port: 5060,
        username: "u".to_owned(),
        max_agent_tasks: 10,
    }
}
