//! The requests received, in order.

use std::fmt;

use axum::body::Bytes;
use serde_json::Value;

/// A request as it arrived, and the status it was answered with.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// The method, in capitals.
    pub method: String,
    /// The path as sent, without the query.
    pub path: String,
    /// The query as sent, without the question mark; empty where there is none.
    pub query: String,
    /// Names in lower case, in no certain order, the credentials among them.
    pub headers: Vec<(String, String)>,
    /// The body, passwords included; `None` where it is empty or no JSON.
    pub body: Option<Value>,
    /// `None`: not answered yet, or the connection was closed instead.
    pub status: Option<u16>,
    /// The body of the answer, before a fault befell it; empty while there is none.
    pub answer: Bytes,
}

/// All requests since the start or the last [`clear`](Log::clear).
#[derive(Default)]
pub(crate) struct Log {
    requests: Vec<Request>,
    /// How many came before the first of `requests`.
    cleared: usize,
}

/// Without headers and body, which hold secrets.
impl fmt::Debug for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, path, query, status, .. } = self;
        write!(formatter, "{method} {path}?{query} {status:?}")
    }
}

impl Log {
    /// Adds a request; the number returned is for [`complete`](Self::complete).
    pub(crate) fn add(&mut self, request: Request) -> usize {
        self.requests.push(request);
        self.cleared + self.requests.len() - 1
    }

    /// Adds to what is known of a request.
    pub(crate) fn complete(&mut self, number: usize, complete: impl FnOnce(&mut Request)) {
        // A request that was cleared while it was in progress is not there any more.
        let request = number.checked_sub(self.cleared).and_then(|place| self.requests.get_mut(place));
        request.map(complete);
    }

    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.clone()
    }

    pub(crate) fn clear(&mut self) {
        self.cleared += self.requests.len();
        self.requests.clear();
    }
}
