//! Creating an object, once, whatever becomes of the answer.
//!
//! `recovery` has the rules for a create whose outcome is not known; `ledger` knows which objects are no candidates.
//! Here they are carried out.

use std::time::Duration;

use futures_util::{StreamExt, TryStreamExt};
use http::Method;
use serde::Serialize;
use tokio::time::Instant;
use uuid::Uuid;

use super::Deepslate;
use super::budget::Budget;
use super::envelope::Object;
use super::error::{Error, GaveUp, Malformed};
use super::ledger::{Ledger, Likeness, may_be_alike};
use super::list::Summary;
use super::objects::{Content, some_envelope};
use super::recovery::{Recovery, Step};
use super::transport::Request;

/// Which part of the time that is left the list may take that comes before the first create: a quarter.
const PART_FOR_THE_RECORD: u32 = 4;
/// Which part of the time that is left is spent on waiting for that list where another create makes it: half. That one
/// may have more time.
const PART_FOR_ANOTHERS_RECORD: u32 = 2;
/// Which part of the time that is left one search for the object may take: half.
const PART_FOR_A_LOOK: u32 = 2;

/// An object that was created.
///
/// Its id comes first and by itself, so that no oddity of the rest of the answer can lose the object.
#[derive(Debug, Clone)]
#[must_use = "the object exists from now on, and somebody has to keep its id"]
pub struct Created<T> {
    /// The id that Deepslate gave to the object.
    pub id: Uuid,
    /// The object as the answer describes it, or how that description is malformed. Of one that was adopted: as it is
    /// now, or why it could not be made to be what was asked for.
    pub object: Result<T, Error>,
    /// The error of a create whose outcome was not known, where the object was found afterwards and adopted.
    pub adopted_after: Option<Error>,
    /// Objects that were there already and are like this one, of a kind of which that makes no sense.
    pub twins: Vec<Uuid>,
}

impl Deepslate {
    /// Creates an object that has this likeness.
    ///
    /// Creates of like objects take turns, and the first of all waits for a list of what is there already. Where it is
    /// not known whether a create succeeded, its object is looked for, and adopted if there is just one: that is then
    /// replaced as a whole, since it may be somebody else's.
    pub(super) async fn create<S: Summary>(
        &self,
        budget: &Budget,
        collection: String,
        content: &Content<'_, impl Serialize>,
        likeness: &Likeness,
    ) -> Result<Created<S::Whole>, Error> {
        let ledger = Ledger::of(&self.ledgers, &collection);
        // Where the time ends or a stop comes first, the request below is not sent either.
        let _turn = tokio::select! {
            () = budget.end() => None,
            turn = ledger.turn(likeness) => Some(turn),
        };
        let for_the_record = budget.part(PART_FOR_THE_RECORD);
        let for_anothers = budget.part(PART_FOR_ANOTHERS_RECORD);
        let before = tokio::select! {
            () = for_anothers.end() => None,
            before = ledger.open(self.ids(&for_the_record, collection.as_str().into()).try_collect()) => before,
        };

        let is_twin = |summary: &S| may_be_alike(&summary.likeness(), likeness);
        let twins = match before {
            Some(_) if S::DISTINCT => self.candidates(budget, &collection, is_twin).await.unwrap_or_default(),
            _ => Vec::new(),
        };

        let request = self.writing(budget, Method::POST, collection.clone(), content)?;
        let mut recovery = Recovery::new(before.is_some());
        let started = Instant::now();
        let mut last: Option<Error> = None;
        loop {
            let mut error = match self.post(budget, &request, |id| ledger.claim(before, id)).await {
                Ok(created) => return Ok(Created { twins, ..created }),
                // It was not sent this time, so nothing changed since the last.
                Err(error) if error.attempts == 0 => return Err(last.unwrap_or(error)),
                Err(error) => error,
            };
            error.attempts += last.as_ref().map_or(0, |last| last.attempts);
            error.elapsed = started.elapsed();
            let (asked, remaining) = (error.retry_after, budget.remaining());
            let mut step = if error.outcome_unknown() {
                if asked.is_some_and(|asked| asked >= remaining) {
                    error.gave_up = GaveUp::RetryAfter;
                }
                recovery.lost(error.reports_failure(), asked, remaining, (self.random)())
            } else if last.is_some() {
                error.earlier_outcome_unknown = true;
                recovery.refused(remaining, (self.random)())
            } else {
                return Err(error);
            };
            loop {
                step = match step {
                    Step::Look(wait) => {
                        if !pause(budget, wait).await {
                            return Err(error);
                        }
                        let may_be_ours = |summary: &S| {
                            ledger.may_be_new(before, summary.id()) && may_be_alike(&summary.likeness(), likeness)
                        };
                        let candidates = self.candidates(budget, &collection, may_be_ours).await;
                        let (remaining, random) = (budget.remaining(), (self.random)());
                        match candidates {
                            Err(of_list) if of_list.gave_up == GaveUp::Unreachable => {
                                error.not_looked_for = Some(of_list);
                                recovery.unreached(remaining, random)
                            }
                            Err(of_list) => {
                                error.not_looked_for = Some(of_list);
                                recovery.saw(None, remaining, random)
                            }
                            Ok(candidates) => recovery.saw(Some(candidates), remaining, random),
                        }
                    }
                    // What Deepslate itself says to have failed would fail again.
                    Step::Send if error.kind == Malformed::NotSuccessful.into() => Step::GiveUp(Some(Vec::new())),
                    Step::Send => break,
                    Step::Adopt(id) => {
                        ledger.claim(before, id);
                        let object = self.replace::<S>(budget, &collection, id, content).await;
                        return Ok(Created { id, object, adopted_after: Some(error), twins });
                    }
                    Step::GiveUp(candidates) => {
                        // Each is this create's or somebody's, and none is that of a like create to come.
                        for id in candidates.iter().flatten() {
                            ledger.claim(before, *id);
                        }
                        // The list showed twice that what was sent before this made nothing.
                        let nothing_made = candidates.as_ref().is_some_and(Vec::is_empty);
                        error.earlier_outcome_unknown &= !nothing_made;
                        error.candidates = candidates;
                        return Err(error);
                    }
                }
            }
            error.candidates = Some(Vec::new());
            last = Some(error);
        }
    }

