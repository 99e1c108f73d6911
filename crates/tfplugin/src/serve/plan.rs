//! Terraform's rules for plans and states, as functions without I/O over a schema and values.

use std::collections::BTreeSet;

use redaction::Secrets;

use super::walk::{each, whole, with_blocks, with_timeouts};
use crate::author::attribute::Attribute;
use crate::author::attribute_type::Comparison;
use crate::author::block::{Block, NestedBlock};
use crate::author::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::cty::{Path, Step, Value};

/// A planned change.
pub(super) struct Plan {
    /// The planned state. Values that only apply can know are unknown.
    pub state: Value,
    /// The changed attributes that replace the object.
    pub requires_replace: Vec<Path>,
}

/// Plans a create (`prior` is null) or an update.
///
/// `proposed` is Terraform's merge of the configuration and the prior state: configured values, and the prior values of
/// computed attributes that are not configured. `changed` names the write-only attributes whose value differs from the
/// last one applied, and `found` the attributes that the prior state has as the service wrote them. `defaults` sets the
/// defaults of the resource.
pub(super) fn plan(
    block: &Block,
    prior: &Value,
    proposed: Value,
    config: &Value,
    changed: &[&str],
    found: &BTreeSet<String>,
    defaults: impl FnOnce(Value) -> Result<Value>,
) -> Result<Plan> {
    let proposed = with_blocks(block, config, proposed);
    let values = each(block, proposed, [config, prior], |place, attribute, value| {
        let ([config, prior], name) = (place.beside, attribute.name);
        if attribute.write_only {
            Value::Null
        } else if !config.attribute(name).is_null() {
            value
        } else if let Some(secret) = place.block.counted_by(name) {
            last_version(place.block, config, secret.name, prior.attribute(name))
        } else if let Some(default) = &attribute.default {
            default.clone()
        } else if prior.is_null() && attribute.computed {
            Value::Unknown
        } else {
            value
        }
    });
    let filled = defaults(values.clone())?;
    let spelled = |as_found: bool| {
        each(block, values.clone(), [config, prior, &filled], |place, attribute, value| {
            let ([config, prior, filled], name) = (place.beside, attribute.name);
            let open = attribute.computed && config.attribute(name).is_null();
            let value = if open { filled.attribute(name).clone() } else { value };
            let before = prior.attribute(name);
            if as_found && found.contains(place.outermost()) {
                return keep_spelling(attribute, Comparison::Confirmation, before, value);
            }
            let by = if open || attribute.requires_replace { Comparison::Meaning } else { Comparison::Value };
            keep_spelling(attribute, by, before, value)
        })
    };
    let mut state = spelled(true);
    // An update that is sent anyway has all values as the configuration writes them.
    if !prior.is_null() && changes_object(block, prior, &state) {
        state = spelled(false);
    }
    if !prior.is_null() && (state != *prior || !changed.is_empty()) {
        state = each(block, state, [config], |place, attribute, value| {
            let left_to_provider = attribute.computed
                && attribute.default.is_none()
                && place.beside[0].attribute(attribute.name).is_null();
            // Terraform plans again during apply, perhaps with another value of the secret. So only apply can count.
            let counts = place.block.counted_by(attribute.name).is_some() && !value.is_null();
            if left_to_provider && (counts || !attribute.use_state_for_unknown) { Value::Unknown } else { value }
        });
    }
    let requires_replace = if prior.is_null() { Vec::new() } else { replacing(block, prior, &state) };
    Ok(Plan { state, requires_replace })
}

/// The attributes that replace the object if they change, and that do: also in blocks that come or go.
fn replacing(block: &Block, prior: &Value, planned: &Value) -> Vec<Path> {
    let mut paths = Vec::new();
    for (one, other) in [(planned, prior), (prior, planned)] {
        each(block, one.clone(), [other], |place, attribute, value| {
            let changes = attribute.requires_replace && value != *place.beside[0].attribute(attribute.name);
            if changes && !paths.contains(place.path) {
                paths.push(place.path.clone());
            }
            value
        });
    }
    paths
}

