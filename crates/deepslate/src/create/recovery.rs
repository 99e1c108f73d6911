//! The steps after a create that may have created its object: a state machine without I/O.
//!
//! The collection is listed again, after a wait. Candidates are the objects that match the one to be created, did not
//! exist before, and belong to no other create.
//!
//! | candidates | [`Outcome::Failed`] | [`Outcome::Open`] |
//! |---|---|---|
//! | one | adopt it | adopt it |
//! | none | search again, three times at least and for as long as a list may lag behind, then send again | search again, until half of the time is used |
//! | none, and there is no time for that | give up | |
//! | several, or one and it is unknown which objects existed before | give up | give up |
//! | the list cannot be read | give up | give up |
//! | no server is reached for it | search again, while there is time | search again, until half of the time is used |
//!
//! After [`Outcome::Refused`] there is one search, and nothing is adopted: what it finds is the reason of the refusal,
//! and may be someone else's.

use std::time::Duration;

use uuid::Uuid;

use crate::http::{LEAST_SHARE, backoff};

/// How often the object is searched for at least before it is certain that it was not made.
const LEAST_SEARCHES: u32 = 3;

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The server or a gateway reported a failure or a refusal, perhaps after the work was done.
    Failed,
    /// It is not known whether the request is still in progress.
    Open,
    /// The server refused the request, after an earlier one whose object the list did not show.
    Refused,
}

/// What to do next.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Wait, then search for candidates, and call [`Recovery::searched`] or [`Recovery::unreached`].
    Search(Duration),
    /// Nothing was made. Send the request again, and call [`Recovery::lost`] if its outcome is unknown too.
    Send,
    /// Adopt this object: this create created it.
    Adopt(Uuid),
    /// Give up, with the candidates, or with `None` if the list could not be read.
    GiveUp(Option<Vec<Uuid>>),
}

/// The recovery of one create, over all times that its request is sent.
pub(super) struct Recovery {
    /// Whether it is known which objects existed before.
    recorded: bool,
    /// How long a list may lag behind.
    list_lag: Duration,
    outcome: Outcome,
    /// The time that was left when the outcome came.
    began: Duration,
    /// The time to be left when the search ends.
    reserve: Duration,
    /// How long the server asked to wait.
    asked: Duration,
    /// What is added to the waits since this outcome.
    spread: Duration,
    losses: u32,
    /// The searches since this outcome, and all.
    searches: u32,
    all_searches: u32,
    /// Whether the next search is the last, because there is no time for another wait.
    last: bool,
}

impl Recovery {
    /// The recovery of a create that has not been sent yet. `recorded`: whether it is known which objects existed when
    /// it is sent.
    pub(super) fn new(recorded: bool, list_lag: Duration) -> Recovery {
        Recovery {
            recorded,
            list_lag,
            outcome: Outcome::Open,
            began: Duration::ZERO,
            reserve: Duration::ZERO,
            asked: Duration::ZERO,
            spread: Duration::ZERO,
            losses: 0,
            searches: 0,
            all_searches: 0,
            last: false,
        }
    }

    /// The request ended like this. `asked`: the wait that the server asked for; `remaining`: the time left; `random`:
    /// as in [`backoff`].
    pub(super) fn lost(&mut self, outcome: Outcome, asked: Option<Duration>, remaining: Duration, random: f64) -> Step {
        self.outcome = outcome;
        self.began = remaining;
        self.reserve = remaining / if outcome == Outcome::Failed { LEAST_SHARE } else { 2 };
        // A wait that is too long for another request does not keep the search from being made.
        self.asked = asked.filter(|asked| *asked < remaining.saturating_sub(self.reserve)).unwrap_or_default();
        self.spread = if self.losses == 0 { Duration::ZERO } else { backoff(self.losses, random) };
        self.losses += 1;
        self.searches = 0;
        let step = self.search(remaining, random);
        self.last |= outcome == Outcome::Refused;
        step
    }

    /// A list showed these candidates, or could not be read.
    pub(super) fn searched(&mut self, candidates: Option<Vec<Uuid>>, remaining: Duration, random: f64) -> Step {
        match candidates.as_deref() {
            Some([only]) if self.recorded && self.outcome != Outcome::Refused => Step::Adopt(*only),
            Some([]) if self.last => Step::GiveUp(candidates),
            Some([]) if self.outcome == Outcome::Failed && self.searches >= LEAST_SEARCHES => Step::Send,
            Some([]) => self.search(remaining, random),
            _ => Step::GiveUp(candidates),
        }
    }

    /// No server was reached for a list. It may be restarting, perhaps because of the create.
    pub(super) fn unreached(&mut self, remaining: Duration, random: f64) -> Step {
        // It was no look at the list.
        self.searches = self.searches.saturating_sub(u32::from(self.outcome == Outcome::Failed));
        if self.last { Step::GiveUp(None) } else { self.search(remaining, random) }
    }

    /// The operation was stopped: the next search is the last.
    pub(super) fn stop(&mut self) {
        self.last = true;
    }

    fn search(&mut self, remaining: Duration, random: f64) -> Step {
        self.searches += 1;
        self.all_searches += 1;
        let left = remaining.saturating_sub(self.reserve);
        if self.outcome != Outcome::Failed {
            let wait = backoff(self.all_searches, random).max(self.asked);
            self.asked = Duration::ZERO;
            self.last = wait >= left;
            return Step::Search(if self.last { Duration::ZERO } else { wait });
        }
        // At the same times for all creates that failed together, so that they share a list.
        let due = match self.searches {
            1 => self.list_lag / 8,
            2 => self.list_lag * 3 / 8,
            _ => self.list_lag,
        };
        let passed = self.began.saturating_sub(remaining);
        let wait = (due + self.spread).max(self.asked).saturating_sub(passed);
        self.last = wait >= left;
        Step::Search(wait.max(backoff(1, random)).min(left))
    }
}

#[cfg(test)]
mod tests;
