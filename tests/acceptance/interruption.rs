//! Terraform is stopped or killed in the middle of a create.

use std::fs;
use std::process::Command;
use std::time::Duration;

use deepslate_emulator::Effect;
use serde_json::json;

use crate::harness::{Workspace, credentials, for_each_cli, wait_until};

#[test]
fn ctrl_c_waits_for_the_create_under_way() {
    for_each_cli(|cli| {
        let workspace = Workspace::new(cli);
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
        let mut workspace = Workspace::new(cli);
        let log = workspace.path("terraform.log");
        workspace.set_env("TF_LOG", "debug");
        workspace.set_env("TF_LOG_PATH", &log.display().to_string());
        workspace.write("main", credentials("main", ""));
        workspace.fault("POST", "", Effect::Delay(Duration::from_secs(600)));
        let apply = workspace.start(&["apply", "-auto-approve"]);
        workspace.wait_for("POST");

        let log = fs::read_to_string(log).expect("Terraform logs");
        let plugin = plugin_process(&log).unwrap_or_else(|| panic!("no plugin was started: {log}"));
        assert!(is_alive(plugin));
        apply.kill();
        wait_until("the plugin ends", || !is_alive(plugin));
        let left = fs::read_dir(workspace.path("tmp")).expect("the folder exists").flatten();
        // Old versions of Terraform keep a log of their own there.
        let left: Vec<_> = left
            .map(|entry| entry.file_name())
            .filter(|name| !name.to_string_lossy().starts_with("terraform-log"))
            .collect();
        assert!(left.is_empty(), "its socket is gone too: {left:?}");
    });
}

/// The process id of the plugin that Terraform started last.
fn plugin_process(log: &str) -> Option<u32> {
    let line =
        log.lines().rfind(|line| line.contains("plugin started") && line.contains("terraform-provider-deepslate"))?;
    line.split("pid=").nth(1)?.split_whitespace().next()?.parse().ok()
}

/// Whether the process runs; one that has ended and that nobody has waited for does not.
fn is_alive(process: u32) -> bool {
    let output = Command::new("ps").args(["-o", "stat=", "-p", &process.to_string()]).output().expect("`ps` starts");
    let state = String::from_utf8_lossy(&output.stdout);
    !state.trim().is_empty() && !state.trim().starts_with('Z')
}
