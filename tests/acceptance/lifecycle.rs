//! From create to destroy, without faults.

use serde_json::{Value, json};
use testkit::{
    ORGANIZATION, OTHER_ORGANIZATION, PASSWORD, TERRAFORM_DATA, credentials, for_each_cli, for_each_cli_with,
};

use crate::new_workspace;

#[test]
fn a_resource_is_created_kept_and_destroyed() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();

        let object = workspace.api.credentials().remove(0);
        assert_eq!(
            (
                object.hostname.as_str(),
                object.port,
                object.username.as_str(),
                object.password.as_str(),
                object.max_agent_tasks
            ),
            ("sip.example.com", 5060, "agent", PASSWORD, 10)
        );
        let state = workspace.attributes("main");
        assert_eq!(state["id"], json!(object.id.to_string()));
        assert_eq!(state["organization_id"], ORGANIZATION);
        assert_eq!(state["max_agent_tasks"], 10);
        let methods: Vec<_> = workspace.api.requests().into_iter().map(|request| request.method).collect();
        assert_eq!(methods, ["GET", "POST"], "a create is one request, and before the first of a run comes a list");

        workspace.assert_plan_is_empty();
        workspace.destroy();
        assert!(workspace.api.credentials().is_empty());
        assert!(workspace.state().is_empty());
        assert_eq!(workspace.left_in_tmp(), [""; 0], "the plugin leaves no socket behind");
    });
}

