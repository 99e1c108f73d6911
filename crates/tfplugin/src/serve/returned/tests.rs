//! Values that repeat secrets.

use super::*;
use crate::author::attr::Attr;

/// The object, or null, and the errors or warnings.
fn checked(
    block: &Block,
    before: &Value,
    object: Value,
    destination: Destination,
    secrets: &Secrets,
) -> (Value, Diagnostics) {
    without_secrets(block, before, object, destination, secrets).unwrap_or_else(|errors| (Value::Null, errors))
}

#[test]
fn a_secret_in_another_attribute_is_not_stored() {
    let block = Block::new("")
        .with(Attr::<String>::attribute("name", "").required())
        .with(Attr::<Vec<String>>::attribute("names", "").computed())
        .with(Attr::<String>::attribute("password", "").optional().sensitive());
    let object = |name: &str, names: &[&str]| {
        let names = Value::List(names.iter().map(|name| Value::from(*name)).collect());
        let values = [("name", name.into()), ("names", names), ("password", "hunter22".into())];
        Value::Map(values.map(|(name, value)| (name.to_owned(), value)).into())
    };
    let secrets = Secrets::default();
    secrets.remember("hunter22");
    secrets.remember("1000");
    for (before, found, expected, warned) in [
        (object("a", &[]), object("hunter22", &[]), object("a", &[]), 1),
        (object("hunter22", &[]), object("hunter22", &[]), object("hunter22", &[]), 0),
        (object("a", &[]), object("1000", &["b"]), object("1000", &["b"]), 0),
        (object("a", &[]), object("not hunter22", &[]), object("a", &[]), 1),
        (object("a", &[]), object(" HUNTER2\n", &[]), object("a", &[]), 1),
        (object("a", &[]), object("hunte", &["ter22"]), object("hunte", &["ter22"]), 0),
        // Drift of a value that the configuration shows itself.
        (object("hunter22", &[]), object("Hunter22-b", &[]), object("Hunter22-b", &[]), 0),
        (object("hunter", &[]), object("hunter22", &[]), object("hunter", &[]), 1),
    ] {
        let (kept, warnings) = checked(&block, &before, found, Destination::State, &secrets);
        assert!(kept == expected && warnings.0.len() == warned, "{warnings:?}");
    }
    let (kept, warnings) =
        checked(&block, &Value::Null, object("hunter22", &["b", "hunter22"]), Destination::State, &secrets);
    assert!(kept.attribute("name").is_null() && warnings.0.len() == 2);
    assert!(kept.attribute("names").is_null(), "no list with a gap");
}

#[test]
fn a_secret_in_an_attribute_of_a_block_is_not_stored() {
    let nested = |nesting| crate::author::block::NestedBlock {
        name: "hook",
        description: "".into(),
        block: Block::new("").with(Attr::<String>::attribute("name", "").required()),
        nesting,
    };
    let hook = |name: &str| Value::Map([("name".to_owned(), name.into())].into());
    let object = |hook: Value| Value::Map([("hook".to_owned(), hook)].into());
    let secrets = Secrets::default();
    secrets.remember("hunter22");
    let list = |names: &[&str]| object(Value::List(names.iter().map(|name| hook(name)).collect()));
    let many = Block::new("").with(nested(crate::author::block::Nesting::List { min: 0, max: 0 }));
    let found = list(&["a", "Hunter22"]);
    let (kept, warnings) = checked(&many, &list(&["a", "b"]), found, Destination::State, &secrets);
    assert!(kept == list(&["a", "b"]) && warnings.0[0].summary.contains("`hook[1].name`"), "{warnings:?}");
    let one = Block::new("").with(nested(crate::author::block::Nesting::Single));
    let found = object(hook("hunter2"));
    let (kept, warnings) = checked(&one, &object(Value::Null), found, Destination::State, &secrets);
    assert!(kept.attribute("hook").attribute("name").is_null() && warnings.0.len() == 1, "{warnings:?}");
}

fn secrets(all: &[&str]) -> Secrets {
    let secrets = Secrets::default();
    for secret in all {
        secrets.remember(secret);
    }
    secrets
}

fn object<const N: usize>(values: [(&str, Value); N]) -> Value {
    Value::Map(values.map(|(name, value)| (name.to_owned(), value)).into())
}

fn severities(found: &Diagnostics) -> Vec<bool> {
    found.iter().map(|one| one.severity == crate::author::diagnostics::Severity::Error).collect()
}

const ID: &str = "c0ffee00-1234-4abc-9def-0123456789ab";

