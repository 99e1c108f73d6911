//! Where the API is.

use std::fmt;
use std::str::FromStr;

use url::{Host, Url};

/// The URL under which the API's paths begin, such as `https://app.deepslate.eu` or
/// `https://gateway.example/deepslate`.
///
/// Its scheme is `https`, because every request carries the API key. `http` is for a loopback host only. A path prefix is
/// kept, and a trailing slash makes no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(Url);

/// Why a text is not a [`BaseUrl`]. It never repeats the text, which may contain a password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BaseUrlError {
    /// It does not begin with `https://` or `http://`.
    Scheme,
    /// It has a space, a line break or another control character.
    Whitespace,
    /// It is `http` to this host, which is not this machine.
    PlaintextHost(String),
    /// It has a user name or a password.
    UserInfo,
    /// It has a query.
    Query,
    /// It has a fragment.
    Fragment,
    /// Its path has a part of the API's own paths. This is the URL without that part.
    ApiPath(String),
    /// Its host has characters beyond ASCII.
    Letters,
    /// It is not a URL, for this reason.
    Malformed(url::ParseError),
}

impl BaseUrl {
    /// Whether the host is this machine: in 127.0.0.0/8, `::1`, or the name `localhost`.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Whether requests are encrypted, so that the server has to show a certificate.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The URL of a path of the API, which begins with a slash.
    pub fn join(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", self.0.path().trim_end_matches('/')));
        url
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<BaseUrl, BaseUrlError> {
        // The parser would drop these silently.
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err(BaseUrlError::Whitespace);
        }
        // The parser reads `app.deepslate.eu:443` as a scheme, and `https:host` as `https://host`.
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        if !["https", "http"].iter().any(|known| scheme.eq_ignore_ascii_case(known)) {
            return Err(BaseUrlError::Scheme);
        }
        let url = Url::parse(text).map_err(|error| match error {
            url::ParseError::IdnaError if !text.is_ascii() => BaseUrlError::Letters,
            other => BaseUrlError::Malformed(other),
        })?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(BaseUrlError::UserInfo);
        }
        if url.query().is_some() {
            return Err(BaseUrlError::Query);
        }
        if url.fragment().is_some() {
            return Err(BaseUrlError::Fragment);
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err(BaseUrlError::PlaintextHost(url.host_str().unwrap_or_default().to_owned()));
        }
        match before_api_path(url.path()).map(str::to_owned) {
            Some(path) => {
                let mut shorter = url;
                shorter.set_path(&path);
                Err(BaseUrlError::ApiPath(BaseUrl(shorter).to_string()))
            }
            None => Ok(BaseUrl(url)),
        }
    }
}

/// What a path has before a part of the API's own paths, if it has one.
fn before_api_path(path: &str) -> Option<&str> {
    let path = path.trim_end_matches('/');
    if let Some(at) = path.find("/api/v1/vendors") {
        return Some(&path[..at]);
    }
    path.strip_suffix("/api/v1").or_else(|| path.strip_suffix("/api"))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Display for BaseUrlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BaseUrlError::Scheme => f.write_str("it must begin with `https://`"),
            BaseUrlError::Whitespace => f.write_str("it must not hold spaces, line breaks or other control characters"),
            BaseUrlError::PlaintextHost(host) => write!(
                f,
                "`http` would send the API key in the clear to `{host}`; use `https`, which only a loopback host \
                 (`localhost`, `127.0.0.1`, `[::1]`) may do without"
            ),
            BaseUrlError::UserInfo => {
                f.write_str("it must not hold a user name or a password, since the API key is all that authenticates")
            }
            BaseUrlError::Query => f.write_str("it must end before the query, which begins with `?`"),
            BaseUrlError::Fragment => f.write_str("it must end before the fragment, which begins with `#`"),
            BaseUrlError::ApiPath(url) => {
                write!(f, "the provider adds the API's own path, which begins with `/api/v1`; write `{url}`")
            }
            BaseUrlError::Letters => f.write_str(
                "its host has characters beyond ASCII; write it in Punycode, such as `xn--mnchen-3ya.example` for \
                 `münchen.example`",
            ),
            BaseUrlError::Malformed(reason) => {
                write!(f, "it is not a URL ({reason})")
            }
        }
    }
}

