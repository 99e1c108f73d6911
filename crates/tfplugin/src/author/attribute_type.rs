//! Which Rust types an attribute can have.

use super::mismatch::Mismatch;
use crate::cty::{Type, Value};

/// A Rust type that a known value of an attribute can have.
pub trait AttributeType: Sized {
    /// Terraform's type for it.
    fn ty() -> Type;

    /// Reads a value that is known and not null.
    ///
    /// A value may come from a state, which can hold what the rules for a configuration forbid. Refuse here only what this
    /// type cannot represent, and put the rules for configurations into [`check`](Self::check).
    ///
    /// # Errors
    /// If this type cannot represent the value.
    fn from_value(value: Value) -> Result<Self, Mismatch>;

    /// Turns the value back into Terraform's.
    fn into_value(self) -> Value;

    /// Checks a value of the configuration against the rules of the type. Returns what is wrong with it: mismatches that
    /// are errors, and those that only [warn](Mismatch::warn).
    fn check(&self) -> Vec<Mismatch> {
        Vec::new()
    }

    /// Whether two values that are written differently mean the same to the service.
    ///
    /// If the service returns such a value, that is no change: state and refresh keep the value as it was written. If the
    /// user writes such a value, it is sent in an update in place, unless the attribute replaces the object, this type does
    /// not keep the difference, or the value in the state is as the service wrote it.
    fn same(&self, _other: &Self) -> bool {
        false
    }
}
