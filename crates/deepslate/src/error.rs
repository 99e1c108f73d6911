//! Why a call failed. Uses no other module; every other module may use it.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use http::Method;
use redaction::Shown;
use tokio::time::Instant;
use uuid::Uuid;

/// Cloudflare's statuses for a request that never reached the server behind it.
pub(crate) const NEVER_REACHED: [u16; 5] = [521, 523, 525, 526, 530];

/// A failed call. Callers branch on its [`kind`](ErrorDetails::kind) and show the rest. It never changes.
#[derive(Debug, Clone)]
pub struct Error(Box<ErrorDetails>);

/// The details of a failed call. Texts of the server are held against all secrets that the client knows.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is one fact")]
pub struct ErrorDetails {
    /// How the last attempt failed.
    pub kind: ErrorKind,
    /// Method of the request.
    pub method: Method,
    /// Scheme, host and port of the server.
    pub server: String,
    /// Path and query of the request's URL, including the base URL's prefix.
    pub path: String,
    /// Status of the last attempt, if an answer came.
    pub status: Option<u16>,
    /// Deepslate's own message: one line of at most 500 characters.
    pub message: Option<Shown>,
    /// The beginning of an answer that is not in Deepslate's envelope: one line of at most 200 characters.
    pub excerpt: Option<Shown>,
    /// Deepslate's trace ID, by which its operators find the request.
    pub trace_id: Option<Shown>,
    /// The message of the network, TLS or HTTP library, if the attempt failed there.
    pub cause: Option<Shown>,
    /// The route to the server, if no answer came and a variable of the environment decides about it: "through the proxy
    /// …". It shows no secret.
    pub route: Option<String>,
    /// Where the trusted certificates come from, if TLS failed. It shows no secret.
    pub trusted: Option<String>,
    /// How long the server asked to wait (`Retry-After`), or how long the cool-down after a 429 still lasts.
    pub retry_after: Option<Duration>,
    /// Number of attempts; 0 if nothing was sent.
    pub attempts: u32,
    /// Duration of all attempts, including the waits between them.
    pub elapsed: Duration,
    /// Whether the operation's deadline cut the last attempt short, and not the request timeout.
    pub out_of_budget: bool,
    /// Why the request was not tried again.
    pub gave_up: GaveUp,
    /// Whether the request was to prove that an object is gone, after its own 404.
    pub of_proof: bool,
    /// Whether an attempt before the last one left its outcome unknown.
    pub(crate) earlier_outcome_unknown: bool,
    /// Whether the last attempt was answered in Deepslate's envelope: with `success: false`, or with a status of success.
    pub(crate) own: bool,
    /// The object that an answer with `success: false` names in `data`.
    pub(crate) named: Option<Uuid>,
    /// When the last attempt began.
    pub(crate) sent: Option<Instant>,
}

/// How a call failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400 or 422: the input is not valid.
    Invalid,
    /// 401: the API key is missing, wrong or expired.
    Unauthorized,
    /// 403: the API key lacks the permission.
    Forbidden,
    /// Deepslate's own 404, an envelope with `success: false`: the object does not exist.
    NotFound,
    /// Deepslate's own 404, and nothing proves that the place of the object exists and that the key may read it.
    PlaceUnknown,
    /// Deepslate's own 404 to the GET, although the list shows the object.
    Contradiction,
    /// The object differs from what the caller knew of it, in these fields, so it was not replaced.
    Changed(Vec<&'static str>),
    /// Any other 404, from a proxy or from a server that is not Deepslate. It proves nothing about the object.
    ForeignNotFound,
    /// 405 or 501: the server does not have this call.
    MethodNotAllowed,
    /// 409: something depends on the object, or the object conflicts with another one.
    Conflict,
    /// 429: too many requests.
    Throttled,
    /// 5xx, except 501.
    Unavailable,
    /// 3xx, which is not followed because that would send the API key elsewhere.
    Redirected {
        /// The target, without the query.
        location: Option<Shown>,
    },
    /// Another status.
    UnexpectedStatus,
    /// The status reports a success, but the answer is not usable.
    MalformedAnswer(Malformed),
    /// No server listens at the address.
    ConnectionRefused,
    /// The host's name has no address, or the lookup failed.
    NameNotFound,
    /// TLS failed, usually because the certificate is not trusted or the server does not speak TLS.
    Tls,
    /// The server's certificate is that of a certificate authority (`CA:TRUE`).
    AuthorityAsServer,
    /// There is no certificate to trust. [`trusted`](ErrorDetails::trusted) says where they were looked for.
    NoCertificates,
    /// The proxy refused to connect to the server. Nothing was sent.
    ProxyRefused,
    /// The proxy requires a user name and a password, or other ones (407). Nothing was sent.
    ProxyUnauthorized,
    /// No connection was made for another reason. Nothing was sent.
    Connect,
    /// The connection broke after it had been made.
    ConnectionLost,
    /// The attempt exceeded the request timeout or the operation's deadline.
    TimedOut,
    /// The operation was stopped before the request or during a read, or the process shut down before a write was
    /// answered. If the stop came between two attempts, the kind is that of the last attempt, and
    /// [`gave_up`](ErrorDetails::gave_up) is [`GaveUp::Stopped`].
    Stopped,
    /// The HTTP client or the request could not be built.
    Setup,
}

