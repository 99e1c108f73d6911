//! Checks a configuration against its schema, so that `terraform validate` shows mistakes.

use redaction::Secrets;

use crate::author::attribute::Attribute;
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Diagnostics};
use crate::author::mismatch::Mismatch;
use crate::cty::{Path, Step, Value};

/// Returns every mistake in a configuration, each at its attribute. Values that are still unknown are not checked.
/// `write_only_allowed` says whether this version of Terraform keeps write-only values out of plan and state.
pub(super) fn validate(block: &Block, config: &Value, write_only_allowed: bool, secrets: &Secrets) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    for attribute in &block.attributes {
        let given = !config.attribute(attribute.name).is_null() && !config.attribute(attribute.name).is_unknown();
        if attribute.write_only && given && !write_only_allowed {
            diagnostics.push(write_only_not_allowed(attribute.name, block.other_of(attribute.name)));
        }
    }
    check_block(block, config, &Path::default(), secrets, &mut diagnostics);
    diagnostics
}

fn check_block(block: &Block, config: &Value, path: &Path, secrets: &Secrets, diagnostics: &mut Diagnostics) {
    for attribute in &block.attributes {
        let value = config.attribute(attribute.name);
        let path = path.clone().then(attribute.name);
        match value {
            Value::Null if attribute.required => {
                let detail = format!("`{path}` is required, but the configuration does not set it");
                diagnostics.push(Diagnostic::error(format!("Missing value for `{path}`"), detail).at(path));
            }
            Value::Null => {}
            _ if !attribute.required && !attribute.optional => diagnostics.push(not_configurable(path)),
            Value::Unknown => {}
            value => {
                for mismatch in attribute.check(value) {
                    diagnostics.push(invalid(attribute, value, path.clone(), mismatch, secrets));
                }
            }
        }
    }
    check_together(block, config, path, diagnostics);
    for nested in &block.blocks {
        let path = path.clone().then(nested.name);
        match config.attribute(nested.name) {
            value @ Value::Map(_) => check_block(&nested.block, value, &path, secrets, diagnostics),
            Value::List(elements) => {
                for (element, index) in elements.iter().zip(0..) {
                    check_block(&nested.block, element, &path.clone().then(Step::Index(index)), secrets, diagnostics);
                }
            }
            _ => {}
        }
    }
}

/// Checks which attributes of a block have values at the same time.
fn check_together(block: &Block, config: &Value, path: &Path, diagnostics: &mut Diagnostics) {
    // During validation all variables are unknown, even those that are null.
    let given = |name: &str| !config.attribute(name).is_null() && !config.attribute(name).is_unknown();
    let null = |name: &str| config.attribute(name).is_null();
    for attribute in &block.attributes {
        let name = attribute.name;
        if let Some(message) = attribute.deprecated.filter(|_| given(name)) {
            let path = path.clone().then(name);
            diagnostics.push(Diagnostic::warning(format!("`{path}` is deprecated"), message).at(path));
        }
        match attribute.exactly_one_of {
            Some(other) if given(name) && given(other) => diagnostics.push(both(path, name, other)),
            Some(other) if null(name) && null(other) => diagnostics.push(neither(path, name, other)),
            _ => {}
        }
        // If neither of the two alternatives has a value, there is an error about that already.
        if let Some(other) = attribute.also_requires
            && given(name)
            && null(other)
            && block.other_of(other).is_none_or(given)
        {
            diagnostics.push(without(path, name, other));
        }
    }
}

fn invalid(attribute: &Attribute, value: &Value, mut path: Path, mismatch: Mismatch, secrets: &Secrets) -> Diagnostic {
    let value = part(value, &mismatch.path);
    path.0.extend(mismatch.path.0);
    let mut detail = format!("Expected {}", mismatch.expected);
    if !attribute.sensitive {
        detail.push_str(&format!(", got {}", attribute.show_refused(value, secrets)));
    }
    if mismatch.is_warning {
        detail.push_str(". The provider uses the value as it is.");
        return Diagnostic::warning(format!("Unusual value for `{path}`"), detail).at(path);
    }
    Diagnostic::error(format!("Invalid value for `{path}`"), detail).at(path)
}

/// The part of a value at the path, or null.
fn part<'a>(value: &'a Value, path: &Path) -> &'a Value {
    path.0.iter().fold(value, |value, step| match (step, value) {
        (Step::Index(index), Value::List(elements)) => {
            usize::try_from(*index).ok().and_then(|index| elements.get(index)).unwrap_or(&Value::Null)
        }
        (Step::Key(name) | Step::Attribute(name), value) => value.attribute(name),
        _ => &Value::Null,
    })
}

