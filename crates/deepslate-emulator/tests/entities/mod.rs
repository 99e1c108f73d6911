//! The answers about strategies, assistants and agents.

use deepslate_emulator::Config;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Api;

/// The calls for strategies, assistants and agents, in the order in which they depend on each other.
pub(crate) fn answer_as_described(api: &Api, credentials: &str, number: &str) {
    let body = json!({ "name": "voice", "type": "t", "parameters": { "style": 0.2 } });
    let strategy = api.call("createLlmGenerationStrategy", &[], Some(&body)).1["data"].clone();
    assert_eq!(strategy["parameters"], json!({ "style": 0.2, "auth_token": null }), "with what the API adds");
    let id = strategy["id"].as_str().expect("an id");
    let changed = json!({ "name": "voice", "type": "t", "parameters": {} });
    let updated = api.call("updateLlmGenerationStrategy", &[id], Some(&changed)).1;
    assert_eq!(updated["data"]["parameters"], json!({ "auth_token": null }), "answered with the object");
    assert_eq!(api.call("getLlmGenerationStrategy", &[id], None).1["data"], updated["data"]);
    assert_eq!(api.list("listLlmGenerationStrategies", &[], "").1["data"], json!([updated["data"]]));

    let assistant = json!({
        "name": "n", "systemPrompt": "p", "systemPromptGreeting": "g", "telephoneNumberId": number,
        "llmAudioContentGenerationStrategyId": id, "extensions": [{ "type": "a", "parameters": {} }],
    });
    let agent = json!({ "name": "n", "userValueTypes": { "x": "STRING" }, "telephoneNumberId": number });
    for (kind, many, body) in [("Assistant", "Assistants", assistant), ("Agent", "Agents", agent)] {
        let name = |verb: &str| format!("{verb}{kind}");
        let created = api.call(&name("create"), &[], Some(&body)).1["data"].clone();
        let own = created["id"].as_str().expect("an id");
        assert_eq!(api.call(&name("get"), &[own], None).1["data"], created);
        assert_eq!(api.call(&name("update"), &[own], Some(&body)).1["data"], Value::Null, "without the object");
        let items = api.list(&format!("list{many}"), &[], "").1["data"].clone();
        assert_eq!(items[0]["id"], created["id"]);
        api.refuses("deletePhoneNumber", &[credentials, number], &Value::Null, 409, "1 assistant(s) or agent(s)");
        if kind == "Assistant" {
            assert_eq!(items, json!([{ "id": own, "name": "n" }]), "summaries on every server");
            for (query, count) in [(number, 1), (own, 0)] {
                let items = api.list("listAssistants", &[], &format!("?phoneNumberId={query}")).1;
                assert_eq!(items["data"].as_array().map(Vec::len), Some(count));
            }
            api.refuses("deleteLlmGenerationStrategy", &[id], &Value::Null, 409, "in use");
        }
        assert_eq!(api.call(&name("delete"), &[own], None).0, 200);
        assert_eq!(api.call(&name("get"), &[own], None).0, 404);
    }
    assert_eq!(api.call("deleteLlmGenerationStrategy", &[id], None).0, 200);
    assert!(api.emulator.assistants().is_empty() && api.emulator.agents().is_empty());
    assert!(api.emulator.strategies().is_empty());
}

#[test]
fn an_update_continues_parts_by_their_ids() {
    for keeps_parts in [false, true] {
        let api = Api::start(Config { keeps_parts, ..Config::default() });
        let body = |extensions: Value| json!({ "name": "n", "userValueTypes": {}, "extensions": extensions });
        let part = |kind: &str, x: i64| json!({ "type": kind, "parameters": { "x": x } });
        let created = api.call("createAgent", &[], Some(&body(json!([part("a", 1), part("b", 2)])))).1["data"].clone();
        let id = created["id"].as_str().expect("an id");
        let mut continued = part("b", 3);
        continued["id"] = created["extensions"][1]["id"].clone();
        api.call("updateAgent", &[id], Some(&body(json!([continued, part("c", 4)]))));
        let fields = api.emulator.agents()[0].fields.clone();
        let parts = fields["extensions"].as_array().expect("a list");
        assert_eq!(parts[0]["id"], created["extensions"][1]["id"]);
        assert_eq!(parts[0]["parameters"], json!({ "x": 3, "auth_token": null }));
        assert!(parts[1]["id"] != created["extensions"][0]["id"]);
        assert_eq!(parts.get(2), keeps_parts.then_some(&created["extensions"][0]));
        api.refuses(
            "updateAgent",
            &[id],
            &body(json!([{ "id": id, "type": "a", "parameters": {} }])),
            400,
            "unknown ID",
        );
    }
}

#[test]
fn odd_entities_are_refused() {
    let api = Api::start(Config::default());
    let other = Uuid::from_u128(9);
    for (field, value, status, text) in [
        ("name", json!(""), 400, "`name`"),
        ("systemPrompt", Value::Null, 400, "`systemPrompt` is required"),
        ("telephoneNumberId", json!("x"), 400, "UUID"),
        ("telephoneNumberId", json!(other), 404, "no phone number"),
        ("llmAudioContentGenerationStrategyId", json!(other), 404, "no LLM generation strategy"),
        ("extensions", json!({}), 400, "a list"),
        ("callEventHooks", json!([{ "type": "x" }]), 400, "parameters"),
    ] {
        let mut body = json!({ "name": "n", "systemPrompt": "p", "systemPromptGreeting": "g" });
        body[field] = value;
        api.refuses("createAssistant", &[], &body, status, text);
    }
    let odd = json!({ "name": "n", "userValueTypes": { "x": 1 } });
    api.refuses("createAgent", &[], &odd, 400, "must be a string");
    let odd = json!({ "name": "n", "type": "t", "parameters": [] });
    api.refuses("createLlmGenerationStrategy", &[], &odd, 400, "an object");
}

#[test]
fn entities_change_behind_the_clients_back() {
    let api = Api::start(Config::default());
    let body = json!({ "name": "n", "type": "t", "parameters": { "secret": "canary" } });
    let id: Uuid = api.call("createLlmGenerationStrategy", &[], Some(&body)).1["data"]["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id");
    assert!(api.emulator.change_strategy(id, |strategy| strategy.fields["name"] = "other".into()));
    assert_eq!(api.call("getLlmGenerationStrategy", &[&id.to_string()], None).1["data"]["name"], "other");
    assert!(!format!("{:?}", api.emulator.strategies()).contains("canary"));
    assert!(api.emulator.remove_strategy(id) && !api.emulator.remove_strategy(id));
    assert!(!api.emulator.change_assistant(id, |_| ()) && !api.emulator.remove_assistant(id));
    assert!(!api.emulator.change_agent(id, |_| ()) && !api.emulator.remove_agent(id));
}
