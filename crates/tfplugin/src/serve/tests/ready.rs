//! A provider whose configuration lacks what requests need.

use super::warnings::forecast;
use super::*;

async fn locked() -> Fixture {
    Fixture::with("locked".into(), None).await
}

#[tokio::test]
async fn missing_settings_do_not_matter_without_requests() {
    let fixture = locked().await;
    let plan = fixture.plan(&existing("locked"), &thing(&[])).await;
    assert_eq!(summaries(&plan.diagnostics), [""; 0]);
    assert_eq!(decoded(plan.planned_state.as_ref()), existing("locked"));
    assert_eq!(summaries(&fixture.validate(&thing(&[])).await), [""; 0]);
}

#[tokio::test]
async fn each_planned_change_is_an_error() {
    let fixture = locked().await;
    let prior = existing("locked");
    let create = fixture.plan(&Value::Null, &thing(&[])).await;
    let update = fixture.plan(&prior, &thing(&[("size", 4.into())])).await;
    let replace = fixture.plan(&prior, &thing(&[("place", "there".into())])).await;
    let delete = fixture.plan(&prior, &Value::Null).await;
    for (answer, prior) in [(create, Value::Null), (update, prior.clone()), (replace, prior.clone()), (delete, prior)] {
        assert_eq!(summaries(&answer.diagnostics), ["No key"]);
        assert_eq!(decoded(answer.planned_state.as_ref()), prior);
    }
}

#[tokio::test]
async fn each_operation_on_an_object_is_an_error() {
    let fixture = locked().await;
    let prior = existing("locked");
    let read = fixture.read(&prior).await;
    assert_eq!((summaries(&read.diagnostics), decoded(read.new_state.as_ref())), (vec!["No key"], prior.clone()));
    for planned in [Value::Null, with(prior.clone(), "size", 4.into())] {
        let apply = fixture.apply(&prior, &planned, &thing(&[])).await;
        assert_eq!((summaries(&apply.diagnostics), decoded(apply.new_state.as_ref())), (vec!["No key"], prior.clone()));
    }
    let import = import_resource_state::Request { type_name: name(), id: "7".to_owned(), ..Default::default() };
    let import = fixture.service.import_resource_state(Request::new(import)).await.expect("no status").into_inner();
    assert_eq!(summaries(&import.diagnostics), ["No key"]);
    let data = fixture.read_data(&forecast("here", Value::Null, Value::Null)).await;
    assert_eq!(summaries(&data.diagnostics), ["No key"]);
}
