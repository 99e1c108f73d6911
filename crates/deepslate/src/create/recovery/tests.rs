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
fn waits(recovery: &mut Recovery, outcome: Outcome, asked: Option<u64>, mut remaining: Duration) -> (Vec<u128>, Step) {
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
fn the_objects_found_decide() {
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
fn searches_again_if_no_server_was_reached() {
    let mut recovery = recovery(true);
    assert_eq!(recovery.lost(Outcome::Open, None, MINUTE, 1.0), Step::Search(Duration::from_millis(500)));
    assert_eq!(recovery.unreached(MINUTE, 1.0), Step::Search(Duration::from_secs(1)));
    assert_eq!(recovery.unreached(Duration::from_secs(2), 1.0), Step::Search(Duration::ZERO));
    assert_eq!(recovery.unreached(Duration::from_secs(1), 1.0), Step::GiveUp(None));
}

#[test]
fn searches_for_half_of_the_time_if_there_was_no_response() {
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
