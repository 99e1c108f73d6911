//! Holds a configuration against its schema, so that mistakes show at `terraform validate` already.

use super::attr::Mismatch;
use super::diagnostics::{Diagnostic, Diagnostics};
use super::schema::{Attribute, Block};
use crate::cty::{Path, Value};

/// Every mistake in a configuration, each at its attribute. What is still unknown may turn out right. `write_only_allowed` says whether Terraform
/// keeps write-only values out of plan and state.
pub(super) fn validate(block: &Block, config: &Value, write_only_allowed: bool) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    check_block(block, config, &Path::default(), &mut diagnostics);
    for attribute in &block.attributes {
        let given = |name| !config.attribute(name).is_null();
        if attribute.write_only && given(attribute.name) && !write_only_allowed {
            diagnostics.push(write_only_not_allowed(attribute.name));
        }
        match attribute.alternative {
            Some(other) if given(attribute.name) && given(other) => diagnostics.push(both(attribute.name, other)),
            Some(other) if !given(attribute.name) && !given(other) => diagnostics.push(neither(attribute.name, other)),
            _ => {}
        }
        if let Some(other) = attribute.requires.filter(|other| given(attribute.name) && !given(other)) {
            diagnostics.push(alone(attribute.name, other));
        }
    }
    diagnostics
}

fn check_block(block: &Block, config: &Value, path: &Path, diagnostics: &mut Diagnostics) {
    for attribute in &block.attributes {
        let value = config.attribute(attribute.name);
        let path = path.clone().then(attribute.name);
        match value {
            Value::Null if attribute.required => {
                let detail = format!("`{path}` is required, and the configuration gives it no value");
                diagnostics.push(Diagnostic::error(format!("Missing value for `{path}`"), detail).at(path));
            }
            Value::Null => {}
            _ if !attribute.required && !attribute.optional => diagnostics.push(not_configurable(path)),
            Value::Unknown => {}
            value => {
                if let Err(mismatch) = attribute.check(value) {
                    diagnostics.push(invalid(attribute, value, path, mismatch));
                }
            }
        }
    }
    for nested in &block.blocks {
        let value = config.attribute(nested.name);
        if matches!(value, Value::Map(_)) {
            check_block(&nested.block, value, &path.clone().then(nested.name), diagnostics);
        }
    }
}

fn invalid(attribute: &Attribute, value: &Value, mut path: Path, mismatch: Mismatch) -> Diagnostic {
    path.0.extend(mismatch.path.0);
    let mut detail = format!("Expected {}", mismatch.expected);
    if !mismatch.may_hold_secret {
        detail.push_str(&format!(", got {}", attribute.show(value)));
    }
    Diagnostic::error(format!("Invalid value for `{path}`"), detail).at(path)
}

fn not_configurable(path: Path) -> Diagnostic {
    let detail = format!("The value of `{path}` comes from the provider. Remove it from the configuration");
    Diagnostic::error(format!("`{path}` cannot be set"), detail).at(path)
}

fn write_only_not_allowed(name: &str) -> Diagnostic {
    let detail = format!(
        "A write-only argument stays out of plan and state, which takes Terraform 1.11 or OpenTofu 1.11, or later. This version would write \
         `{name}` into the state. Use a newer one, or the argument that is not write-only"
    );
    Diagnostic::error(format!("`{name}` needs Terraform 1.11 or OpenTofu 1.11"), detail).at(Path::attribute(name))
}

fn both(name: &str, other: &str) -> Diagnostic {
    let detail = format!("Exactly one of `{name}` and `{other}` is expected, and both are given");
    Diagnostic::error(format!("Both `{name}` and `{other}` are given"), detail).at(Path::attribute(other))
}

fn neither(name: &str, other: &str) -> Diagnostic {
    let detail = format!("Exactly one of `{name}` and `{other}` is expected, and neither is given");
    Diagnostic::error(format!("Neither `{name}` nor `{other}` is given"), detail).at(Path::attribute(name))
}

fn alone(name: &str, other: &str) -> Diagnostic {
    let detail = format!("`{name}` is of use only together with `{other}`, which is not given");
    Diagnostic::error(format!("`{name}` without `{other}`"), detail).at(Path::attribute(name))
}