impl std::error::Error for BaseUrlError {}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn joins_paths_behind_the_prefix() {
        for (base, joined) in [
            ("https://app.deepslate.eu", "https://app.deepslate.eu/api/v1"),
            ("https://app.deepslate.eu/", "https://app.deepslate.eu/api/v1"),
            ("HTTPS://App.Deepslate.EU:443", "https://app.deepslate.eu/api/v1"),
            ("https://gateway.example:8443/deep/slate/", "https://gateway.example:8443/deep/slate/api/v1"),
            ("https://gateway.example/api-gw", "https://gateway.example/api-gw/api/v1"),
            ("https://gateway.example/api/v1/eu", "https://gateway.example/api/v1/eu/api/v1"),
            ("http://localhost:8080", "http://localhost:8080/api/v1"),
            ("http://127.0.0.1:1", "http://127.0.0.1:1/api/v1"),
            ("http://127.9.9.9", "http://127.9.9.9/api/v1"),
            ("http://[::1]:8080/x", "http://[::1]:8080/x/api/v1"),
            ("https://xn--mnchen-3ya.example", "https://xn--mnchen-3ya.example/api/v1"),
        ] {
            let base: BaseUrl = base.parse().expect(base);
            assert_eq!(base.join("/api/v1").as_str(), joined);
        }
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, expected) in [
            ("", BaseUrlError::Scheme),
            ("app.deepslate.eu", BaseUrlError::Scheme),
            ("app.deepslate.eu:443", BaseUrlError::Scheme),
            ("localhost:8080", BaseUrlError::Scheme),
            ("https:app.deepslate.eu", BaseUrlError::Scheme),
            ("ftp://app.deepslate.eu", BaseUrlError::Scheme),
            ("https://app.deepslate.eu\n", BaseUrlError::Whitespace),
            ("https://app deepslate.eu", BaseUrlError::Whitespace),
            ("http://app.deepslate.eu", BaseUrlError::PlaintextHost("app.deepslate.eu".to_owned())),
            ("http://localhost.example", BaseUrlError::PlaintextHost("localhost.example".to_owned())),
            ("http://128.0.0.1", BaseUrlError::PlaintextHost("128.0.0.1".to_owned())),
            ("http://[::2]", BaseUrlError::PlaintextHost("[::2]".to_owned())),
            ("https://user@app.deepslate.eu", BaseUrlError::UserInfo),
            ("https://:secret@app.deepslate.eu", BaseUrlError::UserInfo),
            ("http://localhost@app.deepslate.eu", BaseUrlError::UserInfo),
            ("https://app.deepslate.eu?", BaseUrlError::Query),
            ("https://app.deepslate.eu/?a=b", BaseUrlError::Query),
            ("https://app.deepslate.eu/#a", BaseUrlError::Fragment),
            ("https://h/api", BaseUrlError::ApiPath("https://h".to_owned())),
            ("https://h/api/v1/", BaseUrlError::ApiPath("https://h".to_owned())),
            ("https://h/x/api/v1", BaseUrlError::ApiPath("https://h/x".to_owned())),
            ("https://h/api/v1/vendors/1/organizations", BaseUrlError::ApiPath("https://h".to_owned())),
            ("https://", BaseUrlError::Malformed(url::ParseError::EmptyHost)),
            ("https://host:65536", BaseUrlError::Malformed(url::ParseError::InvalidPort)),
            ("https://münchen.example", BaseUrlError::Letters),
            ("https://<host>", BaseUrlError::Malformed(url::ParseError::IdnaError)),
        ] {
            assert_eq!(text.parse::<BaseUrl>(), Err(expected), "{text}");
        }
    }

    #[test]
    fn errors_never_repeat_user_info() {
        for text in
            ["https://hunter2@h", "http://u:hunter2@h", "https://u:hunter2@", "hunter2://u@h", "https://u:hunter2#@h"]
        {
            let error = text.parse::<BaseUrl>().expect_err(text);
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{error}");
        }
    }

    proptest! {
        #[test]
        fn every_accepted_url_is_safe_to_send_a_key_to(text in "(https?|ftp)?(://)?[a-z0-9.:@/?#%\\[\\]-]{0,30}") {
            if let Ok(base) = text.parse::<BaseUrl>() {
                let url = base.join("/api/v1/x");
                prop_assert!(url.scheme() == "https" || base.is_loopback());
                prop_assert!(url.username().is_empty() && url.password().is_none());
                prop_assert!(url.path().ends_with("/api/v1/x") && url.query().is_none() && url.fragment().is_none());
                prop_assert_eq!(base.to_string().parse::<BaseUrl>().map(|again| again.join("/")), Ok(base.join("/")));
            }
        }
    }
}
