//! `password_wo`: a password that is in neither plan nor state, but that the API receives.

mod counting;
mod forms;
mod input;
mod late;
mod places;

use serde_json::{Value, json};
use testkit::{PASSWORD, WRITE_ONLY, Workspace, credentials, for_each_cli_with};

use crate::new_workspace;

const NEW_PASSWORD: &str = "password-77b1d0ce";

/// The password comes from outside, as Terraform hands on any ephemeral value: known in each phase, and written down in
/// none.
const VARIABLE: &str = "variable \"sip\" {\n  type = object({ password = string })\n  ephemeral = true\n}\n";
/// The provider counts the changes.
const COUNTED: &str = "password_wo = var.sip.password";
/// The user does.
const VERSION_1: &str = "password_wo = var.sip.password\npassword_wo_version = 1";
const VERSION_2: &str = "password_wo = var.sip.password\npassword_wo_version = 2";

/// Runs a test with a resource whose password is ephemeral, with each binary that knows such values.
fn with_ephemeral_password(lines: &str, test: impl Fn(&mut Workspace) + Sync) {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let mut workspace = new_workspace(cli);
        set_password(&mut workspace, PASSWORD);
        write(&workspace, lines);
        test(&mut workspace);
    });
}

fn set_password(workspace: &mut Workspace, password: &str) {
    workspace.set_env("TF_VAR_sip", &json!({ "password": password }).to_string());
}

fn write(workspace: &Workspace, lines: &str) {
    workspace.write("main", VARIABLE.to_owned() + &credentials("main", lines));
}

/// The passwords that the API received with this method, oldest first; null where one is missing.
fn passwords(workspace: &Workspace, method: &str) -> Vec<Value> {
    let received = workspace.received(method).into_iter();
    received.map(|request| request.body.map_or(Value::Null, |body| body["password"].clone())).collect()
}

fn version(workspace: &Workspace) -> Value {
    workspace.attributes("main")["password_wo_version"].clone()
}
