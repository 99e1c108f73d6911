//! Changes between `password` and `password_wo`, and from an unknown password to either.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use testkit::{ORGANIZATION, PASSWORD, existing, files_with};

use super::{
    COUNTED, NEW_PASSWORD, VERSION_1, VERSION_2, passwords, set_password, version, with_ephemeral_password, write,
};

#[test]
fn a_version_may_come_and_go() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        write(workspace, VERSION_1);
        workspace.assert_plan_is_empty();
        write(workspace, VERSION_2);
        workspace.apply();
        assert_eq!(passwords(workspace, "PUT"), [PASSWORD]);

        // Nobody kept a hash meanwhile.
        write(workspace, COUNTED);
        assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(version(workspace), 3);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn password_and_password_wo_replace_each_other_in_place() {
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(&format!("password = {PASSWORD:?}"), |workspace| {
            workspace.apply();
            let id = workspace.attributes("main")["id"].clone();

            set_password(workspace, NEW_PASSWORD);
            write(workspace, lines);
            assert_eq!(workspace.plan(&[]), ["main: update password password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT"), [NEW_PASSWORD]);
            for password in [PASSWORD, NEW_PASSWORD] {
                assert!(!files_with(password, &workspace.path("")).contains(&"terraform.tfstate".to_owned()));
            }
            workspace.assert_plan_is_empty();

            write(workspace, &format!("password = {PASSWORD:?}"));
            assert_eq!(workspace.plan(&[]), ["main: update password password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT"), [NEW_PASSWORD, PASSWORD]);
            assert!(version(workspace).is_null());
            let state = workspace.read_state();
            assert!(!state.to_string().contains(&STANDARD.encode("{\"hashes")[..8]), "no hash is left: {state}");
            assert_eq!(workspace.attributes("main")["id"], id);
            assert_eq!(workspace.api.credentials().len(), 1);
            workspace.assert_plan_is_empty();
        });
    }
}

#[test]
fn after_an_import_the_password_is_set_once_and_nothing_else_differs() {
    const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(lines, |workspace| {
            workspace.api.insert(existing(ORGANIZATION, ID));
            workspace.succeed(&["import", "deepslate_sip_credentials.main", ID]);
            assert!(version(workspace).is_null());

            workspace.succeed(&["plan"]).mentions(&["Warning: The password will be set"]);
            assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT"), [PASSWORD]);
            assert_eq!(version(workspace), 1);

            workspace.assert_plan_is_empty();
            let plan = workspace.succeed(&["plan"]);
            assert!(!plan.text().contains("The password will be set"), "{plan}");
        });
    }
}
