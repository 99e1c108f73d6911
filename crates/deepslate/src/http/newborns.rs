//! The objects that this process just made. A replica that is behind may not know them yet.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

/// How long a server may take until all its replicas know a new object.
const YOUNG: Duration = Duration::from_secs(10);

/// The IDs of the objects that a client made, and since when they exist.
#[derive(Default)]
pub(super) struct Newborns(Mutex<HashMap<Uuid, Instant>>);

impl Newborns {
    /// Notes that this object was just made.
    pub(super) fn add(&self, id: Uuid) {
        let mut newborns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        newborns.retain(|_, made| made.elapsed() < YOUNG);
        newborns.insert(id, Instant::now());
    }

    /// Whether the path names an object that was just made.
    pub(super) fn any_in(&self, path: &str) -> bool {
        let newborns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let path = path.split('?').next().unwrap_or_default();
        let mut ids = path.split('/').filter_map(|segment| Uuid::try_parse(segment).ok());
        ids.any(|id| newborns.get(&id).is_some_and(|made| made.elapsed() < YOUNG))
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
        assert_eq!(newborns.0.lock().expect("not poisoned").len(), 1);
    }
}
