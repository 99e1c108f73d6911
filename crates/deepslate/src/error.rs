//! The one error of the client.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use http::Method;
use uuid::Uuid;

/// A call that failed: callers branch on its [`kind`](Failure::kind), and tell the rest.
#[derive(Debug, Clone)]
pub struct Error(Box<Failure>);

/// What is known of a call that failed. No text in it holds the API key or a password of the request.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What went wrong in the last attempt.
    pub kind: ErrorKind,
    /// Method of the request.
    pub method: Method,
    /// Where the server was looked for: scheme, host and port.
    pub server: String,
    /// Path and query of the request's URL, the base URL's prefix included.
    pub path: String,
    /// Status of the last attempt, where an answer came.
    pub status: Option<u16>,
    /// Deepslate's own message: one line of at most 500 characters.
    pub message: Option<String>,
    /// The beginning of an answer that is not in Deepslate's envelope: one line of at most 200 characters.
    pub excerpt: Option<String>,
    /// Deepslate's trace id, by which its operators find the request.
    pub trace_id: Option<String>,
    /// What the network, TLS or HTTP library said, where the attempt failed there.
    pub cause: Option<String>,
    /// How long the server asked to wait (`Retry-After`), or how long all calls hold back after it had too many.
    pub retry_after: Option<Duration>,
    /// How often the request was tried; 0 where nothing was sent.
    pub attempts: u32,
    /// For how long it was tried, waits included.
    pub elapsed: Duration,
    /// Whether the last attempt was cut short by the end of the budget, and not by the request timeout.
    pub out_of_budget: bool,
    /// Why it was not tried again.
    pub gave_up: GaveUp,
    /// After a create whose outcome is not known: the objects that it may have made. Nothing where that could not be
    /// looked for.
    pub candidates: Option<Vec<Uuid>>,
    /// Why that could not be looked for.
    pub not_looked_for: Option<Error>,
    /// Whether an attempt before the last left its outcome open.
    pub(super) earlier_outcome_unknown: bool,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// 400 or 422: the input is not valid.
    Invalid,
    /// 401: the API key is missing, wrong or expired.
    Unauthorized,
    /// 403: the API key may not do this.
    Forbidden,
    /// 404 of Deepslate's own, an envelope with `success: false`: the object does not exist.
    NotFound,
    /// Any other 404, so of a proxy or a server that is not Deepslate. It says nothing about the object.
    ForeignNotFound,
    /// 405 or 501: the server does not have this call.
    MethodNotAllowed,
    /// 409: something depends on the object.
    Conflict,
    /// 429: too many requests.
    Throttled,
    /// 5xx, but for 501.
    Unavailable,
    /// 3xx, which is not followed since it would carry the API key elsewhere.
    Redirected {
        /// Where to, without the query.
        location: Option<String>,
    },
    /// Another status.
    UnexpectedStatus,
    /// The status says success, and the answer cannot be made sense of.
    MalformedAnswer(Malformed),
    /// Nothing listens at the address.
    ConnectionRefused,
    /// The host's name has no address, or could not be looked up.
    NameNotFound,
    /// TLS failed: most often a certificate that is not trusted, or a server that does not speak TLS.
    Tls,
    /// No connection came about for another reason. Nothing was sent.
    Connect,
    /// The connection broke after it had come about.
    ConnectionLost,
    /// The attempt took longer than the request timeout, or than was left of the budget.
    TimedOut,
    /// The budget's token was cancelled before the request, or during a read. Between two attempts this is
    /// [`GaveUp::Stopped`], and the kind is that of the last one. Or the process was to end, and a write was not answered
    /// in time.
    Stopped,
    /// The HTTP client could not be set up, or the request not be built.
    Setup,
}

/// Why an answer cannot be made sense of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Malformed {
    /// Over 1 MiB.
    TooLarge,
    /// Not JSON.
    NotJson,
    /// No object with a boolean `success`.
    NoEnvelope,
    /// `success: false`, though the status says otherwise.
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
    /// It is another object than the one asked for.
    OtherId(Uuid),
    /// No list in `data`.
    NoList,
    /// A page of a list came twice, and nothing new with it, though not all of the list had been read.
    RepeatedPage {
        /// How many objects the list has by its own account.
        total: u64,
    },
    /// A list goes on after this many pages.
    EndlessList {
        /// How many were read.
        pages: u32,
    },
}

/// Why a request is not tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GaveUp {
    /// Doing it again would not help, or might do it twice.
    Final,
    /// No server was reached, several times in a row.
    Unreachable,
    /// The budget is spent, or would be before the next attempt.
    OutOfTime,
    /// The server asks for a longer wait ([`Failure::retry_after`]) than is left of the budget.
    RetryAfter,
    /// Since the server had answered 429 to another call, this one was to hold back for longer
    /// ([`Failure::retry_after`]) than is left of the budget.
    HeldBack,
    /// The budget's token was cancelled.
    Stopped,
}

// === impl Error ===

impl Error {
    /// An error of which no more is known yet.
    #[must_use]
    pub fn new(kind: ErrorKind, method: Method, path: String) -> Error {
        Error(Box::new(Failure {
            kind,
            method,
            server: String::new(),
            path,
            status: None,
            message: None,
            excerpt: None,
            trace_id: None,
            cause: None,
            retry_after: None,
            attempts: 0,
            elapsed: Duration::ZERO,
            out_of_budget: false,
            gave_up: GaveUp::Final,
            candidates: None,
            not_looked_for: None,
            earlier_outcome_unknown: false,
        }))
    }
}

impl Deref for Error {
    type Target = Failure;

