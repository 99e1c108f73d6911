//! One listing of a collection for all who read it at the same time: data sources and list resources.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::TryStreamExt;
use tokio::sync::OnceCell;
use tokio::time::Instant;

use crate::error::{Error, ErrorKind};
use crate::kinds::{Fields, Kind, partial};
use crate::objects::Source;
use uuid::Uuid;

/// How long a listing is used: as long as that of a refresh.
const FRESH: Duration = Duration::from_secs(60);

/// How many listings of one collection are kept. If more objects are sought, one listing of all objects costs less.
const MOST_LISTINGS: usize = 16;

/// The objects of a listing. Each may lack fields.
pub(crate) type Objects = Arc<[(Uuid, Fields)]>;

/// The latest listings of one collection, by the query that selects their objects.
#[derive(Default)]
pub(crate) struct Latest(Mutex<HashMap<Arc<str>, Arc<Listing>>>);

struct Listing {
    began: Instant,
    /// The write epoch in which it began.
    epoch: u64,
    outcome: OnceCell<Result<Objects, Error>>,
}

impl Latest {
    /// The objects of the collection, as long as nothing was written and for at most a minute from one listing.
    ///
    /// A listing of all objects also serves a query. A query only saves requests, and a server may ignore it.
    pub(crate) async fn objects<K: Kind>(&self, mut source: Source<'_>) -> Result<Objects, Error> {
        // While a write is in progress, nobody knows whether a list shows it.
        let Some(epoch) = source.http.epoch() else { return request::<K>(source).await };
        let listing = self.listing(epoch, &mut source.query);
        let work = async {
            match request::<K>(source.clone()).await {
                // This operation is over. Others may have more time.
                Err(error) if error.out_of_budget || error.kind == ErrorKind::Stopped || error.attempts == 0 => {
                    Err(error)
                }
                outcome => Ok(outcome),
            }
        };
        match source.operation.share(work, |work| listing.outcome.get_or_try_init(|| work)).await {
            Some(outcome) => outcome?.clone(),
            None => request::<K>(source.clone()).await,
        }
    }

    /// The listing for this query. If it is the listing of all objects, the query becomes empty.
    fn listing(&self, epoch: u64, query: &mut Arc<str>) -> Arc<Listing> {
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        latest.retain(|_, listing| {
            let failed = listing.outcome.get().is_some_and(Result::is_err);
            listing.epoch == epoch && listing.began.elapsed() < FRESH && !failed
        });
        let is_known = latest.contains_key(query);
        if latest.contains_key("") || (!is_known && latest.len() >= MOST_LISTINGS) {
            *query = Arc::default();
        }
        let new = || Arc::new(Listing { began: Instant::now(), epoch, outcome: OnceCell::new() });
        Arc::clone(latest.entry(Arc::clone(query)).or_insert_with(new))
    }
}

async fn request<K: Kind>(source: Source<'_>) -> Result<Objects, Error> {
    let pages = super::pages(source, |id, members| (id, partial::<K>(id, members).fields));
    let pages: Vec<Vec<_>> = pages.try_collect().await?;
    Ok(pages.into_iter().flatten().collect())
}
