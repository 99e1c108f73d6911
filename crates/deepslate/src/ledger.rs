//! What a client knows of a collection's objects: which were there before it first created one, and which are its own.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{OnceCell, OwnedMutexGuard};
use uuid::Uuid;

use super::error::{Error, ErrorKind};

/// The fields that a create sets and that the API shows, each in one spelling. What an item of a list lacks is nothing,
/// and may be anything.
pub(super) type Likeness = Vec<Option<String>>;

/// The ledgers of a client, by the path of the collection.
pub(super) type Ledgers = Mutex<HashMap<String, Arc<Ledger>>>;

/// What is known of one collection.
#[derive(Default)]
pub(super) struct Ledger {
    /// The ids that were there before the first create whose list came to an end; nothing where there is no list.
    before: OnceCell<Option<HashSet<Uuid>>>,
    /// The ids that creates made, adopted or may have made.
    own: Mutex<HashSet<Uuid>>,
    turns: Mutex<HashMap<Likeness, Arc<tokio::sync::Mutex<()>>>>,
}

impl Ledger {
    /// The ledger of this collection.
    pub(super) fn of(ledgers: &Ledgers, collection: &str) -> Arc<Ledger> {
        Arc::clone(locked(ledgers).entry(collection.to_owned()).or_default())
    }

    /// Waits until no other create of a like object is under way. So whatever like object turns up meanwhile is none
    /// of theirs.
    pub(super) async fn turn(&self, likeness: &Likeness) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = locked(&self.turns);
            // Whoever has a turn or waits for one holds it too.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(likeness.clone()).or_default())
        };
        turn.lock_owned().await
    }

    /// Takes down which objects are there before the first create, and returns that record; nothing where they cannot
    /// be listed. Those who come meanwhile wait for it.
    ///
    /// The next create lists again where that failed, unless it is to be expected that each would wait in vain.
    pub(super) async fn open(
        &self,
        list: impl Future<Output = Result<HashSet<Uuid>, Error>>,
    ) -> Option<&HashSet<Uuid>> {
        let record = async || match list.await {
            Ok(ids) => Ok(Some(ids)),
            Err(error) if error.lacks_call() || error.kind == ErrorKind::TimedOut => Ok(None),
            Err(error) => Err(error),
        };
        self.before.get_or_try_init(record).await.ok()?.as_ref()
    }

    /// Takes down an object that a create made, adopted or may have made; whether it [may be new](Self::may_be_new).
    pub(super) fn claim(&self, before: Option<&HashSet<Uuid>>, id: Uuid) -> bool {
        !before.is_some_and(|before| before.contains(&id)) && locked(&self.own).insert(id)
    }

    /// Whether a create may have made this object, of which no other create knows. `before` is the record that it had
    /// when it began: one that was completed later may hold the object that it made.
    pub(super) fn may_be_new(&self, before: Option<&HashSet<Uuid>>, id: Uuid) -> bool {
        !before.is_some_and(|before| before.contains(&id)) && !locked(&self.own).contains(&id)
    }
}

/// Whether two objects look alike, as far as is known.
pub(super) fn may_be_alike(one: &Likeness, other: &Likeness) -> bool {
    one.iter().zip(other).all(|(one, other)| one.is_none() || other.is_none() || one == other)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    #[tokio::test]
    async fn a_turn_is_kept_while_it_lasts_and_no_longer() {
        let (ledger, [one, other]) = (Ledger::default(), ["a", "b"].map(|text| vec![Some(text.to_owned())]));
        let turn = ledger.turn(&one).await;
        drop(ledger.turn(&other).await);
        assert!(ledger.turn(&one).now_or_never().is_none());
        drop(turn);
        drop(ledger.turn(&other).await);
        assert_eq!(locked(&ledger.turns).len(), 1);
    }
}
