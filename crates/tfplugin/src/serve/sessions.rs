//! The configurations of the provider: one for each connection.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio_util::sync::CancellationToken;

use super::session::Session;
use crate::author::diagnostics::{Diagnostic, Result};
use crate::plugin::ConnectInfo;

/// The configurations of the provider: one for each connection.
///
/// A host opens a connection for each provider block of each run. With `--debug`, one process serves several of them at
/// the same time, and they must not share a server or a key.
pub(super) struct Sessions<C> {
    /// The latest comes last.
    all: Arc<Mutex<Vec<Configured<C>>>>,
    /// Canceled when the process must end.
    shutdown: CancellationToken,
}

/// A connection on which the host has configured the provider.
struct Configured<C> {
    connection: ConnectInfo,
    session: Session<C>,
}

impl<C: Send + Sync + 'static> Sessions<C> {
    pub(super) fn new(shutdown: CancellationToken) -> Self {
        Self { all: Arc::default(), shutdown }
    }

    /// Sets the client for the calls that come later on this connection.
    pub(super) fn configure(&self, connection: &ConnectInfo, client: C) {
        let mut all = lock(&self.all);
        let earlier = all.iter().position(|one| one.connection.id == connection.id).map(|index| all.remove(index));
        let is_new = earlier.is_none();
        // Stop must reach the calls in progress with the earlier client too.
        let tokens = earlier.map(|Configured { session, .. }| (session.stop, session.shutdown));
        let (stop, shutdown) = tokens.unwrap_or_else(|| {
            let shutdown = self.shutdown.child_token();
            (shutdown.child_token(), shutdown)
        });
        let secrets = connection.secrets.clone();
        let session =
            Session { client: Arc::new(client), secrets, tag_key: Arc::default(), stop, shutdown: shutdown.clone() };
        all.retain(|one| !one.connection.ended.is_cancelled());
        all.push(Configured { connection: connection.clone(), session });
        drop(all);
        if is_new {
            tokio::spawn(drop_at_end(Arc::downgrade(&self.all), connection.clone(), shutdown));
        }
    }

    /// Returns the session for a call that came on this connection.
    ///
    /// If the host did not configure the provider on it, this is the latest session: a host that lost its connection
    /// opens another one. If connections are isolated, the latest session can be someone else's.
    ///
    /// # Errors
    /// If there is none.
    pub(super) fn of(&self, connection: &ConnectInfo) -> Result<Session<C>> {
        match find(&mut lock(&self.all), connection) {
            Some(found) => Ok(found.session.clone()),
            None => Err(not_configured(connection.isolated).into()),
        }
    }

    /// Ends the calls in progress on this connection. Those that come later are served.
    pub(super) fn stop(&self, connection: &ConnectInfo) {
        if let Some(Configured { session, .. }) = find(&mut lock(&self.all), connection) {
            std::mem::replace(&mut session.stop, session.shutdown.child_token()).cancel();
        }
    }
}

fn find<'a, C>(all: &'a mut [Configured<C>], connection: &ConnectInfo) -> Option<&'a mut Configured<C>> {
    if connection.isolated && connection.ended.is_cancelled() {
        return None;
    }
    let own = all.iter().position(|one| one.connection.id == connection.id);
    let latest = all.len().checked_sub(1).filter(|_| !connection.isolated);
    all.get_mut(own.or(latest)?)
}

/// Drops a session with its connection, unless the host may open another connection for it.
async fn drop_at_end<C>(all: Weak<Mutex<Vec<Configured<C>>>>, connection: ConnectInfo, shutdown: CancellationToken) {
    connection.ended.cancelled().await;
    if connection.isolated {
        shutdown.cancel();
    }
    let Some(all) = all.upgrade() else { return };
    let mut all = lock(&all);
    let is_latest = all.last().is_some_and(|latest| latest.connection.id == connection.id);
    if connection.isolated || !is_latest {
        all.retain(|one| one.connection.id != connection.id);
    }
}

fn lock<C>(all: &Mutex<Vec<Configured<C>>>) -> MutexGuard<'_, Vec<Configured<C>>> {
    all.lock().unwrap_or_else(PoisonError::into_inner)
}

