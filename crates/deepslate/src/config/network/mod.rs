//! What the environment says about the way to the server: through which proxy, and which certificates are trusted.
//!
//! The rules are those of Terraform itself, which are Go's: `golang.org/x/net/http/httpproxy` and `crypto/x509`. So the
//! provider reaches the same hosts in the same way. It is stricter in one point: a proxy variable that holds no URL is an
//! error, and not a direct connection.
//!
//! - `proxy`: the proxy for a URL, without I/O;
//! - `no_proxy`: the hosts that `NO_PROXY` excepts, without I/O;
//! - `trust`: the certificates that are trusted; on Windows and macOS `trust_of_system`.

mod no_proxy;
mod proxy;
#[cfg(test)]
mod tests;
#[cfg_attr(any(windows, target_vendor = "apple"), path = "trust_of_system.rs")]
mod trust;

use std::ffi::OsString;

use rustls::ClientConfig;
use secrecy::SecretString;

pub use proxy::ProxyError;
pub(crate) use proxy::Route;
pub(crate) use trust::Trust;

use super::BaseUrl;

/// The way to one server. It is decided once, before the first request.
#[derive(Debug, Clone)]
pub struct Network {
    pub(crate) route: Route,
    pub(crate) trust: Trust,
}

impl Network {
    /// Decides how to reach a server. `variable` reads the environment.
    ///
    /// # Errors
    /// If the variable that names the proxy for this server does not hold the URL of a proxy.
    pub fn new(base_url: &BaseUrl, variable: impl Fn(&str) -> Option<OsString>) -> Result<Network, ProxyError> {
        let environment = Environment(&variable);
        let url = base_url.join("/");
        Ok(Network { route: proxy::route(&url, &environment)?, trust: Trust::new(&url, &environment) })
    }

    /// The password of the proxy, if it has one.
    pub(crate) fn password(&self) -> Option<&SecretString> {
        if let Route::Proxy(proxy) = &self.route { proxy.password.as_ref() } else { None }
    }
}

/// What TLS is set up with.
pub(crate) struct Tls {
    pub(crate) config: ClientConfig,
    /// Where the trusted certificates come from, in words.
    pub(crate) origin: String,
}

/// The variables of the environment. An empty one counts as unset.
struct Environment<'a>(&'a dyn Fn(&str) -> Option<OsString>);

impl Environment<'_> {
    /// The first of these variables that is set, and its value.
    fn first(&self, names: &[&'static str]) -> Option<(&'static str, OsString)> {
        let set = |name: &&'static str| (self.0)(name).filter(|value| !value.is_empty()).map(|value| (*name, value));
        names.iter().find_map(set)
    }
}
