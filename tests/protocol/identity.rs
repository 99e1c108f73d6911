//! The identity of an object: it is in every answer, and never changes.

use serde_json::{Value, json};
use testkit::core::{Object, SIP_CREDENTIALS, UNKNOWN, texts};
use testkit::plugin::within;
use testkit::{ORGANIZATION, VENDOR};
use tfplugin::proto::tfplugin5::{RawState, get_resource_identity_schemas, upgrade_resource_identity};

use crate::{existing, start_core};

const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const NOWHERE: &str = "aaaaaaaa-0000-4000-8000-00000000dead";

fn identity(id: &Value) -> Value {
    json!({ "vendor_id": VENDOR, "organization_id": ORGANIZATION, "id": id })
}

fn config(port: u16) -> Value {
    json!({ "hostname": "sip.example.com", "port": port, "username": "agent", "password": "hunter2" })
}

#[tokio::test]
async fn every_part_is_described() {
    let mut core = start_core().await;
    let request = get_resource_identity_schemas::Request {};
    let answer = within(core.client.get_resource_identity_schemas(request)).await.unwrap().into_inner();
    let schema = &answer.identity_schemas[SIP_CREDENTIALS];
    assert_eq!(schema.version, 0);
    let mut parts: Vec<_> = schema
        .identity_attributes
        .iter()
        .map(|part| (part.name.as_str(), part.required_for_import, part.optional_for_import))
        .collect();
    parts.sort_unstable();
    assert_eq!(parts, [("id", true, false), ("organization_id", false, true), ("vendor_id", false, true)]);
    assert!(schema.identity_attributes.iter().all(|part| !part.description.is_empty()));
}

#[tokio::test]
async fn it_is_in_every_answer_and_the_same_for_life() {
    let core = start_core().await;
    let plan = core.plan(&Object::default(), &config(5060)).await;
    assert_eq!(plan.object.state["id"], *UNKNOWN);
    assert_eq!(plan.object.identity, Value::Null, "a part of it is not known yet");

    let (created, _) = core.apply_plan(&Object::default(), &plan, &config(5060)).await;
    let expected = identity(&created.state["id"]);
    assert_eq!(created.identity, expected);

    let (read, _) = core.read(&created).await;
    assert_eq!(read.identity, expected);
    let plan = core.plan(&read, &config(5061)).await;
    assert_eq!(plan.object.identity, expected);
    let (updated, _) = core.apply_plan(&read, &plan, &config(5061)).await;
    assert_eq!(updated.identity, expected);

    let id = created.state["id"].as_str().unwrap().to_owned();
    assert_eq!(core.import(&id, &Value::Null).await.unwrap().identity, expected);
    assert_eq!(core.list(&json!({}), 0, false).await[0].identity, expected);
    assert_eq!(core.plan(&updated, &Value::Null).await.object.identity, expected);
}

#[tokio::test]
async fn a_state_of_before_identities_gets_its_own() {
    let core = start_core().await;
    let (created, _) = core.apply(&Object::default(), &config(5060)).await;
    let without = Object { identity: Value::Null, ..created.clone() };
    let (read, _) = core.read(&without).await;
    assert_eq!(read.identity, created.identity);
    let (updated, diagnostics) = core.apply(&without, &config(5061)).await;
    assert_eq!(diagnostics, Vec::<String>::new());
    assert_eq!(updated.identity, created.identity);
}

#[tokio::test]
async fn a_failed_answer_keeps_it() {
    let core = start_core().await;
    let (created, _) = core.apply(&Object::default(), &config(5060)).await;
    core.api.remove(created.state["id"].as_str().unwrap().parse().unwrap());
    let (failed, diagnostics) = core.apply(&created, &config(5061)).await;
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(failed.identity, created.identity);
}

#[tokio::test]
async fn an_identity_without_ids_is_imported_with_the_providers_ids() {
    let core = start_core().await;
    core.api.insert(existing(ID));
    for given in [identity(&json!(ID)), json!({ "id": ID }), json!({ "id": ID, "organization_id": ORGANIZATION })] {
        let imported = core.import("", &given).await.unwrap();
        assert_eq!(imported.identity, identity(&json!(ID)));
        let (read, _) = core.read(&imported).await;
        assert_eq!((&read.state["hostname"], &read.state["port"]), (&json!("sip.example.com"), &json!(5060)));
        assert_eq!(read.identity, identity(&json!(ID)));
    }
}

#[tokio::test]
async fn an_invalid_identity_is_an_error_that_names_the_attribute() {
    let core = start_core().await;
    core.api.insert(existing(ID));
    let cases = [
        (json!({ "id": "seven" }), "Invalid identity: `id`"),
        (json!({ "id": format!("{{{ID}}}") }), "Invalid identity: `id`"),
        (json!({ "id": ID, "vendor_id": "../x" }), "Invalid identity: `vendor_id`"),
        (json!({ "id": ID, "organization_id": "" }), "Invalid identity: `organization_id`"),
        (json!({ "vendor_id": VENDOR, "organization_id": ORGANIZATION }), "`id`"),
    ];
    for (given, message) in cases {
        let refused = core.import("", &given).await.map(|object| object.state).unwrap_err();
        assert!(refused[0].lines().next().unwrap().contains(message), "{given}: {refused:?}");
    }
    assert!(core.api.requests().is_empty());
}

#[tokio::test]
async fn importing_a_missing_object_is_an_error_with_all_ids() {
    let core = start_core().await;
    let refused = core.import("", &identity(&json!(NOWHERE))).await.map(|object| object.state).unwrap_err();
    assert!(refused[0].starts_with("ERROR: Could not import deepslate_sip_credentials: not found"), "{refused:?}");
    for part in [VENDOR, ORGANIZATION, NOWHERE, "organization_id"] {
        assert!(refused[0].contains(part), "{refused:?}");
    }
}

#[tokio::test]
async fn a_stored_identity_is_upgraded_by_name() {
    let mut core = start_core().await;
    let stored = [
        (json!({ "vendor_id": VENDOR, "organization_id": ORGANIZATION, "id": ID }), identity(&json!(ID))),
        (
            json!({ "region": "eu", "organization_id": ORGANIZATION, "vendor_id": VENDOR, "id": ID }),
            identity(&json!(ID)),
        ),
        (json!({ "id": ID }), json!({ "vendor_id": null, "organization_id": null, "id": ID })),
    ];
    for (raw, expected) in stored {
        let raw_identity = Some(RawState { json: raw.to_string().into_bytes(), flatmap: Default::default() });
        let request =
            upgrade_resource_identity::Request { type_name: SIP_CREDENTIALS.to_owned(), version: 0, raw_identity };
        let answer = within(core.client.upgrade_resource_identity(request)).await.unwrap().into_inner();
        assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());
        assert_eq!(core.read_identity(answer.upgraded_identity), expected);
    }
}
