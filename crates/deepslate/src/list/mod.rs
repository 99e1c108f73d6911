//! The objects of a collection, page by page.
//!
//! - `pages`: which page is read next, and when the list is complete, without I/O.
//!
//! This folder uses `objects`, `http` and `kinds`. `create`, `refresh`, `absence` and `collection` use it.

mod pages;

use std::pin::pin;

use futures_util::{Stream, StreamExt, TryStreamExt, future, stream};
use http::Method;
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Malformed};
use crate::http::{Page, Request};
use crate::kinds::{Item, Kind, Verb, partial, usable};
use crate::objects::{self, Source, Target};

pub use pages::Pages;

/// How many objects a request asks for. A server may return fewer.
const PAGE_SIZE: u32 = 100;
/// How many items are completed at once.
const COMPLETED_AT_ONCE: usize = 8;

/// Lists the objects of a collection that `keep` accepts. A GET completes each item that lacks fields. `keep` sees such
/// an item before and after that.
pub(crate) fn items<'a, K: Kind>(
    source: Source<'a>,
    keep: impl Fn(&Item<K>) -> bool + Copy + Send + 'a,
) -> impl Stream<Item = Result<Item<K>, Error>> + Send + 'a {
    pages(source.clone(), item)
        .map_ok(move |items| {
            let source = source.clone();
            let complete = move |item| {
                let source = source.clone();
                async move { complete(source.target(), item, keep).await }
            };
            // Page by page, so that the next page is requested only when it is needed.
            stream::iter(items).map(complete).buffered(COMPLETED_AT_ONCE)
        })
        .try_flatten()
        .try_filter_map(future::ok)
}

/// Lists the IDs of all objects of a collection.
pub(crate) fn ids(source: Source<'_>) -> impl Stream<Item = Result<Uuid, Error>> + Send + '_ {
    pages(source, |id, _| Ok(id)).map_ok(|ids| stream::iter(ids.into_iter().map(Ok))).try_flatten()
}

/// Returns what the list shows of the object with this ID, or `None` if it does not show it.
pub(crate) async fn find<K: Kind>(target: Target<'_>, id: Uuid) -> Result<Option<Item<K>>, Error> {
    let mut pages = pin!(pages(target.into(), item::<K>));
    while let Some(items) = pages.try_next().await? {
        if let Some(found) = items.into_iter().find(|item| item.id == id) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Requests one page of a collection.
pub(crate) async fn page<K: Kind>(target: Target<'_>, number: u64) -> Result<Page<Item<K>>, Error> {
    request_page(target, number, |page| page.try_map(item)).await
}

/// The new objects of each page of a collection.
fn pages<'a, T: Send + 'a>(
    source: Source<'a>,
    read: fn(Uuid, &Map<String, Value>) -> Result<T, Malformed>,
) -> impl Stream<Item = Result<Vec<T>, Error>> + Send + 'a {
    stream::try_unfold((Pages::default(), source), move |(mut pages, source)| async move {
        let Some(number) = pages.next() else { return Ok(None) };
        let add = |page: Page<&Map<String, Value>>| pages.add(page.try_map(read)?);
        let new = request_page(source.target(), number, add).await?;
        Ok(Some((new.into_iter().map(|(_, item)| item).collect(), (pages, source))))
    })
}

async fn request_page<T>(
    target: Target<'_>,
    number: u64,
    read: impl FnOnce(Page<&Map<String, Value>>) -> Result<T, Malformed>,
) -> Result<T, Error> {
    let query = Some(format!("page={number}&size={PAGE_SIZE}"));
    let request = Request { query, ..Request::new(Method::GET, target.path.to_owned()) };
    target.http.send(target.operation, &request).await?.read(|envelope| read(envelope.page()?))
}

/// Reads an item. If no other documented call returns what the item lacks, it must be usable as it is.
fn item<K: Kind>(id: Uuid, fields: &Map<String, Value>) -> Result<Item<K>, Malformed> {
    if K::DOCUMENTED.contains(&Verb::List) && !K::DOCUMENTED.contains(&Verb::Get) {
        usable(id, fields)
    } else {
        partial(id, fields)
    }
}

/// Returns the complete object of an item, or `None` if it is gone or `keep` rejects it.
async fn complete<K: Kind>(
    target: Target<'_>,
    item: Item<K>,
    keep: impl Fn(&Item<K>) -> bool,
) -> Result<Option<Item<K>>, Error> {
    if !keep(&item) {
        return Ok(None);
    }
    if item.is_full() {
        return Ok(Some(item));
    }
    match objects::get(target, item.id).await {
        Ok(found) => Ok(Some(found).filter(|found| keep(found))),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) if error.endpoint_missing() && item.is_usable() => Ok(Some(item)),
        Err(error) => Err(error),
    }
}
