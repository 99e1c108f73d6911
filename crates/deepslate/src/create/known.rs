//! What a client knows of a collection's objects: which existed before a create, and which it wrote itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

use super::listings::{Listing, Listings};
use crate::kinds::MatchKey;

/// The known objects of one collection.
#[derive(Default)]
pub(crate) struct KnownObjects {
    pub(super) listings: Listings,
    /// The objects that this process made, adopted, may have made, updated or deleted, with their current match keys:
    /// `None` if they are gone.
    touched: Mutex<HashMap<Uuid, Option<MatchKey>>>,
    locks: Mutex<HashMap<MatchKey, Arc<tokio::sync::Mutex<()>>>>,
}

impl KnownObjects {
    /// Waits until no other create of a matching object is in progress, so that no matching object that appears
    /// meanwhile belongs to another create.
    pub(super) async fn create_lock(&self, key: &MatchKey) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = locked(&self.locks);
            // A lock that is held or waited for has another owner.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(locks.entry(key.clone()).or_default())
        };
        lock.lock_owned().await
    }

    /// Whether a create of a matching object is in progress.
    pub(super) fn is_under_way(&self, key: &MatchKey) -> bool {
        locked(&self.locks).contains_key(key)
    }

    /// Records an object that a create made, adopted or may have made. Returns whether it [may be
    /// new](Self::may_be_new).
    pub(super) fn claim(&self, before: Option<&Listing>, id: Uuid, key: &MatchKey) -> bool {
        let is_new = self.may_be_new(before, id);
        if is_new {
            locked(&self.touched).insert(id, Some(key.clone()));
        }
        is_new
    }

    /// Whether a create may have made this object, and no other create did. `before` is the record from before the
    /// create: a later one may contain the object that it made.
    pub(super) fn may_be_new(&self, before: Option<&Listing>, id: Uuid) -> bool {
        !before.is_some_and(|before| before.objects.contains_key(&id)) && !locked(&self.touched).contains_key(&id)
    }

    /// The objects that match, as far as that is known without a request.
    pub(super) fn matching(&self, before: Option<&Listing>, key: &MatchKey) -> Vec<Uuid> {
        let touched = locked(&self.touched);
        let mut ids: Vec<Uuid> = before
            .into_iter()
            .flat_map(|before| &before.objects)
            .filter(|(id, of_object)| !touched.contains_key(id) && *of_object == key)
            .map(|(id, _)| *id)
            .chain(touched.iter().filter(|(_, of_object)| of_object.as_ref() == Some(key)).map(|(id, _)| *id))
            .collect();
        ids.sort_unstable();
        ids
    }

    /// Notes the match key of an object that this process wrote; `None` if the object is gone.
    pub(crate) fn note(&self, id: Uuid, key: Option<MatchKey>) {
        locked(&self.touched).insert(id, key);
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;
    use crate::kinds::{Organization, to_fields};

    #[tokio::test]
    async fn a_create_lock_is_kept_while_it_is_held_and_no_longer() {
        let key =
            |name: &str| MatchKey::of::<Organization>(&to_fields(&Organization { company_name: Some(name.into()) }));
        let (known, one, other) = (KnownObjects::default(), key("a"), key("b"));
        let lock = known.create_lock(&one).await;
        drop(known.create_lock(&other).await);
        assert!(known.create_lock(&one).now_or_never().is_none());
        drop(lock);
        drop(known.create_lock(&other).await);
        assert_eq!(locked(&known.locks).len(), 1);
    }
}
