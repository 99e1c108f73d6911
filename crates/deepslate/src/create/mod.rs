//! Creating an object exactly once, even if the answer is lost.
//!
//! - `recovery`: what follows a create with an unknown outcome, without I/O;
//! - `known`: which objects a create cannot have made.
//!
//! This folder uses `list`, `objects`, `http` and `kinds`. `collection` uses it.

mod known;
mod recovery;

use std::collections::HashSet;

use futures_util::TryStreamExt;
use http::Method;
use tokio::time::Instant;
use uuid::Uuid;

use crate::error::{CreateError, Error, ErrorDetails, Found, GaveUp, Malformed};
use crate::http::Request;
use crate::kinds::{Item, Kind, MatchKey, partial, to_fields};
use crate::list;
use crate::objects::{self, Target};
use recovery::{Recovery, Step};

pub(crate) use known::KnownObjects;

/// The part of the time left that the list before the first create may take: a quarter.
const PART_FOR_THE_RECORD: u32 = 4;
/// The part of the time left for which a create waits while another one makes that list: half, since the other one may
/// have more time.
const PART_FOR_ANOTHERS_RECORD: u32 = 2;
/// The part of the time left that one search for the object may take: half.
const PART_FOR_A_SEARCH: u32 = 2;

/// An object that was created.
///
/// Its ID is separate from the rest, so that an odd answer never loses the object.
#[derive(Debug, Clone)]
#[must_use = "the object exists, and the caller has to keep its ID"]
pub struct Created<K> {
    /// The ID of the object.
    pub id: Uuid,
    /// The object in the answer, or why the answer is not usable. Of an adopted object: the object after its update, or
    /// why the update failed.
    pub object: Result<K, Error>,
    /// The error of a create with an unknown outcome, if the object was found afterwards and adopted.
    pub adopted_after: Option<Error>,
    /// Matching objects that existed before, if the kind is [distinct](Kind::DISTINCT).
    pub duplicates: Vec<Uuid>,
}

/// Creates an object.
///
/// Creates of matching objects wait for each other, and the first of all waits for a list of the objects that exist. If
/// the outcome of the request is unknown, the object is searched for, and adopted if exactly one object can be it. An
/// adopted object is updated as a whole, because it may be someone else's.
pub(crate) async fn create<K: Kind>(
    target: Target<'_>,
    known: &KnownObjects,
    value: &K,
) -> Result<Created<K>, CreateError> {
    let Target { operation, .. } = target;
    let key = MatchKey::of::<K>(&to_fields(value));
    // If the operation ends before the lock is free, the request below is not sent either.
    let _lock = tokio::select! {
        () = operation.ended() => None,
        lock = known.create_lock(&key) => Some(lock),
    };
    let for_the_record = operation.part(PART_FOR_THE_RECORD);
    let for_anothers = operation.part(PART_FOR_ANOTHERS_RECORD);
    let before = tokio::select! {
        () = for_anothers.ended() => None,
        before = known.record(list::ids(Target { operation: &for_the_record, ..target }.into()).try_collect()) => before,
    };
    let create = Create { target, known, value, key, before };
    let duplicates = match before {
        Some(_) if K::DISTINCT => create.matching(|_| true).await.unwrap_or_default(),
        _ => Vec::new(),
    };
    create.run().await.map(|created| Created { duplicates, ..created })
}

/// One create.
struct Create<'a, K> {
    target: Target<'a>,
    known: &'a KnownObjects,
    value: &'a K,
    key: MatchKey,
    /// The IDs that existed before, or `None` if that is unknown.
    before: Option<&'a HashSet<Uuid>>,
}

/// How the search for an object ends.
enum Conclusion {
    /// No object was made, and the request may be sent again.
    NothingMade,
    /// This is the object.
    Adopt(Uuid),
    /// The outcome stays unknown.
    Open(Found),
}

