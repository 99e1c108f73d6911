//! Unexpected answers to a write. None of them loses an object.

use deepslate_emulator::{Config, Operation};
use serde_json::{Value, json};
use testkit::faults::{changed_data, page};
use testkit::{ORGANIZATION, PASSWORD, VENDOR, credentials, for_each_cli};

use crate::{new_workspace, workspace_with_api};

#[test]
fn an_update_may_be_answered_without_the_object() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.fault("PUT", "", changed_data(|data| *data = Value::Null));
        workspace.write("main", credentials("main", "port = 5061\nmax_agent_tasks = 2"));
        workspace.apply();
        assert_eq!(workspace.attributes("main")["port"], 5061);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn an_ignored_password_is_not_forgotten_with_an_answer_that_is_lost() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let write = |port: u16| {
            let lines = format!("port = {port}\nlifecycle {{\n  ignore_changes = [password]\n}}");
            workspace.write("main", credentials("main", &lines));
        };
        write(5060);
        workspace.apply();
        write(5061);
        workspace.fault("PUT", "", page(500));
        workspace.fail(&["apply", "-auto-approve"]).mentions(&["500"]);
        workspace.api.clear_faults();
        workspace.apply();
        assert_eq!(workspace.api.credentials()[0].port, 5061);
        assert_eq!(workspace.api.credentials()[0].password, PASSWORD);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_server_that_stores_another_value_is_an_error() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.fault("POST", "", changed_data(|data| data["port"] = json!(5999)));
        workspace.write("main", credentials("main", ""));
        let output = workspace.fail(&["apply", "-auto-approve"]);
        let id = workspace.api.credentials()[0].id.to_string();
        let import = format!("terraform import <address of this resource> {VENDOR}/{ORGANIZATION}/{id}");
        output.mentions(&["port", "5060", "5999", &import]);
        assert_eq!(workspace.attributes("main")["id"], json!(id));

        workspace.api.clear_faults();
        workspace.fault("PUT", "", changed_data(|data| data["username"] = json!("another")));
        workspace.succeed(&["untaint", "deepslate_sip_credentials.main"]);
        workspace.write("main", credentials("main", "port = 5061"));
        workspace.fail(&["apply", "-auto-approve"]).mentions(&["username", "agent", "another"]);
        assert_eq!(workspace.names_in_state(), ["main"]);
    });
}

#[test]
fn a_hostname_spelled_otherwise_is_the_same() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.fault("POST", "", changed_data(|data| data["hostname"] = json!("sip.example.com")));
        workspace.write("main", credentials("main", "hostname = \"SIP.Example.com.\""));
        workspace.apply();
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_create_without_a_usable_id_says_how_to_find_the_object() {
    for_each_cli(|cli| {
        let without = vec![Operation::ListSipCredentials];
        let workspace = workspace_with_api(cli, Config { without, ..Config::default() });
        workspace.fault("POST", "", changed_data(|data| data["id"] = json!("not-an-id")));
        workspace.write("main", credentials("main", ""));
        let output = workspace.fail(&["apply", "-auto-approve"]);
        output.mentions(&["id", "may", "terraform import", "POST", "/sip/credentials"]);
        assert_eq!(workspace.received("POST").len(), 1, "a POST that was carried out is not sent again");
    });
}
