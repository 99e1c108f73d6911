//! The configuration of a client. Every value is checked before a client exists. Uses no other module.

mod api_key;
mod base_url;
mod network;

use std::time::Duration;

use redaction::Secrets;

pub use api_key::{ApiKey, ApiKeyError};
pub use base_url::{BaseUrl, BaseUrlError};
pub(crate) use network::Route;
pub use network::{Network, ProxyError};

/// The settings of a client.
#[derive(Debug, Clone)]
pub struct Config {
    /// The URL of the API.
    pub base_url: BaseUrl,
    /// The way to the server.
    pub network: Network,
    /// The key that every request carries.
    pub api_key: ApiKey,
    /// How long one attempt of a request may take, from the connection to the last byte of the answer.
    pub request_timeout: Duration,
    /// Whether the list of a collection may answer reads if that needs fewer requests than one GET per object.
    pub coalesce_reads: bool,
    /// Value of the `User-Agent` header.
    pub user_agent: String,
    /// The secrets that no error shows if the server repeats them. The client adds the key, and those that it sends.
    pub secrets: Secrets,
}
