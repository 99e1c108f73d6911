//! Holds a configuration against its schema, so that mistakes show at `terraform validate` already.

use super::attr::Mismatch;
use super::diagnostics::{Diagnostic, Diagnostics};
use super::schema::{Attribute, Block};
use crate::cty::{Path, Value};

/// Every mistake in a configuration, each at its attribute. What is still unknown may turn out right.
pub(super) fn validate(block: &Block, config: &Value) -> Diagnostics {
    let mut diagnostics = Diagnostics::default();
    check_block(block, config, &Path::default(), &mut diagnostics);
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
            Value::Null | Value::Unknown => {}
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
