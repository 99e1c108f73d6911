//! One request over HTTP, with its bounds: time, size, and no step that was not asked for.

use std::io;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, Method, StatusCode};
use secrecy::SecretString;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};
use url::{Position, Url};

use super::Config;
use super::error::{Error, ErrorKind, Malformed};
use super::gate::AT_ONCE;
use super::redact::server_text;
use super::retry::parse_retry_after;

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 1 << 20;
/// How long a connection may take to come about, name service and TLS included.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept: shorter than servers do (5 s is the least among the common ones). A POST on a connection
/// that the server closes in the same moment is a POST whose outcome nobody knows.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// What is to be sent.
#[derive(Default)]
pub(super) struct Request<'a> {
    pub(super) method: Method,
    /// Path of the API, with its leading slash.
    pub(super) path: String,
    /// Query, without its question mark.
    pub(super) query: Option<String>,
    /// JSON.
    pub(super) body: Option<Bytes>,
    /// A secret in the body, to be masked wherever the server repeats it.
    pub(super) secret: Option<&'a SecretString>,
    /// Other secrets to be masked.
    pub(super) secrets: &'a [SecretString],
}

/// What came back, whatever its status.
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<Duration>,
    pub(super) location: Option<String>,
    /// The body, or why there is none.
    pub(super) body: Result<Vec<u8>, Error>,
}

/// The way to the server.
pub(super) struct Transport {
    config: Config,
    /// Built at the first request, for that reads the platform's certificates.
    client: OnceCell<reqwest::Client>,
}

impl Transport {
    pub(super) fn new(config: Config) -> Transport {
        Transport { config, client: OnceCell::new() }
    }

    /// Sends the request once, and reads the answer within the request timeout and what `remaining` leaves.
    pub(super) async fn send(&self, request: &Request<'_>, remaining: Duration) -> Result<Response, Error> {
        let started = Instant::now();
        let limit = remaining.min(self.config.request_timeout);
        let client = self.client.get_or_try_init(async || self.build_client()).await;
        let http_request = client.and_then(|client| Ok((client, self.build_request(client, request)?)));
        let (client, http_request) = http_request.map_err(|error| self.failure(request, &error))?;

        let sent = timeout(limit, client.execute(http_request)).await;
        let response =
            sent.map_err(|_| self.timed_out(request, remaining))?.map_err(|error| self.failure(request, &error))?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = match timeout(limit.saturating_sub(started.elapsed()), read(response)).await {
            Ok(Ok(Some(body))) => Ok(body),
            Ok(Ok(None)) => Err(self.error(request, Malformed::TooLarge.into())),
            Ok(Err(error)) => Err(self.failure(request, &error)),
            Err(_) => Err(self.timed_out(request, remaining)),
        };
        Ok(Response {
            status,
            retry_after: text(&headers, &RETRY_AFTER).and_then(|value| parse_retry_after(value, SystemTime::now())),
            location: text(&headers, &LOCATION)
                .map(|url| self.shown(request, url.split(['?', '#']).next().unwrap_or_default())),
            body,
        })
    }

    /// An error of this request.
    pub(super) fn error(&self, request: &Request<'_>, kind: ErrorKind) -> Error {
        let url = self.url(request);
        let mut error = Error::new(kind, request.method.clone(), url[Position::BeforePath..].to_owned());
        url[..Position::BeforePath].clone_into(&mut error.server);
        error
    }

    fn timed_out(&self, request: &Request<'_>, remaining: Duration) -> Error {
        let mut error = self.error(request, ErrorKind::TimedOut);
        error.out_of_budget = remaining < self.config.request_timeout;
        error
    }

    /// Text of the server, fit to be shown.
    pub(super) fn shown(&self, request: &Request<'_>, text: &str) -> String {
        let of_request = request.secret.into_iter().chain(request.secrets);
        let secrets: Vec<_> = of_request.chain([self.config.api_key.secret()]).collect();
        server_text(text, &secrets)
    }

