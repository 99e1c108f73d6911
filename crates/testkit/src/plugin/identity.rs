//! TLS: the certificate that a client shows, and the one that it expects.

use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair, PKCS_ECDSA_P521_SHA512};
use rustls::client::WantsClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::sign::{CertifiedKey, SingleCertAndKey};
use rustls::{CertificateError, ClientConfig, ConfigBuilder, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_rustls::TlsConnector;

/// A client's certificate with its key.
pub struct Identity {
    certificate: CertificateDer<'static>,
    pem: String,
    key: KeyPair,
}

impl Identity {
    /// Generates a certificate as Terraform does: P-521, self-signed, for `localhost`.
    pub fn generate() -> Self {
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate_for(&PKCS_ECDSA_P521_SHA512).unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate: certificate.der().clone(), pem: certificate.pem(), key }
    }

    /// Returns the certificate as `PLUGIN_CLIENT_CERT` holds it.
    pub fn pem(&self) -> &str {
        &self.pem
    }

    /// Returns this certificate with a key that does not belong to it.
    #[must_use]
    pub fn with_another_key(&self) -> Self {
        Self { certificate: self.certificate.clone(), pem: self.pem.clone(), key: Self::generate().key }
    }

    /// Returns a connector that shows this certificate, and verifies the server's as rustls does.
    pub fn connector(&self, server_certificate: &[u8]) -> TlsConnector {
        self.connector_of(verifying(server_certificate))
    }

    /// Returns a connector that shows this certificate, and requires no more of the server's than to be the expected one. Plugins
    /// written in Go need it: their certificates are certificate authorities, which rustls does not accept as a server's.
    pub fn lenient_connector(&self, server_certificate: &[u8]) -> TlsConnector {
        let crypto = Arc::new(aws_lc_rs::default_provider());
        let expected = Expected { certificate: server_certificate.to_vec().into(), crypto: Arc::clone(&crypto) };
        let config = ClientConfig::builder_with_provider(crypto).with_safe_default_protocol_versions().unwrap();
        self.connector_of(config.dangerous().with_custom_certificate_verifier(Arc::new(expected)))
    }

    fn connector_of(&self, config: ConfigBuilder<ClientConfig, WantsClientCert>) -> TlsConnector {
        let mut config = config.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(self.certified_key())));
        config.alpn_protocols = vec![b"h2".to_vec()];
        TlsConnector::from(Arc::new(config))
    }

    fn certified_key(&self) -> CertifiedKey {
        let key = PrivateKeyDer::Pkcs8(self.key.serialize_der().into());
        let key = aws_lc_rs::default_provider().key_provider.load_private_key(key).unwrap();
        CertifiedKey::new(vec![self.certificate.clone()], key)
    }
}

/// Returns a connector that shows no certificate, and verifies the server's.
pub fn anonymous_connector(server_certificate: &[u8]) -> TlsConnector {
    TlsConnector::from(Arc::new(verifying(server_certificate).with_no_client_auth()))
}

fn verifying(server_certificate: &[u8]) -> ConfigBuilder<ClientConfig, WantsClientCert> {
    let mut roots = RootCertStore::empty();
    roots.add(server_certificate.to_vec().into()).unwrap();
    ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
}

/// Accepts one certificate only.
#[derive(Debug)]
struct Expected {
    certificate: CertificateDer<'static>,
    crypto: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Expected {
    fn verify_server_cert(
        &self,
        shown: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
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
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signature, &self.crypto.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signature, &self.crypto.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.crypto.signature_verification_algorithms.supported_schemes()
    }
}
