//! Connections to a plugin's socket.

use std::io;

use hyper_util::rt::TokioIo;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::UnixStream;
use tokio_rustls::TlsConnector;
use tonic::transport::{Channel, Endpoint};
use tower::service_fn;

/// A byte stream in both directions.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Connects to a plugin's socket, with TLS if a connector is given.
pub async fn open(socket: &str, tls: Option<TlsConnector>) -> io::Result<Box<dyn Stream>> {
    let stream = UnixStream::connect(socket).await?;
    match tls {
        None => Ok(Box::new(stream)),
        Some(tls) => Ok(Box::new(tls.connect(ServerName::try_from("localhost").unwrap(), stream).await?)),
    }
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
