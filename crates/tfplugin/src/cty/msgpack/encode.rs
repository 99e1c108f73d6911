use std::collections::BTreeMap;
use std::io::Write;
use std::mem;

use rmp::encode::{
    ValueWriteError, write_array_len, write_bin, write_bool, write_f64, write_map_len, write_nil, write_sint,
    write_str, write_uint,
};

use crate::cty::number::Form;
use crate::cty::{Error, Number, Step, Type, Value};

/// An unknown value: the extension 0 with one byte that has no meaning.
const UNKNOWN: [u8; 3] = [0xd4, 0, 0];

/// Writes a value of the type. The bytes may hold secrets, so the caller has to wipe them.
///
/// # Errors
/// If the value is not of the type: it has another kind, or an object lacks an attribute or has one too many.
pub fn encode(value: &Value, ty: &Type) -> Result<Vec<u8>, Error> {
    let mut bytes = redaction::exact(|mut out| write(&mut out, value, ty))?;
    Ok(mem::take(&mut *bytes))
}

fn write<W: Write>(out: &mut W, value: &Value, ty: &Type) -> Result<(), Error> {
    match (value, ty) {
        (Value::Null, _) => write_nil(out).map_err(|_| too_long())?,
        (Value::Unknown, _) => out.write_all(&UNKNOWN).map_err(|_| too_long())?,
        (_, Type::Dynamic) => {
            let ty = type_of(value);
            write_array_len(out, 2)?;
            write_bin(out, ty.to_json().as_bytes())?;
            write(out, value, &ty)?;
        }
        (Value::Bool(value), Type::Bool) => write_bool(out, *value).map_err(|_| too_long())?,
        (Value::Number(number), Type::Number) => write_number(out, number)?,
        (Value::String(text), Type::String) => write_str(out, text)?,
        (Value::List(elements), Type::List(ty) | Type::Set(ty)) => {
            write_sequence(out, elements, std::iter::repeat(ty.as_ref()))?;
        }
        (Value::List(elements), Type::Tuple(types)) => {
            if elements.len() != types.len() {
                return Err(Error::tuple_length(types.len(), elements.len()));
            }
            write_sequence(out, elements, types)?;
        }
        (Value::Map(elements), Type::Map(ty)) => {
            write_map_len(out, length(elements.len())?)?;
            for (key, element) in elements {
                write_str(out, key)?;
                write(out, element, ty).map_err(|error| error.within(Step::Key(key.clone())))?;
            }
        }
        (Value::Map(values), Type::Object(types)) => {
            exactly(values, types)?;
            write_map_len(out, length(values.len())?)?;
            for ((name, value), ty) in values.iter().zip(types.values()) {
                write_str(out, name)?;
                write(out, value, ty).map_err(|error| error.within(Step::from(name.as_str())))?;
            }
        }
        _ => return Err(Error::mismatch(ty.kind(), value.kind())),
    }
    Ok(())
}

fn write_number(out: &mut impl Write, number: &Number) -> Result<(), Error> {
    match &number.0 {
        Form::Signed(integer) => write_sint(out, *integer).map(drop)?,
        Form::Unsigned(integer) => write_uint(out, *integer).map(drop)?,
        Form::Float(float) => write_f64(out, *float)?,
        Form::Decimal(text) => write_str(out, text)?,
    }
    Ok(())
}

fn write_sequence<'a>(
    out: &mut impl Write,
    elements: &[Value],
    types: impl IntoIterator<Item = &'a Type>,
) -> Result<(), Error> {
    write_array_len(out, length(elements.len())?)?;
    for (index, (element, ty)) in (0..).zip(elements.iter().zip(types)) {
        write(out, element, ty).map_err(|error| error.within(Step::Index(index)))?;
    }
    Ok(())
}

/// Writes an object, which must have exactly the attributes of its type.
fn exactly(values: &BTreeMap<String, Value>, types: &BTreeMap<String, Type>) -> Result<(), Error> {
    if values.keys().eq(types.keys()) {
        return Ok(());
    }
    let missing = types.keys().find(|&name| !values.contains_key(name)).map(|name| Error::missing_attribute(name));
    let unexpected =
        || values.keys().find(|&name| !types.contains_key(name)).map(|name| Error::unexpected_attribute(name));
    missing.or_else(unexpected).map_or(Ok(()), Err)
}

/// The type to send with a value whose type the schema leaves open. A value does not know its type, so a list is sent as a
/// tuple, and a map as an object.
fn type_of(value: &Value) -> Type {
    match value {
        Value::Null | Value::Unknown => Type::Dynamic,
        Value::Bool(_) => Type::Bool,
        Value::Number(_) => Type::Number,
        Value::String(_) => Type::String,
        Value::List(elements) => Type::Tuple(elements.iter().map(type_of).collect()),
        Value::Map(elements) => {
            Type::Object(elements.iter().map(|(name, value)| (name.clone(), type_of(value))).collect())
        }
    }
}

fn length(elements: usize) -> Result<u32, Error> {
    u32::try_from(elements).map_err(|_| too_long())
}

fn too_long() -> Error {
    Error::new("too long for msgpack")
}

/// `rmp` fails only if its output fails, and a buffer in memory never does.
impl From<ValueWriteError> for Error {
    fn from(_: ValueWriteError) -> Error {
        too_long()
    }
}
