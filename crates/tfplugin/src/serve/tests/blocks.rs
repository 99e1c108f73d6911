//! Nested blocks: values like all others.

use std::collections::BTreeSet;

use redaction::Secrets;
use uuid::Uuid;

use super::*;
use crate::author::diagnostics::Diagnostics;
use crate::author::json::Json;
use crate::cty::Path;
use crate::serve::plan;
use crate::serve::private::Private;
use crate::serve::sensitive::remember;
use crate::serve::timeout::timeout;
use crate::serve::validate::validate;
use crate::serve::walk;

/// A shelf.
#[derive(Schema)]
struct Shelf {
    /// Its name.
    #[attribute(required)]
    name: Attr<String>,
    /// A book on it.
    #[block(max = 3)]
    book: Attr<Vec<Book>>,
    /// What holds it.
    #[block]
    wall: Attr<Wall>,
    /// Time limit of each operation.
    #[block(max = 1)]
    timeouts: Attr<Vec<Timeouts>>,
}

/// A book.
#[derive(Schema)]
struct Book {
    /// Its title.
    #[attribute(required, length_at_least(1), exactly_one_of("link"))]
    title: Attr<String>,
    /// Where it is, if it is not here.
    #[attribute(optional)]
    link: Attr<String>,
    /// How many.
    #[attribute(default = 1, between(1..=9))]
    copies: Attr<i64>,
    /// The owner.
    #[attribute(optional, requires_replace)]
    owner: Attr<Uuid>,
    /// The mark of the library.
    #[attribute(computed, use_state_for_unknown)]
    mark: Attr<String>,
    /// The edition.
    #[attribute(computed)]
    edition: Attr<i64>,
    /// Whatever else.
    #[attribute(optional, sensitive)]
    notes: Attr<Json>,
    /// A page.
    #[block]
    page: Attr<Vec<Page>>,
}

/// A page.
#[derive(Schema)]
struct Page {
    /// Its number.
    #[attribute(required)]
    number: Attr<i64>,
}

/// A wall.
#[derive(Schema)]
struct Wall {
    /// Its color.
    #[attribute(optional, one_of(&["red", "white"]), deprecated("Use paper."))]
    color: Attr<String>,
}

fn list(elements: &[Value]) -> Value {
    Value::List(elements.to_vec())
}

fn book(values: &[(&str, Value)]) -> Value {
    let usual = ["title", "link", "copies", "owner", "mark", "edition", "notes"].map(|name| (name, Value::Null));
    let usual = with(object(&usual), "page", list(&[]));
    values.iter().fold(usual, |book, (name, value)| with(book, name, value.clone()))
}

fn shelf(books: &[Value]) -> Value {
    object(&[("name", "a".into()), ("book", list(books)), ("wall", Value::Null), ("timeouts", list(&[]))])
}

/// A book as the state has it.
fn known(values: &[(&str, Value)]) -> Value {
    let usual = book(&[("title", "A".into()), ("copies", 1.into()), ("mark", "m".into()), ("edition", 2.into())]);
    values.iter().fold(usual, |book, (name, value)| with(book, name, value.clone()))
}

fn plan_of(prior: &Value, proposed: &Value, config: &Value, found: &[&str]) -> (Value, Vec<String>) {
    let found: BTreeSet<_> = found.iter().map(|name| (*name).to_owned()).collect();
    let plan = plan::plan(&Shelf::block(), prior, proposed.clone(), config, &[], &found, Ok).expect("a plan");
    (plan.state, plan.requires_replace.iter().map(Path::to_string).collect())
}

fn part<'a>(shelf: &'a Value, index: usize, name: &str) -> &'a Value {
    match shelf.attribute("book") {
        Value::List(books) => books[index].attribute(name),
        _ => panic!("no list"),
    }
}

fn told(diagnostics: &Diagnostics) -> Vec<String> {
    diagnostics.0.iter().map(|found| format!("{} ({}): {}", found.summary, found.path, found.detail)).collect()
}