#[test]
fn each_attribute_is_updated_in_place() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let changed = |was: &str, becomes: &str| format!("var.changed ? {becomes} : {was}");
        let cases = [
            ("hostname", format!("hostname = {}", changed(r#""sip.example.com""#, r#""192.0.2.7""#))),
            ("port", format!("port = {}", changed("5060", "5061"))),
            ("username", format!("username = {}", changed(r#""agent""#, r#""smith""#))),
            ("password", format!("password = {}", changed(r#""before""#, r#""after""#))),
            ("max_agent_tasks", format!("max_agent_tasks = {}", changed("3", "4"))),
            ("max_agent_tasks_removed", format!("max_agent_tasks = {}", changed("3", "null"))),
            ("case_of_hostname", format!("hostname = {}", changed(r#""sip.example.com""#, r#""SIP.Example.com.""#))),
        ];
        workspace.write("variables", "variable \"changed\" {\n  type = bool\n}");
        for (name, lines) in &cases {
            workspace.write(name, credentials(name, lines));
        }
        workspace.succeed(&["apply", "-auto-approve", "-var=changed=false"]);
        let before = workspace.api.credentials();

        let plan = workspace.plan(&["-var=changed=true"]);
        assert_eq!(
            plan,
            [
                "case_of_hostname: update hostname",
                "hostname: update hostname",
                "max_agent_tasks: update max_agent_tasks",
                "max_agent_tasks_removed: update max_agent_tasks",
                "password: update password",
                "port: update port",
                "username: update username",
            ]
        );
        workspace.succeed(&["apply", "plan"]);

        let after = workspace.api.credentials();
        let ids =
            |objects: &[deepslate_emulator::Credentials]| objects.iter().map(|object| object.id).collect::<Vec<_>>();
        assert_eq!(ids(&before), ids(&after), "nothing was replaced");
        assert!(after.iter().any(|object| object.hostname == "192.0.2.7"));
        assert!(after.iter().any(|object| object.hostname == "SIP.Example.com."));
        assert!(after.iter().any(|object| object.port == 5061));
        assert!(after.iter().any(|object| object.username == "smith"));
        assert!(after.iter().any(|object| object.password == "after"));
        assert!(after.iter().any(|object| object.max_agent_tasks == 4));
        assert!(after.iter().any(|object| object.max_agent_tasks == 10), "left out, the default holds");

        let puts = workspace.received("PUT");
        assert_eq!(puts.len(), 7);
        for put in puts {
            let mut sent: Vec<String> =
                put.body.iter().filter_map(|body| body.as_object()).flat_map(|body| body.keys().cloned()).collect();
            sent.sort();
            assert_eq!(
                sent,
                ["hostname", "maxAgentTasks", "password", "port", "username"],
                "PUT replaces the whole object"
            );
        }
        let empty = workspace.run(&["plan", "-detailed-exitcode", "-var=changed=true"]);
        assert_eq!(empty.code, Some(0), "{empty}");
    });
}

#[test]
fn timeouts_are_not_sent_to_the_api() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.write(
            "main",
            credentials(
                "main",
                "timeouts {\n create = \"10m\"\n read = \"1m30s\"\n update = \"90s\"\n delete = \"1h\"\n}",
            ),
        );
        workspace.apply();
        assert_eq!(workspace.received("PUT").len(), 0);
        workspace.assert_plan_is_empty();

        workspace.write("main", credentials("main", ""));
        workspace.apply();
        assert_eq!(workspace.received("PUT").len(), 0);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn another_organization_means_a_replacement() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.write("named", credentials("named", &format!("organization_id = {ORGANIZATION:?}")));
        workspace.write("default", credentials("default", ""));
        workspace.apply();

        // The provider's default changes, and with it whatever relies on it. To ignore that silently would surprise
        // more.
        workspace.set_env("DEEPSLATE_ORGANIZATION_ID", OTHER_ORGANIZATION);
        assert_eq!(workspace.plan(&[]), ["default: replace organization_id"]);
        workspace.succeed(&["apply", "plan"]);

        workspace.write("named", credentials("named", &format!("organization_id = {OTHER_ORGANIZATION:?}")));
        assert_eq!(workspace.plan(&[]), ["named: replace organization_id"]);
        workspace.succeed(&["apply", "plan"]);
        let organizations: Vec<_> =
            workspace.api.credentials().iter().map(|object| object.organization_id.to_string()).collect();
        assert_eq!(organizations, [OTHER_ORGANIZATION, OTHER_ORGANIZATION]);
    });
}

/// Values of a block that are not known before something else is applied, as each of the ways to write them.
#[test]
fn timeouts_may_be_unknown_while_planning() {
    const ATTRIBUTE: &str = "timeouts {\n    create = terraform_data.source.output\n  }";
    const DYNAMIC: &str = r#"dynamic "timeouts" {
    for_each = [terraform_data.source.output]
    content {
      create = timeouts.value
    }
  }"#;
    // Terraform plans such a block before it knows whether there is one.
    const DYNAMIC_WITH_CONDITION: &str = r#"dynamic "timeouts" {
    for_each = terraform_data.source.output == null ? [] : [terraform_data.source.output]
    content {
      create = timeouts.value
    }
  }"#;
    for_each_cli_with(&TERRAFORM_DATA, |cli| {
        for block in [ATTRIBUTE, DYNAMIC, DYNAMIC_WITH_CONDITION] {
            for inputs in [["\"5m\"", "null", "\"7m\""], ["null", "\"5m\"", "null"]] {
                let workspace = new_workspace(cli);
                workspace.write("main", credentials("main", block));
                for input in inputs {
                    let source = format!("resource \"terraform_data\" \"source\" {{\n  input = {input}\n}}");
                    workspace.write("source", source);
                    workspace.apply();
                    let create: Value = serde_json::from_str(input).unwrap();
                    let absent = block == DYNAMIC_WITH_CONDITION && create.is_null();
                    let timeouts = json!({ "create": create, "read": null, "update": null, "delete": null });
                    let expected = if absent { json!([]) } else { json!([timeouts]) };
                    assert_eq!(workspace.attributes("main")["timeouts"], expected, "{block}");
                    workspace.assert_plan_is_empty();
                }
                assert_eq!(workspace.received("POST").len(), 1);
                assert!(workspace.received("PUT").is_empty(), "only the block changes");
            }
        }
    });
}

#[test]
fn timeouts_of_a_data_source_may_prove_to_be_absent() {
    const DATA: &str = r#"resource "terraform_data" "source" {}

data "deepslate_organizations" "main" {
  dynamic "timeouts" {
    for_each = terraform_data.source.id == "" ? ["5m"] : []
    content {
      read = timeouts.value
    }
  }
}
"#;
    for_each_cli_with(&TERRAFORM_DATA, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", DATA);
        workspace.apply();
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn there_is_at_most_one_timeouts_block() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", "timeouts {}\n  timeouts {}"));
        let refused = workspace.fail(&["validate", "-no-color"]);
        assert!(refused.stdout.contains("timeouts") || refused.stderr.contains("timeouts"), "{refused}");
        assert!(workspace.api.requests().is_empty());
    });
}
