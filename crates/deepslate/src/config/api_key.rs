//! The key that authenticates every request.

use std::fmt;

use bytes::Bytes;
use http::HeaderValue;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};

/// An API key: not empty, and only visible ASCII, so that it can be sent as `Authorization: Bearer <key>`.
#[derive(Debug, Clone)]
pub struct ApiKey {
    key: SecretString,
    /// Wiped, as the key is, when its last copy is dropped.
    bearer: HeaderValue,
}

/// Why a text is not an [`ApiKey`]. It never repeats the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ApiKeyError {
    /// It is empty.
    Empty,
    /// It has a space, a line break, or another character that is not visible ASCII.
    IllegalCharacter,
}

impl ApiKey {
    /// Checks a key.
    pub fn new(key: SecretString) -> Result<ApiKey, ApiKeyError> {
        if key.expose_secret().is_empty() {
            return Err(ApiKeyError::Empty);
        }
        if !key.expose_secret().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(ApiKeyError::IllegalCharacter);
        }
        let bearer = Zeroizing::new(["Bearer ", key.expose_secret()].concat().into_bytes());
        let mut bearer =
            HeaderValue::from_maybe_shared(Bytes::from_owner(bearer)).map_err(|_| ApiKeyError::IllegalCharacter)?;
        bearer.set_sensitive(true);
        Ok(ApiKey { key, bearer })
    }

    /// The value of the `Authorization` header.
    pub(crate) fn bearer(&self) -> &HeaderValue {
        &self.bearer
    }

    /// The key itself.
    pub fn secret(&self) -> &SecretString {
        &self.key
    }
}

impl fmt::Display for ApiKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            ApiKeyError::Empty => "it must not be empty",
            ApiKeyError::IllegalCharacter => {
                "it must contain only visible ASCII characters and no spaces; check for a line break at its end"
            }
        })
    }
}

impl std::error::Error for ApiKeyError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_is_legal_in_a_header() {
        let key = ApiKey::new("abc-._~+/=!".into()).expect("legal");
        let header = key.bearer();
        assert_eq!(header.as_bytes(), b"Bearer abc-._~+/=!");
        assert!(header.is_sensitive());
        assert!(!format!("{key:?} {header:?}").contains("abc"));
    }

    #[test]
    fn refuses_the_rest_without_repeating_it() {
        assert_eq!(ApiKey::new("".into()).err(), Some(ApiKeyError::Empty));
        for key in ["hunter2\n", "hunter2 ", "hunt er2", "hünter2", "hunter2\u{7f}", "\thunter2", "hunter2\0"] {
            let error = ApiKey::new(key.into()).expect_err("illegal");
            assert_eq!(error, ApiKeyError::IllegalCharacter);
            assert!(!error.to_string().contains("hunter2"));
        }
    }
}
