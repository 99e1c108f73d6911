//! How a process becomes a plugin of Terraform or OpenTofu.
//!
//! The host starts the binary, reads one line from its standard output, connects to the address in that line, and
//! speaks gRPC there until it asks the plugin to end. The provider itself is handed in; of it, only the log knows its
//! name.
//!
//! # Layout
//!
//! * [`handshake`]: what the host says through the environment, and the line that answers it
//! * `tls`: the certificate of this process, and the proof that a client is the host
//! * `listener`: from accepted sockets to the connections that gRPC runs on
//! * `services`: the services that the host expects beside the provider
//! * `lifetime`: why and when the process ends
//! * `platform`: what differs between Unix and Windows
//! * [`logging`]: log lines as the host reads them

mod error;
#[doc(hidden)]
pub mod fuzzing;
pub mod handshake;
mod lifetime;
mod listener;
pub mod logging;
mod platform;
mod services;
mod tls;

use std::io::{self, Write};
use std::time::Duration;

use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::proto::tfplugin5::provider_server::Provider;

pub use error::Error;
use handshake::Handshake;
use lifetime::Connections;
use platform::{Signals, Socket};

/// How long calls in flight may take to end once the plugin is to end. The host kills it 2 s after asking.
const DRAIN_LIMIT: Duration = Duration::from_millis(1500);

/// Who the plugin is served to.
pub enum Mode {
    /// The host that started this process.
    Host(Handshake),
    /// Any process of the same user (on Windows: any on this machine), in plaintext, until interrupted; for a debugger.
    /// Terraform and OpenTofu are told that the provider of these source addresses is here.
    Debug(&'static [&'static str]),
}

/// Serves `provider` until the host asks the plugin to end, is gone, or a signal ends it.
///
/// `stop` is cancelled when the plugin is to end, for the calls then in flight to come to an end too. They have 1.5 s.
/// Must run in a tokio runtime with I/O and time enabled.
pub async fn serve<P: Provider>(provider: P, stop: CancellationToken, mode: Mode) -> Result<(), Error> {
    let signals = Signals::listen().map_err(|cause| Error::new("cannot listen for signals", cause))?;
    let Socket { listener, address, directory: _directory } = Socket::bind()?;

    let (announcement, acceptor) = match &mode {
        Mode::Host(handshake) => {
            let tls = handshake.client_certificate().map(tls::configure).transpose()?;
            let line = handshake.answer(&address, tls.as_ref().map(|tls| &tls.certificate));
            (line, tls.map(|tls| TlsAcceptor::from(tls.config)))
        }
        Mode::Debug(sources) => (handshake::reattach(sources, &address), None),
    };

    let end = CancellationToken::new();
    let connections = Connections::default();
    let incoming = listener::accept(listener, acceptor, connections.clone());
    let mut server = tokio::spawn(
        services::router(provider, &end).await.serve_with_incoming_shutdown(incoming, end.clone().cancelled_owned()),
    );
    announce(&announcement).map_err(|cause| Error::new("cannot write the handshake to standard output", cause))?;

    let ended = tokio::select! {
        ended = &mut server => Some(ended),
        () = lifetime::over(&mode, signals, &connections, &end) => {
            stop.cancel();
            end.cancel();
            timeout(DRAIN_LIMIT, server).await.ok()
        }
    };
    match ended {
        Some(Ok(result)) => result.map_err(|cause| Error::new("the server failed", cause)),
        // What it panicked with may hold what a user wants to keep secret.
        Some(Err(_panicked)) => Err(Error::new("the server failed", "it panicked")),
        None => {
            tracing::warn!("calls were still in flight when the plugin ended");
            Ok(())
        }
    }
}

/// The only place that may write to standard output while serving: the host reads the first line, and nothing else.
fn announce(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}
