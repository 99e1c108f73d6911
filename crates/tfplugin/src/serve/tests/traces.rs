//! Attributes whose values in the state may not be those of the object.

use super::*;

/// No tags: the update whose outcome nobody knows.
fn lost(object: Value) -> Value {
    with(object, "tags", Value::List(Vec::new()))
}

fn state(answer: &apply_resource_change::Response) -> Value {
    decoded(answer.new_state.as_ref())
}

/// An object whose update of size and tags was lost, with the private data after it.
async fn after_a_lost_update(fixture: &Fixture, place: &str) -> (Value, Vec<u8>) {
    let planned = lost(with(existing(place), "size", 4.into()));
    let answer = fixture.apply_with(b"", &existing(place), &planned, &thing(&[])).await;
    assert_eq!(summaries(&answer.diagnostics), ["Lost"]);
    assert_eq!(state(&answer), existing(place), "without a refresh, the trace waits");
    (state(&answer), answer.private)
}

#[tokio::test]
async fn values_of_a_lost_update_read_as_null_until_an_update_succeeds() {
    let fixture = Fixture::new().await;
    let (prior, private) = after_a_lost_update(&fixture, "here").await;
    let text = String::from_utf8_lossy(&private).into_owned();
    assert_eq!(text, r#"{"distrusted":["size","tags"]}"#, "names only");

    let read = fixture.read_with(&private, &prior).await;
    let refreshed = decoded(read.new_state.as_ref());
    assert_eq!(refreshed, with(existing("here"), "size", Value::Null));
    assert_eq!(read.private, private);
    let again = fixture.read_with(&read.private, &refreshed).await;
    assert_eq!((decoded(again.new_state.as_ref()), again.private), (refreshed.clone(), private.clone()));

    // The configuration is that of before, and the plan shows the change all the same.
    let plan = fixture.plan_with(&private, &refreshed, &thing(&[("size", 3.into())])).await;
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("size"), &3.into());
    assert_eq!(plan.planned_private, private);
    let planned = with(existing("here"), "revision", Value::Unknown);
    let applied = fixture.apply_with(&private, &refreshed, &planned, &thing(&[])).await;
    assert_eq!(summaries(&applied.diagnostics), [""; 0]);
    assert!(applied.private.is_empty());
}

#[tokio::test]
async fn values_that_a_read_returns_are_trusted_again() {
    let fixture = Fixture::new().await;
    let (prior, private) = after_a_lost_update(&fixture, "answering").await;
    let read = fixture.read_with(&private, &prior).await;
    assert_eq!(decoded(read.new_state.as_ref()).attribute("size"), &7.into());
    assert_eq!(read.private, br#"{"distrusted":["tags"]}"#);
}

#[tokio::test]
async fn a_trace_outlives_what_changes_nothing_of_the_object() {
    let fixture = Fixture::new().await;
    let (prior, private) = after_a_lost_update(&fixture, "here").await;
    let nulls = ["read", "update", "delete"].map(|name| (name, Value::Null));
    let timeouts = [("create", "1m".into())].into_iter().chain(nulls).collect::<Vec<_>>();
    let planned = with(prior.clone(), "timeouts", object(&timeouts));
    let answer = fixture.apply_with(&private, &prior, &planned, &thing(&[])).await;
    assert_eq!(answer.private, private);

    // Another update that is lost adds to the trace, and a refused delete leaves it as it is.
    let planned = lost(with(prior.clone(), "key_version", 2.into()));
    let answer = fixture.apply_with(&private, &prior, &planned, &thing(&[])).await;
    assert_eq!(answer.private, br#"{"distrusted":["key_version","size","tags"]}"#);
    let refused = fixture.apply_with(&private, &existing("refused"), &Value::Null, &Value::Null).await;
    assert_eq!(refused.private, private);
}

#[tokio::test]
async fn a_panic_keeps_the_trace() {
    let fixture = Fixture::new().await;
    let private = br#"{"distrusted":["size"]}"#;
    let prior = existing("panic");
    let answer = fixture.apply_with(private, &prior, &with(prior.clone(), "size", 4.into()), &thing(&[])).await;
    assert_eq!((summaries(&answer.diagnostics), answer.private), (vec!["Bug in the provider"], private.to_vec()));
    assert_eq!(fixture.read_with(private, &prior).await.private, private);
}

#[tokio::test]
async fn a_create_that_did_not_set_all_values_leaves_a_trace_of_them() {
    let fixture = Fixture::new().await;
    let planned = thing(&[
        ("id", Value::Unknown),
        ("place", "adopted".into()),
        ("size", 3.into()),
        ("revision", Value::Unknown),
        ("key_version", 1.into()),
    ]);
    let config = thing(&[("key", "hunter2".into()), ("place", "adopted".into())]);
    let created = fixture.apply(&Value::Null, &planned, &config).await;
    assert_eq!(summaries(&created.diagnostics), [""; 0]);
    let keyed = with(existing("adopted"), "key_version", 1.into());
    assert_eq!(state(&created), keyed);
    assert_eq!(created.private, br#"{"distrusted":["key_version","size"]}"#, "the hash of the key is forgotten");

    let read = fixture.read_with(&created.private, &keyed).await;
    let refreshed = decoded(read.new_state.as_ref());
    assert_eq!((refreshed.attribute("size"), refreshed.attribute("key_version")), (&Value::Null, &Value::Null));
    for prior in [&refreshed, &keyed] {
        let plan = fixture.plan_with(&created.private, prior, &config).await;
        let planned = decoded(plan.planned_state.as_ref());
        assert!(planned.attribute("key_version").is_unknown(), "the key is set once more");
        assert!(plan.requires_replace.is_empty());
    }
}

#[tokio::test]
async fn a_replacement_remembers_nothing_of_the_object_before() {
    let fixture = Fixture::new().await;
    let private = br#"{"hashes":{"key":"x"},"distrusted":["size"]}"#;
    let planned =
        thing(&[("id", Value::Unknown), ("place", "odd".into()), ("size", 3.into()), ("revision", Value::Unknown)]);
    let created = fixture.apply_with(private, &Value::Null, &planned, &thing(&[])).await;
    assert!(created.private.is_empty());
}

#[tokio::test]
async fn the_first_read_after_an_import_knows_that_it_is_one() {
    let fixture = Fixture::new().await;
    let import = import_resource_state::Request { type_name: name(), id: "7".to_owned(), ..Default::default() };
    let answer = fixture.service.import_resource_state(Request::new(import)).await.expect("no status").into_inner();
    let private = &answer.imported_resources.first().expect("one").private;
    let imported = thing(&[("id", "7".into()), ("place", "here".into())]);
    let read = fixture.read_with(private, &imported).await;
    assert_eq!(decoded(read.new_state.as_ref()).attribute("size"), &9.into());
    assert!(read.private.is_empty());
    // A null says nothing.
    assert_eq!(decoded(fixture.read(&imported).await.new_state.as_ref()), imported);
}
