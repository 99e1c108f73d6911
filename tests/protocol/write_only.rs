//! The write-only password: no answer contains it, and every API request that needs it does.

use serde_json::{Value, json};
use testkit::core::{Object, UNKNOWN};
use testkit::{Core, ORGANIZATION, VENDOR};

use crate::{existing, start_core};

const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";

fn config(password: &Value) -> Value {
    json!({ "hostname": "sip.example.com", "port": 5060, "username": "agent", "password_wo": password })
}

fn passwords(core: &Core, method: &str) -> Vec<Value> {
    let requests = core.api.requests();
    let sent = requests.iter().filter(|request| request.method == method);
    sent.map(|request| request.body.as_ref().unwrap()["password"].clone()).collect()
}

#[track_caller]
fn assert_holds_no_password(object: &Object) {
    assert!(object.state["password_wo"].is_null(), "{}", object.state);
    assert!(!String::from_utf8_lossy(&object.private).contains("hunter"));
}

#[tokio::test]
async fn no_answer_contains_the_write_only_password() {
    let core = start_core().await;
    let wanted = config(&json!("hunter2"));
    let plan = core.plan(&Object::default(), &wanted).await;
    assert_holds_no_password(&plan.object);
    let (created, diagnostics) = core.apply_plan(&Object::default(), &plan, &wanted).await;
    assert_eq!(diagnostics, Vec::<String>::new());
    assert_holds_no_password(&created);
    assert_eq!(passwords(&core, "POST"), ["hunter2"]);

    let (read, _) = core.read(&created).await;
    assert_holds_no_password(&read);
    let id = created.state["id"].as_str().unwrap();
    let imported = core.import(id, &Value::Null).await.unwrap();
    assert_holds_no_password(&imported);
    for item in core.list(&json!({}), 0, true).await {
        assert!(item.object["password_wo"].is_null() && item.object["password"].is_null());
    }

    let changed = config(&json!("hunter3"));
    let (updated, _) = core.apply(&created, &changed).await;
    assert_holds_no_password(&updated);
    assert_eq!(passwords(&core, "PUT"), ["hunter3"]);
}

#[tokio::test]
async fn a_failed_answer_does_not_contain_it_either() {
    let core = start_core().await;
    let (created, _) = core.apply(&Object::default(), &config(&json!("hunter2"))).await;
    core.api.remove(created.state["id"].as_str().unwrap().parse().unwrap());
    let (failed, diagnostics) = core.apply(&created, &config(&json!("hunter3"))).await;
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_holds_no_password(&failed);
    assert_eq!(failed.state, created.state);
    assert_eq!(failed.private, created.private, "what was not sent is not remembered");
}

#[tokio::test]
async fn two_plans_of_the_same_are_the_same() {
    let core = start_core().await;
    let (created, _) = core.apply(&Object::default(), &config(&json!("hunter2"))).await;
    for wanted in [config(&json!("hunter2")), config(&json!("hunter3")), config(&UNKNOWN)] {
        let (one, other) = (core.plan(&created, &wanted).await.object, core.plan(&created, &wanted).await.object);
        assert_eq!((one.state, one.private), (other.state, other.private));
    }
    let unchanged = core.plan(&created, &config(&json!("hunter2"))).await.object;
    assert_eq!((unchanged.state, unchanged.private), (created.state, created.private));
}

#[tokio::test]
async fn a_password_that_is_null_at_apply_fails_before_any_request() {
    let core = start_core().await;
    let nothing = config(&Value::Null);
    let plan = core.plan(&Object::default(), &config(&json!("hunter2"))).await;
    let (failed, diagnostics) = core.apply_plan(&Object::default(), &plan, &nothing).await;
    assert!(failed.state.is_null());
    assert!(diagnostics[0].starts_with("ERROR: No password to send"), "{diagnostics:?}");
    assert!(core.api.requests().is_empty());

    let (created, _) = core.apply(&Object::default(), &config(&json!("hunter2"))).await;
    let mut wanted = config(&json!("hunter2"));
    wanted["port"] = json!(5061);
    let plan = core.plan(&created, &wanted).await;
    let mut late = nothing;
    late["port"] = json!(5061);
    let (failed, diagnostics) = core.apply_plan(&created, &plan, &late).await;
    assert_eq!(failed.state, created.state);
    assert!(diagnostics[0].starts_with("ERROR: No password to send"), "{diagnostics:?}");
    assert_eq!(passwords(&core, "PUT"), Vec::<Value>::new());
}

#[tokio::test]
async fn a_terraform_that_would_store_it_is_refused() {
    let core = start_core().await;
    let refused = core.validate(&config(&json!("hunter2")), false).await;
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert!(refused[0].starts_with("ERROR: `password_wo` requires Terraform 1.11 or OpenTofu 1.11"), "{refused:?}");
    assert_eq!(core.validate(&config(&json!("hunter2")), true).await, Vec::<String>::new());
    // A variable of a module is unknown to validate, and may be null.
    assert_eq!(core.validate(&config(&UNKNOWN), false).await, Vec::<String>::new());
    let mut without = config(&Value::Null);
    without["password"] = json!("hunter2");
    assert_eq!(core.validate(&without, false).await, Vec::<String>::new());
}

#[tokio::test]
async fn exactly_one_password_is_asked_for_and_an_unknown_one_may_be_either() {
    let core = start_core().await;
    let cases = [
        (UNKNOWN.clone(), Value::Null, Value::Null, None),
        (Value::Null, UNKNOWN.clone(), UNKNOWN.clone(), None),
        (UNKNOWN.clone(), UNKNOWN.clone(), UNKNOWN.clone(), None),
        (json!("a"), Value::Null, UNKNOWN.clone(), None),
        (json!("a"), json!("b"), Value::Null, Some("Both `password` and `password_wo` are set")),
        (Value::Null, Value::Null, Value::Null, Some("Neither `password` nor `password_wo` is set")),
        (json!("a"), Value::Null, json!(1), Some("`password_wo_version` without `password_wo`")),
        (Value::Null, json!(""), Value::Null, Some("Invalid value for `password_wo`")),
    ];
    for (password, password_wo, version, message) in cases {
        let mut config = config(&password_wo);
        config["password"] = password;
        config["password_wo_version"] = version;
        let diagnostics = core.validate(&config, true).await;
        let expected = message.map(|message| format!("ERROR: {message}"));
        let summaries: Vec<_> = diagnostics.iter().filter_map(|text| text.lines().next()).collect();
        assert_eq!(summaries, expected.iter().collect::<Vec<_>>(), "{config}");
    }
}

#[tokio::test]
async fn after_an_import_one_update_is_planned_with_a_warning() {
    let core = start_core().await;
    core.api.insert(existing(ID));
    let imported = core.import(&format!("{VENDOR}/{ORGANIZATION}/{ID}"), &Value::Null).await.unwrap();
    let (read, _) = core.read(&imported).await;
    let plan = core.plan(&read, &config(&json!("hunter2"))).await;
    assert_eq!(plan.replaced, 0);
    assert_eq!(plan.object.state["password_wo_version"], *UNKNOWN);
    assert_eq!(plan.diagnostics.len(), 1);
    assert!(plan.diagnostics[0].starts_with("WARNING: The password will be set"), "{:?}", plan.diagnostics);
    let mut differing = plan.object.state.clone();
    differing["password_wo_version"] = Value::Null;
    assert_eq!(differing, read.state, "nothing else differs");
}
