//! One attempt of a request over HTTP, bounded in time and size. It follows no redirects and repeats no requests.

use std::io;
use std::time::Duration;

use http::header::{ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, StatusCode};
use redaction::Secrets;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout};
use url::{Position, Url};

use super::coding::decoded;
use super::request::{ErrorContext, Request};
use crate::config::{Config, Route};
use crate::error::{ErrorDetails, ErrorKind, Malformed};

/// The longest answer that is read.
const LONGEST_ANSWER: usize = 1 << 20;
/// How long the connection may take, including name lookup and TLS.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an idle connection is kept: shorter than common servers keep it (5 s and more). If the server closes the
/// connection at the moment of a POST, the outcome of the POST is unknown.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);

/// An answer with any status.
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    /// The body, or why it could not be read.
    pub(super) body: Result<Vec<u8>, Box<ErrorDetails>>,
}

/// The connections to the server.
pub(super) struct Transport {
    config: Config,
    /// The largest number of idle connections.
    connections: usize,
    /// Built for the first request, because it reads the platform's certificates.
    client: OnceCell<Client>,
}

struct Client {
    http: reqwest::Client,
    /// Where the trusted certificates come from, if the system does not decide.
    trusted: Option<String>,
}

impl Transport {
    pub(super) fn new(config: Config, connections: usize) -> Transport {
        Transport { config, connections, client: OnceCell::new() }
    }

    pub(super) fn config(&self) -> &Config {
        &self.config
    }

    /// What the errors of this request have in common.
    pub(super) fn context<'a>(&'a self, request: &Request, secrets: &'a Secrets) -> ErrorContext<'a> {
        let url = self.url(request);
        ErrorContext {
            method: request.method.clone(),
            server: url[..Position::BeforePath].to_owned(),
            path: url[Position::BeforePath..].to_owned(),
            route: &self.config.network.route,
            secrets,
        }
    }

    /// Sends the request once, and reads the answer within the request timeout and the time left.
    pub(super) async fn send(
        &self,
        context: &ErrorContext<'_>,
        request: &Request,
        remaining: Duration,
    ) -> Result<Response, Box<ErrorDetails>> {
        let started = Instant::now();
        let limit = remaining.min(self.config.request_timeout);
        let timed_out = |_| {
            let out_of_budget = remaining < self.config.request_timeout;
            Box::new(ErrorDetails { out_of_budget, ..*context.details(ErrorKind::TimedOut) })
        };
        let Client { http, trusted } = self.client.get_or_try_init(async || self.build_client(context)).await?;
        // Secrets may have come since the client was built.
        let trusted = || trusted.as_deref().map(|origin| context.show(&origin.into()).as_line().to_owned());
        let failure = |error| Box::new(ErrorDetails { trusted: trusted(), ..*failure(context, &error) });
        let http_request = self.build_request(http, request).map_err(failure)?;

        let sent = timeout(limit, http.execute(http_request)).await;
        let response = sent.map_err(timed_out)?.map_err(failure)?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = match timeout(limit.saturating_sub(started.elapsed()), read(response)).await {
            Ok(Ok(Some(body))) => {
                let codings: Vec<_> = headers.get_all(CONTENT_ENCODING).iter().map(HeaderValue::as_bytes).collect();
                decoded(&String::from_utf8_lossy(&codings.join(&b", "[..])), body, LONGEST_ANSWER, context.secrets)
                    .map_err(|reason| context.malformed(reason))
            }
            Ok(Ok(None)) => Err(context.malformed(Malformed::TooLarge)),
            Ok(Err(error)) => Err(failure(error)),
            Err(elapsed) => Err(timed_out(elapsed)),
        };
        Ok(Response { status, headers, body })
    }

    fn url(&self, request: &Request) -> Url {
        let mut url = self.config.base_url.join(&request.path);
        url.set_query(request.query.as_deref());
        url
    }

