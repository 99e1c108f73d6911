//! What every kind of object says about itself.

use std::fmt;

use secrecy::SecretString;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::value::RawValue;
use uuid::Uuid;

use super::part::{self, Part};
use crate::{canonical, json};

/// A kind of object of the API.
///
/// It is one struct, all fields of which are `Option`: an object to be written, an object that the API returned, an item
/// of a list, which may lack fields, and an object as the caller knows it.
pub trait Kind: Serialize + DeserializeOwned + Clone + Default + fmt::Debug + Send + Sync + 'static {
    /// The object that a collection of this kind is under.
    type Parent: Copy + Send + Sync + fmt::Debug + 'static;

    /// The fields that the API returns, besides the ID.
    const FIELDS: &'static [Field];
    /// The calls for which documentation was found. All others follow the API's pattern, and a server may lack them.
    const DOCUMENTED: &'static [Verb];
    /// Whether two matching objects in one collection make no sense. If so, a create reports the objects that the new
    /// one duplicates.
    const DISTINCT: bool = false;

    /// Path of the collection.
    fn path(parent: Self::Parent) -> String;

    /// The objects above a collection, the nearest first. Whether one of its objects is gone can only be told if these
    /// exist.
    fn ancestors(_parent: Self::Parent) -> Vec<Ancestor> {
        Vec::new()
    }

    /// The lists of parts in an object to be written, each with the name of its field.
    fn parts(&mut self) -> Vec<(&'static str, &mut Vec<Part>)> {
        Vec::new()
    }

    /// The query with which the API lists only objects like this one: the name of a parameter, and an ID.
    fn query(&self) -> Option<(&'static str, Uuid)> {
        None
    }

    /// The secret in an object to be written.
    fn secret(&self) -> Option<&SecretString> {
        None
    }
}

/// An object above a collection.
#[derive(Debug, Clone)]
pub struct Ancestor {
    /// Path of the collection that it is in.
    pub(crate) path: String,
    /// Its ID.
    pub(crate) id: Uuid,
    /// Whether a documented GET shows that it exists. If not, its list does.
    pub(crate) has_get: bool,
}

impl Ancestor {
    /// An object of this kind under this parent.
    #[must_use]
    pub fn new<K: Kind>(parent: K::Parent, id: Uuid) -> Ancestor {
        Ancestor { path: K::path(parent), id, has_get: K::DOCUMENTED.contains(&Verb::Get) }
    }
}

/// A call on a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// POST on the collection.
    Create,
    /// GET on the object.
    Get,
    /// PUT on the object.
    Update,
    /// DELETE on the object.
    Delete,
    /// GET on the collection.
    List,
}

/// A field that the API returns.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name in JSON.
    pub name: &'static str,
    /// The form of its values.
    pub form: Form,
    /// Whether an object without it is not usable.
    pub required: bool,
    /// Whether objects are matched by it: it distinguishes the object of one create from others.
    pub matched: bool,
}

/// The form of a field's values. It decides which values mean the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Any text.
    Text,
    /// A DNS name or an IP address.
    Hostname,
    /// A phone number.
    PhoneNumber,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// An ID.
    Id,
    /// Texts by name.
    Map,
    /// A JSON object, to which the API may add.
    Document,
    /// A list of [parts](Part), to which the API gives IDs, and to whose parameters it may add.
    Parts,
}

impl Field {
    /// A field that every usable object has.
    #[must_use]
    pub const fn required(name: &'static str, form: Form) -> Field {
        Field { name, form, required: true, matched: false }
    }

    /// A field that a usable object may lack.
    #[must_use]
    pub const fn optional(name: &'static str, form: Form) -> Field {
        Field { name, form, required: false, matched: false }
    }

    /// The same field, by which objects are matched.
    #[must_use]
    pub const fn matched(self) -> Field {
        Field { matched: true, ..self }
    }
}

impl Form {
    /// Returns the canonical form of a value. Two values mean the same if their canonical forms are equal.
    pub(super) fn canonical(self, value: &Value) -> String {
        match (self, value) {
            (Form::Hostname, Value::String(text)) => canonical::hostname(text),
            (Form::PhoneNumber, Value::String(text)) => canonical::phone_number(text),
            (Form::Id, Value::String(text)) => text.to_ascii_lowercase(),
            (_, Value::String(text)) => text.clone(),
            (_, other) => other.to_string(),
        }
    }

    /// Whether a server that stores values in a form of its own may make one value of these two.
    pub(super) fn resemble(self, one: &str, other: &str) -> bool {
        match self {
            Form::Text => canonical::letters(one) == canonical::letters(other),
            Form::Hostname => {
                canonical::letters(&canonical::in_unicode(one)) == canonical::letters(&canonical::in_unicode(other))
            }
            Form::PhoneNumber => {
                let [one, other] = [one, other].map(canonical::national);
                one.ends_with(&other) || other.ends_with(&one)
            }
            Form::Integer | Form::Boolean | Form::Id | Form::Map | Form::Document | Form::Parts => true,
        }
    }

    /// Reads a value of this form.
    pub(super) fn read(self, value: &RawValue) -> Option<Value> {
        match self {
            Form::Text | Form::Hostname | Form::PhoneNumber => json::text(value).map(Value::from),
            Form::Integer => json::whole(value).map(Value::from),
            Form::Boolean => json::boolean(value).map(Value::from),
            Form::Id => {
                json::text(value).and_then(|id| Uuid::try_parse(&id).ok()).map(|id| Value::from(id.to_string()))
            }
            Form::Map | Form::Document => json::value(value).filter(Value::is_object),
            Form::Parts => json::value(value).and_then(part::list),
        }
    }

    /// Whether a value that was found means one that is known. The API may have added to it.
    pub(super) fn means(self, found: &Value, known: &Value) -> bool {
        match (self, found, known) {
            (Form::Map, ..) => samejson::same(found, known),
            (Form::Document, ..) => samejson::covers(found, known),
            (Form::Parts, Value::Array(found), Value::Array(known)) => {
                found.len() == known.len()
                    && samejson::covers(&part::arranged(found, known).into(), &known.clone().into())
            }
            _ => self.canonical(found) == self.canonical(known),
        }
    }

    /// A value that was found, without what the API added to a known one, and in its order.
    pub(super) fn settled(self, found: Value, known: &Value) -> Value {
        match (self, found, known) {
            (Form::Document, found, _) => samejson::restricted(&found, known),
            (Form::Parts, Value::Array(found), Value::Array(known)) => part::arranged(&found, known).into(),
            (_, found, _) => found,
        }
    }

    /// Returns what a value of this form is, in a message.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Form::Text | Form::Hostname | Form::PhoneNumber => "a string",
            Form::Integer => "an integer",
            Form::Boolean => "a boolean",
            Form::Id => "a UUID",
            Form::Map | Form::Document => "an object",
            Form::Parts => "a list of objects with a type",
        }
    }
}
