//! Mistakes in the schemas of a provider, for a test of that provider.

use super::attribute::Attribute;
use super::block::{Block, Nesting};
use super::provider::Provider;
use super::schema::Schema;
use super::timeouts::TIMEOUTS;
use crate::cty::{Type, Value};

/// Names that Terraform itself uses in the blocks of resources and data sources.
const RESERVED: [&str; 7] = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// The kind of schema that a block belongs to.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Resource,
    DataSource,
    /// A block inside a resource.
    Part,
    /// A provider, a list resource, a block inside one of these or inside a data source, or `timeouts`: users set all its
    /// attributes.
    Arguments,
}

/// Returns the mistakes in the schemas of a provider, one a line. Call it in a test, and expect none.
///
/// A name in a rule is a string, so the compiler does not find a wrong one, and the rule would have no effect.
pub fn check_provider<P: Provider>(provider: &P) -> Vec<String> {
    let mut mistakes = Mistakes::default();
    mistakes.block("provider", &P::Config::block(), Of::Arguments);
    let resources = provider.resources();
    for resource in &resources {
        mistakes.block(&format!("resource `{}`", resource.type_name()), &resource.block(), Of::Resource);
    }
    let data_sources = provider.data_sources();
    for data_source in &data_sources {
        mistakes.block(&format!("data source `{}`", data_source.type_name()), &data_source.block(), Of::DataSource);
    }
    let lists = provider.list_resources();
    for list in &lists {
        let name = list.type_name();
        let context = format!("list resource `{name}`");
        mistakes.block(&context, &list.block(), Of::Arguments);
        match resources.iter().find(|resource| resource.type_name() == name) {
            None => mistakes.add(&context, "there is no resource with this name"),
            Some(resource) if resource.block().identity().next().is_none() => {
                mistakes.add(&context, "the resource has no identity, but each listed object requires one");
            }
            Some(_) => {}
        }
    }
    mistakes.twice("resource", resources.iter().map(|resource| resource.type_name()));
    mistakes.twice("data source", data_sources.iter().map(|data_source| data_source.type_name()));
    mistakes.twice("list resource", lists.iter().map(|list| list.type_name()));
    mistakes.0
}

/// The mistakes found so far.
#[derive(Default)]
struct Mistakes(Vec<String>);

impl Mistakes {
    fn add(&mut self, context: &str, mistake: &str) {
        self.0.push(format!("{context}: {mistake}"));
    }

    fn twice(&mut self, kind: &str, names: impl Iterator<Item = &'static str>) {
        for name in repeated(names) {
            self.add(&format!("{kind} `{name}`"), "it is registered twice");
        }
    }

    fn block(&mut self, context: &str, block: &Block, of: Of) {
        for name in repeated(block.names()) {
            self.add(context, &format!("`{name}` is declared twice"));
        }
        for name in block.names() {
            let valid = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
            if !name.bytes().all(valid) || !name.starts_with(|first: char| first.is_ascii_lowercase()) {
                self.add(context, &format!("`{name}` has other characters than lower case letters, digits and `_`"));
            }
            if matches!(of, Of::Resource | Of::DataSource) && RESERVED.contains(&name) {
                self.add(context, &format!("`{name}` is reserved by Terraform"));
            }
        }
        for attribute in &block.attributes {
            let context = format!("{context}, `{}`", attribute.name);
            for mistake in
                of_mode(attribute, of).into_iter().chain(of_rules(attribute)).chain(of_names(attribute, block))
            {
                self.add(&context, &mistake);
            }
        }
        for nested in &block.blocks {
            let context = format!("{context}, block `{}`", nested.name);
            let is_part = matches!(of, Of::Resource | Of::Part) && nested.name != TIMEOUTS;
            self.block(&context, &nested.block, if is_part { Of::Part } else { Of::Arguments });
            if matches!(nested.nesting, Nesting::List { min, max } if max != 0 && min > max) {
                self.add(&context, "`min` is above `max`");
            }
        }
    }
}

