//! The sensitive values of an object, which the session remembers, and which no other attribute may repeat.

use redaction::Secrets;

use super::leaves::{remember_json, remember_text};
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Diagnostics};
use crate::cty::{Path, Value};

/// How long a secret is at least that a resource does not take from another attribute: any that is remembered.
pub(super) const IN_RESOURCES: usize = 0;
/// The same for data sources and lists. A short one may be the name of another object, which happens to be a password too.
pub(super) const IN_DATA: usize = 16;

/// Remembers the values of all sensitive attributes.
pub(super) fn remember(block: &Block, object: &Value, secrets: &Secrets) {
    for attribute in block.attributes.iter().filter(|attribute| attribute.sensitive || attribute.write_only) {
        remember_all(object.attribute(attribute.name), attribute.rules.is_json, secrets);
    }
    for nested in &block.blocks {
        match object.attribute(nested.name) {
            Value::List(elements) => {
                for element in elements {
                    remember(&nested.block, element, secrets);
                }
            }
            value => remember(&nested.block, value, secrets),
        }
    }
}

/// `is_json` says that of a JSON document only the texts in it are secrets.
fn remember_all(value: &Value, is_json: bool, secrets: &Secrets) {
    match value {
        Value::String(text) => {
            if !remember_json(text, secrets) || !is_json {
                remember_text(text, secrets);
            }
        }
        Value::Number(number) => secrets.remember(&number.to_string()),
        Value::List(elements) => elements.iter().for_each(|element| remember_all(element, is_json, secrets)),
        Value::Map(elements) => elements.values().for_each(|element| remember_all(element, is_json, secrets)),
        Value::Null | Value::Unknown | Value::Bool(_) => {}
    }
}

/// Returns the object without values that are secrets of at least so many characters, if the service put them into
/// attributes that are not sensitive: the value of `before` stays instead. So a write-only value does not get into the
/// state.
pub(super) fn without_secrets(
    block: &Block,
    before: &Value,
    mut object: Value,
    least: usize,
    secrets: &Secrets,
) -> (Value, Diagnostics) {
    let mut warnings = Diagnostics::default();
    if let Value::Map(values) = &mut object {
        for attribute in block.attributes.iter().filter(|attribute| !attribute.sensitive && !attribute.write_only) {
            let before = before.attribute(attribute.name);
            if let Some(value) = values.get_mut(attribute.name)
                && value != before
                && replace_secrets(value, before, least, secrets)
            {
                warnings.push(repeats_secret(attribute.name));
            }
        }
    }
    (object, warnings)
}

/// Whether there were secrets.
fn replace_secrets(value: &mut Value, before: &Value, least: usize, secrets: &Secrets) -> bool {
    match value {
        Value::String(text) if text.chars().count() >= least && secrets.contains(text) => {
            *value = if before.is_unknown() { Value::Null } else { before.clone() };
            true
        }
        Value::List(elements) => replace_in_each(elements.iter_mut(), least, secrets),
        Value::Map(elements) => replace_in_each(elements.values_mut(), least, secrets),
        _ => false,
    }
}

fn replace_in_each<'a>(elements: impl Iterator<Item = &'a mut Value>, least: usize, secrets: &Secrets) -> bool {
    let mut found = false;
    for element in elements {
        found |= replace_secrets(element, &Value::Null, least, secrets);
    }
    found
}

fn repeats_secret(name: &str) -> Diagnostic {
    let detail = format!(
        "The value of `{name}` in the server's answer is a sensitive value of this configuration, such as a password. The \
         provider did not store it, and keeps the value that it knows. Report this to the makers of the server."
    );
    Diagnostic::warning(format!("The server returned a sensitive value in `{name}`"), detail).at(Path::attribute(name))
}

#[cfg(test)]
mod tests {
    use redaction::Length;

    use super::*;
    use crate::author::attr::Attr;

    #[test]
    fn all_sensitive_values_are_remembered_and_no_others() {
        let nested = Block::new("").with(Attr::<String>::attribute("pin", "").optional().sensitive());
        let nesting = crate::author::block::Nesting::Single;
        let nested =
            crate::author::block::NestedBlock { name: "inner", description: "".into(), block: nested, nesting };
        let block = Block::new("")
            .with(Attr::<String>::attribute("name", "").required())
            .with(Attr::<String>::attribute("password", "").optional().sensitive())
            .with(Attr::<Vec<Attr<String>>>::attribute("keys", "").optional().sensitive())
            .with(Attr::<i64>::attribute("code", "").optional().write_only("code_version"))
            .with(nested);
        let json = r#"{"apiToken":"abc1","label":"blue","notes":["a longer text"],"n":1}"#;
        let object = Value::Map(
            [
                ("name", "somebody".into()),
                ("password", json.into()),
                ("keys", Value::List(vec!["first-key".into(), Value::Unknown, "second-key".into()])),
                ("code", 493_021.into()),
                ("inner", Value::Map([("pin".to_owned(), "hunter2".into())].into())),
            ]
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        );
        let secrets = Secrets::default();
        remember(&block, &object, &secrets);
        let is_known = |text: &str| secrets.show(&text.into(), Length::Name).as_line() != text;
        for secret in ["abc1", "a longer text", "first-key", "second-key", "493021", "hunter2"] {
            assert!(is_known(secret), "{secret}");
        }
        for other in ["somebody", "blue", "1", "xyz"] {
            assert!(!is_known(other), "{other}");
        }
    }

    #[test]
    fn a_secret_in_another_attribute_is_not_stored() {
        let block = Block::new("")
            .with(Attr::<String>::attribute("name", "").required())
            .with(Attr::<Vec<String>>::attribute("names", "").computed())
            .with(Attr::<String>::attribute("password", "").optional().sensitive());
        let object = |name: &str, names: &[&str]| {
            let names = Value::List(names.iter().map(|name| Value::from(*name)).collect());
            let values = [("name", name.into()), ("names", names), ("password", "hunter22".into())];
            Value::Map(values.map(|(name, value)| (name.to_owned(), value)).into())
        };
        let secrets = Secrets::default();
        secrets.remember("hunter22");
        secrets.remember("1000");
        for (before, found, expected, warned) in [
            (object("a", &[]), object("hunter22", &[]), object("a", &[]), 1),
            (object("hunter22", &[]), object("hunter22", &[]), object("hunter22", &[]), 0),
            (object("a", &[]), object("1000", &["b"]), object("1000", &["b"]), 0),
            (object("a", &[]), object("not hunter22", &[]), object("not hunter22", &[]), 0),
        ] {
            let (kept, warnings) = without_secrets(&block, &before, found, IN_RESOURCES, &secrets);
            assert!(kept == expected && warnings.0.len() == warned, "{warnings:?}");
        }
        let (kept, warnings) =
            without_secrets(&block, &Value::Null, object("hunter22", &["b", "hunter22"]), IN_RESOURCES, &secrets);
        assert!(kept.attribute("name").is_null() && warnings.0.len() == 2);
        assert!(*kept.attribute("names") == Value::List(vec!["b".into(), Value::Null]));
    }
}