impl<K: Kind> Create<'_, K> {
    /// Sends the request, searches for the object if the outcome is unknown, and sends the request again if nothing was
    /// made.
    async fn run(&self) -> Result<Created<K>, CreateError> {
        let not_made = |cause, searched| CreateError::NotMade { cause, searched };
        let request = Request::new(Method::POST, self.target.path.to_owned());
        let request = objects::writing(self.target, request, self.value);
        let request = request.map_err(|cause| not_made(cause, false))?;
        let mut recovery = Recovery::new(self.before.is_some());
        let started = Instant::now();
        // The error of the last request, if the list showed that it made nothing.
        let mut earlier: Option<Error> = None;
        loop {
            let error = match self.post(&request).await {
                Ok(created) => return Ok(created),
                Err(error) => error,
            };
            let searched = earlier.is_some();
            // It was not sent this time, so nothing has changed since the last search.
            if error.attempts == 0 {
                return Err(not_made(earlier.unwrap_or(error), searched));
            }
            let refused = !error.outcome_unknown();
            if refused && !searched {
                return Err(not_made(error, false));
            }
            let (asked, remaining, random) =
                (error.retry_after, self.target.operation.remaining(), self.target.http.random());
            let error = error.with(|details| ErrorDetails {
                attempts: details.attempts + earlier.as_ref().map_or(0, |earlier| earlier.attempts),
                elapsed: started.elapsed(),
                gave_up: match asked {
                    Some(asked) if !refused && asked >= remaining => GaveUp::RetryAfter,
                    _ => details.gave_up,
                },
                ..details
            });
            let step = if refused {
                recovery.refused(remaining, random)
            } else {
                recovery.lost(error.reports_failure(), asked, remaining, random)
            };
            match self.search(&mut recovery, step).await {
                // A failure that Deepslate itself reported would happen again.
                Conclusion::NothingMade if error.kind == Malformed::NotSuccessful.into() => {
                    return Err(not_made(error, true));
                }
                Conclusion::NothingMade => earlier = Some(error),
                Conclusion::Adopt(id) => {
                    self.known.claim(self.before, id);
                    let object = self.replace(id).await.map(|item| item.value);
                    return Ok(Created { id, object, adopted_after: Some(error), duplicates: Vec::new() });
                }
                Conclusion::Open(Found::Nothing) if refused => return Err(not_made(error, false)),
                Conclusion::Open(Found::Nothing) if error.reports_failure() => return Err(not_made(error, true)),
                Conclusion::Open(found) => {
                    if let Found::Candidates(ids) = &found {
                        // Each belongs to this create or to someone else, so none belongs to a later create.
                        for id in ids {
                            self.known.claim(self.before, *id);
                        }
                    }
                    return Err(CreateError::OutcomeUnknown { cause: error, found });
                }
            }
        }
    }

    /// Sends the request, again only if the server certainly did nothing with it. An answer about an object that cannot
    /// be new shows nothing of the object that was to be made.
    async fn post(&self, request: &Request<'_>) -> Result<Created<K>, Error> {
        let answer = self.target.http.write(self.target.operation, request).await?;
        let id = answer.read(|envelope| {
            let id = envelope.created_id()?;
            if self.known.claim(self.before, id) { Ok(id) } else { Err(Malformed::OtherId(id)) }
        })?;
        let object = answer.read(|envelope| Ok(partial::<K>(id, &envelope.object(id)?))).map(|item| item.value);
        Ok(Created { id, object, adopted_after: None, duplicates: Vec::new() })
    }

    /// Searches for the object as often as the recovery asks for it.
    async fn search(&self, recovery: &mut Recovery, mut step: Step) -> Conclusion {
        let mut failure = None;
        loop {
            step = match step {
                Step::Search(wait) => {
                    if !self.target.operation.wait(wait).await {
                        return Conclusion::Open(Found::NotSearched(failure));
                    }
                    let candidates = self.matching(|id| self.known.may_be_new(self.before, id)).await;
                    let (remaining, random) = (self.target.operation.remaining(), self.target.http.random());
                    match candidates {
                        Ok(candidates) => recovery.searched(Some(candidates), remaining, random),
                        Err(error) => {
                            let unreached = error.gave_up == GaveUp::Unreachable;
                            failure = Some(error);
                            if unreached {
                                recovery.unreached(remaining, random)
                            } else {
                                recovery.searched(None, remaining, random)
                            }
                        }
                    }
                }
                Step::Send => return Conclusion::NothingMade,
                Step::Adopt(id) => return Conclusion::Adopt(id),
                Step::GiveUp(None) => return Conclusion::Open(Found::NotSearched(failure)),
                Step::GiveUp(Some(ids)) if ids.is_empty() => return Conclusion::Open(Found::Nothing),
                Step::GiveUp(Some(ids)) => return Conclusion::Open(Found::Candidates(ids)),
            }
        }
    }

    /// Lists the matching objects whose ID may be one of those searched for.
    async fn matching(&self, is_candidate: impl Fn(Uuid) -> bool + Sync) -> Result<Vec<Uuid>, Error> {
        let operation = self.target.operation.part(PART_FOR_A_SEARCH);
        let keep = |item: &Item<K>| is_candidate(item.id) && item.match_key().may_match(&self.key);
        list::items(Target { operation: &operation, ..self.target }.into(), keep)
            .map_ok(|item| item.id)
            .try_collect()
            .await
    }

    /// Updates an adopted object to what was asked for.
    async fn replace(&self, id: Uuid) -> Result<Item<K>, Error> {
        match objects::put(self.target, id, self.value).await? {
            Some(item) => Ok(item),
            None => objects::get(self.target, id).await,
        }
    }
}
