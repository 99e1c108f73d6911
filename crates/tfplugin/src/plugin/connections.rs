//! Whether any client is connected.

use std::sync::{Arc, Weak};

/// Counts the clients that are connected.
#[derive(Clone, Default)]
pub(super) struct Connections(Arc<()>);

/// One connection, as long as it lives.
pub(super) struct ConnectionGuard {
    _counted: Weak<()>,
}

impl Connections {
    pub(super) fn enter(&self) -> ConnectionGuard {
        ConnectionGuard { _counted: Arc::downgrade(&self.0) }
    }

    pub(super) fn any(&self) -> bool {
        Arc::weak_count(&self.0) > 0
    }
}
