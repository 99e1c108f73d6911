//! Why and when the process ends.

use std::time::Duration;

use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::connections::Connections;
use super::mode::Mode;
use super::platform::{self, Signal, Signals};

/// How often to check that the host still runs. If the host is killed, nothing else ends the plugin.
const PARENT_CHECK: Duration = Duration::from_secs(1);

/// Waits until the plugin has a reason to end.
pub(super) async fn over(mode: &Mode, mut signals: Signals, connections: &Connections, end: &CancellationToken) {
    let reason = tokio::select! {
        () = end.cancelled() => "the host asked for it",
        () = ending_signal(mode, &mut signals) => "a signal asked for it",
        () = orphaned(mode, connections) => "the host is gone",
    };
    tracing::debug!(reason, "the plugin ends");
}

/// The terminal interrupts the whole process group. The host then asks the plugin to stop and needs its answers, so an
/// interrupt ends only a plugin that a developer started.
async fn ending_signal(mode: &Mode, signals: &mut Signals) {
    loop {
        match (signals.next().await, mode) {
            (Signal::Interrupt, Mode::Host(_)) => tracing::debug!("ignored an interrupt: the host decides"),
            (Signal::Interrupt, Mode::Debug(_)) | (Signal::Terminate, _) => return,
        }
    }
}

async fn orphaned(mode: &Mode, connections: &Connections) {
    let Mode::Host(handshake) = mode else { return std::future::pending().await };
    while platform::parent_id() == handshake.parent() || connections.any() {
        sleep(PARENT_CHECK).await;
    }
}
