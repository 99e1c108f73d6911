//! Reads of objects from the list of their collection, in place of a GET each.
//!
//! `coalescing` has the rules; here they are carried out.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use super::Deepslate;
use super::budget::Budget;
use super::coalescing::{Coalescing, Read, Step};
use super::list::Summary;
use super::pages::Page;

/// How many pages are requested at once.
const PAGES_AT_ONCE: usize = 8;
/// Which part of its time a read spends on the list at most, so that there is enough for a GET: a quarter.
const PART_FOR_THE_LIST: u32 = 4;
/// How long that is at most, for a list that hangs.
const LONGEST_LIST: Duration = Duration::from_secs(10);

/// What a client knows of the objects of one kind that it reads, by the path of the collection.
pub(super) struct Reads<T>(Mutex<HashMap<String, Arc<Collection<T>>>>);

struct Collection<T> {
    coalescing: Mutex<Coalescing<T>>,
    /// Told at each page, and when no more come.
    news: watch::Sender<()>,
}

/// Whatever ends a list, a panic or a host that has lost interest included, it is told.
struct Listing<'a, T: Clone>(&'a Collection<T>, Read);

impl Deepslate {
    /// The object with this id as the list shows it, where that is to spare a GET.
    pub(super) async fn listed<S: Summary>(&self, budget: &Budget, collection: &str, id: Uuid) -> Option<S::Whole> {
        if !self.coalesce_reads {
            return None;
        }
        let budget = budget.part(PART_FOR_THE_LIST).at_most(LONGEST_LIST);
        let reads = S::reads(self).of(collection);
        let mut news = reads.news.subscribe();
        let read = reads.coalescing().begin(Instant::now(), self.writes.so_far());
        loop {
            let step = reads.coalescing().next(read, id);
            match step {
                Step::Listed(object) => return Some(object),
                Step::Get => return None,
                Step::List(pages) => self.list_for::<S>(&budget, collection, &reads, read, pages).await,
                Step::Wait => tokio::select! {
                    biased;
                    () = budget.end() => return None,
                    _ = news.changed() => {}
                },
            }
        }
    }

    /// Requests pages, as far as they can be had, for all reads that wait.
    async fn list_for<S: Summary>(
        &self,
        budget: &Budget,
        collection: &str,
        reads: &Collection<S::Whole>,
        read: Read,
        pages: Range<u64>,
    ) {
        let listing = Listing(reads, read);
        let mut pages = stream::iter(pages)
            .map(|number| self.page(budget, collection, number, |page: Page<S>| Ok(page.map(S::whole))))
            .buffer_unordered(PAGES_AT_ONCE);
        while let Some(page) = pages.next().await {
            let failed = page.is_err();
            listing.take(page.ok());
            if failed {
                break;
            }
        }
    }
}

impl<T> Default for Reads<T> {
    fn default() -> Reads<T> {
        Reads(Mutex::default())
    }
}

impl<T> Reads<T> {
    fn of(&self, collection: &str) -> Arc<Collection<T>> {
        let mut collections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(Collection { coalescing: Mutex::default(), news: watch::Sender::default() });
        Arc::clone(collections.entry(collection.to_owned()).or_insert_with(new))
    }
}

impl<T> Collection<T> {
    fn coalescing(&self) -> MutexGuard<'_, Coalescing<T>> {
        self.coalescing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Listing<'_, T> {
    fn take(&self, page: Option<Page<Option<T>>>) {
        let Listing(collection, read) = self;
        collection.coalescing().take(*read, page);
        collection.news.send_replace(());
    }
}

impl<T: Clone> Drop for Listing<'_, T> {
    fn drop(&mut self) {
        let Listing(collection, read) = self;
        collection.coalescing().end(*read);
        collection.news.send_replace(());
    }
}
