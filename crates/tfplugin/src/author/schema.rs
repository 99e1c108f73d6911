//! A struct that is both the schema and the values of one object.

use std::borrow::Cow;

use super::attr::Attr;
use super::attribute_type::AttributeType;
use super::block::{Block, NestedBlock, Nesting};
use super::mismatch::Mismatch;
use super::object::Object;
use crate::cty::{Type, Value};

/// A struct with a field for each attribute and block. Derive it with `#[derive(Schema)]`.
pub trait Schema: Sized {
    /// The schema.
    fn block() -> Block;

    /// Takes the values of this schema's attributes and blocks out of an object.
    ///
    /// # Errors
    /// If a value does not fit its attribute.
    fn take_from(object: &mut Object) -> Result<Self, Mismatch>;

    /// Puts the values of this schema's attributes and blocks into an object.
    fn put_into(self, object: &mut Object);
}

impl<M: Schema> Attr<M> {
    /// A block that may occur once. `#[derive(Schema)]` calls this for a field marked `#[block]`.
    pub fn block(name: &'static str, description: impl Into<Cow<'static, str>>) -> NestedBlock {
        NestedBlock { name, description: description.into(), block: M::block(), nesting: Nesting::Single }
    }
}

impl<M: Schema> Attr<Vec<M>> {
    /// A list of blocks. `#[derive(Schema)]` calls this for a field marked `#[block]`.
    pub fn block(name: &'static str, description: impl Into<Cow<'static, str>>) -> NestedBlock {
        let nesting = Nesting::List { min: 0, max: 0 };
        NestedBlock { name, description: description.into(), block: M::block(), nesting }
    }
}

impl<M: Schema> AttributeType for M {
    fn ty() -> Type {
        M::block().ty()
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        match value {
            Value::Map(values) => Self::take_from(&mut Object(values)),
            _ => Err(Mismatch::expected("an object")),
        }
    }

    fn into_value(self) -> Value {
        let mut object = Object::default();
        self.put_into(&mut object);
        Value::Map(object.0)
    }
}
