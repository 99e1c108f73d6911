//! Connections to a plugin's socket.

use std::io;
use std::path::Path;

use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

/// A byte stream in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Connects to a plugin's socket, with TLS if a connector is given. The socket is a path, or an address and a port.
pub async fn open(socket: &str, tls: Option<TlsConnector>) -> io::Result<Box<dyn Stream>> {
    let stream: Box<dyn Stream> = match socket {
        #[cfg(unix)]
        path if is_path(path) => Box::new(UnixStream::connect(path).await?),
        address => {
            let stream = TcpStream::connect(address).await?;
            // Terraform's connections have it too. Without it, the second part of a message waits for an acknowledgment for 40 ms.
            stream.set_nodelay(true)?;
            Box::new(stream)
        }
    };
    match tls {
        None => Ok(stream),
        Some(tls) => Ok(Box::new(tls.connect(ServerName::try_from("localhost").unwrap(), stream).await?)),
    }
}

/// Returns whether nothing is left of the socket of a plugin that has ended: neither it nor its directory. A port is free once its process has
/// ended, and may be in use by another at once.
pub fn is_cleaned_up(socket: &str) -> bool {
    !is_path(socket) || Path::new(socket).parent().is_some_and(|directory| !directory.exists())
}

/// Returns whether a socket is a path. Otherwise it is an address and a port.
pub(super) fn is_path(socket: &str) -> bool {
    socket.starts_with('/')
}

/// Opens a gRPC channel to a plugin's socket, with TLS if a connector is given.
pub async fn channel(socket: &str, tls: Option<TlsConnector>) -> Channel {
    let socket = socket.to_owned();
    let connect = service_fn(move |_| {
        let (socket, tls) = (socket.clone(), tls.clone());
        async move { open(&socket, tls).await.map(TokioIo::new) }
    });
    Endpoint::from_static("http://localhost").connect_with_connector(connect).await.unwrap()
}
