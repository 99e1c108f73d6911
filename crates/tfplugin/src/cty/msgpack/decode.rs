use std::collections::BTreeMap;
use std::str;

use super::item::{Item, Reader};
use crate::cty::error::{Error, MAX_DEPTH};
use crate::cty::text::normalized;
use crate::cty::{Step, Type, Value};

/// Reads a value of the type. Empty input is null, and so is an attribute that an object lacks.
///
/// # Errors
/// If the bytes are not one msgpack value, or if the value is not of the type: it has another kind, an object has an
/// attribute too many, a key is there twice, text is not UTF-8, a number is not finite, or values nest too
/// deep.
pub fn decode(bytes: &[u8], ty: &Type) -> Result<Value, Error> {
    if bytes.is_empty() {
        return Ok(Value::Null);
    }
    let mut reader = Reader(bytes);
    let value = value(&mut reader, ty, 0)?;
    if reader.0.is_empty() { Ok(value) } else { Err(Error::new("invalid msgpack: more bytes follow the value")) }
}

fn value(reader: &mut Reader<'_>, ty: &Type, depth: usize) -> Result<Value, Error> {
    if depth > MAX_DEPTH {
        return Err(Error::too_deep());
    }
    let depth = depth + 1;
    match (ty, reader.item()?) {
        (_, Item::Null) => Ok(Value::Null),
        (_, Item::Unknown) => Ok(Value::Unknown),
        (Type::Bool, Item::Bool(value)) => Ok(Value::Bool(value)),
        (Type::Number, Item::Number(number)) => Ok(Value::Number(number)),
        (Type::Number, Item::Text(bytes)) => Ok(Value::Number(text(bytes)?.parse()?)),
        (Type::String, Item::Text(bytes)) => Ok(normalized(text(bytes)?).into()),
        (Type::List(element) | Type::Set(element), Item::Array(length)) => {
            sequence(reader, std::iter::repeat_n(element.as_ref(), length), depth)
        }
        (Type::Tuple(types), Item::Array(length)) if length == types.len() => sequence(reader, types.iter(), depth),
        (Type::Tuple(types), Item::Array(length)) => Err(Error::tuple_length(types.len(), length)),
        (Type::Map(element), Item::Map(length)) => map(reader, element, length, depth),
        (Type::Object(attributes), Item::Map(length)) => object(reader, attributes, length, depth),
        (Type::Dynamic, Item::Array(2)) => match reader.item()? {
            Item::Text(json) => value(reader, &Type::from_json(json)?, depth),
            item => Err(Error::new(format!("expected the JSON form of a type, found {}", item.kind()))),
        },
        (_, item) => Err(Error::mismatch(ty.kind(), item.kind())),
    }
}

fn sequence<'a>(
    reader: &mut Reader<'_>,
    types: impl ExactSizeIterator<Item = &'a Type>,
    depth: usize,
) -> Result<Value, Error> {
    let mut values = Vec::with_capacity(types.len());
    for (index, ty) in (0..).zip(types) {
        values.push(value(reader, ty, depth).map_err(|error| error.within(Step::Index(index)))?);
    }
    Ok(Value::List(values))
}

fn map(reader: &mut Reader<'_>, element: &Type, length: usize, depth: usize) -> Result<Value, Error> {
    let mut values = BTreeMap::new();
    for _ in 0..length {
        let key = key(reader)?;
        if values.contains_key(&key) {
            return Err(Error::new("this key is used twice").within(Step::Key(key)));
        }
        let value = value(reader, element, depth).map_err(|error| error.within(Step::Key(key.clone())))?;
        values.insert(key, value);
    }
    Ok(Value::Map(values))
}

fn object(
    reader: &mut Reader<'_>,
    attributes: &BTreeMap<String, Type>,
    length: usize,
    depth: usize,
) -> Result<Value, Error> {
    let mut values = BTreeMap::new();
    for _ in 0..length {
        let name = key(reader)?;
        let ty = attributes.get(&name).ok_or_else(|| Error::unexpected_attribute(&name))?;
        if values.contains_key(&name) {
            return Err(Error::new("this attribute is used twice").within(Step::Attribute(name)));
        }
        let value = value(reader, ty, depth).map_err(|error| error.within(Step::from(name.as_str())))?;
        values.insert(name, value);
    }
    if values.len() < attributes.len() {
        for name in attributes.keys() {
            values.entry(name.clone()).or_insert(Value::Null);
        }
    }
    Ok(Value::Map(values))
}

fn key(reader: &mut Reader<'_>) -> Result<String, Error> {
    match reader.item()? {
        Item::Text(bytes) => Ok(normalized(text(bytes)?)),
        item => Err(Error::new(format!("expected a string as key, found {}", item.kind()))),
    }
}

fn text(bytes: &[u8]) -> Result<&str, Error> {
    str::from_utf8(bytes).map_err(|_| Error::new("expected UTF-8 text, found other bytes"))
}
