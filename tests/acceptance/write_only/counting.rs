//! The conditions for sending the password: a changed version, or a changed hash if the provider counts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use deepslate_emulator::Effect;
use serde_json::json;
use testkit::faults::refusal;
use testkit::{OTHER_ORGANIZATION, PASSWORD, WRITE_ONLY, credentials, files_with, for_each_cli_with};

use super::{
    COUNTED, NEW_PASSWORD, VARIABLE, VERSION_1, VERSION_2, passwords, set_password, version, with_ephemeral_password,
    write,
};
use crate::new_workspace;

#[test]
fn with_a_version_the_password_is_sent_exactly_when_the_version_changes() {
    with_ephemeral_password(VERSION_1, |workspace| {
        workspace.apply();
        // An ephemeral value may be another in each run.
        set_password(workspace, "another in each run");
        workspace.assert_plan_is_empty();
        workspace.apply();
        assert!(workspace.received("PUT").is_empty());

        set_password(workspace, NEW_PASSWORD);
        write(workspace, VERSION_2);
        assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(passwords(workspace, "PUT"), [NEW_PASSWORD]);
        assert_eq!(version(workspace), 2);

        // Any other version is a change, a lower one too.
        write(workspace, VERSION_1);
        assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(passwords(workspace, "PUT"), [NEW_PASSWORD, NEW_PASSWORD]);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn without_a_version_an_edited_password_is_noticed() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        for (edit, password) in [NEW_PASSWORD, PASSWORD].into_iter().enumerate() {
            set_password(workspace, password);
            assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT")[edit..], [password]);
            assert_eq!(version(workspace), edit + 2);
            workspace.assert_plan_is_empty();
        }
        assert!(files_with(NEW_PASSWORD, &workspace.path("")).is_empty());
    });
}

#[test]
fn the_password_at_apply_counts() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        // It was another while planning, and is the old one again.
        set_password(workspace, NEW_PASSWORD);
        workspace.plan(&[]);
        set_password(workspace, PASSWORD);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(version(workspace), 1);

        // It rotates between a plan for something else and its apply.
        write(workspace, &format!("{COUNTED}\nport = 5061"));
        workspace.plan(&[]);
        set_password(workspace, NEW_PASSWORD);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.api.credentials()[0].password, NEW_PASSWORD);
        assert_eq!(version(workspace), 2);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn an_update_whose_answer_is_lost_sets_the_password_again() {
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(lines, |workspace| {
            workspace.apply();
            // The server takes the new password and answers with an error.
            let lost = Effect::AnswerAfter { status: 500, headers: Vec::new(), body: b"oops".to_vec() };
            workspace.fault("PUT", "", lost);
            set_password(workspace, NEW_PASSWORD);
            write(workspace, &format!("{lines}\nport = 5061"));
            workspace.fail(&["apply", "-auto-approve"]).mentions(&["500"]);
            assert_eq!(workspace.api.credentials()[0].password, NEW_PASSWORD);
            workspace.api.clear_faults();

            set_password(workspace, PASSWORD);
            write(workspace, lines);
            workspace.apply();
            assert_eq!(workspace.api.credentials()[0].password, PASSWORD);
            workspace.assert_plan_is_empty();
        });
    }
}

#[test]
fn timeouts_are_not_sent_with_a_write_only_password_either() {
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(lines, |workspace| {
            workspace.apply();
            write(workspace, &format!("{lines}\ntimeouts {{\n  read = \"90s\"\n}}"));
            workspace.apply();
            assert!(workspace.received("PUT").is_empty());
            workspace.assert_plan_is_empty();
        });
    }
}

#[test]
fn an_update_that_failed_is_planned_again() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        set_password(workspace, NEW_PASSWORD);
        workspace.fault("PUT", "", refusal(400, "not now"));
        workspace.fail(&["apply", "-auto-approve"]).mentions(&["400", "not now"]);
        workspace.api.clear_faults();
        assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.api.credentials()[0].password, NEW_PASSWORD);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_lost_or_foreign_hash_plans_one_update() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        let foreign = [json!(null), json!(STANDARD.encode("{}")), json!(STANDARD.encode("{\"schema_version\":\"1\"}"))];
        for private in foreign {
            let mut state = workspace.read_state();
            state["resources"][0]["instances"][0]["private"] = private;
            workspace.write_state(&state);
            assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            workspace.assert_plan_is_empty();
        }
        assert_eq!(passwords(workspace, "PUT"), [PASSWORD; 3]);
    });
}

#[test]
fn a_replacement_sends_the_password_and_restarts_the_version() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        set_password(workspace, NEW_PASSWORD);
        workspace.apply();
        assert_eq!(version(workspace), 2);

        write(workspace, &format!("{COUNTED}\norganization_id = {OTHER_ORGANIZATION:?}"));
        assert_eq!(workspace.plan(&[]), ["main: replace organization_id"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(passwords(workspace, "POST"), [PASSWORD, NEW_PASSWORD]);
        assert_eq!(version(workspace), 1);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn each_resource_has_a_salt_of_its_own() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let mut workspace = new_workspace(cli);
        set_password(&mut workspace, PASSWORD);
        workspace.write("main", VARIABLE.to_owned() + &credentials("main", &format!("count = 2\n{COUNTED}")));
        workspace.apply();
        let state = workspace.read_state();
        let private = |number: usize| state["resources"][0]["instances"][number]["private"].as_str().map(str::to_owned);
        assert!(private(0).is_some());
        assert_ne!(private(0), private(1), "each has a salt of its own");
    });
}