fn not_configurable(path: Path) -> Diagnostic {
    let detail = format!("The value of `{path}` comes from the provider. Remove it from the configuration.");
    Diagnostic::error(format!("`{path}` cannot be set"), detail).at(path)
}

pub(super) fn write_only_not_allowed(name: &str, alternative: Option<&str>) -> Diagnostic {
    let instead = alternative.map(|other| format!(", or `{other}`")).unwrap_or_default();
    let detail = format!(
        "Write-only arguments require Terraform 1.11 or OpenTofu 1.11 or later. This version would write `{name}` \
         into the state. Use a newer version{instead}."
    );
    Diagnostic::error(format!("`{name}` requires Terraform 1.11 or OpenTofu 1.11"), detail).at(Path::attribute(name))
}

fn both(path: &Path, name: &str, other: &str) -> Diagnostic {
    let detail = format!("Expected exactly one of `{name}` and `{other}`, but both are set. Remove one of them.");
    Diagnostic::error(format!("Both `{name}` and `{other}` are set"), detail).at(path.clone().then(other))
}

fn neither(path: &Path, name: &str, other: &str) -> Diagnostic {
    let detail = format!(
        "Expected exactly one of `{name}` and `{other}`, but neither is set, or the value is null. Set one of them: \
         a configuration that Terraform generated does not contain secrets. If the value is ephemeral, every plan and \
         apply must set it."
    );
    Diagnostic::error(format!("Neither `{name}` nor `{other}` is set"), detail).at(path.clone().then(name))
}

fn without(path: &Path, name: &str, other: &str) -> Diagnostic {
    let detail =
        format!("`{name}` requires `{other}`, but `{other}` is not set or is null. Set `{other}`, or remove `{name}`.");
    Diagnostic::error(format!("`{name}` without `{other}`"), detail).at(path.clone().then(name))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::author::attr::Attr;
    use crate::author::attribute_type::AttributeType;
    use crate::cty::Type;

    fn refusals(block: &Block, attribute: &str, value: Value) -> Vec<String> {
        let config = Value::Map(BTreeMap::from([(attribute.to_owned(), value)]));
        let found = validate(block, &config, true, &Secrets::default()).0;
        found.into_iter().map(|found| format!("{}: {}", found.summary, found.detail)).collect()
    }

    #[test]
    fn a_list_is_checked_element_by_element() {
        let block = Block::new("").with(Attr::<Vec<Attr<u16>>>::attribute("ports", "").optional());
        let ports = |ports: &[Value]| refusals(&block, "ports", Value::List(ports.to_vec()));
        assert_eq!(ports(&[1.into(), Value::Unknown, Value::Null]), [""; 0]);
        let expected = "Invalid value for `ports[1]`: Expected a whole number from 0 to 65535, got 70000";
        assert_eq!(ports(&[1.into(), 70_000.into()]), [expected]);
        assert_eq!(refusals(&block, "ports", Value::Unknown), [""; 0]);
    }

    /// A number of people. Thirteen are unusual.
    struct Party(i64);

    impl AttributeType for Party {
        fn ty() -> Type {
            Type::Number
        }

        fn from_value(value: Value) -> Result<Self, Mismatch> {
            i64::from_value(value).map(Self)
        }

        fn into_value(self) -> Value {
            self.0.into()
        }

        fn check(&self) -> Vec<Mismatch> {
            match self.0 {
                13 => vec![Mismatch::warn("not thirteen")],
                0 => vec![Mismatch::warn("someone"), Mismatch::expected("a number above zero")],
                _ => Vec::new(),
            }
        }
    }

    #[test]
    fn a_check_warns_or_fails_or_both() {
        let block = Block::new("").with(Attr::<Party>::attribute("party", "").required());
        for (party, failed, expected) in [
            (12, false, &[][..]),
            (
                13,
                false,
                &["Unusual value for `party`: Expected not thirteen, got 13. The provider uses the value as it is."],
            ),
            (
                0,
                true,
                &[
                    "Unusual value for `party`: Expected someone, got 0. The provider uses the value as it is.",
                    "Invalid value for `party`: Expected a number above zero, got 0",
                ],
            ),
        ] {
            assert_eq!(refusals(&block, "party", party.into()), expected);
            let config = Value::Map(BTreeMap::from([("party".to_owned(), party.into())]));
            assert_eq!(validate(&block, &config, true, &Secrets::default()).has_errors(), failed);
        }
    }

    #[test]
    fn an_element_of_a_sensitive_list_is_not_shown() {
        let block = Block::new("").with(Attr::<Vec<Attr<u16>>>::attribute("pins", "").optional().sensitive());
        let found = refusals(&block, "pins", Value::List(vec![70_000.into()]));
        assert_eq!(found, ["Invalid value for `pins[0]`: Expected a whole number from 0 to 65535"]);
    }
}
