//! What one call may spend.

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// The time that one operation of the caller may take, over all its requests, attempts and waits, and the token that ends
/// it early.
#[derive(Debug, Clone)]
pub struct Budget {
    started: Instant,
    timeout: Duration,
    stop: CancellationToken,
}

impl Budget {
    /// A budget that begins now.
    ///
    /// Once `stop` is cancelled, waits and reads end at once and nothing new is sent. A write under way is still awaited,
    /// for its answer is the only sure way to know its outcome.
    #[must_use]
    pub fn new(timeout: Duration, stop: CancellationToken) -> Budget {
        Budget { started: Instant::now(), timeout, stop }
    }

    /// What is left of the time.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.timeout.saturating_sub(self.started.elapsed())
    }

    /// The token that ends the operation early.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }
}