/// The version of a write-only value as long as no change of the value is known.
fn last_version(block: &Block, config: &Value, secret: &str, prior: &Value) -> Value {
    // If neither of the two attributes has a value, `ignore_changes` removed it from the configuration.
    let ignored = block.other_of(secret).is_some_and(|other| config.attribute(other).is_null());
    match config.attribute(secret) {
        Value::Null if ignored => prior.clone(),
        Value::Null => Value::Null,
        Value::Unknown => Value::Unknown,
        _ if prior.is_null() => 1.into(),
        _ => prior.clone(),
    }
}

/// The version after this one.
pub(super) fn next_version(prior: &Value) -> Value {
    match prior {
        Value::Number(number) => number.as_i64().and_then(|number| number.checked_add(1)).unwrap_or(1).into(),
        _ => 1.into(),
    }
}

/// The values for an apply: the planned ones, and the write-only ones from the configuration.
pub(super) fn with_write_only(block: &Block, planned: Value, config: &Value) -> Value {
    each(block, planned, [config], |place, attribute, value| {
        if attribute.write_only { place.beside[0].attribute(attribute.name).clone() } else { value }
    })
}

/// Whether a planned update changes the object. `timeouts` does not count: that block configures the provider.
pub(super) fn changes_object(block: &Block, prior: &Value, planned: &Value) -> bool {
    let attributes = block.attributes.iter().map(|attribute| attribute.name);
    attributes
        .chain(block.parts().map(|nested| nested.name))
        .any(|name| prior.attribute(name) != planned.attribute(name))
}

/// The names of the attributes and blocks that a create or an update sets to another value. Attributes that only the
/// provider sets are not among them.
pub(super) fn changes(block: &Block, prior: &Value, planned: &Value) -> Vec<&'static str> {
    let given = block.attributes.iter().filter(|attribute| attribute.required || attribute.optional);
    let names = given.map(|attribute| attribute.name).chain(block.parts().map(|nested| nested.name));
    names.filter(|name| planned.attribute(name) != prior.attribute(name)).collect()
}

/// The state that an apply returns, made from the values that the resource returned. Planned values are returned as the
/// plan wrote them. A value that differs from the plan stays in the state, which must be true, and causes an error.
///
/// If the object was `adopted`, Terraform must not mark it as tainted. Such a value then causes a warning and is not
/// trusted, and the state has the planned one.
pub(super) fn outcome(
    block: &Block,
    prior: &Value,
    planned: &Value,
    result: Value,
    adopted: bool,
    secrets: &Secrets,
) -> (Value, Diagnostics, BTreeSet<String>) {
    let (mut diagnostics, mut distrusted) = (Diagnostics::default(), BTreeSet::new());
    let mut result = whole(block, with_timeouts(block, planned, result));
    let difference = match (adopted, prior.is_null()) {
        (true, _) => Difference::Adopted,
        (false, true) => Difference::Created,
        (false, false) => Difference::Updated,
    };
    for nested in number_of_blocks(block, planned, &result, difference, &mut diagnostics) {
        if adopted && let Value::Map(values) = &mut result {
            values.insert(nested.to_owned(), planned.attribute(nested).clone());
            distrusted.insert(nested.to_owned());
        }
    }
    let state = each(block, result, [planned], |place, attribute, value| {
        if attribute.write_only {
            return Value::Null;
        }
        let plan = place.beside[0].attribute(attribute.name);
        let value = keep_spelling(attribute, Comparison::Meaning, plan, value);
        if value.is_unknown() {
            diagnostics.push(Diagnostic::bug(format!("`{}` is not known after apply", place.path)));
            return Value::Null;
        }
        // If there is no such block in the plan, their number is wrong already.
        if plan.is_unknown() || place.beside[0].is_null() || value == *plan {
            return value;
        }
        if adopted {
            distrusted.insert(place.outermost().to_owned());
        }
        diagnostics.push(differs(place.path, attribute, plan, &value, difference, secrets));
        if adopted {
            return plan.clone();
        }
        value
    });
    (state, diagnostics, distrusted)
}

/// Adds a diagnostic for each nested block that the result has not as often as the plan. Returns the outermost blocks that
/// are concerned.
fn number_of_blocks(
    block: &Block,
    planned: &Value,
    result: &Value,
    difference: Difference,
    diagnostics: &mut Diagnostics,
) -> Vec<&'static str> {
    let mut wrong = Vec::new();
    for nested in block.parts() {
        let before = diagnostics.0.len();
        let (plan, value) = (planned.attribute(nested.name), result.attribute(nested.name));
        count_blocks(nested, plan, value, &Path::attribute(nested.name), difference, diagnostics);
        if diagnostics.0.len() > before {
            wrong.push(nested.name);
        }
    }
    wrong
}

