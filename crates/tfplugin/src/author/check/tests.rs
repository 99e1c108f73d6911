//! A provider whose schemas each test makes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::time::Duration;

use redaction::Secrets;
use secrecy::SecretString;
use tfplugin_derive::Schema;

use super::*;
use crate::author::attr::Attr;
use crate::author::block::NestedBlock;
use crate::author::call::{Answer, Call};
use crate::author::data_source::AnyDataSource;
use crate::author::diagnostics::{Diagnostics, Result};
use crate::author::list_resource::{AnyListResource, Sink};
use crate::author::resource::{AnyResource, Change, MoveSource, Upgrader};
use crate::author::timeouts::{DefaultTimeouts, ReadTimeout, Timeouts};

/// What a provider has of each kind, by name.
#[derive(Default)]
struct Kinds {
    resources: Vec<(&'static str, Block)>,
    data_sources: Vec<(&'static str, Block)>,
    lists: Vec<(&'static str, Block)>,
}

struct Kind(&'static str, Block);

/// No argument.
#[derive(Schema)]
struct NoConfig {}

impl Provider for Kinds {
    type Config = NoConfig;
    type Client = ();

    fn configure(&self, _: NoConfig, _: &str, _: &Secrets) -> Result<()> {
        Ok(())
    }

    fn resources(&self) -> Vec<Box<dyn AnyResource<()>>> {
        self.resources.iter().map(|(name, block)| Box::new(Kind(name, block.clone())) as _).collect()
    }

    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<()>>> {
        self.data_sources.iter().map(|(name, block)| Box::new(Kind(name, block.clone())) as _).collect()
    }

    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<()>>> {
        self.lists.iter().map(|(name, block)| Box::new(Kind(name, block.clone())) as _).collect()
    }
}

impl AnyResource<()> for Kind {
    fn type_name(&self) -> &'static str {
        self.0
    }

    fn timeouts(&self) -> DefaultTimeouts {
        unimplemented!()
    }

    fn move_hint(&self) -> Option<&'static str> {
        unimplemented!()
    }

    fn upgraders(&self) -> &'static [Upgrader] {
        unimplemented!()
    }

    fn block(&self) -> Block {
        self.1.clone()
    }

    fn validate(&self, _: Value) -> Result<Diagnostics> {
        unimplemented!()
    }

    fn defaults(&self, (): &(), _: Value, _: Value) -> Result<Value> {
        unimplemented!()
    }

    fn review(&self, (): &(), _: Value, _: Value, _: Change<Value>) -> Result<Diagnostics> {
        unimplemented!()
    }

    fn create<'a>(&'a self, _: &'a Call<'a, ()>, _: Value) -> Answer<'a, Value> {
        unimplemented!()
    }

    fn read<'a>(&'a self, _: &'a Call<'a, ()>, _: Value) -> Answer<'a, Value> {
        unimplemented!()
    }

    fn update<'a>(&'a self, _: &'a Call<'a, ()>, _: Value, _: Value) -> Answer<'a, Value> {
        unimplemented!()
    }

    fn delete<'a>(&'a self, _: &'a Call<'a, ()>, _: Value) -> Answer<'a, ()> {
        unimplemented!()
    }

    fn import(&self, _: &str) -> Result<Value> {
        unimplemented!()
    }

    fn import_id(&self, _: Value) -> Option<String> {
        unimplemented!()
    }

    fn move_state(&self, _: &MoveSource<'_>) -> Option<Value> {
        unimplemented!()
    }
}

impl AnyDataSource<()> for Kind {
    fn type_name(&self) -> &'static str {
        self.0
    }

    fn read_timeout(&self) -> Duration {
        unimplemented!()
    }

    fn block(&self) -> Block {
        self.1.clone()
    }

    fn validate(&self, _: Value) -> Result<Diagnostics> {
        unimplemented!()
    }

    fn read<'a>(&'a self, _: &'a Call<'a, ()>, _: Value) -> Answer<'a, Value> {
        unimplemented!()
    }
}

