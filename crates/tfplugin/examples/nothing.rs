//! The least that a plugin over tonic does before its first line: a certificate, a socket, a server without a provider. A benchmark
//! compares the start of plugins with it.

#[cfg(unix)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    unix::main()
}

/// The benchmark runs on Linux only.
#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod unix {
    use std::io::{self, Write as _};
    use std::sync::Arc;

    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD_NO_PAD;
    use rcgen::{CertificateParams, KeyPair};
    use rustls::ServerConfig;
    use rustls::crypto::aws_lc_rs;
    use rustls::pki_types::PrivateKeyDer;
    use tokio::io::{copy_bidirectional, duplex};
    use tokio::net::UnixListener;
    use tokio_rustls::TlsAcceptor;
    use tokio_stream::StreamExt as _;
    use tokio_stream::wrappers::UnixListenerStream;
    use tonic::transport::Server;

    pub(crate) fn main() -> Result<(), Box<dyn std::error::Error>> {
        tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(serve())
    }

    async fn serve() -> Result<(), Box<dyn std::error::Error>> {
        let folder = tempfile::tempdir()?;
        let socket = folder.path().join("s");
        let listener = UnixListenerStream::new(UnixListener::bind(&socket)?);

        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(vec!["localhost".to_owned()])?.self_signed(&key)?;
        let line = STANDARD_NO_PAD.encode(certificate.der());
        let mut config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_protocol_versions(&[&rustls::version::TLS13])?
            .with_no_client_auth()
            .with_single_cert(vec![certificate.into()], PrivateKeyDer::Pkcs8(key.serialize_der().into()))?;
        config.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(config));

        let connections = listener.then(move |accepted| {
            let acceptor = acceptor.clone();
            async move {
                let mut connection = acceptor.accept(accepted?).await?;
                // tonic takes this kind of stream, but not that of TLS.
                let (mut ours, theirs) = duplex(1 << 16);
                tokio::spawn(async move { copy_bidirectional(&mut connection, &mut ours).await });
                io::Result::Ok(theirs)
            }
        });
        let (_, health) = tonic_health::server::health_reporter();
        writeln!(io::stdout(), "1|5|unix|{}|grpc|{line}", socket.display())?;
        Server::builder().add_service(health).serve_with_incoming(connections).await?;
        Ok(())
    }
}
