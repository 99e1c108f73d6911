//! What to do if the server is not reached.

use deepslate::{Error, ErrorKind};

/// The route to the server, if no answer came by it.
pub(super) fn route(error: &Error) -> Option<&str> {
    error.route.as_deref().filter(|_| error.status.is_none() && error.attempts > 0)
}

/// Where the trusted certificates come from, if that matters.
pub(super) fn trusted(error: &Error) -> Option<&str> {
    error.trusted.as_deref().filter(|_| matches!(error.kind, ErrorKind::Tls | ErrorKind::NoCertificates))
}

/// What to do about a failure of the network.
pub(super) fn advice(kind: &ErrorKind) -> String {
    let text = match kind {
        ErrorKind::ConnectionLost => {
            "Apply again. If the error remains, check the provider's `base_url` and the network between this machine \
             and the server: proxy variables (`HTTPS_PROXY`, `NO_PROXY`) and firewall."
        }
        ErrorKind::Tls => {
            "Check that the provider's `base_url` names a TLS server with a certificate that this machine trusts. If \
             your company has its own certificate authority, add the authority's certificate to the system's \
             certificate store or to the file that `SSL_CERT_FILE` names."
        }
        ErrorKind::AuthorityAsServer => {
            "The server uses a certificate that may sign other certificates (`CA:TRUE`), as many self-signed \
             certificates do. The provider does not accept such a certificate for a server. Create a certificate with \
             `CA:FALSE` for the server. It can be self-signed, or signed by your own authority: `openssl req -x509 \
             -newkey rsa:2048 -nodes -days 365 -keyout key.pem -out cert.pem -subj /CN=deepslate.example.com -addext \
             subjectAltName=DNS:deepslate.example.com -addext basicConstraints=critical,CA:FALSE`. Then set \
             `SSL_CERT_FILE` to the file `cert.pem`."
        }
        ErrorKind::NoCertificates => {
            "The provider found no trusted certificates, so it cannot verify the server's certificate. Install the \
             system's certificates (the package `ca-certificates`), or set `SSL_CERT_FILE` to a PEM file with \
             certificates."
        }
        ErrorKind::ProxyRefused => {
            "Check that the proxy allows connections to the host of `base_url`, or add the host to `NO_PROXY`. The \
             proxy's log shows the status code that it returned."
        }
        ErrorKind::ProxyUnauthorized => {
            "Add the user name and the password to the proxy's URL: `http://user:password@proxy.example:3128`. \
             Percent-encode special characters. Or add the host of `base_url` to `NO_PROXY`."
        }
        _ => {
            "Check the provider's `base_url`, and check that this machine can reach the host: proxy variables \
             (`HTTPS_PROXY`, `NO_PROXY`), firewall and DNS."
        }
    };
    format!("{text} `terraform-provider-deepslate --check` shows the settings that the provider uses.")
}
