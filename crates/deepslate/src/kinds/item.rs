//! An object as a list or an answer shows it, and what makes two objects match.

use redaction::Secrets;
use serde::Deserialize;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::kind::{Field, Form, Kind};
use super::part::{Left, Part, arranged, continued, kept_parameters};
use super::reader::{from_fields, to_fields};

/// The fields of an object by name. Only those in [`Kind::FIELDS`], and none of them null.
pub type Fields = Map<String, Value>;

/// An object as a list or an answer shows it. A list may leave out fields.
#[derive(Debug, Clone)]
pub struct Item<K> {
    /// Its ID.
    pub id: Uuid,
    /// Its fields by name.
    pub fields: Fields,
    /// Its fields as values.
    pub value: K,
    /// The fields that are there and cannot be read. They count as missing.
    pub unreadable: Vec<Unreadable>,
}

/// A field of an answer that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// Its name in JSON.
    pub name: &'static str,
    /// The expected and the actual type. It does not show the value, which may be a secret.
    pub reason: String,
}

/// The canonical forms of the fields by which an object is matched. `None` may be anything.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct MatchKey(Vec<Option<String>>);

impl<K: Kind> Item<K> {
    /// Whether no field is missing.
    pub fn is_full(&self) -> bool {
        K::FIELDS.iter().all(|field| self.fields.contains_key(field.name))
    }

    /// Whether no required field is missing.
    pub fn is_usable(&self) -> bool {
        is_usable::<K>(&self.fields)
    }

    /// The match key of the object.
    pub(crate) fn match_key(&self) -> MatchKey {
        MatchKey::of::<K>(&self.fields)
    }
}

impl MatchKey {
    /// The match key of an object with these fields.
    pub(crate) fn of<K: Kind>(fields: &Fields) -> MatchKey {
        MatchKey(K::FIELDS.iter().filter(|field| field.matched).map(|field| canonical(field, fields)).collect())
    }

    /// Whether two objects match, as far as their fields are known.
    pub(crate) fn may_match(&self, other: &MatchKey) -> bool {
        let MatchKey(other) = other;
        self.0.iter().zip(other).all(|(one, other)| one.is_none() || other.is_none() || one == other)
    }

    /// Whether two objects would match if the server had stored values in another form than they were sent in: shortened,
    /// in lower case, within its own limits.
    pub(crate) fn resembles<K: Kind>(&self, other: &MatchKey) -> bool {
        let forms = K::FIELDS.iter().filter(|field| field.matched).map(|field| field.form);
        forms.zip(self.0.iter().zip(&other.0)).all(|(form, pair)| match pair {
            (Some(one), Some(other)) => form.resemble(one, other),
            _ => true,
        })
    }
}

/// Whether no required field is missing.
pub(crate) fn is_usable<K: Kind>(fields: &Fields) -> bool {
    K::FIELDS.iter().all(|field| !field.required || fields.contains_key(field.name))
}

/// Whether all fields are as they are known to be, in any spelling.
pub(crate) fn is_as_known<K: Kind>(fields: &Fields, known: &Fields) -> bool {
    differing::<K>(fields, known).is_empty()
}

/// The names of the fields that are not as they are known to be, in any spelling.
pub(crate) fn differing<K: Kind>(fields: &Fields, known: &Fields) -> Vec<&'static str> {
    let differs = |field: &&Field| match (fields.get(field.name), known.get(field.name)) {
        (Some(found), Some(known)) => !field.form.means(found, known),
        (None, None) => false,
        // No parts are an empty list.
        (Some(one), None) | (None, Some(one)) => one.as_array().is_none_or(|parts| !parts.is_empty()),
    };
    K::FIELDS.iter().filter(differs).map(|field| field.name).collect()
}

/// The names of the fields that differ between `found` and `before`, as far as both are known, and that are the same in
/// `before` and `wanted`.
pub(crate) fn changed<K: Kind>(found: &Fields, before: &Fields, wanted: &Fields) -> Vec<&'static str> {
    let differs = |field: &&Field| {
        let [found, before, wanted] = [found, before, wanted].map(|fields| fields.get(field.name));
        let (Some(found), Some(before)) = (found, before) else { return false };
        let stays = wanted.is_none_or(|wanted| match field.form {
            Form::Map | Form::Document | Form::Parts => samejson::same(wanted, before),
            form => form.canonical(wanted) == form.canonical(before),
        });
        stays && !field.form.means(found, before)
    };
    K::FIELDS.iter().filter(differs).map(|field| field.name).collect()
}

