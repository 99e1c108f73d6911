//! The sensitive values of an object, which the session remembers, and which no other attribute may repeat.

use redaction::Secrets;
use secrecy::zeroize::Zeroize;

use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Diagnostics};
use crate::cty::{Path, Step, Value};

/// A text in JSON of at least so many characters is a secret by itself.
const LONG: usize = 8;
/// What the names of members have in them whose texts are secrets, however short.
const NAMES: [&str; 4] = ["token", "secret", "password", "key"];

/// How many characters of a secret a resource takes from the service at least before the value counts as one: as few as in a
/// text that is shown.
pub(super) const IN_RESOURCES: usize = 0;
/// The same for data sources and lists. A shorter value may be the name of another object, which happens to be a password too.
pub(super) const IN_DATA: usize = 16;

/// Remembers the values of all sensitive attributes.
pub(super) fn remember(block: &Block, object: &Value, secrets: &Secrets) {
    for attribute in block.attributes.iter().filter(|attribute| attribute.sensitive || attribute.write_only) {
        remember_all(object.attribute(attribute.name), secrets);
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

fn remember_all(value: &Value, secrets: &Secrets) {
    match value {
        Value::String(text) => {
            secrets.remember(text);
            if text.starts_with(['{', '['])
                && let Ok(json) = serde_json::from_str(text)
            {
                remember_json(json, false, secrets);
            }
        }
        Value::Number(number) => secrets.remember(&number.to_string()),
        Value::List(elements) => elements.iter().for_each(|element| remember_all(element, secrets)),
        Value::Map(elements) => elements.values().for_each(|element| remember_all(element, secrets)),
        Value::Null | Value::Unknown | Value::Bool(_) => {}
    }
}

/// Remembers the texts in a JSON value. `named` says that the name of the value is that of a secret.
fn remember_json(value: serde_json::Value, named: bool, secrets: &Secrets) {
    match value {
        serde_json::Value::String(mut text) => {
            if named || text.chars().count() >= LONG {
                secrets.remember(&text);
            }
            text.zeroize();
        }
        serde_json::Value::Array(elements) => {
            for element in elements {
                remember_json(element, named, secrets);
            }
        }
        serde_json::Value::Object(members) => {
            for (name, member) in members {
                let name = name.to_lowercase();
                remember_json(member, named || NAMES.iter().any(|known| name.contains(known)), secrets);
            }
        }
        _ => {}
    }
}

/// Returns the object without values that repeat secrets, with at least so many of their characters, if the service put them
/// into attributes that are not sensitive: the value of `before` stays instead. So a write-only value does not get into the
/// state. What `before` itself repeats is no secret.
pub(super) fn without_secrets(
    block: &Block,
    before: &Value,
    mut object: Value,
    least: usize,
    secrets: &Secrets,
) -> (Value, Diagnostics) {
    let mut warnings = Diagnostics::default();
    replace_in_block(block, &Path::default(), before, &mut object, &mut |path, value, before| {
        if value != before && replace_secrets(value, before, least, secrets) {
            warnings.push(repeats_secret(path));
        }
    });
    (object, warnings)
}

/// Calls this with each attribute that is not sensitive, and with the value before.
fn replace_in_block(
    block: &Block,
    path: &Path,
    before: &Value,
    object: &mut Value,
    replace: &mut impl FnMut(Path, &mut Value, &Value),
) {
    let Value::Map(values) = object else { return };
    for attribute in block.attributes.iter().filter(|attribute| !attribute.sensitive && !attribute.write_only) {
        if let Some(value) = values.get_mut(attribute.name) {
            replace(path.clone().then(attribute.name), value, before.attribute(attribute.name));
        }
    }
    for nested in &block.blocks {
        let (path, before) = (path.clone().then(nested.name), before.attribute(nested.name));
        match values.get_mut(nested.name) {
            Some(Value::List(elements)) => {
                let mut before = if let Value::List(elements) = before { elements.iter() } else { [].iter() };
                for (element, number) in elements.iter_mut().zip(0..) {
                    let (path, before) = (path.clone().then(Step::Index(number)), before.next());
                    replace_in_block(&nested.block, &path, before.unwrap_or(&Value::Null), element, replace);
                }
            }
            Some(value) => replace_in_block(&nested.block, &path, before, value, replace),
            None => {}
        }
    }
}

/// Whether there were secrets.
fn replace_secrets(value: &mut Value, before: &Value, least: usize, secrets: &Secrets) -> bool {
    let known = if let Value::String(known) = before { known } else { "" };
    match value {
        Value::String(text) if secrets.are_repeated_in(text, known, least) => {
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

fn repeats_secret(path: Path) -> Diagnostic {
    let detail = format!(
        "The value of `{path}` in the server's answer repeats a sensitive value of this configuration, such as a password, or \
         a part of it. The provider did not store it, and keeps the value that it knows. Report this to the makers of the \
         server."
    );
    Diagnostic::warning(format!("The server returned a sensitive value in `{path}`"), detail).at(path)
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
        let json = r#"{"apiToken":"abc","label":"blue","notes":["a longer text"],"n":1}"#;
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
        let is_known = |text: &str| secrets.show(&text.into(), Length::Name).to_string() != text;
        for secret in ["abc", "a longer text", "first-key", "second-key", "493021", "hunter2"] {
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
            (object("a", &[]), object("not hunter22", &[]), object("a", &[]), 1),
            (object("a", &[]), object(" HUNTER2\n", &[]), object("a", &[]), 1),
            (object("a", &[]), object("hunte", &["ter22"]), object("hunte", &["ter22"]), 0),
            // Drift of a value that the configuration shows itself.
            (object("hunter22", &[]), object("Hunter22-b", &[]), object("Hunter22-b", &[]), 0),
            (object("hunter", &[]), object("hunter22", &[]), object("hunter", &[]), 1),
        ] {
            let (kept, warnings) = without_secrets(&block, &before, found, IN_RESOURCES, &secrets);
            assert!(kept == expected && warnings.0.len() == warned, "{warnings:?}");
        }
        let (kept, warnings) =
            without_secrets(&block, &Value::Null, object("hunter22", &["b", "hunter22"]), IN_RESOURCES, &secrets);
        assert!(kept.attribute("name").is_null() && warnings.0.len() == 2);
        assert!(*kept.attribute("names") == Value::List(vec!["b".into(), Value::Null]));
    }

    #[test]
    fn a_secret_in_an_attribute_of_a_block_is_not_stored() {
        let nested = |nesting| crate::author::block::NestedBlock {
            name: "hook",
            description: "".into(),
            block: Block::new("").with(Attr::<String>::attribute("name", "").required()),
            nesting,
        };
        let hook = |name: &str| Value::Map([("name".to_owned(), name.into())].into());
        let object = |hook: Value| Value::Map([("hook".to_owned(), hook)].into());
        let secrets = Secrets::default();
        secrets.remember("hunter22");
        let list = |names: &[&str]| object(Value::List(names.iter().map(|name| hook(name)).collect()));
        let many = Block::new("").with(nested(crate::author::block::Nesting::List { min: 0, max: 0 }));
        let found = list(&["a", "Hunter22"]);
        let (kept, warnings) = without_secrets(&many, &list(&["a", "b"]), found, IN_RESOURCES, &secrets);
        assert!(kept == list(&["a", "b"]) && warnings.0[0].summary.contains("`hook[1].name`"), "{warnings:?}");
        let one = Block::new("").with(nested(crate::author::block::Nesting::Single));
        let found = object(hook("hunter2"));
        let (kept, warnings) = without_secrets(&one, &object(Value::Null), found, IN_RESOURCES, &secrets);
        assert!(kept.attribute("hook").attribute("name").is_null() && warnings.0.len() == 1, "{warnings:?}");
    }
}
