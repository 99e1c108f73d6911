//! Lists: all objects of a collection, page by page.

use std::sync::Arc;

use futures_util::{Stream, StreamExt, TryStreamExt, future, stream};
use http::Method;
use uuid::Uuid;

use super::Deepslate;
use super::budget::Budget;
use super::envelope::Object;
use super::error::{Error, ErrorKind, Malformed};
use super::ledger::Likeness;
use super::objects::some_envelope;
use super::pages::{Page, Pages};
use super::reads::Reads;
use super::transport::Request;

/// How many objects are asked for at once. A server may give fewer.
const PAGE_SIZE: u32 = 100;
/// How many summaries are completed at once.
const COMPLETED_AT_ONCE: usize = 8;

/// An item of a list, which may lack fields of the object that it stands for.
pub(super) trait Summary: Object + Clone + From<Self::Whole> + Send + 'static {
    /// The object.
    type Whole: Object + Clone + PartialEq + Send + Sync + 'static;
    /// Whether it makes no sense that a collection has two that are alike, so that who makes another is told.
    const DISTINCT: bool = false;

    /// What a client knows of the objects that it reads.
    fn reads(client: &Deepslate) -> &Reads<Self::Whole>;

    /// The object in the one spelling that all share that mean the same.
    fn canonical(whole: &Self::Whole) -> Self::Whole;

    /// The object's id.
    fn id(&self) -> Uuid;

    /// What tells it from the objects that were made by another create.
    fn likeness(&self) -> Likeness;

    /// The object, where nothing is missing.
    fn whole(self) -> Option<Self::Whole>;

    /// The object as far as this tells of it, for a server that has no call to tell the rest; nothing where that is too
    /// little.
    fn without_rest(self) -> Option<Self::Whole> {
        None
    }
}

impl Deepslate {
    /// The objects of a collection that `keep` wants. A GET completes each summary that lacks fields, and `keep` sees
    /// it before and after.
    pub(super) fn list<'a, S: Summary + 'a>(
        &'a self,
        budget: &'a Budget,
        collection: String,
        keep: impl Fn(&S) -> bool + Copy + Send + 'a,
    ) -> impl Stream<Item = Result<S::Whole, Error>> + Send + 'a {
        let collection: Arc<str> = collection.into();
        self.pages(budget, Arc::clone(&collection))
            .map_ok(move |items| {
                let collection = Arc::clone(&collection);
                // Page by page, since whoever takes no more than this page has is not to pay for the next.
                stream::iter(items)
                    .map(move |(id, summary)| self.complete(budget, Arc::clone(&collection), id, summary, keep))
                    .buffered(COMPLETED_AT_ONCE)
            })
            .try_flatten()
            .try_filter_map(future::ok)
    }

    /// The ids of all objects of a collection, which each item of a list has.
    pub(super) fn ids<'a>(
        &'a self,
        budget: &'a Budget,
        collection: Arc<str>,
    ) -> impl Stream<Item = Result<Uuid, Error>> + Send + 'a {
        self.pages::<()>(budget, collection)
            .map_ok(|items| stream::iter(items.into_iter().map(|(id, ())| Ok(id))))
            .try_flatten()
    }

    /// The items of a collection with their ids, page by page.
    pub(super) fn pages<'a, T: Object + Send + 'a>(
        &'a self,
        budget: &'a Budget,
        collection: Arc<str>,
    ) -> impl Stream<Item = Result<Vec<(Uuid, T)>, Error>> + Send + 'a {
        stream::try_unfold((Pages::new(), collection), move |(mut pages, collection)| async move {
            let Some(number) = pages.next() else { return Ok(None) };
            let new = self.page(budget, &collection, number, |page| pages.take(page)).await?;
            Ok(Some((new, (pages, collection))))
        })
    }

    /// A page of a collection, and what `take` makes of it.
    pub(super) async fn page<T: Object, R>(
        &self,
        budget: &Budget,
        collection: &str,
        number: u64,
        take: impl FnOnce(Page<T>) -> Result<R, Malformed>,
    ) -> Result<R, Error> {
        let request = Request {
            method: Method::GET,
            path: collection.to_owned(),
            query: Some(format!("page={number}&size={PAGE_SIZE}")),
            secrets: budget.secrets(),
            ..Request::default()
        };
        let answer = self.call(budget, &request).await?;
        some_envelope(&answer)
            .and_then(|envelope| take(envelope.page()?))
            .map_err(|reason| self.malformed(&request, &answer, reason))
    }

    /// The object that a summary stands for, unless it is gone or not wanted.
    async fn complete<S: Summary>(
        &self,
        budget: &Budget,
        collection: Arc<str>,
        id: Uuid,
        summary: S,
        keep: impl Fn(&S) -> bool,
    ) -> Result<Option<S::Whole>, Error> {
        if !keep(&summary) {
            return Ok(None);
        }
        if let Some(whole) = summary.clone().whole() {
            return Ok(Some(whole));
        }
        match self.get::<S::Whole>(budget, &collection, id).await {
            Ok(whole) => Ok(keep(&whole.clone().into()).then_some(whole)),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) if error.lacks_call() => summary.without_rest().map(Some).ok_or(error),
            Err(error) => Err(error),
        }
    }
}
