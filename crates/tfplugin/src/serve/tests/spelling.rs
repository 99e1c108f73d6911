//! Values that are written differently and mean the same.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::*;
use crate::author::attribute_type::AttributeType;
use crate::author::mismatch::Mismatch;
use crate::serve::plan;
use crate::serve::private::Private;

/// A word. The service ignores case, but gets the word as written.
struct Word(String);

impl AttributeType for Word {
    fn ty() -> Type {
        Type::String
    }

    fn from_value(value: Value) -> Result<Self, Mismatch> {
        String::from_value(value).map(Self)
    }

    fn into_value(self) -> Value {
        self.0.into()
    }

    fn same(&self, other: &Self) -> bool {
        self.0.eq_ignore_ascii_case(&other.0)
    }
}

fn block() -> Block {
    Block::new("")
        .with(Attr::<Word>::attribute("word", "").required())
        .with(Attr::<Word>::attribute("place", "").optional().requires_replace())
        .with(Attr::<Uuid>::attribute("other", "").optional())
        .with(Attr::<i64>::attribute("size", "").optional())
}

const ID: &str = "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b";

fn word(values: &[(&str, Value)]) -> Value {
    let usual = [("word", "Word".into()), ("place", "Here".into()), ("other", ID.into()), ("size", 1.into())];
    values.iter().fold(object(&usual), |object, (name, value)| with(object, name, value.clone()))
}

/// The plan of an update from the usual values. `found` are the attributes that the state has from the service.
fn planned(config: &Value, found: &[&str]) -> (Value, usize) {
    let found: BTreeSet<_> = found.iter().map(|name| (*name).to_owned()).collect();
    let plan = plan::plan(&block(), &word(&[]), config.clone(), config, &[], &found, Ok).expect("a plan");
    (plan.state, plan.requires_replace.len())
}

#[test]
fn another_spelling_in_the_configuration_is_an_update() {
    let config = word(&[("word", "WORD".into())]);
    assert_eq!(planned(&config, &[]), (config, 0));
}

#[test]
fn irrelevant_differences_and_those_that_would_replace_the_object_are_no_change() {
    for (name, value) in [("place", "HERE"), ("other", &ID.to_uppercase())] {
        assert_eq!(planned(&word(&[(name, value.into())]), &[]), (word(&[]), 0), "{name}");
    }
    assert_eq!(planned(&word(&[("place", "there".into())]), &[]).1, 1);
}

#[test]
fn the_spelling_of_the_service_is_no_change_until_another_update_is_sent() {
    let config = word(&[("word", "WORD".into())]);
    assert_eq!(planned(&config, &["word"]), (word(&[]), 0));
    assert_eq!(planned(&config, &["size"]), (config.clone(), 0));
    let other = with(config, "size", 2.into());
    assert_eq!(planned(&other, &["word"]), (other, 0));
    let another = word(&[("word", "another".into())]);
    assert_eq!(planned(&another, &["word"]), (another, 0));
}

#[test]
fn a_read_notes_what_it_took_from_the_service_and_a_write_what_it_sent() {
    let mut private = Private::default();
    private.note_found(&block(), &word(&[]), &word(&[]));
    assert!(private == Private::default(), "nothing changed");
    private.note_found(&block(), &word(&[("word", Value::Null), ("place", Value::Null)]), &word(&[]));
    assert_eq!(private.found, BTreeSet::from(["word".to_owned()]), "an import");
    assert_eq!(private.write(b""), br#"{"found":["word"]}"#);
    private.note_sent(&block(), &word(&[("word", "WORD".into())]), &word(&[]));
    assert_eq!(private.found.len(), 1, "the state still has the spelling of the service");
    private.note_sent(&block(), &word(&[]), &word(&[]));
    assert!(private.found.is_empty());
}
