//! What the service returned, without secrets in attributes that are not sensitive.

use redaction::Secrets;

use super::sensitive::remember;
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::cty::{Path, Step, Value};

/// Where the values of the service go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Destination {
    /// The state of an object, which has a known value for most attributes.
    State,
    /// The state of an object. Only its identity is known.
    Import,
    /// A list of objects.
    Query,
    /// A data source.
    Data,
}

/// Remembers the sensitive values of an object that the service returned, and returns the object without values that repeat
/// secrets in attributes that are not sensitive. So a write-only value does not get into the state.
///
/// The value of `before` stays instead, with a warning. A value that `before` itself repeats is not a secret.
///
/// # Errors
/// If there is no value before, and the attribute cannot be null: a required one, an ID, or one of a data source.
pub(super) fn without_secrets(
    block: &Block,
    before: &Value,
    mut object: Value,
    destination: Destination,
    secrets: &Secrets,
) -> Result<(Value, Diagnostics)> {
    remember(block, &object, secrets);
    let mut search = Search { destination, secrets, configured: Vec::new(), found: Diagnostics::default() };
    if destination == Destination::Data {
        add_texts(before, &mut search.configured);
    }
    search.replace_in_block(block, &Path::default(), before, &mut object);
    if search.found.has_errors() { Err(search.found) } else { Ok((object, search.found)) }
}

/// The texts and numbers in attributes that are not sensitive, if the service changed them.
pub(super) fn changed_texts(block: &Block, before: &Value, object: &Value) -> Vec<String> {
    let mut texts = Vec::new();
    for attribute in block.attributes.iter().filter(|attribute| !attribute.sensitive && !attribute.write_only) {
        let value = object.attribute(attribute.name);
        if value != before.attribute(attribute.name) {
            match value {
                Value::Number(number) => texts.push(number.to_string()),
                value => add_texts(value, &mut texts),
            }
        }
    }
    texts
}

struct Search<'a> {
    destination: Destination,
    secrets: &'a Secrets,
    /// The texts in the configuration of a data source.
    configured: Vec<String>,
    found: Diagnostics,
}

impl Search<'_> {
    fn replace_in_block(&mut self, block: &Block, path: &Path, before: &Value, object: &mut Value) {
        let Value::Map(values) = object else { return };
        for attribute in block.attributes.iter().filter(|attribute| !attribute.sensitive && !attribute.write_only) {
            let (name, before) = (attribute.name, before.attribute(attribute.name));
            let Some(value) = values.get_mut(name) else { continue };
            let is_id = attribute.identity || is_id(name);
            if value == before || !self.is_secret(value, before, is_id) {
                continue;
            }
            let path = path.clone().then(name);
            let is_lost = before.is_null() && attribute.required;
            self.found.push(match self.destination {
                Destination::State if is_id && attribute.computed && before.is_unknown() => secret_id(path),
                Destination::Import | Destination::Query if is_id || is_lost => not_returned(path),
                Destination::Data => not_returned(path),
                _ => not_stored(path),
            });
            *value = if before.is_unknown() { Value::Null } else { before.clone() };
        }
        for nested in &block.blocks {
            let (path, before) = (path.clone().then(nested.name), before.attribute(nested.name));
            match values.get_mut(nested.name) {
                Some(Value::List(elements)) => {
                    let mut before = if let Value::List(elements) = before { elements.iter() } else { [].iter() };
                    for (element, number) in elements.iter_mut().zip(0..) {
                        let (path, before) = (path.clone().then(Step::Index(number)), before.next());
                        self.replace_in_block(&nested.block, &path, before.unwrap_or(&Value::Null), element);
                    }
                }
                Some(value) => self.replace_in_block(&nested.block, &path, before, value),
                None => {}
            }
        }
    }

    /// Whether a secret is anywhere in a value, other than where the value `before` has the same.
    fn is_secret(&self, value: &Value, before: &Value, is_id: bool) -> bool {
        if value == before {
            return false;
        }
        match value {
            Value::String(text) => self.is_secret_text(text, before.as_str().unwrap_or_default(), is_id),
            Value::Number(number) => self.is_secret_number(&number.to_string()),
            Value::List(elements) => {
                let known = if let Value::List(known) = before { known.as_slice() } else { &[] };
                let mut new = elements.iter().filter(|element| !known.contains(element));
                new.any(|element| self.is_secret(element, &Value::Null, is_id))
            }
            Value::Map(elements) => elements.iter().any(|(key, element)| {
                let before = before.attribute(key);
                (before.is_null() && self.is_secret_text(key, "", false))
                    || self.is_secret(element, before, is_id || self::is_id(key))
            }),
            Value::Null | Value::Unknown | Value::Bool(_) => false,
        }
    }

    fn is_secret_text(&self, text: &str, known: &str, is_id: bool) -> bool {
        if self.configured.iter().any(|configured| configured.eq_ignore_ascii_case(text)) {
            return false;
        }
        if is_id {
            // Only as a whole, since a key may begin with the ID of its owner.
            let plain = text.replace('-', "");
            return [text, &text.to_uppercase(), &plain, &plain.to_uppercase()]
                .iter()
                .any(|form| self.secrets.contains(form));
        }
        self.secrets.are_repeated_in(text, known, self.least())
    }

    fn is_secret_number(&self, number: &str) -> bool {
        number.len() >= self.least() && self.secrets.contains(number)
    }

    /// How many characters of a secret count at least. In a state these are as few as in a text that is shown. In data
    /// sources and lists, a shorter value may be the name of another object, which happens to be a password too.
    fn least(&self) -> usize {
        match self.destination {
            Destination::State | Destination::Import => 0,
            Destination::Query | Destination::Data => 16,
        }
    }
}

/// Whether an attribute of this name has IDs.
fn is_id(name: &str) -> bool {
    matches!(name, "id" | "ids") || name.ends_with("_id")
}

fn add_texts(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) => texts.push(text.to_string()),
        Value::List(elements) => elements.iter().for_each(|element| add_texts(element, texts)),
        Value::Map(elements) => elements.values().for_each(|element| add_texts(element, texts)),
        Value::Null | Value::Unknown | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn summary(path: &Path) -> String {
    format!("The server returned a sensitive value in `{path}`")
}

fn contains(path: &Path) -> String {
    format!(
        "The value of `{path}` in the server's response contains a sensitive value of this configuration, such as a \
         password, or a part of it."
    )
}

fn not_stored(path: Path) -> Diagnostic {
    let detail = format!(
        "{} The provider did not store this value and keeps the known one. Report this to the operator of the server.",
        contains(&path)
    );
    Diagnostic::warning(summary(&path), detail).at(path)
}

fn not_returned(path: Path) -> Diagnostic {
    let detail = format!(
        "{} The provider neither stores nor shows such a value, so it cannot return the object. If the value is an \
         ordinary name or number, change it or the sensitive value, or read the object in a run without the sensitive \
         value, for example with `-target`. Otherwise, report this to the operator of the server.",
        contains(&path)
    );
    Diagnostic::error(summary(&path), detail).at(path)
}

fn secret_id(path: Path) -> Diagnostic {
    let detail = format!(
        "The server created an object, but its `{path}` in the server's response is a sensitive value, such as the API \
         key or a password. The provider neither stores nor shows such a value, so the object is not in the state. Look \
         for the object in the console of the service, and delete it before you apply again. Report this to the \
         operator of the server."
    );
    Diagnostic::error(summary(&path), detail).at(path)
}

#[cfg(test)]
mod tests;
