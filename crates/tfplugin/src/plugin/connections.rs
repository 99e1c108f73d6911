//! Who is connected.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

use redaction::Secrets;
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::Request;

/// Counts the clients that are connected.
#[derive(Clone)]
pub(super) struct Connections {
    /// How many connections there have been.
    entered: Arc<AtomicU64>,
    isolated: bool,
    /// The secrets of all connections that are not isolated.
    secrets: Secrets,
}

/// One connection, as long as it lives.
pub(super) struct ConnectionGuard {
    _counted: Weak<AtomicU64>,
    _ended: DropGuard,
}

/// What each request carries of its connection.
#[derive(Clone, Debug, Default)]
pub(crate) struct ConnectInfo {
    /// A number that no other connection of this process has.
    pub(crate) id: u64,
    /// Canceled when the connection is closed. If connections are isolated, the host's request to end the plugin cancels
    /// it too.
    pub(crate) ended: CancellationToken,
    /// Whether other connections can be those of other hosts, or of other provider blocks.
    pub(crate) isolated: bool,
    /// The secrets that have passed. Connections that are not isolated share them.
    pub(crate) secrets: Secrets,
}

impl ConnectInfo {
    /// Returns the connection of a request. Requests that no server received share one.
    pub(crate) fn of<T>(request: &Request<T>) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or_default()
    }
}

impl Connections {
    /// Nobody is connected yet.
    pub(super) fn new(isolated: bool) -> Self {
        Self { entered: Arc::default(), isolated, secrets: Secrets::default() }
    }

    pub(super) fn enter(&self) -> (ConnectInfo, ConnectionGuard) {
        let id = self.entered.fetch_add(1, Ordering::Relaxed) + 1;
        let ended = CancellationToken::new();
        let guard = ConnectionGuard { _counted: Arc::downgrade(&self.entered), _ended: ended.clone().drop_guard() };
        let secrets = if self.isolated { Secrets::default() } else { self.secrets.clone() };
        (ConnectInfo { id, ended, isolated: self.isolated, secrets }, guard)
    }

    pub(super) fn any(&self) -> bool {
        Arc::weak_count(&self.entered) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_share_their_secrets_unless_they_are_isolated() {
        for isolated in [true, false] {
            let connections = Connections::new(isolated);
            let [(one, _first), (other, _second)] = [connections.enter(), connections.enter()];
            one.secrets.remember("hunter2");
            assert!(one.secrets.contains("hunter2"));
            assert_eq!(other.secrets.contains("hunter2"), !isolated);
        }
    }
}
