//! A plugin's process, started and connected to as Terraform does it, whatever language it is written in.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::SingleCertAndKey;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};
use tempfile::TempDir;
use tokio_rustls::TlsConnector;
use tonic::transport::Channel;

use crate::Result;
use crate::support::{self, Identity};

/// A process that is killed when dropped.
struct Process(Child);

/// A plugin under way. It is killed when dropped.
pub(crate) struct Plugin {
    /// The version of the protocol that it chose: `5` or `6`.
    pub(crate) protocol: String,
    /// From before the process to its handshake line.
    pub(crate) handshake: Duration,
    socket: String,
    certificate: CertificateDer<'static>,
    process: Process,
    /// A plugin that cannot write there any more ends.
    _stdout: BufReader<ChildStdout>,
    /// Where its socket is.
    _folder: TempDir,
}

impl Plugin {
    /// Starts a plugin that `identity` is going to speak to.
    pub(crate) fn start(binary: &Path, identity: &Identity) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = support::command_of(binary).into_std();
        command.env("PLUGIN_CLIENT_CERT", identity.pem()).env("TMPDIR", folder.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());

        let started = Instant::now();
        let mut process = Process(command.spawn()?);
        let mut stdout = BufReader::new(process.0.stdout.take().expect("it is piped"));
        let mut line = String::new();
        stdout.read_line(&mut line)?;
        let handshake = started.elapsed();

        let fields: Vec<_> = line.trim_end().split('|').collect();
        let ["1", protocol, "unix", socket, "grpc", certificate, ..] = fields[..] else {
            return Err(format!("{}: expected the line of a handshake, got: {line}", binary.display()).into());
        };
        let certificate = STANDARD_NO_PAD.decode(certificate.trim_end_matches('='))?.into();
        let (protocol, socket) = (protocol.to_owned(), socket.to_owned());
        Ok(Self { protocol, handshake, socket, certificate, process, _stdout: stdout, _folder: folder })
    }

    /// The process's number.
    pub(crate) fn process(&self) -> u32 {
        self.process.0.id()
    }

    /// A gRPC channel through mutual TLS.
    pub(crate) async fn channel(&self, identity: &Identity) -> Channel {
        let crypto = Arc::new(aws_lc_rs::default_provider());
        let announced = Announced { certificate: self.certificate.clone(), crypto: Arc::clone(&crypto) };
        let mut config = ClientConfig::builder_with_provider(crypto)
            .with_safe_default_protocol_versions()
            .expect("the crypto library has them")
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(announced))
            .with_client_cert_resolver(Arc::new(SingleCertAndKey::from(identity.certified_key())));
        config.alpn_protocols = vec![b"h2".to_vec()];
        support::channel(&self.socket, Some(TlsConnector::from(Arc::new(config)))).await
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // Both fail only where it has ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Takes the certificate that the plugin announced. Those of Go's plugins are authorities of their own, which rustls's own verifier
/// does not take for a server's.
#[derive(Debug)]
struct Announced {
    certificate: CertificateDer<'static>,
    crypto: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Announced {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> std::result::Result<ServerCertVerified, rustls::Error> {
        if *shown == self.certificate {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(CertificateError::ApplicationVerificationFailure.into())
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.crypto.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> std::result::Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.crypto.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}
