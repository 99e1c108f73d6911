//! Strategies, assistants and agents: with blocks, JSON and maps, and updates that are answered without the object.

use deepslate_emulator::{Config, Operation};
use serde_json::{Value, json};
use testkit::faults::refusal;
use testkit::{Cli, IMPORT_BLOCKS, QUERY, Workspace, for_each_cli, for_each_cli_with};

use crate::{new_workspace, workspace_with_api};

/// Credentials, a number, a strategy, an assistant that answers and an agent that calls.
const CUSTOMER: &str = r#"
resource "deepslate_sip_credentials" "main" {
  hostname = "sip.example.com"
  port     = 5060
  username = "alice"
  password = "hunter2hunter2"
}

resource "deepslate_sip_phone_number" "main" {
  sip_credentials_id = deepslate_sip_credentials.main.id
  phone_number       = "+4930123456"
}

resource "deepslate_llm_generation_strategy" "main" {
  name       = "voice"
  type       = "phonebot-v2.1"
  parameters = jsonencode({ temperature = 0.2, outputSampleRate = 44100, voice = { provider = "elevenlabs", speed = 1.0 } })
}

resource "deepslate_assistant" "main" {
  name                       = "hotline"
  system_prompt              = "Answer."
  system_prompt_greeting     = "Greet."
  telephone_number_id        = deepslate_sip_phone_number.main.id
  llm_generation_strategy_id = deepslate_llm_generation_strategy.main.id
  extension {
    type       = "transfer"
    parameters = jsonencode({ number = "+49301", auth = { token = "canary-1" } })
  }
  extension {
    type       = "calendar"
    parameters = jsonencode({ url = "https://example.com" })
  }
  call_event_hook {
    type       = "call_started"
    parameters = "{ \"url\": \"https://example.com/hook\", \"auth_token\": \"canary-2\" }"
  }
}

resource "deepslate_agent" "main" {
  name                   = "caller"
  system_prompt_template = "Call."
  user_value_types       = { name = "STRING", age = "INTEGER" }
  telephone_number_id    = deepslate_sip_phone_number.main.id
  extension {
    type       = "transfer"
    parameters = jsonencode({ number = "+49302" })
  }
}
"#;

/// An assistant with this rest.
fn assistant(rest: &str) -> String {
    format!(
        "resource \"deepslate_assistant\" \"main\" {{\n  name = \"n\"\n  system_prompt = \"p\"\n  \
         system_prompt_greeting = \"g\"\n{rest}}}\n"
    )
}

fn extension(kind: &str, parameters: &str) -> String {
    format!("  extension {{\n    type = \"{kind}\"\n    parameters = jsonencode({parameters})\n  }}\n")
}

/// The extensions of the last PUT: type, parameters and whether it has an ID.
fn last_put(workspace: &Workspace) -> Vec<(String, Value, Option<String>)> {
    let put = workspace.received("PUT").pop().and_then(|request| request.body).expect("a PUT with a body");
    let parts = put["extensions"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    parts.map(|part| (text(&part["type"]).unwrap_or_default(), part["parameters"].clone(), text(&part["id"]))).collect()
}

/// The IDs of the extensions of the only assistant at the API, with their types.
fn ids(workspace: &Workspace) -> Vec<(String, String)> {
    let assistants = workspace.api.assistants();
    let parts = assistants[0].fields["extensions"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    parts.map(|part| (text(&part["type"]), text(&part["id"]))).collect()
}

fn apply_in_place(workspace: &Workspace, changes: &str) {
    assert_eq!(workspace.plan(&[]), [format!("main: update {changes}")]);
    workspace.succeed(&["apply", "plan"]);
    workspace.assert_plan_is_empty();
}

#[test]
fn a_whole_customer_is_created_in_one_apply_and_destroyed() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", CUSTOMER);
        let applied = workspace.apply();
        workspace.assert_plan_is_empty();
        let shown = workspace.succeed(&["show"]);
        for canary in ["canary-1", "canary-2"] {
            assert!(!applied.to_string().contains(canary) && !shown.to_string().contains(canary));
        }
        let assistant = &workspace.api.assistants()[0].fields;
        assert_eq!(assistant["extensions"][0]["parameters"]["auth"]["token"], "canary-1");
        assert_eq!(workspace.api.agents()[0].fields["userValueTypes"], json!({ "name": "STRING", "age": "INTEGER" }));
        workspace.destroy();
        let api = &workspace.api;
        assert!(api.assistants().is_empty() && api.agents().is_empty() && api.strategies().is_empty());
        assert!(api.phone_numbers().is_empty() && api.credentials().is_empty());
    });
}

