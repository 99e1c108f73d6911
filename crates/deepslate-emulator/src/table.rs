//! A table of objects of one kind, in memory.

use std::collections::{BTreeMap, HashMap, btree_map};
use std::hash::Hash;
use std::time::{Duration, Instant};

use uuid::Uuid;

/// An object that a [`Table`] can hold.
pub(crate) trait Row {
    /// The order in which objects are listed.
    type Parent: Copy + Eq + Hash;

    fn id(&self) -> Uuid;
    fn parent(&self) -> Self::Parent;
}

/// Objects of one kind: found by id in constant time, listed by parent without a look at the others.
pub(crate) struct Table<R: Row> {
    /// By parent, then by place; a later object has a higher place.
    rows: HashMap<R::Parent, BTreeMap<u64, R>>,
    by_id: HashMap<Uuid, (R::Parent, u64)>,
    /// The newest objects that a call created, and when.
    created: HashMap<Uuid, Instant>,
    /// Place of the next new object.
    next: u64,
}

// === impl Table ===

impl<R: Row> Table<R> {
    pub(crate) fn new() -> Self {
        Self { rows: HashMap::new(), by_id: HashMap::new(), created: HashMap::new(), next: 0 }
    }

    /// Adds an object as the newest; one with the same id is replaced.
    pub(crate) fn insert(&mut self, row: R) {
        self.remove(row.id());
        self.put(self.next, row);
        self.next += 1;
    }

    /// Adds an object that a call creates, so that lists may lag behind it.
    pub(crate) fn create(&mut self, row: R) {
        self.created.insert(row.id(), Instant::now());
        self.insert(row);
    }

    /// The objects of a parent that are not younger than this, oldest first.
    pub(crate) fn listed(&self, parent: R::Parent, lag: Duration) -> Vec<&R> {
        let is_old = |row: &&R| self.created.get(&row.id()).is_none_or(|created| created.elapsed() >= lag);
        self.children(parent).filter(is_old).collect()
    }

    pub(crate) fn get(&self, id: Uuid) -> Option<&R> {
        let (parent, place) = self.by_id.get(&id)?;
        self.rows.get(parent)?.get(place)
    }

    /// Changes an object, which keeps its place; its id and parent may change too. False where there is none.
    pub(crate) fn change(&mut self, id: Uuid, change: impl FnOnce(&mut R)) -> bool {
        let Some((place, mut row)) = self.take(id) else { return false };
        change(&mut row);
        self.put(place, row);
        true
    }

    /// False where there is none.
    pub(crate) fn remove(&mut self, id: Uuid) -> bool {
        self.take(id).is_some()
    }

    /// All objects, oldest first.
    pub(crate) fn all(&self) -> Vec<&R> {
        let mut rows: Vec<_> = self.rows.values().flatten().collect();
        rows.sort_by_key(|(place, _)| **place);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    /// The objects of a parent, oldest first.
    pub(crate) fn children(&self, parent: R::Parent) -> btree_map::Values<'_, u64, R> {
        self.rows.get(&parent).map(BTreeMap::values).unwrap_or_default()
    }

    fn put(&mut self, place: u64, row: R) {
        self.by_id.insert(row.id(), (row.parent(), place));
        self.rows.entry(row.parent()).or_default().insert(place, row);
    }

    fn take(&mut self, id: Uuid) -> Option<(u64, R)> {
        let (parent, place) = self.by_id.remove(&id)?;
        let siblings = self.rows.get_mut(&parent)?;
        let row = siblings.remove(&place)?;
        if siblings.is_empty() {
            self.rows.remove(&parent);
        }
        Some((place, row))
    }
}
