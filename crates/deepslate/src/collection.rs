//! The verbs on a collection, the same for all kinds. Uses all folders; `lib` uses it.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::{Stream, TryStreamExt};
use uuid::Uuid;

use crate::absence::{self, Gone, Inquiry, Outcome, Proofs, Shown, Updated};
use crate::config::Config;
use crate::create::{Created, KnownObjects, create};
use crate::error::{CreateError, Error};
use crate::http::{Http, Waits};
use crate::kinds::{Ancestor, Item, Kind, MatchKey, filled, from_fields, is_usable, to_fields};
use crate::list::{self, Latest};
use crate::objects::{Source, Target};
use crate::operation::Operation;
use crate::parameters::Accepted;
use crate::refresh::{Listed, Lists, Reads};

/// The objects of one kind under one parent.
#[derive(Clone)]
pub struct Collection<'c, K> {
    http: &'c Http,
    accepted: &'c Accepted,
    latest: Arc<Latest>,
    reads: Reads,
    coalesce_reads: bool,
    known: Arc<KnownObjects>,
    proofs: &'c Proofs,
    ancestors: Arc<[Ancestor]>,
    ignored: Arc<[Uuid]>,
    query: Arc<str>,
    kind: PhantomData<K>,
}

/// An object and its ID.
#[derive(Debug, Clone)]
pub struct Object<K> {
    /// The ID of the object.
    pub id: Uuid,
    /// The object.
    pub value: K,
}

/// What all collections of a client share.
pub(crate) struct Shared {
    pub(crate) http: Arc<Http>,
    accepted: Arc<Accepted>,
    lists: Arc<Lists>,
    coalesce_reads: bool,
    proofs: Proofs,
    /// By path.
    collections: Mutex<HashMap<Arc<str>, Known>>,
}

/// What is known of one collection.
#[derive(Default, Clone)]
struct Known {
    objects: Arc<KnownObjects>,
    listed: Arc<Listed>,
    latest: Arc<Latest>,
}

impl Shared {
    pub(crate) fn new(config: Config, waits: Waits) -> Shared {
        Shared {
            accepted: Arc::default(),
            lists: Arc::default(),
            coalesce_reads: config.coalesce_reads,
            proofs: Proofs::default(),
            collections: Mutex::default(),
            http: Arc::new(Http::new(config, waits)),
        }
    }
}

impl<'c, K: Kind> Collection<'c, K> {
    pub(crate) fn new(shared: &'c Shared, parent: K::Parent) -> Collection<'c, K> {
        let path = Arc::from(K::path(parent));
        let Known { objects, listed, latest } = {
            let mut collections = shared.collections.lock().unwrap_or_else(PoisonError::into_inner);
            collections.entry(Arc::clone(&path)).or_default().clone()
        };
        let Shared { http, accepted, lists, coalesce_reads, proofs, .. } = shared;
        let ancestors = K::ancestors(parent).into();
        let reads =
            Reads { http: Arc::clone(http), accepted: Arc::clone(accepted), lists: Arc::clone(lists), listed, path };
        Collection {
            http,
            accepted,
            latest,
            reads,
            coalesce_reads: *coalesce_reads,
            known: objects,
            proofs,
            ancestors,
            ignored: Arc::default(),
            query: Arc::default(),
            kind: PhantomData,
        }
    }

    /// The collection for operations on one object that leave out these parts of it: it still has them although an
    /// earlier update left them out. See [`Remains`](crate::Remains).
    #[must_use]
    pub fn ignoring(self, parts: impl IntoIterator<Item = Uuid>) -> Collection<'c, K> {
        Collection { ignored: parts.into_iter().collect(), ..self }
    }

