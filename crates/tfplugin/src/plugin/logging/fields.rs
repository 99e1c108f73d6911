//! The message and the fields of an event or a span.

use std::fmt::Debug;

use redaction::unmarked;
use serde_json::{Map, Value};
use tracing::field::{Field, Visit};

/// The fields of an event or a span, as JSON.
#[derive(Clone, Default)]
pub(super) struct Fields {
    message: String,
    others: Map<String, Value>,
}

impl Fields {
    /// Adds the fields of a span, which replace fields of the same names.
    pub(super) fn add(&mut self, span: &Self) {
        self.others.extend(span.others.iter().map(|(name, value)| (name.clone(), value.clone())));
    }

    /// Returns the message and the other fields.
    pub(super) fn into_parts(self) -> (String, Map<String, Value>) {
        (self.message, self.others)
    }

    fn insert(&mut self, field: &Field, value: Value) {
        match (field.name(), value) {
            ("message", Value::String(message)) => self.message = message,
            ("message", value) => self.message = value.to_string(),
            // Names with an `@` are the host's own, and it fails on values that it does not expect there.
            (name, value) => {
                self.others.insert(name.trim_start_matches('@').to_owned(), value);
            }
        }
    }
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.insert(field, unmarked(value).into());
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.insert(field, value.into());
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.insert(field, value.into());
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.insert(field, value.into());
    }

    fn record_f64(&mut self, field: &Field, value: f64) {
        self.insert(field, value.into());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.insert(field, unmarked(&format!("{value:?}")).into());
    }
}
