//! A request, and what all errors of one request have in common.

use bytes::Bytes;
use http::Method;
use secrecy::SecretString;

use super::redact::server_text;
use crate::error::{ErrorDetails, ErrorKind, Malformed};

/// A request to the API.
pub(crate) struct Request<'a> {
    pub(crate) method: Method,
    /// Path of the API, with its leading slash.
    pub(crate) path: String,
    /// Query, without the question mark.
    pub(crate) query: Option<String>,
    /// JSON.
    pub(crate) body: Option<Bytes>,
    /// A secret in the body, which no error shows.
    pub(crate) secret: Option<&'a SecretString>,
}

impl Request<'_> {
    /// A request without query and body.
    pub(crate) fn new(method: Method, path: String) -> Self {
        Request { method, path, query: None, body: None, secret: None }
    }
}

/// What all errors of one request have in common: the name of the request, and the secrets that they must not show.
pub(super) struct ErrorContext<'a> {
    pub(super) method: Method,
    pub(super) server: String,
    pub(super) path: String,
    pub(super) route: Option<String>,
    pub(super) secrets: Vec<&'a SecretString>,
}

impl ErrorContext<'_> {
    /// The details of an error, to be completed before they become one.
    pub(super) fn details(&self, kind: ErrorKind) -> Box<ErrorDetails> {
        let details = ErrorDetails::new(kind, self.method.clone(), self.server.clone(), self.path.clone());
        Box::new(ErrorDetails { route: self.route.clone(), ..*details })
    }

    /// The details of an answer that is not usable.
    pub(super) fn malformed(&self, reason: Malformed) -> Box<ErrorDetails> {
        let reason = match reason {
            Malformed::Coding(coding) => Malformed::Coding(self.shown(&coding)),
            other => other,
        };
        self.details(reason.into())
    }

    /// Returns a text of the server in a form that may be shown.
    pub(super) fn shown(&self, text: &str) -> String {
        server_text(text, &self.secrets)
    }
}
