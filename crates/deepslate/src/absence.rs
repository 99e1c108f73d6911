//! The one place that decides whether an object is gone. Uses `objects`, `list` and `kinds`; `collection` uses it.
//!
//! | GET | the kind's GET is documented | it is not |
//! |---|---|---|
//! | Deepslate's own 404 | gone | gone, unless the list shows it |
//! | 404 otherwise, 405, 501 | an error | as the list shows; an error if there is no list |
//!
//! Since no documentation promises the second kind of GET, a server without it may answer 404 in Deepslate's own
//! envelope.

use uuid::Uuid;

use crate::error::{Error, ErrorDetails, ErrorKind};
use crate::kinds::{Item, Kind, Verb};
use crate::list;
use crate::objects::{self, Target};

/// Reads an object. [`ErrorKind::NotFound`] means that it is gone.
pub(crate) async fn read<K: Kind>(target: Target<'_>, id: Uuid) -> Result<Item<K>, Error> {
    let error = match objects::get(target, id).await {
        Err(error) if is_open::<K>(&error) => error,
        outcome => return outcome,
    };
    match list::find::<K>(target, id).await {
        Ok(Some(item)) if item.is_usable() => Ok(item),
        // It exists, but no call returns what is missing.
        Ok(Some(_)) => Err(error),
        Ok(None) => Err(error.with(|details| ErrorDetails { kind: ErrorKind::NotFound, ..details })),
        Err(of_list) if of_list.endpoint_missing() => Err(error),
        Err(of_list) => Err(of_list),
    }
}

/// Whether the list has to decide after this error of a GET.
fn is_open<K: Kind>(error: &Error) -> bool {
    !K::DOCUMENTED.contains(&Verb::Get) && (error.endpoint_missing() || error.kind == ErrorKind::NotFound)
}
