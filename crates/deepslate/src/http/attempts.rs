//! The attempts of one request so far, and the error in which they end.

use std::time::Duration;

use tokio::time::Instant;

use super::retry::{Decision, Policy, decide};
use super::throttle::Refusal;
use crate::error::{Error, ErrorDetails, ErrorKind, GaveUp};
use crate::operation::Operation;

/// The attempts of one request.
pub(super) struct Attempts<'a> {
    operation: &'a Operation,
    random: fn() -> f64,
    started: Instant,
    made: u32,
    /// How many in a row, up to the last, reached no server.
    unreached: u32,
    outcome_unknown: bool,
    /// When the last one began.
    began: Option<Instant>,
    /// The failure of the last attempt.
    last: Option<Box<ErrorDetails>>,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(operation: &'a Operation, random: fn() -> f64) -> Attempts<'a> {
        Attempts {
            operation,
            random,
            started: Instant::now(),
            made: 0,
            unreached: 0,
            outcome_unknown: false,
            began: None,
            last: None,
        }
    }

    /// The number of attempts, and how long they took.
    pub(super) fn so_far(&self) -> (u32, Duration) {
        (self.made, self.started.elapsed())
    }

    /// Adds to an answer what is known of the attempts.
    pub(super) fn complete(&self, details: &mut ErrorDetails) {
        (details.attempts, details.elapsed, details.sent) = (self.made, self.started.elapsed(), self.began);
    }

    /// Counts an attempt that is about to be made.
    pub(super) fn begin(&mut self) {
        self.made += 1;
        self.began = Some(Instant::now());
    }

    /// The error of a request that may not be sent any more: that of its last attempt, or else `not_sent`.
    pub(super) fn end(&mut self, refusal: &Refusal, not_sent: impl FnOnce(ErrorKind) -> Box<ErrorDetails>) -> Error {
        let (kind, gave_up) = match refusal {
            Refusal::Stopped => (ErrorKind::Stopped, GaveUp::Stopped),
            Refusal::OutOfTime => (ErrorKind::TimedOut, GaveUp::OutOfTime),
            Refusal::HeldBack(_) => (ErrorKind::Throttled, GaveUp::HeldBack),
        };
        let mut details = self.last.take().unwrap_or_else(|| not_sent(kind));
        if let Refusal::HeldBack(wait) = refusal {
            details.retry_after = Some(*wait);
        }
        details.gave_up = gave_up;
        details.elapsed = self.started.elapsed();
        Error::new(details)
    }

    /// Waits until the next attempt is due, or returns the error in which the attempts end.
    pub(super) async fn failed(&mut self, mut details: Box<ErrorDetails>, policy: Policy) -> Result<(), Error> {
        (details.attempts, details.sent) = (self.made, self.began);
        details.earlier_outcome_unknown = self.outcome_unknown;
        self.outcome_unknown = details.outcome_unknown();
        // An attempt that the deadline cut short explains less than the one before it.
        let cut_short = details.kind == ErrorKind::TimedOut && self.operation.remaining().is_zero();
        if let Some(earlier) = self.last.take_if(|_| cut_short) {
            details = earlier;
            (details.attempts, details.sent) = (self.made, self.began);
            details.earlier_outcome_unknown = self.outcome_unknown;
        }
        self.unreached = if details.kind.is_unreached() { self.unreached + 1 } else { 0 };
        details.gave_up = match decide(&details, policy, self.unreached, self.operation.remaining(), (self.random)()) {
            Decision::GiveUp(reason) => reason,
            Decision::Again(wait) => tokio::select! {
                biased;
                () = self.operation.stop().cancelled() => GaveUp::Stopped,
                () = tokio::time::sleep(wait) => {
                    self.last = Some(details);
                    return Ok(());
                }
            },
        };
        details.elapsed = self.started.elapsed();
        Err(Error::new(details))
    }
}

#[cfg(test)]
mod tests {
    use http::Method;
    use tokio_util::sync::CancellationToken;

    use super::super::word::{Word, word};
    use super::*;

    fn failure(method: Method, kind: ErrorKind, status: u16) -> Box<ErrorDetails> {
        let mut details = ErrorDetails::new(kind, method, String::new(), "/".to_owned());
        details.status = (status > 0).then_some(status);
        details.own = details.kind == ErrorKind::Throttled;
        details
    }

