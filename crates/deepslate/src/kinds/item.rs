//! An object as a list or an answer shows it, and what makes two objects match.

use serde_json::{Map, Value};
use uuid::Uuid;

use super::kind::{Field, Kind};

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
    /// What was expected and what came. It does not show the value, which may be a secret.
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

    /// What the object is matched by.
    pub(crate) fn match_key(&self) -> MatchKey {
        MatchKey::of::<K>(&self.fields)
    }
}

impl MatchKey {
    /// What an object with these fields is matched by.
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
    K::FIELDS.iter().all(|field| canonical(field, fields) == canonical(field, known))
}

/// The names of the fields that differ between `found` and `before`, as far as both are known, and that are the same in
/// `before` and `wanted`.
pub(crate) fn changed<K: Kind>(found: &Fields, before: &Fields, wanted: &Fields) -> Vec<&'static str> {
    let differs = |field: &&Field| {
        let [found, before, wanted] = [found, before, wanted].map(|fields| canonical(field, fields));
        found.is_some() && before.is_some() && found != before && (wanted.is_none() || wanted == before)
    };
    K::FIELDS.iter().filter(differs).map(|field| field.name).collect()
}

fn canonical(field: &Field, fields: &Fields) -> Option<String> {
    Some(field.form.canonical(fields.get(field.name)?))
}