#[test]
fn each_attribute_is_changed_in_place() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", CUSTOMER);
        workspace.apply();
        let mut config = CUSTOMER.to_owned();
        for (from, to, changes) in [
            ("\"hotline\"", "\"other\"", "name"),
            ("\"Answer.\"", "<<EOT\nAnswer.\r\nu\u{308} \u{1f600}\nEOT", "system_prompt"),
            ("\"Greet.\"", "\"Hello.\"", "system_prompt_greeting"),
            ("  telephone_number_id        = deepslate_sip_phone_number.main.id\n", "", "telephone_number_id"),
            ("canary-1", "canary-3", "extension"),
            ("canary-2", "canary-4", "call_event_hook"),
            ("\"INTEGER\"", "\"FLOAT\"", "user_value_types"),
            ("\"Call.\"", "null", "system_prompt_template"),
            ("+49302", "+49303", "extension"),
            ("\"voice\"", "\"voices\"", "name"),
            ("phonebot-v2.1", "phonebot-v3", "type"),
            ("speed = 1.0", "speed = 1.5", "parameters"),
        ] {
            assert!(config.contains(from), "{from}");
            config = config.replacen(from, to, 1);
            workspace.write("main", &*config);
            apply_in_place(&workspace, changes);
        }
    });
}

#[test]
fn formatting_and_the_order_of_keys_are_no_difference() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let written = |parameters: &str| {
            assistant(&format!("  extension {{\n    type = \"a\"\n    parameters = {parameters:?}\n  }}\n"))
        };
        let long = "x".repeat(100_000);
        workspace.write("main", written(&format!(r#"{{"a":0.2,"b":{{"c":[1,null]}},"d":1.0,"e":"{long}"}}"#)));
        workspace.apply();
        workspace.assert_plan_is_empty();
        let other = format!(r#"{{ "d": 1, "b": {{ "c": [1.0, null] }}, "a": 2e-1, "e": "{long}" }}"#);
        workspace.write("main", written(&other));
        workspace.assert_plan_is_empty();
        // A key that was sent and is left out is a change.
        workspace.write("main", written(r#"{"a":0.2}"#));
        apply_in_place(&workspace, "extension");
    });
}

#[test]
fn an_update_continues_blocks_by_what_they_are() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let (a, b) = (extension("a", "{ x = 1 }"), extension("b", "{ x = 2 }"));
        workspace.write("main", assistant(&(a.clone() + &b)));
        workspace.apply();
        let before = ids(&workspace);
        let id = |position: usize| Some(before[position].1.clone());

        workspace.write("main", assistant(&(b.clone() + &a)));
        apply_in_place(&workspace, "extension");
        let put = last_put(&workspace);
        assert_eq!((&put[0].2, &put[1].2), (&id(1), &id(0)), "reordered");

        workspace.write("main", assistant(&(b.clone() + &extension("a", "{ x = 3 }") + &extension("a", "{ x = 4 }"))));
        apply_in_place(&workspace, "extension");
        let put = last_put(&workspace);
        let sent: Vec<_> =
            put.iter().map(|(kind, parameters, id)| (kind.as_str(), parameters["x"].as_i64(), id.clone())).collect();
        assert_eq!(sent, [("b", Some(2), id(1)), ("a", Some(3), id(0)), ("a", Some(4), None)], "changed, and added");

        workspace.write("main", assistant(&a));
        apply_in_place(&workspace, "extension");
        assert_eq!(last_put(&workspace), [("a".to_owned(), json!({ "x": 1 }), id(0))], "removed");
        assert_eq!(ids(&workspace), [("a".to_owned(), before[0].1.clone())]);
    });
}

#[test]
fn drift_inside_of_a_block_is_found() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", assistant(&extension("a", "{ x = 1, y = { z = 2 } }")));
        workspace.apply();
        let id = workspace.api.assistants()[0].id;
        let set = |path: &str, value: Value| {
            assert!(workspace.api.change_assistant(id, |assistant| {
                *assistant.fields["extensions"].pointer_mut(path).expect("a place") = value;
            }));
        };
        set("/0/parameters", json!({ "x": 1, "y": { "z": 2, "added": 1 }, "added": true }));
        workspace.assert_plan_is_empty();
        set("/0/parameters/y/z", json!(3));
        apply_in_place(&workspace, "extension");
        workspace.api.change_assistant(id, |assistant| {
            let extra = json!({ "id": "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b", "type": "b", "parameters": {} });
            assistant.fields["extensions"].as_array_mut().expect("a list").push(extra);
        });
        apply_in_place(&workspace, "extension");
        assert_eq!(ids(&workspace).len(), 1);
    });
}

