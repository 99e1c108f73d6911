//! Which page of a list is read next, and when the list is complete: a state machine without I/O.
//!
//! Objects that come or go while a list is read move the objects behind them, also from page to page. Objects that come
//! make others show up twice, which their IDs show. Objects that go make others slip to a page that was read already.
//! The total shows that, and the list is read again from as many objects before.
//!
//! A server without a stable order may repeat some objects and skip others. A list that shows fewer objects than its
//! total is read again from the start, as long as that shows new objects, and then once more. A list that still shows
//! fewer is an error: it proves nothing.
//!
//! The total may be too small. The number of pages, and a full page after which there should be nothing more, say so too.
//! A page may have fewer objects than the server says that pages have: it is asked for once more, and if it is the same,
//! that is the size of the pages.
//!
//! So every object that is in the list all the time is given exactly once, if the server keeps its order, and if objects
//! do not both come and go between two answers. Objects that come or go meanwhile may be missing.

use std::collections::HashSet;
use std::num::NonZeroU64;

use uuid::Uuid;

use crate::error::Malformed;
use crate::http::Page;

/// How many objects a list has at most. Each takes memory.
const MOST_OBJECTS: usize = 1_000_000;
/// How many bytes of JSON a list has at most: half a kilobyte for each of a million objects.
pub(crate) const MOST_BYTES: u64 = 512 << 20;
/// How many pages are read at most: a million objects at the documented default size.
const MOST_PAGES: u32 = 50_000;
/// How often in a row a list is read from the start without a new object, although it shows fewer than its total.
const MOST_FRUITLESS: u32 = 2;

/// The pages of one list, read one after the other.
pub struct Pages {
    /// The page to read next, or `None` if the list is complete.
    next: Option<u64>,
    /// Objects before this position of the list have been given, unless they came meanwhile.
    position: u64,
    /// IDs and total of the last page.
    last: Option<(Vec<Uuid>, u64)>,
    /// The size of the pages, if it is smaller than the server says.
    size: Option<NonZeroU64>,
    /// The total of the last page, as the server states it.
    stated: Option<u64>,
    /// Number of items on the first page.
    on_first: u64,
    /// Number of pages read, and of their bytes.
    read: u32,
    bytes: u64,
    /// Objects that were given when this round began, and the rounds in a row that gave none.
    before: usize,
    fruitless: u32,
    /// Items of this round that have no usable ID.
    left_out: u64,
    /// IDs of all objects so far.
    given: HashSet<Uuid>,
}

impl Default for Pages {
    fn default() -> Pages {
        Pages {
            next: Some(0),
            position: 0,
            last: None,
            size: None,
            stated: None,
            on_first: 0,
            read: 0,
            bytes: 0,
            before: 0,
            fruitless: 0,
            left_out: 0,
            given: HashSet::new(),
        }
    }
}

impl Pages {
    /// Number of the page to read next, or `None` if the list is complete.
    pub fn next(&self) -> Option<u64> {
        self.next
    }

    /// Adds a page, and returns the objects on it that are new.
    ///
    /// The number of the page is the one in the answer, not the one that was requested. It is an error if the server
    /// repeats a page although nothing has changed, returns more and more pages, too many bytes, or never shows all objects
    /// of its total.
    pub fn add<T>(&mut self, page: Page<T>) -> Result<Vec<(Uuid, T)>, Malformed> {
        self.read += 1;
        self.bytes = self.bytes.saturating_add(page.bytes);
        if self.bytes > MOST_BYTES {
            return Err(Malformed::EndlessList { objects: self.given.len(), pages: self.read });
        }
        let (size, on_page) = (self.size.unwrap_or(page.size), page.on_page());
        if page.number == 0 {
            self.on_first = on_page;
        }
        let total = page.least_total(self.on_first.min(size.get()));
        let Page { number, total: page_total, mut items, left_out, .. } = page;
        let same_total = self.stated.replace(page_total) == Some(page_total);
        if on_page == 0 && same_total && self.position >= page_total {
            // The number of pages is too high.
            self.next = None;
            return self.end_round(page_total).map(|()| Vec::new());
        }
        let last = Some((items.iter().map(|(id, _)| *id).collect(), total));
        if self.last == last {
            let Some(smaller) = NonZeroU64::new(on_page).filter(|on_page| number == 0 && *on_page < size) else {
                return Err(Malformed::RepeatedPage { total });
            };
            self.size = Some(smaller);
            self.next = Some(1);
            return Ok(Vec::new());
        }
        let fell = self.last.as_ref().map_or(0, |(_, before)| before.saturating_sub(total));
        self.last = last;

        self.position = self.position.saturating_sub(fell);
        let start = number.saturating_mul(size.get());
        if start <= self.position {
            // A page that is shorter than it should be is read again: the server may have counted its objects and the
            // total at different times.
            self.position = self.position.max(start.saturating_add(on_page));
        }
        let goes_on = self.position < total || (self.position > total && on_page >= size.get());
        self.next = goes_on.then_some(self.position / size);

        items.retain(|(id, _)| self.given.insert(*id));
        self.left_out += left_out;
        if self.next.is_none() {
            self.end_round(total)?;
        }
        if self.given.len() > MOST_OBJECTS || (self.next.is_some() && self.read == MOST_PAGES) {
            return Err(Malformed::EndlessList { objects: self.given.len(), pages: self.read });
        }
        Ok(items)
    }

