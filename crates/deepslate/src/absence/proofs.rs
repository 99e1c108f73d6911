//! What is remembered of each collection, so that proofs of absence cost little: whether its place exists, and the
//! listing that all objects share which are missing at the same time.

use std::collections::HashMap;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::TryStreamExt;
use http::Method;
use tokio::sync::OnceCell;
use tokio::time::Instant;
use uuid::Uuid;

use super::Gone;
use crate::error::{Error, ErrorKind, Malformed};
use crate::http::Request;
use crate::json::Members;
use crate::list;
use crate::objects::Target;

/// How long missing objects are gathered before their listing begins.
const GATHERING: Duration = Duration::from_millis(200);
/// How much longer the listing waits for GETs that are under way, because their objects may be missing too.
const LONGEST_WAIT: Duration = Duration::from_millis(500);
const LOOK_AGAIN: Duration = Duration::from_millis(10);

/// What a client remembers of all collections, by path.
#[derive(Default)]
pub(crate) struct Proofs(Mutex<HashMap<Box<str>, Arc<Proof>>>);

/// What a client remembers of one collection.
#[derive(Default)]
pub(super) struct Proof {
    place: OnceCell<Place>,
    /// The listing that has not begun yet.
    next: Mutex<Option<Arc<Pending>>>,
    /// The number of GETs under way.
    reading: AtomicUsize,
}

/// A GET that is under way until this is dropped.
pub(super) struct Reading(Arc<Proof>);

/// Whether the object above a collection exists.
#[derive(Clone)]
pub(super) enum Place {
    Exists,
    /// Proven to be gone, and with it all that was in it.
    Gone(Gone),
    /// This key cannot read what would prove it.
    Unverified(Error),
    Unknown,
}

/// A listing of a collection.
pub(super) enum Listing {
    /// All its objects.
    Objects(HashMap<Uuid, Members>),
    /// Some of its objects: the list shows fewer than its total.
    Part(HashMap<Uuid, Members>, Error),
    /// The server does not have the call.
    Missing,
    /// Deepslate's own 404.
    NotFound,
}

struct Pending {
    begins: Instant,
    listing: OnceCell<Arc<Listing>>,
}

impl Proofs {
    pub(super) fn of(&self, path: &str) -> Arc<Proof> {
        let mut proofs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(proofs.entry(path.into()).or_default())
    }
}

impl Proof {
    /// Begins a GET of an object of this collection.
    pub(super) fn reading(self: Arc<Proof>) -> Reading {
        self.reading.fetch_add(1, Ordering::Relaxed);
        Reading(self)
    }

    /// The place, which is looked for once. An error is not remembered.
    pub(super) async fn place(
        &self,
        target: Target<'_>,
        find: impl Future<Output = Result<Place, Error>>,
    ) -> Result<Place, Error> {
        let place = target.operation.share(find, |find| self.place.get_or_try_init(|| find));
        place.await.unwrap_or_else(|| Err(out_of_time(target))).cloned()
    }

    /// A listing that begins after this call. Calls of the same moment share it.
    pub(super) async fn listing(&self, target: Target<'_>) -> Result<Arc<Listing>, Error> {
        let pending = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let pending = || Arc::new(Pending { begins: Instant::now() + GATHERING, listing: OnceCell::new() });
            Arc::clone(next.get_or_insert_with(pending))
        };
        tokio::select! {
            () = target.operation.ended() => {}
            () = self.gathered(pending.begins) => {}
        }
        // If the first caller goes away, the next one lists. If its list fails in passing, each lists by itself.
        let list = async {
            self.closed(&pending);
            let mut objects = HashMap::new();
            let mut members = pin!(list::members(target.into()));
            let listed = loop {
                match members.try_next().await {
                    Ok(Some((id, members))) => drop(objects.insert(id, members)),
                    Ok(None) => break Ok(()),
                    Err(error) => break Err(error),
                }
            };
            match listed {
                Ok(()) => Ok(Arc::new(Listing::Objects(objects))),
                Err(error) if matches!(error.kind, ErrorKind::MalformedAnswer(Malformed::IncompleteList { .. })) => {
                    Ok(Arc::new(Listing::Part(objects, error)))
                }
                Err(error) if error.endpoint_missing() => Ok(Arc::new(Listing::Missing)),
                Err(error) if error.kind == ErrorKind::NotFound => Ok(Arc::new(Listing::NotFound)),
                Err(error) => Err(error),
            }
        };
        let listing = target.operation.share(list, |list| pending.listing.get_or_try_init(|| list));
        listing.await.unwrap_or_else(|| Err(out_of_time(target))).cloned()
    }

    /// Waits until the objects that are missing at the same time are gathered.
    async fn gathered(&self, begins: Instant) {
        tokio::time::sleep_until(begins).await;
        while self.reading.load(Ordering::Relaxed) > 0 && Instant::now() < begins + LONGEST_WAIT {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Lets no other call join this listing, because it begins.
    fn closed(&self, pending: &Arc<Pending>) {
        let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        if next.as_ref().is_some_and(|next| Arc::ptr_eq(next, pending)) {
            *next = None;
        }
    }
}

/// The error of an operation that ends while it waits for the answer to another one.
fn out_of_time(target: Target<'_>) -> Error {
    let request = Request::new(Method::GET, target.path.to_owned());
    target.http.failed(&request, ErrorKind::TimedOut)
}

impl Drop for Reading {
    fn drop(&mut self) {
        self.0.reading.fetch_sub(1, Ordering::Relaxed);
    }
}
