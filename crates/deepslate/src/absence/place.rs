//! Whether an object is missing in its collection, and whether the place of the object exists and the key may read it.

use std::pin::pin;

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::proofs::{Listing, Place};
use super::{Gone, Inquiry};
use crate::error::{Error, ErrorDetails, ErrorKind};
use crate::json::Members;
use crate::list;
use crate::objects::{self, Target};

/// What the list and the place of an object show, after a 404 to its GET.
pub(super) enum Verdict {
    /// It is gone.
    Gone(Gone),
    /// The list shows it so.
    Listed(Members),
    /// Its place exists, but the server has no call that shows it.
    NotOffered,
    /// Nothing proves that its place exists and that the key may read it.
    Unproven,
}

/// Finds out whether an object is missing. `has_get`: whether a documented GET answered 404.
pub(super) async fn look(inquiry: Inquiry<'_>, has_get: bool, id: Uuid) -> Result<Verdict, Error> {
    let collection = inquiry.proofs.of(inquiry.target.path);
    let listing = collection.listing(inquiry.target).await?;
    let empty = match &*listing {
        Listing::Objects(objects) => match objects.get(&id) {
            Some(members) => return Ok(Verdict::Listed(members.clone())),
            // The key may read the place, because it shows another object.
            None if !objects.is_empty() => return Ok(Verdict::Gone(Gone { unverified: None })),
            None => true,
        },
        Listing::Part(objects, error) => match objects.get(&id) {
            Some(members) => return Ok(Verdict::Listed(members.clone())),
            None => return Err(error.clone()),
        },
        Listing::Missing | Listing::NotFound => false,
    };
    // Boxed, because the place of a place is asked for in the same way.
    let place = collection.place(inquiry.target, Box::pin(find_place(inquiry))).await?;
    Ok(match (place, &*listing) {
        (Place::Gone(gone), _) => Verdict::Gone(gone),
        (Place::Exists, _) if empty => Verdict::Gone(Gone { unverified: None }),
        (Place::Exists, _) if !has_get => Verdict::NotOffered,
        (Place::Exists, Listing::Missing) => Verdict::Gone(Gone { unverified: None }),
        (Place::Unverified(error), _) if empty => Verdict::Gone(Gone { unverified: Some(error) }),
        _ => Verdict::Unproven,
    })
}

/// Finds out whether the object above a collection exists.
async fn find_place(inquiry: Inquiry<'_>) -> Result<Place, Error> {
    let Some((above, ancestors)) = inquiry.ancestors.split_first() else { return Ok(Place::Unknown) };
    let target = Target { path: &above.path, ..inquiry.target };
    if !above.has_get {
        return listed(target, above.id).await;
    }
    let error = match objects::exists(target, above.id).await {
        Ok(()) => return Ok(Place::Exists),
        Err(error) if error.kind == ErrorKind::NotFound => error,
        Err(error) => return Err(error),
    };
    match look(Inquiry { target, ancestors, ..inquiry }, true, above.id).await? {
        Verdict::Gone(gone) => Ok(Place::Gone(gone)),
        Verdict::Listed(_) => Err(error.with(|details| ErrorDetails { kind: ErrorKind::Contradiction, ..details })),
        Verdict::NotOffered | Verdict::Unproven => Ok(Place::Unknown),
    }
}

/// Walks a documented list until it shows this object.
async fn listed(target: Target<'_>, id: Uuid) -> Result<Place, Error> {
    let mut ids = pin!(list::ids(target.into()));
    loop {
        match ids.try_next().await {
            Ok(Some(found)) if found == id => return Ok(Place::Exists),
            Ok(Some(_)) => {}
            Ok(None) => return Ok(Place::Unknown),
            Err(error) if error.kind == ErrorKind::NotFound => return Ok(Place::Unknown),
            Err(error) if is_unreadable(&error) => return Ok(Place::Unverified(error)),
            Err(error) => return Err(error),
        }
    }
}

/// Whether the list cannot be read with this key, or not on this server.
fn is_unreadable(error: &Error) -> bool {
    error.endpoint_missing() || matches!(error.kind, ErrorKind::Unauthorized | ErrorKind::Forbidden)
}
