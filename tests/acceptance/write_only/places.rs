//! The files that contain the password.

use testkit::{PASSWORD, credentials, files_with, for_each_cli};

use super::{COUNTED, VERSION_1, passwords, version, with_ephemeral_password, write};
use crate::new_workspace;

#[test]
fn the_api_receives_the_password_and_no_file_contains_it() {
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(lines, |workspace| {
            assert_eq!(workspace.plan(&[]), ["main: create"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "POST"), [PASSWORD]);
            assert_eq!(version(workspace), 1);

            // Another attribute: PUT replaces whole objects.
            write(workspace, &format!("{lines}\nport = 5061"));
            // If the provider counts, only apply knows whether the password is still the same.
            let counted = if lines == COUNTED { "password_wo_version " } else { "" };
            assert_eq!(workspace.plan(&[]), [format!("main: update {counted}port")]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT"), [PASSWORD]);
            assert_eq!(version(workspace), 1);

            assert!(workspace.attributes("main")["password_wo"].is_null());
            workspace.assert_plan_is_empty();
            assert_eq!(files_with(PASSWORD, &workspace.path("")), Vec::<String>::new());
        });
    }
}

#[test]
fn a_normal_password_is_in_plan_and_state() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.set_env("TF_VAR_password", PASSWORD);
        workspace.write(
            "main",
            "variable \"password\" {\n  type = string\n}\n".to_owned()
                + &credentials("main", "password = var.password"),
        );
        workspace.plan(&[]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(files_with(PASSWORD, &workspace.path("")), ["plan/tfplan", "terraform.tfstate"]);
    });
}