/// Why an answer is not usable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// Over 1 MiB.
    TooLarge,
    /// In a content coding that cannot be decoded, or not decodable although it should be.
    Coding(Shown),
    /// Not JSON.
    NotJson,
    /// No object with a boolean `success`.
    NoEnvelope,
    /// `success: false`, although the status reports a success.
    NotSuccessful,
    /// No object in `data`.
    NoData,
    /// A field of `data` is missing, of another type, or out of range.
    Field {
        /// Its name.
        name: &'static str,
        /// What was expected and what came.
        reason: String,
    },
    /// The answer is about another object than the request.
    OtherId(Uuid),
    /// No list in `data`.
    NoList,
    /// A page of a list came twice with nothing new on it, although the list was not complete.
    RepeatedPage {
        /// The number of objects that the list claims to have.
        total: u64,
    },
    /// A list shows fewer objects than its total, however often it is read. It proves nothing.
    IncompleteList {
        /// Number of objects that it shows.
        shown: u64,
        /// Total number of objects that it reports.
        total: u64,
    },
    /// A list does not end after this many objects or pages, or after too many bytes.
    EndlessList {
        /// Number of objects read.
        objects: usize,
        /// Number of pages read.
        pages: u32,
    },
}

/// Why a request is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GaveUp {
    /// A repetition would not help, or might do the work twice.
    Final,
    /// No server was reached, several times in a row.
    Unreachable,
    /// The time is over, or would be before the next attempt.
    OutOfTime,
    /// The server asks for a longer wait ([`ErrorDetails::retry_after`]) than the time left.
    RetryAfter,
    /// The server answered 429 to another request, and the cool-down ([`ErrorDetails::retry_after`]) lasts longer than
    /// the time left.
    HeldBack,
    /// The operation was stopped.
    Stopped,
}

/// Why a create returned no object.
#[derive(Debug, Clone)]
pub enum CreateError {
    /// No object was made.
    NotMade {
        /// Why.
        cause: Error,
        /// Whether the outcome was unknown at first, and the list then showed that no object was made.
        searched: bool,
    },
    /// The object may exist.
    OutcomeUnknown {
        /// Why the outcome is unknown.
        cause: Error,
        /// What the search for the object found.
        found: Found,
    },
}

/// What the search for an object found after a create with an unknown outcome.
#[derive(Debug, Clone)]
pub enum Found {
    /// No matching object in the list, but it may still appear.
    Nothing,
    /// Objects that this create may have made.
    Candidates(Vec<Uuid>),
    /// The answer itself names this object, which this create did not make.
    Named(Uuid),
    /// The list was not read to its end: because of this error, or because the operation ended first.
    NotSearched(Option<Error>),
}

// === impl Error ===

impl Error {
    /// An error for tests of code that handles errors.
    #[doc(hidden)]
    #[must_use]
    pub fn for_tests(kind: ErrorKind, method: Method, path: &str, attempts: u32) -> Error {
        let details = ErrorDetails::new(kind, method, String::new(), path.to_owned());
        Error::new(ErrorDetails { attempts, ..*details })
    }

    pub(crate) fn new(details: impl Into<Box<ErrorDetails>>) -> Error {
        Error(details.into())
    }

    /// The same error with some details replaced.
    pub(crate) fn with(self, change: impl FnOnce(ErrorDetails) -> ErrorDetails) -> Error {
        Error::new(change(*self.0))
    }
}

impl Deref for Error {
    type Target = ErrorDetails;

    fn deref(&self) -> &ErrorDetails {
        &self.0
    }
}

/// One line for the log.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {:?}", self.method, self.path, self.kind)?;
        if let Some(status) = self.status {
            write!(f, ", status {status}")?;
        }
        write!(f, ", attempts: {}", self.attempts)
    }
}

impl std::error::Error for Error {}

