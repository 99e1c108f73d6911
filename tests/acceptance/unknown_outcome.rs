//! Creates with an unknown outcome. In the end, each resource has one object with its own password.

use std::collections::BTreeMap;

use deepslate_emulator::{Config, Effect, Fault, Operation};
use serde_json::Value;
use testkit::faults::{changed_data, page, refusal};
use testkit::{ORGANIZATION, Workspace, credentials, existing, for_each_cli};

use crate::{new_workspace, workspace_with_api};

/// What the summary says of an object that was found and adopted.
pub(crate) const WARNING: &str = "after an unknown outcome";
const SOMEBODYS: &str = "99999999-9999-4999-8999-999999999999";

/// A resource that differs from the others only in its password.
fn write(workspace: &Workspace, name: &str, lines: &str) {
    workspace.write(name, credentials(name, &format!("password = \"password-of-{name}\"\n{lines}")));
}

/// The next `times` requests of this method meet the effect.
fn fault(workspace: &Workspace, method: &'static str, times: u32, effect: Effect) {
    workspace.api.fault(Fault { method: Some(method), path: String::new(), times: Some(times), effect });
}

/// As many objects as resources, each in the state and with the password of its resource.
#[track_caller]
fn assert_all_are_managed(workspace: &Workspace) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let objects: BTreeMap<_, _> =
        workspace.api.credentials().into_iter().map(|object| (object.id.to_string(), object.password)).collect();
    let state: BTreeMap<_, _> = workspace
        .state()
        .iter()
        .map(|(_, attributes)| (text(&attributes["id"]), text(&attributes["password"])))
        .collect();
    assert_eq!(objects, state);
    let own = |(name, attributes): &(String, _)| {
        let attributes: &serde_json::Map<String, Value> = attributes;
        attributes["password"] == format!("password-of-{name}")
    };
    assert!(workspace.state().iter().all(own));
    workspace.assert_plan_is_empty();
}

/// The work is done, and a gateway answers.
fn answered(status: u16) -> Effect {
    match page(status) {
        Effect::Answer { status, headers, body } => Effect::AnswerAfter { status, headers, body },
        other => other,
    }
}

#[test]
fn a_created_object_is_found_and_adopted() {
    for_each_cli(|cli| {
        for summaries in [false, true] {
            let workspace = workspace_with_api(cli, Config { summaries, ..Config::default() });
            workspace.api.insert(existing(ORGANIZATION, SOMEBODYS));
            let cases = [Effect::DropAfter, answered(500), answered(504), Effect::Garble, Effect::Cut];
            for (number, effect) in cases.into_iter().enumerate() {
                fault(&workspace, "POST", 1, effect);
                write(&workspace, &format!("case_{number}"), "");
                workspace.apply().mentions(&[WARNING, "POST", "/sip/credentials"]);
            }
            assert_eq!((workspace.received("POST").len(), workspace.received("PUT").len()), (5, 5));
            workspace.api.remove(existing(ORGANIZATION, SOMEBODYS).id);
            assert_all_are_managed(&workspace);
        }
    });
}

#[test]
fn two_equal_resources_never_adopt_the_same_object() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        write(&workspace, "one", "");
        write(&workspace, "another", "hostname = \"SIP.example.com.\"");
        fault(&workspace, "POST", 2, Effect::DropAfter);
        workspace.apply().mentions(&[WARNING]);
        assert_eq!(workspace.api.credentials().len(), 2);
        assert_all_are_managed(&workspace);
    });
}

#[test]
fn many_concurrent_creates_each_find_their_object() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, Config { summaries: true, ..Config::default() });
        let lines = "for_each = toset([for n in range(40) : tostring(n)])\nusername = \"agent-${each.key}\"\n\
                     password = \"password-of-many[${each.key}]\"";
        workspace.write("main", credentials("many", lines));
        for effect in [Effect::DropAfter, page(503), Effect::Garble] {
            fault(&workspace, "POST", 6, effect);
        }
        workspace.apply();
        assert_eq!(workspace.api.credentials().len(), 40);
        assert_eq!((workspace.received("POST").len(), workspace.received("PUT").len()), (46, 12));
        assert_all_are_managed(&workspace);
    });
}

