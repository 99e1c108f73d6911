//! `terraform test` with the module in `examples/customer`.

use std::path::Path;

use deepslate_emulator::Config;
use testkit::{MOCKS, ORGANIZATION, VENDOR, for_each_cli_with, uuid};

use crate::{new_workspace, workspace_with_api};

fn customer() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/customer")
}

#[test]
fn the_customer_is_tested_without_a_server() {
    for_each_cli_with(&MOCKS, |cli| {
        let mut workspace = new_workspace(cli);
        for variable in ["BASE_URL", "API_KEY", "VENDOR_ID", "ORGANIZATION_ID"] {
            workspace.unset_env(&format!("DEEPSLATE_{variable}"));
        }
        workspace.remove("versions");
        workspace.copy_module(&customer());
        workspace.succeed(&["test", "-filter=tests/mocked.tftest.hcl"]).mentions(&["2 passed, 0 failed"]);
        assert!(workspace.api.requests().is_empty());
    });
}

#[test]
fn the_customer_is_tested_against_the_emulator() {
    for_each_cli_with(&MOCKS, |cli| {
        let acme = (uuid(VENDOR), uuid(ORGANIZATION), "Acme".to_owned());
        let workspace = workspace_with_api(cli, Config { organizations: vec![acme], ..Config::default() });
        workspace.remove("versions");
        workspace.copy_module(&customer());
        workspace.succeed(&["test", "-filter=tests/emulator.tftest.hcl"]).mentions(&["2 passed, 0 failed"]);
        assert_eq!(workspace.received("POST").len(), 5, "two accounts and three numbers");
        assert!(workspace.api.credentials().is_empty(), "everything is destroyed");
    });
}
