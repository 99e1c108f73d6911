//! The write epoch: what was read in one epoch may be outdated in the next.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Counts the writes of a client, to all its objects. Writes and reads rarely mix, and such a read costs one GET.
#[derive(Default)]
pub(super) struct Epoch(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    begun: u64,
    under_way: u64,
}

/// A write that is in progress until this is dropped.
pub(super) struct Writing<'a>(&'a Epoch);

impl Epoch {
    /// Begins a write.
    pub(super) fn begin(&self) -> Writing<'_> {
        let mut counts = self.counts();
        counts.begun += 1;
        counts.under_way += 1;
        Writing(self)
    }

    /// The number of writes so far, or `None` while a write is in progress.
    pub(super) fn now(&self) -> Option<u64> {
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
    fn there_is_no_epoch_while_a_write_is_in_progress() {
        let epoch = Epoch::default();
        assert_eq!(epoch.now(), Some(0));
        let (first, second) = (epoch.begin(), epoch.begin());
        assert_eq!(epoch.now(), None);
        drop(first);
        assert_eq!(epoch.now(), None);
        drop(second);
        assert_eq!(epoch.now(), Some(2));
    }
}
