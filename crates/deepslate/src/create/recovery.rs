//! What follows a create with an unknown outcome: a state machine without I/O.
//!
//! The collection is listed again, after a wait with backoff. Candidates are the objects that match the one to be
//! created, did not exist before, and belong to no other create.
//!
//! | candidates | the server reported a failure | it did not |
//! |---|---|---|
//! | one | adopt it | adopt it |
//! | none | nothing was made: send again | search again, until half of the time is used |
//! | several, or one and it is unknown which objects existed before | give up | give up |
//! | the list cannot be read | give up | give up |
//! | no server is reached for it | search again, while there is time | search again, until half of the time is used |

use std::time::Duration;

use uuid::Uuid;

use crate::http::{LEAST_SHARE, backoff};

/// What to do next.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Wait, then search for candidates, and call [`Recovery::searched`] or [`Recovery::unreached`].
    Search(Duration),
    /// Send the request again, and call [`Recovery::lost`] if its outcome is unknown too.
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
    /// Whether the server reported that the last request failed.
    failed: bool,
    /// The time to be left when the search ends.
    reserve: Duration,
    searches: u32,
    /// Whether the next search is the last, because there is no time for another wait.
    last: bool,
}

impl Recovery {
    /// The recovery of a create that has not been sent yet. `recorded`: whether it is known which objects exist.
    pub(super) fn new(recorded: bool) -> Recovery {
        Recovery { recorded, failed: false, reserve: Duration::ZERO, searches: 0, last: false }
    }

    /// The outcome of the request is unknown. `failed`: whether the server reported a failure; `asked`: the wait that it
    /// asked for; `remaining`: the time left; `random`: as in [`backoff`].
    pub(super) fn lost(&mut self, failed: bool, asked: Option<Duration>, remaining: Duration, random: f64) -> Step {
        self.failed = failed;
        self.reserve = remaining / if failed { LEAST_SHARE } else { 2 };
        self.search(asked, remaining, random)
    }

    /// A list showed these candidates, or could not be read.
    pub(super) fn searched(&mut self, candidates: Option<Vec<Uuid>>, remaining: Duration, random: f64) -> Step {
        match candidates.as_deref() {
            Some([only]) if self.recorded => Step::Adopt(*only),
            Some([]) if self.last => Step::GiveUp(candidates),
            Some([]) if self.failed => Step::Send,
            Some([]) => self.search(None, remaining, random),
            _ => Step::GiveUp(candidates),
        }
    }

    /// The request was refused, after an earlier one whose object the list did not show. That object may be the reason,
    /// so there is one more search.
    pub(super) fn refused(&mut self, remaining: Duration, random: f64) -> Step {
        let step = self.search(None, remaining, random);
        self.last = true;
        step
    }

    /// No server was reached for a list. It may be restarting, perhaps because of the create.
    pub(super) fn unreached(&mut self, remaining: Duration, random: f64) -> Step {
        if self.last { Step::GiveUp(None) } else { self.search(None, remaining, random) }
    }

