//! The one error of this folder. It is only displayed, never matched on.

use std::error::Error as StdError;
use std::fmt;

/// Why the plugin could not serve, or stopped serving.
#[derive(Debug)]
pub struct Error {
    failed: &'static str,
    cause: Box<dyn StdError + Send + Sync>,
}

impl Error {
    pub(super) fn new(failed: &'static str, cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { failed, cause: cause.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.failed, self.cause)
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&*self.cause)
    }
}