#[test]
fn the_schema_has_lists_of_blocks() {
    let block = render::schema(&Shelf::block(), 0).block.expect("a block");
    let found: Vec<_> =
        block.block_types.iter().map(|part| (&*part.type_name, part.nesting, part.min_items, part.max_items)).collect();
    assert_eq!(found, [("book", 2, 0, 3), ("wall", 1, 0, 0), ("timeouts", 2, 0, 1)]);
    let ty = Shelf::block().ty();
    assert!(ty.to_json().contains(r#""book":["list",["object""#), "{}", ty.to_json());
    let color = &block.block_types[1].block.as_ref().expect("a block").attributes[0];
    assert!(color.deprecated && color.deprecation_message == "Use paper.");
    assert_eq!(color.description, "Its color. Allowed values: `red`, `white`.");
}

#[test]
fn a_create_plans_defaults_and_what_only_apply_knows() {
    let config = shelf(&[book(&[("title", "A".into())]), book(&[("title", "B".into()), ("copies", 2.into())])]);
    let (planned, _) = plan_of(&Value::Null, &config, &config, &[]);
    assert_eq!((part(&planned, 0, "copies"), part(&planned, 1, "copies")), (&1.into(), &2.into()));
    assert!(part(&planned, 1, "mark").is_unknown() && part(&planned, 1, "edition").is_unknown());
    let unknown = with(config, "book", Value::Unknown);
    assert_eq!(plan_of(&Value::Null, &unknown, &unknown, &[]).0, unknown, "a dynamic block");
}

#[test]
fn an_update_keeps_what_stays_and_plans_what_comes() {
    let prior = shelf(&[known(&[])]);
    let config = shelf(&[book(&[("title", "A".into())]), book(&[("title", "B".into())])]);
    let (planned, replaced) = plan_of(&prior, &config, &config, &[]);
    assert_eq!(replaced, [""; 0]);
    // Terraform does not propose computed values in a list that has another length.
    assert!(part(&planned, 1, "mark").is_unknown());
    let proposed = shelf(&[known(&[("title", "B".into())])]);
    let config = shelf(&[book(&[("title", "B".into())])]);
    let (planned, _) = plan_of(&prior, &proposed, &config, &[]);
    assert_eq!((part(&planned, 0, "mark"), part(&planned, 0, "copies")), (&"m".into(), &1.into()));
    assert!(part(&planned, 0, "edition").is_unknown());
    // What an old version of Terraform proposes does not count.
    let (planned, _) = plan_of(&prior, &prior, &shelf(&[]), &[]);
    assert_eq!(planned, shelf(&[]));
    assert!(plan::changes_object(&Shelf::block(), &prior, &planned));
    assert_eq!(plan::changes(&Shelf::block(), &prior, &planned), ["book"]);
}

#[test]
fn a_change_in_a_block_replaces_the_object_if_the_attribute_says_so() {
    let id = "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b";
    let with_owner = |owner: &str| {
        let values = [("title", "A".into()), ("owner", owner.into())];
        (shelf(&[known(&[]), known(&values)]), shelf(&[book(&[("title", "A".into())]), book(&values)]))
    };
    let ((prior, _), (proposed, config)) = (with_owner(id), with_owner("00000000-0000-4000-8000-000000000000"));
    assert_eq!(plan_of(&prior, &proposed, &config, &[]).1, ["book[1].owner"]);
    let (proposed, config) = with_owner(&id.to_uppercase());
    assert_eq!(plan_of(&prior, &proposed, &config, &[]), (prior.clone(), Vec::new()), "another spelling");
    let one = shelf(&[known(&[])]);
    assert_eq!(plan_of(&prior, &one, &shelf(&[book(&[("title", "A".into())])]), &[]).1, ["book[1].owner"], "it goes");
}

#[test]
fn json_in_a_block_is_compared_by_what_it_means() {
    let notes = |text: &str| [("title", Value::from("A")), ("notes", text.into())];
    let prior = shelf(&[known(&notes(r#"{"a":1,"b":2}"#))]);
    let planned = |text: &str, found: &[&str]| {
        plan_of(&prior, &shelf(&[known(&notes(text))]), &shelf(&[book(&notes(text))]), found).0 == prior
    };
    assert!(planned("{ \"b\": 2.0, \"a\": 1 }", &[]) && !planned(r#"{"a":1}"#, &[]));
    assert!(planned(r#"{"a":1}"#, &["book"]), "after an import, what the service added is no change");
    assert!(!planned(r#"{"a":2}"#, &["book"]));
}

#[test]
fn blocks_are_refreshed_and_keep_their_spelling() {
    let id = "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b";
    let prior = shelf(&[known(&[("owner", id.to_uppercase().into()), ("notes", r#"{ "a": 1 }"#.into())])]);
    let found = shelf(&[known(&[("owner", id.into()), ("notes", r#"{"a":1}"#.into())]), known(&[])]);
    let state = plan::refreshed(&Shelf::block(), &prior, found);
    assert_eq!(part(&state, 0, "owner"), part(&prior, 0, "owner"));
    assert_eq!(part(&state, 0, "notes"), part(&prior, 0, "notes"));
    assert!(matches!(state.attribute("book"), Value::List(books) if books.len() == 2), "one was added elsewhere");
    let timeouts = list(&[object(&[("create", "90s".into())])]);
    let state = plan::refreshed(&Shelf::block(), &with(prior, "timeouts", timeouts.clone()), shelf(&[]));
    assert_eq!((state.attribute("timeouts"), state.attribute("book")), (&timeouts, &list(&[])));
}

#[test]
fn the_outcome_is_compared_with_the_plan_inside_of_blocks() {
    let planned = shelf(&[known(&[("mark", Value::Unknown), ("notes", r#"{"a":1}"#.into())])]);
    let outcome = |result: Value| {
        let (state, found, _) =
            plan::outcome(&Shelf::block(), &Value::Null, &planned, result, false, &Secrets::default());
        (state, found)
    };
    let (state, found) = outcome(shelf(&[known(&[("mark", "x".into()), ("notes", r#"{ "a": 1.0 }"#.into())])]));
    assert_eq!((part(&state, 0, "mark"), part(&state, 0, "notes")), (&"x".into(), &r#"{"a":1}"#.into()));
    assert!(found.0.is_empty(), "{:?}", told(&found));
    let (_, found) = outcome(shelf(&[known(&[("copies", 5.into()), ("notes", "{}".into())])]));
    let found = told(&found);
    assert!(
        found[0].starts_with("The server did not take `book[0].copies` as planned (book[0].copies): Planned was 1")
    );
    assert!(found[1].contains("`book[0].notes`") && found[1].contains("a sensitive value"), "{found:?}");
    let (state, found) = outcome(shelf(&[]));
    assert_eq!(state, shelf(&[]));
    let found = told(&found);
    assert_eq!(found.len(), 1);
    assert!(found[0].contains("`book` blocks") && found[0].contains("Planned were 1 blocks, and the server reports 0"));
}

#[test]
fn blocks_of_an_adopted_object_never_taint_it() {
    let planned = shelf(&[known(&[])]);
    for result in [shelf(&[]), shelf(&[known(&[("copies", 5.into())])])] {
        let (state, found, distrusted) =
            plan::outcome(&Shelf::block(), &Value::Null, &planned, result, true, &Secrets::default());
        assert_eq!((state, distrusted), (planned.clone(), BTreeSet::from(["book".to_owned()])));
        assert!(!found.has_errors() && told(&found).len() == 1);
    }
}

#[test]
fn mistakes_are_shown_with_their_full_path() {
    let books = [
        book(&[("title", "A".into()), ("copies", 10.into())]),
        book(&[("title", "".into()), ("link", "x".into())]),
        book(&[("title", "C".into()), ("notes", "{\"token\": hunter2".into()), ("mark", "x".into())]),
        book(&[("title", Value::Unknown), ("copies", Value::Unknown), ("notes", Value::Unknown)]),
    ];
    let config = with(shelf(&books), "wall", object(&[("color", "blue".into())]));
    let found = told(&validate(&Shelf::block(), &config, true, &Secrets::default()));
    let expected = [
        "Invalid value for `book[0].copies` (book[0].copies): Expected a whole number from 1 to 9, got 10",
        "Invalid value for `book[1].title` (book[1].title): Expected a string that is not empty, got \"\"",
        "Both `title` and `link` are given (book[1].link): ",
        "`book[2].mark` cannot be set (book[2].mark): ",
        "Invalid value for `book[2].notes` (book[2].notes): Expected JSON, such as `jsonencode` makes, but found: expected value at line \
         1 column 11",
        "Invalid value for `wall.color` (wall.color): Expected one of `red`, `white`, got a text of 4 characters",
        "`wall.color` is deprecated (wall.color): Use paper.",
    ];
    assert_eq!(found.len(), expected.len(), "{found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.starts_with(expected), "{found}\n{expected}");
    }
    assert!(!found.concat().contains("hunter2"));
    assert!(
        told(&validate(&Shelf::block(), &with(shelf(&[]), "book", Value::Unknown), true, &Secrets::default()))
            .is_empty()
    );
}

#[test]
fn timeouts_that_are_unknown_as_a_whole_may_prove_to_be_absent() {
    let open = with(shelf(&[]), "timeouts", Value::Unknown);
    let minutes = with(shelf(&[]), "timeouts", list(&[object(&[("create", "5m".into())])]));
    for prior in [Value::Null, shelf(&[]), minutes.clone()] {
        for config in [&open, &shelf(&[]), &minutes] {
            assert_eq!(plan_of(&prior, config, config, &[]), (config.clone(), Vec::new()));
        }
    }
}

#[test]
fn timeouts_are_found_in_a_list_of_one_block() {
    let default = Duration::from_secs(1);
    let limit = |timeouts: Value, name: &str| timeout(&with(shelf(&[]), "timeouts", timeouts), name, default).as_secs();
    let minutes = object(&[("create", "5m".into())]);
    let one = list(std::slice::from_ref(&minutes));
    assert_eq!((limit(one.clone(), "create"), limit(minutes, "create")), (300, 300));
    assert_eq!((limit(one, "read"), limit(list(&[]), "create")), (1, 1));
    assert_eq!((limit(Value::Null, "create"), limit(Value::Unknown, "create")), (1, 1));
}

#[test]
fn sensitive_values_of_blocks_are_secrets() {
    let secrets = Secrets::default();
    let object = shelf(&[known(&[]), known(&[("notes", r#"{"token":"hunter2"}"#.into())])]);
    remember(&Shelf::block(), &object, &secrets);
    assert!(secrets.contains("hunter2") && secrets.contains(r#"{"token":"hunter2"}"#));
}

#[test]
fn a_generated_configuration_has_blocks_without_what_users_cannot_set() {
    let state = shelf(&[known(&[("notes", "{}".into())])]);
    let config = plan::configuration(&Shelf::block(), state);
    assert_eq!(config, shelf(&[book(&[("title", "A".into()), ("copies", 1.into())])]));
}

#[test]
fn a_list_of_blocks_is_never_null() {
    let whole = walk::whole(&Shelf::block(), with(shelf(&[]), "book", Value::Null));
    assert_eq!(whole, shelf(&[]));
    let inner = walk::whole(&Shelf::block(), shelf(&[book(&[("page", Value::Null)])]));
    assert_eq!(part(&inner, 0, "page"), &list(&[]));
}

#[test]
fn private_data_names_blocks() {
    let block = Shelf::block();
    let mut private = Private::default();
    private.distrust(&block, &BTreeSet::from(["book".to_owned()]));
    assert!(private.trusted(&shelf(&[known(&[])])).attribute("book").is_null());
    private.trust_values(&block, &with(shelf(&[]), "book", Value::Null));
    assert_eq!(private.write(b""), br#"{"distrusted":["book"]}"#);
    private.trust_values(&block, &shelf(&[]));
    assert!(private == Private::default());
    private.note_found(&block, &shelf(&[]), &shelf(&[known(&[])]));
    assert_eq!(private.found, BTreeSet::from(["book".to_owned()]), "an import");
    private.note_sent(&block, &shelf(&[]), &shelf(&[known(&[])]));
    assert_eq!(private.found.len(), 1);
    private.note_sent(&block, &shelf(&[known(&[])]), &shelf(&[known(&[])]));
    assert!(private == Private::default());
}
