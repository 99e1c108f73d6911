//! Servers without the undocumented calls.

use deepslate_emulator::{Config, Operation};
use serde_json::json;
use testkit::{Cli, Workspace, for_each_cli};

use super::{CREDENTIALS, existing_number, id, number, only, prepare};
use crate::workspace_with_api;

/// A number is created, drifts, is set right again and is destroyed.
fn workspace(cli: &'static Cli, without: &[Operation]) -> Workspace {
    let workspace = workspace_with_api(cli, Config { without: without.to_vec(), ..Config::default() });
    prepare(&workspace);
    workspace.write("main", number("main", "+49301234567", ""));
    workspace
}

#[test]
fn without_reading_one_the_list_is_read() {
    for_each_cli(|cli| {
        for summaries in [false, true] {
            let config = Config { without: vec![Operation::GetPhoneNumber], summaries, ..Config::default() };
            let workspace = workspace_with_api(cli, config);
            prepare(&workspace);
            workspace.write("main", number("main", "+49301234567", "fallback = true"));
            workspace.apply();
            workspace.assert_plan_is_empty();
            let id = only(&workspace.api).id;
            workspace.api.change_phone_number(id, |number| number.phone_number = "+49301234568".to_owned());
            assert_eq!(workspace.plan(&[]), ["main: update phone_number"]);
            workspace.succeed(&["state", "rm", "deepslate_sip_phone_number.main"]);
            workspace.succeed(&["import", "deepslate_sip_phone_number.main", &format!("{CREDENTIALS}/{id}")]);
            workspace.apply();
            assert_eq!(only(&workspace.api).phone_number, "+49301234567");

            workspace.api.remove_phone_number(id);
            assert_eq!(workspace.plan(&[]), ["main: create"]);
        }
    });
}

#[test]
fn without_a_list_all_but_finding_works() {
    for_each_cli(|cli| {
        let workspace = workspace(cli, &[Operation::ListPhoneNumbers]);
        workspace.apply();
        workspace.assert_plan_is_empty();
        let id = only(&workspace.api).id;
        workspace.api.change_phone_number(id, |number| number.fallback = true);
        workspace.write("main", number("main", "+49301234567", "fallback = false"));
        assert_eq!(workspace.plan(&[]), ["main: update fallback"]);
        workspace.succeed(&["apply", "plan"]);
        assert!(!only(&workspace.api).fallback);

        workspace.write("data", "data \"deepslate_sip_phone_numbers\" \"all\" {}");
        workspace.fail(&["plan"]).mentions(&["The server does not support listing phone numbers", "405"]);
        workspace.remove("data");
        workspace.destroy();
        assert!(workspace.api.phone_numbers().is_empty());
    });
}

#[test]
fn an_update_does_not_need_values_that_reads_omit() {
    for_each_cli(|cli| {
        let config = Config { without: vec![Operation::GetPhoneNumber], summaries: true, ..Config::default() };
        let workspace = workspace_with_api(cli, config);
        prepare(&workspace);
        let id = id(7);
        workspace.api.insert_phone_number(existing_number(CREDENTIALS, &id, "+49301234567"));
        workspace.write("main", number("main", "+49301234567", ""));
        workspace.succeed(&["import", "deepslate_sip_phone_number.main", &format!("{CREDENTIALS}/{id}")]);
        workspace.assert_plan_is_empty();
        workspace.write("main", number("main", "+49301234568", ""));
        workspace.apply();
        assert_eq!(only(&workspace.api).phone_number, "+49301234568");
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn without_any_reading_the_state_is_kept_and_a_warning_says_so() {
    for_each_cli(|cli| {
        let workspace = workspace(cli, &[Operation::GetPhoneNumber, Operation::ListPhoneNumbers]);
        workspace.apply();
        let id = only(&workspace.api).id.to_string();
        let plan = workspace.run(&["plan", "-detailed-exitcode"]);
        assert_eq!(plan.code, Some(0), "{plan}");
        plan.mentions(&["Warning", "Could not read phone number", "drift", "405"]);
        workspace.write("main", number("main", "+49301234568", ""));
        workspace.apply();
        assert_eq!(workspace.attributes("main")["id"], json!(id));
        assert_eq!(only(&workspace.api).phone_number, "+49301234568");

        workspace.succeed(&["state", "rm", "deepslate_sip_phone_number.main"]);
        let import = workspace.fail(&["import", "deepslate_sip_phone_number.main", &format!("{CREDENTIALS}/{id}")]);
        import.mentions(&[
            "Could not import phone number: the server does not support reading it",
            "405",
            "added nothing to the state",
        ]);
    });
}

#[test]
fn without_deleting_it_stays_in_the_state() {
    for_each_cli(|cli| {
        let workspace = workspace(cli, &[Operation::DeletePhoneNumber]);
        workspace.apply();
        let output = workspace.fail(&["destroy", "-auto-approve"]);
        output.mentions(&[
            "Could not delete phone number",
            "the server does not support this request",
            "Deepslate's console",
        ]);
        assert_eq!(workspace.names_in_state(), ["main"]);
        workspace.assert_plan_is_empty();
    });
}
