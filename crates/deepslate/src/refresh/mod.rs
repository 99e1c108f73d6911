//! Reads that are answered from the list of the collection, instead of one GET each.
//!
//! - `window`: which reads the list answers, without I/O.
//!
//! This folder uses `list`, `http` and `kinds`. `collection` uses it.

mod window;

use std::any::TypeId;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::{StreamExt, stream};
use tokio::sync::watch;
use tokio::time::Instant;
use uuid::Uuid;

use crate::error::{Error, ErrorKind};
use crate::http::{Http, Page};
use crate::kinds::{Fields, Item, Kind, from_fields, is_as_known};
use crate::list;
use crate::objects::Target;
use crate::operation::Operation;
use crate::parameters::Accepted;
use window::{Cache, Read, Step, Worth};

/// How many pages are requested at once.
const PAGES_AT_ONCE: usize = 8;
/// How long a page may take, with all attempts, before reads go on without it.
const LONGEST_PAGE: Duration = Duration::from_secs(5);
/// The part of its time that a read waits for the list at most: a quarter, so that enough is left for a GET.
const PART_FOR_THE_LIST: u32 = 4;

/// What is known of the lists of each kind. A kind is not here before one of them was read.
#[derive(Default)]
pub(crate) struct Lists(Mutex<HashMap<TypeId, Worth>>);

/// The list of one collection, as far as it has been read.
#[derive(Default)]
pub(crate) struct Listed {
    cache: Mutex<Cache<Fields>>,
    /// Notified at each page, and when no more pages come.
    news: watch::Sender<()>,
}

/// Pages that are being requested. When this is dropped, even by a panic, the waiting reads go on.
struct Listing {
    listed: Arc<Listed>,
    read: Read,
}

/// The reads of one collection.
#[derive(Clone)]
pub(crate) struct Reads {
    pub(crate) http: Arc<Http>,
    pub(crate) accepted: Arc<Accepted>,
    pub(crate) lists: Arc<Lists>,
    pub(crate) listed: Arc<Listed>,
    pub(crate) path: Arc<str>,
}

impl Reads {
    /// Returns the object with this ID, if the list shows that it is as `known`, and if that needs fewer requests than a
    /// GET.
    pub(crate) async fn confirmed<K: Kind>(&self, operation: &Operation, id: Uuid, known: &Fields) -> Option<Item<K>> {
        let for_the_list = operation.part(PART_FOR_THE_LIST);
        let mut news = self.listed.news.subscribe();
        let read = self.listed.cache().begin(Instant::now(), self.http.epoch());
        loop {
            let step = self.listed.cache().next(read, id, self.lists.worth::<K>());
            match step {
                Step::Listed(fields) => {
                    return is_as_known::<K>(&fields, known).then(|| from_fields(id, fields));
                }
                Step::Get => return None,
                Step::List(pages) => {
                    // Spawned, because other reads wait for the list too, and may have more time than this one.
                    let listing = Listing { listed: Arc::clone(&self.listed), read };
                    tokio::spawn(self.clone().request::<K>(operation.clone(), listing, pages));
                }
                Step::Wait => tokio::select! {
                    biased;
                    () = for_the_list.ended() => return None,
                    _ = news.changed() => {}
                },
            }
        }
    }

    /// Requests pages for all waiting reads, as long as they are of any use.
    async fn request<K: Kind>(self, operation: Operation, listing: Listing, pages: Range<u64>) {
        let (Reads { http, accepted, lists, path, .. }, operation) = (&self, &operation);
        let page = |number| async move {
            let operation = &operation.within(LONGEST_PAGE);
            list::page::<K>(Target { http, operation, accepted, path, query: "" }, number).await
        };
        let mut pages = stream::iter(pages).map(page).buffer_unordered(PAGES_AT_ONCE);
        while let Some(page) = pages.next().await {
            let goes_on = match page {
                Ok(page) => {
                    // One odd object does not make the list useless for all others.
                    let worth = match page.items.as_slice() {
                        [] => Worth::Untried,
                        items if items.iter().any(|(_, item)| item.is_full()) => Worth::Useful,
                        _ => Worth::Useless,
                    };
                    // Before the reads go on that wait for the page.
                    lists.learn::<K>(worth);
                    listing.add(page) && worth != Worth::Useless
                }
                Err(error) => {
                    tracing::debug!(http_path = &**path, "could not read objects from their list: {error}");
                    lists.learn::<K>(if is_passing(&error) { Worth::Untried } else { Worth::Useless });
                    false
                }
            };
            if !goes_on {
                break;
            }
        }
    }
}

/// Whether the server may have a list that a later read can use.
fn is_passing(error: &Error) -> bool {
    use ErrorKind::{ConnectionLost, Stopped, Throttled, TimedOut, Unavailable};
    error.kind.is_unreached() || matches!(error.kind, ConnectionLost | Stopped | Throttled | TimedOut | Unavailable)
}

impl Lists {
    fn worth<K: Kind>(&self) -> Worth {
        self.lock().get(&TypeId::of::<K>()).copied().unwrap_or(Worth::Untried)
    }

    fn learn<K: Kind>(&self, worth: Worth) {
        let mut lists = self.lock();
        let known = lists.entry(TypeId::of::<K>()).or_insert(worth);
        *known = worth.max(*known);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<TypeId, Worth>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listed {
    fn cache(&self) -> MutexGuard<'_, Cache<Fields>> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Listing {
    /// Adds a page. Returns whether more pages are of interest.
    fn add<K: Kind>(&self, page: Page<Item<K>>) -> bool {
        let Page { number, size, total, pages, items, left_out, bytes } = page;
        let items = items.into_iter().map(|(id, item)| (id, item.is_full().then_some(item.fields))).collect();
        let page = Page { number, size, total, pages, items, left_out, bytes };
        let goes_on = self.listed.cache().add(self.read, page);
        self.listed.news.send_replace(());
        goes_on
    }
}

impl Drop for Listing {
    fn drop(&mut self) {
        self.listed.cache().end(self.read);
        self.listed.news.send_replace(());
    }
}
