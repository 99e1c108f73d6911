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
            "Apply again. If it stays so, check the provider's `base_url`, and what is between this machine and it: \
             proxy variables (`HTTPS_PROXY`, `NO_PROXY`), firewall."
        }
        ErrorKind::Tls => {
            "Check that the provider's `base_url` names a server that speaks TLS with a certificate that this machine \
             trusts. A company's own \
             certificate authority belongs into the system's certificate store, or into the file that `SSL_CERT_FILE` names."
        }
        ErrorKind::AuthorityAsServer => {
            "The server shows a certificate that may sign others (`CA:TRUE`), as self-signed certificates often do. \
             Such a certificate is not accepted as a server's. Give the server one with `CA:FALSE`, signed by your own \
             authority or by itself: `openssl req -x509 -newkey rsa:2048 -nodes -days 365 -keyout key.pem -out cert.pem \
             -subj /CN=deepslate.example.com -addext subjectAltName=DNS:deepslate.example.com -addext basicConstraints=critical,CA:FALSE`. \
             Then set `SSL_CERT_FILE` to the file `cert.pem`."
        }
        ErrorKind::NoCertificates => {
            "The server has to show a certificate, and nothing says which ones to trust. Install the certificates of the \
             system (the package `ca-certificates`), or set `SSL_CERT_FILE` to a file with certificates in PEM."
        }
        ErrorKind::ProxyRefused => {
            "Check that the proxy may connect to the host of `base_url`, or add the host to `NO_PROXY`. The proxy's log \
             shows the status of its answer."
        }
        ErrorKind::ProxyUnauthorized => {
            "Put the user name and the password of the proxy into its URL: `http://user:password@proxy.example:3128`, \
             with special characters percent-encoded. Or add the host of `base_url` to `NO_PROXY`."
        }
        _ => {
            "Check the provider's `base_url`, and that this machine reaches it: proxy variables (`HTTPS_PROXY`, \
             `NO_PROXY`), firewall, DNS."
        }
    };
    format!("{text} `terraform-provider-deepslate --check` shows what the provider uses.")
}
