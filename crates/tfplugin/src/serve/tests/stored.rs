//! States that other versions of the provider stored.

use serde_json::{Map, Value as Json, json};

use super::*;
use crate::proto::tfplugin5::{move_resource_state, upgrade_resource_identity};

/// To version 1: the size of a thing was called its length.
pub(super) fn named_size(mut state: Map<String, Json>) -> Result<Map<String, Json>, String> {
    let length = state.remove("length").ok_or("`length` is missing")?;
    state.insert("size".to_owned(), length);
    Ok(state)
}

/// To version 2: the size was in centimeters.
pub(super) fn in_meters(mut state: Map<String, Json>) -> Result<Map<String, Json>, String> {
    let size = state.get("size").and_then(Json::as_i64).ok_or("`size` is not a whole number")?;
    state.insert("size".to_owned(), (size / 100).into());
    Ok(state)
}

fn raw(json: &Json) -> RawState {
    RawState { json: json.to_string().into_bytes(), flatmap: BTreeMap::new() }
}

async fn upgrade(version: i64, raw_state: Option<RawState>) -> upgrade_resource_state::Response {
    let request = upgrade_resource_state::Request { type_name: name(), version, raw_state };
    let service = Fixture::new().await.service;
    service.upgrade_resource_state(Request::new(request)).await.expect("no status").into_inner()
}

/// The stored form of the thing that [`existing`] makes, as each version wrote it.
fn stored(version: i64) -> Json {
    match version {
        0 => json!({ "id": "1", "place": "here", "length": 300, "revision": 1, "key": "hunter2" }),
        1 => json!({ "id": "1", "place": "here", "size": 300, "revision": 1, "key": null }),
        _ => json!({ "id": "1", "place": "here", "size": 3, "revision": 1, "key": null, "left_over": true }),
    }
}

#[tokio::test]
async fn the_schema_has_the_version_of_the_last_upgrader() {
    let schema = Fixture::new().await.service.schema();
    assert_eq!(schema.resource_schemas["test_thing"].version, 2);
    assert_eq!(schema.provider.map(|provider| provider.version), Some(0));
}

#[tokio::test]
async fn a_state_of_each_older_version_is_upgraded() {
    for version in 0..=2 {
        let answer = upgrade(version, Some(raw(&stored(version)))).await;
        assert_eq!(summaries(&answer.diagnostics), [""; 0]);
        assert_eq!(decoded(answer.upgraded_state.as_ref()), existing("here"), "version {version}");
    }
}

#[tokio::test]
async fn a_state_of_a_newer_version_is_refused() {
    for version in [3, 99, i64::MAX] {
        let answer = upgrade(version, Some(raw(&stored(2)))).await;
        assert_eq!(summaries(&answer.diagnostics), ["A newer version of the provider wrote the state"]);
        assert!(answer.diagnostics[0].detail.contains(&format!("schema version {version}")));
        assert!(answer.upgraded_state.is_none());
    }
}

#[tokio::test]
async fn a_state_that_no_version_wrote_is_refused_with_what_is_wrong() {
    let flatmap = BTreeMap::from([("id".to_owned(), "hunter2".to_owned())]);
    let text = |text: &str| Some(RawState { json: text.as_bytes().to_vec(), flatmap: BTreeMap::new() });
    for (version, raw_state, reason) in [
        (2, None, "The state is empty"),
        (0, text(""), "The state is empty"),
        (2, Some(RawState { json: Vec::new(), flatmap: flatmap.clone() }), "Terraform 0.11"),
        (0, Some(RawState { json: Vec::new(), flatmap }), "Terraform 0.11"),
        (2, text("null"), "The state is null"),
        (1, text("null"), "not a JSON object"),
        (0, text("[1]"), "not a JSON object"),
        (0, text("{hunter2"), "not a JSON object"),
        (2, text("[1]"), "expected an object"),
        (1, text(r#"{"id": "hunter2"}"#), "`size` is not a whole number"),
        (0, text(r#"{"length": "hunter2"}"#), "`size` is not a whole number"),
        (-1, text("{}"), "schema version -1"),
        (i64::MIN, text("{}"), "schema version"),
    ] {
        let answer = upgrade(version, raw_state).await;
        assert_eq!(summaries(&answer.diagnostics), ["Could not read the stored state"], "{reason}");
        let detail = &answer.diagnostics[0].detail;
        assert!(detail.contains(reason) && !detail.contains("hunter2"), "{detail}");
        assert!(answer.upgraded_state.is_none());
    }
}

#[tokio::test]
async fn an_identity_that_no_version_wrote_is_refused() {
    let service = Fixture::new().await.service;
    for (version, raw_identity, summary) in [
        (0, None, "Could not read the stored state"),
        (-1, Some(raw(&json!({ "id": "1" }))), "Could not read the stored state"),
        (0, Some(raw(&json!(null))), "Could not read the stored state"),
        (1, Some(raw(&json!({ "id": "1" }))), "A newer version of the provider wrote the state"),
    ] {
        let request = upgrade_resource_identity::Request { type_name: name(), version, raw_identity };
        let answer = service.upgrade_resource_identity(Request::new(request)).await.expect("no status").into_inner();
        assert_eq!(summaries(&answer.diagnostics), [summary]);
        assert!(answer.upgraded_identity.is_none());
    }
}

async fn readdress(version: i64, source_state: Option<RawState>) -> move_resource_state::Response {
    let request = move_resource_state::Request {
        source_provider_address: "registry.terraform.io/acme/test".to_owned(),
        source_type_name: name(),
        source_schema_version: version,
        source_state,
        source_private: b"private".to_vec(),
        target_type_name: name(),
        ..Default::default()
    };
    let service = Fixture::new().await.service;
    service.move_resource_state(Request::new(request)).await.expect("no status").into_inner()
}

#[tokio::test]
async fn state_identity_and_private_data_pass_to_another_address_of_the_provider() {
    for version in 0..=2 {
        let moved = readdress(version, Some(raw(&stored(version)))).await;
        assert_eq!(summaries(&moved.diagnostics), [""; 0]);
        assert_eq!(decoded(moved.target_state.as_ref()), existing("here"));
        assert_eq!(moved.target_private, b"private");
        let identity = moved.target_identity.and_then(|identity| identity.identity_data).expect("an identity");
        let identity = msgpack::decode(&identity.msgpack, &Thing::block().identity_type()).expect("of its type");
        assert_eq!(identity, object(&[("id", "1".into()), ("place", "here".into())]));
    }
}

#[tokio::test]
async fn a_state_of_another_provider_with_the_same_name_is_refused() {
    for (version, state, summary) in [
        (2, Some(raw(&json!({ "name": "hunter2" }))), "Could not read the stored state"),
        (2, None, "Could not read the stored state"),
        (7, Some(raw(&stored(2))), "A newer version of the provider wrote the state"),
    ] {
        let moved = readdress(version, state).await;
        assert_eq!(summaries(&moved.diagnostics), [summary]);
        assert!(moved.target_state.is_none() && !moved.diagnostics[0].detail.contains("hunter2"));
    }
}
