//! On Windows and macOS, the system decides which certificates are trusted, for Go too.

use redaction::Secrets;
use url::Url;

use super::{Environment, Tls};

/// The certificates that are trusted.
#[derive(Debug, Clone)]
pub(crate) struct Trust;

impl Trust {
    pub(super) fn new(_: &Url, _: &Environment<'_>) -> Trust {
        Trust
    }

    /// Returns `None`: the HTTP library asks the system.
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "elsewhere this reads certificates")]
    pub(crate) fn tls(&self, _: &Secrets) -> Result<Option<Tls>, String> {
        Ok(None)
    }
}