#[test]
fn an_import_plans_clean() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", CUSTOMER);
        workspace.apply();
        for kind in ["deepslate_llm_generation_strategy", "deepslate_assistant", "deepslate_agent"] {
            let address = format!("{kind}.main");
            let id = state_id(&workspace, kind);
            workspace.succeed(&["state", "rm", &address]);
            workspace.succeed(&["import", &address, &id]);
        }
        workspace.assert_plan_is_empty();
    });
}

/// The ID of an object in the state.
fn state_id(workspace: &Workspace, kind: &str) -> String {
    let state: Value = serde_json::from_str(&workspace.succeed(&["show", "-json"]).stdout).expect("JSON");
    let resources = state["values"]["root_module"]["resources"].as_array().expect("resources").iter();
    let mut found = resources.filter(|resource| resource["type"] == kind);
    found.next().and_then(|resource| resource["values"]["id"].as_str()).expect("an ID").to_owned()
}

#[test]
fn a_value_that_the_api_keeps_is_a_warning() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, Config { keeps_parts: true, ..Config::default() });
        workspace.write("main", assistant(&(extension("a", "{ x = 1 }") + &extension("b", "{ x = 2 }"))));
        workspace.apply();
        let kept = ids(&workspace)[1].1.clone();
        workspace.write("main", assistant(&extension("a", "{ x = 1 }")));
        workspace.apply().mentions(&["Deepslate kept settings that were removed from the assistant", &kept]);
        assert_eq!(ids(&workspace).len(), 2);
        workspace.assert_plan_is_empty();
        workspace.write("main", assistant(&extension("a", "{ x = 2 }")));
        apply_in_place(&workspace, "extension");
    });
}

#[test]
fn bad_input_is_reported_before_any_request() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let hook = "  call_event_hook {\n    type = \"call_lost\"\n    parameters = \"[]\"\n  }\n";
        let broken = "  extension {\n    type = \"\"\n    parameters = local.broken\n  }\n";
        workspace.write("locals", "locals {\n  broken = \"{\\\"token\\\": hunter2}\"\n}\n");
        workspace.write("main", assistant(&(broken.to_owned() + hook + "  telephone_number_id = \"+49 30 1\"\n")));
        let failed = workspace.fail(&["validate"]);
        failed.mentions(&[
            "extension[0].type",
            "extension[0].parameters",
            "expected value at line 1 column 11",
            "call_event_hook[0].parameters",
            "a JSON object",
            "telephone_number_id",
        ]);
        assert!(!failed.to_string().contains("hunter2"));
        let agent =
            "resource \"deepslate_agent\" \"main\" {\n  name = \"n\"\n  user_value_types = { a = \"NUMBER\" }\n}\n";
        workspace.write("main", agent);
        workspace.apply().mentions(&["Unusual value for `user_value_types[\"a\"]`"]);
    });
}

#[test]
fn parameters_that_the_api_repeats_are_not_shown() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let secret = "e07c94a5-hunter2";
        let hidden = |url: &str| format!("{{ url = var.url, nested = [{{ auth_token = \"{url}\" }}] }}");
        let variable = format!("variable \"url\" {{\n  default = \"https://example.com/{secret}\"\n}}\n");
        workspace.write("variables", variable);
        workspace.write("main", assistant(&extension("a", &hidden("first-0b5d7e21"))));
        let answered = |text: &str| refusal(400, &format!("`parameters` is wrong: {text}"));
        for text in [&format!("https://example.com/{secret}"), "first-0b5d7e21"] {
            workspace.fault("POST", "/assistants", answered(text));
            let failed = workspace.fail(&["apply", "-auto-approve"]).to_string();
            // The command line shows the line of the configuration that a message is about.
            assert!(failed.contains("refused the values") && !failed.contains(text), "{failed}");
            workspace.api.clear_faults();
        }
        workspace.apply();
        workspace.write("main", assistant(&extension("a", &hidden("second-7ac2"))));
        workspace.fault("PUT", "/assistants", answered("first-0b5d7e21"));
        let failed = workspace.fail(&["apply", "-auto-approve"]).to_string();
        assert!(failed.contains("refused the values") && !failed.contains("first-0b5d7e21"), "the old one: {failed}");
    });
}

