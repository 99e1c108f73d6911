//! Creates with an unknown outcome.

use std::time::Duration;

use deepslate_emulator::{Effect, Fault};
use testkit::{ORGANIZATION, VENDOR, Workspace, for_each_cli};

use super::{CREDENTIALS, existing_number, id, number, only, prepare};
use crate::new_workspace;

fn lose_one_answer(workspace: &Workspace) {
    let fault = Fault { method: Some("POST"), path: String::new(), times: Some(1), effect: Effect::DropAfter };
    workspace.api.fault(fault);
}

#[test]
fn the_number_is_found_and_adopted() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        lose_one_answer(&workspace);
        workspace.write("main", number("main", "+49301234567", "fallback = true"));
        workspace.apply().mentions(&["Adopted the phone number after an unknown outcome"]);
        assert_eq!(workspace.attributes("main")["id"], only(&workspace.api).id.to_string());
        assert_eq!(workspace.received("PUT").len(), 1);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_number_that_exists_already_is_a_warning() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        let other = super::existing_number(CREDENTIALS, &super::id(7), "0049301234567");
        workspace.api.insert_phone_number(other);
        workspace.write("main", number("main", "+49301234567", ""));
        let output = workspace.apply();
        output.mentions(&["Warning", "already existed", &format!("{ORGANIZATION}/{CREDENTIALS}/{}", super::id(7))]);
        assert_eq!(workspace.api.phone_numbers().len(), 2);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn several_are_shown_with_their_import_lines() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        // Someone else creates the same number at the same time in another spelling.
        let other = existing_number(CREDENTIALS, &id(7), "0049301234567");
        workspace.fault("GET", "/phone-numbers", Effect::Delay(Duration::from_secs(2)));
        lose_one_answer(&workspace);
        workspace.write("main", number("main", "+49301234567", ""));
        let apply = workspace.start(&["apply", "-auto-approve"]);
        workspace.wait_for("POST");
        workspace.api.insert_phone_number(other);
        let output = apply.wait();
        assert_eq!(output.code, Some(1), "{output}");
        output.mentions(&["The phone number may exist without being in the state"]);
        for number in workspace.api.phone_numbers() {
            output.mentions(&[&format!("{VENDOR}/{ORGANIZATION}/{CREDENTIALS}/{}", number.id)]);
        }
    });
}