    fn operation(seconds: u64) -> Operation {
        let token = CancellationToken::new;
        Operation::new(Instant::now() + Duration::from_secs(seconds), token(), token())
    }

    fn attempts_of(operation: &Operation) -> Attempts<'_> {
        Attempts::new(operation, || 1.0)
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_the_deadline_cuts_short_does_not_hide_the_one_before() {
        let operation = operation(1);
        let mut attempts = Attempts::new(&operation, || 0.0);
        attempts.begin();
        attempts.failed(failure(Method::PUT, ErrorKind::Unavailable, 503), Policy::Usual).await.expect("again");
        attempts.begin();
        tokio::time::advance(Duration::from_secs(1)).await;
        let error = attempts
            .failed(failure(Method::PUT, ErrorKind::TimedOut, 0), Policy::Usual)
            .await
            .expect_err("out of time");
        assert_eq!((&error.kind, error.status, error.attempts), (&ErrorKind::Unavailable, Some(503), 2));
        assert_eq!(error.gave_up, GaveUp::OutOfTime);
        assert!(error.outcome_unknown(), "the last attempt may have arrived");
    }

    #[tokio::test(start_paused = true)]
    async fn a_create_that_the_deadline_cuts_short_is_open_whatever_the_answer_before_said() {
        let operation = operation(1);
        let mut attempts = Attempts::new(&operation, || 0.0);
        attempts.begin();
        attempts.failed(failure(Method::POST, ErrorKind::Throttled, 429), Policy::Usual).await.expect("again");
        attempts.begin();
        tokio::time::advance(Duration::from_secs(1)).await;
        let error = attempts
            .failed(failure(Method::POST, ErrorKind::TimedOut, 0), Policy::Usual)
            .await
            .expect_err("out of time");
        assert_eq!((&error.kind, error.status), (&ErrorKind::Throttled, Some(429)));
        assert_eq!(word(&error), Word::Open);
    }

    #[tokio::test(start_paused = true)]
    async fn spends_the_time_and_says_so() {
        let operation = operation(60);
        let mut attempts = attempts_of(&operation);
        let error = loop {
            attempts.begin();
            let error = failure(Method::GET, ErrorKind::Unavailable, 503);
            if let Err(error) = attempts.failed(error, Policy::Usual).await {
                break error;
            }
        };
        // 0.5 + 1 + 2 + 4 + 8 + 16 + 20 s of waits; another 20 s would be too long.
        assert_eq!((error.attempts, error.gave_up), (8, GaveUp::OutOfTime));
        assert_eq!(error.elapsed.as_millis(), 51_500);
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_on_a_server_that_cannot_be_reached_within_seconds() {
        let operation = operation(300);
        let mut attempts = attempts_of(&operation);
        for (kind, again) in [
            (ErrorKind::ConnectionRefused, true),
            (ErrorKind::Throttled, true),
            (ErrorKind::ConnectionRefused, true),
            (ErrorKind::Connect, true),
            (ErrorKind::NameNotFound, true),
            (ErrorKind::ConnectionRefused, false),
        ] {
            attempts.begin();
            let outcome = attempts
                .failed(
                    failure(Method::POST, kind.clone(), if kind == ErrorKind::Throttled { 429 } else { 0 }),
                    Policy::Usual,
                )
                .await;
            assert_eq!(outcome.is_ok(), again);
            if let Err(error) = outcome {
                assert_eq!((error.attempts, error.gave_up), (6, GaveUp::Unreachable));
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait() {
        let operation = operation(300);
        let mut attempts = attempts_of(&operation);
        attempts.begin();
        let mut error = failure(Method::GET, ErrorKind::Throttled, 429);
        error.retry_after = Some(Duration::from_secs(200));
        let stop = async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            operation.stop().cancel();
        };
        let (outcome, ()) = tokio::join!(attempts.failed(error, Policy::Usual), stop);
        let error = outcome.expect_err("stopped");
        assert_eq!((&error.kind, error.gave_up, error.elapsed.as_secs()), (&ErrorKind::Throttled, GaveUp::Stopped, 3));
    }
}
