//! What the fuzzers call of this room.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::tls::parse_certificate;

/// The client's certificate, as the host hands it over in the environment.
pub fn certificate_pem(input: &[u8]) {
    // Also as what PEM holds, since a fuzzer does not find its way through Base64.
    for text in [input, &pem(input)] {
        if let Ok(certificate) = parse_certificate(text) {
            assert_eq!(parse_certificate(&pem(&certificate)).ok(), Some(certificate));
        }
    }
}

fn pem(der: &[u8]) -> Vec<u8> {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der)).into_bytes()
}
