use std::collections::HashMap;
use std::num::NonZeroU64;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;

/// An object: how often it was changed.
type Version = u64;

/// A page of a server whose objects have the ids from 0 to `total`.
fn page(number: u64, size: u64, total: u64, object: impl Fn(u64) -> Option<Version>) -> Page<Option<Version>> {
    let items = (number * size..total.min((number + 1) * size)).map(|id| (uuid(id), object(id)));
    Page {
        number,
        size: NonZeroU64::new(size).expect("not 0"),
        total,
        pages: 0,
        items: items.collect(),
        left_out: 0,
        bytes: 0,
    }
}

fn uuid(id: u64) -> Uuid {
    Uuid::from_u128(id.into())
}

/// The state machine, with a list that is of use, and without writes.
#[derive(Default)]
struct Reader(Cache<Version>);

impl Reader {
    fn begin(&mut self) -> Read {
        self.0.begin(Instant::now(), Some(0))
    }

    fn next(&mut self, read: Read, id: u64) -> Step<Version> {
        self.0.next(read, uuid(id), Worth::Untried)
    }

    /// What a new read does first.
    fn read(&mut self, id: u64) -> (Read, Step<Version>) {
        let read = self.begin();
        (read, self.next(read, id))
    }

    /// Reads the object with this ID twice, and adds the page that the second read requests.
    fn first_page(&mut self, id: u64, page: Page<Option<Version>>) -> Read {
        assert_eq!(self.read(id).1, Step::Get);
        let (read, step) = self.read(id);
        assert_eq!(step, Step::List(0..1));
        assert!(self.0.add(read, page));
        self.0.end(read);
        read
    }
}

#[tokio::test(start_paused = true)]
async fn a_page_for_the_second_read_answers_the_others() {
    let mut reader = Reader::default();
    assert_eq!(reader.read(0).1, Step::Get);
    let (second, step) = reader.read(1);
    assert_eq!(step, Step::List(0..1));
    let (third, step) = reader.read(2);
    assert_eq!(step, Step::Wait);
    reader.0.add(second, page(0, 100, 3, Some));
    assert_eq!(reader.next(third, 2), Step::Listed(2));
    reader.0.end(second);
    assert_eq!(reader.next(second, 1), Step::Listed(1));
    // An object that is not in the list may have come meanwhile.
    assert_eq!(reader.read(3).1, Step::Get);
}

#[tokio::test(start_paused = true)]
async fn the_first_read_requests_a_page_if_another_list_was_useful() {
    let mut reader = Reader::default();
    let first = reader.begin();
    assert_eq!(reader.0.next(first, uuid(1), Worth::Useful), Step::List(0..1));
    reader.0.add(first, page(0, 100, 300, Some));
    reader.0.end(first);
    assert_eq!(reader.next(first, 1), Step::Listed(1));
    assert_eq!(reader.0.next(first, uuid(200), Worth::Useful), Step::Get, "three pages for two objects");
}

#[tokio::test(start_paused = true)]
async fn reading_few_of_many_costs_one_page() {
    let mut reader = Reader::default();
    let second = reader.first_page(50_000, page(0, 100, 100_000, Some));
    assert_eq!(reader.next(second, 50_000), Step::Get);
    assert_eq!(reader.read(99_999).1, Step::Get);
    // The page still answers reads of the objects on it.
    assert_eq!(reader.read(99).1, Step::Listed(99));
}

#[tokio::test(start_paused = true)]
async fn the_other_pages_follow_once_there_are_as_many_reads() {
    let mut reader = Reader::default();
    reader.first_page(50, page(0, 20, 95, Some));
    assert_eq!(reader.read(51).1, Step::Get);
    assert_eq!(reader.read(52).1, Step::Get);
    let (fifth, step) = reader.read(53);
    assert_eq!(step, Step::List(1..5));
    // Pages come in any order, and one may show that the list has grown.
    reader.0.add(fifth, page(4, 20, 95, Some));
    reader.0.add(fifth, page(2, 20, 101, Some));
    assert_eq!(reader.read(94).1, Step::Listed(94));
    assert_eq!(reader.read(30).1, Step::Wait);
    reader.0.end(fifth);
    assert_eq!(reader.read(100).1, Step::List(5..6));
}

