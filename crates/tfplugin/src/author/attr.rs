//! The value of one attribute as a provider's code sees it: null, unknown or known.

use std::borrow::Cow;
use std::panic::Location;

use super::attribute::Attribute;
use super::attribute_type::AttributeType;
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
        Attribute::new(name, description.into(), T::ty(), check::<T>, [same::<T>, alike::<T>]).showing(T::shows)
    }
}

fn check<T: AttributeType>(value: &Value) -> Vec<Mismatch> {
    T::from_value(value.clone()).map_or_else(|mismatch| vec![mismatch], |value| value.check())
}

fn same<T: AttributeType>(one: &Value, other: &Value) -> bool {
    one == other
        || matches!((T::from_value(one.clone()), T::from_value(other.clone())),
            (Ok(one), Ok(other)) if one.same(&other))
}

fn alike<T: AttributeType>(one: &Value, other: &Value) -> bool {
    let read = |value: &Value| T::from_value(value.clone()).map(T::into_value);
    one == other || matches!((read(one), read(other)), (Ok(one), Ok(other)) if one == other)
}

/// An element of a list, which may be null or unknown even if the list is known.
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

    fn same(&self, other: &Self) -> bool {
        matches!((self, other), (Self::Known(one), Self::Known(other)) if one.same(other))
    }
}
