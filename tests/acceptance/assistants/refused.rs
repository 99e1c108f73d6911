//! What cannot be created, changed or deleted.

use testkit::for_each_cli;

use super::{CUSTOMER, assistant};
use crate::new_workspace;

#[test]
fn bad_input_is_told_before_anything_is_sent() {
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
        failed.mentions(&["These assistants still use it", "hotline", &id.to_string()]);
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
fn an_id_that_a_test_made_up_can_be_planned_and_not_applied() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", assistant("  telephone_number_id = \"made-up\"\n"));
        workspace.succeed(&["plan"]).mentions(&["telephone_number_id", "The plan accepts it"]);
        workspace.fail(&["apply", "-auto-approve"]).mentions(&["Invalid value for `telephone_number_id`"]);
        assert!(workspace.received("POST").is_empty());
    });
}
