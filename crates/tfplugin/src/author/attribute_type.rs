//! Which Rust types an attribute can have.

use redaction::{Length, Secrets};

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

    /// Whether a message may show a refused value of this text, because it has the form of a value of this type and not of a
    /// secret that was put here by mistake. Otherwise the message shows its length.
    fn shows(_text: &str) -> bool {
        false
    }

    /// Whether a sensitive value is a JSON document. Only some texts in it are secrets, not the whole document.
    fn is_json() -> bool {
        false
    }

    /// Whether two values that are written differently mean the same to the service.
    ///
    /// If the service returns such a value, that is no change: state and refresh keep the value as it was written. If the
    /// user writes such a value, it is sent in an update in place, unless the attribute replaces the object, this type does
    /// not keep the difference, or the value in the state is as the service wrote it.
    fn same(&self, _other: &Self) -> bool {
        false
    }

    /// Compares two values. Either of them can be null or unknown. Collections compare element by element.
    fn compare(by: Comparison, one: &Value, other: &Value) -> bool {
        one == other
            || match (Self::from_value(one.clone()), Self::from_value(other.clone())) {
                (Ok(one), Ok(other)) if by == Comparison::Value => one.into_value() == other.into_value(),
                (Ok(one), Ok(other)) => one.same(&other),
                _ => false,
            }
    }
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Whether they mean the same to the service: see [`AttributeType::same`].
    Meaning,
    /// Whether they are one value of the Rust type, so that the service cannot get different ones.
    Value,
    /// Whether the first, which the service returned, means the second, which the user configured. The service may have
    /// added to it. This matters after an import, as long as no configuration was sent.
    Confirmation,
}

/// Returns what a message shows of a refused text: the text if it has the form that [`AttributeType::shows`] accepts, else
/// its length. A refused text may be a secret that nobody knows as one, put in this place by mistake.
pub fn refused(text: &str, shows: fn(&str) -> bool, secrets: &Secrets) -> String {
    if text.is_empty() || shows(text) {
        secrets.show(&text.into(), Length::Name).value()
    } else {
        format!("a text of {} characters", text.chars().count())
    }
}
