//! Creating an object exactly once, even if the answer is lost.
//!
//! - `recovery`: what follows a create with an unknown outcome, without I/O;
//! - `known`: which objects a create cannot have made;
//! - `listings`: the lists that creates share.
//!
//! This folder uses `list`, `objects`, `http` and `kinds`. `collection` uses it.

mod known;
mod listings;
mod recovery;

use std::collections::HashMap;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use futures_util::TryStreamExt;
use http::Method;
use tokio::time::Instant;
use uuid::Uuid;

use crate::error::{CreateError, Error, ErrorDetails, ErrorKind, Found, GaveUp, Malformed};
use crate::http::{Request, Word, is_passing_refusal, word};
use crate::kinds::{Item, Kind, MatchKey, Unreadable, Verb, continue_parts, from_fields, partial, to_fields};
use crate::list;
use crate::objects::{self, Target};
use crate::operation::Operation;
use listings::Listing;
use recovery::{Outcome, Recovery, Step};

pub(crate) use known::KnownObjects;

/// The part of the time left that the list before the first create may take: a quarter.
const PART_FOR_THE_RECORD: u32 = 4;
/// The part of the time left for which a create waits while another one makes that list: half, since the other one may
/// have more time.
const PART_FOR_ANOTHERS_RECORD: u32 = 2;
/// The part of the time left that one search for the object may take: half.
const PART_FOR_A_SEARCH: u32 = 2;
/// The time for a last search, and for the update of what it found, after the operation was stopped.
const LAST_LOOK: Duration = Duration::from_secs(5);
/// The wait between looks in that time, as a part of the time that a list may lag behind.
const LAST_LOOKS: u32 = 8;

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
    /// The fields of that object which are there and cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// The error of a create with an unknown outcome, if the object was found afterwards and adopted.
    pub adopted_after: Option<Error>,
    /// Matching objects that existed before, if the kind is [distinct](Kind::DISTINCT).
    pub duplicates: Vec<Uuid>,
}

impl<K> Created<K> {
    fn new(id: Uuid, shown: Result<Item<K>, Error>, adopted_after: Option<Error>) -> Created<K> {
        let (object, unreadable) = match shown {
            Ok(item) => (Ok(item.value), item.unreadable),
            Err(error) => (Err(error), Vec::new()),
        };
        Created { id, object, unreadable, adopted_after, duplicates: Vec::new() }
    }
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
    let list = |longest: Option<Duration>| async move {
        let time = for_the_record.remaining();
        listed::<K>(target, &for_the_record.within(longest.map_or(time, |longest| longest.min(time)))).await
    };
    let before = tokio::select! {
        () = for_anothers.ended() => None,
        before = known.listings.record(list) => before,
    };
    let duplicates = if K::DISTINCT { known.matching(before.as_deref(), &key) } else { Vec::new() };
    let create = Create { target, known, value, key, before };
    create.run().await.map(|created| Created { duplicates, ..created })
}

/// Lists a collection.
async fn listed<K: Kind>(target: Target<'_>, operation: &Operation) -> Result<Listing, Error> {
    let (begun, mut pages, mut objects) = (Instant::now(), 0, HashMap::new());
    let mut list = pin!(list::by_page::<K>(Target { operation, ..target }.into()));
    while let Some(items) = list.try_next().await? {
        pages += 1;
        objects.extend(items.into_iter().map(|item: Item<K>| (item.id, item.match_key())));
    }
    Ok(Listing { objects, pages, begun, completed: Instant::now() })
}

/// One create.
struct Create<'a, K> {
    target: Target<'a>,
    known: &'a KnownObjects,
    value: &'a K,
    key: MatchKey,
    /// The objects that existed before, or `None` if that is unknown.
    before: Option<Arc<Listing>>,
}

/// What a look at the list found: objects that may be new and that belong to no other create.
#[derive(Default)]
struct Candidates {
    /// They match.
    equal: Vec<Uuid>,
    /// They would match if the server stored some values in another form.
    similar: Vec<Uuid>,
}

