//! Values of attributes as a resource's own code sees them: typed, and null, unknown or known.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use uuid::Uuid;

use super::diagnostics::{Diagnostic, Result};
use super::schema::{Attribute, Block, NestedBlock};
use crate::cty::{Path, Step, Type, Value};

/// The value of one attribute or block.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Attr<T> {
    /// Not given, or not there.
    #[default]
    Null,
    /// Given, but not known before something else is applied.
    Unknown,
    /// Given and known.
    Known(T),
}

/// A Rust type that the known value of an attribute can have.
pub trait AttributeType: Sized {
    /// Terraform's type for it.
    fn ty() -> Type;

    /// Reads a value that is known and not null.
    fn from_value(value: Value) -> Result<Self, Mismatch>;

    /// The way back.
    fn into_value(self) -> Value;

    /// Holds a value of the configuration, known and not null, against the type's own rules. A state may hold what
    /// breaks them, since it says what is so.
    fn check(value: &Value) -> Result<(), Mismatch> {
        Self::from_value(value.clone()).map(drop)
    }

    /// Whether two known values mean the same to the provider's service, however they are spelled. A difference in
    /// spelling alone is never a change, and the spelling that came first stays.
    fn same(one: &Value, other: &Value) -> bool {
        one == other
    }
}

/// A struct with a field per attribute and block: schema and values of one object, by `#[derive(Schema)]`.
pub trait Schema: Sized {
    /// The schema.
    fn block() -> Block;

    /// Reads an object that has exactly the schema's attributes and blocks.
    fn from_object(object: Object) -> Result<Self, Mismatch>;

    /// The way back.
    fn into_object(self) -> Object;
}

/// A value that does not fit its attribute. It says what was expected, never what came, which may be a secret.
#[derive(Debug)]
pub struct Mismatch {
    /// Where, from the value that was read.
    pub path: Path,
    /// What was expected, to be read after "expected": `a UUID`.
    pub expected: Cow<'static, str>,
    /// Whether what came may hold a secret even where the attribute is not sensitive: messages then do not show it.
    pub may_hold_secret: bool,
}

/// An object's values on their way between Terraform's types and a model.
#[derive(Default)]
pub struct Object(pub(super) BTreeMap<String, Value>);

// === impl Attr ===

impl<T> Attr<T> {
    /// Whether no value was given.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    /// The value where it is known.
    pub fn get(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Null | Self::Unknown => None,
        }
    }

    /// The value of an attribute that is always known by now, such as a required one in apply.
    ///
    /// # Errors
    /// A bug in the provider, as a diagnostic.
    pub fn known(&self) -> Result<&T, Diagnostic> {
        self.get().ok_or_else(|| Diagnostic::bug("A value that apply needs is null or not known"))
    }
}

impl<T> From<T> for Attr<T> {
    fn from(value: T) -> Self {
        Self::Known(value)
    }
}

impl<T: AttributeType> Attr<T> {
    /// An attribute of this type, to be given its mode and rules.
    pub fn attribute(name: &'static str, description: &'static str) -> Attribute {
        Attribute::new(name, description, T::ty(), T::check, T::same)
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
}

impl<M: Schema> Attr<M> {
    /// A block that may stand once.
    pub fn block(name: &'static str, description: &'static str) -> NestedBlock {
        NestedBlock { name, description, block: M::block() }
    }
}

// === impl Object ===

impl Object {
    /// Takes the value of one field out.
    pub fn take<T: AttributeType>(&mut self, name: &str) -> Result<Attr<T>, Mismatch> {
        Attr::from_value(self.0.remove(name).unwrap_or(Value::Null)).map_err(|mut mismatch| {
            mismatch.path.0.insert(0, Step::Attribute(name.to_owned()));
            mismatch
        })
    }