#[test]
fn a_create_without_effect_is_sent_again() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        write(&workspace, "main", "");
        fault(&workspace, "POST", 1, refusal(500, "boom"));
        fault(&workspace, "POST", 1, page(503));
        let output = workspace.apply();
        assert!(!output.text().contains(WARNING), "{output}");
        assert_eq!(workspace.received("POST").len(), 3);
        assert_all_are_managed(&workspace);
    });
}

#[test]
fn an_object_that_is_not_found_is_an_error_that_says_so() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        write(&workspace, "main", "timeouts {\n create = \"3s\"\n}");
        fault(&workspace, "POST", 1, Effect::DropBefore);
        let output = workspace.fail(&["apply", "-auto-approve"]);
        output.mentions(&["may exist", "does not show the object yet", "still be in progress", "terraform import"]);
        assert_eq!(workspace.received("POST").len(), 1);
        workspace.apply();
        assert_all_are_managed(&workspace);
    });
}

#[test]
fn without_a_list_the_error_says_how_to_search() {
    for_each_cli(|cli| {
        let without = vec![Operation::ListSipCredentials];
        let workspace = workspace_with_api(cli, Config { without, ..Config::default() });
        write(&workspace, "main", "");
        fault(&workspace, "POST", 1, Effect::DropAfter);
        let output = workspace.fail(&["apply", "-auto-approve"]);
        output.mentions(&["may exist", "does not repeat the request", "terraform import", ORGANIZATION]);
        output
            .mentions(&["could not search Deepslate's list for the object: the server does not support this request"]);
        assert!(workspace.state().is_empty());

        let id = workspace.api.credentials()[0].id.to_string();
        workspace.succeed(&["import", "deepslate_sip_credentials.main", &id]);
        workspace.apply();
        assert_all_are_managed(&workspace);
    });
}

#[test]
fn several_candidates_are_listed_with_import_commands() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.api.insert(existing(ORGANIZATION, SOMEBODYS));
        // Without the list that comes first, nobody knows which of the two was there before.
        fault(&workspace, "GET", 1, refusal(403, "not now"));
        fault(&workspace, "POST", 1, Effect::DropAfter);
        write(&workspace, "main", "");
        let output = workspace.fail(&["apply", "-auto-approve"]);
        let objects = workspace.api.credentials();
        assert_eq!((objects.len(), workspace.received("POST").len()), (2, 1));
        for object in &objects {
            output.mentions(&["terraform import", &format!("{ORGANIZATION}/{}", object.id)]);
        }
        assert!(workspace.state().is_empty());
    });
}

#[test]
fn an_adopted_object_that_the_server_changes_is_not_tainted() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        write(&workspace, "main", "max_agent_tasks = 50");
        let capped = || changed_data(|data| data["maxAgentTasks"] = 10.into());
        fault(&workspace, "POST", 1, Effect::DropAfter);
        fault(&workspace, "PUT", 1, capped());
        let output = workspace.apply();
        output.mentions(&[
            WARNING,
            "The server stored a different value for `max_agent_tasks`",
            "Planned: 50",
            "Stored: 10",
        ]);
        assert_eq!(workspace.read_state()["resources"][0]["instances"][0]["status"], Value::Null, "not tainted");
        workspace.fault("GET", "", capped());
        assert_eq!(workspace.plan(&[]), ["main: update max_agent_tasks"]);
    });
}

#[test]
fn a_refusal_of_a_gateway_may_come_after_the_update() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        for status in [302, 401, 403, 404, 405, 409, 451, 501] {
            write(&workspace, "main", "");
            workspace.apply();
            workspace.write("main", credentials("main", "password = \"rotated\""));
            let Effect::Answer { status, headers, body } = page(status) else { unreachable!() };
            fault(&workspace, "PUT", 1, Effect::AnswerAfter { status, headers, body });
            workspace.fail(&["apply", "-auto-approve"]).mentions(&["may or may not have been applied"]);
            // It is reverted, and the next apply sets it.
            write(&workspace, "main", "");
            assert_eq!(workspace.plan(&[]), ["main: update password"], "{status}");
        }
    });
}
