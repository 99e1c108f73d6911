//! GET, PUT and DELETE of one object. Uses `http` and `kinds`. All modules from `list` up to `collection` use it.

use std::sync::Arc;

use bytes::Bytes;
use http::Method;
use uuid::Uuid;

use crate::error::{Error, ErrorKind};
use crate::http::{Envelope, Http, Request};
use crate::kinds::{Item, Kind, partial, to_json};
use crate::operation::Operation;
use crate::parameters::Accepted;

/// A collection, and the operation that uses it.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) http: &'a Http,
    pub(crate) operation: &'a Operation,
    pub(crate) accepted: &'a Accepted,
    /// Path of the collection.
    pub(crate) path: &'a str,
    /// The query that selects objects of a list.
    pub(crate) query: &'a str,
}

/// A collection, and the operation that uses it, for a stream that outlives the path's owner.
#[derive(Clone)]
pub(crate) struct Source<'a> {
    pub(crate) http: &'a Http,
    pub(crate) operation: &'a Operation,
    pub(crate) accepted: &'a Accepted,
    /// Path of the collection.
    pub(crate) path: Arc<str>,
    /// The query that selects objects of a list.
    pub(crate) query: Arc<str>,
}

impl Source<'_> {
    pub(crate) fn target(&self) -> Target<'_> {
        let Source { http, operation, accepted, path, query } = self;
        Target { http, operation, accepted, path, query }
    }
}

impl<'a> From<Target<'a>> for Source<'a> {
    fn from(Target { http, operation, accepted, path, query }: Target<'a>) -> Source<'a> {
        Source { http, operation, accepted, path: path.into(), query: query.into() }
    }
}

impl Target<'_> {
    /// A request about one object.
    pub(crate) fn request(self, method: Method, id: Uuid) -> Request {
        Request::new(method, format!("{}/{id}", self.path))
    }
}

/// Reads the object with this ID.
pub(crate) async fn get<K: Kind>(target: Target<'_>, id: Uuid) -> Result<Item<K>, Error> {
    let answer = target.http.send(target.operation, &target.request(Method::GET, id)).await?;
    answer.read(|envelope| Ok(partial(id, &envelope.object(id)?)))
}

/// Checks that the object with this ID exists.
pub(crate) async fn exists(target: Target<'_>, id: Uuid) -> Result<(), Error> {
    let answer = target.http.send(target.operation, &target.request(Method::GET, id)).await?;
    answer.read(|envelope| envelope.object(id).map(drop))
}

/// Replaces the object with this ID. Some updates are answered without the object.
pub(crate) async fn put<K: Kind>(target: Target<'_>, id: Uuid, value: &K) -> Result<Option<Item<K>>, Error> {
    let request = writing(target, target.request(Method::PUT, id), value)?;
    let answer = target.http.write(target.operation, &request).await?;
    answer.read(|envelope| Ok(envelope.object_if_any(id)?.map(|fields| partial(id, &fields))))
}

/// Deletes the object with this ID.
pub(crate) async fn delete(target: Target<'_>, id: Uuid) -> Result<(), Error> {
    let answer = target.http.write(target.operation, &target.request(Method::DELETE, id)).await?;
    answer.read(Envelope::succeeded)
}

/// Puts an object into a request.
pub(crate) fn writing<K: Kind>(target: Target<'_>, request: Request, value: &K) -> Result<Request, Error> {
    if let Some(secret) = value.secret() {
        target.http.remember(secret);
    }
    match to_json(value) {
        Ok(json) => Ok(Request { body: Some(Bytes::from_owner(json)), ..request }),
        Err(_) => Err(target.http.failed(&request, ErrorKind::Setup)),
    }
}
