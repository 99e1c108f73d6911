//! Terraform is stopped or killed in the middle of a create.

use std::time::Duration;

use deepslate_emulator::Effect;
use serde_json::json;
use testkit::{credentials, for_each_cli, is_alive, wait_until};

use crate::new_workspace;

#[test]
fn ctrl_c_waits_for_the_create_in_progress() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.fault("POST", "", Effect::Delay(Duration::from_secs(3)));
        let apply = workspace.start(&["apply", "-auto-approve"]);
        workspace.wait_for("POST");
        apply.interrupt();
        let output = apply.wait();

        let objects = workspace.api.credentials();
        assert_eq!(objects.len(), 1, "{output}");
        assert_eq!(workspace.names_in_state(), ["main"], "{output}");
        assert_eq!(workspace.attributes("main")["id"], json!(objects[0].id.to_string()));
        workspace.api.clear_faults();
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn the_plugin_ends_when_terraform_is_killed() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.fault("POST", "", Effect::Delay(Duration::from_secs(600)));
        let apply = workspace.start(&["apply", "-auto-approve"]);
        workspace.wait_for("POST");

        let plugins = apply.plugins();
        assert_eq!(plugins.len(), 1);
        apply.kill();
        wait_until("the plugin ends", || !is_alive(plugins[0]));
        assert_eq!(workspace.left_in_tmp(), [""; 0], "its socket is gone too");
    });
}
