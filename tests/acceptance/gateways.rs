//! Answers of gateways, lists that lag behind, and answers in other codings: one resource gets one object.

use std::time::Duration;

use deepslate_emulator::{Config, Effect, Fault};
use serde_json::json;
use testkit::faults::{answer, page, refusal};
use testkit::{Cli, ORGANIZATION, Workspace, credentials, existing, for_each_cli};

use crate::unknown_outcome::WARNING;
use crate::{new_workspace, workspace_with_api};

const SOMEBODYS: &str = "99999999-9999-4999-8999-999999999999";

/// A number under the credentials `main`.
const NUMBER: &str = "resource \"deepslate_sip_phone_number\" \"main\" {\n  sip_credentials_id = \
                      deepslate_sip_credentials.main.id\n  phone_number = \"+49301234567\"\n}\n";

/// The work is done, and a gateway answers.
fn answered(status: u16) -> Effect {
    match page(status) {
        Effect::Answer { status, headers, body } => Effect::AnswerAfter { status, headers, body },
        other => other,
    }
}

fn lagging(cli: &Cli) -> Workspace {
    let workspace = workspace_with_api(cli, Config { list_lag: Duration::from_secs(3), ..Config::default() });
    workspace.write("main", credentials("main", ""));
    workspace
}

fn fault_once(workspace: &Workspace, effect: Effect) {
    workspace.api.fault(Fault { method: Some("POST"), path: String::new(), times: Some(1), effect });
}

#[test]
fn a_gateway_error_after_the_work_creates_no_duplicate_even_if_the_list_lags() {
    for_each_cli(|cli| {
        for status in [302, 403, 429, 500, 502, 503, 504, 520] {
            let workspace = lagging(cli);
            fault_once(&workspace, answered(status));
            workspace.apply().mentions(&[WARNING]);
            assert_eq!((workspace.api.credentials().len(), workspace.received("POST").len()), (1, 1), "{status}");
            workspace.assert_plan_is_empty();
        }
    });
}

#[test]
fn a_request_that_never_reached_deepslate_is_sent_again_without_a_search() {
    for_each_cli(|cli| {
        let workspace = lagging(cli);
        fault_once(&workspace, page(521));
        workspace.apply();
        assert_eq!((workspace.received("GET").len(), workspace.received("POST").len()), (1, 2));
    });
}

#[test]
fn a_refusal_of_a_gateway_is_believed_if_the_list_is_refused_too() {
    for_each_cli(|cli| {
        let workspace = lagging(cli);
        workspace.api.fault(Fault { method: None, path: String::new(), times: None, effect: page(403) });
        let output = workspace.fail(&["apply", "-auto-approve"]);
        output.mentions(&["Could not create", "403"]);
        assert_eq!((workspace.received("GET").len(), workspace.received("POST").len()), (2, 1));
    });
}

#[test]
fn compressed_answers_and_a_byte_order_mark_are_read() {
    for_each_cli(|cli| {
        for effect in [Effect::Gzip, Effect::ByteOrderMark] {
            let workspace = new_workspace(cli);
            workspace.write("main", credentials("main", ""));
            workspace.api.fault(Fault { method: None, path: String::new(), times: None, effect });
            workspace.apply();
            workspace.assert_plan_is_empty();
            assert_eq!(workspace.api.credentials().len(), 1);
            let requests = workspace.api.requests();
            let identity = |(name, value): &(String, String)| name == "accept-encoding" && value == "identity";
            assert!(requests.iter().all(|request| request.headers.iter().any(identity)));
        }
    });
}

#[test]
fn an_answer_in_an_unknown_coding_is_named_and_its_object_is_found() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        let Effect::Answer { status, headers, body } = answer(201, "text/plain", &[("content-encoding", "br")], "xyz")
        else {
            unreachable!()
        };
        fault_once(&workspace, Effect::AnswerAfter { status, headers, body });
        workspace.apply().mentions(&[WARNING, "`br`"]);
        assert_eq!(workspace.api.credentials().len(), 1);
    });
}

#[test]
fn an_object_that_a_refusal_names_is_not_created_and_never_tainted() {
    for_each_cli(|cli| {
        for status in [200, 201, 409] {
            let workspace = new_workspace(cli);
            workspace.api.insert(existing(ORGANIZATION, SOMEBODYS));
            workspace.write("main", credentials("main", ""));
            let body =
                json!({"success": false, "timestamp": "", "message": "exists already", "data": {"id": SOMEBODYS}});
            fault_once(&workspace, answer(status, "application/json", &[], &body.to_string()));
            let output = workspace.fail(&["apply", "-auto-approve"]);
            output.mentions(&["exists already", "terraform import", &format!("{ORGANIZATION}/{SOMEBODYS}")]);
            assert!(workspace.state().is_empty(), "{output}");
            assert_eq!((workspace.received("POST").len(), workspace.received("PUT").len()), (1, 0));
        }
    });
}

#[test]
fn an_equal_object_that_someone_made_during_the_run_is_not_adopted() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let late = "depends_on = [deepslate_sip_credentials.first]";
        workspace.write("first", credentials("first", "username = \"first\""));
        workspace.write("main", credentials("main", late));
        // The first create lasts so long that the list before it is old when the second is sent.
        workspace.api.fault(Fault {
            method: Some("POST"),
            path: String::new(),
            times: Some(1),
            effect: Effect::Delay(Duration::from_secs(12)),
        });
        workspace.api.fault(Fault { method: Some("POST"), path: String::new(), times: Some(1), effect: answered(504) });
        let apply = workspace.start(&["apply", "-auto-approve"]);
        workspace.wait_for("POST");
        workspace.api.insert(existing(ORGANIZATION, SOMEBODYS));
        let output = apply.wait();
        assert_eq!(output.code, Some(0), "{output}");
        assert_ne!(workspace.attributes("main")["id"], SOMEBODYS);
        assert_eq!(workspace.api.credentials().len(), 3);
    });
}

#[test]
fn many_numbers_of_one_account_cost_one_request_each_and_one_list() {
    for_each_cli(|cli| {
        for summaries in [false, true] {
            let workspace = workspace_with_api(cli, Config { max_page_size: 10, summaries, ..Config::default() });
            let numbers = "resource \"deepslate_sip_phone_number\" \"many\" {\n  count = 60\n  sip_credentials_id = \
                           deepslate_sip_credentials.main.id\n  phone_number = \"+4930${1000 + count.index}\"\n}\n";
            workspace.write("main", credentials("main", "") + numbers);
            workspace.apply();
            let (reads, writes) = (workspace.received("GET").len(), workspace.received("POST").len());
            assert_eq!((workspace.api.phone_numbers().len(), writes), (60, 61));
            assert!(reads <= 6 + 60, "{reads} reads");
            testkit::tell(&format!("60 numbers: {reads} GETs, {writes} POSTs"));
        }
    });
}

#[test]
fn a_number_just_after_its_account_waits_until_the_account_is_known_everywhere() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", "") + NUMBER);
        workspace.api.fault(Fault {
            method: None,
            path: "/phone-numbers".to_owned(),
            times: Some(3),
            effect: refusal(404, "no such credentials"),
        });
        workspace.apply();
        assert_eq!(workspace.api.phone_numbers().len(), 1);
    });
}