    /// The collection for lists of objects like this one, as far as the API [can select](Kind::query) them. A server need
    /// not do so: it may list others too.
    #[must_use]
    pub fn like(self, sought: &K) -> Collection<'c, K> {
        let query = sought.query().map(|(name, id)| format!("&{name}={id}")).unwrap_or_default();
        Collection { query: query.into(), ..self }
    }

    /// Creates an object.
    ///
    /// If the outcome of the request is unknown, objects are searched for that did not exist before and whose
    /// [matched](crate::Field::matched) fields are the same. A single one is adopted and updated as a whole. Several are
    /// in the error.
    pub async fn create(&self, operation: &Operation, value: &K) -> Result<Created<K>, CreateError> {
        let created = create(self.target(operation), &self.known, value).await?;
        // What the answer does not tell is as it was asked for.
        let object = created.object.map(|found| filled(&from_fields(created.id, to_fields(&found)), value, |_| true));
        Ok(Created { object, ..created })
    }

    /// Reads an object, or finds that it is gone.
    ///
    /// If the kind's GET is not [documented](Kind::DOCUMENTED) and the server does not seem to have it, the object is
    /// read from the list. Only Deepslate's own 404, a list without the object, and the proof that the place of the
    /// object exists show together that the object is gone.
    pub async fn get(&self, operation: &Operation, id: Uuid) -> Result<Outcome<K>, Error> {
        absence::read(self.inquiry(operation), id, &K::default()).await
    }

    /// Reads an object that was `known` to be so when it was last read. The result keeps what is known if a field cannot
    /// be read.
    ///
    /// If many objects are read, the list may show that this one has not changed, as of up to a minute ago. Only a GET
    /// shows that it has changed or is gone, because a list may be behind.
    pub async fn refresh(&self, operation: &Operation, id: Uuid, known: &K) -> Result<Outcome<K>, Error> {
        let fields = to_fields(known);
        if self.coalesce_reads
            && is_usable::<K>(&fields)
            && let Some(Item { value, unreadable, .. }) = self.reads.confirmed(operation, id, &fields).await
        {
            return Ok(Outcome::Found(Shown { value, unreadable }));
        }
        absence::read(self.inquiry(operation), id, known).await
    }

    /// Lists the objects that `keep` accepts, in the server's order.
    ///
    /// As long as nothing is written, one listing serves all callers for up to a minute. If an item lacks fields, its
    /// object is read by a GET, some objects ahead, and left out if it is gone by then. `keep` sees such an item before
    /// the GET, so it must accept a missing field, and the object after it.
    ///
    /// An object that comes or goes meanwhile may be listed or not. All others are listed once. The stream must not be
    /// used after an error.
    pub fn list<'a, F>(
        &self,
        operation: &'a Operation,
        keep: F,
    ) -> impl Stream<Item = Result<Object<K>, Error>> + Send + use<'a, K, F>
    where
        'c: 'a,
        F: Fn(&K) -> bool + Copy + Send + 'a,
    {
        list::shared_items(self.source(operation), Arc::clone(&self.latest), move |item: &Item<K>| keep(&item.value))
            .map_ok(|Item { id, value, .. }| Object { id, value })
    }

    /// Lists the IDs of all objects, in the server's order. See [`list`](Self::list).
    pub fn ids<'a>(&self, operation: &'a Operation) -> impl Stream<Item = Result<Uuid, Error>> + Send + use<'a, K>
    where
        'c: 'a,
    {
        list::shared_ids::<K>(self.source(operation), Arc::clone(&self.latest))
    }

    /// Lists the IDs of all objects, page by page, without the listing that other callers share. A caller that stops early
    /// saves the requests for further pages.
    pub fn walk<'a>(&self, operation: &'a Operation) -> impl Stream<Item = Result<Uuid, Error>> + Send + use<'a, K>
    where
        'c: 'a,
    {
        list::ids(self.source(operation))
    }

    /// Replaces an object as a whole, including its secrets. What the answer does not tell is as it was asked for.
    ///
    /// A GET comes first. If the object differs from `before` in a field that this update does not change, the error is
    /// [`ErrorKind::Changed`](crate::ErrorKind::Changed) and nothing is sent. If the object is gone, it is
    /// [`ErrorKind::NotFound`](crate::ErrorKind::NotFound). A server without the GET is not asked.
    ///
    /// Each [part](crate::Part) gets the ID of the part that it continues. If the answer does not show the object, GETs look
    /// for up to 5 s whether it is as asked for.
    pub async fn update(&self, operation: &Operation, id: Uuid, before: &K, value: &K) -> Result<Updated<K>, Error> {
        let updated = absence::update(self.inquiry(operation), id, before, value).await?;
        self.known.note(id, Some(MatchKey::of::<K>(&to_fields(value))));
        Ok(updated)
    }

    /// Deletes an object. That it was gone already is a success too.
    pub async fn delete(&self, operation: &Operation, id: Uuid) -> Result<Gone, Error> {
        let gone = absence::delete::<K>(self.inquiry(operation), id).await?;
        self.known.note(id, None);
        Ok(gone)
    }

    fn inquiry<'a>(&'a self, operation: &'a Operation) -> Inquiry<'a> {
        Inquiry {
            target: self.target(operation),
            proofs: self.proofs,
            ancestors: &self.ancestors,
            ignored: &self.ignored,
        }
    }

    fn target<'a>(&'a self, operation: &'a Operation) -> Target<'a> {
        Target { http: self.http, operation, accepted: self.accepted, path: &self.reads.path, query: "" }
    }

    fn source<'a>(&self, operation: &'a Operation) -> Source<'a>
    where
        'c: 'a,
    {
        let (path, query) = (Arc::clone(&self.reads.path), Arc::clone(&self.query));
        Source { http: self.http, operation, accepted: self.accepted, path, query }
    }
}
