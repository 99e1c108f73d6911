//! What all requests of a client pass on their way to the server: at most so many are under way at once, and once the
//! server has had too many, all hold back together.
//!
//! Terraform starts a process for each configuration of a provider, so the requests of one client are all that a
//! process sends to a host.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::budget::Budget;
use super::retry::backoff;

/// How many requests may be under way at once, and so how many connections there are: more than Terraform's usual
/// `-parallelism` of 10, and few enough that a server or a proxy does not mind one client's.
pub(super) const AT_ONCE: usize = 32;
/// No run lasts longer than this, so a longer wait is as good as this one.
const LONGEST_HOLD: Duration = Duration::from_secs(24 * 60 * 60);

/// The gate of a client.
pub(super) struct Gate {
    places: Semaphore,
    hold: Mutex<Hold>,
}

/// A request's leave to be sent, to be kept until its answer is there.
pub(super) struct Pass<'a> {
    /// How many holds there were before it.
    holds: u64,
    _place: SemaphorePermit<'a>,
}

/// Why a request was not sent.
#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    /// The budget's token was cancelled.
    Stopped,
    /// The budget is spent.
    OutOfTime,
    /// All requests hold back for this long, which is more than is left of the budget.
    HeldBack(Duration),
}

/// The last time in which nothing was sent, or is.
#[derive(Default)]
struct Hold {
    ends: Option<Instant>,
    /// How many there were so far.
    count: u64,
    /// How many of them since the server last took a request.
    in_a_row: u32,
}

impl Default for Gate {
    fn default() -> Gate {
        Gate { places: Semaphore::new(AT_ONCE), hold: Mutex::default() }
    }
}