#[tokio::test(start_paused = true)]
async fn a_list_of_too_many_bytes_is_not_read_on() {
    let mut reader = Reader::default();
    reader.first_page(3, Page { bytes: MOST_BYTES, ..page(0, 2, 100, Some) });
    let last = (4..=51).map(|id| reader.read(id)).last();
    let Some((read, Step::List(pages))) = last else { panic!("no pages are requested") };
    assert_eq!(pages, 1..50);
    assert!(!reader.0.add(read, Page { bytes: 1, ..page(1, 2, 100, Some) }));
    reader.0.end(read);
    assert_eq!(reader.next(read, 2), Step::Get, "the page is not kept");
    assert_eq!(reader.read(60).1, Step::Get);
    assert_eq!(reader.read(1).1, Step::Listed(1));
}

#[tokio::test(start_paused = true)]
async fn listed_objects_answer_reads_if_the_rest_cannot_be_listed() {
    let mut reader = Reader::default();
    reader.first_page(1, page(0, 2, 4, |id| (id == 0).then_some(0)));
    let reads = [0, 1, 2].map(|id| (reader.begin(), id));
    let steps = reads.map(|(read, id)| reader.0.next(read, uuid(id), Worth::Useless));
    assert_eq!(steps, [Step::Listed(0), Step::Get, Step::Get]);
}

#[tokio::test(start_paused = true)]
async fn pages_that_do_not_come_are_not_requested_again() {
    let mut reader = Reader::default();
    assert_eq!(reader.read(0).1, Step::Get);
    let (second, step) = reader.read(0);
    assert_eq!(step, Step::List(0..1));
    reader.0.end(second);
    assert_eq!((reader.next(second, 0), reader.read(1).1), (Step::Get, Step::Get));
}

#[tokio::test(start_paused = true)]
async fn a_page_in_progress_keeps_the_window_open() {
    let mut reader = Reader::default();
    assert_eq!(reader.read(0).1, Step::Get);
    let (second, step) = reader.read(1);
    assert_eq!(step, Step::List(0..1));
    tokio::time::advance(2 * FRESH).await;
    let (third, step) = reader.read(2);
    assert_eq!(step, Step::Wait);
    assert!(reader.0.add(second, page(0, 100, 3, Some)));
    reader.0.end(second);
    assert_eq!(reader.next(third, 2), Step::Listed(2));
    assert_eq!(reader.read(0).1, Step::Get);
}

#[tokio::test(start_paused = true)]
async fn a_write_makes_pages_under_way_useless() {
    let mut reader = Reader::default();
    assert_eq!(reader.read(0).1, Step::Get);
    let (second, step) = reader.read(1);
    assert_eq!(step, Step::List(0..1));
    // While the write lasts, each read needs a GET, and so does the first read after it.
    let during = reader.0.begin(Instant::now(), None);
    let after = reader.0.begin(Instant::now(), Some(1));
    assert_eq!([during, after].map(|read| reader.next(read, 1)), [Step::Get, Step::Get]);
    assert!(!reader.0.add(second, page(0, 100, 3, Some)));
    assert_eq!(reader.next(second, 1), Step::Get);
}

#[tokio::test(start_paused = true)]
async fn listed_objects_answer_reads_for_a_short_time() {
    let mut reader = Reader::default();
    reader.first_page(0, page(0, 100, 3, Some));
    tokio::time::advance(FRESH / 2).await;
    assert_eq!(reader.read(0).1, Step::Listed(0));
    tokio::time::advance(FRESH / 2).await;
    assert_eq!(reader.read(0).1, Step::Get);
    assert_eq!(reader.read(0).1, Step::List(0..1));
}