    /// The beginning of a body that is not Deepslate's, fit to be shown: what a proxy has to say, if it is text.
    pub(super) fn excerpt(&self, request: &Request<'_>, body: &[u8]) -> Option<String> {
        const LONGEST: usize = 200;
        // Cut or changed before it is masked, it could show a part of a secret.
        let text = str::from_utf8(body).ok()?;
        let shown: String = self.shown(request, text).chars().take(LONGEST).collect();
        (!shown.is_empty()).then_some(shown)
    }

    fn url(&self, request: &Request<'_>) -> Url {
        let mut url = self.config.base_url.join(&request.path);
        url.set_query(request.query.as_deref());
        url
    }

    fn failure(&self, request: &Request<'_>, failure: &reqwest::Error) -> Error {
        let mut error = self.error(request, kind_of(failure));
        error.cause = causes(failure).last().map(|cause| self.shown(request, &cause.to_string()));
        error
    }

    fn build_client(&self) -> reqwest::Result<reqwest::Client> {
        let Config { base_url, request_timeout, user_agent, .. } = &self.config;
        let builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .redirect(reqwest::redirect::Policy::none())
            // What is left is hyper's: a request that never left a kept connection goes out on a new one.
            .retry(reqwest::retry::never())
            // Ends before the whole attempt does, so that what was never sent is known as such.
            .connect_timeout(CONNECT_TIMEOUT.min(*request_timeout / 2))
            .pool_max_idle_per_host(AT_ONCE)
            .pool_idle_timeout(IDLE_TIMEOUT);
        // What is for this machine does not leave it, least of all a key without TLS.
        if base_url.is_loopback() { builder.no_proxy() } else { builder }.build()
    }

    fn build_request(&self, client: &reqwest::Client, request: &Request<'_>) -> reqwest::Result<reqwest::Request> {
        let mut builder = client
            .request(request.method.clone(), self.url(request))
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, self.config.api_key.bearer().clone());
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        builder.build()
    }
}

/// The body, or nothing where it is too long. `Content-Length` is not believed.
async fn read(mut response: reqwest::Response) -> reqwest::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await? {
        if body.len() + chunk.len() > LONGEST_ANSWER {
            return Ok(None);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Some(body))
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn kind_of(failure: &reqwest::Error) -> ErrorKind {
    let has =
        |predicate: fn(&io::Error) -> bool| causes(failure).filter_map(|cause| cause.downcast_ref()).any(predicate);
    if failure.is_builder() {
        ErrorKind::Setup
    } else if !failure.is_connect() {
        ErrorKind::ConnectionLost
    } else if failure.is_dns() {
        ErrorKind::NameNotFound
    } else if has(is_tls) {
        ErrorKind::Tls
    } else if has(|io| io.kind() == io::ErrorKind::ConnectionRefused) {
        ErrorKind::ConnectionRefused
    } else {
        ErrorKind::Connect
    }
}

/// Whether TLS is behind an I/O error, at whatever depth: these hide what they wrap from `source`.
fn is_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>() || inner.downcast_ref().is_some_and(is_tls))
}

/// The errors behind an error, the deepest last.
fn causes<'a>(failure: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    let first: &'a (dyn std::error::Error + 'static) = failure;
    std::iter::successors(Some(first), |cause| cause.source())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use reqwest::dns::{Name, Resolve, Resolving};

    use super::*;

    /// Knows no name, without asking anyone.
    struct NoNames;

    impl Resolve for NoNames {
        fn resolve(&self, _: Name) -> Resolving {
            Box::pin(async { Err("no such name".into()) })
        }
    }

    #[tokio::test]
    async fn an_unknown_name_has_its_kind() {
        let client = reqwest::Client::builder().no_proxy().dns_resolver(Arc::new(NoNames)).build().expect("a client");
        let failure = client.get("https://deepslate.invalid").send().await.expect_err("no address");
        assert_eq!(kind_of(&failure), ErrorKind::NameNotFound);
    }
}
