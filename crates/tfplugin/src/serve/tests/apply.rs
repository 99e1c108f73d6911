//! Applies that succeed, and what the state then holds.

use super::*;

#[tokio::test]
async fn an_apply_returns_the_planned_values_and_no_write_only_value() {
    let fixture = Fixture::new().await;
    let planned =
        thing(&[("id", Value::Unknown), ("place", "here".into()), ("size", 3.into()), ("revision", Value::Unknown)]);
    let answer = fixture.apply(&Value::Null, &planned, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(summaries(&answer.diagnostics), [""; 0]);
    assert_eq!(decoded(answer.new_state.as_ref()), existing("here"));
    assert!(answer.new_identity.is_some());
}

#[tokio::test]
async fn a_value_that_differs_from_the_plan_is_stored_and_is_an_error() {
    let fixture = Fixture::new().await;
    let planned =
        thing(&[("id", Value::Unknown), ("place", "smaller".into()), ("size", 3.into()), ("revision", Value::Unknown)]);
    let answer = fixture.apply(&Value::Null, &planned, &thing(&[])).await;
    assert_eq!(summaries(&answer.diagnostics), ["The server stored a different value for `size`"]);
    assert!(answer.diagnostics[0].detail.starts_with("Planned: 3. Stored: 1."), "{}", answer.diagnostics[0].detail);
    assert_eq!(decoded(answer.new_state.as_ref()).attribute("size"), &Value::from(1));
    assert!(answer.diagnostics[0].detail.ends_with(IMPORT), "{}", answer.diagnostics[0].detail);
}

#[tokio::test]
async fn a_value_that_stays_unknown_is_a_bug_and_the_object_is_stored() {
    let fixture = Fixture::new().await;
    let planned = thing(&[
        ("id", Value::Unknown),
        ("place", "forgetful".into()),
        ("size", 3.into()),
        ("revision", Value::Unknown),
    ]);
    let answer = fixture.apply(&Value::Null, &planned, &thing(&[])).await;
    assert_eq!(summaries(&answer.diagnostics), ["Bug in the provider"]);
    assert_eq!(decoded(answer.new_state.as_ref()).attribute("id"), &Value::from("1"));
    assert!(answer.diagnostics[0].detail.ends_with(IMPORT), "{}", answer.diagnostics[0].detail);
}

#[tokio::test]
async fn a_change_of_timeouts_alone_sends_no_request() {
    let fixture = Fixture::new().await;
    let nulls = ["read", "update", "delete"].map(|name| (name, Value::Null));
    let timeouts = [("create", "1m".into())].into_iter().chain(nulls).collect::<Vec<_>>();
    let planned = with(existing("here"), "timeouts", object(&timeouts));
    let answer = fixture.apply(&existing("here"), &planned, &thing(&[])).await;
    assert_eq!(decoded(answer.new_state.as_ref()), planned);
    let answer = fixture.apply(&existing("here"), &planned, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(decoded(answer.new_state.as_ref()), planned);
    assert_eq!(fixture.calls.load(Ordering::Relaxed), 0, "not for a secret either");
}

#[tokio::test]
async fn warnings_are_shown_whether_the_create_succeeds_or_fails() {
    let fixture = Fixture::new().await;
    for (place, expected) in [("odd", &["Odd"][..]), ("odd and refused", &["Odd", "Refused"])] {
        let planned =
            thing(&[("id", Value::Unknown), ("place", place.into()), ("size", 3.into()), ("revision", Value::Unknown)]);
        let answer = fixture.apply(&Value::Null, &planned, &thing(&[])).await;
        assert_eq!(summaries(&answer.diagnostics), expected, "{place}");
    }
}