impl AnyListResource<()> for Kind {
    fn type_name(&self) -> &'static str {
        self.0
    }

    fn read_timeout(&self) -> Duration {
        unimplemented!()
    }

    fn block(&self) -> Block {
        self.1.clone()
    }

    fn list<'a>(&'a self, _: &'a Call<'a, ()>, _: Value, _: Sink) -> Answer<'a, ()> {
        unimplemented!()
    }
}

fn text(name: &'static str) -> Attribute {
    Attr::<String>::attribute(name, "")
}

fn number(name: &'static str) -> Attribute {
    Attr::<i32>::attribute(name, "")
}

fn block<const N: usize>(attributes: [Attribute; N]) -> Block {
    attributes.into_iter().fold(Block::new(""), Block::with)
}

/// A resource with all that is right.
fn sound() -> Block {
    block([
        text("id").computed().use_state_for_unknown().identity(),
        text("place").optional().computed().identity().requires_replace(),
        text("name").required().length_at_least(1),
        number("size").default(3).between(1..=9),
        text("key").optional().exactly_one_of("key_wo"),
        Attr::<SecretString>::attribute("key_wo", "").optional().write_only("key_version"),
        number("key_version").optional().computed().also_requires("key_wo"),
        Attr::<Vec<Attr<String>>>::attribute("tags", "").optional(),
        Attr::<Vec<String>>::attribute("found", "").computed(),
    ])
    .with(Attr::<Timeouts>::block("timeouts", ""))
}

#[test]
fn a_sound_provider_has_no_mistakes() {
    let source = block([text("id").optional().computed(), text("name").computed(), text("count_of").required()]);
    let provider = Kinds {
        resources: vec![("x", sound())],
        data_sources: vec![("x", source.with(Attr::<ReadTimeout>::block("timeouts", "")))],
        lists: vec![("x", block([text("place").optional()]))],
    };
    assert_eq!(check_provider(&provider), [""; 0]);
}

#[test]
fn a_part_of_a_resource_may_have_what_a_resource_may_have() {
    let part = NestedBlock {
        name: "part",
        description: "".into(),
        block: block([text("id").computed().use_state_for_unknown(), text("connection").optional().requires_replace()]),
        nesting: Nesting::List { min: 0, max: 2 },
    };
    let provider = Kinds { resources: vec![("x", block([]).with(part))], ..Kinds::default() };
    assert_eq!(check_provider(&provider), [""; 0]);
}

