//! One request, from the first attempt to an [`Answer`] or an [`Error`].
//!
//! - `request`: a request, and what its errors have in common;
//! - `throttle`: how many requests are in progress at once, and the cool-down after a 429;
//! - `transport`: one attempt over HTTP, bounded in time and size;
//! - `envelope`: the wrapping of every answer;
//! - `coding`: the content coding of an answer, without I/O;
//! - `classify`: the meaning of each status, without I/O;
//! - `word`: who decided an outcome, and what a create may conclude from it, without I/O;
//! - `retry`: which attempts are repeated, and when, without I/O; `backoff`: the waits between them;
//! - `attempts`: the attempts of one request so far;
//! - `answer`: an answer with a status of success;
//! - `newborns`: the objects that this process just made;
//! - `epoch`: counts writes, so that readers know when what they read before may be outdated.
//!
//! This folder knows nothing of kinds of objects. It uses `config`, `operation` and `error`. All folders that send
//! requests use it.

mod answer;
mod attempts;
mod backoff;
mod classify;
mod coding;
mod envelope;
mod epoch;
mod newborns;
mod request;
mod retry;
mod throttle;
mod transport;
mod word;

use std::time::Duration;

use http::Method;
use redaction::Secrets;
use secrecy::{ExposeSecret, SecretString};
use tokio::time::Instant;
use uuid::Uuid;

pub(crate) use answer::Answer;
pub(crate) use backoff::{Waits, backoff};
pub use envelope::{Envelope, Page};
pub(crate) use request::Request;
pub(crate) use retry::LEAST_SHARE;
#[cfg(test)]
pub(crate) use throttle::PERMITS;
pub(crate) use word::{Word, is_passing_refusal, word};

use crate::config::Config;
use crate::error::{Error, ErrorDetails, ErrorKind, GaveUp};
use crate::operation::Operation;
use attempts::Attempts;
use classify::{Success, classify};
use epoch::Epoch;
use newborns::Newborns;
use request::ErrorContext;
use retry::Policy;
use throttle::Throttle;
use transport::Transport;

/// Sends the requests of one client.
pub(crate) struct Http {
    transport: Transport,
    throttle: Throttle,
    epoch: Epoch,
    newborns: Newborns,
    waits: Waits,
    secrets: Secrets,
}

impl Http {
    pub(crate) fn new(config: Config, waits: Waits) -> Http {
        let secrets = config.secrets.clone();
        secrets.remember(config.api_key.secret().expose_secret());
        if let Some(password) = config.network.password() {
            secrets.remember(password.expose_secret());
        }
        Http {
            secrets,
            transport: Transport::new(config, throttle::PERMITS),
            throttle: Throttle::default(),
            epoch: Epoch::default(),
            newborns: Newborns::default(),
            waits,
        }
    }

    /// Sends a request, again if that is safe, until an answer comes or the operation ends.
    pub(crate) async fn send<'a>(&'a self, operation: &'a Operation, request: &Request) -> Result<Answer<'a>, Error> {
        let context = self.context(request);
        let mut attempts = Attempts::new(operation, self.waits.random);
        loop {
            let permit = match self.throttle.acquire(operation, self.waits.random).await {
                Ok(permit) => permit,
                Err(refusal) => return Err(attempts.end(&refusal, |kind| context.details(kind))),
            };
            attempts.begin();
            let outcome = self.attempt(operation, &context, request, &attempts).await;
            match &outcome {
                Err(details) if details.kind == ErrorKind::Throttled => {
                    self.throttle.throttled(&permit, details.retry_after);
                }
                Err(details) if details.status.is_none() => {}
                _ => self.throttle.passed(&permit),
            }
            // The next step may be a wait, and other requests can use the permit meanwhile.
            drop(permit);
            match outcome {
                Ok(Success { envelope, mut details }) => {
                    attempts.complete(&mut details);
                    return Ok(Answer { envelope, details, context });
                }
                Err(details) => {
                    let policy = self.policy(operation, request, &details);
                    attempts.failed(details, policy).await?;
                }
            }
        }
    }

    /// Sends a request that changes something. If the process ends before the answer comes, the outcome is unknown.
    pub(crate) async fn write<'a>(&'a self, operation: &'a Operation, request: &Request) -> Result<Answer<'a>, Error> {
        let _writing = self.epoch.begin();
        tokio::select! {
            biased;
            answer = self.send(operation, request) => answer,
            () = operation.abandoned() => {
                let details = self.context(request).details(ErrorKind::Stopped);
                // After a stop, only an attempt that was in progress can have lasted this long.
                Err(Error::new(ErrorDetails { attempts: 1, gave_up: GaveUp::Stopped, ..*details }))
            }
        }
    }

    /// The parts of the client.
    pub(crate) fn config(&self) -> &Config {
        self.transport.config()
    }

    /// The error of a request that was not sent.
    pub(crate) fn failed(&self, request: &Request, kind: ErrorKind) -> Error {
        Error::new(self.context(request).details(kind))
    }

    /// Remembers a secret that a request is about to carry, so that no error shows it.
    pub(crate) fn remember(&self, secret: &SecretString) {
        self.secrets.remember(secret.expose_secret());
    }

    /// The secrets of the session.
    pub(crate) fn secrets(&self) -> &Secrets {
        &self.secrets
    }

    /// The number of writes so far, or `None` while a write is in progress.
    pub(crate) fn epoch(&self) -> Option<u64> {
        self.epoch.now()
    }

    /// A number between 0 and 1 that spreads the next wait.
    pub(crate) fn random(&self) -> f64 {
        (self.waits.random)()
    }

    /// How long a list may lag behind at most.
    pub(crate) fn list_lag(&self) -> Duration {
        self.waits.list_lag
    }

    /// Notes that this process just made an object.
    pub(crate) fn made(&self, id: Uuid) {
        self.newborns.add(id);
    }

    fn context(&self, request: &Request) -> ErrorContext<'_> {
        self.transport.context(request, &self.secrets)
    }

    /// What is known about a failure, beyond the failure itself.
    fn policy(&self, operation: &Operation, request: &Request, failed: &ErrorDetails) -> Policy {
        if failed.status.is_some() && failed.status == operation.last_status() {
            return Policy::Final;
        }
        // A deleted object may be just as new.
        let may_wait = failed.kind == ErrorKind::NotFound && request.method != Method::DELETE;
        if may_wait && self.newborns.any_in(&request.path) { Policy::Again } else { Policy::Usual }
    }

    async fn attempt(
        &self,
        operation: &Operation,
        context: &ErrorContext<'_>,
        request: &Request,
        attempts: &Attempts<'_>,
    ) -> Result<Success, Box<ErrorDetails>> {
        let started = Instant::now();
        let exchange = async {
            let response = self.transport.send(context, request, operation.remaining()).await?;
            classify(context, response)
        };
        let outcome = if request.method == Method::GET {
            tokio::select! {
                biased;
                () = operation.stop().cancelled() => Err(context.details(ErrorKind::Stopped)),
                outcome = exchange => outcome,
            }
        } else {
            exchange.await
        };
        let details = outcome.as_ref().map_or_else(|details| details, |success| &success.details);
        tracing::debug!(
            http_method = details.method.as_str(),
            http_path = details.path,
            http_status = details.status,
            attempt = attempts.so_far().0,
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request to Deepslate"
        );
        outcome
    }
}
