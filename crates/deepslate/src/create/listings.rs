//! The lists that creates share: which objects existed before a create, and which exist after it was lost.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use crate::error::{Error, ErrorKind};
use crate::kinds::MatchKey;

/// How old the record of what existed may be when a create is sent. Someone else may make an equal object meanwhile.
const FRESH: Duration = Duration::from_secs(10);
/// A list that takes longer than this is not read again only to have a fresh record.
pub(super) const QUICK: Duration = Duration::from_secs(2);
/// A list with more pages than this is not read again only to have a fresh record.
const FEW_PAGES: u32 = 10;

/// All objects of a collection, from one list.
pub(super) struct Listing {
    /// The match key of each object.
    pub(super) objects: HashMap<Uuid, MatchKey>,
    pub(super) pages: u32,
    pub(super) begun: Instant,
    pub(super) completed: Instant,
}

/// The latest list of a collection.
#[derive(Default)]
pub(super) struct Listings {
    /// Held while the collection is listed.
    lister: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    latest: Option<Arc<Listing>>,
    /// The last list that failed, and when it began.
    failed: Option<(Instant, Error)>,
    /// Whether creates do without a record, because each of them would wait for it in vain.
    unlisted: bool,
}

impl Listing {
    /// Whether the list shows what existed when a request was sent.
    pub(super) fn is_fresh_at(&self, sent: Instant) -> bool {
        sent.saturating_duration_since(self.completed) <= FRESH
    }

    /// Whether it costs little to read the list again.
    fn is_cheap(&self) -> bool {
        self.completed.saturating_duration_since(self.begun) < QUICK && self.pages <= FEW_PAGES
    }
}

impl Listings {
    /// Returns the objects that exist before a create, or `None` if they cannot be listed. Creates that come meanwhile
    /// wait for the same list.
    ///
    /// A record that is no longer fresh is renewed if that costs little; `list` then gets the longest time for it. If
    /// the first list failed, the next create lists again, unless every create would then wait in vain.
    pub(super) async fn record<F>(&self, list: impl FnOnce(Option<Duration>) -> F) -> Option<Arc<Listing>>
    where
        F: Future<Output = Result<Listing, Error>>,
    {
        if let Some(usable) = self.usable() {
            return usable.latest.clone();
        }
        let _lister = self.lister.lock().await;
        if let Some(usable) = self.usable() {
            return usable.latest.clone();
        }
        let renewed = self.state().latest.is_some();
        let begun = Instant::now();
        let listed = list(renewed.then_some(QUICK)).await;
        let mut state = self.state();
        match listed {
            Ok(listing) => state.latest = Some(Arc::new(listing)),
            Err(error) => {
                let in_vain = error.endpoint_missing() || error.kind == ErrorKind::TimedOut;
                state.unlisted |= in_vain && !renewed;
                state.failed = Some((begun, error));
            }
        }
        state.latest.clone()
    }

    /// Returns a list that began after this call. All searches that wait at the same time share it, and its error if
    /// they `accept` that.
    pub(super) async fn search<F>(
        &self,
        accept: impl Fn(&Error) -> bool,
        list: impl FnOnce() -> F,
    ) -> Result<Arc<Listing>, Error>
    where
        F: Future<Output = Result<Listing, Error>>,
    {
        let asked = Instant::now();
        let _lister = self.lister.lock().await;
        if let Some(shared) = self.state().since(asked, accept) {
            return shared;
        }
        let begun = Instant::now();
        let listed = list().await.map(Arc::new);
        let mut state = self.state();
        match &listed {
            Ok(listing) => state.latest = Some(Arc::clone(listing)),
            Err(error) => state.failed = Some((begun, error.clone())),
        }
        listed
    }

    /// The state, if no list is needed before the next create.
    fn usable(&self) -> Option<MutexGuard<'_, State>> {
        Some(self.state()).filter(|state| state.is_usable())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whether the next create can use the latest list, or do without one, and need not list first.
    fn is_usable(&self) -> bool {
        let Some(latest) = &self.latest else { return self.unlisted };
        let failed_lately = self.failed.as_ref().is_some_and(|(begun, _)| begun.elapsed() <= FRESH);
        latest.is_fresh_at(Instant::now()) || !latest.is_cheap() || failed_lately
    }