    /// Puts the value of one field in.
    pub fn put<T: AttributeType>(&mut self, name: &str, value: Attr<T>) {
        self.0.insert(name.to_owned(), value.into_value());
    }
}

// === impl Mismatch ===

impl Mismatch {
    /// A mismatch of the value itself.
    pub fn expected(expected: impl Into<Cow<'static, str>>) -> Self {
        Self { path: Path::default(), expected: expected.into(), may_hold_secret: false }
    }
}

impl From<Mismatch> for Diagnostic {
    fn from(mismatch: Mismatch) -> Self {
        Self::error(format!("Invalid value for `{}`", mismatch.path), format!("Expected {}", mismatch.expected))
            .at(mismatch.path)
    }
}

// === impl AttributeType ===

impl AttributeType for String {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::String(mut text) => Ok(std::mem::take(&mut *text)),
            _ => Err(Mismatch::expected("a string")),
        }
    }

    fn into_value(self) -> Value {
        self.into()
    }
}

impl AttributeType for bool {
    fn ty() -> Type {
        Type::Bool
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Bool(value) => Ok(value),
            _ => Err(Mismatch::expected("true or false")),
        }
    }

    fn into_value(self) -> Value {
        Value::Bool(self)
    }
}

impl AttributeType for SecretString {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        String::from_value(value).map(Into::into)
    }

    fn into_value(self) -> Value {
        self.expose_secret().into()
    }
}

impl AttributeType for Uuid {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let hyphenated = value.as_str().filter(|text| text.len() == 36);
        let uuid = hyphenated.and_then(|text| Self::try_parse(text).ok());
        uuid.ok_or_else(|| Mismatch::expected("a UUID such as `3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b`"))
    }

    fn into_value(self) -> Value {
        self.to_string().into()
    }

    fn same(one: &Value, other: &Value) -> bool {
        matches!((one.as_str(), other.as_str()), (Some(one), Some(other)) if one.eq_ignore_ascii_case(other))
    }
}

impl AttributeType for Duration {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);
        let duration = value.as_str().and_then(|text| humantime::parse_duration(text).ok());
        let duration = duration.filter(|duration| !duration.is_zero() && *duration <= LONGEST);
        duration.ok_or_else(|| {
            Mismatch::expected("a duration such as `90s`, `2m` or `1h30m`, above zero and of at most 24 hours")
        })
    }

    fn into_value(self) -> Value {
        humantime::format_duration(self).to_string().into()
    }
}

impl<T: AttributeType> AttributeType for Vec<T> {
    fn ty() -> Type {
        Type::List(Box::new(T::ty()))
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        let Value::List(elements) = value else { return Err(Mismatch::expected("a list")) };
        let elements = elements.into_iter().zip(0_i64..).map(|(element, index)| {
            T::from_value(element).map_err(|mut mismatch| {
                mismatch.path.0.insert(0, Step::Index(index));
                mismatch
            })
        });
        elements.collect()
    }

    fn into_value(self) -> Value {
        Value::List(self.into_iter().map(T::into_value).collect())
    }
}

/// Whole numbers that fit a Rust integer.
macro_rules! integer {
    ($($integer:ty),*) => {$(
        impl AttributeType for $integer {
            fn ty() -> Type {
                Type::Number
            }

            fn from_value(value: Value) -> Result<Self, Mismatch> {
                let number = match value {
                    Value::Number(number) => number.as_i64().and_then(|number| Self::try_from(number).ok()),
                    _ => None,
                };
                number.ok_or_else(|| Mismatch::expected(format!("a whole number from {} to {}", Self::MIN, Self::MAX)))
            }

            fn into_value(self) -> Value {
                Value::from(i64::from(self))
            }
        }
    )*};
}

integer!(u16, i32, i64);

impl<M: Schema> AttributeType for M {
    fn ty() -> Type {
        M::block().ty()
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Map(values) => Self::from_object(Object(values)),
            _ => Err(Mismatch::expected("an object")),
        }
    }

    fn into_value(self) -> Value {
        Value::Map(self.into_object().0)
    }
}

impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
