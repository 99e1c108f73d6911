//! The one retry policy: which outcome of which method is safe to repeat, and when.
//!
//! | outcome | GET, PUT, DELETE | POST |
//! |---|---|---|
//! | 429 | again | again |
//! | 502, 503, 504, 524, connection lost, attempt timed out | again | not here: `recovery` looks first what became of it |
//! | refused, name not found, no connection | again, 4 attempts in a row at most | the same |
//! | TLS failed, and all else | never: it does not heal by itself | never |
//!
//! An unreachable server gets some seconds, not the whole budget: that is enough for a hiccup of the name service or a
//! quick restart, and one who mistyped the base URL does not wait for minutes.

use std::time::{Duration, SystemTime};

use http::Method;
use tokio::time::Instant;

use super::budget::Budget;
use super::error::{Error, ErrorKind, Failure, GaveUp};
use super::gate::Refusal;

/// The longest wait after the first attempt; each further one doubles it.
const FIRST_BACKOFF: Duration = Duration::from_millis(500);
/// The longest wait of all, but for one that the server asks for.
const LONGEST_BACKOFF: Duration = Duration::from_secs(20);
/// How many attempts in a row may reach no server.
const UNREACHED_ATTEMPTS: u32 = 4;
/// Which part of the time that is left a wait leaves at least: a tenth. A write that the end of the time cuts short has an
/// unknown outcome, whatever the server said to the attempts before.
pub(super) const LEAST_SHARE: u32 = 10;

/// What follows a failed attempt.
#[derive(Debug, PartialEq)]
pub(super) enum Decision {
    /// Try again after this wait.
    Again(Duration),
    /// Hand the failure to the caller.
    GiveUp(GaveUp),
}

/// Decides what follows a failed attempt.
///
/// `unreached` counts the attempts in a row, up to this one, that reached no server; `remaining` is what is left of the
/// budget; `random` as in [`backoff`].
pub(super) fn decide(failure: &Failure, unreached: u32, remaining: Duration, random: f64) -> Decision {
    if failure.kind == ErrorKind::Stopped {
        return Decision::GiveUp(GaveUp::Stopped);
    }
    if !is_repeatable(failure) {
        return Decision::GiveUp(GaveUp::Final);
    }
    if unreached >= UNREACHED_ATTEMPTS {
        return Decision::GiveUp(GaveUp::Unreachable);
    }
    let backoff = backoff(failure.attempts, random);
    match failure.retry_after {
        Some(asked) if asked >= remaining => Decision::GiveUp(GaveUp::RetryAfter),
        asked => match backoff.max(asked.unwrap_or_default()) {
            wait if wait + remaining / LEAST_SHARE < remaining => Decision::Again(wait),
            _ => Decision::GiveUp(GaveUp::OutOfTime),
        },
    }
}

/// How long to wait after so many attempts, from 1 on.
///
/// `random` is between 0 and 1 and spreads the waits evenly from nothing to the longest ("full jitter"), so that callers
/// that failed together do not return together.
pub(super) fn backoff(attempts: u32, random: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    (FIRST_BACKOFF * 2_u32.pow(doublings)).min(LONGEST_BACKOFF).mul_f64(random.clamp(0.0, 1.0))
}

fn is_repeatable(failure: &Failure) -> bool {
    let idempotent = failure.method != Method::POST;
    match failure.kind {
        ErrorKind::Throttled | ErrorKind::ConnectionRefused | ErrorKind::NameNotFound | ErrorKind::Connect => true,
        ErrorKind::Unavailable => idempotent && matches!(failure.status, Some(502..=504 | 524)),
        ErrorKind::ConnectionLost | ErrorKind::TimedOut => idempotent,
        _ => false,
    }
}

/// Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds, or a date, of which one in the past means no wait.
pub(super) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit mean longer than anyone waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

/// The attempts of one call.
pub(super) struct Attempts<'a> {
    budget: &'a Budget,
    random: fn() -> f64,
    started: Instant,
    made: u32,
    unreached: u32,
    outcome_unknown: bool,
    /// The failure before the last.
    earlier: Option<Error>,
}

