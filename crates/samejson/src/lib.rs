//! JSON texts, compared by what they mean.
//!
//! Formatting and the order of keys make no difference. Numbers are compared by value: `1`, `1.0` and `1e0` are equal, as
//! far as a float of 64 bits tells numbers with a fraction apart. Texts are compared in Unicode's composed form.

use std::fmt;

use secrecy::zeroize::Zeroize;
use serde_json::{Map, Number, Value};
use unicode_normalization::UnicodeNormalization;

/// A JSON document. Its texts are wiped when it is dropped, since any of them may be a secret.
pub struct Json(Value);

/// Why a text is not JSON. It shows nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyntaxError(String);

impl Json {
    /// Reads a document.
    ///
    /// # Errors
    /// If the text is not JSON. The error has the line and the column.
    pub fn parse(text: &str) -> Result<Self, SyntaxError> {
        serde_json::from_str(text).map(Self).map_err(|error| SyntaxError(error.to_string()))
    }

    /// Whether the document is an object.
    #[must_use]
    pub fn is_object(&self) -> bool {
        self.0.is_object()
    }

    /// Whether two documents have the same keys and elements with the same values.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        same(&self.0, &other.0)
    }

    /// Whether each key that was sent has an equal value here. A key that was not sent may have any value, and a null is
    /// the same as no key. Elements of a list are compared by position, and a list has no others.
    #[must_use]
    pub fn covers(&self, sent: &Self) -> bool {
        covers(&self.0, &sent.0)
    }
}

impl Drop for Json {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// Shows nothing, since any part may be a secret.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Json").finish_non_exhaustive()
    }
}

/// The document without blanks, with its keys in order.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is wrong, and where: "trailing comma at line 1 column 9".
impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SyntaxError {}

/// Whether two values mean the same: see [`Json::same`].
#[must_use]
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (one, other) => same_leaf(one, other),
    }
}

/// Whether each key that was sent has an equal value: see [`Json::covers`].
#[must_use]
pub fn covers(found: &Value, sent: &Value) -> bool {
    match (found, sent) {
        (Value::Object(found), Value::Object(sent)) => {
            sent.iter().all(|(key, sent)| covers(found.get(key).unwrap_or(&Value::Null), sent))
        }
        (Value::Array(found), Value::Array(sent)) => {
            found.len() == sent.len() && found.iter().zip(sent).all(|(found, sent)| covers(found, sent))
        }
        (found, sent) => same_leaf(found, sent),
    }
}

/// The value without the keys that were not sent. A null that was sent stays if the value has no such key.
#[must_use]
pub fn restricted(found: &Value, sent: &Value) -> Value {
    match (found, sent) {
        (Value::Object(found), Value::Object(sent)) => {
            let kept = sent.iter().filter_map(|(key, sent)| match found.get(key) {
                Some(found) => Some((key.clone(), restricted(found, sent))),
                None => sent.is_null().then(|| (key.clone(), Value::Null)),
            });
            Value::Object(kept.collect::<Map<_, _>>())
        }
        (Value::Array(found), Value::Array(sent)) if found.len() == sent.len() => {
            Value::Array(found.iter().zip(sent).map(|(found, sent)| restricted(found, sent)).collect())
        }
        (found, _) => found.clone(),
    }
}

/// Names the keys that were sent `before`, are not sent now, and are still there with another value than null.
#[must_use]
pub fn kept(found: &Value, before: &Value, now: &Value) -> Vec<String> {
    let mut kept = Vec::new();
    find_kept(found, before, now, "", &mut kept);
    kept
}

fn find_kept(found: &Value, before: &Value, now: &Value, path: &str, kept: &mut Vec<String>) {
    match (found, before, now) {
        (Value::Object(found), Value::Object(before), Value::Object(now)) => {
            for (key, before) in before {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match (found.get(key), now.get(key)) {
                    (Some(found), Some(now)) => find_kept(found, before, now, &path, kept),
                    (Some(found), None) if !found.is_null() => kept.push(path),
                    _ => {}
                }
            }
        }
        (Value::Array(found), Value::Array(before), Value::Array(now)) => {
            for (index, ((found, before), now)) in found.iter().zip(before).zip(now).enumerate() {
                find_kept(found, before, now, &format!("{path}[{index}]"), kept);
            }
        }
        _ => {}
    }
}

fn same_leaf(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => same_number(one, other),
        (Value::String(one), Value::String(other)) => one == other || one.nfc().eq(other.nfc()),
        (one, other) => one == other,
    }
}

fn same_number(one: &Number, other: &Number) -> bool {
    let whole = |number: &Number| number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from));
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => one == other,
        _ => one.as_f64() == other.as_f64(),
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(elements) => elements.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests;
