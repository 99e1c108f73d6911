//! What the fuzzers call of this room.
#![expect(clippy::missing_panics_doc, reason = "a panic is how these say that something does not hold")]

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::server::ParsedCertificate;

use super::tls::parse_certificate;

/// The client's certificate, as the host hands it over in the environment.
pub fn certificate_pem(input: &[u8]) {
    if let Ok(certificate) = parse_certificate(input) {
        assert!(ParsedCertificate::try_from(&certificate).is_ok());
        assert_eq!(CertificateDer::pem_slice_iter(input).next().and_then(Result::ok), Some(certificate));
    }
}
