//! States of other versions and of other providers, and generated configuration.

use serde_json::{Value, json};
use testkit::core::{Object, SIP_CREDENTIALS, decode, record, texts};
use testkit::plugin::within;
use testkit::{Core, ORGANIZATION, VENDOR};
use tfplugin::proto::tfplugin5::{RawState, move_resource_state, upgrade_resource_state};

use crate::{existing, start_core};

const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";

fn raw(json: &Value) -> RawState {
    let json = json.to_string().into_bytes();
    record("state_json", &json);
    RawState { json, flatmap: Default::default() }
}

// === Older states ===

async fn upgrade(core: &mut Core, version: i64, state: &Value) -> Result<Value, Vec<String>> {
    let request =
        upgrade_resource_state::Request { type_name: SIP_CREDENTIALS.to_owned(), version, raw_state: Some(raw(state)) };
    let answer = within(core.client.upgrade_resource_state(request)).await.unwrap().into_inner();
    match answer.upgraded_state {
        Some(state) => Ok(decode(Some(&state), &core.resource_type())),
        None => Err(texts(&answer.diagnostics)),
    }
}

#[tokio::test]
async fn a_state_of_version_0_is_upgraded_by_attribute_names() {
    let mut core = start_core().await;
    core.api.insert(existing(ID));
    // As a first version could have stored it: numbers as text, no `password_wo_version`, and something that is gone
    // since.
    let stored = json!({
        "id": ID,
        "vendor_id": VENDOR,
        "organization_id": ORGANIZATION,
        "hostname": "sip.example.com",
        "port": "5060",
        "username": "agent",
        "password": "hunter2",
        "password_wo": "must not be here",
        "max_agent_tasks": 10,
        "transport": ["udp"],
    });
    let upgraded = upgrade(&mut core, 0, &stored).await.unwrap();
    assert_eq!(
        upgraded,
        json!({
            "id": ID,
            "vendor_id": VENDOR,
            "organization_id": ORGANIZATION,
            "hostname": "sip.example.com",
            "port": 5060,
            "username": "agent",
            "password": "hunter2",
            "password_wo": null,
            "password_wo_version": null,
            "max_agent_tasks": 10,
            "timeouts": [],
        })
    );

    let object = Object { state: upgraded.clone(), ..Object::default() };
    let (read, _) = core.read(&object).await;
    let config = json!({ "hostname": "sip.example.com", "port": 5060, "username": "agent", "password": "hunter2" });
    let plan = core.plan(&read, &config).await;
    assert_eq!(plan.object.state, upgraded, "it plans clean");
}

#[tokio::test]
async fn a_state_with_a_single_timeouts_block_is_upgraded_to_a_list() {
    let mut core = start_core().await;
    for (stored, upgraded) in [
        (
            json!({ "create": "5m", "gone": 1 }),
            json!([{ "create": "5m", "read": null, "update": null, "delete": null }]),
        ),
        (json!(null), json!([])),
        (json!([]), json!([])),
    ] {
        let state = upgrade(&mut core, 0, &json!({ "id": ID, "timeouts": stored })).await.unwrap();
        assert_eq!(state["timeouts"], upgraded);
    }
}

#[tokio::test]
async fn an_unreadable_state_is_an_error_that_says_what_to_do() {
    let mut core = start_core().await;
    let refused = upgrade(&mut core, 0, &json!({ "id": ID, "port": ["hunter2"] })).await.unwrap_err();
    assert!(refused[0].starts_with("ERROR: Could not read the stored state"), "{refused:?}");
    assert!(refused[0].contains("port") && !refused[0].contains("hunter2"), "{refused:?}");
}

#[tokio::test]
async fn a_state_that_this_version_cannot_have_written_is_refused() {
    let mut core = start_core().await;
    let refused = upgrade(&mut core, 99, &json!({ "id": ID })).await.unwrap_err();
    assert!(refused[0].starts_with("ERROR: A newer version of the provider wrote the state"), "{refused:?}");
    for (version, state) in [(-1, json!({ "id": ID })), (0, Value::Null)] {
        let refused = upgrade(&mut core, version, &state).await.unwrap_err();
        assert!(refused[0].starts_with("ERROR: Could not read the stored state"), "{refused:?}");
    }
    let flatmap = RawState { json: Vec::new(), flatmap: [("id".to_owned(), ID.to_owned())].into() };
    for raw_state in [None, Some(flatmap)] {
        let request = upgrade_resource_state::Request { type_name: SIP_CREDENTIALS.to_owned(), version: 0, raw_state };
        let answer = within(core.client.upgrade_resource_state(request)).await.unwrap().into_inner();
        assert!(answer.upgraded_state.is_none());
        assert!(texts(&answer.diagnostics)[0].starts_with("ERROR: Could not read the stored state"));
    }
}

// === Other providers ===

async fn move_from(core: &mut Core, source_type: &str, source: &Value) -> Result<Object, Vec<String>> {
    let request = move_resource_state::Request {
        source_provider_address: "registry.terraform.io/example/rest".to_owned(),
        source_type_name: source_type.to_owned(),
        source_state: Some(raw(source)),
        source_private: b"not ours".to_vec(),
        target_type_name: SIP_CREDENTIALS.to_owned(),
        ..Default::default()
    };
    let answer = within(core.client.move_resource_state(request)).await.unwrap().into_inner();
    match answer.target_state {
        Some(state) => Ok(Object {
            state: decode(Some(&state), &core.resource_type()),
            private: answer.target_private,
            identity: core.read_identity(answer.target_identity),
        }),
        None => Err(texts(&answer.diagnostics)),
    }
}

