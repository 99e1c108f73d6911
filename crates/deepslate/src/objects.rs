//! The calls on an object that every kind has: GET, PUT and DELETE on `/{id}`. `create` has the POST on the collection.
//!
//! A kind's own file says where its collection is, what it sends, and what it reads.

use bytes::Bytes;
use http::Method;
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use serde::Serialize;
use uuid::Uuid;

use super::Deepslate;
use super::budget::Budget;
use super::call::Answer;
use super::envelope::{Envelope, Object};
use super::error::{Error, ErrorKind, GaveUp, Malformed};
use super::transport::Request;

/// A body that is longer than this is copied while it is written, and the copies are not wiped.
const USUAL_BODY: usize = 4096;

/// What is written to the API, and a secret in it that is to be masked wherever the server repeats it.
pub(super) struct Content<'a, T> {
    pub(super) json: T,
    pub(super) secret: Option<&'a SecretString>,
}

impl Deepslate {
    /// Reads the object with this id.
    pub(super) async fn get<T: Object>(&self, budget: &Budget, collection: &str, id: Uuid) -> Result<T, Error> {
        let request = Request {
            method: Method::GET,
            path: format!("{collection}/{id}"),
            secrets: budget.secrets(),
            ..Request::default()
        };
        let answer = self.call(budget, &request).await?;
        some_envelope(&answer)
            .and_then(|envelope| envelope.object(id))
            .map_err(|reason| self.malformed(&request, &answer, reason))
    }

    /// Replaces the object with this id; some of the API's updates answer without it.
    pub(super) async fn update<T: Object>(
        &self,
        budget: &Budget,
        collection: &str,
        id: Uuid,
        content: &Content<'_, impl Serialize>,
    ) -> Result<Option<T>, Error> {
        let request = self.writing(budget, Method::PUT, format!("{collection}/{id}"), content)?;
        let answer = self.write(budget, &request).await?;
        successful(&answer)
            .and_then(|envelope| {
                envelope.filter(|envelope| envelope.has_data()).map(|envelope| envelope.object(id)).transpose()
            })
            .map_err(|reason| self.malformed(&request, &answer, reason))
    }

    /// Deletes the object with this id.
    pub(super) async fn delete(&self, budget: &Budget, collection: &str, id: Uuid) -> Result<(), Error> {
        let request = Request {
            method: Method::DELETE,
            path: format!("{collection}/{id}"),
            secrets: budget.secrets(),
            ..Request::default()
        };
        let answer = self.write(budget, &request).await?;
        successful(&answer).map(drop).map_err(|reason| self.malformed(&request, &answer, reason))
    }

    /// Sends a request that changes something. Where the process ends before the answer is there, nobody knows the
    /// outcome.
    pub(super) async fn write(&self, budget: &Budget, request: &Request<'_>) -> Result<Answer, Error> {
        let _writing = self.writes.begin();
        tokio::select! {
            biased;
            answer = self.call(budget, request) => answer,
            () = budget.abandoned() => {
                let mut error = self.transport.error(request, ErrorKind::Stopped);
                // Nothing else can have taken so long after a stop.
                (error.attempts, error.gave_up) = (1, GaveUp::Stopped);
                Err(error)
            }
        }
    }

    /// The request that sends this content.
    pub(super) fn writing<'a>(
        &self,
        budget: &'a Budget,
        method: Method,
        path: String,
        content: &Content<'a, impl Serialize>,
    ) -> Result<Request<'a>, Error> {
        let mut request =
            Request { method, path, secret: content.secret, secrets: budget.secrets(), ..Request::default() };
        let mut json = Zeroizing::new(Vec::with_capacity(USUAL_BODY));
        serde_json::to_writer(&mut *json, &content.json)
            .map_err(|_| self.transport.error(&request, ErrorKind::Setup))?;
        request.body = Some(Bytes::from_owner(json));
        Ok(request)
    }
}

/// The answer's envelope, which may be missing, but does not say that the call failed.
fn successful(answer: &Answer) -> Result<Option<&Envelope>, Malformed> {
    match &answer.envelope {
        Ok(Some(envelope)) if !envelope.success => Err(Malformed::NotSuccessful),
        Ok(envelope) => Ok(envelope.as_ref()),
        Err(reason) => Err(reason.clone()),
    }
}

/// The answer's envelope, which may say that the call failed, but is not missing.
pub(super) fn some_envelope(answer: &Answer) -> Result<&Envelope, Malformed> {
    match &answer.envelope {
        Ok(envelope) => envelope.as_ref().ok_or(Malformed::NoData),
        Err(reason) => Err(reason.clone()),
    }
}
