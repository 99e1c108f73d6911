//! How many requests of a client are in progress at once, and the cool-down: after the server answered 429, all
//! requests wait together.
//!
//! Terraform starts one process for each configuration of a provider, so one client sends all requests of a process.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::backoff::backoff;
use crate::operation::Operation;

/// How many requests may be in progress at once, which is also the number of connections: more than Terraform's usual
/// `-parallelism` of 10, and few enough for a server or a proxy.
pub(crate) const PERMITS: usize = 32;
/// No run lasts longer than this, so no cool-down has to.
const LONGEST_COOL_DOWN: Duration = Duration::from_secs(24 * 60 * 60);

/// The throttle of a client.
pub(super) struct Throttle {
    permits: Semaphore,
    cool_down: Mutex<CoolDown>,
}

/// The permission to send one request, to be kept until its answer came.
pub(super) struct Permit<'a> {
    /// The number of cool-downs before it.
    cool_downs: u64,
    _permit: SemaphorePermit<'a>,
}

/// Why a request was not sent.
#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    /// The operation was stopped.
    Stopped,
    /// The operation's deadline has passed.
    OutOfTime,
    /// The cool-down lasts this long, which is longer than the time left to the operation.
    HeldBack(Duration),
}

/// The last cool-down, which may have ended.
#[derive(Default)]
struct CoolDown {
    ends: Option<Instant>,
    /// The number of cool-downs so far.
    count: u64,
    /// The number of cool-downs since the server last accepted a request.
    in_a_row: u32,
}

impl Default for Throttle {
    fn default() -> Throttle {
        Throttle { permits: Semaphore::new(PERMITS), cool_down: Mutex::default() }
    }
}