    fn search(&mut self, asked: Option<Duration>, remaining: Duration, random: f64) -> Step {
        self.searches += 1;
        let wait = backoff(self.searches, random).max(asked.unwrap_or_default());
        self.last = wait >= remaining.saturating_sub(self.reserve);
        Step::Search(if self.last { Duration::ZERO } else { wait })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::error::{ErrorDetails, ErrorKind, Malformed};

    const MINUTE: Duration = Duration::from_secs(60);
    const ONE: Uuid = Uuid::from_u128(1);
    const TWO: Uuid = Uuid::from_u128(2);

    /// What follows one search.
    fn after(recorded: bool, failed: bool, candidates: Option<Vec<Uuid>>) -> Step {
        let mut recovery = Recovery::new(recorded);
        assert_eq!(recovery.lost(failed, None, MINUTE, 1.0), Step::Search(Duration::from_millis(500)));
        recovery.searched(candidates, MINUTE, 1.0)
    }

    #[test]
    fn every_path() {
        for failed in [true, false] {
            assert_eq!(after(true, failed, Some(vec![ONE])), Step::Adopt(ONE));
            for (recorded, candidates) in [
                (false, Some(vec![ONE])),
                (false, Some(vec![ONE, TWO])),
                (true, Some(vec![ONE, TWO])),
                (true, None),
                (false, None),
            ] {
                assert_eq!(after(recorded, failed, candidates.clone()), Step::GiveUp(candidates));
            }
        }
        for recorded in [true, false] {
            assert_eq!(after(recorded, true, Some(vec![])), Step::Send);
            assert_eq!(after(recorded, false, Some(vec![])), Step::Search(Duration::from_secs(1)));
        }
    }

    #[test]
    fn waits_longer_before_each_further_request() {
        let mut recovery = Recovery::new(true);
        for wait in [500, 1000, 2000] {
            assert_eq!(recovery.lost(true, None, MINUTE, 1.0), Step::Search(Duration::from_millis(wait)));
            assert_eq!(recovery.searched(Some(vec![]), MINUTE, 1.0), Step::Send);
        }
    }

    #[test]
    fn searches_once_more_when_the_time_is_over_and_sends_nothing_after_it() {
        let mut recovery = Recovery::new(true);
        assert_eq!(recovery.lost(true, None, Duration::from_millis(550), 1.0), Step::Search(Duration::ZERO));
        assert_eq!(recovery.searched(Some(vec![]), Duration::from_millis(540), 1.0), Step::GiveUp(Some(vec![])));

        let mut recovery = Recovery::new(true);
        assert_eq!(recovery.lost(true, None, Duration::from_millis(500), 1.0), Step::Search(Duration::ZERO));
        assert_eq!(recovery.searched(Some(vec![ONE]), Duration::from_millis(490), 1.0), Step::Adopt(ONE));
    }

    #[test]
    fn waits_as_long_as_the_server_asks() {
        let lost = |asked| Recovery::new(true).lost(true, Some(Duration::from_secs(asked)), MINUTE, 1.0);
        assert_eq!(lost(0), Step::Search(Duration::from_millis(500)));
        assert_eq!(lost(7), Step::Search(Duration::from_secs(7)));
        assert_eq!(lost(60), Step::Search(Duration::ZERO));
    }

    #[test]
    fn searches_again_where_no_server_was_reached() {
        let mut recovery = Recovery::new(true);
        assert_eq!(recovery.lost(true, None, MINUTE, 1.0), Step::Search(Duration::from_millis(500)));
        assert_eq!(recovery.unreached(MINUTE, 1.0), Step::Search(Duration::from_secs(1)));
        assert_eq!(recovery.unreached(Duration::from_secs(2), 1.0), Step::Search(Duration::ZERO));
        assert_eq!(recovery.unreached(Duration::from_secs(1), 1.0), Step::GiveUp(None));
    }

    #[test]
    fn searches_for_half_of_the_time_where_no_answer_came() {
        let mut recovery = Recovery::new(true);
        let mut remaining = MINUTE;
        let mut step = recovery.lost(false, None, remaining, 1.0);
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
    fn neither_a_gateway_nor_a_success_reports_a_failure_of_the_server() {
        for (status, kind, failed) in [
            (None, ErrorKind::ConnectionLost, false),
            (Some(504), ErrorKind::Unavailable, false),
            (Some(524), ErrorKind::Unavailable, false),
            (Some(502), ErrorKind::Unavailable, true),
            (Some(500), ErrorKind::Unavailable, true),
            (Some(201), ErrorKind::MalformedAnswer(Malformed::NotJson), false),
            (Some(201), ErrorKind::ConnectionLost, false),
            (Some(200), ErrorKind::MalformedAnswer(Malformed::NotSuccessful), true),
        ] {
            let details = ErrorDetails::new(kind, http::Method::POST, String::new(), String::new());
            assert_eq!(ErrorDetails { status, ..*details }.reports_failure(), failed, "{status:?}");
        }
    }

    /// What a server does with a request.
    #[derive(Debug, Clone, Copy)]
    enum Fate {
        /// Makes the object and says so.
        Made,
        /// Makes it, and answers with something else.
        MadeAndFailed,
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
        let mut recovery = Recovery::new(before.is_some());
        let mut remaining = MINUTE;
        loop {
            let failed = match fates.next().unwrap_or(Fate::Made) {
                Fate::Made => return Some(server.make()),
                Fate::MadeAndFailed => (server.make(), true).1,
                Fate::MadeAndLost => (server.make(), false).1,
                Fate::Late(searches) => (server.late.push(searches), false).1,
                Fate::Failed => true,
                Fate::Lost => false,
            };
            let mut step = recovery.lost(failed, None, remaining, 1.0);
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
