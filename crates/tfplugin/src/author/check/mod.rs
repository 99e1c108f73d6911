//! Mistakes in the schemas of a provider, for a test of that provider.

use super::attribute::{Attribute, Check};
use super::block::Block;
use super::provider::Provider;
use super::schema::Schema;
use crate::cty::{Type, Value};

/// Names that Terraform itself uses in the blocks of resources and data sources.
const RESERVED: [&str; 7] = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

/// What a block is the schema of.
#[derive(Clone, Copy, PartialEq)]
enum Of {
    Resource,
    DataSource,
    /// A provider, a list resource or a nested block: users set all its attributes.
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
            None => mistakes.add(&context, "there is no resource of this name"),
            Some(resource) if resource.block().identity().next().is_none() => {
                mistakes.add(&context, "the resource has no identity, which each listed object needs");
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
                self.add(context, &format!("`{name}` is not lower case letters, digits and `_`"));
            }
            if of != Of::Arguments && RESERVED.contains(&name) {
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
            self.block(&format!("{context}, block `{}`", nested.name), &nested.block, Of::Arguments);
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
    // A list is known during validation even if an element comes from a variable.
    let elements = Value::List(vec![Value::Unknown]);
    let list = matches!(attribute.ty, Type::List(_));
    let mistakes = [
        (!required && !optional && !computed, "none of `required`, `optional`, `computed` and `default`"),
        (
            *required && (*optional || *computed || default.is_some()),
            "`required` excludes `optional`, `computed` and `default`",
        ),
        (*write_only && *computed, "`write_only` excludes `computed` and `default`"),
        (*write_only && *identity, "`write_only` excludes `identity`"),
        (
            *identity && *optional && !computed,
            "an `identity` without a value names no object: make it `required` or `computed`",
        ),
        (attribute.use_state_for_unknown && !computed, "`use_state_for_unknown` has no effect without `computed`"),
        (of == Of::Arguments && *computed, "`computed` and `default` have no effect here"),
        (
            of != Of::Resource && (changes || *identity),
            "`requires_replace`, `use_state_for_unknown` and `identity` have no effect here",
        ),
        (of != Of::Resource && *write_only, "`write_only` has no effect here"),
        (
            list && (*required || *optional) && !attribute.check(&elements).is_empty(),
            "an element of a list that users set can be unknown: use `Vec<Attr<_>>`",
        ),
    ];
    mistakes.into_iter().filter(|(wrong, _)| *wrong).map(|(_, mistake)| mistake.to_owned()).collect()
}

/// Rules and defaults that do not fit the type or each other.
fn of_rules(attribute: &Attribute) -> Vec<String> {
    let mut mistakes = Vec::new();
    for check in &attribute.checks {
        let (fits, mistake) = match check {
            Check::Between(range) if range.is_empty() => (false, "`between` allows no value"),
            Check::Between(_) => (attribute.ty == Type::Number, "`between` has an effect on numbers only"),
            Check::LengthAtLeast(_) => {
                (attribute.ty == Type::String, "`length_at_least` has an effect on strings only")
            }
            Check::Printable => (attribute.ty == Type::String, "`printable` has an effect on strings only"),
        };
        if !fits {
            mistakes.push(mistake.to_owned());
        }
    }
    if let Some(default) = &attribute.default {
        if default.conforms(&attribute.ty).is_err() {
            mistakes.push("the default is of another type".to_owned());
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
            None => mistakes.push(format!("`{rule}` names `{name}`, which is no attribute here")),
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
