//! An update never overwrites what someone else changed after the plan.

use deepslate_emulator::{Config, Operation};
use testkit::{credentials, for_each_cli};

use crate::{new_workspace, workspace_with_api};

#[test]
fn a_change_since_the_plan_is_an_error_and_is_kept() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.write("main", credentials("main", "max_agent_tasks = 3"));
        workspace.plan(&[]);
        let id = workspace.api.credentials()[0].id;
        workspace.api.change(id, |object| object.hostname = "sip.elsewhere".to_owned());
        let output = workspace.fail(&["apply", "plan"]);
        output.mentions(&["changed after the plan", "`hostname`", "Plan again without `-refresh=false`"]);
        assert_eq!(workspace.api.credentials()[0].hostname, "sip.elsewhere");
        assert_eq!(workspace.attributes("main")["max_agent_tasks"], 10);
        assert!(workspace.received("PUT").is_empty());

        assert_eq!(workspace.plan(&[]), ["main: update hostname max_agent_tasks"]);
        workspace.succeed(&["apply", "plan"]);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn values_that_the_update_changes_may_have_changed_before() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.write("main", credentials("main", "port = 5061"));
        workspace.plan(&[]);
        let id = workspace.api.credentials()[0].id;
        workspace.api.change(id, |object| {
            object.port = 7;
            object.hostname = "SIP.EXAMPLE.COM.".to_owned();
        });
        workspace.api.clear_requests();
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.api.credentials()[0].port, 5061);
        let methods: Vec<_> = workspace.api.requests().into_iter().map(|request| request.method).collect();
        assert_eq!(methods, ["GET", "PUT"], "an update costs one GET");
    });
}

#[test]
fn an_update_of_what_was_deleted_since_the_plan_says_so() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.write("main", credentials("main", "port = 5061"));
        workspace.plan(&[]);
        workspace.api.remove(workspace.api.credentials()[0].id);
        let output = workspace.fail(&["apply", "plan"]);
        output.mentions(&["the object was deleted after the plan", "Plan again without `-refresh=false`"]);
        assert_eq!(workspace.plan(&[]), ["main: create"]);
    });
}

#[test]
fn a_number_that_cannot_be_read_is_updated_as_before() {
    for_each_cli(|cli| {
        let without = vec![Operation::GetPhoneNumber, Operation::ListPhoneNumbers];
        let workspace = workspace_with_api(cli, Config { without, ..Config::default() });
        let number = |number: &str| {
            credentials("main", "")
                + &format!(
                    "resource \"deepslate_sip_phone_number\" \"number\" {{\n  sip_credentials_id = \
                     deepslate_sip_credentials.main.id\n  phone_number = \"{number}\"\n}}\n"
                )
        };
        workspace.write("main", number("+49301234567"));
        workspace.apply();
        workspace.write("main", number("+49301234568"));
        workspace.apply();
        assert_eq!(workspace.api.phone_numbers()[0].phone_number, "+49301234568");
    });
}
