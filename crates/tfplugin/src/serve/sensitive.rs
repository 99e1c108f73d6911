//! The sensitive values of an object, which the session remembers.

use redaction::Secrets;

use super::leaves::{remember_json, remember_text};
use crate::author::block::Block;
use crate::cty::Value;

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
                ("name", "someone".into()),
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
        for other in ["someone", "blue", "1", "xyz"] {
            assert!(!is_known(other), "{other}");
        }
    }
}
