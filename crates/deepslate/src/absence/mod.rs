//! The one place that decides whether an object is gone: for reads, updates and deletes of every kind.
//!
//! - `place`: whether the place of an object exists and the key may read it;
//! - `proofs`: what is remembered of each collection: its place, and the listing that missing objects share;
//! - `remains`: what an update leaves behind.
//!
//! A 404 in Deepslate's envelope is only the beginning. Many APIs answer like this to a key that may not see an object,
//! or to a path that they do not know. An object is gone if a listing that began after the 404 lacks it, and its place
//! is proven.
//!
//! | listing of the collection | place | the object |
//! |---|---|---|
//! | shows the object | | exists. If the GET is documented, this is a contradiction, which may pass |
//! | shows others only | | is gone |
//! | is empty | exists | is gone |
//! | is empty | cannot be read with this key | is gone, and the caller can warn |
//! | the server does not have it | exists | is gone if the GET is documented. If not, both routes may be missing |
//! | own 404 | exists | nothing is proven if the GET is documented. If not, both routes may be missing |
//! | any | is gone too | is gone |
//! | any | is not proven | nothing is proven |
//!
//! If the server does not have the GET, only the list shows whether an object exists. The list may be late, so it is
//! read twice before an object is gone.
//!
//! This folder uses `objects`, `list` and `kinds`. `collection` uses it.

mod place;
mod proofs;
mod remains;

use std::time::Duration;

use http::Method;
use uuid::Uuid;

use crate::error::{Error, ErrorDetails, ErrorKind};
use crate::kinds::{
    Ancestor, Item, Kind, Unreadable, Verb, changed, continue_parts, filled, partial, to_fields, without_parts,
    without_secrets,
};
use crate::objects::{self, Target};
use place::{Verdict, look};
pub(crate) use proofs::Proofs;
pub use remains::Remains;

/// The waits before another look, if two answers contradict each other: a replica may be some seconds behind.
const OTHER_LOOKS: [Duration; 4] =
    [Duration::from_millis(500), Duration::from_secs(1), Duration::from_millis(1500), Duration::from_secs(2)];

/// How often two answers that contradict each other have been asked for.
#[derive(Default)]
struct Looks(usize);

/// What a read found.
#[derive(Debug, Clone)]
pub enum Outcome<K> {
    /// The object.
    Found(Shown<K>),
    /// The object is gone.
    Gone(Gone),
}

/// An object as an answer shows it.
#[derive(Debug, Clone)]
pub struct Shown<K> {
    /// The object.
    pub value: K,
    /// The fields that are in the answer and cannot be read.
    pub unreadable: Vec<Unreadable>,
}

/// What an update did.
#[derive(Debug, Clone)]
pub struct Updated<K> {
    /// The object after it.
    pub value: K,
    /// The fields that are in the answer and cannot be read.
    pub unreadable: Vec<Unreadable>,
    /// The parts and keys that the object still has although the update left them out.
    pub remains: Remains,
}

/// An object is gone.
#[derive(Debug, Clone)]
pub struct Gone {
    /// Why it could not be verified that the place of the object exists. The list of the collection is empty.
    pub unverified: Option<Error>,
}

/// A collection, what proves that one of its objects is gone, and the operation that asks.
#[derive(Clone, Copy)]
pub(crate) struct Inquiry<'a> {
    pub(crate) target: Target<'a>,
    pub(crate) proofs: &'a Proofs,
    /// The objects above the collection, the nearest first.
    pub(crate) ancestors: &'a [Ancestor],
    /// The parts that are left out of what is found.
    pub(crate) ignored: &'a [Uuid],
}

/// What was found of an object.
enum Read<K> {
    /// A GET shows it.
    Whole(Item<K>),
    /// The list shows it, perhaps without some fields.
    Listed(Item<K>),
    Gone(Gone),
}

impl Looks {
    /// Waits until it is time for another look. Returns false if there is none.
    async fn again(&mut self, target: Target<'_>) -> bool {
        let Some(&wait) = OTHER_LOOKS.get(self.0) else { return false };
        self.0 += 1;
        target.operation.wait(wait).await
    }
}