    /// Ends the list, or reads it once more because it showed less than its total.
    fn end_round(&mut self, total: u64) -> Result<(), Malformed> {
        let shown = (self.given.len() as u64).saturating_add(self.left_out);
        if shown >= total {
            return Ok(());
        }
        self.fruitless = if self.given.len() > self.before { 0 } else { self.fruitless + 1 };
        if self.fruitless == MOST_FRUITLESS {
            return Err(Malformed::IncompleteList { shown, total });
        }
        (self.next, self.position, self.last, self.left_out) = (Some(0), 0, None, 0);
        self.before = self.given.len();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU64;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    fn page(number: u64, size: u64, total: u64, ids: impl IntoIterator<Item = u128>) -> Page<()> {
        let items = ids.into_iter().map(|id| (Uuid::from_u128(id), ())).collect();
        Page { number, size: NonZeroU64::new(size).expect("not 0"), total, pages: 0, items, left_out: 0, bytes: 0 }
    }

    /// Reads a list from a server that is asked for a page by its number. Returns the objects, the number of pages, and
    /// why the server was refused.
    fn read(mut server: impl FnMut(u64) -> Page<()>) -> (Vec<u128>, u32, Option<Malformed>) {
        let (mut pages, mut given) = (Pages::default(), Vec::new());
        while let Some(number) = pages.next() {
            match pages.add(server(number)) {
                Ok(new) => given.extend(new.into_iter().map(|(id, ())| id.as_u128())),
                Err(refused) => return (given, pages.read, Some(refused)),
            }
        }
        (given, pages.read, None)
    }

    /// The page of a list that an honest server gives.
    fn slice(list: &[u128], number: u64, size: u64) -> Page<()> {
        let [start, size_here] = [number * size, size].map(|count| usize::try_from(count).expect("few"));
        let ids = list.iter().copied().skip(start).take(size_here);
        page(number, size, list.len() as u64, ids)
    }

    #[test]
    fn reads_each_page_of_a_list_at_rest_once() {
        for (length, size, requests) in
            [(0, 100, 1), (1, 100, 1), (100, 100, 1), (101, 100, 2), (250, 20, 13), (3, 1, 3)]
        {
            let list: Vec<u128> = (0..length).collect();
            assert_eq!(read(|number| slice(&list, number, size)), (list.clone(), requests, None));
        }
    }

    #[test]
    fn goes_back_for_what_slipped_to_a_page_that_was_read() {
        let mut list: Vec<u128> = (0..6).collect();
        let mut asked = Vec::new();
        let (given, _, refused) = read(|number| {
            if number == 1 {
                list.retain(|id| *id != 0);
            }
            asked.push(number);
            slice(&list, number, 2)
        });
        assert_eq!((given, refused), (vec![0, 1, 3, 4, 2, 5], None));
        assert_eq!(asked, [0, 1, 0, 1, 2]);
    }

    #[test]
    fn follows_a_server_that_changes_the_size_of_its_pages() {
        let list: Vec<u128> = (0..250).collect();
        for sizes in [[20, 100], [100, 20], [100, 7]] {
            let mut count = 0;
            let (mut given, _, refused) = read(|number| {
                count += 1;
                slice(&list, number, sizes[usize::from(count > 1)])
            });
            given.sort_unstable();
            assert_eq!((given, refused), (list.clone(), None), "{sizes:?}");
        }
    }

    #[test]
    fn reads_a_page_again_that_is_shorter_than_the_total_says() {
        let mut answers = [page(0, 10, 3, [1, 2]), page(0, 10, 3, [1, 2, 3])].into_iter();
        assert_eq!(read(|_| answers.next().expect("two")), (vec![1, 2, 3], 2, None));
    }

    #[test]
    fn refuses_a_server_that_repeats_itself() {
        let repeated = |total| Some(Malformed::RepeatedPage { total });
        // It ignores the number and says so; ignores it and says otherwise; counts from 1; has fewer than it says.
        assert_eq!(read(|_| page(0, 2, 4, [1, 2])), (vec![1, 2], 2, repeated(4)));
        assert_eq!(read(|number| page(number, 2, 4, [1, 2])), (vec![1, 2], 2, repeated(4)));
        assert_eq!(read(|number| page(number + 1, 2, 4, [1, 2])), (vec![1, 2], 2, repeated(4)));
        assert_eq!(read(|number| page(number, 2, 4, [])), (vec![], 2, repeated(4)));
    }

    #[test]
    fn refuses_a_list_without_end() {
        let endless = |objects, pages| Some(Malformed::EndlessList { objects, pages });
        let (_, requests, refused) = read(|number| page(number, 1, number + 2, [number.into()]));
        assert_eq!((requests, refused), (MOST_PAGES, endless(50_000, MOST_PAGES)));
        let (given, _, refused) = read(|number| page(number, 1, number + 2, [1]));
        assert_eq!((given, refused), (vec![1], endless(1, MOST_PAGES)));
        // Each page is far larger than what was asked for.
        let many = |number: u64| (0..9_000).map(move |item| u128::from(number * 9_000 + item));
        let (_, requests, refused) = read(|number| page(number, 9_000, (number + 2) * 9_000, many(number)));
        assert_eq!((requests, refused), (112, endless(1_008_000, 112)));
    }

    #[test]
    fn refuses_a_list_of_too_many_bytes() {
        const ANSWER: u64 = 1 << 20;
        let list = |pages: u64, bytes: u64| read(|number| Page { bytes, ..page(number, 1, pages, [number.into()]) });
        let (given, requests, refused) = list(MOST_BYTES / ANSWER, ANSWER);
        assert_eq!((given.len(), requests, refused), (512, 512, None));
        let refused = |objects, pages| Some(Malformed::EndlessList { objects, pages });
        assert_eq!(list(600, ANSWER).2, refused(512, 513));
        // The last page, and one with nothing new on it.
        assert_eq!(list(2, MOST_BYTES / 2 + 1).2, refused(1, 2));
        assert_eq!(read(|_| Page { bytes: MOST_BYTES / 2 + 1, ..page(0, 2, 2, [1]) }).2, refused(1, 2));
        assert_eq!(list(2, u64::MAX).2, refused(0, 1));
    }

    #[test]
    fn items_that_are_left_out_are_not_waited_for() {
        let left_out = |number| Page { left_out: 1, ..page(number, 2, 4, [number.into()]) };
        assert_eq!(read(left_out), (vec![0, 1], 2, None));
    }

    #[test]
    fn reads_a_list_again_whose_order_hid_an_object() {
        let mut answers = [[1, 2], [2, 3], [1, 2], [4, 3]].into_iter();
        assert_eq!(read(|number| page(number, 2, 4, answers.next().expect("four"))), (vec![1, 2, 3, 4], 4, None));
    }

    #[test]
    fn a_list_that_never_shows_its_total_is_an_error() {
        let incomplete = Some(Malformed::IncompleteList { shown: 1, total: 2 });
        assert_eq!(read(|number| page(number, 2, 2, [1, 1])), (vec![1], 1 + MOST_FRUITLESS, incomplete));
    }

    #[test]
    fn a_list_in_random_order_is_read_until_it_is_complete() {
        let mut random = 1_u64;
        let mut shuffled = || {
            let mut list: Vec<u128> = (0..35).collect();
            for place in 0..list.len() {
                random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                list.swap(place, usize::try_from(random >> 33).expect("small") % 35);
            }
            list
        };
        let (mut given, _, refused) = read(|number| slice(&shuffled(), number, 10));
        given.sort_unstable();
        assert_eq!((given, refused), ((0..35).collect(), None));
    }

    #[test]
    fn a_total_that_is_too_small_does_not_end_the_list() {
        let list: Vec<u128> = (0..35).collect();
        // The number of objects on this page, with the right number of pages; always none, without that.
        let of_page = |number| {
            let page = slice(&list, number, 10);
            Page { total: page.on_page(), pages: 4, ..page }
        };
        let none = |number| Page { total: 0, ..slice(&list, number, 10) };
        assert_eq!(read(of_page), (list.clone(), 4, None));
        assert_eq!(read(none), (list.clone(), 4, None));
    }

    #[test]
    fn a_number_of_pages_that_is_too_high_does_not_matter() {
        let list: Vec<u128> = (0..5).collect();
        assert_eq!(read(|number| Page { pages: 2, ..slice(&list, number, 5) }), (list.clone(), 2, None));
    }

    #[test]
    fn follows_a_server_whose_pages_are_smaller_than_it_says() {
        let list: Vec<u128> = (0..37).collect();
        for pages in [0, 4] {
            let capped =
                |number| Page { size: NonZeroU64::new(100).expect("not 0"), pages, ..slice(&list, number, 10) };
            assert_eq!(read(capped), (list.clone(), 5, None));
        }
    }

    /// What happens to a list between two answers.
    #[derive(Debug, Clone)]
    enum Change {
        /// An object comes in at each of these places.
        Come(Vec<usize>),
        /// The object at each of these places goes.
        Go(Vec<usize>),
    }

    fn change() -> impl Strategy<Value = Change> {
        let places = || vec(any::<usize>(), 0..6);
        prop_oneof![places().prop_map(Change::Come), places().prop_map(Change::Go)]
    }

    fn apply(change: Change, list: &mut Vec<u128>, new_id: &mut u128) {
        match change {
            Change::Come(places) => {
                for place in places {
                    *new_id += 1;
                    list.insert(place % (list.len() + 1), *new_id);
                }
            }
            Change::Go(places) => {
                for place in places.into_iter().take(list.len()) {
                    list.remove(place % list.len());
                }
            }
        }
    }

    proptest! {
        #[test]
        fn finds_all_that_is_there_all_the_time_once(
            length in 0_u128..60, size in 1_u64..12, changes in vec(change(), 0..40),
        ) {
            let mut list: Vec<u128> = (0..length).collect();
            let (mut survivors, mut new_id, mut changes) = (list.clone(), length, changes.into_iter());
            let (mut given, _, refused) = read(|number| {
                let answer = slice(&list, number, size);
                survivors.retain(|id| list.contains(id));
                changes.next().into_iter().for_each(|change| apply(change, &mut list, &mut new_id));
                answer
            });
            prop_assert_eq!(refused, None);
            given.sort_unstable();
            prop_assert!(given.windows(2).all(|pair| pair[0] < pair[1]), "a double in {:?}", given);
            prop_assert!(survivors.iter().all(|id| given.contains(id)), "{:?} not all in {:?}", survivors, given);
        }

        #[test]
        fn ends_without_duplicates_for_any_server(
            answers in vec((0..4_u64, 1..4_u64, 0..20_u64, vec(0..9_u128, 0..5)), 1..5), huge in any::<bool>(),
        ) {
            let mut answers = answers.into_iter().cycle();
            let (mut given, requests, _) = read(|_| {
                let (number, size, total, ids) = answers.next().expect("endless");
                let [number, size, total] = [number, size, total].map(|said| if huge { u64::MAX - said } else { said });
                page(number, size, total, ids)
            });
            prop_assert!(requests <= MOST_PAGES);
            given.sort_unstable();
            prop_assert!(given.windows(2).all(|pair| pair[0] < pair[1]), "a double in {:?}", given);
        }
    }
}
