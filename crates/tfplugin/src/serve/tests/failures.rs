//! Operations that fail or panic, and what the state then holds.

use super::*;

#[tokio::test]
async fn a_failure_keeps_the_prior_state() {
    let fixture = Fixture::new().await;
    let planned =
        thing(&[("id", Value::Unknown), ("place", "refused".into()), ("size", 3.into()), ("revision", Value::Unknown)]);
    let create = fixture.apply(&Value::Null, &planned, &thing(&[])).await;
    assert_eq!((summaries(&create.diagnostics), decoded(create.new_state.as_ref())), (vec!["Refused"], Value::Null));
    assert_eq!(create.diagnostics[0].detail, "by the service", "no object exists");
    let delete = fixture.apply(&existing("refused"), &Value::Null, &Value::Null).await;
    assert_eq!(
        (summaries(&delete.diagnostics), decoded(delete.new_state.as_ref())),
        (vec!["Refused"], existing("refused"))
    );
    let delete = fixture.apply(&existing("here"), &Value::Null, &Value::Null).await;
    assert_eq!((summaries(&delete.diagnostics), decoded(delete.new_state.as_ref())), (vec![], Value::Null));
}

#[tokio::test]
async fn a_panic_is_a_diagnostic_and_keeps_the_prior_state() {
    let fixture = Fixture::new().await;
    let prior = existing("panic");
    let import = import_resource_state::Request { type_name: name(), id: "panic".to_owned(), ..Default::default() };
    let read = fixture.read(&prior).await;
    let update = fixture.apply(&prior, &with(prior.clone(), "size", 4.into()), &thing(&[])).await;
    let delete = fixture.apply(&prior, &Value::Null, &Value::Null).await;
    let import = fixture.service.import_resource_state(Request::new(import)).await.expect("no status").into_inner();
    for diagnostics in [&read.diagnostics, &update.diagnostics, &delete.diagnostics, &import.diagnostics] {
        assert_eq!(summaries(diagnostics), ["Bug in the provider"]);
        assert!(!diagnostics[0].detail.contains("own text"), "a panic's text may hold a secret");
    }
    for state in [&read.new_state, &update.new_state, &delete.new_state] {
        assert_eq!(decoded(state.as_ref()), prior);
    }
    assert_eq!(decoded(fixture.read(&existing("here")).await.new_state.as_ref()), existing("here"));
}

#[tokio::test]
async fn the_state_that_a_create_kept_survives_a_panic() {
    let fixture = Fixture::new().await;
    let planned = thing(&[
        ("id", Value::Unknown),
        ("place", "late panic".into()),
        ("size", 3.into()),
        ("revision", Value::Unknown),
    ]);
    let answer = fixture.apply(&Value::Null, &planned, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(summaries(&answer.diagnostics), ["Bug in the provider"]);
    let expected = thing(&[("id", "1".into()), ("place", "late panic".into()), ("size", 3.into())]);
    assert_eq!(decoded(answer.new_state.as_ref()), expected);
    assert!(answer.new_identity.is_some());
    assert!(answer.diagnostics[0].detail.ends_with(IMPORT), "{}", answer.diagnostics[0].detail);
}

#[tokio::test]
async fn a_failed_apply_keeps_the_private_data() {
    let fixture = Fixture::new().await;
    let prior = with(existing("panic"), "key_version", 1.into());
    let planned = with(prior.clone(), "key_version", 2.into());
    let answer = fixture.apply(&prior, &planned, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(answer.private, b"private");
}

#[tokio::test]
async fn a_state_without_identity_is_refused() {
    let fixture = Fixture::new().await;
    let nameless = with(existing("here"), "id", Value::Null);
    assert_eq!(summaries(&fixture.read(&nameless).await.diagnostics), ["Could not read the stored state"]);
    let deleted = fixture.apply(&nameless, &Value::Null, &Value::Null).await;
    assert_eq!(summaries(&deleted.diagnostics), ["Could not read the stored state"]);
    assert_eq!(decoded(deleted.new_state.as_ref()), nameless);
}
