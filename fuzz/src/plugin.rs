//! Fuzzers of the SDK's handshake.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tfplugin::plugin::parse_certificate;

/// The client's certificate, as Terraform passes it in the environment.
pub fn certificate_pem(input: &[u8]) {
    // The input is also used as the content of a PEM text, since a fuzzer does not find its way through Base64.
    for text in [input, &pem(input)] {
        if let Ok(certificate) = parse_certificate(text) {
            assert_eq!(parse_certificate(&pem(&certificate)).ok(), Some(certificate));
        }
    }
}

fn pem(der: &[u8]) -> Vec<u8> {
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(der)).into_bytes()
}