/// Reads in progress at a server, in a random order.
struct World {
    reader: Cache<Version>,
    now: Instant,
    /// How often each object of the server was changed.
    objects: Vec<Version>,
    page_size: u64,
    /// Which pages fail, and which objects lists show in part only.
    fails: Box<dyn Fn(u64) -> bool>,
    lacks: Box<dyn Fn(u64) -> bool>,
    /// Useless, once such a page or object has come.
    worth: Worth,
    writes: u64,
    /// The object that a write in progress changes, and whether it has done so.
    writing: Option<(usize, bool)>,
    /// The version of each object after the last write that has ended.
    acknowledged: HashMap<u64, Version>,
    /// Reads, each with its object and the least version that may answer it.
    asking: Vec<(Read, u64, Version)>,
    /// The GETs in progress.
    getting: Vec<()>,
    waiting: Vec<(Read, u64, Version)>,
    /// Reads that list, each with the pages in progress.
    listing: Vec<(Read, u64, Version, Vec<u64>)>,
    requests: u64,
}

impl World {
    /// `useful`: whether another list has shown whole objects.
    fn new(objects: u64, page_size: u64, useful: bool) -> World {
        World {
            reader: Cache::default(),
            now: Instant::now(),
            objects: vec![0; usize::try_from(objects).expect("few")],
            page_size,
            fails: Box::new(|_| false),
            lacks: Box::new(|_| false),
            worth: if useful { Worth::Useful } else { Worth::Untried },
            writes: 0,
            writing: None,
            acknowledged: HashMap::new(),
            asking: Vec::new(),
            getting: Vec::new(),
            waiting: Vec::new(),
            listing: Vec::new(),
            requests: 0,
        }
    }

    fn object(&self, id: u64) -> Option<Version> {
        self.objects.get(usize::try_from(id).expect("few")).copied()
    }

    fn epoch(&self) -> Option<u64> {
        self.writing.is_none().then_some(self.writes)
    }

    fn under_way(&self) -> usize {
        self.asking.len() + self.getting.len() + self.waiting.len() + self.listing.len()
    }

    fn begin(&mut self, id: u64) {
        let read = self.reader.begin(self.now, self.epoch());
        self.asking.push((read, id, self.acknowledged.get(&id).copied().unwrap_or_default()));
    }

    /// The next step of a write: it begins, changes its object, or ends.
    fn write(&mut self, chance: usize) {
        match self.writing {
            None if self.objects.is_empty() => {}
            None => {
                self.writes += 1;
                self.writing = Some((chance % self.objects.len(), false));
            }
            Some((object, false)) => {
                self.objects[object] += 1;
                self.writing = Some((object, true));
            }
            Some((object, true)) => {
                self.acknowledged.insert(object as u64, self.objects[object]);
                self.writing = None;
            }
        }
    }