#[test]
fn a_phone_number_in_use_names_the_assistants_that_use_it() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", CUSTOMER);
        workspace.apply();
        let target = ["destroy", "-auto-approve", "-target=deepslate_agent.main"];
        workspace.succeed(&target);
        let id = workspace.api.assistants()[0].id;
        workspace.succeed(&["state", "rm", "deepslate_assistant.main"]);
        let failed = workspace.fail(&["destroy", "-auto-approve"]);
        failed.mentions(&["These assistants still use the phone number", "hotline", &id.to_string()]);
    });
}

#[test]
fn a_server_with_only_the_documented_calls_can_be_used() {
    for_each_cli(|cli: &Cli| {
        let without = vec![
            Operation::ListAgents,
            Operation::DeleteAssistant,
            Operation::GetLlmGenerationStrategy,
            Operation::ListLlmGenerationStrategies,
            Operation::DeleteLlmGenerationStrategy,
        ];
        let workspace = workspace_with_api(cli, Config { without, ..Config::default() });
        workspace.write("main", CUSTOMER);
        workspace.apply();
        workspace.assert_plan_is_empty();
        workspace.write("main", CUSTOMER.replace("speed = 1.0", "speed = 2").replace("\"Call.\"", "\"Dial.\""));
        workspace.apply();
        workspace.assert_plan_is_empty();
        let failed = workspace.fail(&["destroy", "-auto-approve"]);
        failed.mentions(&["the server does not support this request", "assistant"]);
    });
}

#[test]
fn an_object_of_another_organization_is_explained() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let strategy = "  llm_generation_strategy_id = \"3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b\"\n";
        let texts =
            ["an object that the assistant refers to", "no LLM generation strategy", "llm_generation_strategy_id"];
        workspace.write("main", assistant(strategy));
        workspace.fail(&["apply", "-auto-approve"]).mentions(&texts);
        workspace.write("main", assistant(""));
        workspace.apply();
        workspace.write("main", assistant(strategy));
        workspace.fail(&["apply", "-auto-approve"]).mentions(&texts);
        workspace.write("main", assistant(""));
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn data_sources_find_assistants_and_agents() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let data = "data \"deepslate_assistant\" \"main\" {\n  name = deepslate_assistant.main.name\n}\ndata \
                    \"deepslate_assistants\" \"main\" {\n  telephone_number_id = \
                    deepslate_assistant.main.telephone_number_id\n}\ndata \"deepslate_agent\" \"main\" {\n  id = \
                    deepslate_agent.main.id\n}\noutput \"found\" {\n  value = [data.deepslate_assistant.main.system_prompt, \
                    data.deepslate_assistants.main.assistants[0].name, \
                    data.deepslate_agent.main.user_value_types[\"age\"]]\n}\n";
        workspace.write("main", CUSTOMER.to_owned() + data);
        workspace.apply();
        let found = &workspace.read_state()["outputs"]["found"]["value"];
        assert_eq!(*found, json!(["Answer.", "hotline", "INTEGER"]));
        assert!(!workspace.succeed(&["state", "pull"]).stdout.contains("\"extension\": null"));
    });
}

#[test]
fn a_query_finds_assistants() {
    for_each_cli_with(&QUERY, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", CUSTOMER);
        workspace.apply();
        let id = workspace.api.assistants()[0].id.to_string();
        let list = "list \"deepslate_assistant\" \"main\" {\n  provider = deepslate\n  include_resource = true\n}\n";
        workspace.write_file("find.tfquery.hcl", list);
        workspace.succeed(&["query"]).mentions(&[&id, "hotline"]);
    });
}

#[test]
fn an_id_that_a_test_made_up_can_be_planned_and_not_applied() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", assistant("  telephone_number_id = \"made-up\"\n"));
        workspace.succeed(&["plan"]).mentions(&["telephone_number_id", "The plan accepts the value"]);
        workspace.fail(&["apply", "-auto-approve"]).mentions(&["Invalid value for `telephone_number_id`"]);
        assert!(workspace.received("POST").is_empty());
    });
}
