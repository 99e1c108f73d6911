//! Strategies, assistants and agents: with blocks, JSON and maps, and updates that are answered without the object.

mod blocks;
mod found;
mod parameters;
mod refused;

use deepslate_emulator::{Config, Operation};
use serde_json::{Value, json};
use testkit::{Cli, Workspace, for_each_cli};

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

/// A strategy with these parameters.
fn strategy(parameters: &str) -> String {
    format!(
        "resource \"deepslate_llm_generation_strategy\" \"main\" {{\n  name = \"n\"\n  type = \"t\"\n  parameters = \
         jsonencode({parameters})\n}}\n"
    )
}

fn extension(kind: &str, parameters: &str) -> String {
    format!("  extension {{\n    type = \"{kind}\"\n    parameters = jsonencode({parameters})\n  }}\n")
}

/// The ID of an object in the state.
fn state_id(workspace: &Workspace, kind: &str) -> String {
    let state: Value = serde_json::from_str(&workspace.succeed(&["show", "-json"]).stdout).expect("JSON");
    let resources = state["values"]["root_module"]["resources"].as_array().expect("resources").iter();
    let mut found = resources.filter(|resource| resource["type"] == kind);
    found.next().and_then(|resource| resource["values"]["id"].as_str()).expect("an ID").to_owned()
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
fn a_server_without_what_we_found_no_documentation_for_can_be_used() {
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
fn a_warning_about_unreadable_strategies_appears_once() {
    for_each_cli(|cli| {
        let without = vec![Operation::GetLlmGenerationStrategy, Operation::ListLlmGenerationStrategies];
        let workspace = workspace_with_api(cli, Config { without, ..Config::default() });
        let strategies = "resource \"deepslate_llm_generation_strategy\" \"main\" {\n  count = 20\n  name = \
                          \"voice-${count.index}\"\n  type = \"t\"\n  parameters = \"{}\"\n}\n";
        workspace.write("main", strategies);
        workspace.apply();
        let output = workspace.succeed(&["plan", "-json"]);
        let warnings = output.diagnostics();
        let shown: Vec<_> =
            warnings.iter().filter(|warning| warning.text.contains("drift cannot be detected")).collect();
        assert!(shown.len() == 1 && shown[0].text.contains("all LLM generation strategies of this run"), "{shown:#?}");
    });
}
