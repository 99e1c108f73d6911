//! Walks over the attributes of an object and of its nested blocks.

use crate::author::attribute::Attribute;
use crate::author::block::{Block, NestedBlock, Nesting};
use crate::author::timeouts::TIMEOUTS;
use crate::cty::{Path, Step, Value};

/// Where a walk is: at one attribute.
pub(super) struct Place<'a, const N: usize> {
    /// The block that has the attribute.
    pub(super) block: &'a Block,
    /// The path to the attribute.
    pub(super) path: &'a Path,
    /// The objects that the walk compares with, each at that block. Null where one does not have it.
    pub(super) beside: [&'a Value; N],
}

impl<const N: usize> Place<'_, N> {
    /// The name of the attribute or block of the resource that the path begins with.
    pub(super) fn outermost(&self) -> &str {
        match self.path.0.first() {
            Some(Step::Attribute(name)) => name,
            _ => "",
        }
    }
}

/// The object with each attribute's value replaced, also in nested blocks. `timeouts` stays as it is, and so does a
/// value that is no object. An element of a list of blocks is compared with those at the same position.
pub(super) fn each<const N: usize>(
    block: &Block,
    object: Value,
    beside: [&Value; N],
    mut replace: impl FnMut(&Place<'_, N>, &Attribute, Value) -> Value,
) -> Value {
    inside(block, object, beside, &mut Path::default(), &mut replace)
}

fn inside<const N: usize>(
    block: &Block,
    object: Value,
    beside: [&Value; N],
    path: &mut Path,
    replace: &mut impl FnMut(&Place<'_, N>, &Attribute, Value) -> Value,
) -> Value {
    let Value::Map(mut values) = object else { return object };
    for attribute in &block.attributes {
        if let Some(value) = values.get_mut(attribute.name) {
            path.0.push(attribute.name.into());
            *value = replace(&Place { block, path, beside }, attribute, std::mem::replace(value, Value::Null));
            path.0.pop();
        }
    }
    for nested in block.parts() {
        let Some(value) = values.get_mut(nested.name) else { continue };
        path.0.push(nested.name.into());
        let beside = beside.map(|object| object.attribute(nested.name));
        *value = match std::mem::replace(value, Value::Null) {
            Value::List(elements) => {
                let elements = elements.into_iter().enumerate().map(|(index, element)| {
                    path.0.push(Step::Index(i64::try_from(index).unwrap_or(i64::MAX)));
                    let element = inside(&nested.block, element, beside.map(|list| at(list, index)), path, replace);
                    path.0.pop();
                    element
                });
                Value::List(elements.collect())
            }
            value => inside(&nested.block, value, beside, path, replace),
        };
        path.0.pop();
    }
    Value::Map(values)
}

/// The element of a list of blocks at this position, or null.
fn at(list: &Value, index: usize) -> &Value {
    static NULL: Value = Value::Null;
    match list {
        Value::List(elements) => elements.get(index).unwrap_or(&NULL),
        _ => &NULL,
    }
}

/// The object with `timeouts` as another one has it. The rest of the provider need not return that block, and may write its
/// values in another way.
pub(super) fn with_timeouts(block: &Block, before: &Value, mut object: Value) -> Value {
    if let (Value::Map(values), Value::Map(before)) = (&mut object, before)
        && block.nested(TIMEOUTS).is_some()
    {
        values.insert(TIMEOUTS.to_owned(), before.get(TIMEOUTS).cloned().unwrap_or(Value::Null));
    }
    object
}

/// A proposed object with exactly the blocks that the configuration has. Old versions of Terraform propose a block that is
/// no longer in the configuration.
pub(super) fn with_blocks(block: &Block, config: &Value, proposed: Value) -> Value {
    let Value::Map(mut values) = with_timeouts(block, config, proposed) else { return config.clone() };
    for nested in block.parts() {
        let proposed = values.remove(nested.name).unwrap_or(Value::Null);
        values.insert(nested.name.to_owned(), with_parts(nested, config.attribute(nested.name), proposed));
    }
    Value::Map(values)
}

fn with_parts(nested: &NestedBlock, config: &Value, proposed: Value) -> Value {
    match (config, proposed) {
        (Value::Map(_), proposed @ Value::Map(_)) => with_blocks(&nested.block, config, proposed),
        (Value::List(config), Value::List(proposed)) if config.len() == proposed.len() => {
            let elements = config.iter().zip(proposed);
            Value::List(elements.map(|(config, proposed)| with_blocks(&nested.block, config, proposed)).collect())
        }
        (config, _) => config.clone(),
    }
}

/// The object with an empty list for each list of blocks that is null. Terraform accepts no other value.
pub(super) fn whole(block: &Block, object: Value) -> Value {
    let Value::Map(mut values) = object else { return object };
    for nested in &block.blocks {
        let value = values.remove(nested.name).unwrap_or(Value::Null);
        let value = match (nested.nesting, value) {
            (Nesting::List { .. }, Value::Null) => Value::List(Vec::new()),
            (_, Value::List(elements)) => {
                Value::List(elements.into_iter().map(|element| whole(&nested.block, element)).collect())
            }
            (_, value) => whole(&nested.block, value),
        };
        values.insert(nested.name.to_owned(), value);
    }
    Value::Map(values)
}
