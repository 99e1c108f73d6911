//! Numbers that are replaced by an equal one, which is created before the old one is deleted.

use testkit::{Cli, Output, Workspace, for_each_cli};

use super::{CREDENTIALS, number, only, prepare};
use crate::new_workspace;

/// A number in the state whose replacement comes first, and its ID.
fn created(cli: &Cli) -> (Workspace, String) {
    let workspace = new_workspace(cli);
    prepare(&workspace);
    workspace.write("main", number("main", "+49301234567", "lifecycle {\n create_before_destroy = true\n}"));
    workspace.apply();
    let id = only(&workspace.api).id.to_string();
    (workspace, id)
}

/// Asserts that the old number is gone, and that the warning does no harm to a user who follows it.
#[track_caller]
fn assert_replaced(workspace: &Workspace, output: &Output, old: &str) {
    assert_ne!(only(&workspace.api).id.to_string(), old, "{output}");
    output.mentions(&["Warning", "already existed", &format!("{CREDENTIALS}/{old}")]);
    output.mentions(&[&format!("If this apply replaces {old}, ignore this warning.")]);
    assert!(!output.text().contains("terraform destroy"), "{output}");
    workspace.assert_plan_is_empty();
}

/// Terraform and OpenTofu do not pass on to the create which object it replaces.
#[test]
fn the_warning_about_a_number_that_is_replaced_says_to_ignore_it() {
    for_each_cli(|cli| {
        let (workspace, old) = created(cli);
        let replace = "-replace=deepslate_sip_phone_number.main";
        let output = workspace.succeed(&["apply", "-auto-approve", replace]);
        assert_replaced(&workspace, &output, &old);
    });
}

#[test]
fn the_warning_about_a_tainted_number_says_to_ignore_it() {
    for_each_cli(|cli| {
        let (workspace, old) = created(cli);
        workspace.succeed(&["taint", "deepslate_sip_phone_number.main"]);
        let output = workspace.apply();
        assert_replaced(&workspace, &output, &old);
    });
}

#[test]
fn a_number_that_is_deleted_first_is_no_duplicate() {
    for_each_cli(|cli| {
        let (workspace, old) = created(cli);
        workspace.write("main", number("main", "+49301234567", ""));
        workspace.apply();
        let output = workspace.succeed(&["apply", "-auto-approve", "-replace=deepslate_sip_phone_number.main"]);
        assert_ne!(only(&workspace.api).id.to_string(), old);
        assert!(!output.text().contains("already existed"), "{output}");
    });
}
