//! The proxy for a URL, by the rules of Go.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use redaction::{Length, Secrets};
use secrecy::SecretString;
use secrecy::zeroize::Zeroizing;
use url::{Host, Url};

use super::Environment;
use super::no_proxy::{ascii, excepts};

/// How requests reach the server.
#[derive(Debug, Clone)]
pub(crate) enum Route {
    /// No variable names a proxy for it.
    Direct,
    /// Directly, because this variable excepts it from the proxy.
    Excepted(&'static str),
    /// Through a proxy.
    Proxy(Proxy),
}

/// A proxy.
#[derive(Clone)]
pub(crate) struct Proxy {
    /// The variable that names it.
    variable: &'static str,
    /// Scheme, host and port.
    shown: String,
    /// What the HTTP library gets. Only for SOCKS it has the user name and the password.
    pub(crate) url: Url,
    /// The value of `Proxy-Authorization`, if the proxy is one for HTTP.
    pub(crate) authorization: Option<HeaderValue>,
    /// The password, decoded.
    pub(crate) password: Option<SecretString>,
}

/// Why a variable does not name a proxy. It never repeats the value, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProxyError {
    /// The variable.
    pub variable: &'static str,
    /// What is wrong with its value: the rest of a sentence that begins with "it".
    pub reason: &'static str,
}

/// The route to this URL.
pub(super) fn route(url: &Url, environment: &Environment<'_>) -> Result<Route, ProxyError> {
    let names = if url.scheme() == "https" { ["HTTPS_PROXY", "https_proxy"] } else { ["HTTP_PROXY", "http_proxy"] };
    let Some((variable, value)) = environment.first(&names) else { return Ok(Route::Direct) };
    if is_this_machine(url) {
        return Ok(Route::Direct);
    }
    if let Some((exceptions, list)) = environment.first(&["NO_PROXY", "no_proxy"])
        && excepts(&list.to_string_lossy(), url)
    {
        return Ok(Route::Excepted(exceptions));
    }
    let refuse = |reason| ProxyError { variable, reason };
    if url.scheme() == "http" && environment.first(&["REQUEST_METHOD"]).is_some() {
        return Err(refuse("may come from the client of a CGI program, because `REQUEST_METHOD` is set"));
    }
    let value = value.to_str().ok_or_else(|| refuse("is not UTF-8 text"))?;
    parse(variable, value).map(Route::Proxy).map_err(refuse)
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
        None => false,
    }
}