/// Reads an object. `known` is what the caller knows of it. The result has these values for all fields that the answer
/// has in an unreadable form, or that a list does not show.
pub(crate) async fn read<K: Kind>(inquiry: Inquiry<'_>, id: Uuid, known: &K) -> Result<Outcome<K>, Error> {
    let shown = |item: Item<K>, value| Outcome::Found(Shown { value, unreadable: item.unreadable });
    Ok(match find(inquiry, id).await? {
        Read::Gone(gone) => Outcome::Gone(gone),
        Read::Listed(item) => {
            let value = filled(&item, known, |_| true);
            shown(item, value)
        }
        Read::Whole(item) => {
            let value = filled(&item, known, |name| item.unreadable.iter().any(|odd| odd.name == name));
            shown(item, value)
        }
    })
}

/// Replaces an object as a whole, unless it was changed since it was `before`. Parts continue those that were found.
///
/// [`ErrorKind::NotFound`] means that the object is gone.
pub(crate) async fn update<K: Kind>(
    inquiry: Inquiry<'_>,
    id: Uuid,
    before: &K,
    wanted: &K,
) -> Result<Updated<K>, Error> {
    let found = unchanged(inquiry, id, before, wanted).await?;
    let mut body = wanted.clone();
    let left = found.map_or_else(Vec::new, |found| continue_parts(&mut body, &found.fields));
    match objects::put(inquiry.target, id, &body).await {
        Ok(Some(item)) => {
            let value = filled(&item, wanted, |_| true);
            // All other differences are in the value.
            let remains = Remains::of(&item, &to_fields(before), &to_fields(wanted), &left);
            let remains = Remains { fields: Vec::new(), ..remains };
            Ok(Updated { value, unreadable: item.unreadable, remains })
        }
        Ok(None) => {
            let remains = if answers_without_object::<K>() {
                remains::look(inquiry, id, before, wanted, &left).await
            } else {
                Remains::default()
            };
            Ok(Updated { value: wanted.clone(), unreadable: Vec::new(), remains })
        }
        Err(error) if error.kind == ErrorKind::NotFound => Err(match refused::<K>(inquiry, id, error).await? {
            Refused::Gone(_, error) | Refused::NotOffered(error) => error,
        }),
        Err(error) => Err(error),
    }
}

/// Deletes an object. Deleting an object that is already gone succeeds too.
pub(crate) async fn delete<K: Kind>(inquiry: Inquiry<'_>, id: Uuid) -> Result<Gone, Error> {
    match objects::delete(inquiry.target, id).await {
        Ok(()) => Ok(Gone { unverified: None }),
        Err(error) if error.kind == ErrorKind::NotFound => match refused::<K>(inquiry, id, error).await? {
            Refused::Gone(gone, _) => Ok(gone),
            Refused::NotOffered(error) => Err(error),
        },
        Err(error) => Err(error),
    }
}

/// The meaning of Deepslate's own 404 to a write, with its error.
enum Refused {
    /// The object is gone.
    Gone(Gone, Error),
    /// The server does not have the call: the object is there, or no call shows it.
    NotOffered(Error),
}

async fn refused<K: Kind>(inquiry: Inquiry<'_>, id: Uuid, error: Error) -> Result<Refused, Error> {
    let mut looks = Looks::default();
    loop {
        match find::<K>(inquiry, id).await {
            Ok(Read::Gone(gone)) => return Ok(Refused::Gone(gone, error)),
            // An attempt that broke off may have deleted it, and the read may come from a replica that is behind. A list
            // may always be behind.
            Ok(Read::Listed(_)) if looks.again(inquiry.target).await => {}
            Ok(Read::Whole(_)) if error.attempts > 1 && looks.again(inquiry.target).await => {}
            Ok(_) => return Ok(Refused::NotOffered(not_offered(error))),
            Err(of_read) if of_read.endpoint_missing() && is_by_convention::<K>() => {
                return Ok(Refused::NotOffered(not_offered(error)));
            }
            Err(of_read) => return Err(of_read),
        }
    }
}

