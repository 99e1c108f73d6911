use rmp::Marker;

use crate::cty::{Error, Number};

/// One item of a msgpack stream. The item of a container is its head only: the elements follow as items.
pub(super) enum Item<'a> {
    Null,
    /// Any extension. cty uses extensions for unknown values only: plain ones (0) and refined ones (12), whose refinement is
    /// not used here.
    Unknown,
    Bool(bool),
    Number(Number),
    /// A string or binary that may not be UTF-8.
    Text(&'a [u8]),
    /// The number of elements that follow.
    Array(usize),
    /// The number of pairs of key and value that follow.
    Map(usize),
}

/// The rest of a msgpack stream. A length is never trusted: reading text or the head of a container fails if the rest is
/// too short for it.
pub(super) struct Reader<'a>(pub(super) &'a [u8]);

impl<'a> Reader<'a> {
    /// Reads the next item.
    pub(super) fn item(&mut self) -> Result<Item<'a>, Error> {
        Ok(match Marker::from_u8(self.u8()?) {
            Marker::Null => Item::Null,
            Marker::False => Item::Bool(false),
            Marker::True => Item::Bool(true),

            Marker::FixPos(number) => unsigned(number),
            Marker::U8 => unsigned(self.u8()?),
            Marker::U16 => unsigned(self.u16()?),
            Marker::U32 => unsigned(self.u32()?),
            Marker::U64 => unsigned(u64::from_be_bytes(self.array()?)),
            Marker::FixNeg(number) => signed(number),
            Marker::I8 => signed(i8::from_be_bytes(self.array()?)),
            Marker::I16 => signed(i16::from_be_bytes(self.array()?)),
            Marker::I32 => signed(i32::from_be_bytes(self.array()?)),
            Marker::I64 => signed(i64::from_be_bytes(self.array()?)),
            Marker::F32 => Item::Number(f64::from(f32::from_be_bytes(self.array()?)).try_into()?),
            Marker::F64 => Item::Number(f64::from_be_bytes(self.array()?).try_into()?),

            Marker::FixStr(length) => Item::Text(self.take(length)?),
            Marker::Str8 | Marker::Bin8 => Item::Text(self.u8().and_then(|length| self.take(length))?),
            Marker::Str16 | Marker::Bin16 => Item::Text(self.u16().and_then(|length| self.take(length))?),
            Marker::Str32 | Marker::Bin32 => Item::Text(self.u32().and_then(|length| self.take(length))?),

            Marker::FixArray(length) => Item::Array(self.count(length, 1)?),
            Marker::Array16 => Item::Array(self.u16().and_then(|length| self.count(length, 1))?),
            Marker::Array32 => Item::Array(self.u32().and_then(|length| self.count(length, 1))?),
            Marker::FixMap(length) => Item::Map(self.count(length, 2)?),
            Marker::Map16 => Item::Map(self.u16().and_then(|length| self.count(length, 2))?),
            Marker::Map32 => Item::Map(self.u32().and_then(|length| self.count(length, 2))?),

            Marker::FixExt1 => self.extension(1_u32)?,
            Marker::FixExt2 => self.extension(2_u32)?,
            Marker::FixExt4 => self.extension(4_u32)?,
            Marker::FixExt8 => self.extension(8_u32)?,
            Marker::FixExt16 => self.extension(16_u32)?,
            Marker::Ext8 => self.u8().and_then(|length| self.extension(length))?,
            Marker::Ext16 => self.u16().and_then(|length| self.extension(length))?,
            Marker::Ext32 => self.u32().and_then(|length| self.extension(length))?,

            Marker::Reserved => return Err(Error::new("invalid msgpack: the reserved byte c1")),
        })
    }

    fn u8(&mut self) -> Result<u8, Error> {
        self.array().map(u8::from_be_bytes)
    }

    fn u16(&mut self) -> Result<u16, Error> {
        self.array().map(u16::from_be_bytes)
    }

    fn u32(&mut self) -> Result<u32, Error> {
        self.array().map(u32::from_be_bytes)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (taken, rest) = self.0.split_first_chunk().ok_or_else(cut_short)?;
        self.0 = rest;
        Ok(*taken)
    }

    fn take(&mut self, length: impl Into<u32>) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.0.split_at_checked(length.into() as usize).ok_or_else(cut_short)?;
        self.0 = rest;
        Ok(taken)
    }

    /// Checks the length of a container whose elements have at least this many bytes each.
    fn count(&self, length: impl Into<u32>, bytes_each: usize) -> Result<usize, Error> {
        let length = length.into() as usize;
        if length > self.0.len() / bytes_each { Err(cut_short()) } else { Ok(length) }
    }

    fn extension(&mut self, length: impl Into<u32>) -> Result<Item<'a>, Error> {
        self.u8()?;
        self.take(length)?;
        Ok(Item::Unknown)
    }
}

impl Item<'_> {
    /// The kind of this item as a noun with its article, for messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Item::Null => "null",
            Item::Unknown => "an unknown value",
            Item::Bool(_) => "a bool",
            Item::Number(_) => "a number",
            Item::Text(_) => "a string",
            Item::Array(_) => "an array",
            Item::Map(_) => "a map",
        }
    }
}

fn unsigned<'a>(number: impl Into<u64>) -> Item<'a> {
    Item::Number(number.into().into())
}

fn signed<'a>(number: impl Into<i64>) -> Item<'a> {
    Item::Number(number.into().into())
}

fn cut_short() -> Error {
    Error::new("invalid msgpack: it ends before it is complete")
}
