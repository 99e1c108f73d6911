//! The value of one attribute as a provider's code sees it: null, unknown or known.

use std::borrow::Cow;
use std::panic::Location;

use super::attribute::{Attribute, Rules};
use super::attribute_type::{AttributeType, Comparison};
use super::diagnostics::{Diagnostic, Result};
use super::mismatch::Mismatch;
use crate::cty::{Type, Value};

/// The value of one attribute or block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Attr<T> {
    /// The configuration gives no value, or the object has none.
    #[default]
    Null,
    /// The value will be known once something else has been applied.
    Unknown,
    /// The value.
    Known(T),
}

impl<T> Attr<T> {
    /// Whether there is no value.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// Returns the value if it is known.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// Returns the value of an attribute that is always known at this point, such as a required one during apply.
    ///
    /// # Errors
    /// If it is not: a bug in the provider, as a diagnostic that names the place in the provider's code.
    #[track_caller]
    pub fn known(&self) -> Result<&T, Diagnostic> {
        let caller = Location::caller();
        self.get().ok_or_else(|| {
            Diagnostic::bug(format!(
                "A value that apply needs is null or not known ({}:{})",
                caller.file(),
                caller.line()
            ))
        })
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T> From<Option<T>> for Attr<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Self::Known)
    }
}

impl<T: AttributeType> Attr<T> {
    /// An attribute of this type, which still needs its mode and rules. `#[derive(Schema)]` calls this for a field marked
    /// `#[attribute(…)]`.
    pub fn attribute(name: &'static str, description: impl Into<Cow<'static, str>>) -> Attribute {
        let rules = Rules { check: check::<T>, compare: T::compare, shows: T::shows, is_json: T::is_json() };
        Attribute::new(name, description.into(), T::ty(), rules)
    }
}

fn check<T: AttributeType>(value: &Value) -> Vec<Mismatch> {
    T::from_value(value.clone()).map_or_else(|mismatch| vec![mismatch], |value| value.check())
}

/// An element of a list, set or map, which may be null or unknown even if the collection is known.
impl<T: AttributeType> AttributeType for Attr<T> {
    fn ty() -> Type {
        T::ty()
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Null => Ok(Self::Null),
            Value::Unknown => Ok(Self::Unknown),
            known => T::from_value(known).map(Self::Known),
        }
    }

    fn into_value(self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Unknown => Value::Unknown,
            Self::Known(value) => value.into_value(),
        }
    }

    fn shows(text: &str) -> bool {
        T::shows(text)
    }

    fn check(&self) -> Vec<Mismatch> {
        self.get().map_or_else(Vec::new, T::check)
    }

    fn compare(by: Comparison, one: &Value, other: &Value) -> bool {
        T::compare(by, one, other)
    }
}
