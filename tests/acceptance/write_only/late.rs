//! Passwords that are unknown during plan, or null during apply.

use testkit::{PASSWORD, WRITE_ONLY, Workspace, credentials, for_each_cli_with};

use super::{COUNTED, NEW_PASSWORD, VERSION_1, passwords, set_password, version, with_ephemeral_password, write};
use crate::new_workspace;

#[test]
fn a_password_that_is_null_at_apply_is_missed_before_anything_is_sent() {
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(lines, |workspace| {
            let set_null = |workspace: &mut Workspace| workspace.set_env("TF_VAR_sip", "{\"password\":null}");
            // The configuration is validated once more at apply. Other cases are tested at the level of the protocol.
            let says_so = |workspace: &Workspace| {
                workspace.fail(&["apply", "plan"]).mentions(&["Neither `password` nor `password_wo` is set"]);
            };
            workspace.plan(&[]);
            set_null(workspace);
            says_so(workspace);
            assert!(workspace.api.requests().is_empty());

            set_password(workspace, PASSWORD);
            workspace.apply();
            write(workspace, &format!("{lines}\nport = 5061"));
            workspace.plan(&[]);
            set_null(workspace);
            says_so(workspace);
            assert!(workspace.received("PUT").is_empty());
            assert_eq!(workspace.attributes("main")["port"], 5060);

            set_password(workspace, PASSWORD);
            workspace.apply();
            assert_eq!(passwords(workspace, "PUT"), [PASSWORD]);
            workspace.assert_plan_is_empty();
        });
    }
}

#[test]
fn a_password_that_is_not_known_yet_counts_as_given() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let workspace = new_workspace(cli);
        let write = |password: &str| {
            let source = format!("resource \"terraform_data\" \"password\" {{\n  input = {password:?}\n}}\n");
            workspace.write("main", source + &credentials("main", "password_wo = terraform_data.password.output"));
        };
        write(PASSWORD);
        workspace.succeed(&["validate"]);
        workspace.apply();
        assert_eq!(passwords(&workspace, "POST"), [PASSWORD]);
        assert_eq!(version(&workspace), 1);
        workspace.assert_plan_is_empty();

        write(NEW_PASSWORD);
        workspace.apply();
        assert_eq!(passwords(&workspace, "PUT"), [NEW_PASSWORD]);
        assert_eq!(version(&workspace), 2);
        workspace.assert_plan_is_empty();
    });
}
