//! The state after a failed write: the next plan shows every value that may not be set.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use deepslate_emulator::{Config, Effect, Fault, Operation};
use serde_json::{Value, json};
use testkit::faults::refusal;
use testkit::{
    Cli, MOVED_BLOCKS, ORGANIZATION, Output, WRITE_ONLY, Workspace, credentials, existing, for_each_cli,
    for_each_cli_with,
};

use crate::{new_workspace, workspace_with_api};

/// The credentials that the phone numbers are under.
const CREDENTIALS: &str = "bbbbbbbb-0000-4000-8000-000000000001";
const BEFORE: &str = "+49301234567";
const AFTER: &str = "+49301234568";

/// The next request of this method meets the effect.
fn fault(workspace: &Workspace, method: &'static str, effect: Effect) {
    workspace.api.fault(Fault { method: Some(method), path: String::new(), times: Some(1), effect });
}

/// A server that has only the calls that documentation was found for.
fn with_post_and_put_only(cli: &Cli) -> Workspace {
    let without = vec![Operation::GetPhoneNumber, Operation::ListPhoneNumbers, Operation::DeletePhoneNumber];
    let workspace = workspace_with_api(cli, Config { without, ..Config::default() });
    workspace.api.insert(existing(ORGANIZATION, CREDENTIALS));
    workspace
}

fn number(name: &str, phone_number: &str) -> String {
    format!(
        "resource \"deepslate_sip_phone_number\" \"{name}\" {{\n  sip_credentials_id = {CREDENTIALS:?}\n  phone_number = \
         {phone_number:?}\n  timeouts {{\n    update = \"3s\"\n  }}\n}}\n"
    )
}

/// A phone number whose update to [`AFTER`] was carried out, and whose configuration is back at [`BEFORE`].
fn lost_and_reverted(cli: &Cli) -> Workspace {
    let workspace = with_post_and_put_only(cli);
    workspace.write("main", number("main", BEFORE));
    workspace.apply();
    workspace.write("main", number("main", AFTER));
    workspace.fault("PUT", "", Effect::DropAfter);
    workspace.fail(&["apply", "-auto-approve"]).mentions(&["Could not update phone number"]);
    workspace.api.clear_faults();
    assert_eq!(numbers(&workspace), [AFTER]);
    workspace.write("main", number("main", BEFORE));
    workspace
}

fn numbers(workspace: &Workspace) -> Vec<String> {
    workspace.api.phone_numbers().into_iter().map(|number| number.phone_number).collect()
}

/// The private data of the only object, in Base64; null if there is none.
fn private(workspace: &Workspace) -> Value {
    let state = workspace.read_state();
    let objects = state["resources"].as_array().expect("there are resources");
    objects.iter().find(|object| object["mode"] == "managed").expect("one")["instances"][0]["private"].clone()
}

/// Creates [`credentials`] with an unknown outcome and a PUT that fails.
fn adopted_but_not_set(workspace: &Workspace, lines: &str) -> Output {
    workspace.write("main", credentials("main", lines));
    fault(workspace, "POST", Effect::DropAfter);
    fault(workspace, "PUT", refusal(400, "not so"));
    workspace.apply()
}

#[test]
fn an_adopted_object_that_could_not_be_set_is_kept_and_the_next_apply_sets_it() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let output = adopted_but_not_set(&workspace, "");
        let id = workspace.api.credentials()[0].id;
        let facts = ["Warning", "after an unknown outcome", "PUT", "not so", "in-place update", "terraform state rm"];
        output.mentions(&facts);
        output.mentions(&[&id.to_string()]);
        // The password is the only value that a read does not return.
        assert_eq!(workspace.plan(&["-refresh=false"]), [""; 0], "the trace waits for a refresh");
        assert_eq!(workspace.plan(&[]), ["main: update password"]);
        workspace.api.change(id, |object| object.password = "set by someone else".to_owned());
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.api.credentials()[0].password, testkit::PASSWORD);
        assert_eq!((workspace.api.credentials()[0].id, workspace.received("DELETE").len()), (id, 0));
        assert_eq!(private(&workspace), Value::Null);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_write_only_password_that_could_not_be_set_is_set_by_the_next_apply() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        for version in ["", "\npassword_wo_version = 1"] {
            let workspace = new_workspace(cli);
            adopted_but_not_set(&workspace, &format!("password_wo = {:?}{version}", testkit::PASSWORD));
            let id = workspace.api.credentials()[0].id;
            workspace.api.change(id, |object| object.password = "set by someone else".to_owned());
            assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(workspace.api.credentials()[0].password, testkit::PASSWORD);
            workspace.assert_plan_is_empty();
        }
    });
}