    fn build_client(&self, context: &ErrorContext<'_>) -> Result<Client, Box<ErrorDetails>> {
        let Config { network, request_timeout, user_agent, .. } = &self.config;
        let mut builder = reqwest::Client::builder()
            .user_agent(user_agent)
            .redirect(reqwest::redirect::Policy::none())
            // hyper still repeats a request that never left a kept connection, on a new one.
            .retry(reqwest::retry::never())
            // Ends before the whole attempt does, so that an attempt that was never sent is known as such.
            .connect_timeout(CONNECT_TIMEOUT.min(*request_timeout / 2))
            .pool_max_idle_per_host(self.connections)
            .pool_idle_timeout(IDLE_TIMEOUT)
            // The library's own reading of the environment differs from Terraform's.
            .no_proxy();
        let failed = |error| failure(context, &error);
        if let Route::Proxy(proxy) = &network.route {
            let mut through = reqwest::Proxy::all(proxy.url.clone()).map_err(failed)?;
            if let Some(authorization) = &proxy.authorization {
                through = through.custom_http_auth(authorization.clone());
            }
            builder = builder.proxy(through);
        }
        let tls = network.trust.tls(context.secrets).map_err(|origin| {
            Box::new(ErrorDetails { trusted: Some(origin), ..*context.details(ErrorKind::NoCertificates) })
        })?;
        let mut trusted = None;
        if let Some(tls) = tls {
            trusted = Some(tls.origin);
            builder = builder.tls_backend_preconfigured(tls.config);
        }
        Ok(Client { http: builder.build().map_err(failed)?, trusted })
    }

    fn build_request(&self, client: &reqwest::Client, request: &Request) -> reqwest::Result<reqwest::Request> {
        let mut builder = client
            .request(request.method.clone(), self.url(request))
            .header(ACCEPT, "application/json")
            .header(ACCEPT_ENCODING, "identity")
            .header(AUTHORIZATION, self.config.api_key.bearer().clone());
        if let Some(body) = &request.body {
            builder = builder.header(CONTENT_TYPE, "application/json").body(body.clone());
        }
        builder.build()
    }
}

/// The details of an attempt that failed in the HTTP library, without the trusted certificates.
fn failure(context: &ErrorContext<'_>, failure: &reqwest::Error) -> Box<ErrorDetails> {
    let cause = causes(failure).last().map(|cause| context.show(&cause.to_string().into()));
    Box::new(ErrorDetails { cause, ..*context.details(kind_of(failure)) })
}

/// The body, or `None` if it is too long. `Content-Length` is not trusted.
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

fn kind_of(failure: &reqwest::Error) -> ErrorKind {
    let has =
        |predicate: fn(&io::Error) -> bool| causes(failure).filter_map(|cause| cause.downcast_ref()).any(predicate);
    // The types of these errors are private, so only their texts show the kind.
    let says = |text: &str| causes(failure).any(|cause| cause.to_string().contains(text));
    if failure.is_builder() {
        ErrorKind::Setup
    } else if !failure.is_connect() {
        ErrorKind::ConnectionLost
    } else if failure.is_dns() {
        ErrorKind::NameNotFound
    } else if has(is_tls) {
        if says("CaUsedAsEndEntity") { ErrorKind::AuthorityAsServer } else { ErrorKind::Tls }
    } else if has(|io| io.kind() == io::ErrorKind::ConnectionRefused) {
        ErrorKind::ConnectionRefused
    } else if says("tunnel error: proxy authorization required") {
        ErrorKind::ProxyUnauthorized
    } else if says("tunnel error: unsuccessful") {
        ErrorKind::ProxyRefused
    } else {
        ErrorKind::Connect
    }
}

/// Whether an I/O error wraps a TLS error, at any depth. `source` does not show what I/O errors wrap.
fn is_tls(error: &io::Error) -> bool {
    error.get_ref().is_some_and(|inner| inner.is::<rustls::Error>() || inner.downcast_ref().is_some_and(is_tls))
}

/// The error and its sources, the deepest last.
fn causes<'a>(failure: &'a reqwest::Error) -> impl Iterator<Item = &'a (dyn std::error::Error + 'static)> {
    let first: &'a (dyn std::error::Error + 'static) = failure;
    std::iter::successors(Some(first), |cause| cause.source())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use reqwest::dns::{Name, Resolve, Resolving};

    use super::*;

    /// Resolves no name, and sends no query.
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