    fn deref(&self) -> &Failure {
        &self.0
    }
}

impl DerefMut for Error {
    fn deref_mut(&mut self) -> &mut Failure {
        &mut self.0
    }
}

// === impl Failure ===

impl Failure {
    /// Whether the server itself said of each attempt that it failed. A gateway's 504 says that it did not answer, as
    /// does Cloudflare's 524; a status of success says that it is done, however little else can be made of the answer.
    #[must_use]
    pub fn reports_failure(&self) -> bool {
        let reported = match self.status {
            None | Some(504 | 524) => false,
            Some(200..=399) => self.kind == ErrorKind::MalformedAnswer(Malformed::NotSuccessful),
            Some(_) => true,
        };
        reported && !self.earlier_outcome_unknown
    }

    /// Whether the server does not have this call, as far as can be told: a proxy's 404 looks the same.
    #[must_use]
    pub fn lacks_call(&self) -> bool {
        matches!(self.kind, ErrorKind::MethodNotAllowed | ErrorKind::ForeignNotFound)
    }

    /// Whether the server may have carried out the request although no usable answer came. Never so for a read.
    #[must_use]
    pub fn outcome_unknown(&self) -> bool {
        if self.method == Method::GET || self.attempts == 0 {
            return false;
        }
        self.earlier_outcome_unknown
            || match self.kind {
                ErrorKind::Unavailable
                | ErrorKind::MalformedAnswer(_)
                | ErrorKind::ConnectionLost
                | ErrorKind::TimedOut
                | ErrorKind::Stopped => true,
                // 303 sends on to the result of what was done (RFC 9110, 15.4.4).
                ErrorKind::Redirected { .. } => self.status == Some(303),
                // A 4xx refuses; what else is out of order refuses nothing.
                ErrorKind::UnexpectedStatus => self.status.is_none_or(|status| !(400..500).contains(&status)),
                _ => false,
            }
    }
}

// === impl ErrorKind ===

impl ErrorKind {
    /// Whether the attempt ended before a server could have received any of the request.
    pub(super) fn is_unreached(&self) -> bool {
        matches!(self, ErrorKind::ConnectionRefused | ErrorKind::NameNotFound | ErrorKind::Tls | ErrorKind::Connect)
    }
}

impl From<Malformed> for ErrorKind {
    fn from(malformed: Malformed) -> ErrorKind {
        ErrorKind::MalformedAnswer(malformed)
    }
}

// === Display: one technical line ===

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.method, self.path)?;
        match self.status {
            Some(status) => write!(f, "status {status}, {}", self.kind)?,
            None => write!(f, "{}", self.kind)?,
        }
        if let Some(cause) = &self.cause {
            write!(f, ": {cause}")?;
        }
        if let Some(message) = &self.message {
            write!(f, ": `{message}`")?;
        }
        if let Some(trace_id) = &self.trace_id {
            write!(f, ", trace id `{trace_id}`")?;
        }
        write!(f, " (attempts: {}, in {:.1?}{})", self.attempts, self.elapsed, self.gave_up)
    }
}

impl std::error::Error for Error {}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ErrorKind::Invalid => "input not valid",
            ErrorKind::Unauthorized => "API key not accepted",
            ErrorKind::Forbidden => "not permitted",
            ErrorKind::NotFound => "no such object",
            ErrorKind::ForeignNotFound => "nothing at this path, and not in Deepslate's words",
            ErrorKind::MethodNotAllowed => "call not offered by the server",
            ErrorKind::Conflict => "something depends on the object",
            ErrorKind::Throttled => "too many requests",
            ErrorKind::Unavailable => "server failed or is not available",
            ErrorKind::Redirected { location: Some(location) } => return write!(f, "redirected to `{location}`"),
            ErrorKind::Redirected { location: None } => "redirected",
            ErrorKind::UnexpectedStatus => "unexpected status",
            ErrorKind::MalformedAnswer(malformed) => return malformed.fmt(f),
            ErrorKind::ConnectionRefused => "connection refused",
            ErrorKind::NameNotFound => "host name not found",
            ErrorKind::Tls => "TLS failed",
            ErrorKind::Connect => "no connection",
            ErrorKind::ConnectionLost => "connection lost",
            ErrorKind::TimedOut => "timed out",
            ErrorKind::Stopped => "stopped",
            ErrorKind::Setup => "request could not be made",
        })
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Malformed::TooLarge => f.write_str("the answer is over 1 MiB"),
            Malformed::NotJson => f.write_str("the answer is not JSON"),
            Malformed::NoEnvelope => f.write_str("the answer lacks `success`, which all of Deepslate's have"),
            Malformed::NotSuccessful => f.write_str("the answer says `success: false`"),
            Malformed::NoData => f.write_str("the answer has no object in `data`"),
            Malformed::Field { name, reason } => write!(f, "field `{name}` of the answer: {reason}"),
            Malformed::OtherId(id) => write!(f, "the answer is about another object, `{id}`"),
            Malformed::NoList => f.write_str("the answer has no list in `data`"),
            Malformed::RepeatedPage { total } => {
                write!(
                    f,
                    "the list has {total} objects by its own account, and repeats a page before it showed them all"
                )
            }
            Malformed::EndlessList { pages } => write!(f, "the list goes on after {pages} pages"),
        }
    }
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            GaveUp::Final => "",
            GaveUp::Unreachable => ", gave up as no server was reached",
            GaveUp::OutOfTime => ", no time left",
            GaveUp::RetryAfter => ", asked to wait longer than the time left",
            GaveUp::HeldBack => ", held back for longer than the time left",
            GaveUp::Stopped => ", stopped",
        })
    }
}
