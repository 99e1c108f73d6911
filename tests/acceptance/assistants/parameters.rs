//! Parameters and long texts.

use serde_json::Value;
use testkit::faults::refusal;
use testkit::{IMPORT_BLOCKS, for_each_cli, for_each_cli_with};

use super::{apply_in_place, assistant, extension, state_id, strategy};
use crate::new_workspace;

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
fn what_the_api_repeats_of_parameters_is_not_shown() {
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
fn what_the_api_adds_or_writes_otherwise_is_no_difference() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let parameters =
            "{ a = 0.2, b = 1.0, c = { d = [{ e = 1e3 }], f = null }, g = null, h = 12345678901234567890 }";
        workspace.write("main", assistant(&extension("a", parameters)) + &strategy(parameters));
        workspace.apply();
        workspace.assert_plan_is_empty();
        let (id, strategy_id) = (workspace.api.assistants()[0].id, workspace.api.strategies()[0].id);
        let set = |parameters: &str| {
            let parameters: Value = serde_json::from_str(parameters).expect("JSON");
            workspace.api.change_strategy(strategy_id, |row| row.fields["parameters"] = parameters.clone());
            workspace.api.change_assistant(id, |row| row.fields["extensions"][0]["parameters"] = parameters);
        };
        for same in [
            // Other keys, also inside, in another order, and nulls left out.
            r#"{"new":{"x":1},"h":12345678901234567890,"c":{"new":null,"d":[{"new":2,"e":1000}]},"b":1,"a":2e-1}"#,
            r#"{"a":0.20,"b":1e0,"c":{"d":[{"e":1000.0}],"f":null},"g":null,"h":12345678901234567890.0}"#,
        ] {
            set(same);
            workspace.assert_plan_is_empty();
        }
        for other in [
            r#"{"a":0.3,"b":1,"c":{"d":[{"e":1000}]},"h":12345678901234567890}"#,
            r#"{"a":0.2,"c":{"d":[{"e":1000}]},"h":12345678901234567890}"#,
            r#"{"a":0.2,"b":1,"c":{"d":[{"e":1000}],"f":1},"h":12345678901234567890}"#,
            r#"{"a":0.2,"b":1,"c":{"d":[{"e":1000},{}]},"h":12345678901234567890}"#,
            r#"{"a":0.2,"b":"1","c":{"d":[{"e":1000}]},"h":12345678901234567890}"#,
        ] {
            set(other);
            assert_eq!(workspace.plan(&[]), ["main: update extension", "main: update parameters"], "{other}");
        }
        workspace.succeed(&["apply", "plan"]);
        workspace.assert_plan_is_empty();
        // A null that is no longer sent is a change of the configuration only.
        let without = parameters.replace(", g = null", "");
        workspace.write("main", assistant(&extension("a", &without)) + &strategy(&without));
        workspace.apply();
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn long_texts_of_all_characters_come_back_as_they_were() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        // In HCL, and what it means. HCL composes the combining mark.
        let (hcl, meant) = (
            r#"Line\r\n\tTab \U0001F600 u\u0308 $${name} %%{if} \"quoted\" \\ \u0001\u001b\u007f\u2028\ufeff\n"#,
            "Line\r\n\tTab \u{1f600} \u{fc} ${name} %{if} \"quoted\" \\ \u{1}\u{1b}\u{7f}\u{2028}\u{feff}\n",
        );
        // Terraform needs seconds to read a text of nothing but such characters.
        let (times, plain) = (100, "ü😀".repeat(333) + "x");
        let (prompt, long) = (format!("{plain}{hcl}").repeat(times), "x".repeat(100_000));
        let meant_prompt = format!("{plain}{meant}").repeat(times);
        let config = |end: &str| {
            let prompts = assistant(&extension("a", &format!("{{ long = \"{long}{end}\", text = \"{hcl}\" }}")))
                .replace("\"p\"", &format!("\"{prompt}{end}\""));
            prompts + &strategy(&format!("{{ nested = {{ long = [\"{long}{end}\", \"{hcl}\"] }} }}"))
        };
        workspace.write("main", config(""));
        workspace.apply();
        workspace.assert_plan_is_empty();
        let stored = || workspace.api.assistants()[0].fields.clone();
        assert_eq!(stored()["systemPrompt"], meant_prompt);
        assert_eq!(stored()["extensions"][0]["parameters"]["text"], meant);

        workspace.write("main", config("!"));
        assert_eq!(
            workspace.plan(&[]),
            ["main: update extension system_prompt", "main: update parameters"],
            "in place"
        );
        workspace.succeed(&["apply", "plan"]);
        workspace.assert_plan_is_empty();
        assert_eq!(stored()["systemPrompt"], meant_prompt + "!");

        for kind in ["deepslate_llm_generation_strategy", "deepslate_assistant"] {
            let (address, id) = (format!("{kind}.main"), state_id(&workspace, kind));
            workspace.succeed(&["state", "rm", &address]);
            workspace.succeed(&["import", &address, &id]);
        }
        workspace.assert_plan_is_empty();
    });
}
