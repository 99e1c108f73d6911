//! Why and when the process ends.

use std::time::Duration;

use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use super::connections::Connections;
use super::mode::Mode;
use super::platform::{self, Signal, Signals};

/// How often to check that the host still runs. If the host is killed, nothing else ends the plugin.
const HOST_CHECK: Duration = Duration::from_secs(1);

/// How long the plugin waits for a client. A host connects as soon as it has read the handshake and stays connected. Not
/// every platform reports that a parent ended, and a parent can end before the plugin has looked for it.
const ALONE_LIMIT: Duration = Duration::from_secs(30);

/// Waits until the plugin has a reason to end.
pub(super) async fn over(mode: &Mode, mut signals: Signals, connections: &Connections, end: &CancellationToken) {
    let reason = tokio::select! {
        () = end.cancelled() => "the host requested it",
        () = ending_signal(mode, &mut signals) => "a signal requested it",
        () = orphaned(mode, connections) => "the host has ended",
    };
    tracing::debug!(reason, "the plugin ends");
}

/// The terminal interrupts the whole process group. The host then asks the plugin to stop and needs its answers, so an
/// interrupt ends only a plugin that a developer started.
async fn ending_signal(mode: &Mode, signals: &mut Signals) {
    loop {
        match (signals.next().await, mode) {
            (Signal::Interrupt, Mode::Host(_)) => {
                tracing::debug!("ignored an interrupt: the host decides when the plugin ends");
            }
            (Signal::Interrupt, Mode::Debug(_)) | (Signal::Terminate, _) => return,
        }
    }
}

async fn orphaned(mode: &Mode, connections: &Connections) {
    let Mode::Host(handshake) = mode else { return std::future::pending().await };
    let mut alone_since = Instant::now();
    loop {
        if connections.any() {
            alone_since = Instant::now();
        } else if platform::parent_id() != handshake.parent() || alone_since.elapsed() >= ALONE_LIMIT {
            return;
        }
        sleep(HOST_CHECK).await;
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::timeout;

    use super::*;
    use crate::plugin::handshake::Handshake;

    async fn ends_within(limit: Duration, mode: &Mode, connections: &Connections) -> bool {
        timeout(limit, orphaned(mode, connections)).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn without_a_client_the_plugin_ends_though_its_parent_runs() {
        let (mode, connections) = (Mode::Host(Handshake::plain()), Connections::new(false));
        assert!(!ends_within(ALONE_LIMIT.saturating_sub(HOST_CHECK), &mode, &connections).await);
        assert!(ends_within(ALONE_LIMIT + HOST_CHECK, &mode, &connections).await);
    }

    #[tokio::test(start_paused = true)]
    async fn the_time_without_a_client_starts_again_after_each_client() {
        let (mode, connections) = (Mode::Host(Handshake::plain()), Connections::new(false));
        let (_, guard) = connections.enter();
        assert!(!ends_within(100 * ALONE_LIMIT, &mode, &connections).await);
        let waiting = tokio::spawn(async move { orphaned(&mode, &connections).await });
        sleep(2 * ALONE_LIMIT).await;
        drop(guard);
        sleep(ALONE_LIMIT.saturating_sub(HOST_CHECK)).await;
        assert!(!waiting.is_finished());
        sleep(3 * HOST_CHECK).await;
        assert!(waiting.is_finished());
    }

    #[tokio::test(start_paused = true)]
    async fn for_a_debugger_it_waits_for_ever() {
        let (mode, connections) = (Mode::Debug(&[]), Connections::new(true));
        assert!(!ends_within(100 * ALONE_LIMIT, &mode, &connections).await);
    }
}
