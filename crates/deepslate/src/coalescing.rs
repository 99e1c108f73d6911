//! Which reads of a collection's objects are answered from its list, and which by a GET each: a state machine without I/O.
//!
//! A page of the list shows a hundred objects for the price of one, but who reads three objects of a hundred thousand is
//! not to pay for a thousand pages. So the first read is a GET; the second has the first page requested, which tells how
//! many pages there are; the others are requested once there are as many reads as pages, since the whole list then takes
//! no more requests than GETs. Until then, what the first page does not show is read by a GET.
//!
//! What was listed answers reads for a short time, in which this process changes nothing. All that is counted and known
//! is of one such window. In each, reads take at most twice as many requests as the better of two ways: a GET for each,
//! or the whole list and a GET for each object that it does not show. (The reader treats one that it shows otherwise
//! than expected the same: a list may lag behind, so that an object is gone or has changed, only a GET tells.)

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::pages::Page;

/// How long a window lasts: long enough for a plan of some thousands of objects, and short beside what lies between a
/// plan and its apply.
const FRESH: Duration = Duration::from_secs(60);

/// What is known of one collection.
pub(super) struct Coalescing<T> {
    /// Now or last.
    window: Option<Window<T>>,
    /// How many windows there were.
    windows: u64,
}

struct Window<T> {
    began: Instant,
    /// How many writes there had been.
    writes: u64,
    /// How many reads there were so far.
    reads: u64,
    /// How many pages there are, as far as was told: at first, one.
    pages: u64,
    /// How many of them have been requested.
    requested: u64,
    /// Whether some of these are under way, which keeps the window open.
    under_way: bool,
    listed: HashMap<Uuid, T>,
}

/// A read: the number of its window, where it is in one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read(Option<u64>);

/// What is to be done for a read.
#[derive(Debug, PartialEq)]
pub(super) enum Step<T> {
    /// Nothing: its object is listed.
    Listed(T),
    /// A GET.
    Get,
    /// Ask again when a page has come, or when none will.
    Wait,
    /// Request these pages, [`take`](Coalescing::take) each, tell that this is the [`end`](Coalescing::end), and ask again.
    List(Range<u64>),
}

impl<T> Default for Coalescing<T> {
    fn default() -> Coalescing<T> {
        Coalescing { window: None, windows: 0 }
    }
}

impl<T: Clone> Coalescing<T> {
    /// Counts a read that begins now. `writes` is how many writes of this process there were; nothing while one is under
    /// way.
    pub(super) fn begin(&mut self, now: Instant, writes: Option<u64>) -> Read {
        let Some(writes) = writes else { return Read(None) };
        let window = match self.window.take() {
            Some(window) if window.writes == writes && (window.under_way || now < window.began + FRESH) => window,
            _ => {
                self.windows += 1;
                Window {
                    began: now,
                    writes,
                    reads: 0,
                    pages: 1,
                    requested: 0,
                    under_way: false,
                    listed: HashMap::new(),
                }
            }
        };
        self.window = Some(Window { reads: window.reads + 1, ..window });
        Read(Some(self.windows))
    }

    /// What is to be done for a read of the object with this id. `may_list` is whether the list is of any use.
    pub(super) fn next(&mut self, read: Read, id: Uuid, may_list: bool) -> Step<T> {
        let Some(window) = self.window_of(read) else { return Step::Get };
        if let Some(object) = window.listed.get(&id) {
            return Step::Listed(object.clone());
        }
        if window.under_way {
            return Step::Wait;
        }
        if !may_list || window.requested == window.pages || window.reads < window.pages.max(2) {
            return Step::Get;
        }
        window.under_way = true;
        let first = std::mem::replace(&mut window.requested, window.pages);
        Step::List(first..window.pages)
    }

    /// Takes a page, with each object that it tells all of. Whether the others are still of interest.
    pub(super) fn take(&mut self, read: Read, page: Page<Option<T>>) -> bool {
        let Some(window) = self.window_of(read) else { return false };
        window.pages = page.total.div_ceil(page.size.get()).max(window.requested);
        window.listed.extend(page.items.into_iter().filter_map(|(id, object)| Some((id, object?))));
        true
    }

    /// All pages that were requested for this read have been taken, or will not come.
    pub(super) fn end(&mut self, read: Read) {
        if let Some(window) = self.window_of(read) {
            window.under_way = false;
        }
    }

    fn window_of(&mut self, read: Read) -> Option<&mut Window<T>> {
        let Read(number) = read;
        self.window.as_mut().filter(|_| number == Some(self.windows))
    }
}

#[cfg(test)]
mod tests;
