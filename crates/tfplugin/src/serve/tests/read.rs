//! Refreshes, upgrades of states, and imports.

use super::*;

#[tokio::test]
async fn a_provider_that_is_not_configured_yet_reads_and_changes_nothing() {
    let fixture = Fixture::with(Value::Unknown, Some("place")).await;
    let read = fixture.read(&existing("gone")).await;
    assert_eq!(
        (summaries(&read.diagnostics), decoded(read.new_state.as_ref())),
        (vec!["Object not refreshed"], existing("gone"))
    );
    let apply = fixture.apply(&existing("here"), &Value::Null, &Value::Null).await;
    assert_eq!(summaries(&apply.diagnostics), ["The provider is not configured yet"]);
    assert_eq!(decoded(apply.new_state.as_ref()), existing("here"));
}

#[tokio::test]
async fn an_object_that_is_gone_reads_as_null() {
    let fixture = Fixture::new().await;
    assert_eq!(decoded(fixture.read(&existing("gone")).await.new_state.as_ref()), Value::Null);
}

#[tokio::test]
async fn a_state_is_upgraded_by_the_names_of_its_attributes() {
    let fixture = Fixture::new().await;
    let json = br#"{"id": "1", "size": "3", "key": "hunter2", "left_over": [1]}"#.to_vec();
    let raw_state = Some(RawState { json, flatmap: Default::default() });
    let request = upgrade_resource_state::Request { type_name: name(), version: 2, raw_state };
    let answer = fixture.service.upgrade_resource_state(Request::new(request)).await.expect("no status").into_inner();
    assert_eq!(decoded(answer.upgraded_state.as_ref()), thing(&[("id", "1".into()), ("size", 3.into())]));
}

#[tokio::test]
async fn an_object_is_imported_by_id_and_by_identity() {
    let fixture = Fixture::new().await;
    let by_id = import_resource_state::Request { type_name: name(), id: "7".to_owned(), ..Default::default() };
    let identity = object(&[("id", "7".into()), ("place", Value::Null)]);
    let identity = encoded(&identity, &Thing::block().identity_type());
    let identity = Some(tfplugin5::ResourceIdentityData { identity_data: Some(identity) });
    let by_identity = import_resource_state::Request { type_name: name(), identity, ..Default::default() };
    for request in [by_id, by_identity] {
        let answer =
            fixture.service.import_resource_state(Request::new(request)).await.expect("no status").into_inner();
        assert_eq!(summaries(&answer.diagnostics), [""; 0]);
        let imported = answer.imported_resources.first().expect("one");
        assert_eq!(decoded(imported.state.as_ref()), thing(&[("id", "7".into()), ("place", "here".into())]));
        assert!(imported.identity.is_some());
    }
}