    /// The outcome of a list that began at or after this time.
    fn since(&self, asked: Instant, accept: impl Fn(&Error) -> bool) -> Option<Result<Arc<Listing>, Error>> {
        if let Some(latest) = self.latest.as_ref().filter(|latest| latest.begun >= asked) {
            return Some(Ok(Arc::clone(latest)));
        }
        let (_, error) = self.failed.as_ref().filter(|(begun, error)| *begun >= asked && accept(error))?;
        Some(Err(error.clone()))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use futures_util::future::join_all;
    use http::Method;

    use super::*;

    fn failure(kind: ErrorKind) -> Error {
        Error::for_tests(kind, Method::GET, "/", 1)
    }

    /// Lists a collection; counts the lists.
    async fn list(count: &Cell<u32>, pages: u32, takes: Duration) -> Result<Listing, Error> {
        count.set(count.get() + 1);
        let begun = Instant::now();
        tokio::time::sleep(takes).await;
        Ok(Listing { objects: HashMap::new(), pages, begun, completed: Instant::now() })
    }

    #[tokio::test(start_paused = true)]
    async fn a_record_is_renewed_after_some_seconds_if_that_costs_little() {
        for (pages, takes, lists) in [(1, 10, 3), (10, 1999, 3), (11, 10, 1), (1, 2000, 1)] {
            let (listings, count) = (Listings::default(), Cell::new(0));
            for _ in 0..25 {
                let takes = Duration::from_millis(takes);
                assert!(listings.record(|_| list(&count, pages, takes)).await.is_some());
                tokio::time::advance(Duration::from_secs(1)).await;
            }
            assert_eq!(count.get(), lists, "{pages} pages in {takes} ms");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn creates_go_on_with_an_old_record_if_it_cannot_be_renewed() {
        let (listings, count) = (Listings::default(), Cell::new(0));
        let first = listings.record(|_| list(&count, 1, QUICK / 2)).await.expect("listed");
        tokio::time::advance(Duration::from_secs(11)).await;
        let old = listings.record(|_| async { Err(failure(ErrorKind::TimedOut)) }).await.expect("the old one");
        assert!(Arc::ptr_eq(&first, &old) && !old.is_fresh_at(Instant::now()));
        listings.record(|_| list(&count, 1, QUICK / 2)).await.expect("the old one, without another list");
        assert_eq!(count.get(), 1);
        tokio::time::advance(Duration::from_secs(11)).await;
        let new = listings.record(|_| list(&count, 1, QUICK / 2)).await.expect("renewed");
        assert!(new.is_fresh_at(Instant::now()) && count.get() == 2);
    }

    #[tokio::test(start_paused = true)]
    async fn searches_that_wait_together_share_a_list() {
        let (listings, count) = (Listings::default(), Cell::new(0));
        let search = || listings.search(|_| true, || list(&count, 1, QUICK));
        let found = join_all((0..50).map(|_| search())).await;
        assert!(found.iter().all(Result::is_ok));
        assert_eq!(count.get(), 1);
        // A list that began before a search does not count.
        let late = async {
            tokio::time::sleep(QUICK / 2).await;
            join_all((0..50).map(|_| search())).await
        };
        let _ = tokio::join!(search(), late);
        assert_eq!(count.get(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn searches_share_only_an_error_that_they_accept() {
        for (accepts, lists) in [(true, 1), (false, 3)] {
            let (listings, count) = (Listings::default(), Cell::new(0));
            let refused = || async {
                count.set(count.get() + 1);
                tokio::time::sleep(QUICK).await;
                Err(failure(ErrorKind::Forbidden))
            };
            let found = join_all((0..3).map(|_| listings.search(|_| accepts, refused))).await;
            assert!(found.iter().all(Result::is_err));
            assert_eq!(count.get(), lists);
        }
    }
}