fn not_configured(isolated: bool) -> Diagnostic {
    let expected = if isolated {
        "Expected the host (Terraform, OpenTofu or another program that uses the plugin) to configure the provider on this \
         connection. With `--debug`, each connection has a configuration of its own, and the host did not configure the \
         provider on this connection."
    } else {
        "Expected the host (Terraform, OpenTofu or another program that uses the plugin) to configure the provider before \
         it plans, reads or changes an object. It did not."
    };
    let detail =
        format!("{expected} Run the command again. If the error remains, report it to the developers of the host.");
    Diagnostic::error("The provider is not configured", detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn connection(id: u64, isolated: bool) -> ConnectInfo {
        ConnectInfo { id, isolated, ..ConnectInfo::default() }
    }

    fn sessions() -> Sessions<&'static str> {
        Sessions::new(CancellationToken::new())
    }

    fn client(sessions: &Sessions<&'static str>, connection: &ConnectInfo) -> Option<&'static str> {
        sessions.of(connection).ok().map(|session| *session.client)
    }

    #[tokio::test]
    async fn each_connection_has_its_own_configuration() {
        for isolated in [true, false] {
            let sessions = sessions();
            let connections = [1, 2, 3].map(|id| connection(id, isolated));
            for (connection, client) in connections.iter().zip(["one", "two", "three"]) {
                sessions.configure(connection, client);
            }
            sessions.configure(&connections[0], "again");
            let found = connections.each_ref().map(|connection| client(&sessions, connection));
            assert_eq!(found, [Some("again"), Some("two"), Some("three")]);
        }
    }

    #[tokio::test]
    async fn a_connection_without_a_configuration_has_the_latest_unless_it_can_be_someone_elses() {
        let sessions = sessions();
        for isolated in [true, false] {
            let error = sessions.of(&connection(9, isolated)).err().expect("nothing is configured");
            assert_eq!(error.0[0].summary, "The provider is not configured");
            assert_eq!(error.0[0].detail.contains("--debug"), isolated);
        }
        sessions.configure(&connection(1, false), "one");
        sessions.configure(&connection(2, false), "two");
        assert_eq!(client(&sessions, &connection(9, false)), Some("two"));
        assert_eq!(client(&sessions, &connection(9, true)), None);
    }

    #[tokio::test]
    async fn stop_ends_only_the_calls_on_its_connection() {
        let sessions = sessions();
        let [one, two] = [1, 2].map(|id| connection(id, true));
        sessions.configure(&one, "one");
        sessions.configure(&two, "two");
        let (before, others) = (sessions.of(&one).unwrap(), sessions.of(&two).unwrap());
        sessions.configure(&one, "again");
        let reconfigured = sessions.of(&one).unwrap();
        sessions.stop(&one);
        let after = sessions.of(&one).unwrap();
        let stopped = |session: &Session<_>| session.stop.is_cancelled();
        assert!(stopped(&before) && stopped(&reconfigured) && !stopped(&others) && !stopped(&after));
        assert!(!before.shutdown.is_cancelled());
        sessions.stop(&one);
        assert!(stopped(&after) && !stopped(&sessions.of(&one).unwrap()), "a second Stop has the same effect");
        sessions.stop(&connection(9, true));
        assert!(!stopped(&others), "a connection without a configuration stops nobody");
    }

    #[tokio::test]
    async fn the_end_of_the_process_ends_every_call() {
        let shutdown = CancellationToken::new();
        let sessions = Sessions::new(shutdown.clone());
        sessions.configure(&connection(1, true), "one");
        let session = sessions.of(&connection(1, true)).unwrap();
        sessions.stop(&connection(1, true));
        let later = sessions.of(&connection(1, true)).unwrap();
        shutdown.cancel();
        for session in [session, later] {
            assert!(session.stop.is_cancelled() && session.shutdown.is_cancelled());
        }
    }

    #[tokio::test]
    async fn a_session_is_dropped_with_its_connection() {
        let sessions = sessions();
        let [one, two] = [1, 2].map(|id| connection(id, true));
        sessions.configure(&one, "one");
        sessions.configure(&two, "two");
        let [under_way, others] = [&one, &two].map(|connection| sessions.of(connection).unwrap());
        let dropped = Arc::downgrade(&under_way.client);
        one.ended.cancel();
        under_way.shutdown.cancelled().await;
        assert!(under_way.stop.is_cancelled() && !others.stop.is_cancelled());
        drop(under_way);
        while client(&sessions, &one).is_some() {
            tokio::task::yield_now().await;
        }
        assert!(dropped.upgrade().is_none());
        assert_eq!(client(&sessions, &two), Some("two"));
    }

    #[tokio::test]
    async fn a_host_that_connects_again_finds_its_configuration() {
        let sessions = sessions();
        let first = connection(1, false);
        sessions.configure(&first, "one");
        first.ended.cancel();
        for _ in 0..10 {
            tokio::task::yield_now().await;
        }
        assert_eq!(client(&sessions, &connection(2, false)), Some("one"));
        sessions.configure(&connection(3, false), "three");
        assert_eq!(lock(&sessions.all).len(), 1, "the old one is not needed anymore");
    }
}
