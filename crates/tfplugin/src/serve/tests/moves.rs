//! `moved` blocks.

use super::*;
use crate::proto::tfplugin5::move_resource_state;

async fn move_from(source_type_name: &str) -> move_resource_state::Response {
    let request = move_resource_state::Request {
        source_type_name: source_type_name.to_owned(),
        source_state: Some(RawState { json: br#"{"path": "/things/7"}"#.to_vec(), flatmap: BTreeMap::new() }),
        target_type_name: name(),
        ..Default::default()
    };
    let service = Fixture::new().await.service;
    service.move_resource_state(Request::new(request)).await.expect("no status").into_inner()
}

#[tokio::test]
async fn an_object_moves_from_a_resource_that_is_supported() {
    let moved = move_from("other_thing").await;
    assert_eq!(summaries(&moved.diagnostics), [""; 0]);
    assert_eq!(decoded(moved.target_state.as_ref()), thing(&[("id", "7".into()), ("place", "here".into())]));
    assert!(moved.target_identity.is_some());
}

#[tokio::test]
async fn a_refusal_names_what_is_supported() {
    let refused = move_from("null_resource").await;
    assert_eq!(summaries(&refused.diagnostics), ["Could not move null_resource to test_thing"]);
    let expected = "Expected an `other_thing`. Use an `import` block instead, and a `removed` block for null_resource";
    assert_eq!(refused.diagnostics[0].detail, expected);
}
