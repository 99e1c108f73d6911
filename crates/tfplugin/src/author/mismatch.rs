//! What is wrong with one value.

use std::borrow::Cow;

use super::diagnostics::Diagnostic;
use crate::cty::{Path, Step};

/// A value that does not fit its attribute.
///
/// It names what was expected. It never repeats the value, which may be a secret.
#[derive(Debug)]
pub struct Mismatch {
    /// The path from the value that was read to the part that does not fit.
    pub path: Path,
    /// What was expected, worded to follow "expected": `a UUID`.
    pub expected: Cow<'static, str>,
    /// Whether the value is unusual and yet used as it is.
    pub is_warning: bool,
}

impl Mismatch {
    /// A mismatch of the value itself.
    pub fn expected(expected: impl Into<Cow<'static, str>>) -> Self {
        Self { path: Path::default(), expected: expected.into(), is_warning: false }
    }

    /// A value that is unusual and yet used as it is.
    pub fn warn(expected: impl Into<Cow<'static, str>>) -> Self {
        Self { is_warning: true, ..Self::expected(expected) }
    }

    /// The same mismatch as seen from the enclosing value.
    #[must_use]
    pub fn within(mut self, step: Step) -> Self {
        self.path.0.insert(0, step);
        self
    }
}

impl From<Mismatch> for Diagnostic {
    fn from(mismatch: Mismatch) -> Self {
        Self::error(format!("Invalid value for `{}`", mismatch.path), format!("Expected {}", mismatch.expected))
            .at(mismatch.path)
    }
}
