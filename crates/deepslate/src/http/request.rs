//! A request, and what all errors of one request have in common.

use bytes::Bytes;
use http::Method;
use redaction::{ForeignText, Length, Secrets, Shown};

use crate::config::Route;
use crate::error::{ErrorDetails, ErrorKind, Malformed};

/// A request to the API.
pub(crate) struct Request {
    pub(crate) method: Method,
    /// Path of the API, with its leading slash.
    pub(crate) path: String,
    /// Query, without the question mark.
    pub(crate) query: Option<String>,
    /// JSON.
    pub(crate) body: Option<Bytes>,
}

impl Request {
    /// A request without query and body.
    pub(crate) fn new(method: Method, path: String) -> Self {
        Request { method, path, query: None, body: None }
    }
}

/// The common part of all errors of one request: the name of the request, and the secrets that they must not show.
pub(super) struct ErrorContext<'a> {
    pub(super) method: Method,
    pub(super) server: String,
    pub(super) path: String,
    pub(super) route: &'a Route,
    pub(super) secrets: &'a Secrets,
}

impl ErrorContext<'_> {
    /// The details of an error, to be completed before they become one.
    pub(super) fn details(&self, kind: ErrorKind) -> Box<ErrorDetails> {
        // With an answer, the route does not matter.
        let route =
            (kind.is_network() || kind == ErrorKind::Setup).then(|| self.route.in_words(self.secrets)).flatten();
        let details = ErrorDetails::new(kind, self.method.clone(), self.server.clone(), self.path.clone());
        Box::new(ErrorDetails { route, ..*details })
    }

    /// The details of an answer that is not usable.
    pub(super) fn malformed(&self, reason: Malformed) -> Box<ErrorDetails> {
        self.details(reason.into())
    }

    /// Returns what may be shown of a text of the server.
    pub(super) fn show(&self, text: &ForeignText) -> Shown {
        self.secrets.show(text, Length::Message)
    }
}
