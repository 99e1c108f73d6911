//! What the host passes in the environment, and the line that answers it.

use std::ffi::OsString;
use std::{env, process};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use rustls::pki_types::CertificateDer;
use serde_json::{Map, json};

use super::error::Error;
use super::platform::{self, Address};
use super::tls;

/// Version of go-plugin's handshake, not of Terraform's protocol.
const HANDSHAKE_VERSION: u32 = 1;

/// The version of Terraform's protocol. The answer names it even if the host does not offer it, so that the host's message
/// can name the version that is needed.
const PROTOCOL_VERSION: u32 = 5;

/// Terraform and OpenTofu set this for each plugin that they start. It is not a secret. It only shows that a host, and not
/// a person, started the process.
const COOKIE: (&str, &str) =
    ("TF_PLUGIN_MAGIC_COOKIE", "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2");

/// What the host passed to this process.
#[derive(Debug)]
pub struct Handshake {
    client_certificate: Option<CertificateDer<'static>>,
    asks_for_multiplexing: bool,
    parent: Option<u32>,
}

impl Handshake {
    /// Reads the environment. Returns `None` if a person and not a host started the process.
    ///
    /// # Errors
    /// If the host's certificate cannot be read. Serving without it would accept any local process.
    pub fn from_environment() -> Result<Option<Self>, Error> {
        Self::read(|name| env::var_os(name).filter(|value| !value.is_empty()))
    }

    fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Option<Self>, Error> {
        if variable(COOKIE.0).is_none_or(|value| value != COOKIE.1) {
            return Ok(None);
        }
        let client_certificate = variable("PLUGIN_CLIENT_CERT")
            .map(|pem| tls::parse_certificate(pem.as_encoded_bytes()))
            .transpose()
            .map_err(|cause| Error::new("`PLUGIN_CLIENT_CERT` does not contain a PEM certificate", cause))?;
        Ok(Some(Self {
            client_certificate,
            asks_for_multiplexing: variable("PLUGIN_MULTIPLEX_GRPC").is_some(),
            parent: platform::parent_id(),
        }))
    }

    /// The only certificate that is accepted from a client. Without one the host wants plaintext, as with
    /// `TF_DISABLE_PLUGIN_TLS`.
    pub(super) fn client_certificate(&self) -> Option<&CertificateDer<'static>> {
        self.client_certificate.as_ref()
    }

    /// The parent of this process at the start, if the platform can name it.
    pub(super) fn parent(&self) -> Option<u32> {
        self.parent
    }

    /// The line from which the host learns where and how to connect.
    pub(super) fn answer(&self, address: &Address, server_certificate: Option<&CertificateDer<'_>>) -> String {
        let Address { network, location } = address;
        let certificate = server_certificate.map(|der| STANDARD_NO_PAD.encode(der)).unwrap_or_default();
        // Older hosts read a seventh field as a part of the sixth, so the line has it only if the host asked for it.
        let multiplexing = if self.asks_for_multiplexing { "|false" } else { "" };
        format!("{HANDSHAKE_VERSION}|{PROTOCOL_VERSION}|{network}|{location}|grpc|{certificate}{multiplexing}")
    }
}

/// The line that the host shows if it comes in place of an answer. A `|` would separate fields.
pub(super) fn refusal(reason: &str) -> String {
    let mut line = "The plugin could not start: ".to_owned();
    for character in reason.chars() {
        match character {
            '|' => line.extend(character.escape_unicode()),
            '\n' => line.push(' '),
            _ if character.is_control() => line.extend(character.escape_default()),
            _ => line.push(character),
        }
    }
    line
}

/// The line for a shell that makes Terraform and OpenTofu use this process instead of starting one.
pub(super) fn reattach(sources: &[&str], address: &Address) -> String {
    let process = json!({
        "Protocol": "grpc",
        "ProtocolVersion": PROTOCOL_VERSION,
        "Pid": process::id(),
        "Test": true,
        "Addr": { "Network": address.network, "String": address.location },
    });
    let providers: Map<_, _> = sources.iter().map(|source| ((*source).to_owned(), process.clone())).collect();
    format!("TF_REATTACH_PROVIDERS='{}'", json!(providers))
}

#[cfg(test)]
impl Handshake {
    /// The handshake of a host that wants plaintext.
    pub(super) fn plain() -> Self {
        Self { client_certificate: None, asks_for_multiplexing: false, parent: platform::parent_id() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_one_line_of_one_field() {
        assert_eq!(
            refusal("in `/a|b\u{1b}[31m`: no\nplace, für"),
            "The plugin could not start: in `/a\\u{7c}b\\u{1b}[31m`: no place, für"
        );
    }

    fn environment(name: &str) -> Option<OsString> {
        (name == COOKIE.0).then(|| COOKIE.1.into())
    }

    fn address() -> Address {
        Address { network: "unix", location: "/run/plugin".to_owned() }
    }

    #[test]
    fn without_the_cookie_there_is_no_host() {
        assert!(Handshake::read(|_| None).unwrap().is_none());
        assert!(Handshake::read(|_| Some("d602bf8f".into())).unwrap().is_none());
    }

    #[test]
    fn the_certificate_field_stays_empty_in_plaintext() {
        let handshake = Handshake::read(environment).unwrap().unwrap();
        assert_eq!(handshake.answer(&address(), None), "1|5|unix|/run/plugin|grpc|");
    }

    #[test]
    fn the_certificate_has_no_padding() {
        let handshake = Handshake::read(environment).unwrap().unwrap();
        let certificate = CertificateDer::from_slice(&[0xff; 4]);
        assert_eq!(handshake.answer(&address(), Some(&certificate)), "1|5|unix|/run/plugin|grpc|/////w");
    }

    #[test]
    fn multiplexing_is_declined_where_asked_for() {
        let asks = |name: &str| if name == "PLUGIN_MULTIPLEX_GRPC" { Some("true".into()) } else { environment(name) };
        let handshake = Handshake::read(asks).unwrap().unwrap();
        assert_eq!(handshake.answer(&address(), None), "1|5|unix|/run/plugin|grpc||false");
    }

    #[test]
    fn an_invalid_certificate_is_refused() {
        for pem in ["garbage", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            let with = |name: &str| if name == "PLUGIN_CLIENT_CERT" { Some(pem.into()) } else { environment(name) };
            let error = Handshake::read(with).unwrap_err().to_string();
            assert!(error.contains("`PLUGIN_CLIENT_CERT`"), "{error}");
        }
    }
}
