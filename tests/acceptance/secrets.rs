//! The key and the password show up nowhere but where they must: in requests, and the password in the state.

use crate::harness::faults::refusal;
use crate::harness::{API_KEY, PASSWORD, Workspace, credentials, files_with, for_each_cli};

#[test]
fn nothing_that_is_printed_or_logged_holds_a_secret() {
    for_each_cli(|cli| {
        let mut workspace = Workspace::new(cli);
        for variable in ["TF_LOG", "TF_LOG_PROVIDER", "RUST_LOG"] {
            workspace.set_env(variable, "trace");
        }
        workspace.set_env("RUST_BACKTRACE", "full");
        let new_password = "password-77b1d0ce";
        let resource =
            |port: u16, password: &str| credentials("main", &format!("port = {port}\npassword = {password:?}"));

        workspace.write("main", resource(5060, PASSWORD));
        let created = workspace.apply();
        workspace.write("main", resource(5061, new_password));
        let repeated = format!("{PASSWORD} {new_password} {API_KEY}");
        workspace.fault("PUT", "", refusal(400, &repeated));
        let refused = workspace.fail(&["apply", "-auto-approve"]);
        workspace.api.clear_faults();
        let updated = workspace.apply();
        let destroyed = workspace.destroy();

        for output in [created, refused, updated, destroyed] {
            let printed = output.stdout + &output.stderr;
            for secret in [API_KEY, PASSWORD, new_password] {
                let found: Vec<_> = printed.lines().filter(|line| line.contains(secret)).collect();
                assert!(found.is_empty(), "`{}` shows {secret}: {found:#?}", output.command);
            }
            assert_log_is_understood(&output.command, &printed);
        }
        assert!(files_with(API_KEY, &workspace.path("")).is_empty());
    });
}

/// Terraform takes the plugin's lines apart; one that it cannot parse is logged as it came.
fn assert_log_is_understood(command: &str, log: &str) {
    let from_plugin: Vec<_> = log.lines().filter(|line| line.contains("terraform-provider-deepslate:")).collect();
    assert!(from_plugin.iter().any(|line| line.contains("tf_rpc=")), "`{command}` logs calls: {log}");
    let raw: Vec<_> = from_plugin.iter().filter(|line| line.contains("\"@message\"")).collect();
    assert!(raw.is_empty(), "`{command}` logs lines that Terraform cannot parse: {raw:#?}");
}