/// The fields with the known value instead of one that repeats a secret: such a value was not taken over by any read, so it
/// is no change that a plan could show.
pub(crate) fn without_secrets<K: Kind>(mut fields: Fields, known: &Fields, secrets: &Secrets) -> Fields {
    for Field { name, form, .. } in K::FIELDS {
        let (Some(found), Some(known)) = (fields.get_mut(*name), known.get(*name)) else { continue };
        match (form, found, known) {
            (Form::Document | Form::Id, ..) => {}
            (Form::Parts, Value::Array(parts), Value::Array(known_parts)) => {
                *parts = arranged(parts, known_parts);
                for (part, known) in parts.iter_mut().zip(known_parts) {
                    if let (Some(found), Some(known)) = (part.get_mut("type"), known.get("type"))
                        && is_secret(found, known, secrets)
                    {
                        *found = known.clone();
                    }
                }
            }
            (_, found, _) if is_secret(found, known, secrets) => *found = known.clone(),
            _ => {}
        }
    }
    fields
}

fn is_secret(found: &Value, known: &Value, secrets: &Secrets) -> bool {
    match found {
        Value::String(text) => secrets.are_repeated_in(text, known.as_str().unwrap_or_default(), 0),
        Value::Number(number) => found != known && secrets.contains(&number.to_string()),
        Value::Object(members) => members.iter().any(|(key, value)| {
            let known = known.get(key);
            let is_new = known.is_none() && secrets.are_repeated_in(key, "", 0);
            is_new || (known != Some(value) && is_secret(value, known.unwrap_or(&Value::Null), secrets))
        }),
        _ => false,
    }
}

/// The keys of JSON fields that were there before, are not wanted any more, and are still there: each behind its field.
pub(crate) fn kept_keys<K: Kind>(found: &Fields, before: &Fields, wanted: &Fields) -> Vec<String> {
    let mut keys = Vec::new();
    for Field { name, form, .. } in K::FIELDS {
        let [Some(found), Some(before), Some(wanted)] = [found, before, wanted].map(|fields| fields.get(*name)) else {
            continue;
        };
        match (form, found.as_array(), before.as_array(), wanted.as_array()) {
            (Form::Document, ..) => {
                keys.extend(samejson::kept(found, before, wanted).iter().map(|key| format!("{name}.{key}")));
            }
            (Form::Parts, Some(found), Some(before), Some(wanted)) => {
                keys.extend(kept_parameters(found, before, wanted).iter().map(|key| format!("{name}{key}")));
            }
            _ => {}
        }
    }
    keys
}

/// The fields without what the API added to the known ones.
pub(crate) fn settled<K: Kind>(mut fields: Fields, known: &Fields) -> Fields {
    for field in K::FIELDS {
        if let (Some(found), Some(known)) = (fields.get_mut(field.name), known.get(field.name)) {
            *found = field.form.settled(found.take(), known);
        }
    }
    fields
}

/// The object without the parts that have these IDs.
pub(crate) fn without_parts<K: Kind>(item: Item<K>, ids: &[Uuid]) -> Item<K> {
    if ids.is_empty() {
        return item;
    }
    let id_of = |part: &Value| part.get("id").and_then(Value::as_str).and_then(|id| id.parse::<Uuid>().ok());
    let mut fields = item.fields;
    for list in fields.values_mut().filter_map(Value::as_array_mut) {
        list.retain(|part| id_of(part).is_none_or(|id| !ids.contains(&id)));
    }
    Item { unreadable: item.unreadable, ..from_fields(item.id, fields) }
}

/// Gives each part of an object to be written the ID of the part that it continues, of those that were found. Returns those
/// that nothing continues.
pub(crate) fn continue_parts<K: Kind>(object: &mut K, found: &Fields) -> Vec<Left> {
    let wanted = to_fields(object);
    let mut left = Vec::new();
    for (name, parts) in object.parts() {
        let of = |fields: &Fields| fields.get(name).and_then(Value::as_array).cloned().unwrap_or_default();
        let (wanted, found) = (of(&wanted), of(found));
        let positions = continued(&wanted, &found);
        let read = |at: usize| Part::deserialize(&found[at]).unwrap_or_default();
        for (part, position) in parts.iter_mut().zip(&positions) {
            part.id = position.and_then(|at| read(at).id);
        }
        let others = (0..found.len()).filter(|at| !positions.contains(&Some(*at))).map(read);
        left.extend(others.filter_map(|part| Some(Left { id: part.id?, kind: part.kind })));
    }
    left
}

fn canonical(field: &Field, fields: &Fields) -> Option<String> {
    Some(field.form.canonical(fields.get(field.name)?))
}