impl Throttle {
    /// Waits until a request may be sent.
    ///
    /// After a cool-down, requests return one after the other, spread by `random` as in [`backoff`]. If the first one
    /// is refused again, it holds back all that have not been sent yet.
    pub(super) async fn acquire(&self, operation: &Operation, random: fn() -> f64) -> Result<Permit<'_>, Refusal> {
        // A request that waits out a cool-down holds no permit: another one may have less time, and must know it at once.
        let mut permit = None;
        loop {
            if operation.stop().is_cancelled() {
                return Err(Refusal::Stopped);
            }
            let remaining = operation.remaining();
            if remaining.is_zero() {
                return Err(Refusal::OutOfTime);
            }
            let CoolDown { ends, count: cool_downs, in_a_row } = *self.cool_down();
            let held = ends.map_or(Duration::ZERO, |ends| ends.saturating_duration_since(Instant::now()));
            if held.is_zero() {
                if let Some(permit) = permit {
                    return Ok(Permit { cool_downs, _permit: permit });
                }
                permit = tokio::select! {
                    biased;
                    () = operation.ended() => None,
                    permit = self.permits.acquire() => permit.ok(),
                };
                continue;
            }
            permit = None;
            let Some(left) = remaining.checked_sub(held).filter(|left| !left.is_zero()) else {
                return Err(Refusal::HeldBack(held));
            };
            let spread = backoff(in_a_row, random()).min(left / 2);
            operation.wait(held + spread).await;
        }
    }

    /// Starts a cool-down: the server answered 429 to this request, and may have asked for a wait.
    pub(super) fn throttled(&self, permit: &Permit<'_>, asked: Option<Duration>) {
        let mut cool_down = self.cool_down();
        let mut wait = asked.unwrap_or_default().min(LONGEST_COOL_DOWN);
        // Requests sent before the last cool-down started do not start another one.
        if permit.cool_downs == cool_down.count {
            cool_down.count += 1;
            cool_down.in_a_row += 1;
            wait = wait.max(backoff(cool_down.in_a_row, 1.0));
        }
        cool_down.ends = cool_down.ends.max(Some(Instant::now() + wait));
    }

    /// Notes that the server accepted this request.
    pub(super) fn passed(&self, permit: &Permit<'_>) {
        let mut cool_down = self.cool_down();
        if permit.cool_downs == cool_down.count {
            cool_down.in_a_row = 0;
        }
    }

    fn cool_down(&self) -> MutexGuard<'_, CoolDown> {
        self.cool_down.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use std::cell::Cell;
    use tokio_util::sync::CancellationToken;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn operation(time: Duration) -> Operation {
        Operation::new(Instant::now() + time, CancellationToken::new(), CancellationToken::new())
    }

    /// Sends one request, which the server throttles.
    async fn throttle_once(throttle: &Throttle, asked: Option<Duration>) {
        let permit = throttle.acquire(&operation(MINUTE), || 0.0).await.expect("may be sent");
        throttle.throttled(&permit, asked);
    }

    /// When a request may be sent, from now on.
    async fn waits(throttle: &Throttle, random: fn() -> f64) -> Duration {
        let start = Instant::now();
        let permit = throttle.acquire(&operation(MINUTE), random).await.expect("may be sent");
        drop(permit);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn a_cool_down_doubles_each_time_until_a_request_is_accepted() {
        let throttle = Throttle::default();
        assert_eq!(waits(&throttle, || 1.0).await.as_millis(), 0);
        for (none, most) in [(500, 1000), (1000, 2000), (2000, 4000)] {
            throttle_once(&throttle, None).await;
            let (first, last) = tokio::join!(waits(&throttle, || 0.0), waits(&throttle, || 1.0));
            assert_eq!((first.as_millis(), last.as_millis()), (none, most));
        }
        let permit = throttle.acquire(&operation(MINUTE), || 0.0).await.expect("may be sent");
        throttle.passed(&permit);
        throttle_once(&throttle, None).await;
        assert_eq!(waits(&throttle, || 0.0).await.as_millis(), 500);
    }

    #[tokio::test(start_paused = true)]
    async fn requests_in_progress_together_start_one_cool_down() {
        let throttle = Throttle::default();
        let operation = operation(MINUTE);
        let mut permits = Vec::new();
        for _ in 0..10 {
            permits.push(throttle.acquire(&operation, || 0.0).await.expect("may be sent"));
        }
        for permit in &permits[..9] {
            throttle.throttled(permit, None);
        }
        // A request that was accepted before does not show that the server accepts more now.
        throttle.passed(&permits[9]);
        assert_eq!(waits(&throttle, || 0.0).await.as_millis(), 500);
        throttle_once(&throttle, None).await;
        assert_eq!(waits(&throttle, || 0.0).await.as_millis(), 1000);
    }

    #[tokio::test(start_paused = true)]
    async fn the_server_may_ask_for_more() {
        let throttle = Throttle::default();
        throttle_once(&throttle, Some(Duration::from_secs(7))).await;
        assert_eq!(throttle.acquire(&operation(Duration::from_secs(7)), || 1.0).await.err(), Some(held_back(7)));
        assert_eq!(waits(&throttle, || 0.0).await.as_secs(), 7);
        throttle_once(&throttle, Some(Duration::MAX)).await;
        assert_eq!(throttle.acquire(&operation(MINUTE), || 1.0).await.err(), Some(held_back(24 * 60 * 60)));
    }

    fn held_back(seconds: u64) -> Refusal {
        Refusal::HeldBack(Duration::from_secs(seconds))
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait_for_the_server_and_for_a_permit() {
        let throttle = Throttle::default();
        throttle_once(&throttle, None).await;
        let operation = operation(MINUTE);
        let (refused, ()) = tokio::join!(throttle.acquire(&operation, || 1.0), async { operation.stop().cancel() });
        assert_eq!(refused.err(), Some(Refusal::Stopped));

        let _taken = throttle.permits.acquire_many(u32::try_from(PERMITS).expect("few")).await;
        let operation = super::tests::operation(MINUTE);
        let (refused, ()) = tokio::join!(throttle.acquire(&operation, || 1.0), async { operation.stop().cancel() });
        assert_eq!(refused.err(), Some(Refusal::Stopped));
        assert_eq!(throttle.acquire(&super::tests::operation(MINUTE), || 1.0).await.err(), Some(Refusal::OutOfTime));
    }

    #[tokio::test(start_paused = true)]
    async fn requests_that_wait_out_a_cool_down_hold_no_permit() {
        let throttle = Throttle::default();
        throttle_once(&throttle, Some(Duration::from_secs(30))).await;
        let operations: Vec<_> = (0..PERMITS).map(|_| operation(MINUTE)).collect();
        let mut waiting: Vec<_> =
            operations.iter().map(|operation| Box::pin(throttle.acquire(operation, || 0.0))).collect();
        for wait in &mut waiting {
            assert!(wait.now_or_never().is_none());
        }
        let short = operation(Duration::from_secs(5));
        let refused = throttle.acquire(&short, || 0.0).await;
        assert_eq!((refused.err(), short.remaining().as_secs()), (Some(held_back(30)), 5));
    }

    /// A server that accepts five requests a second, and a hundred workers with one each.
    #[tokio::test(start_paused = true)]
    async fn a_server_that_accepts_few_is_not_hammered() {
        let throttle = Throttle::default();
        let operation = operation(Duration::from_secs(600));
        fastrand::seed(1);
        let (sent, second, taken) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let start = Instant::now();
        let workers = (0..100).map(|_| async {
            loop {
                let permit = throttle.acquire(&operation, fastrand::f64).await.expect("within the time");
                tokio::time::sleep(Duration::from_millis(10)).await;
                sent.set(sent.get() + 1);
                if second.get() != start.elapsed().as_secs() {
                    second.set(start.elapsed().as_secs());
                    taken.set(0);
                }
                if taken.get() < 5 {
                    taken.set(taken.get() + 1);
                    throttle.passed(&permit);
                    return;
                }
                throttle.throttled(&permit, None);
            }
        });
        futures_util::future::join_all(workers).await;
        assert!(sent.get() < 400, "{} requests in {:?}", sent.get(), start.elapsed());
    }
}