/// Checks that nothing was changed that this update does not change. Returns the object, if the server shows it.
async fn unchanged<K: Kind>(inquiry: Inquiry<'_>, id: Uuid, before: &K, wanted: &K) -> Result<Option<Item<K>>, Error> {
    let (before, wanted) = (to_fields(before), to_fields(wanted));
    let mut looks = Looks::default();
    loop {
        let item = match find::<K>(inquiry, id).await {
            Ok(Read::Whole(item) | Read::Listed(item)) => item,
            Ok(Read::Gone(_)) => return Err(failed(inquiry.target, id, ErrorKind::NotFound)),
            Err(error) if error.endpoint_missing() && is_by_convention::<K>() => return Ok(None),
            Err(error) => return Err(error),
        };
        let found = without_secrets::<K>(item.fields.clone(), &before, inquiry.target.http.secrets());
        let changed = changed::<K>(&found, &before, &wanted);
        if changed.is_empty() {
            return Ok(Some(item));
        }
        if !looks.again(inquiry.target).await {
            return Err(failed(inquiry.target, id, ErrorKind::Changed(changed)));
        }
    }
}

/// Reads an object, and finds out whether it is gone.
async fn find<K: Kind>(inquiry: Inquiry<'_>, id: Uuid) -> Result<Read<K>, Error> {
    let by_convention = is_by_convention::<K>();
    let mut looks = Looks::default();
    loop {
        let reading = inquiry.proofs.of(inquiry.target.path).reading();
        let answer = objects::get(inquiry.target, id).await;
        drop(reading);
        let error = match answer {
            Ok(item) => return Ok(Read::Whole(without_parts(item, inquiry.ignored))),
            Err(error) if error.kind == ErrorKind::NotFound || (by_convention && error.endpoint_missing()) => error,
            Err(error) => return Err(error),
        };
        let to_prove = |error: Error| error.with(|details| ErrorDetails { of_proof: true, ..details });
        let mut verdict = look(inquiry, !by_convention, id).await.map_err(to_prove)?;
        if matches!(verdict, Verdict::Gone(_)) && error.endpoint_missing() {
            // Only the list shows this, and the list may be late.
            if !inquiry.target.operation.wait(inquiry.target.http.list_lag()).await {
                return Err(error);
            }
            verdict = look(inquiry, false, id).await.map_err(to_prove)?;
        }
        return match verdict {
            Verdict::Gone(gone) => Ok(Read::Gone(gone)),
            Verdict::Listed(members) if by_convention => {
                let item = partial::<K>(id, &members);
                // If it is not usable, no call returns what is missing.
                if item.is_usable() { Ok(Read::Listed(item)) } else { Err(not_offered(error)) }
            }
            Verdict::Listed(_) if looks.again(inquiry.target).await => continue,
            Verdict::Listed(_) => Err(with_kind(error, ErrorKind::Contradiction)),
            Verdict::NotOffered => Err(not_offered(error)),
            Verdict::Unproven => Err(with_kind(error, ErrorKind::PlaceUnknown)),
        };
    }
}

/// Whether the answer to an update can be documented to be without the object, and the GET shows the result.
fn answers_without_object<K: Kind>() -> bool {
    [Verb::Update, Verb::Get].iter().all(|verb| K::DOCUMENTED.contains(verb))
}

/// Whether no documentation was found for the kind's GET, so that a server may lack it.
fn is_by_convention<K: Kind>() -> bool {
    !K::DOCUMENTED.contains(&Verb::Get)
}

/// The error of a call that the server does not have. Its 404 was only the wrapping of an unknown route.
fn not_offered(error: Error) -> Error {
    if error.endpoint_missing() { error } else { with_kind(error, ErrorKind::MethodNotAllowed) }
}

fn with_kind(error: Error, kind: ErrorKind) -> Error {
    error.with(|details| ErrorDetails { kind, ..details })
}

/// The error of an update that was not sent.
fn failed(target: Target<'_>, id: Uuid, kind: ErrorKind) -> Error {
    target.http.failed(&target.request(Method::PUT, id), kind)
}
