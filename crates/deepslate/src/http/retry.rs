//! The retry policy: which outcome of which method is safe to repeat, and when. Without I/O.
//!
//! | outcome | GET, PUT, DELETE | POST |
//! |---|---|---|
//! | not accepted, in the terms of [`word`](super::word) | again | again |
//! | passing, in the same terms | again | not here: `create::recovery` first searches for the object |
//! | no connection | again, at most 4 attempts in a row | the same |
//! | Deepslate's 404, just after this process made an object in the path | again | again |
//! | TLS failed, and everything else | never: the failure is permanent | never |
//!
//! An operation may have a status that ends it: see [`Operation::ending_at`](crate::Operation).
//!
//! An unreachable server gets a few seconds, not the whole operation. That is enough for a hiccup of the name service or
//! a quick restart, and a mistyped base URL does not cost minutes.

use std::time::{Duration, SystemTime};

use http::Method;

use super::backoff::backoff;
use super::word::{Word, is_passing, word};
use crate::error::{ErrorDetails, ErrorKind, GaveUp};

/// How many attempts in a row may reach no server.
const UNREACHED_ATTEMPTS: u32 = 4;
/// A wait leaves at least this part of the remaining time: a tenth. If the end of the time cuts a write short, its
/// outcome is unknown, whatever the server answered to the attempts before.
pub(crate) const LEAST_SHARE: u32 = 10;

/// What is known about a failure, beyond the failure itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Policy {
    /// Nothing.
    Usual,
    /// The request soon succeeds, because it failed only for a moment.
    Again,
    /// The caller needs this answer at once.
    Final,
}

/// What follows a failed attempt.
#[derive(Debug, PartialEq)]
pub(super) enum Decision {
    /// Another attempt after this wait.
    Again(Duration),
    /// The error.
    GiveUp(GaveUp),
}

/// Decides what follows a failed attempt.
///
/// `unreached` is the number of attempts in a row, including this one, that reached no server; `remaining` is the time
/// left to the operation; `random` is as in [`backoff`]. `policy` is about this failure in particular.
pub(super) fn decide(
    failed: &ErrorDetails,
    policy: Policy,
    unreached: u32,
    remaining: Duration,
    random: f64,
) -> Decision {
    if failed.kind == ErrorKind::Stopped {
        return Decision::GiveUp(GaveUp::Stopped);
    }
    let repeats = match policy {
        Policy::Usual => is_repeatable(failed),
        Policy::Again => true,
        Policy::Final => false,
    };
    if !repeats {
        return Decision::GiveUp(GaveUp::Final);
    }
    if unreached >= UNREACHED_ATTEMPTS {
        return Decision::GiveUp(GaveUp::Unreachable);
    }
    let backoff = backoff(failed.attempts, random);
    match failed.retry_after {
        Some(asked) if asked >= remaining => Decision::GiveUp(GaveUp::RetryAfter),
        asked => match backoff.max(asked.unwrap_or_default()) {
            wait if wait + remaining / LEAST_SHARE < remaining => Decision::Again(wait),
            _ => Decision::GiveUp(GaveUp::OutOfTime),
        },
    }
}

fn is_repeatable(failed: &ErrorDetails) -> bool {
    is_passing(failed) && (failed.method != Method::POST || word(failed) == Word::NotAccepted)
}

/// Reads a `Retry-After` header (RFC 9110, 10.2.3): seconds, or a date. A date in the past means no wait.
pub(super) fn parse_retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    let value = value.trim();
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More digits than fit mean longer than anyone waits.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::backoff::{FIRST_BACKOFF, LONGEST_BACKOFF};
    use super::*;

    fn failure(method: Method, kind: ErrorKind, status: u16, attempts: u32) -> Box<ErrorDetails> {
        let mut details = ErrorDetails::new(kind, method, String::new(), "/".to_owned());
        (details.status, details.attempts) = ((status > 0).then_some(status), attempts);
        details.own = matches!(details.kind, ErrorKind::Throttled | ErrorKind::NotFound);
        details
    }

    fn repeats(method: Method, kind: ErrorKind, status: u16) -> bool {
        matches!(
            decide(&failure(method, kind, status, 1), Policy::Usual, 0, Duration::from_secs(60), 0.5),
            Decision::Again(_)
        )
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
            (Unavailable, 520, true, false),
            (Unavailable, 522, true, false),
            (Unavailable, 521, true, true),
            (Unavailable, 525, true, true),
            (Unavailable, 505, false, false),
            (ErrorKind::UnexpectedStatus, 408, true, false),
            (ErrorKind::UnexpectedStatus, 425, true, false),
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

    #[test]
    fn the_kind_of_failure_decides() {
        let missing = failure(Method::POST, ErrorKind::NotFound, 404, 1);
        assert!(matches!(decide(&missing, Policy::Again, 0, Duration::from_secs(60), 0.5), Decision::Again(_)));
        let throttled = failure(Method::GET, ErrorKind::Throttled, 429, 1);
        let decision = decide(&throttled, Policy::Final, 0, Duration::from_secs(60), 0.5);
        assert_eq!(decision, Decision::GiveUp(GaveUp::Final));
    }

    #[test]
    fn backs_off_further_each_time() {
        let wait = |attempts| {
            decide(&failure(Method::GET, ErrorKind::TimedOut, 0, attempts), Policy::Usual, 0, Duration::MAX, 1.0)
        };
        let waits: Vec<_> = [1, 2, 3, 4, 5, 6, 7, 100, u32::MAX].map(wait).into();
        let expected = [500, 1000, 2000, 4000, 8000, 16000, 20000, 20000, 20000];
        assert_eq!(waits, expected.map(|wait| Decision::Again(Duration::from_millis(wait))));
    }

    #[test]
    fn begins_no_attempt_without_time_for_it() {
        let decide = |remaining| {
            let failure = failure(Method::PUT, ErrorKind::Throttled, 429, 1);
            super::decide(&failure, Policy::Usual, 0, Duration::from_millis(remaining), 1.0)
        };
        assert_eq!(decide(560), Decision::Again(FIRST_BACKOFF));
        assert_eq!(decide(550), Decision::GiveUp(GaveUp::OutOfTime));
    }

    #[test]
    fn waits_as_long_as_the_server_asks() {
        let decide = |asked, remaining| {
            let mut error = failure(Method::POST, ErrorKind::Throttled, 429, 1);
            error.retry_after = Some(Duration::from_secs(asked));
            super::decide(&error, Policy::Usual, 0, Duration::from_secs(remaining), 1.0)
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

    proptest! {
        #[test]
        fn never_waits_beyond_the_operation(
            attempts in 1_u32..,
            unreached in 0_u32..6,
            remaining in 0_u64..600_000,
            asked in proptest::option::of(0_u64..900),
            random in 0.0..1.0_f64,
        ) {
            let mut error = failure(Method::GET, ErrorKind::Throttled, 429, attempts);
            error.retry_after = asked.map(Duration::from_secs);
            let remaining = Duration::from_millis(remaining);
            if let Decision::Again(wait) = decide(&error, Policy::Usual, unreached, remaining, random) {
                prop_assert!(wait < remaining && wait >= error.retry_after.unwrap_or_default());
                prop_assert!(wait <= LONGEST_BACKOFF.max(error.retry_after.unwrap_or_default()));
            }
        }
    }
}