fn repeated(names: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut names: Vec<_> = names.collect();
    names.sort_unstable();
    let mut repeated: Vec<_> = names.windows(2).filter(|pair| pair[0] == pair[1]).map(|pair| pair[0]).collect();
    repeated.dedup();
    repeated
}

/// Whether users or the provider set the value, and what follows from that.
fn of_mode(attribute: &Attribute, of: Of) -> Vec<String> {
    let Attribute { required, optional, computed, write_only, identity, default, .. } = attribute;
    let changes = attribute.requires_replace || attribute.use_state_for_unknown;
    // A collection is known during validation even if an element comes from a variable.
    let elements = match attribute.ty {
        Type::List(_) | Type::Set(_) => Some(Value::List(vec![Value::Unknown])),
        Type::Map(_) => Some(Value::Map([("key".to_owned(), Value::Unknown)].into())),
        _ => None,
    };
    let mistakes = [
        (!required && !optional && !computed, "one of `required`, `optional`, `computed` and `default` is missing"),
        (
            *required && (*optional || *computed || default.is_some()),
            "`required` excludes `optional`, `computed` and `default`",
        ),
        (*write_only && *computed, "`write_only` excludes `computed` and `default`"),
        (*write_only && *identity, "`write_only` excludes `identity`"),
        (*identity && *optional && !computed, "an `identity` must have a value: make it `required` or `computed`"),
        (attribute.use_state_for_unknown && !computed, "`use_state_for_unknown` has no effect without `computed`"),
        (of == Of::Arguments && *computed, "`computed` and `default` have no effect here"),
        (
            (!matches!(of, Of::Resource | Of::Part) && changes) || (of != Of::Resource && *identity),
            "`requires_replace`, `use_state_for_unknown` and `identity` have no effect here",
        ),
        (of != Of::Resource && *write_only, "`write_only` has no effect here"),
        (
            elements.is_some_and(|elements| (*required || *optional) && !attribute.check(&elements).is_empty()),
            "the type of the elements must be `Attr<_>`, because users can set unknown elements",
        ),
    ];
    mistakes.into_iter().filter(|(wrong, _)| *wrong).map(|(_, mistake)| mistake.to_owned()).collect()
}

/// Rules and defaults that do not fit the type or each other.
fn of_rules(attribute: &Attribute) -> Vec<String> {
    let mut mistakes = Vec::new();
    for mistake in attribute.checks.iter().filter_map(|check| check.mistake(&attribute.ty)) {
        mistakes.push(mistake.to_owned());
    }
    if let Some(default) = &attribute.default {
        if default.conforms(&attribute.ty).is_err() {
            mistakes.push("the default has another type".to_owned());
        } else if let Some(mismatch) = attribute.check(default).first() {
            mistakes.push(format!("the default is refused: expected {}", mismatch.expected));
        }
    }
    mistakes
}

/// Names of other attributes.
fn of_names(attribute: &Attribute, block: &Block) -> Vec<String> {
    let mut mistakes = Vec::new();
    for (rule, name) in [
        ("write_only", attribute.version),
        ("exactly_one_of", attribute.exactly_one_of),
        ("also_requires", attribute.also_requires),
    ] {
        let Some(name) = name else { continue };
        match block.attribute(name) {
            None => mistakes.push(format!("`{rule}` names `{name}`, but the block has no such attribute")),
            Some(_) if name == attribute.name => mistakes.push(format!("`{rule}` names the attribute itself")),
            Some(version) if rule == "write_only" && version.ty != Type::Number => {
                mistakes.push(format!("its version `{name}` is not a number"));
            }
            Some(version) if rule == "write_only" && !version.computed => {
                mistakes.push(format!("its version `{name}` is not `computed`"));
            }
            Some(_) => {}
        }
    }
    mistakes
}

#[cfg(test)]
mod tests;