impl Gate {
    /// Waits until a request may be sent.
    ///
    /// Those that held back return one after the other, spread by `random` as in [`backoff`]: the first that is refused
    /// again holds back all that have not been sent yet.
    pub(super) async fn enter(&self, budget: &Budget, random: fn() -> f64) -> Result<Pass<'_>, Refusal> {
        let place = tokio::select! {
            biased;
            () = budget.end() => None,
            place = self.places.acquire() => place.ok(),
        };
        loop {
            if budget.stop().is_cancelled() {
                return Err(Refusal::Stopped);
            }
            let remaining = budget.remaining();
            if remaining.is_zero() {
                return Err(Refusal::OutOfTime);
            }
            let Hold { ends, count: holds, in_a_row } = *self.hold();
            let held = ends.map_or(Duration::ZERO, |ends| ends.saturating_duration_since(Instant::now()));
            if held.is_zero() {
                return place.map(|place| Pass { holds, _place: place }).ok_or(Refusal::OutOfTime);
            }
            let Some(left) = remaining.checked_sub(held).filter(|left| !left.is_zero()) else {
                return Err(Refusal::HeldBack(held));
            };
            let spread = backoff(in_a_row, random()).min(left / 2);
            tokio::select! {
                biased;
                () = budget.end() => {}
                () = tokio::time::sleep(held + spread) => {}
            }
        }
    }

    /// The server answered 429 to this request, and asked to wait so long.
    pub(super) fn throttled(&self, pass: &Pass<'_>, asked: Option<Duration>) {
        let mut hold = self.hold();
        let mut wait = asked.unwrap_or_default().min(LONGEST_HOLD);
        // Of those that were under way at the same time, the first has told it already.
        if pass.holds == hold.count {
            hold.count += 1;
            hold.in_a_row += 1;
            wait = wait.max(backoff(hold.in_a_row, 1.0));
        }
        hold.ends = hold.ends.max(Some(Instant::now() + wait));
    }

    /// The server took this request.
    pub(super) fn passed(&self, pass: &Pass<'_>) {
        let mut hold = self.hold();
        if pass.holds == hold.count {
            hold.in_a_row = 0;
        }
    }

    fn hold(&self) -> MutexGuard<'_, Hold> {
        self.hold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use tokio_util::sync::CancellationToken;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    fn budget(time: Duration) -> Budget {
        Budget::new(time, CancellationToken::new())
    }

    /// Sends one request, which the server throttles.
    async fn throttle(gate: &Gate, asked: Option<Duration>) {
        let pass = gate.enter(&budget(MINUTE), || 0.0).await.expect("may be sent");
        gate.throttled(&pass, asked);
    }

    /// When a request may be sent, from now on.
    async fn waits(gate: &Gate, random: fn() -> f64) -> Duration {
        let start = Instant::now();
        let pass = gate.enter(&budget(MINUTE), random).await.expect("may be sent");
        drop(pass);
        start.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn all_hold_back_and_longer_each_time_until_one_is_taken() {
        let gate = Gate::default();
        assert_eq!(waits(&gate, || 1.0).await.as_millis(), 0);
        for (none, most) in [(500, 1000), (1000, 2000), (2000, 4000)] {
            throttle(&gate, None).await;
            let (first, last) = tokio::join!(waits(&gate, || 0.0), waits(&gate, || 1.0));
            assert_eq!((first.as_millis(), last.as_millis()), (none, most));
        }
        let pass = gate.enter(&budget(MINUTE), || 0.0).await.expect("may be sent");
        gate.passed(&pass);
        throttle(&gate, None).await;
        assert_eq!(waits(&gate, || 0.0).await.as_millis(), 500);
    }

    #[tokio::test(start_paused = true)]
    async fn requests_under_way_together_are_one_reason_to_hold_back() {
        let gate = Gate::default();
        let budget = budget(MINUTE);
        let mut passes = Vec::new();
        for _ in 0..10 {
            passes.push(gate.enter(&budget, || 0.0).await.expect("may be sent"));
        }
        for pass in &passes[..9] {
            gate.throttled(pass, None);
        }
        // Nor does one that was taken before say that the server takes more now.
        gate.passed(&passes[9]);
        assert_eq!(waits(&gate, || 0.0).await.as_millis(), 500);
        throttle(&gate, None).await;
        assert_eq!(waits(&gate, || 0.0).await.as_millis(), 1000);
    }

    #[tokio::test(start_paused = true)]
    async fn the_server_may_ask_for_more() {
        let gate = Gate::default();
        throttle(&gate, Some(Duration::from_secs(7))).await;
        assert_eq!(gate.enter(&budget(Duration::from_secs(7)), || 1.0).await.err(), Some(held_back(7)));
        assert_eq!(waits(&gate, || 0.0).await.as_secs(), 7);
        throttle(&gate, Some(Duration::MAX)).await;
        assert_eq!(gate.enter(&budget(MINUTE), || 1.0).await.err(), Some(held_back(24 * 60 * 60)));
    }

    fn held_back(seconds: u64) -> Refusal {
        Refusal::HeldBack(Duration::from_secs(seconds))
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_ends_the_wait_for_the_server_and_for_a_place() {
        let gate = Gate::default();
        throttle(&gate, None).await;
        let budget = budget(MINUTE);
        let (refused, ()) = tokio::join!(gate.enter(&budget, || 1.0), async { budget.stop().cancel() });
        assert_eq!(refused.err(), Some(Refusal::Stopped));

        let _taken = gate.places.acquire_many(u32::try_from(AT_ONCE).expect("few")).await;
        let budget = super::tests::budget(MINUTE);
        let (refused, ()) = tokio::join!(gate.enter(&budget, || 1.0), async { budget.stop().cancel() });
        assert_eq!(refused.err(), Some(Refusal::Stopped));
        assert_eq!(gate.enter(&super::tests::budget(MINUTE), || 1.0).await.err(), Some(Refusal::OutOfTime));
    }

    /// A server that takes five requests a second, and a hundred workers with one each.
    #[tokio::test(start_paused = true)]
    async fn a_server_that_takes_few_is_not_hammered() {
        let gate = Gate::default();
        let budget = budget(Duration::from_secs(600));
        fastrand::seed(1);
        let (sent, second, taken) = (Cell::new(0), Cell::new(0), Cell::new(0));
        let start = Instant::now();
        let workers = (0..100).map(|_| async {
            loop {
                let pass = gate.enter(&budget, fastrand::f64).await.expect("within the time");
                tokio::time::sleep(Duration::from_millis(10)).await;
                sent.set(sent.get() + 1);
                if second.get() != start.elapsed().as_secs() {
                    second.set(start.elapsed().as_secs());
                    taken.set(0);
                }
                if taken.get() < 5 {
                    taken.set(taken.get() + 1);
                    gate.passed(&pass);
                    return;
                }
                gate.throttled(&pass, None);
            }
        });
        futures_util::future::join_all(workers).await;
        assert!(sent.get() < 400, "{} requests in {:?}", sent.get(), start.elapsed());
    }
}
