//! From accepted sockets to the connections that gRPC runs on.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::sync::mpsc;
use tokio::time::{sleep, timeout};
use tokio_rustls::TlsAcceptor;
use tokio_stream::wrappers::ReceiverStream;
use tonic::transport::server::Connected;

use super::connections::{ConnectInfo, ConnectionGuard, Connections};
use super::platform::{Listener, Stream};

/// How long the TLS handshake of a client may take. The host needs milliseconds.
const TLS_LIMIT: Duration = Duration::from_secs(10);

/// How long to wait after a failed accept, so that a process out of file descriptors does not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Accepts clients until the returned stream is dropped. The TLS handshake of each is a task of its own, so that no client
/// can delay another. Without an acceptor the connections are plaintext.
pub(super) fn accept(
    listener: Listener,
    acceptor: Option<TlsAcceptor>,
    connections: Connections,
) -> ReceiverStream<io::Result<Connection>> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(async move {
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                () = sender.closed() => return,
            };
            match accepted {
                Ok(stream) => {
                    tokio::spawn(admit(stream, acceptor.clone(), connections.clone(), sender.clone()));
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    });
    ReceiverStream::new(receiver)
}

async fn admit(
    stream: Box<dyn Stream>,
    acceptor: Option<TlsAcceptor>,
    connections: Connections,
    sender: mpsc::Sender<io::Result<Connection>>,
) {
    let transport: Box<dyn Stream> = match acceptor {
        None => stream,
        Some(acceptor) => match timeout(TLS_LIMIT, acceptor.accept(stream)).await {
            Ok(Ok(stream)) => Box::new(stream),
            Ok(Err(error)) => return tracing::warn!(%error, "a client was refused"),
            Err(_) => return tracing::warn!("a client was refused: it did not finish the TLS handshake in time"),
        },
    };
    let (info, guard) = connections.enter();
    // An error means that the server has ended. The connection then ends too.
    let _ = sender.send(Ok(Connection { transport, info, _guard: guard })).await;
}

/// The connection of an accepted client.
pub(super) struct Connection {
    transport: Box<dyn Stream>,
    info: ConnectInfo,
    _guard: ConnectionGuard,
}

impl Connected for Connection {
    type ConnectInfo = ConnectInfo;

    fn connect_info(&self) -> ConnectInfo {
        self.info.clone()
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.transport).poll_write(cx, data)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.transport).poll_write_vectored(cx, data)
    }

    fn is_write_vectored(&self) -> bool {
        self.transport.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_shutdown(cx)
    }
}
