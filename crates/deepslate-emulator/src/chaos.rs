//! Random faults. The same seed gives the same faults.

use std::time::Duration;

use fastrand::Rng;

use crate::fault::Effect;

/// Random faults, for all calls. What a call meets depends on nothing but the seed and how many came before it.
///
/// The three shares are probabilities and exclude each other; their sum is at most 1.
#[derive(Clone, Debug)]
pub struct Chaos {
    /// Where the random numbers begin.
    pub seed: u64,
    /// Which share of the calls is carried out and not answered: the connection is closed.
    pub lost: f64,
    /// Which share is answered with 503, and not carried out.
    pub unavailable: f64,
    /// Which share is answered with 429, and not carried out; half of these with `Retry-After: 1`.
    pub throttled: f64,
    /// How long a new object is not shown in lists yet.
    pub list_lag: Duration,
    /// Each call waits first, for any time up to this.
    pub longest_delay: Duration,
}

/// What a call meets; by default nothing.
#[derive(Default)]
pub(crate) struct Fate {
    /// How long it waits first.
    pub(crate) delay: Duration,
    /// The fault that it meets, if any.
    pub(crate) effect: Option<Effect>,
}

/// The fates of the calls to come.
pub(crate) struct Fates {
    chaos: Chaos,
    random: Rng,
}

// === impl Fates ===

impl Fates {
    pub(crate) fn new(chaos: Chaos) -> Self {
        Self { random: Rng::with_seed(chaos.seed), chaos }
    }

    /// The fate of the next call.
    pub(crate) fn next(&mut self) -> Fate {
        let Chaos { lost, unavailable, throttled, longest_delay, .. } = self.chaos;
        // Each call takes as many numbers, so that other shares change nothing else.
        let (delay, share, asks_to_wait) = (self.random.f64(), self.random.f64(), self.random.bool());
        let effect = if share < lost {
            Some(Effect::DropAfter)
        } else if share < lost + unavailable {
            Some(refusal(503, false))
        } else if share < lost + unavailable + throttled {
            Some(refusal(429, asks_to_wait))
        } else {
            None
        };
        Fate { delay: longest_delay.mul_f64(delay), effect }
    }
}

fn refusal(status: u16, asks_to_wait: bool) -> Effect {
    let headers = asks_to_wait.then(|| ("Retry-After".to_owned(), "1".to_owned())).into_iter().collect();
    Effect::Answer { status, headers, body: b"chaos".to_vec() }
}