#[test]
fn a_lost_update_that_is_reverted_is_planned_again() {
    for_each_cli(|cli| {
        let workspace = lost_and_reverted(cli);
        for _ in 0..2 {
            assert_eq!(workspace.plan(&[]), ["main: update phone_number"]);
        }
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(numbers(&workspace), [BEFORE]);
        workspace.assert_plan_is_empty();
        assert_eq!(private(&workspace), Value::Null);
    });
}

#[test]
fn a_trace_outlives_refreshes_and_a_second_failure() {
    for_each_cli(|cli| {
        let workspace = lost_and_reverted(cli);
        workspace.succeed(&["apply", "-refresh-only", "-auto-approve"]);
        fault(&workspace, "PUT", refusal(400, "not so"));
        workspace.fail(&["apply", "-auto-approve"]).mentions(&["not so"]);
        assert_eq!(workspace.plan(&[]), ["main: update phone_number"]);
        workspace.apply();
        assert_eq!(numbers(&workspace), [BEFORE]);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_trace_moves_with_its_resource() {
    for_each_cli_with(&MOVED_BLOCKS, |cli| {
        let workspace = lost_and_reverted(cli);
        let moved = "moved {\n  from = deepslate_sip_phone_number.main\n  to = deepslate_sip_phone_number.other\n}\n";
        workspace.write("main", moved.to_owned() + &number("other", BEFORE));
        assert_eq!(workspace.plan(&[]), ["other: update phone_number"]);
        workspace.apply();
        assert_eq!(numbers(&workspace), [BEFORE]);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn an_object_with_a_trace_is_destroyed_as_any_other() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        adopted_but_not_set(&workspace, "");
        fault(&workspace, "DELETE", refusal(403, "not yet"));
        workspace.fail(&["destroy", "-auto-approve"]).mentions(&["not yet"]);
        assert_eq!(workspace.plan(&[]), ["main: update password"]);
        workspace.destroy();
        assert!(workspace.api.credentials().is_empty() && workspace.state().is_empty());
    });
}

#[test]
fn an_import_has_no_trace_of_the_object_before() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        adopted_but_not_set(&workspace, "");
        let id = workspace.attributes("main")["id"].as_str().unwrap_or_default().to_owned();
        workspace.succeed(&["state", "rm", "deepslate_sip_credentials.main"]);
        workspace.succeed(&["import", "deepslate_sip_credentials.main", &id]);
        let spellings = BASE64_STANDARD.encode(r#"{"found":["hostname","username"]}"#);
        assert_eq!(private(&workspace), json!(spellings), "no trace");
        workspace.apply();
        assert_eq!(private(&workspace), Value::Null);
        assert_eq!(workspace.attributes("main")["id"], json!(id));
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_lost_update_that_reads_show_leaves_nothing_behind() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.write("main", credentials("main", "port = 5061"));
        fault(&workspace, "PUT", Effect::DropAfter);
        workspace.fault("PUT", "", refusal(403, "not now"));
        workspace.fail(&["apply", "-auto-approve"]);
        workspace.api.clear_faults();
        assert_eq!(workspace.api.credentials()[0].port, 5061);
        workspace.assert_plan_is_empty();
        workspace.write("main", credentials("main", ""));
        assert_eq!(workspace.plan(&[]), ["main: update port"]);
    });
}