/// How the search for an object ends.
enum Conclusion {
    /// No object was made, and the request may be sent again.
    NothingMade,
    /// The refusal holds: the list does not say otherwise, because it is refused too.
    Believed,
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
        let started = Instant::now();
        let mut recovery: Option<Recovery> = None;
        // The error of the last request if nothing was made, and whether the list showed that.
        let (mut earlier, mut searched): (Option<Error>, bool) = (None, false);
        loop {
            let error = match self.post(&request).await {
                Ok(created) => return Ok(created),
                Err(error) => error,
            };
            // It was not sent this time, so nothing has changed since the last search.
            if error.attempts == 0 {
                return Err(not_made(earlier.unwrap_or(error), searched));
            }
            if let Some(id) = named(&error) {
                self.known.claim(self.before.as_deref(), id, &self.key);
                // An earlier attempt may have made it.
                let found = if recovery.is_some() { Found::Candidates(vec![id]) } else { Found::Named(id) };
                return Err(CreateError::OutcomeUnknown { cause: error, found });
            }
            let word = word(&error);
            let refused = matches!(word, Word::Refused | Word::NotAccepted);
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
            let recovery = recovery.get_or_insert_with(|| {
                Recovery::new(self.is_recorded(error.sent.unwrap_or(started)), self.target.http.list_lag())
            });
            let outcome = match word {
                Word::Refused | Word::NotAccepted => Outcome::Refused,
                Word::Failed | Word::RefusedByGateway => Outcome::Failed,
                Word::Open => Outcome::Open,
            };
            let step = recovery.lost(outcome, asked, remaining, random);
            let conclusion = match self.search(recovery, step, &error).await {
                // What a create conflicts with may be someone else's.
                Conclusion::Adopt(id) if error.kind == ErrorKind::Conflict => {
                    Conclusion::Open(Found::Candidates(vec![id]))
                }
                conclusion => conclusion,
            };
            match conclusion {
                Conclusion::Adopt(id) => {
                    self.known.claim(self.before.as_deref(), id, &self.key);
                    self.target.http.made(id);
                    return Ok(Created::new(id, self.replace(id).await, Some(error)));
                }
                conclusion @ (Conclusion::NothingMade | Conclusion::Believed) => {
                    searched = matches!(conclusion, Conclusion::NothingMade);
                    let is_final = word == Word::RefusedByGateway && !is_passing_refusal(&error);
                    if is_final || error.gave_up == GaveUp::RetryAfter {
                        return Err(not_made(error, searched));
                    }
                    earlier = Some(error);
                }
                // A conflict says that something exists, even if the list does not show it.
                Conclusion::Open(Found::Nothing) if refused && error.kind != ErrorKind::Conflict => {
                    return Err(not_made(error, false));
                }
                Conclusion::Open(found) => {
                    if let Found::Candidates(ids) = &found {
                        // Each belongs to this create or to someone else, so none belongs to a later create.
                        for id in ids {
                            self.known.claim(self.before.as_deref(), *id, &self.key);
                        }
                    }
                    return Err(CreateError::OutcomeUnknown { cause: error, found });
                }
            }
        }
    }

    /// Whether it is known which objects existed when the request was sent.
    fn is_recorded(&self, sent: Instant) -> bool {
        self.before.as_ref().is_some_and(|before| before.is_fresh_at(sent))
    }

    /// Sends the request, again only if the server certainly did nothing with it. An answer about an object that cannot
    /// be new shows nothing of the object that was to be made.
    async fn post(&self, request: &Request) -> Result<Created<K>, Error> {
        let answer = self.target.http.write(self.target.operation, request).await?;
        let id = answer.read(|envelope| {
            let id = envelope.created_id()?;
            let is_new = self.known.claim(self.before.as_deref(), id, &self.key);
            if is_new { Ok(id) } else { Err(Malformed::OtherId(id)) }
        })?;
        self.target.http.made(id);
        let shown = answer.read(|envelope| Ok(partial::<K>(id, &envelope.object(id)?)));
        Ok(Created::new(id, shown, None))
    }

    /// Searches for the object as often as the recovery asks for it.
    async fn search(&self, recovery: &mut Recovery, mut step: Step, lost: &Error) -> Conclusion {
        let operation = self.target.operation;
        let (mut failure, mut similar) = (None, Vec::new());
        loop {
            step = match step {
                Step::Search(wait) => {
                    let mut found = None;
                    if operation.wait(wait).await {
                        found = Some(self.matching(&operation.part(PART_FOR_A_SEARCH), lost).await);
                    }
                    // A create whose outcome is open is a write under way, which a stop does not cut short.
                    if operation.stop().is_cancelled() && !matches!(found, Some(Ok(_))) {
                        recovery.stop();
                        found = Some(self.last_look(lost).await);
                    }
                    let Some(found) = found else { return Conclusion::Open(Found::NotSearched(failure)) };
                    let (remaining, random) = (operation.remaining(), self.target.http.random());
                    match found {
                        Ok(candidates) => {
                            similar = candidates.similar;
                            recovery.searched(Some(candidates.equal), remaining, random)
                        }
                        Err(error) if confirms(lost, &error) => return Conclusion::Believed,
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
                // The server may have stored other values than those that were sent.
                Step::Send if !similar.is_empty() => return Conclusion::Open(Found::Candidates(similar)),
                Step::GiveUp(Some(ids)) if ids.is_empty() && !similar.is_empty() => {
                    return Conclusion::Open(Found::Candidates(similar));
                }
                Step::Send => return Conclusion::NothingMade,
                Step::Adopt(id) => return Conclusion::Adopt(id),
                Step::GiveUp(None) => return Conclusion::Open(Found::NotSearched(failure)),
                Step::GiveUp(Some(ids)) if ids.is_empty() => return Conclusion::Open(Found::Nothing),
                Step::GiveUp(Some(ids)) => return Conclusion::Open(Found::Candidates(ids)),
            }
        }
    }

    /// Searches after a stop, until something is found or the time is over: the list may be late.
    async fn last_look(&self, lost: &Error) -> Result<Candidates, Error> {
        let (operation, lag) = (self.target.operation.despite_stop(LAST_LOOK), self.target.http.list_lag());
        let (started, wait) = (Instant::now(), lag / LAST_LOOKS);
        loop {
            let found = self.matching(&operation, lost).await;
            let nothing = found.as_ref().is_ok_and(|found| found.equal.is_empty());
            if !nothing || started.elapsed() + wait > lag || !operation.wait(wait).await {
                return found;
            }
        }
    }

    /// Lists the objects that may be new and match, or nearly match. A list that is refused as the create was ends the
    /// search at once.
    async fn matching(&self, operation: &Operation, lost: &Error) -> Result<Candidates, Error> {
        let last_status = lost.status.filter(|_| word(lost) == Word::RefusedByGateway);
        let operation = operation.ending_at(last_status);
        let target = Target { operation: &operation, ..self.target };
        // What ended the list of another create, such as its time, says nothing about this one.
        let accept =
            |error: &Error| error.status.is_some() && (confirms(lost, error) || error.gave_up == GaveUp::Final);
        let listed = listed::<K>(target, &operation);
        let search = operation.share(listed, |listed| self.known.listings.search(accept, || listed));
        let Some(listing) = search.await else {
            let request = Request::new(Method::GET, target.path.to_owned());
            return Err(target.http.failed(&request, ErrorKind::TimedOut));
        };
        let listing = listing?;
        let mut candidates = Candidates::default();
        for (id, key) in &listing.objects {
            if !self.known.may_be_new(self.before.as_deref(), *id) {
                continue;
            }
            let mut key = Some(key.clone());
            if key.as_ref().is_some_and(|key| *key != self.key && key.may_match(&self.key)) {
                key = self.key_by_itself(target, *id).await?;
            }
            match key {
                Some(key) if key.may_match(&self.key) => candidates.equal.push(*id),
                Some(key) if key.resembles::<K>(&self.key) && !self.known.is_under_way(&key) => {
                    candidates.similar.push(*id);
                }
                _ => {}
            }
        }
        candidates.equal.sort_unstable();
        candidates.similar.sort_unstable();
        Ok(candidates)
    }

    /// What an object is matched by whose item in the list does not show all fields for that. `None` if it is gone.
    async fn key_by_itself(&self, target: Target<'_>, id: Uuid) -> Result<Option<MatchKey>, Error> {
        match objects::get::<K>(target, id).await {
            Ok(item) => Ok(Some(item.match_key())),
            Err(error) if error.kind == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Updates an adopted object to what was asked for.
    async fn replace(&self, id: Uuid) -> Result<Item<K>, Error> {
        let operation = match self.target.operation {
            operation if operation.stop().is_cancelled() => operation.despite_stop(LAST_LOOK),
            operation => operation.clone(),
        };
        let target = Target { operation: &operation, ..self.target };
        let mut value = self.value.clone();
        if !value.parts().is_empty() {
            // The create has made them already.
            let found = objects::get::<K>(target, id).await?;
            continue_parts(&mut value, &found.fields);
        }
        match objects::put(target, id, &value).await? {
            Some(item) => Ok(item),
            None if K::DOCUMENTED.contains(&Verb::Get) => objects::get(target, id).await,
            None => Ok(from_fields(id, to_fields(self.value))),
        }
    }
}

/// The object that an answer names although the create did not make it: it existed before, or Deepslate refused the
/// create because of it.
fn named(error: &Error) -> Option<Uuid> {
    match error.kind {
        ErrorKind::MalformedAnswer(Malformed::OtherId(id)) => Some(id),
        _ => error.named.filter(|_| word(error) == Word::Refused),
    }
}

/// Whether the list is refused as the create was, so that the refusal is not only an answer of a gateway after the work.
fn confirms(refusal: &Error, of_list: &Error) -> bool {
    let throttled = refusal.kind == ErrorKind::Throttled && of_list.kind == ErrorKind::Throttled;
    let same = refusal.status == of_list.status || throttled;
    word(refusal) == Word::RefusedByGateway && (same || of_list.endpoint_missing())
}