#[test]
fn an_id_is_never_nulled() {
    let block = Block::new("")
        .with(Attr::<String>::attribute("id", "").computed().identity())
        .with(Attr::<String>::attribute("owner_id", "").optional().computed());
    let returned = |id: &str, owner: &str| object([("id", id.into()), ("owner_id", owner.into())]);
    let unknown = object([("id", Value::Unknown), ("owner_id", "o".into())]);
    for secret in [ID.to_owned(), ID.to_uppercase(), ID.replace('-', "")] {
        let secrets = secrets(&[&secret]);
        let found = |before: &Value, destination| checked(&block, before, returned(ID, "o"), destination, &secrets);
        for (before, destination) in [
            (&unknown, Destination::State),
            (&Value::Null, Destination::Import),
            (&Value::Null, Destination::Query),
            (&Value::Null, Destination::Data),
        ] {
            let (_, diagnostics) = found(before, destination);
            assert_eq!(severities(&diagnostics), [true], "{destination:?}: {diagnostics:?}");
            assert!(diagnostics.0[0].summary.ends_with("`id`") && !format!("{diagnostics:?}").contains("c0ffee"));
        }
        let (kept, diagnostics) = found(&returned(ID, "o"), Destination::State);
        assert!(kept == returned(ID, "o") && diagnostics.0.is_empty());
    }
    // A key may begin with the ID of its owner.
    let secrets = secrets(&[&format!("{ID}.random")]);
    let (kept, diagnostics) = checked(&block, &Value::Null, returned("1", ID), Destination::Query, &secrets);
    assert!(kept == returned("1", ID) && diagnostics.0.is_empty(), "{diagnostics:?}");
}

#[test]
fn a_data_source_returns_all_values_or_an_error() {
    const SECRET: &str = "hunter22-and-a-tail";
    let block = Block::new("")
        .with(Attr::<String>::attribute("name", "").optional().computed())
        .with(Attr::<Vec<String>>::attribute("names", "").computed());
    let secrets = secrets(&[SECRET]);
    let state = |name: &str| object([("name", name.into()), ("names", Value::List(vec!["a".into(), name.into()]))]);
    let config = |name: Value| object([("name", name), ("names", Value::Null)]);
    for (before, returned, errors) in [
        (config(Value::Null), state(SECRET), vec![true, true]),
        (config(SECRET.into()), state(SECRET), vec![]),
        (config("Hunter22-and-a-tail".into()), state(SECRET), vec![]),
        (config(Value::Null), state("hunter22"), vec![]),
    ] {
        let (kept, found) = checked(&block, &before, returned.clone(), Destination::Data, &secrets);
        assert_eq!(severities(&found), errors);
        assert!(!errors.is_empty() || kept == returned);
    }
}

#[test]
fn an_import_never_nulls_a_required_attribute() {
    let block = Block::new("")
        .with(Attr::<String>::attribute("name", "").required())
        .with(Attr::<String>::attribute("note", "").optional());
    let returned = object([("name", "hunter22".into()), ("note", "hunter22".into())]);
    for destination in [Destination::Import, Destination::State] {
        let (kept, found) = checked(&block, &Value::Null, returned.clone(), destination, &secrets(&["hunter22"]));
        assert_eq!(severities(&found), [destination == Destination::Import, false]);
        assert!(kept.attribute("note").is_null());
    }
}

#[test]
fn keys_values_and_numbers_are_looked_at() {
    let block = Block::new("")
        .with(Attr::<std::collections::BTreeMap<String, String>>::attribute("types", "").optional())
        .with(Attr::<i64>::attribute("count", "").optional());
    let of = |key: &str, value: &str, count: i64| {
        object([("types", object([("a", "x".into()), (key, value.into())])), ("count", count.into())])
    };
    let before = of("b", "y", 10);
    for (returned, warnings) in [
        (of("hunter22", "y", 10), 1),
        (of("b", "hunter22", 10), 1),
        (of("b", "y", 84_129_077), 1),
        (of("hunter22", "y", 84_129_077), 2),
        (of("c", "z", 12345), 0),
        (of("c", "z", 84_129_078), 0),
    ] {
        let secrets = secrets(&["hunter22", "84129077", "12345"]);
        let (kept, found) = checked(&block, &before, returned.clone(), Destination::State, &secrets);
        assert_eq!(severities(&found), vec![false; warnings]);
        assert!(kept == if warnings == 0 { returned } else { before.clone() });
    }
    // A key that was there before is the configuration's.
    let secrets = secrets(&["hunter22"]);
    let (before, returned) = (of("hunter22", "y", 1), of("hunter22", "z", 1));
    let (kept, _) = checked(&block, &before, returned.clone(), Destination::State, &secrets);
    assert!(kept == returned);
}

#[test]
fn sensitive_values_that_the_service_returns_are_secrets() {
    let block = Block::new("")
        .with(Attr::<String>::attribute("name", "").optional())
        .with(Attr::<String>::attribute("token", "").optional().sensitive());
    let secrets = Secrets::default();
    let returned = object([("name", "hunter22".into()), ("token", "hunter22".into())]);
    let (kept, _) = checked(&block, &Value::Null, returned, Destination::State, &secrets);
    assert!(secrets.contains("hunter22") && kept.attribute("name").is_null());
}