impl<'a> Attempts<'a> {
    pub(super) fn new(budget: &'a Budget, random: fn() -> f64) -> Attempts<'a> {
        Attempts {
            budget,
            random,
            started: Instant::now(),
            made: 0,
            unreached: 0,
            outcome_unknown: false,
            earlier: None,
        }
    }

    /// How many there were, and how long they took so far.
    pub(super) fn so_far(&self) -> (u32, Duration) {
        (self.made, self.started.elapsed())
    }

    /// Counts an attempt that is about to be made.
    pub(super) fn begin(&mut self) {
        self.made += 1;
    }

    /// The failure of a call of which nothing more may be sent: that of its last attempt, or else `not_sent` makes one.
    pub(super) fn end(&mut self, refusal: &Refusal, not_sent: impl FnOnce(ErrorKind) -> Error) -> Error {
        let (kind, gave_up) = match refusal {
            Refusal::Stopped => (ErrorKind::Stopped, GaveUp::Stopped),
            Refusal::OutOfTime => (ErrorKind::TimedOut, GaveUp::OutOfTime),
            Refusal::HeldBack(_) => (ErrorKind::Throttled, GaveUp::HeldBack),
        };
        let mut error = self.earlier.take().unwrap_or_else(|| not_sent(kind));
        if let Refusal::HeldBack(wait) = refusal {
            error.retry_after = Some(*wait);
        }
        error.gave_up = gave_up;
        error.elapsed = self.started.elapsed();
        error
    }

    /// Waits until the next attempt is due, or returns the failure of the last one, complete.
    pub(super) async fn after(&mut self, mut error: Error) -> Result<(), Error> {
        error.attempts = self.made;
        error.earlier_outcome_unknown = self.outcome_unknown;
        self.outcome_unknown = error.outcome_unknown();
        // An attempt that the end of the budget cut short says less than the one before it.
        let cut_short = error.kind == ErrorKind::TimedOut && self.budget.remaining().is_zero();
        if let Some(earlier) = self.earlier.take_if(|_| cut_short) {
            error = earlier;
            error.attempts = self.made;
            error.earlier_outcome_unknown = self.outcome_unknown;
        }
        self.unreached = if error.kind.is_unreached() { self.unreached + 1 } else { 0 };
        error.gave_up = match decide(&error, self.unreached, self.budget.remaining(), (self.random)()) {
            Decision::GiveUp(reason) => reason,
            Decision::Again(wait) => tokio::select! {
                biased;
                () = self.budget.stop().cancelled() => GaveUp::Stopped,
                () = tokio::time::sleep(wait) => {
                    self.earlier = Some(error);
                    return Ok(());
                }
            },
        };
        error.elapsed = self.started.elapsed();
        Err(error)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use tokio_util::sync::CancellationToken;

    use super::*;

    fn failure(method: Method, kind: ErrorKind, status: u16, attempts: u32) -> Error {
        let mut error = Error::new(kind, method, "/".to_owned());
        error.status = Some(status);
        error.attempts = attempts;
        error
    }

    fn repeats(method: Method, kind: ErrorKind, status: u16) -> bool {
        matches!(decide(&failure(method, kind, status, 1), 0, Duration::from_secs(60), 0.5), Decision::Again(_))
    }

    #[test]
    fn repeats_what_is_safe() {
        use ErrorKind::{
            Conflict, Connect, ConnectionLost, ConnectionRefused, Forbidden, ForeignNotFound, Invalid,
            MethodNotAllowed, NameNotFound, NotFound, Setup, Stopped, Throttled, TimedOut, Tls, Unauthorized,
            Unavailable,
        };
        for (kind, status, idempotent, post) in [
            (Throttled, 429, true, true),
            (ConnectionRefused, 0, true, true),
            (NameNotFound, 0, true, true),
            (Connect, 0, true, true),
            (Unavailable, 502, true, false),
            (Unavailable, 503, true, false),
            (Unavailable, 504, true, false),
            (Unavailable, 524, true, false),
            (ConnectionLost, 0, true, false),
            (TimedOut, 0, true, false),
            (Unavailable, 500, false, false),
            (Tls, 0, false, false),
            (Invalid, 400, false, false),
            (Unauthorized, 401, false, false),
            (Forbidden, 403, false, false),
            (NotFound, 404, false, false),
            (ForeignNotFound, 404, false, false),
            (MethodNotAllowed, 405, false, false),
            (Conflict, 409, false, false),
            (Setup, 0, false, false),
            (Stopped, 0, false, false),
        ] {
            for method in [Method::GET, Method::PUT, Method::DELETE] {
                assert_eq!(repeats(method, kind.clone(), status), idempotent, "{kind:?}");
            }
            assert_eq!(repeats(Method::POST, kind.clone(), status), post, "{kind:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn an_attempt_that_the_end_of_the_budget_cuts_short_does_not_hide_the_one_before() {
        let budget = Budget::new(Duration::from_secs(1), CancellationToken::new());
        let mut attempts = Attempts::new(&budget, || 0.0);
        attempts.begin();
        attempts.after(failure(Method::PUT, ErrorKind::Unavailable, 503, 0)).await.expect("again");
        attempts.begin();
        tokio::time::advance(Duration::from_secs(1)).await;
        let error = attempts.after(failure(Method::PUT, ErrorKind::TimedOut, 0, 0)).await.expect_err("out of time");
        assert_eq!((&error.kind, error.status, error.attempts), (&ErrorKind::Unavailable, Some(503), 2));
        assert_eq!(error.gave_up, GaveUp::OutOfTime);
        assert!(error.outcome_unknown(), "the last attempt may have arrived");
    }

    #[test]
    fn backs_off_further_each_time() {
        let wait = |attempts| decide(&failure(Method::GET, ErrorKind::TimedOut, 0, attempts), 0, Duration::MAX, 1.0);
        let waits: Vec<_> = [1, 2, 3, 4, 5, 6, 7, 100, u32::MAX].map(wait).into();
        let expected = [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000, 20000];
        assert_eq!(waits, expected.map(|wait| Decision::Again(Duration::from_millis(wait))));
    }

    #[test]
    fn begins_no_attempt_without_time_for_it() {
        let decide = |remaining| {
            let failure = failure(Method::PUT, ErrorKind::Throttled, 429, 1);
            super::decide(&failure, 0, Duration::from_millis(remaining), 1.0)
        };
        assert_eq!(decide(560), Decision::Again(FIRST_BACKOFF));
        assert_eq!(decide(550), Decision::GiveUp(GaveUp::OutOfTime));
    }

    #[test]
    fn waits_as_long_as_the_server_asks() {
        let decide = |asked, remaining| {
            let mut error = failure(Method::POST, ErrorKind::Throttled, 429, 1);
            error.retry_after = Some(Duration::from_secs(asked));
            super::decide(&error, 0, Duration::from_secs(remaining), 1.0)
        };
        assert_eq!(decide(7, 60), Decision::Again(Duration::from_secs(7)));
        assert_eq!(decide(0, 60), Decision::Again(FIRST_BACKOFF));
        assert_eq!(decide(60, 60), Decision::GiveUp(GaveUp::RetryAfter));
        assert_eq!(decide(u64::MAX, 60), Decision::GiveUp(GaveUp::RetryAfter));
    }

    #[test]
    fn reads_both_forms_of_retry_after() {
        let now = httpdate::parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT").expect("a date");
        for (value, seconds) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("99999999999999999999999", Some(u64::MAX)),
            ("Sun, 06 Nov 1994 08:50:37 GMT", Some(60)),
            ("Sunday, 06-Nov-94 08:50:37 GMT", Some(60)),
            ("Sun Nov  6 08:50:37 1994", Some(60)),
            ("Sun, 06 Nov 1994 08:48:37 GMT", Some(0)),
            ("", None),
            ("-1", None),
            ("+1", None),
            ("1.5", None),
            ("soon", None),
        ] {
            assert_eq!(parse_retry_after(value, now), seconds.map(Duration::from_secs), "{value}");
        }
    }

    fn attempts(budget: &Budget) -> Attempts<'_> {
        Attempts::new(budget, || 1.0)
    }

    #[tokio::test(start_paused = true)]
    async fn spends_the_budget_and_tells_it() {
        let budget = Budget::new(Duration::from_secs(60), CancellationToken::new());
        let mut attempts = attempts(&budget);
        let error = loop {
            attempts.begin();
            let error = failure(Method::GET, ErrorKind::Unavailable, 503, 0);
            if let Err(error) = attempts.after(error).await {
                break error;
            }
        };
        // 0.5 + 1 + 2 + 4 + 8 + 16 + 20 s of waits; another 20 s would be too long.
        assert_eq!((error.attempts, error.gave_up), (8, GaveUp::OutOfTime));
        assert_eq!(error.elapsed.as_millis(), 51_500);
    }

    #[tokio::test(start_paused = true)]
    async fn gives_up_on_a_server_that_cannot_be_reached_within_seconds() {
        let budget = Budget::new(Duration::from_secs(300), CancellationToken::new());
        let mut attempts = attempts(&budget);
        for (kind, again) in [
            (ErrorKind::ConnectionRefused, true),
            (ErrorKind::Throttled, true),
            (ErrorKind::ConnectionRefused, true),
            (ErrorKind::Connect, true),
            (ErrorKind::NameNotFound, true),
            (ErrorKind::ConnectionRefused, false),
        ] {
            attempts.begin();
            let outcome = attempts.after(failure(Method::POST, kind, 0, 0)).await;
            assert_eq!(outcome.is_ok(), again);
            if let Err(error) = outcome {
                assert_eq!((error.attempts, error.gave_up), (6, GaveUp::Unreachable));
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait() {
        let budget = Budget::new(Duration::from_secs(300), CancellationToken::new());
        let mut attempts = attempts(&budget);
        attempts.begin();
        let mut error = failure(Method::GET, ErrorKind::Throttled, 429, 0);
        error.retry_after = Some(Duration::from_secs(200));
        let stop = async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            budget.stop().cancel();
        };
        let (outcome, ()) = tokio::join!(attempts.after(error), stop);
        let error = outcome.expect_err("stopped");
        assert_eq!((&error.kind, error.gave_up, error.elapsed.as_secs()), (&ErrorKind::Throttled, GaveUp::Stopped, 3));
    }

    proptest! {
        #[test]
        fn never_waits_beyond_the_budget(
            attempts in 1_u32..,
            unreached in 0_u32..6,
            remaining in 0_u64..600_000,
            asked in proptest::option::of(0_u64..900),
            random in 0.0..1.0_f64,
        ) {
            let mut error = failure(Method::GET, ErrorKind::Throttled, 429, attempts);
            error.retry_after = asked.map(Duration::from_secs);
            let remaining = Duration::from_millis(remaining);
            if let Decision::Again(wait) = decide(&error, unreached, remaining, random) {
                prop_assert!(wait < remaining && wait >= error.retry_after.unwrap_or_default());
                prop_assert!(wait <= LONGEST_BACKOFF.max(error.retry_after.unwrap_or_default()));
            }
        }
    }
}