    /// Sends the request, again only where the server certainly did nothing with it. An answer about an object that
    /// cannot be claimed says nothing of the one that was to be made.
    async fn post<T: Object>(
        &self,
        budget: &Budget,
        request: &Request<'_>,
        claim: impl Fn(Uuid) -> bool,
    ) -> Result<Created<T>, Error> {
        let answer = self.write(budget, request).await?;
        let malformed = |reason| self.malformed(request, &answer, reason);
        let envelope = some_envelope(&answer).map_err(malformed)?;
        let id = envelope
            .id()
            .map_err(|reason| malformed(if envelope.success { reason } else { Malformed::NotSuccessful }))?;
        if !claim(id) {
            return Err(malformed(Malformed::OtherId(id)));
        }
        Ok(Created { id, object: envelope.object(id).map_err(malformed), adopted_after: None, twins: Vec::new() })
    }

    /// The objects that a create may have made.
    async fn candidates<S: Summary>(
        &self,
        budget: &Budget,
        collection: &str,
        may_be_ours: impl Fn(&S) -> bool + Copy + Send,
    ) -> Result<Vec<Uuid>, Error> {
        let budget = budget.part(PART_FOR_A_LOOK);
        let found = self.list(&budget, collection.to_owned(), may_be_ours);
        found.map(|found| found.map(|whole| S::from(whole).id())).try_collect().await
    }

    /// Makes an adopted object what was asked for.
    async fn replace<S: Summary>(
        &self,
        budget: &Budget,
        collection: &str,
        id: Uuid,
        content: &Content<'_, impl Serialize>,
    ) -> Result<S::Whole, Error> {
        match self.update(budget, collection, id, content).await? {
            Some(object) => Ok(object),
            None => self.get(budget, collection, id).await,
        }
    }
}

/// Waits; whether it came to the end of it before the budget did.
async fn pause(budget: &Budget, wait: Duration) -> bool {
    tokio::select! {
        biased;
        () = budget.end() => false,
        () = tokio::time::sleep(wait) => true,
    }
}
