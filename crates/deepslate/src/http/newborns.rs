//! The objects that this process just made. A replica that is behind may not know them yet.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

/// How long a server may take until all its replicas know a new object.
const YOUNG: Duration = Duration::from_secs(10);

/// The IDs of the objects that a client made.
#[derive(Default)]
pub(super) struct Newborns(Mutex<Made>);

#[derive(Default)]
struct Made {
    /// Since when each object exists.
    since: HashMap<Uuid, Instant>,
    /// The objects, the oldest first, so that those that are no longer young are found without a look at the others.
    in_order: VecDeque<(Instant, Uuid)>,
}

impl Newborns {
    /// Notes that this object was just made.
    pub(super) fn add(&self, id: Uuid) {
        let mut newborns = self.lock();
        let Made { since, in_order } = &mut *newborns;
        while in_order.front().is_some_and(|(made, _)| made.elapsed() >= YOUNG)
            && let Some((_, old)) = in_order.pop_front()
        {
            since.remove(&old);
        }
        let now = Instant::now();
        since.insert(id, now);
        in_order.push_back((now, id));
    }

    /// Whether the path names an object that was just made.
    pub(super) fn any_in(&self, path: &str) -> bool {
        let newborns = self.lock();
        let path = path.split('?').next().unwrap_or_default();
        let mut ids = path.split('/').filter_map(|segment| Uuid::try_parse(segment).ok());
        ids.any(|id| newborns.since.get(&id).is_some_and(|made| made.elapsed() < YOUNG))
    }

    fn lock(&self) -> MutexGuard<'_, Made> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn an_object_is_young_for_some_seconds() {
        let (newborns, id, other) = (Newborns::default(), Uuid::from_u128(1), Uuid::from_u128(2));
        newborns.add(id);
        assert!(newborns.any_in(&format!("/api/a/{id}")));
        assert!(newborns.any_in(&format!("/api/a/{id}/b?page=0")));
        assert!(!newborns.any_in(&format!("/api/a/{other}/b?after={id}")));
        tokio::time::advance(YOUNG).await;
        assert!(!newborns.any_in(&format!("/api/a/{id}/b")));
        newborns.add(other);
        let Made { since, in_order } = &*newborns.lock();
        assert_eq!((since.len(), in_order.len()), (1, 1));
    }
}
