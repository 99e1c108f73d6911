//! How a process becomes a plugin of Terraform or OpenTofu, which are called the host here.
//!
//! The host starts the binary, reads one line from its standard output, connects to the address in that line, and speaks
//! gRPC there until it asks the plugin to end. This folder serves any implementation of the protocol. It imports
//! [`crate::proto`] and the provider's `Info`, and `crate::serve` uses it.
//!
//! # Layout
//!
//! - [`handshake`]: what the host passes in the environment, and the line that answers it
//! - `tls`: the certificate of this process, and the proof that a client is the host
//! - `listener`: from accepted sockets to the connections that gRPC runs on
//! - `services`: the provider, and the other services that the host expects
//! - [`Mode`]: who the plugin serves
//! - `connections`, `lifetime`: who is connected, and what each request carries of its connection; why and when the process
//!   ends
//! - `platform`: what differs between Unix and Windows
//! - [`logging`]: log lines as the host reads them

mod connections;
mod error;
pub mod handshake;
mod lifetime;
mod listener;
pub mod logging;
mod mode;
mod platform;
mod services;
mod tls;

use std::fmt;
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tempfile::TempDir;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_util::sync::CancellationToken;

use crate::proto::tfplugin5::provider_server::Provider;

pub(crate) use connections::ConnectInfo;
use connections::Connections;
pub use error::Error;
pub use mode::Mode;
use platform::{Listener, Signals, Socket};
#[doc(hidden)]
pub use tls::parse_certificate;

/// How long calls in progress may take once the plugin must end. The host kills it 2 s after it asked for the end.
const DRAIN_LIMIT: Duration = Duration::from_millis(1500);

/// What `--debug` says if it listens on a TCP port.
const REACHABLE: &str =
    "Every user of this machine can connect to this process, and use the secrets in its environment.";

/// Whether other users of this machine can connect.
static OTHERS_CAN_CONNECT: AtomicBool = AtomicBool::new(false);

/// Serves a provider until the host asks the plugin to end, is gone, or a signal ends it. The provider is created
/// after the handshake line was written, so that the host can connect meanwhile.
///
/// When the plugin must end, `stop` is canceled, and the calls in progress have 1.5 s to end too. This must run in a tokio
/// runtime with I/O and time enabled.
///
/// # Errors
/// If the plugin cannot start (the host shows the reason too), or if the server fails.
pub async fn serve<P: Provider>(
    provider: impl FnOnce() -> P,
    stop: CancellationToken,
    mode: Mode,
) -> Result<(), Error> {
    let Start { signals, listener, acceptor, announcement, directory: _directory } =
        start(&mode).inspect_err(|error| {
            if let Mode::Host(_) = mode {
                refuse(error);
            }
        })?;

    // Connections wait in the listener until they are accepted.
    announce(&announcement).map_err(|cause| Error::new("cannot write the handshake to standard output", cause))?;
    let end = CancellationToken::new();
    let connections = Connections::new(matches!(mode, Mode::Debug(_)));
    let incoming = listener::accept(listener, acceptor, connections.clone());
    let mut server = tokio::spawn(
        services::router(provider(), &end).await.serve_with_incoming_shutdown(incoming, end.clone().cancelled_owned()),
    );

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
        // The message of the panic may hold a secret.
        Some(Err(_panicked)) => Err(Error::new("the server failed", "the server panicked")),
        None => {
            tracing::warn!("calls were still in flight when the plugin ended");
            Ok(())
        }
    }
}

/// Keeps the memory of this process out of core files and away from debuggers, as far as the platform can.
pub fn keep_memory_private() {
    if let Err(error) = platform::keep_memory_private() {
        tracing::warn!(%error, "core files of this process may contain secrets");
    }
}

/// Whether other users of this machine can connect to this process: it listens on a TCP port without TLS. On Windows,
/// `--debug` and `TF_DISABLE_PLUGIN_TLS` do that.
pub fn others_can_connect() -> bool {
    OTHERS_CAN_CONNECT.load(Ordering::Relaxed)
}

/// What a plugin needs before it serves.
struct Start {
    signals: Signals,
    listener: Listener,
    acceptor: Option<TlsAcceptor>,
    announcement: String,
    directory: Option<TempDir>,
}

fn start(mode: &Mode) -> Result<Start, Error> {
    let signals = Signals::listen().map_err(|cause| Error::new("cannot listen for signals", cause))?;
    let in_plaintext = match mode {
        Mode::Host(handshake) => handshake.client_certificate().is_none(),
        Mode::Debug(_) => true,
    };
    let Socket { listener, address, directory } = Socket::bind(in_plaintext)?;
    OTHERS_CAN_CONNECT.store(in_plaintext && address.network == "tcp", Ordering::Relaxed);
    let (announcement, acceptor) = match mode {
        Mode::Host(handshake) => {
            let tls = handshake.client_certificate().map(tls::configure).transpose()?;
            let line = handshake.answer(&address, tls.as_ref().map(|tls| &tls.certificate));
            (line, tls.map(|tls| TlsAcceptor::from(tls.config)))
        }
        Mode::Debug(sources) => {
            if others_can_connect() {
                // If standard error cannot be written, nobody can be informed.
                let _ = writeln!(io::stderr(), "{REACHABLE}");
            }
            (handshake::reattach(sources, &address), None)
        }
    };
    Ok(Start { signals, listener, acceptor, announcement, directory })
}

/// Writes why the plugin cannot start, in place of the handshake. The host shows that line; it shows nothing of standard
/// error.
pub fn refuse(reason: &dyn fmt::Display) {
    // If the host does not read, it cannot be informed.
    let _ = announce(&handshake::refusal(&reason.to_string()));
}

/// Writes the line that the host reads. Nothing else may write to standard output while the plugin serves.
fn announce(line: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{line}")?;
    stdout.flush()
}