// === impl ErrorDetails ===

impl ErrorDetails {
    /// The details of a request that has not been sent yet.
    pub(crate) fn new(kind: ErrorKind, method: Method, server: String, path: String) -> Box<ErrorDetails> {
        Box::new(ErrorDetails {
            kind,
            method,
            server,
            path,
            status: None,
            message: None,
            excerpt: None,
            trace_id: None,
            cause: None,
            route: None,
            trusted: None,
            retry_after: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            out_of_budget: false,
            gave_up: GaveUp::Final,
            of_proof: false,
            earlier_outcome_unknown: false,
            own: false,
            named: None,
            sent: None,
        })
    }

    /// Whether the server may have carried out the request although no usable answer came. Never true for a read.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        if self.method == Method::GET || self.attempts == 0 {
            return false;
        }
        let never_reached = !self.own && self.status.is_some_and(|status| NEVER_REACHED.contains(&status));
        self.earlier_outcome_unknown
            || match self.kind {
                ErrorKind::Unavailable => !never_reached,
                // Of a create, this is a refusal by Deepslate itself.
                ErrorKind::MalformedAnswer(Malformed::NotSuccessful) => self.method != Method::POST,
                ErrorKind::MalformedAnswer(_)
                | ErrorKind::ConnectionLost
                | ErrorKind::TimedOut
                | ErrorKind::Stopped => true,
                ErrorKind::UnexpectedStatus if self.status.is_none_or(|status| !(400..500).contains(&status)) => true,
                // 303 names the result of a completed request (RFC 9110, 15.4.4).
                ErrorKind::Redirected { .. } if self.status == Some(303) => true,
                // A gateway may refuse a request after Deepslate did the work. For a create, the list shows the
                // outcome.
                _ => self.method != Method::POST && !self.own && !never_reached && self.status.is_some(),
            }
    }

    /// Whether the last attempt was answered in Deepslate's envelope, and not by something before it.
    #[must_use]
    pub fn is_deepslates(&self) -> bool {
        self.own
    }

    /// Whether the server seems not to have this call. A proxy's 404 looks the same.
    #[must_use]
    pub fn endpoint_missing(&self) -> bool {
        matches!(self.kind, ErrorKind::MethodNotAllowed | ErrorKind::ForeignNotFound)
    }
}

// === impl ErrorKind ===

impl ErrorKind {
    /// Whether the attempt ended before a server could have received any part of the request.
    pub(crate) fn is_unreached(&self) -> bool {
        matches!(
            self,
            ErrorKind::ConnectionRefused
                | ErrorKind::NameNotFound
                | ErrorKind::Tls
                | ErrorKind::AuthorityAsServer
                | ErrorKind::ProxyRefused
                | ErrorKind::ProxyUnauthorized
                | ErrorKind::Connect
        )
    }
}

impl ErrorKind {
    /// Whether no answer came.
    #[must_use]
    pub fn is_network(&self) -> bool {
        self.is_unreached()
            || matches!(self, ErrorKind::ConnectionLost | ErrorKind::TimedOut | ErrorKind::NoCertificates)
    }
}

impl From<Malformed> for ErrorKind {
    fn from(malformed: Malformed) -> ErrorKind {
        ErrorKind::MalformedAnswer(malformed)
    }
}

// === impl Malformed ===

/// What is wrong with the answer, as users read it.
impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::TooLarge => f.write_str("the response is larger than 1 MiB"),
            Malformed::Coding(coding) => write!(f, "the response is encoded with `{coding}` and cannot be decoded"),
            Malformed::NotJson => f.write_str("the response is not JSON"),
            Malformed::NoEnvelope => {
                f.write_str("the response has no `success`, which every response of Deepslate has")
            }
            Malformed::NotSuccessful => f.write_str("the response says `success: false`"),
            Malformed::NoData => f.write_str("the response has no object in `data`"),
            Malformed::Field { name, reason } => write!(f, "field `{name}` of the response: {reason}"),
            Malformed::OtherId(id) => write!(f, "the response is about another object, `{id}`"),
            Malformed::NoList => f.write_str("the response has no list in `data`"),
            Malformed::RepeatedPage { total } => {
                write!(
                    f,
                    "the list reports a total of {total} objects, but repeats a page before all of them were shown"
                )
            }
            Malformed::IncompleteList { shown, total } => {
                write!(f, "the list reports a total of {total} objects, but shows {shown}")
            }
            Malformed::EndlessList { objects, pages } => {
                write!(f, "the list does not end after {objects} objects on {pages} pages, or is larger than 512 MiB")
            }
        }
    }
}
