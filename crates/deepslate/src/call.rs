//! One call: attempts under the retry policy, and what each answer's status means.

use http::{Method, StatusCode};
use tokio::time::Instant;

use super::Deepslate;
use super::budget::Budget;
use super::envelope::Envelope;
use super::error::{Error, ErrorKind, Malformed};
use super::retry::Attempts;
use super::transport::{Request, Response};

/// An answer with a status of success.
pub(super) struct Answer {
    /// Nothing where the body is empty.
    pub(super) envelope: Result<Option<Envelope>, Malformed>,
    /// The error to return where the answer turns out to make no sense.
    complaint: Error,
}

impl Deepslate {
    /// Sends the request, again where that is safe, until it has an answer or the budget ends.
    pub(super) async fn call(&self, budget: &Budget, request: &Request<'_>) -> Result<Answer, Error> {
        let mut attempts = Attempts::new(budget, self.random);
        loop {
            let pass = match self.gate.enter(budget, self.random).await {
                Ok(pass) => pass,
                Err(refusal) => return Err(attempts.end(&refusal, |kind| self.transport.error(request, kind))),
            };
            attempts.begin();
            let outcome = self.attempt(budget, request, &attempts).await;
            match &outcome {
                Err(error) if error.kind == ErrorKind::Throttled => self.gate.throttled(&pass, error.retry_after),
                Err(error) if error.status.is_none() => {}
                _ => self.gate.passed(&pass),
            }
            // What comes next may have to wait, and others can use the place.
            drop(pass);
            match outcome {
                Ok(mut answer) => {
                    (answer.complaint.attempts, answer.complaint.elapsed) = attempts.so_far();
                    return Ok(answer);
                }
                Err(error) => attempts.after(error).await?,
            }
        }
    }

    async fn attempt(&self, budget: &Budget, request: &Request<'_>, attempts: &Attempts<'_>) -> Result<Answer, Error> {
        let started = Instant::now();
        let exchange = async {
            let response = self.transport.send(request, budget.remaining()).await?;
            self.judge(request, response)
        };
        let outcome = if request.method == Method::GET {
            tokio::select! {
                biased;
                () = budget.stop().cancelled() => Err(self.transport.error(request, ErrorKind::Stopped)),
                outcome = exchange => outcome,
            }
        } else {
            exchange.await
        };
        let known = outcome.as_ref().map_or_else(|error| error, |answer| &answer.complaint);
        tracing::debug!(
            http_method = known.method.as_str(),
            http_path = known.path,
            http_status = known.status,
            attempt = attempts.so_far().0,
            duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
            "request to Deepslate"
        );
        outcome
    }

    /// Tells an answer from a refusal.
    fn judge(&self, request: &Request<'_>, response: Response) -> Result<Answer, Error> {
        let Response { status, retry_after, location, body } = response;
        let mut error = self.transport.error(request, ErrorKind::UnexpectedStatus);
        let parsed = body.map(|body| {
            let envelope = Envelope::parse(&body);
            if envelope.is_err() {
                error.excerpt = self.transport.excerpt(request, &body);
            }
            envelope
        });
        if let Ok(Ok(Some(envelope))) = &parsed {
            let shown = |text: &Option<String>| text.as_ref().map(|text| self.transport.shown(request, text));
            (error.message, error.trace_id) = (shown(&envelope.message), shown(&envelope.trace_id));
        }
        error.status = Some(status.as_u16());
        error.retry_after = retry_after;
        match parsed {
            Ok(envelope) if status.is_success() => Ok(Answer { envelope, complaint: error }),
            // Whose a 404 is, only its body tells.
            Err(mut broken) if status.is_success() || status == StatusCode::NOT_FOUND => {
                broken.status = Some(status.as_u16());
                Err(broken)
            }
            // An unreadable body does not change what the status says.
            parsed => {
                let own = matches!(parsed, Ok(Ok(Some(Envelope { success: false, .. }))));
                error.kind = kind_of(status, own, location);
                Err(error)
            }
        }
    }

    /// The error of an answer that makes no sense.
    pub(super) fn malformed(&self, request: &Request<'_>, answer: &Answer, malformed: Malformed) -> Error {
        let mut error = answer.complaint.clone();
        error.kind = ErrorKind::MalformedAnswer(match malformed {
            Malformed::Field { name, reason } => {
                Malformed::Field { name, reason: self.transport.shown(request, &reason) }
            }
            other => other,
        });
        error
    }
}

/// What a status other than success says; `own` where it came in Deepslate's envelope, with `success: false`.
fn kind_of(status: StatusCode, own: bool, location: Option<String>) -> ErrorKind {
    match status.as_u16() {
        400 | 422 => ErrorKind::Invalid,
        401 => ErrorKind::Unauthorized,
        403 => ErrorKind::Forbidden,
        404 if own => ErrorKind::NotFound,
        404 => ErrorKind::ForeignNotFound,
        405 | 501 => ErrorKind::MethodNotAllowed,
        409 => ErrorKind::Conflict,
        429 => ErrorKind::Throttled,
        300..=399 => ErrorKind::Redirected { location },
        500..=599 => ErrorKind::Unavailable,
        _ => ErrorKind::UnexpectedStatus,
    }
}