#[tokio::test]
async fn objects_of_generic_rest_providers_are_moved() {
    let mut core = start_core().await;
    core.api.insert(existing(ID));
    let path = format!("/api/v1/vendors/{VENDOR}/organizations/{ORGANIZATION}/sip/credentials");
    let sources = [
        ("restapi_object", json!({ "id": ID, "path": path, "data": "{\"password\":\"hunter2\"}", "api_data": {} })),
        ("restful_resource", json!({ "id": format!("{path}/{ID}"), "path": path, "body": { "password": "hunter2" } })),
    ];
    for (source_type, source) in sources {
        let moved = move_from(&mut core, source_type, &source).await.unwrap();
        assert_eq!(moved.identity, json!({ "vendor_id": VENDOR, "organization_id": ORGANIZATION, "id": ID }));
        assert!(moved.state["password_wo"].is_null());
        assert_eq!(moved.private, br#"{"unread":true}"#);

        let (read, diagnostics) = core.read(&moved).await;
        assert_eq!(diagnostics, Vec::<String>::new());
        let config = json!({ "hostname": "sip.example.com", "port": 5060, "username": "agent", "password_wo": "new" });
        let plan = core.plan(&read, &config).await;
        assert_eq!(plan.replaced, 0);
        let (updated, diagnostics) = core.apply_plan(&read, &plan, &config).await;
        assert_eq!(diagnostics, Vec::<String>::new());
        assert_eq!(updated.state["id"], ID);
        assert_eq!(core.api.credentials()[0].password, "new");
    }
}

#[tokio::test]
async fn state_identity_and_private_data_move_with_the_address_of_the_provider() {
    let mut core = start_core().await;
    let config = json!({ "hostname": "sip.example.com", "port": 5060, "username": "agent", "password_wo": "hunter2" });
    let (created, diagnostics) = core.apply(&Object::default(), &config).await;
    assert_eq!(diagnostics, [""; 0]);
    assert!(!created.private.is_empty(), "the hash of the password");
    let request = move_resource_state::Request {
        source_provider_address: "registry.terraform.io/acme/deepslate".to_owned(),
        source_type_name: SIP_CREDENTIALS.to_owned(),
        source_state: Some(raw(&created.state)),
        source_private: created.private.clone(),
        target_type_name: SIP_CREDENTIALS.to_owned(),
        ..Default::default()
    };
    let answer = within(core.client.move_resource_state(request)).await.unwrap().into_inner();
    let moved = Object {
        state: decode(answer.target_state.as_ref(), &core.resource_type()),
        private: answer.target_private,
        identity: core.read_identity(answer.target_identity),
    };
    assert_eq!((&moved.state, &moved.private, &moved.identity), (&created.state, &created.private, &created.identity));
    let plan = core.plan(&moved, &config).await;
    assert_eq!(plan.object.state, created.state, "the password is known to be the same");
}

#[tokio::test]
async fn anything_else_is_refused_with_an_alternative() {
    let mut core = start_core().await;
    let path = format!("/api/v1/vendors/{VENDOR}/organizations/{ORGANIZATION}");
    let cases = [
        ("null_resource", json!({ "id": ID, "path": format!("{path}/sip/credentials") })),
        ("restapi_object", json!({ "id": ID, "path": format!("{path}/agents") })),
        ("restapi_object", json!({ "id": "seven", "path": format!("{path}/sip/credentials") })),
        ("restful_resource", json!({ "id": "hunter2" })),
        ("restful_resource", json!([1])),
    ];
    for (source_type, source) in cases {
        let refused = move_from(&mut core, source_type, &source).await.map(|moved| moved.state).unwrap_err();
        assert_eq!(refused.len(), 1);
        let summary = format!("ERROR: Could not move {source_type} to {SIP_CREDENTIALS}");
        assert!(refused[0].starts_with(&summary), "{refused:?}");
        for fact in ["restapi_object", "restful_resource", "`import`"] {
            assert!(refused[0].contains(fact), "{refused:?}");
        }
        assert!(!refused[0].contains("hunter2"), "{refused:?}");
    }
}

// === The configuration of what exists ===

#[tokio::test]
async fn the_generated_configuration_plans_only_the_password() {
    let core = start_core().await;
    core.api.insert(existing(ID));
    let imported = core.import(ID, &Value::Null).await.unwrap();
    let (read, _) = core.read(&imported).await;
    let mut config = core.generate(&read.state).await;
    assert_eq!(config["hostname"], "sip.example.com");
    for open in ["id", "password", "password_wo", "password_wo_version"] {
        assert!(config[open].is_null(), "{open} in {config}");
    }

    config["password_wo"] = json!("hunter2");
    assert_eq!(core.validate(&config, true).await, Vec::<String>::new());
    let plan = core.plan(&read, &config).await;
    let mut differing = plan.object.state.clone();
    differing["password_wo_version"] = Value::Null;
    assert_eq!(differing, read.state);
}

#[tokio::test]
async fn generated_configuration_has_no_secret() {
    let core = start_core().await;
    for secret in [json!({ "password": "hunter2" }), json!({ "password_wo": "hunter2" })] {
        let mut config = json!({ "hostname": "sip.example.com", "port": 5060, "username": "agent" });
        config.as_object_mut().unwrap().extend(secret.as_object().unwrap().clone());
        let (created, _) = core.apply(&Object::default(), &config).await;
        let generated = core.generate(&created.state).await;
        assert_eq!(generated["username"], "agent");
        for left_out in ["password", "password_wo", "password_wo_version"] {
            assert!(generated[left_out].is_null(), "{left_out} in {generated}");
        }
    }
}