#[test]
fn each_mistake_in_a_resource_is_named() {
    let nested = |attribute: Attribute, nesting| NestedBlock {
        name: "inner",
        description: "".into(),
        block: block([attribute]),
        nesting,
    };
    let list = Nesting::List { min: 0, max: 0 };
    for (block, mistake) in [
        (block([text("a")]), "`a`: one of `required`, `optional`, `computed` and `default` is missing"),
        (block([text("a").required().computed()]), "`a`: `required` excludes `optional`, `computed` and `default`"),
        (block([text("a").required().optional()]), "`a`: `required` excludes `optional`, `computed` and `default`"),
        (block([number("a").required().default(1)]), "`a`: `required` excludes `optional`, `computed` and `default`"),
        (
            block([text("a").optional().identity()]),
            "`a`: an `identity` must have a value: make it `required` or `computed`",
        ),
        (
            block([text("a").optional().use_state_for_unknown()]),
            "`a`: `use_state_for_unknown` has no effect without `computed`",
        ),
        (block([text("a").optional(), text("a").required()]), "`a` is declared twice"),
        (
            block([text("timeouts").optional()]).with(Attr::<Timeouts>::block("timeouts", "")),
            "`timeouts` is declared twice",
        ),
        (block([text("for_each").optional()]), "`for_each` is reserved by Terraform"),
        (block([text("r#type").optional()]), "`r#type` has other characters than lower case letters, digits and `_`"),
        (block([text("").optional()]), "`` has other characters than lower case letters, digits and `_`"),
        (
            block([number("a").default(10).between(1..=9)]),
            "`a`: the default is refused: expected a whole number from 1 to 9",
        ),
        (
            block([number("a").default(i64::MAX)]),
            "`a`: the default is refused: expected a whole number from -2147483648 to 2147483647",
        ),
        (block([number("a").default("1")]), "`a`: the default has another type"),
        (block([text("a").optional().between(1..=9)]), "`a`: `between` has an effect on numbers only"),
        (block([number("a").optional().between(RangeInclusive::new(9, 1))]), "`a`: `between` allows no value"),
        (block([number("a").optional().length_at_least(1)]), "`a`: `length_at_least` has an effect on strings only"),
        (
            block([text("a").optional().also_requires("b")]),
            "`a`: `also_requires` names `b`, but the block has no such attribute",
        ),
        (
            block([text("a").optional().exactly_one_of("b")]),
            "`a`: `exactly_one_of` names `b`, but the block has no such attribute",
        ),
        (block([text("a").optional().exactly_one_of("a")]), "`a`: `exactly_one_of` names the attribute itself"),
        (
            block([text("a").optional().write_only("b")]),
            "`a`: `write_only` names `b`, but the block has no such attribute",
        ),
        (block([text("a").optional().write_only("b"), text("b").computed()]), "`a`: its version `b` is not a number"),
        (
            block([text("a").optional().write_only("b"), number("b").optional()]),
            "`a`: its version `b` is not `computed`",
        ),
        (
            block([text("a").optional().computed().write_only("b"), number("b").computed()]),
            "`a`: `write_only` excludes `computed` and `default`",
        ),
        (
            block([text("a").required().write_only("b").identity(), number("b").computed()]),
            "`a`: `write_only` excludes `identity`",
        ),
        (
            block([Attr::<Vec<String>>::attribute("a", "").optional()]),
            "`a`: the type of the elements must be `Attr<_>`, because users can set unknown elements",
        ),
        (
            block([Attr::<BTreeMap<String, String>>::attribute("a", "").optional()]),
            "`a`: the type of the elements must be `Attr<_>`, because users can set unknown elements",
        ),
        (block([text("a").optional().one_of(&[])]), "`a`: `one_of` or `usually_one_of` names no value"),
        (block([number("a").optional().one_of(&["b"])]), "`a`: `one_of` has an effect on strings only"),
        (
            block([]).with(nested(text("a").required().identity(), list)),
            "block `inner`, `a`: `requires_replace`, `use_state_for_unknown` and `identity` have no effect here",
        ),
        (
            block([]).with(nested(text("a").optional(), Nesting::List { min: 2, max: 1 })),
            "block `inner`: `min` is above `max`",
        ),
    ] {
        let provider = Kinds { resources: vec![("x", block)], ..Kinds::default() };
        assert_eq!(
            check_provider(&provider).join("\n").replacen("resource `x`: ", "", 1).replacen("resource `x`, ", "", 1),
            mistake
        );
    }
}

#[test]
fn rules_that_have_no_effect_in_a_data_source_or_a_list_are_named() {
    let lists = |name| vec![(name, block([text("a").optional().computed()]))];
    let sources = vec![
        ("x", block([text("a").computed().requires_replace()])),
        ("y", block([text("a").optional().write_only("b"), number("b").computed()])),
    ];
    let found = check_provider(&Kinds { resources: vec![("x", sound())], data_sources: sources, lists: lists("x") });
    let expected = [
        "data source `x`, `a`: `requires_replace`, `use_state_for_unknown` and `identity` have no effect here",
        "data source `y`, `a`: `write_only` has no effect here",
        "list resource `x`, `a`: `computed` and `default` have no effect here",
    ];
    assert_eq!(found, expected);
}

#[test]
fn mistakes_in_what_is_registered_are_named() {
    let empty = || block([]);
    let provider = Kinds {
        resources: vec![("x", empty()), ("y", sound()), ("x", empty())],
        data_sources: vec![("x", empty()), ("x", empty()), ("x", empty())],
        lists: vec![("x", empty()), ("z", empty()), ("y", empty()), ("y", empty())],
    };
    let expected = [
        "list resource `x`: the resource has no identity, but each listed object requires one",
        "list resource `z`: there is no resource with this name",
        "resource `x`: it is registered twice",
        "data source `x`: it is registered twice",
        "list resource `y`: it is registered twice",
    ];
    assert_eq!(check_provider(&provider), expected);
}
