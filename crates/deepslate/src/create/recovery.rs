//! What follows a create that may have made its object: a state machine without I/O.
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
    /// It is not known whether the request is still under way.
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
    /// Adopt this object: it is the one that was made.
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
mod tests {
    use std::collections::HashSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);
    const ONE: Uuid = Uuid::from_u128(1);
    const TWO: Uuid = Uuid::from_u128(2);

    const LAG: Duration = Duration::from_secs(8);

    fn recovery(recorded: bool) -> Recovery {
        Recovery::new(recorded, LAG)
    }

    /// The waits before each search that finds nothing, and what follows.
    fn waits(
        recovery: &mut Recovery,
        outcome: Outcome,
        asked: Option<u64>,
        mut remaining: Duration,
    ) -> (Vec<u128>, Step) {
        let mut step = recovery.lost(outcome, asked.map(Duration::from_secs), remaining, 0.0);
        let mut waits = Vec::new();
        while let Step::Search(wait) = step {
            waits.push(wait.as_millis());
            remaining = remaining.saturating_sub(wait);
            step = recovery.searched(Some(vec![]), remaining, 0.0);
        }
        (waits, step)
    }

    #[test]
    fn what_is_found_decides() {
        for outcome in [Outcome::Failed, Outcome::Open, Outcome::Refused] {
            for (recorded, candidates) in [
                (true, Some(vec![ONE])),
                (false, Some(vec![ONE])),
                (false, Some(vec![ONE, TWO])),
                (true, Some(vec![ONE, TWO])),
                (true, None),
                (false, None),
            ] {
                let mut recovery = recovery(recorded);
                assert!(matches!(recovery.lost(outcome, None, MINUTE, 1.0), Step::Search(_)));
                let step = recovery.searched(candidates.clone(), MINUTE, 1.0);
                if recorded && outcome != Outcome::Refused && candidates == Some(vec![ONE]) {
                    assert_eq!(step, Step::Adopt(ONE));
                } else {
                    assert_eq!(step, Step::GiveUp(candidates));
                }
            }
        }
    }

    #[test]
    fn after_a_failure_it_searches_for_as_long_as_a_list_may_lag_behind() {
        for recorded in [true, false] {
            let (waits, step) = waits(&mut recovery(recorded), Outcome::Failed, None, MINUTE);
            assert_eq!((waits, step), (vec![1000, 2000, 5000], Step::Send));
        }
        let mut recovery = recovery(true);
        recovery.lost(Outcome::Failed, None, MINUTE, 0.0);
        recovery.searched(Some(vec![]), MINUTE.saturating_sub(LAG / 8), 0.0);
        assert_eq!(recovery.searched(Some(vec![ONE]), MINUTE.saturating_sub(LAG / 2), 0.0), Step::Adopt(ONE));
    }

    #[test]
    fn a_list_that_was_not_read_does_not_count() {
        let mut recovery = recovery(true);
        recovery.lost(Outcome::Failed, None, MINUTE, 0.0);
        let later = MINUTE.saturating_sub(LAG * 2);
        for _ in 0..3 {
            assert!(matches!(recovery.unreached(later, 0.0), Step::Search(_)));
        }
        for step in [Step::Search(Duration::ZERO), Step::Search(Duration::ZERO), Step::Send] {
            assert_eq!(recovery.searched(Some(vec![]), later, 0.0), step);
        }
    }

    #[test]
    fn without_time_for_all_searches_nothing_is_sent_again() {
        for remaining in [Duration::from_millis(8800), Duration::from_secs(3), Duration::from_millis(50)] {
            let (searches, step) = waits(&mut recovery(true), Outcome::Failed, None, remaining);
            assert_eq!(step, Step::GiveUp(Some(vec![])), "{remaining:?}");
            assert!(!searches.is_empty());
        }
        let (_, step) = waits(&mut recovery(true), Outcome::Failed, None, Duration::from_secs(9));
        assert_eq!(step, Step::Send);
    }

    #[test]
    fn waits_longer_before_each_further_request() {
        let mut recovery = recovery(true);
        for wait in [1000, 1500, 2000, 3000] {
            let step = recovery.lost(Outcome::Failed, None, MINUTE, 1.0);
            assert_eq!(step, Step::Search(Duration::from_millis(wait)));
        }
    }

    #[test]
    fn waits_as_long_as_the_server_asks_if_there_is_time_for_it() {
        for (asked, first) in [(0, 1000), (7, 7000), (20, 20000), (60, 1000)] {
            let (searches, step) = waits(&mut recovery(true), Outcome::Failed, Some(asked), MINUTE);
            assert_eq!((searches[0], searches.len(), step), (first, 3, Step::Send), "{asked}");
        }
    }

    #[test]
    fn searches_again_where_no_server_was_reached() {
        let mut recovery = recovery(true);
        assert_eq!(recovery.lost(Outcome::Open, None, MINUTE, 1.0), Step::Search(Duration::from_millis(500)));
        assert_eq!(recovery.unreached(MINUTE, 1.0), Step::Search(Duration::from_secs(1)));
        assert_eq!(recovery.unreached(Duration::from_secs(2), 1.0), Step::Search(Duration::ZERO));
        assert_eq!(recovery.unreached(Duration::from_secs(1), 1.0), Step::GiveUp(None));
    }

    #[test]
    fn searches_for_half_of_the_time_where_no_answer_came() {
        let mut recovery = recovery(true);
        let mut remaining = MINUTE;
        let mut step = recovery.lost(Outcome::Open, None, remaining, 1.0);
        let mut waits = Vec::new();
        while let Step::Search(wait) = step {
            waits.push(wait.as_millis());
            remaining -= wait;
            step = recovery.searched(Some(vec![]), remaining, 1.0);
        }
        assert_eq!(step, Step::GiveUp(Some(vec![])));
        assert_eq!(waits, [500, 1000, 2000, 4000, 8000, 0]);
    }

    #[test]
    fn a_stop_and_a_refusal_leave_one_search() {
        let mut stopped = recovery(true);
        stopped.lost(Outcome::Failed, None, MINUTE, 1.0);
        stopped.stop();
        assert_eq!(stopped.searched(Some(vec![]), MINUTE, 1.0), Step::GiveUp(Some(vec![])));
        let (searches, step) = waits(&mut recovery(true), Outcome::Refused, None, MINUTE);
        assert_eq!((searches.len(), step), (1, Step::GiveUp(Some(vec![]))));
    }

    /// What a server does with a request.
    #[derive(Debug, Clone, Copy)]
    enum Fate {
        /// Makes the object and says so.
        Made,
        /// Makes it, and answers with something else.
        MadeAndFailed,
        /// Makes it, answers with something else, and shows it only after this many searches.
        MadeFailedAndLate(u32),
        /// Makes it, and the answer is lost.
        MadeAndLost,
        /// Makes it without an answer, after this many searches.
        Late(u32),
        /// Does not make it, and reports a failure.
        Failed,
        /// Does not make it, and does not answer.
        Lost,
    }

    fn fate() -> impl Strategy<Value = Fate> {
        prop_oneof![
            Just(Fate::Made),
            Just(Fate::MadeAndFailed),
            (1..=LEAST_SEARCHES).prop_map(Fate::MadeFailedAndLate),
            Just(Fate::MadeAndLost),
            (1_u32..20).prop_map(Fate::Late),
            Just(Fate::Failed),
            Just(Fate::Lost),
        ]
    }

    /// A server with objects that all match.
    #[derive(Default)]
    struct Server {
        made: u128,
        objects: HashSet<Uuid>,
        late: Vec<u32>,
        /// Whether each of the next lists can be read; all can after that.
        lists: Vec<bool>,
    }

    impl Server {
        fn make(&mut self) -> Uuid {
            self.made += 1;
            let id = Uuid::from_u128(self.made);
            self.objects.insert(id);
            id
        }

        fn list(&mut self) -> Option<HashSet<Uuid>> {
            self.late.iter_mut().for_each(|searches| *searches -= 1);
            let due = self.late.iter().filter(|searches| **searches == 0).count();
            self.late.retain(|searches| *searches > 0);
            for _ in 0..due {
                self.make();
            }
            self.lists.pop().unwrap_or(true).then(|| self.objects.clone())
        }
    }

    /// One create; the id of the object, if it got one.
    fn create(
        server: &mut Server,
        before: Option<&HashSet<Uuid>>,
        own: &HashSet<Uuid>,
        fates: &mut impl Iterator<Item = Fate>,
    ) -> Option<Uuid> {
        let mut recovery = recovery(before.is_some());
        let mut remaining = MINUTE;
        loop {
            let outcome = match fates.next().unwrap_or(Fate::Made) {
                Fate::Made => return Some(server.make()),
                Fate::MadeAndFailed => (server.make(), Outcome::Failed).1,
                Fate::MadeFailedAndLate(searches) => (server.late.push(searches), Outcome::Failed).1,
                Fate::MadeAndLost => (server.make(), Outcome::Open).1,
                Fate::Late(searches) => (server.late.push(searches), Outcome::Open).1,
                Fate::Failed => Outcome::Failed,
                Fate::Lost => Outcome::Open,
            };
            let mut step = recovery.lost(outcome, None, remaining, 1.0);
            loop {
                step = match step {
                    Step::Search(wait) => {
                        remaining -= wait;
                        let is_new = |id: &Uuid| !own.contains(id) && before.is_none_or(|before| !before.contains(id));
                        let candidates = server.list().map(|objects| objects.into_iter().filter(is_new).collect());
                        recovery.searched(candidates, remaining, 1.0)
                    }
                    Step::Send => break,
                    Step::Adopt(id) => return Some(id),
                    Step::GiveUp(_) => return None,
                }
            }
        }
    }

    proptest! {
        /// A user applies until all resources are managed, and each time first does what the error says: to wait, to
        /// look for objects that are in no state, and to import them.
        #[test]
        fn there_are_as_many_objects_as_resources(
            resources in 1_usize..8,
            fates in vec(fate(), 0..40),
            lists in vec(any::<bool>(), 0..20),
        ) {
            let mut server = Server { lists, ..Server::default() };
            let mut fates = fates.into_iter();
            let mut managed: HashSet<Uuid> = HashSet::new();
            while managed.len() < resources {
                let (before, mut own) = (server.list(), HashSet::new());
                let mut failed = 0;
                for _ in managed.len()..resources {
                    match create(&mut server, before.as_ref(), &own, &mut fates) {
                        Some(id) => prop_assert!(own.insert(id), "taken twice"),
                        None => failed += 1,
                    }
                }
                prop_assert!(managed.is_disjoint(&own), "taken twice");
                managed.extend(own);
                while !server.late.is_empty() {
                    server.list();
                }
                let orphans: Vec<Uuid> = server.objects.difference(&managed).copied().collect();
                prop_assert!(orphans.len() <= failed, "made twice");
                managed.extend(orphans);
            }
            prop_assert_eq!(server.objects, managed);
        }
    }
}
