//! Reads of objects from the list of their collection, in place of a GET each.
//!
//! `coalescing` has the rules; here they are carried out.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use super::Deepslate;
use super::budget::Budget;
use super::coalescing::{Coalescing, Read, Step};
use super::error::{Error, ErrorKind};
use super::list::Summary;
use super::pages::Page;

/// How many pages are requested at once.
const PAGES_AT_ONCE: usize = 8;
/// How long a page may take, with all attempts, before reads go on without it.
const LONGEST_PAGE: Duration = Duration::from_secs(5);
/// Which part of its time a read waits for the list at most, so that there is enough for a GET: a quarter.
const PART_FOR_THE_LIST: u32 = 4;

/// What a client knows of the objects of one kind that it reads.
pub(super) struct Reads<T> {
    /// Whether lists of this kind are of no use: the server has none, or they do not tell all of an object.
    useless: AtomicBool,
    /// By the path of the collection.
    collections: Mutex<HashMap<String, Arc<Collection<T>>>>,
}

struct Collection<T> {
    coalescing: Mutex<Coalescing<T>>,
    /// Told at each page, and when no more come.
    news: watch::Sender<()>,
}

/// Whatever ends a list, a panic included, those who wait are told.
struct Listing<T: Clone> {
    collection: Arc<Collection<T>>,
    read: Read,
}

impl Deepslate {
    /// The object with this id, where the list shows that it is as `known`, and where that is to spare a GET.
    pub(super) async fn confirmed<S: Summary>(
        &self,
        budget: &Budget,
        path: &str,
        id: Uuid,
        known: &S::Whole,
    ) -> Option<S::Whole> {
        if !self.coalesce_reads {
            return None;
        }
        let for_the_list = budget.part(PART_FOR_THE_LIST);
        let reads = S::reads(self);
        let collection = reads.of(path);
        let mut news = collection.news.subscribe();
        let read = collection.coalescing().begin(Instant::now(), self.writes.so_far());
        loop {
            let step = collection.coalescing().next(read, id, !reads.useless.load(Ordering::Relaxed));
            match step {
                Step::Listed(object) => return (S::canonical(&object) == S::canonical(known)).then_some(object),
                Step::Get => return None,
                Step::List(pages) => {
                    // Not this read's own work: others wait for it too, and may have more time.
                    let listing = Listing { collection: Arc::clone(&collection), read };
                    tokio::spawn(self.clone().list_for::<S>(budget.clone(), path.to_owned(), listing, pages));
                }
                Step::Wait => tokio::select! {
                    biased;
                    () = for_the_list.end() => return None,
                    _ = news.changed() => {}
                },
            }
        }
    }

    /// Requests pages for all reads that wait, as long as they are of any use.
    async fn list_for<S: Summary>(self, budget: Budget, path: String, listing: Listing<S::Whole>, pages: Range<u64>) {
        let (client, budget, path) = (&self, &budget, path.as_str());
        let useless = &S::reads(client).useless;
        let page = |number| async move {
            client.page(&budget.again(LONGEST_PAGE), path, number, |page: Page<S>| Ok(page.map(S::whole))).await
        };
        let mut pages = stream::iter(pages).map(page).buffer_unordered(PAGES_AT_ONCE);
        while let Some(page) = pages.next().await {
            let goes_on = match page {
                Ok(page) => {
                    let whole = page.items.iter().all(|(_, object)| object.is_some());
                    useless.fetch_or(!whole, Ordering::Relaxed);
                    listing.take(page) && whole
                }
                Err(error) => {
                    useless.fetch_or(!is_passing(&error), Ordering::Relaxed);
                    tracing::debug!(http_path = path, "objects are not read from their list now: {error}");
                    false
                }
            };
            if !goes_on {
                break;
            }
        }
    }
}

/// Whether the server may well have a list that a later read can use.
fn is_passing(error: &Error) -> bool {
    use ErrorKind::{ConnectionLost, Stopped, Throttled, TimedOut, Unavailable};
    error.kind.is_unreached() || matches!(error.kind, ConnectionLost | Stopped | Throttled | TimedOut | Unavailable)
}

impl<T> Default for Reads<T> {
    fn default() -> Reads<T> {
        Reads { useless: AtomicBool::default(), collections: Mutex::default() }
    }
}

impl<T> Reads<T> {
    fn of(&self, path: &str) -> Arc<Collection<T>> {
        let mut collections = self.collections.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Collection { coalescing: Mutex::default(), news: watch::Sender::default() });
        Arc::clone(collections.entry(path.to_owned()).or_insert_with(new))
    }
}

impl<T> Collection<T> {
    fn coalescing(&self) -> MutexGuard<'_, Coalescing<T>> {
        self.coalescing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Listing<T> {
    /// Hands a page over. Whether the others are still of interest.
    fn take(&self, page: Page<Option<T>>) -> bool {
        let goes_on = self.collection.coalescing().take(self.read, page);
        self.collection.news.send_replace(());
        goes_on
    }
}

impl<T: Clone> Drop for Listing<T> {
    fn drop(&mut self) {
        self.collection.coalescing().end(self.read);
        self.collection.news.send_replace(());
    }
}
