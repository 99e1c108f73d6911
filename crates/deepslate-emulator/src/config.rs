//! The behavior of an emulator from its start.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use uuid::Uuid;

/// How an emulator behaves.
#[expect(clippy::struct_excessive_bools, reason = "each is one behavior")]
pub struct Config {
    /// Where it listens: a loopback address; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The bearer token that it takes.
    pub api_key: String,
    /// The organizations that exist: vendor, organization, company name. If none is named, any vendor and organization
    /// is accepted, and the used ones are listed.
    pub organizations: Vec<(Uuid, Uuid, String)>,
    /// The most items a page holds, 1 or more; who asks for more gets this.
    pub max_page_size: usize,
    /// Whether items of lists lack some of their fields.
    pub summaries: bool,
    /// Calls that this server does not have: 405, or 404 if the path has no other calls.
    pub without: Vec<Operation>,
    /// Whether a call that this server does not have is answered with a 404 in the envelope.
    pub wraps_unknown_routes: bool,
    /// Whether lists refuse the parameter `size`.
    pub refuses_size: bool,
    /// Whether lists refuse the parameter `sort`.
    pub refuses_sort: bool,
    /// Whether the list of an organization that does not exist is empty, and not a 404.
    pub lists_unknown_organizations: bool,
    /// Whether the key does not have the permission to list organizations.
    pub forbids_organizations: bool,
    /// Whether an update keeps the extensions and hooks that it leaves out.
    pub keeps_parts: bool,
    /// What international phone numbers begin with in answers (`+` or `00`), however they were sent; `None`: as sent.
    pub number_prefix: Option<String>,
    /// How long a new object is not shown in lists yet.
    pub list_lag: Duration,
    /// How long each call takes at least.
    pub latency: Duration,
    /// Whether [`Emulator::requests`](crate::Emulator::requests) remembers requests, which takes memory for each.
    pub log_requests: bool,
    /// Whether each request is logged to standard error: method, path and status.
    pub print_requests: bool,
}

/// A call of the API, named as in `openapi.yaml`.
#[expect(missing_docs, reason = "`openapi.yaml` describes them")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    ListOrganizations,
    CreateSipCredentials,
    ListSipCredentials,
    GetSipCredentials,
    UpdateSipCredentials,
    DeleteSipCredentials,
    CreatePhoneNumber,
    ListPhoneNumbers,
    GetPhoneNumber,
    UpdatePhoneNumber,
    DeletePhoneNumber,
    CreateAssistant,
    ListAssistants,
    GetAssistant,
    UpdateAssistant,
    DeleteAssistant,
    CreateAgent,
    ListAgents,
    GetAgent,
    UpdateAgent,
    DeleteAgent,
    CreateLlmGenerationStrategy,
    ListLlmGenerationStrategies,
    GetLlmGenerationStrategy,
    UpdateLlmGenerationStrategy,
    DeleteLlmGenerationStrategy,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            api_key: "test-key".to_owned(),
            organizations: Vec::new(),
            max_page_size: 100,
            summaries: false,
            without: Vec::new(),
            wraps_unknown_routes: false,
            refuses_size: false,
            refuses_sort: false,
            lists_unknown_organizations: false,
            forbids_organizations: false,
            keeps_parts: false,
            number_prefix: None,
            list_lag: Duration::ZERO,
            latency: Duration::ZERO,
            log_requests: true,
            print_requests: false,
        }
    }
}
