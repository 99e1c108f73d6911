//! A client of Deepslate's REST API. It knows nothing of Terraform.
//!
//! # Layout
//! - [`Config`], [`BaseUrl`], [`ApiKey`]: what a client is made of, checked before it is made.
//! - [`Budget`]: what one call may spend, and how it is stopped.
//! - `sip_credentials`, `sip_phone_numbers`, `organizations`: one file per kind of object, over the calls in `create`, `objects` and
//!   `list`.
//! - `call`: one call, from the request to an answer or an [`Error`]. It drives
//!   - `transport`: one request over HTTP, bounded in time and size,
//!   - `envelope`: what every answer is wrapped in,
//!   - `retry`: which outcome is safe to repeat, and when,
//!   - `gate`: how many requests may be under way at once, and when all hold back.
//! - `recovery`: what follows a create whose outcome is not known; `ledger`: which objects a create cannot have made.
//! - `pages`: which page of a list is read next, and when all of it has been read.
//! - `reads`: reads of many objects from their list; `coalescing`: which of them; `writes`: when what was listed may have
//!   changed.
//! - `error`: the one error, on whose kind callers branch; `redact` makes a server's words fit to be shown in it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

mod api_key;
mod base_url;
mod budget;
mod call;
mod coalescing;
mod create;
mod envelope;
mod error;
#[doc(hidden)]
pub mod fuzzing;
mod gate;
mod ledger;
mod list;
mod objects;
mod organizations;
mod pages;
mod reads;
mod recovery;
mod redact;
mod retry;
mod sip_credentials;
mod sip_phone_numbers;
#[cfg(test)]
mod tests;
mod transport;
mod writes;

pub use api_key::{ApiKey, ApiKeyError};
pub use base_url::{BaseUrl, BaseUrlError};
pub use budget::Budget;
pub use create::Created;
pub use error::{Error, ErrorKind, Failure, GaveUp, Malformed};
pub use organizations::{Company, Organization};
pub use sip_credentials::{SipCredentials, SipCredentialsRequest, SipCredentialsSummary};
pub use sip_phone_numbers::{Account, SipPhoneNumber, SipPhoneNumberRequest, canonical_number};

use gate::Gate;
use ledger::Ledgers;
use reads::Reads;
use transport::Transport;
use writes::Writes;

/// A client. A clone shares its connections, and what it knows of objects.
#[derive(Clone)]
pub struct Deepslate {
    transport: Arc<Transport>,
    gate: Arc<Gate>,
    ledgers: Arc<Ledgers>,
    writes: Arc<Writes>,
    coalesce_reads: bool,
    reads_of_sip_credentials: Arc<Reads<SipCredentials>>,
    reads_of_sip_phone_numbers: Arc<Reads<SipPhoneNumber>>,
    /// Spreads the waits between attempts: a number between 0 and 1.
    random: fn() -> f64,
}

/// What a client is made of.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the API is.
    pub base_url: BaseUrl,
    /// The key that every request carries.
    pub api_key: ApiKey,
    /// How long one attempt of a request may take, from the connection to the last byte of the answer.
    pub request_timeout: Duration,
    /// Whether the list of a collection may show that objects are as known, where that takes fewer requests than a GET
    /// each.
    pub coalesce_reads: bool,
    /// Value of the `User-Agent` header.
    pub user_agent: String,
}

impl Deepslate {
    /// A client, which touches neither the network nor the platform's certificates before its first request.
    #[must_use]
    pub fn new(config: Config) -> Deepslate {
        Deepslate {
            gate: Arc::default(),
            ledgers: Arc::default(),
            writes: Arc::default(),
            coalesce_reads: config.coalesce_reads,
            reads_of_sip_credentials: Arc::default(),
            reads_of_sip_phone_numbers: Arc::default(),
            transport: Arc::new(Transport::new(config)),
            random: fastrand::f64,
        }
    }
}

impl fmt::Debug for Deepslate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Deepslate").finish_non_exhaustive()
    }
}
