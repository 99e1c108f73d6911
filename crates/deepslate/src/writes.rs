//! When this process changes something, and what it has read before may no longer be true.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// The writes of a client, of all organizations: who changes one while another is read is rare, and pays with a GET.
#[derive(Default)]
pub(super) struct Writes(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    begun: u64,
    under_way: u64,
}

/// A write that is under way until this is dropped.
pub(super) struct Writing<'a>(&'a Writes);

impl Writes {
    /// Begins a write.
    pub(super) fn begin(&self) -> Writing<'_> {
        let mut counts = self.counts();
        counts.begun += 1;
        counts.under_way += 1;
        Writing(self)
    }

    /// How many there were; nothing while one is under way.
    pub(super) fn so_far(&self) -> Option<u64> {
        let counts = self.counts();
        (counts.under_way == 0).then_some(counts.begun)
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.counts().under_way -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_sure_while_any_write_is_under_way() {
        let writes = Writes::default();
        assert_eq!(writes.so_far(), Some(0));
        let (first, second) = (writes.begin(), writes.begin());
        assert_eq!(writes.so_far(), None);
        drop(first);
        assert_eq!(writes.so_far(), None);
        drop(second);
        assert_eq!(writes.so_far(), Some(2));
    }
}
