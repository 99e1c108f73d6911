//! The objects of a collection, page by page.
//!
//! - `shared`: one listing for all who read a collection at the same time;
//! - `pages`: which page is read next, and when the list is complete, without I/O.
//!
//! This folder uses `objects`, `http` and `kinds`. `create`, `refresh`, `absence` and `collection` use it.

mod pages;
mod shared;

use std::sync::Arc;

use futures_util::{Stream, StreamExt, TryStreamExt, future, stream};
use http::Method;
use uuid::Uuid;

use crate::error::{Error, ErrorKind, Malformed};
use crate::http::{Page, Request};
use crate::json::Members;
use crate::kinds::{Item, Kind, Verb, from_fields, partial};
use crate::objects::{self, Source, Target};

pub(crate) use pages::MOST_BYTES;
pub use pages::Pages;
pub(crate) use shared::Latest;

/// How many items are completed at once.
const COMPLETED_AT_ONCE: usize = 8;

/// Lists what the list itself shows of all objects of a collection, page by page.
pub(crate) fn by_page<K: Kind>(source: Source<'_>) -> impl Stream<Item = Result<Vec<Item<K>>, Error>> + Send + '_ {
    pages(source, partial)
}

/// Lists the objects of a collection that `keep` accepts, from the listing that all callers share. A GET completes each
/// item that lacks fields. `keep` sees such an item before and after that.
pub(crate) fn shared_items<'a, K: Kind>(
    source: Source<'a>,
    latest: Arc<Latest>,
    keep: impl Fn(&Item<K>) -> bool + Copy + Send + 'a,
) -> impl Stream<Item = Result<Item<K>, Error>> + Send + 'a {
    stream::once(async move {
        let objects = latest.objects::<K>(source.clone()).await?;
        let all = 0..objects.len();
        let complete = move |number: usize| {
            let (id, fields) = objects[number].clone();
            let source = source.clone();
            async move { complete(source.target(), from_fields(id, fields), keep).await }
        };
        Ok(stream::iter(all).map(complete).buffered(COMPLETED_AT_ONCE))
    })
    .try_flatten()
    .try_filter_map(future::ok)
}

/// Lists the IDs of the same objects from the listing that all callers share.
pub(crate) fn shared_ids<K: Kind>(
    source: Source<'_>,
    latest: Arc<Latest>,
) -> impl Stream<Item = Result<Uuid, Error>> + Send + '_ {
    stream::once(async move {
        let objects = latest.objects::<K>(source).await?;
        let ids: Vec<_> = objects.iter().map(|(id, _)| Ok(*id)).collect();
        Ok(stream::iter(ids))
    })
    .try_flatten()
}

/// Lists the IDs of all objects of a collection.
pub(crate) fn ids(source: Source<'_>) -> impl Stream<Item = Result<Uuid, Error>> + Send + '_ {
    pages(source, |id, _| id).map_ok(|ids| stream::iter(ids.into_iter().map(Ok))).try_flatten()
}

/// Lists all objects of a collection, not read yet.
pub(crate) fn members(source: Source<'_>) -> impl Stream<Item = Result<(Uuid, Members), Error>> + Send + '_ {
    pages(source, |id, members| (id, members.clone())).map_ok(|all| stream::iter(all.into_iter().map(Ok))).try_flatten()
}

/// Requests one page of a collection.
pub(crate) async fn page<K: Kind>(target: Target<'_>, number: u64) -> Result<Page<Item<K>>, Error> {
    request_page(target, number, |page| Ok(page.map(|id, members| partial(id, &members)))).await
}

/// The new objects of each page of a collection.
fn pages<'a, T: Send + 'a>(
    source: Source<'a>,
    read: fn(Uuid, &Members) -> T,
) -> impl Stream<Item = Result<Vec<T>, Error>> + Send + 'a {
    stream::try_unfold((Pages::default(), source), move |(mut pages, source)| async move {
        let Some(number) = pages.next() else { return Ok(None) };
        let add = |page: Page<Members>| pages.add(page.map(|id, members| read(id, &members)));
        let new = request_page(source.target(), number, add).await?;
        Ok(Some((new.into_iter().map(|(_, item)| item).collect(), (pages, source))))
    })
}

async fn request_page<T>(
    target: Target<'_>,
    number: u64,
    read: impl FnOnce(Page<Members>) -> Result<T, Malformed>,
) -> Result<T, Error> {
    let Target { http, operation, accepted, path, query: mut selection } = target;
    let mut parameters = accepted.of(path);
    loop {
        let query = Some(parameters.query(number) + selection);
        let request = Request { query, ..Request::new(Method::GET, path.to_owned()) };
        let answer = http.send(operation, &request).await;
        match (answer, parameters.fewer()) {
            // All callers check what a list shows, so it may show more.
            (Err(error), _) if refuses_selection(&error) && !selection.is_empty() => selection = "",
            (Err(error), Some(fewer)) if refuses_parameters(&error) => parameters = fewer,
            (answer, _) => {
                let page = answer?.read(|envelope| read(envelope.page()?))?;
                accepted.remember(path, parameters);
                return Ok(page);
            }
        }
    }
}

/// Whether the server may have failed because of a parameter: a 400, a 422, or a 500 of its own.
fn refuses_parameters(error: &Error) -> bool {
    let own = error.message.is_some() || error.trace_id.is_some();
    error.kind == ErrorKind::Invalid || (error.status == Some(500) && own)
}

/// Whether the server may have failed because of the query that selects objects. A 404 may be about the ID in it.
fn refuses_selection(error: &Error) -> bool {
    refuses_parameters(error) || error.kind == ErrorKind::NotFound
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
    let only_list = K::DOCUMENTED.contains(&Verb::List) && !K::DOCUMENTED.contains(&Verb::Get);
    if item.is_full() || only_list {
        return Ok(Some(item));
    }
    match objects::get(target, item.id).await {
        Ok(found) => Ok(Some(found).filter(|found| keep(found))),
        // No documentation promises the GET, so its 404 shows nothing.
        Err(error) if !K::DOCUMENTED.contains(&Verb::Get) && is_missing(&error) => Ok(Some(item)),
        Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn is_missing(error: &Error) -> bool {
    error.kind == ErrorKind::NotFound || error.endpoint_missing()
}
