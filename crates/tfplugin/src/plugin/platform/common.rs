//! What Unix and Windows have in common.

use std::io;

use tempfile::TempDir;
use tokio::io::{AsyncRead, AsyncWrite};

/// A socket that clients can connect to.
pub(crate) struct Socket {
    pub(crate) listener: Listener,
    pub(crate) address: Address,
    /// Removed with the socket when dropped.
    pub(crate) directory: Option<TempDir>,
}

/// Where clients arrive.
pub(crate) enum Listener {
    #[cfg(unix)]
    Unix(tokio::net::UnixListener),
    #[cfg(any(windows, debug_assertions))]
    Tcp(tokio::net::TcpListener),
}

/// A byte stream to a client.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Listener {
    /// Accepts the next client.
    pub(crate) async fn accept(&self) -> io::Result<Box<dyn Stream>> {
        match self {
            #[cfg(unix)]
            Self::Unix(listener) => Ok(Box::new(listener.accept().await?.0)),
            #[cfg(any(windows, debug_assertions))]
            Self::Tcp(listener) => {
                let (stream, _) = listener.accept().await?;
                // Otherwise each small message waits for the acknowledgment of the previous one.
                stream.set_nodelay(true)?;
                Ok(Box::new(stream))
            }
        }
    }
}

/// Where the host connects to the plugin, as the handshake writes it.
#[derive(Debug)]
pub(crate) struct Address {
    /// `unix` or `tcp`.
    pub(crate) network: &'static str,
    /// The socket's path, or host and port.
    pub(crate) location: String,
}

/// A request to end the process.
pub(crate) enum Signal {
    /// Ctrl-C, or a closed terminal. The host gets it too.
    Interrupt,
    /// A request to this process alone.
    Terminate,
}