fn count_blocks(
    nested: &NestedBlock,
    plan: &Value,
    value: &Value,
    path: &Path,
    difference: Difference,
    diagnostics: &mut Diagnostics,
) {
    let count = |value: &Value| match value {
        Value::Null => 0,
        Value::List(elements) => elements.len(),
        _ => 1,
    };
    if plan.is_unknown() {
        return;
    }
    if count(plan) != count(value) {
        let detail =
            format!("Planned: {} blocks. Stored: {} blocks. {}.", count(plan), count(value), difference.next());
        let summary = format!("The server stored a different number of `{path}` blocks");
        diagnostics.push(difference.diagnostic(summary, detail).at(path.clone()));
        return;
    }
    let mut inside = |plan: &Value, value: &Value, path: &Path| {
        for nested in nested.block.parts() {
            let (plan, value) = (plan.attribute(nested.name), value.attribute(nested.name));
            count_blocks(nested, plan, value, &path.clone().then(nested.name), difference, diagnostics);
        }
    };
    match (plan, value) {
        (Value::List(plan), Value::List(value)) => {
            for ((plan, value), index) in plan.iter().zip(value).zip(0..) {
                inside(plan, value, &path.clone().then(Step::Index(index)));
            }
        }
        (plan, value) => inside(plan, value, path),
    }
}

/// The state that a read returns. Values that mean the same as before stay as they were written, and write-only values
/// are null.
pub(super) fn refreshed(block: &Block, prior: &Value, result: Value) -> Value {
    each(block, with_timeouts(block, prior, result), [prior], |place, attribute, value| {
        if attribute.write_only {
            Value::Null
        } else {
            keep_spelling(attribute, Comparison::Meaning, place.beside[0].attribute(attribute.name), value)
        }
    })
}

/// A configuration for an object with this state. It leaves out secrets.
pub(super) fn configuration(block: &Block, state: Value) -> Value {
    each(block, state, [], |place, attribute, value| {
        let given = attribute.required || attribute.optional;
        let secret = attribute.sensitive || attribute.write_only || place.block.counted_by(attribute.name).is_some();
        if given && !secret { value } else { Value::Null }
    })
}

/// After which operation a value differs from the plan.
#[derive(Clone, Copy)]
enum Difference {
    Created,
    Adopted,
    Updated,
}

impl Difference {
    /// What follows, and what the state has.
    fn next(self) -> &'static str {
        match self {
            Self::Created => {
                "The object is in the state with the server's value. Terraform marks the object as tainted, so the \
                 next apply replaces it. To keep the object, run `terraform untaint <address of this resource>`"
            }
            Self::Adopted => "The object is in the state. The next plan shows the difference",
            Self::Updated => {
                "The object is in the state with the server's value. The next plan shows the difference again"
            }
        }
    }

    fn diagnostic(self, summary: String, detail: String) -> Diagnostic {
        match self {
            Self::Adopted => Diagnostic::warning(summary, detail),
            Self::Created | Self::Updated => Diagnostic::error(summary, detail),
        }
    }
}

fn differs(
    path: &Path,
    attribute: &Attribute,
    plan: &Value,
    value: &Value,
    difference: Difference,
    secrets: &Secrets,
) -> Diagnostic {
    let detail = format!(
        "Planned: {}. Stored: {}. {}. Set `{path}` to a value that the server accepts.",
        attribute.show(plan, secrets),
        attribute.show(value, secrets),
        difference.next()
    );
    difference.diagnostic(format!("The server stored a different value for `{path}`"), detail).at(path.clone())
}

/// The value as it was written before, if the two are equal by this comparison.
fn keep_spelling(attribute: &Attribute, by: Comparison, before: &Value, value: Value) -> Value {
    let known = |value: &Value| !value.is_null() && !value.is_unknown();
    if known(before) && known(&value) && (attribute.rules.compare)(by, before, &value) { before.clone() } else { value }
}
