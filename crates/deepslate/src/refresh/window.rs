//! Which reads of a collection's objects are answered from its list, and which by one GET each: a state machine without
//! I/O.
//!
//! A page of the list shows a hundred objects for the price of one, but reading three objects of a hundred thousand must
//! not cost a thousand pages. So the first read is a GET, unless a list of this kind has shown complete objects before: many
//! collections with a few objects each then need one page each. The second read requests the first page, which shows how
//! many pages there are. The other pages are requested once there are as many reads as pages, because the whole list then
//! needs no more requests than GETs. Until then, objects that are not on the first page are read by a GET.
//!
//! A list answers reads for a short time in which this process changes nothing: a window. All counts are those of one
//! window. In each window, reads need at most twice as many requests as the better of two ways: one GET for each read,
//! or the whole list and one GET for each object that it does not show. (An object that the list shows in another state
//! than expected is read by a GET too: a list may be behind, so only a GET shows that an object is gone or has changed.)

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use crate::http::Page;
use crate::list::MOST_BYTES;

/// How long a window lasts: long enough for a plan of some thousand objects, and short compared with the time between a
/// plan and its apply.
const FRESH: Duration = Duration::from_secs(60);

/// The refresh cache of one collection.
pub(super) struct Cache<T> {
    /// The window that is open or was open last.
    window: Option<Window<T>>,
    /// The number of windows so far.
    windows: u64,
}

struct Window<T> {
    began: Instant,
    /// The write epoch in which it began.
    epoch: u64,
    /// The number of reads so far.
    reads: u64,
    /// The number of pages, as far as it is known: at first, one.
    pages: u64,
    /// The number of pages requested so far.
    requested: u64,
    /// Whether some of these are in progress, which keeps the window open.
    under_way: bool,
    listed: HashMap<Uuid, T>,
    /// The bytes of all pages.
    bytes: u64,
}

/// A read: the number of its window, or `None` if it belongs to none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Read(Option<u64>);

/// What the lists of a kind are worth for reads. What comes later outweighs what comes before it: a page of a useless list may be
/// better by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Worth {
    /// None has been read yet.
    Untried,
    /// One has shown whole objects.
    Useful,
    /// The server has none, or they do not show all fields.
    Useless,
}

/// What a read does next.
#[derive(Debug, PartialEq)]
pub(super) enum Step<T> {
    /// It ends: the object is listed.
    Listed(T),
    /// It sends a GET.
    Get,
    /// It asks again after the next page, or when no more pages come.
    Wait,
    /// It requests these pages, [adds](Cache::add) each, [ends](Cache::end) the request, and asks again.
    List(Range<u64>),
}

impl<T> Default for Cache<T> {
    fn default() -> Cache<T> {
        Cache { window: None, windows: 0 }
    }
}

impl<T: Clone> Cache<T> {
    /// Begins a read. `epoch` is the write epoch, or `None` while a write is in progress.
    pub(super) fn begin(&mut self, now: Instant, epoch: Option<u64>) -> Read {
        let Some(epoch) = epoch else { return Read(None) };
        let window = match self.window.take() {
            Some(window) if window.epoch == epoch && (window.under_way || now < window.began + FRESH) => window,
            _ => {
                self.windows += 1;
                let listed = HashMap::new();
                Window { began: now, epoch, reads: 0, pages: 1, requested: 0, under_way: false, listed, bytes: 0 }
            }
        };
        self.window = Some(Window { reads: window.reads + 1, ..window });
        Read(Some(self.windows))
    }

    /// Returns what a read of the object with this ID does next.
    pub(super) fn next(&mut self, read: Read, id: Uuid, worth: Worth) -> Step<T> {
        // A later window follows a write or a pause, and few reads follow it.
        let is_first = self.windows == 1;
        let Some(window) = self.window_of(read) else { return Step::Get };
        if let Some(object) = window.listed.get(&id) {
            return Step::Listed(object.clone());
        }
        if window.under_way {
            return Step::Wait;
        }
        let enough = match worth {
            Worth::Useless => return Step::Get,
            Worth::Useful if is_first => 1,
            Worth::Useful | Worth::Untried => 2,
        };
        if window.requested == window.pages || window.reads < window.pages.max(enough) {
            return Step::Get;
        }
        window.under_way = true;
        let first = std::mem::replace(&mut window.requested, window.pages);
        Step::List(first..window.pages)
    }

    /// Adds a page. Its items are `None` if the page does not show all their fields. Returns whether more pages are of
    /// interest.
    pub(super) fn add(&mut self, read: Read, page: Page<Option<T>>) -> bool {
        let Some(window) = self.window_of(read) else { return false };
        window.bytes = window.bytes.saturating_add(page.bytes);
        if window.bytes > MOST_BYTES {
            window.pages = window.requested;
            return false;
        }
        window.pages = page.total.div_ceil(page.size.get()).max(window.requested);
        window.listed.extend(page.items.into_iter().filter_map(|(id, object)| Some((id, object?))));
        true
    }

    /// Ends the request for pages of this read: all have been added, or will not come.
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
