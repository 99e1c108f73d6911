//! Terraform's rules for plans and states, as functions without I/O over a schema and values.

use std::collections::BTreeSet;

use redaction::Secrets;

use crate::author::attribute::Attribute;
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::cty::{Path, Value};

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
    // Old versions of Terraform propose a block that is no longer in the configuration.
    let proposed = with_blocks(block, config, proposed);
    let state = each(block, proposed, |attribute, value| {
        if attribute.write_only {
            Value::Null
        } else if !config.attribute(attribute.name).is_null() {
            value
        } else if let Some(secret) = block.counted_by(attribute.name) {
            last_version(block, config, secret.name, prior.attribute(attribute.name))
        } else if let Some(default) = &attribute.default {
            default.clone()
        } else if prior.is_null() && attribute.computed {
            Value::Unknown
        } else {
            value
        }
    });
    let filled = defaults(state.clone())?;
    let values = state;
    let spelled = |kept: &dyn Fn(&Attribute) -> bool| {
        each(block, values.clone(), |attribute, value| {
            let open = attribute.computed && config.attribute(attribute.name).is_null();
            let value = if open { filled.attribute(attribute.name).clone() } else { value };
            let before = prior.attribute(attribute.name);
            let keep = open || attribute.requires_replace || kept(attribute) || (attribute.alike)(before, &value);
            if keep { keep_spelling(attribute, prior, value) } else { value }
        })
    };
    let mut state = spelled(&|attribute| found.contains(attribute.name));
    // An update that is sent anyway has all values as the configuration writes them.
    if !prior.is_null() && changes_object(block, prior, &state) {
        state = spelled(&|_| false);
    }
    if !prior.is_null() && (state != *prior || !changed.is_empty()) {
        state = each(block, state, |attribute, value| {
            let left_to_provider =
                attribute.computed && attribute.default.is_none() && config.attribute(attribute.name).is_null();
            // Terraform plans again during apply, perhaps with another value of the secret. So only apply can count.
            let counts = block.counted_by(attribute.name).is_some() && !value.is_null();
            if left_to_provider && (counts || !attribute.use_state_for_unknown) { Value::Unknown } else { value }
        });
    }
    let replaced = block.attributes.iter().filter(|attribute| {
        attribute.requires_replace
            && !prior.is_null()
            && state.attribute(attribute.name) != prior.attribute(attribute.name)
    });
    let requires_replace = replaced.map(|attribute| Path::attribute(attribute.name)).collect();
    Ok(Plan { state, requires_replace })
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
    each(
        block,
        planned,
        |attribute, value| {
            if attribute.write_only { config.attribute(attribute.name).clone() } else { value }
        },
    )
}

/// Whether a planned update changes attributes. Blocks do not count: they configure the provider (`timeouts`).
pub(super) fn changes_object(block: &Block, prior: &Value, planned: &Value) -> bool {
    block.attributes.iter().any(|attribute| prior.attribute(attribute.name) != planned.attribute(attribute.name))
}

/// The names of the attributes that a create or an update sets to another value. What only the provider sets is not among
/// them.
pub(super) fn changes(block: &Block, prior: &Value, planned: &Value) -> Vec<&'static str> {
    let given = block.attributes.iter().filter(|attribute| attribute.required || attribute.optional);
    let changed = given.filter(|attribute| planned.attribute(attribute.name) != prior.attribute(attribute.name));
    changed.map(|attribute| attribute.name).collect()
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
    let state = each(block, with_blocks(block, planned, result), |attribute, value| {
        if attribute.write_only {
            return Value::Null;
        }
        let plan = planned.attribute(attribute.name);
        let value = keep_spelling(attribute, planned, value);
        if value.is_unknown() {
            diagnostics.push(Diagnostic::bug(format!("`{}` is not known after apply", attribute.name)));
            return Value::Null;
        }
        if plan.is_unknown() || value == *plan {
            return value;
        }
        if adopted {
            diagnostics.push(differs(attribute, plan, &value, Difference::Adopted, secrets));
            distrusted.insert(attribute.name.to_owned());
            return plan.clone();
        }
        let difference = if prior.is_null() { Difference::Created } else { Difference::Updated };
        diagnostics.push(differs(attribute, plan, &value, difference, secrets));
        value
    });
    (state, diagnostics, distrusted)
}

/// The state that a read returns. Values that mean the same as before stay as they were written, and write-only values
/// are null.
pub(super) fn refreshed(block: &Block, prior: &Value, result: Value) -> Value {
    let result = with_blocks(block, prior, result);
    each(
        block,
        result,
        |attribute, value| {
            if attribute.write_only { Value::Null } else { keep_spelling(attribute, prior, value) }
        },
    )
}

/// A configuration for an object with this state. It leaves out secrets.
pub(super) fn configuration(block: &Block, state: Value) -> Value {
    each(block, state, |attribute, value| {
        let given = attribute.required || attribute.optional;
        let secret = attribute.sensitive || attribute.write_only || block.counted_by(attribute.name).is_some();
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

fn differs(
    attribute: &Attribute,
    plan: &Value,
    value: &Value,
    difference: Difference,
    secrets: &Secrets,
) -> Diagnostic {
    let name = attribute.name;
    let next = match difference {
        Difference::Created => {
            "The object is in the state, with the server's value. Terraform marks it as tainted, so that the next apply \
             would replace it; `terraform untaint` keeps it"
        }
        Difference::Adopted => "The object is in the state. The next plan shows the difference",
        Difference::Updated => {
            "The object is in the state, with the server's value. The next plan shows the difference again"
        }
    };
    let detail = format!(
        "Planned was {}, and the server reports {}. {next}. Set `{name}` to a value that the server takes.",
        attribute.show(plan, secrets),
        attribute.show(value, secrets)
    );
    let summary = format!("The server did not take `{name}` as planned");
    let diagnostic = match difference {
        Difference::Adopted => Diagnostic::warning(summary, detail),
        Difference::Created | Difference::Updated => Diagnostic::error(summary, detail),
    };
    diagnostic.at(Path::attribute(name))
}

fn keep_spelling(attribute: &Attribute, before: &Value, value: Value) -> Value {
    let before = before.attribute(attribute.name);
    let known = |value: &Value| !value.is_null() && !value.is_unknown();
    if known(before) && known(&value) && (attribute.same)(before, &value) { before.clone() } else { value }
}

/// The object with the blocks that it had before. Nothing in them is computed, and a model may write their values in
/// another way.
fn with_blocks(block: &Block, before: &Value, mut object: Value) -> Value {
    if let (Value::Map(values), Value::Map(before)) = (&mut object, before) {
        for nested in &block.blocks {
            values.insert(nested.name.to_owned(), before.get(nested.name).cloned().unwrap_or(Value::Null));
        }
    }
    object
}

/// The object with each attribute's value replaced. Blocks stay as they are, and so does a value that is no object.
fn each(block: &Block, object: Value, mut replace: impl FnMut(&Attribute, Value) -> Value) -> Value {
    let Value::Map(mut values) = object else { return object };
    for attribute in &block.attributes {
        if let Some(value) = values.get_mut(attribute.name) {
            *value = replace(attribute, std::mem::replace(value, Value::Null));
        }
    }
    Value::Map(values)
}
