//! What a client knows of a collection's objects: which existed before its first create, and which are its own.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OnceCell, OwnedMutexGuard};
use uuid::Uuid;

use crate::error::{Error, ErrorKind};
use crate::kinds::MatchKey;

/// The known objects of one collection.
#[derive(Default)]
pub(crate) struct KnownObjects {
    /// The IDs that existed before the first create whose list was complete; `None` inside if there is no list.
    before: OnceCell<Option<HashSet<Uuid>>>,
    /// The IDs that creates made, adopted or may have made.
    own: Mutex<HashSet<Uuid>>,
    locks: Mutex<HashMap<MatchKey, Arc<tokio::sync::Mutex<()>>>>,
}

impl KnownObjects {
    /// Waits until no other create of a matching object is under way, so that no matching object that appears meanwhile
    /// belongs to another create.
    pub(super) async fn create_lock(&self, key: &MatchKey) -> OwnedMutexGuard<()> {
        let lock = {
            let mut locks = locked(&self.locks);
            // A lock that is held or waited for has another owner.
            locks.retain(|_, lock| Arc::strong_count(lock) > 1);
            Arc::clone(locks.entry(key.clone()).or_default())
        };
        lock.lock_owned().await
    }

    /// Records which objects exist before the first create. Returns `None` if they cannot be listed. Creates that come
    /// meanwhile wait for the record.
    ///
    /// If the list failed, the next create lists again, unless every create would then wait in vain.
    pub(super) async fn record(
        &self,
        list: impl Future<Output = Result<HashSet<Uuid>, Error>>,
    ) -> Option<&HashSet<Uuid>> {
        let record = async || match list.await {
            Ok(ids) => Ok(Some(ids)),
            Err(error) if error.endpoint_missing() || error.kind == ErrorKind::TimedOut => Ok(None),
            Err(error) => Err(error),
        };
        self.before.get_or_try_init(record).await.ok()?.as_ref()
    }

    /// Records an object that a create made, adopted or may have made. Returns whether it [may be
    /// new](Self::may_be_new).
    pub(super) fn claim(&self, before: Option<&HashSet<Uuid>>, id: Uuid) -> bool {
        !before.is_some_and(|before| before.contains(&id)) && locked(&self.own).insert(id)
    }

    /// Whether a create may have made this object, and no other create did. `before` is the record from before the
    /// create: a later one may contain the object that it made.
    pub(super) fn may_be_new(&self, before: Option<&HashSet<Uuid>>, id: Uuid) -> bool {
        !before.is_some_and(|before| before.contains(&id)) && !locked(&self.own).contains(&id)
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
        let key = |name: &str| {
            MatchKey::of::<Organization>(&to_fields(&Organization { company_name: Some(name.to_owned()) }))
        };
        let (known, one, other) = (KnownObjects::default(), key("a"), key("b"));
        let lock = known.create_lock(&one).await;
        drop(known.create_lock(&other).await);
        assert!(known.create_lock(&one).now_or_never().is_none());
        drop(lock);
        drop(known.create_lock(&other).await);
        assert_eq!(locked(&known.locks).len(), 1);
    }
}
