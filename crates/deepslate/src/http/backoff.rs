//! How long to wait before the next attempt, without I/O.

use std::time::Duration;

/// The longest wait after the first attempt. Every further attempt doubles it.
pub(super) const FIRST_BACKOFF: Duration = Duration::from_millis(500);
/// The longest wait of all, unless the server asks for a longer one.
pub(super) const LONGEST_BACKOFF: Duration = Duration::from_secs(20);

/// How a client waits. Only tests change it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Waits {
    /// Spreads the waits between attempts: a number between 0 and 1.
    pub(crate) random: fn() -> f64,
    /// How long a list may lag behind at most. An object that is not shown after that does not exist.
    pub(crate) list_lag: Duration,
}

impl Default for Waits {
    fn default() -> Waits {
        Waits { random: fastrand::f64, list_lag: Duration::from_secs(8) }
    }
}

/// Returns how long to wait after this many attempts, from 1.
///
/// `random` is between 0 and 1 and spreads the waits evenly from zero to the longest ("full jitter"), so that callers
/// that failed together do not return together.
pub(crate) fn backoff(attempts: u32, random: f64) -> Duration {
    let doublings = attempts.saturating_sub(1).min(16);
    (FIRST_BACKOFF * 2_u32.pow(doublings)).min(LONGEST_BACKOFF).mul_f64(random.clamp(0.0, 1.0))
}
