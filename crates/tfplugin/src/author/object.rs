//! The values of one object by name, on their way between Terraform's types and a struct.

use std::collections::BTreeMap;
use std::fmt;

use super::attr::Attr;
use super::attribute_type::AttributeType;
use super::mismatch::Mismatch;
use crate::cty::{Step, Value};

/// The values of an object's attributes and blocks. A struct with `#[derive(Schema)]` takes its fields out of it and puts
/// them into it.
#[derive(Default)]
pub struct Object(pub(super) BTreeMap<String, Value>);

impl Object {
    /// Removes the value of an attribute or block and reads it. A missing value is null.
    pub fn take<T: AttributeType>(&mut self, name: &str) -> Result<Attr<T>, Mismatch> {
        let value = self.0.remove(name).unwrap_or(Value::Null);
        Attr::from_value(value).map_err(|mismatch| mismatch.within(Step::from(name)))
    }

    /// Adds the value of an attribute or block.
    pub fn put<T: AttributeType>(&mut self, name: &str, value: Attr<T>) {
        self.0.insert(name.to_owned(), value.into_value());
    }
}

/// Shows the names only: a value may be a secret.
impl fmt::Debug for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