    /// The next step of one of the reads. A read that the list answers must be as good as a GET since the last write.
    fn go_on(&mut self, chance: usize) -> Result<(), TestCaseError> {
        let choices = self.asking.len() + self.getting.len() + self.listing.len();
        // A page that comes ends all waits, so there is always a read that does not wait.
        prop_assert!(choices > 0, "{} reads wait for nothing", self.waiting.len());
        let mut choice = chance % choices;
        if choice < self.asking.len() {
            let (read, id, least) = self.asking.swap_remove(choice);
            match self.reader.next(read, uuid(id), self.worth) {
                Step::Listed(version) => prop_assert!(version >= least && self.object(id) >= Some(version)),
                Step::Get => self.getting.push(()),
                Step::Wait => self.waiting.push((read, id, least)),
                Step::List(pages) => {
                    // A request that a write has outdated may still end.
                    prop_assert!(self.listing.is_empty() || self.writes > 0, "two lists at once");
                    self.listing.push((read, id, least, pages.collect()));
                }
            }
            return Ok(());
        }
        choice -= self.asking.len();
        if choice < self.getting.len() {
            self.getting.swap_remove(choice);
            self.requests += 1;
            return Ok(());
        }
        choice -= self.getting.len();
        let (read, id, least, mut pages) = self.listing.swap_remove(choice);
        if pages.is_empty() {
            self.reader.end(read);
            self.asking.push((read, id, least));
        } else {
            let number = pages.swap_remove(chance / choices % pages.len());
            self.requests += 1;
            let whole = |id| self.object(id).filter(|_| !(self.lacks)(id));
            let page = page(number, self.page_size, self.objects.len() as u64, whole);
            if (self.fails)(number) || page.items.iter().any(|(_, object)| object.is_none()) {
                self.worth = Worth::Useless;
            }
            let goes_on = !(self.fails)(number) && self.reader.add(read, page) && self.worth != Worth::Useless;
            self.listing.push((read, id, least, if goes_on { pages } else { Vec::new() }));
        }
        self.asking.append(&mut self.waiting);
        Ok(())
    }
}

/// Reads these objects, `at_once` at a time, and returns the number of requests.
fn run(world: &mut World, ids: &[u64], at_once: usize, chances: &[usize], writes: bool) -> Result<u64, TestCaseError> {
    let (mut ids, mut chances) = (ids.iter(), chances.iter().cycle());
    while ids.len() > 0 || world.under_way() > 0 {
        let chance = *chances.next().expect("endless");
        if writes && chance % 5 == 0 {
            world.write(chance / 5);
            world.now += FRESH / 10;
        }
        if world.under_way() < at_once && ids.len() > 0 && (chance % 2 == 0 || world.under_way() == 0) {
            world.begin(*ids.next().expect("some are left"));
        } else {
            world.go_on(chance / 2)?;
        }
    }
    Ok(world.requests)
}

proptest! {
    /// Each read is answered, and by what a GET would return.
    #[test]
    fn no_more_than_twice_the_requests_of_the_better_way(
        objects in 0_u64..80, page_size in 1_u64..12, ids in vec(0_u64..90, 0..120),
        at_once in 1_usize..15, chances in vec(any::<usize>(), 1..300), useful in any::<bool>(),
    ) {
        let mut world = World::new(objects, page_size, useful);
        let requests = run(&mut world, &ids, at_once, &chances, false)?;
        let pages = objects.div_ceil(page_size).max(1);
        let (reads, gone) = (ids.len() as u64, ids.iter().filter(|id| **id >= objects).count() as u64);
        prop_assert!(requests <= 2 * reads.min(pages + gone), "{requests}, {reads} reads, {pages} pages");
    }

    #[test]
    fn a_useless_list_costs_at_most_one_request_for_each_read(
        objects in 0_u64..80, page_size in 1_u64..12, ids in vec(0_u64..90, 0..120),
        at_once in 1_usize..15, chances in vec(any::<usize>(), 1..300), fails in 0_u64..4, lacks in 0_u64..80,
        useful in any::<bool>(),
    ) {
        let fails: Box<dyn Fn(u64) -> bool> = Box::new(move |number| number >= fails);
        let mut world = World { fails, lacks: Box::new(move |id| id == lacks), ..World::new(objects, page_size, useful) };
        let requests = run(&mut world, &ids, at_once, &chances, false)?;
        prop_assert!(requests <= 2 * ids.len() as u64);
    }

    #[test]
    fn a_read_shows_what_this_process_wrote(
        objects in 0_u64..30, page_size in 1_u64..12, ids in vec(0_u64..40, 0..120),
        at_once in 1_usize..15, chances in vec(any::<usize>(), 10..300), useful in any::<bool>(),
    ) {
        run(&mut World::new(objects, page_size, useful), &ids, at_once, &chances, true)?;
    }
}
