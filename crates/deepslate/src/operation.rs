//! The limits of one operation of the caller. Uses no other module.

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// How long a write under way is awaited after the shutdown began. The process then has 1.5 s in all, and its host still
/// has to learn how the operation ended.
const LAST_WAIT: Duration = Duration::from_millis(750);

/// One operation of the caller, over all its requests, attempts and waits: when it ends, and what ends it early.
#[derive(Debug, Clone)]
pub struct Operation {
    deadline: Instant,
    stop: CancellationToken,
    shutdown: CancellationToken,
    /// The status that ends the operation, even if the request may succeed later.
    last_status: Option<u16>,
}

/// Work that several operations may share, as one of them does it.
pub(crate) struct Own<F> {
    begun: Arc<AtomicBool>,
    work: Pin<Box<F>>,
}

impl<F: Future> Future for Own<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.begun.store(true, Ordering::Relaxed);
        self.work.as_mut().poll(context)
    }
}

impl Operation {
    /// An operation that ends at the deadline.
    ///
    /// After `stop` was cancelled, waits and reads end at once and no new request is sent. A write under way is still
    /// awaited, because only its answer shows its outcome. After `shutdown` was cancelled, a write under way gets
    /// another 750 ms. After that its outcome is unknown.
    #[must_use]
    pub fn new(deadline: Instant, stop: CancellationToken, shutdown: CancellationToken) -> Operation {
        Operation { deadline, stop, shutdown, last_status: None }
    }

    /// An operation that ends after this time, and that nothing else ends.
    #[must_use]
    pub fn within_time(time: Duration) -> Operation {
        Operation::new(Instant::now() + time, CancellationToken::new(), CancellationToken::new())
    }

    /// The time left.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    /// The token that ends the operation early.
    #[must_use]
    pub fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// A step that may use the time left divided by `divisor`.
    pub(crate) fn part(&self, divisor: u32) -> Operation {
        self.within(self.remaining() / divisor)
    }

    /// A step that may use this much time from now on, even if the operation itself ends earlier.
    #[must_use]
    pub fn within(&self, time: Duration) -> Operation {
        Operation { deadline: Instant::now() + time, ..self.clone() }
    }

    /// A step that ends at the first answer with this status.
    pub(crate) fn ending_at(&self, status: Option<u16>) -> Operation {
        Operation { last_status: status, ..self.clone() }
    }

    /// A step with this much time that a stop does not end, but the shutdown does.
    pub(crate) fn despite_stop(&self, time: Duration) -> Operation {
        Operation { stop: self.shutdown.clone(), ..self.within(time) }
    }

    /// The status that ends the operation.
    pub(crate) fn last_status(&self) -> Option<u16> {
        self.last_status
    }

    /// Completes when the deadline has passed or the operation was stopped.
    pub(crate) async fn ended(&self) {
        tokio::select! {
            () = self.stop.cancelled() => {}
            () = tokio::time::sleep_until(self.deadline) => {}
        }
    }

    /// Waits. Returns whether the operation lasted that long.
    pub async fn wait(&self, time: Duration) -> bool {
        tokio::select! {
            biased;
            () = self.ended() => false,
            () = tokio::time::sleep(time) => true,
        }
    }

    /// Waits for work that several operations share, at most as long as this operation lasts. `join` gets the work as this
    /// operation would do it, and either begins it or waits for another one that did. If this operation does the work
    /// itself, the work ends by itself, and its error tells more.
    pub(crate) async fn share<F: Future, W: Future>(
        &self,
        work: F,
        join: impl FnOnce(Own<F>) -> W,
    ) -> Option<W::Output> {
        let own = Arc::new(AtomicBool::default());
        let mut work = pin!(join(Own { begun: Arc::clone(&own), work: Box::pin(work) }));
        tokio::select! {
            biased;
            done = &mut work => Some(done),
            () = self.ended() => if own.load(Ordering::Relaxed) { Some(work.await) } else { None },
        }
    }

    /// Completes when a write under way must not be awaited any longer.
    pub(crate) async fn abandoned(&self) {
        self.shutdown.cancelled().await;
        tokio::time::sleep(LAST_WAIT).await;
    }
}
