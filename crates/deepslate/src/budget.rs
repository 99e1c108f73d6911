//! What one operation of the caller may spend, and what it keeps secret.

use std::time::Duration;

use secrecy::SecretString;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a write under way is awaited once the process is to end. That has 1.5 s, in which its host has to be told
/// what became of the operation.
const LAST_WAIT: Duration = Duration::from_millis(750);

/// The time that one operation of the caller may take, over all its requests, attempts and waits, the token that ends
/// it early, and the secrets that its errors must not show.
#[derive(Debug, Clone)]
pub struct Budget {
    started: Instant,
    timeout: Duration,
    stop: CancellationToken,
    shutdown: CancellationToken,
    secrets: Vec<SecretString>,
}

impl Budget {
    /// A budget that begins now.
    ///
    /// Once `stop` is cancelled, waits and reads end at once and nothing new is sent. A write under way is still
    /// awaited, for its answer is the only sure way to know its outcome.
    #[must_use]
    pub fn new(timeout: Duration, stop: CancellationToken) -> Budget {
        Budget { started: Instant::now(), timeout, stop, shutdown: CancellationToken::new(), secrets: Vec::new() }
    }

    /// Names the token that is cancelled where the whole process is to end. A write under way is then awaited a little
    /// longer (750 ms), and after that its outcome is not known.
    #[must_use]
    pub fn ending_with(self, shutdown: CancellationToken) -> Budget {
        Budget { shutdown, ..self }
    }

    /// Names secrets that no error may show, should the server repeat them, beside those of the request itself: the
    /// password that an object had before, for example.
    #[must_use]
    pub fn hiding(self, secrets: Vec<SecretString>) -> Budget {
        Budget { secrets, ..self }
    }

    /// What is left of the time.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.timeout.saturating_sub(self.started.elapsed())
    }

    /// A part of this budget for one step of the operation: what is left of its time, divided by `divisor`.
    #[must_use]
    pub(super) fn part(&self, divisor: u32) -> Budget {
        self.again(self.remaining() / divisor)
    }

    /// A budget for work that others wait for too, which begins now: it ends early where this one does.
    #[must_use]
    pub(super) fn again(&self, timeout: Duration) -> Budget {
        Budget { started: Instant::now(), timeout, ..self.clone() }
    }

    /// Comes to its end when the time is over, or the operation is to end early.
    pub(super) async fn end(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep(self.remaining()) => {}
        }
    }

    /// Comes to its end when a write under way is not to be awaited any longer.
    pub(super) async fn abandoned(&self) {
        self.shutdown.cancelled().await;
        tokio::time::sleep(LAST_WAIT).await;
    }

    /// The token that ends the operation early.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// The secrets that no error may show.
    #[must_use]
    pub(super) fn secrets(&self) -> &[SecretString] {
        &self.secrets
    }
}