/// Reads the URL of a proxy. Without a scheme it is `http`.
fn parse(variable: &'static str, value: &str) -> Result<Proxy, &'static str> {
    if value.contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Err("has a space or a control character");
    }
    let (scheme, rest) = value.split_once("://").unwrap_or(("http", value));
    if rest == value && SCHEMES.iter().any(|scheme| lacks_slashes(value, scheme)) {
        return Err("has no `//` after its scheme");
    }
    // Names are looked up by a SOCKS proxy, as Go does for both of its schemes.
    let (scheme, library_scheme, default_port) = match &*scheme.to_ascii_lowercase() {
        "http" => ("http", "http", 80),
        "https" => ("https", "https", 443),
        "socks5" => ("socks5", "socks5h", 1080),
        "socks5h" => ("socks5h", "socks5h", 1080),
        _ => return Err("has a scheme other than `http`, `https` and `socks5`"),
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    if path.contains('@') {
        return Err("has an `@` after a `/`, `?` or `#`. In a password, write these as `%2F`, `%3F` and `%23`");
    }
    let (credentials, server) = match authority.rsplit_once('@') {
        Some((credentials, server)) => (Some(credentials), server),
        None => (None, authority),
    };
    let (host, port) = host_and_port(server)?;
    let shown = format!("{scheme}://{host}:{}", port.unwrap_or(default_port));
    let library_url = format!("{library_scheme}://{host}:{}", port.unwrap_or(default_port));
    let mut url = Url::parse(&library_url).map_err(|_| "has a host that is neither a name nor an address")?;
    let (mut authorization, mut plain_password) = (None, None);
    if let Some(credentials) = credentials {
        let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
        let (plain_user, plain) = (decoded(user)?, decoded(password)?);
        plain_password = Some(text_of(&plain));
        let plain = Zeroizing::new([plain_user.as_slice(), b":", &plain].concat());
        if library_scheme == "socks5h" {
            // The library decodes them.
            let set = url.set_username(user).and_then(|()| url.set_password(Some(password)));
            set.map_err(|()| "has no host")?;
        } else {
            authorization = Some(basic(&plain)?);
        }
    }
    Ok(Proxy { variable, shown, url, authorization, password: plain_password })
}

const SCHEMES: [&str; 4] = ["http", "https", "socks5", "socks5h"];

/// Whether this is `http:proxy` or `http:/proxy`, and not the host `http` with a port.
fn lacks_slashes(value: &str, scheme: &str) -> bool {
    let after = value.split_once(':').filter(|(before, _)| before.eq_ignore_ascii_case(scheme));
    after.is_some_and(|(_, after)| !after.starts_with(|character: char| character.is_ascii_digit()))
}

fn host_and_port(server: &str) -> Result<(Host, Option<u16>), &'static str> {
    let (host, port) = match server.rfind(']') {
        Some(end) => server.split_at(end + 1),
        None => server.split_at(server.find(':').unwrap_or(server.len())),
    };
    if host.is_empty() {
        return Err("has no host");
    }
    let port = match port.strip_prefix(':').unwrap_or(port) {
        "" => None,
        digits if digits.bytes().all(|byte| byte.is_ascii_digit()) && port.starts_with(':') => {
            Some(digits.parse().ok().filter(|port| *port > 0).ok_or("has a port that is not from 1 to 65535")?)
        }
        _ => return Err("has a port that is not a number. An IPv6 address needs brackets"),
    };
    // The parser would decode `%41`, and take `1.2.3` and `0x7f.1` for addresses. Go does neither.
    let other_form = |parsed: &Host| matches!(parsed, Host::Ipv4(address) if address.to_string() != host);
    let parsed = Host::parse(&ascii(host)).ok().filter(|parsed| !host.contains('%') && !other_form(parsed));
    Ok((parsed.ok_or("has a host that is neither a name nor an address")?, port))
}

/// The bytes of a user name or a password. Go accepts the same characters.
fn decoded(text: &str) -> Result<Zeroizing<Vec<u8>>, &'static str> {
    let mut plain = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let mut digit = || char::from(bytes.next()?).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
            let (Some(high), Some(low)) = (digit(), digit()) else {
                return Err(
                    "has a `%` in its user name or password without two hexadecimal digits after it. Write `%25` \
                            for a `%`",
                );
            };
            plain.push(high << 4 | low);
        } else if byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=@".contains(&byte) {
            plain.push(byte);
        } else {
            return Err("has a character in its user name or password that must be percent-encoded");
        }
    }
    Ok(plain)
}

/// The text of a password: UTF-8, and Latin-1 where it cannot be.
fn text_of(password: &[u8]) -> SecretString {
    let mut text = String::with_capacity(2 * password.len());
    for chunk in password.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| char::from(*byte)));
    }
    text.into()
}

/// The value of `Proxy-Authorization`.
fn basic(credentials: &[u8]) -> Result<HeaderValue, &'static str> {
    let value = Zeroizing::new(format!("Basic {}", STANDARD.encode(credentials)));
    let mut value = HeaderValue::from_str(&value).map_err(|_| "has a user name or password that cannot be sent")?;
    value.set_sensitive(true);
    Ok(value)
}

// === impl Route ===

impl Route {
    /// The route in words, if a variable decides about it. It has neither the proxy's password nor another secret, which
    /// the variable may hold by mistake.
    pub(crate) fn in_words(&self, secrets: &Secrets) -> Option<String> {
        match self {
            Route::Direct => None,
            Route::Excepted(variable) => Some(format!("directly, because of `{variable}`")),
            Route::Proxy(Proxy { variable, shown, .. }) => {
                let shown = secrets.show(&shown.as_str().into(), Length::Message);
                Some(format!("through the proxy {} from `{variable}`", shown.as_line()))
            }
        }
    }
}

// === impl Proxy ===

/// Without the password.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("variable", &self.variable).field("shown", &self.shown).finish_non_exhaustive()
    }
}

// === impl ProxyError ===

impl fmt::Display for ProxyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not the URL of a proxy: it {}", self.variable, self.reason)
    }
}

impl std::error::Error for ProxyError {}
