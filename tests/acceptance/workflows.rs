//! Workflows that call the provider in other ways than plan and apply do.

use serde_json::json;
use testkit::{PASSWORD, TERRAFORM_DATA, credentials, for_each_cli, for_each_cli_with};

use crate::new_workspace;

#[test]
fn targeted_and_without_refresh() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("one", credentials("one", ""));
        workspace.write("two", credentials("two", ""));
        workspace.succeed(&["apply", "-auto-approve", "-target=deepslate_sip_credentials.one"]);
        assert_eq!(workspace.names_in_state(), ["one"]);
        workspace.apply();

        let objects = workspace.api.credentials();
        workspace.api.change(objects[0].id, |object| object.port = 5999);
        workspace.api.clear_requests();
        assert!(workspace.plan(&["-refresh=false"]).is_empty());
        assert!(workspace.api.requests().is_empty());
        workspace.succeed(&["apply", "-auto-approve", "-refresh-only"]);
        assert_eq!(workspace.attributes("one")["port"], 5999);
    });
}

#[test]
fn json_output_shows_the_plan() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        let plan = workspace.succeed(&["plan", "-json"]);
        let planned: Vec<_> = plan.json_lines().filter(|line| line["type"] == "planned_change").collect();
        assert_eq!(planned.len(), 1);
        assert_eq!(planned[0]["change"]["resource"]["addr"], "deepslate_sip_credentials.main");
        assert_eq!(planned[0]["change"]["action"], "create");
    });
}

#[test]
fn values_come_from_sensitive_variables_and_from_other_resources() {
    for_each_cli_with(&TERRAFORM_DATA, |cli| {
        let workspace = new_workspace(cli);
        workspace.write(
            "main",
            "variable \"password\" {
               type      = string
               sensitive = true
             }
             variable \"port\" {
               type      = number
               sensitive = true
             }
             resource \"terraform_data\" \"server\" {
               input = { hostname = \"SIP.example.com.\", tasks = 7 }
             }
             output \"id\" {
               value = deepslate_sip_credentials.main.id
             }
             "
            .to_owned()
                + &credentials(
                    "main",
                    "hostname = terraform_data.server.output.hostname
                     max_agent_tasks = terraform_data.server.output.tasks
                     port = var.port
                     password = var.password",
                ),
        );
        let variables = [format!("-var=password={PASSWORD}"), "-var=port=5070".to_owned()];
        let apply = workspace.succeed(&["apply", "-auto-approve", &variables[0], &variables[1]]);
        assert!(!apply.text().contains(PASSWORD), "{apply}");

        let object = workspace.api.credentials().remove(0);
        assert_eq!((object.port, object.password.as_str(), object.max_agent_tasks), (5070, PASSWORD, 7));
        assert_eq!(workspace.read_state()["outputs"]["id"]["value"], json!(object.id.to_string()));
        let again = workspace.run(&["plan", "-detailed-exitcode", &variables[0], &variables[1]]);
        assert_eq!(again.code, Some(0), "{again}");
    });
}

#[test]
fn a_password_is_hidden_without_being_asked() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        let plan = workspace.succeed(&["plan"]);
        assert!(!plan.text().contains(PASSWORD), "{plan}");
        plan.mentions(&["password = (sensitive value)"]);
    });
}

#[test]
fn a_state_of_another_version_is_read() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();

        let mut state = workspace.read_state();
        let attributes =
            state["resources"][0]["instances"][0]["attributes"].as_object_mut().expect("the state has attributes");
        attributes.insert("transport".to_owned(), json!({ "of": ["a", "later", "version"] }));
        attributes.remove("max_agent_tasks").expect("the state has the attribute");
        attributes.remove("timeouts");
        state["serial"] = json!(99);
        workspace.write_state(&state);
        workspace.assert_plan_is_empty();
        workspace.destroy();
        assert!(workspace.api.credentials().is_empty());
    });
}
