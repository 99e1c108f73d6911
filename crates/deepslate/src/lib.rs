//! A client of Deepslate's REST API. It knows nothing of Terraform.
//!
//! A [`Client`] has a [`Collection`] for each [`Kind`] of object under each parent. All verbs are there. Each call
//! belongs to an [`Operation`], and ends in a value or an [`Error`].
//!
//! # Layout
//! From top to bottom; every module uses only modules below it.
//! - `collection`: the verbs, the same for all kinds.
//! - `absence`: whether an object is gone, and updates and deletes of what may be. `create`: exactly once, even if an answer is lost. `refresh`: reads that the
//!   list answers.
//! - `list`: the objects of a collection, page by page.
//! - `objects`: GET, PUT and DELETE of one object.
//! - `kinds`: what each kind consists of; one file for each. It sends nothing.
//! - `http`: one request, with attempts, throttle and retry rules. It knows no kinds.
//! - `json`: values as they come, lenient in form and strict in meaning.
//! - `parameters`: which parameters the lists of a server accept.
//! - `canonical`, `config`, `operation`, `error`: values that all others use.
//!
//! The rules for decisions are separate from the code that they drive, and do no I/O: `http::classify`, `http::word`,
//! `http::retry`, `http::backoff`, `list::pages`, `create::recovery` and `refresh::window`.

mod absence;
pub mod canonical;
mod collection;
mod config;
mod create;
mod error;
mod http;
mod json;
mod kinds;
mod list;
mod objects;
mod operation;
mod parameters;
mod refresh;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

pub use absence::{Gone, Outcome, Remains, Shown, Updated};
pub use collection::{Collection, Object};
pub use config::{ApiKey, ApiKeyError, BaseUrl, BaseUrlError, Config, Network, ProxyError};
pub use create::Created;
pub use error::{CreateError, Error, ErrorDetails, ErrorKind, Found, GaveUp, Malformed};
pub use kinds::{
    Agent, Ancestor, Assistant, Document, Field, Form, Kind, Left, LlmGenerationStrategy, Organization,
    OrganizationRef, Part, SipCredentials, SipCredentialsRef, SipPhoneNumber, Unreadable, Verb, VoiceAgent,
};
pub use operation::Operation;

use secrecy::SecretString;

use collection::Shared;
use http::Waits;

/// What the fuzzers call: all that reads answers.
#[doc(hidden)]
pub mod internals {
    pub use crate::http::{Envelope, Page};
    pub use crate::json::Members;
    pub use crate::kinds::{Fields, Item, partial};
    pub use crate::list::Pages;
}

/// A client. Its clones share connections, and what it knows of objects.
#[derive(Clone)]
pub struct Client(Arc<Shared>);

impl Client {
    /// Makes a client. It uses the network and the platform's certificates only from its first request on.
    #[must_use]
    pub fn new(config: Config) -> Client {
        Client::with_waits(config, Waits::default())
    }

    /// The objects of one kind under this parent.
    #[must_use]
    pub fn collection<K: Kind>(&self, parent: K::Parent) -> Collection<'_, K> {
        Collection::new(&self.0, parent)
    }

    /// The URL of the API.
    #[must_use]
    pub fn base_url(&self) -> &BaseUrl {
        &self.0.http.config().base_url
    }

    /// The API key.
    #[must_use]
    pub fn api_key(&self) -> &SecretString {
        self.0.http.config().api_key.secret()
    }

    /// The route to the server in words, if a variable of the environment decides about it. It shows no secret.
    #[must_use]
    pub fn route(&self) -> Option<String> {
        let Config { network, secrets, .. } = self.0.http.config();
        network.route.in_words(secrets)
    }

    /// Where the trusted certificates come from, unless none is needed or the system decides. Reads them. It shows no
    /// secret.
    #[must_use]
    pub fn trusted(&self) -> Option<String> {
        let Config { network, secrets, .. } = self.0.http.config();
        let tls = network.trust.tls(secrets).ok().flatten();
        tls.map(|tls| tls.origin).filter(|origin| !origin.is_empty())
    }

    /// A client that waits in another way.
    fn with_waits(config: Config, waits: Waits) -> Client {
        Client(Arc::new(Shared::new(config, waits)))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Client").finish_non_exhaustive()
    }
}
