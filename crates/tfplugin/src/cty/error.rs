use std::fmt;

use super::{Path, Step, Type};

/// Why a value or a type could not be read or written. Never holds the text of a value, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Where in the value; empty where the whole is meant.
    pub path: Path,
    /// What was expected and what came.
    pub message: String,
}

impl Error {
    pub(super) fn new(message: impl Into<String>) -> Error {
        Error { path: Path::default(), message: message.into() }
    }

    /// Something other than the type asks for; `found` is a noun with its article.
    pub(super) fn mismatch(expected: &Type, found: &str) -> Error {
        Error::new(format!("expected {}, found {found}", expected.kind()))
    }

    pub(super) fn tuple_length(expected: usize, found: usize) -> Error {
        Error::new(format!("expected a tuple of {expected} elements, found {found}"))
    }

    pub(super) fn too_deep() -> Error {
        Error::new(format!("nested deeper than {} levels", super::MAX_DEPTH))
    }

    pub(super) fn missing_attribute(name: &str) -> Error {
        Error::new("the object lacks this attribute").within(Step::from(name))
    }

    pub(super) fn unexpected_attribute(name: &str) -> Error {
        Error::new("the object's type has no such attribute").within(Step::from(name))
    }

    /// The same error as seen from the enclosing value. So a path is built only where something failed.
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
