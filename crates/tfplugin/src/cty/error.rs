use std::fmt;

use super::{Path, Step};

/// How deep types and values may nest in input. Schemas need less than ten levels, and the stack has room for thousands.
pub(super) const MAX_DEPTH: usize = 64;

/// Why a value or a type could not be read or written. It never holds the text of a value, which may be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The path to the part of the value; empty for the whole value.
    pub path: Path,
    /// What was expected and what was found.
    pub message: String,
}

impl Error {
    pub(super) fn new(message: impl Into<String>) -> Error {
        Error { path: Path::default(), message: message.into() }
    }

    /// A value of another kind than expected. Both are nouns with an article.
    pub(super) fn mismatch(expected: &str, found: &str) -> Error {
        Error::new(format!("expected {expected}, found {found}"))
    }

    pub(super) fn tuple_length(expected: usize, found: usize) -> Error {
        Error::new(format!("expected a tuple of {expected} elements, found {found}"))
    }

    pub(super) fn too_deep() -> Error {
        Error::new(format!("nested deeper than {MAX_DEPTH} levels"))
    }

    pub(super) fn missing_attribute(name: &str) -> Error {
        Error::new("the object does not have this attribute").within(Step::from(name))
    }

    pub(super) fn unexpected_attribute(name: &str) -> Error {
        Error::new("the object's type has no such attribute").within(Step::from(name))
    }

    /// The same error as seen from the enclosing value. So a path is built only after a failure.
    #[must_use]
    pub(super) fn within(mut self, step: Step) -> Error {
        self.path.0.insert(0, step);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.path.0.is_empty() {
            write!(f, "`{}`: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
