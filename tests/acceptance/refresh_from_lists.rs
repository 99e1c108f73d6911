//! Refreshes from the list of a collection.

use deepslate_emulator::{Config, Operation};
use testkit::{ORGANIZATION, PASSWORD, Workspace, credentials, existing, for_each_cli};

use crate::fault_matrix::faults;
use crate::{new_workspace, workspace_with_api};

/// Enough credentials that their list has three pages.
const COUNT: usize = 250;
/// Twice the requests for their list, less one: before it is known how long the list is, a read is a GET.
const MOST_REQUESTS: usize = 5;

/// A workspace that has applied this many SIP credentials.
fn applied(workspace: Workspace, count: usize) -> Workspace {
    let lines = format!("count = {count}\nusername = \"agent-${{count.index}}\"");
    workspace.write("main", credentials("main", &lines));
    workspace.apply();
    workspace.api.clear_requests();
    workspace
}

/// How many requests a plan without changes takes.
#[track_caller]
fn requests_of_an_empty_plan(workspace: &Workspace) -> usize {
    workspace.api.clear_requests();
    workspace.assert_plan_is_empty();
    assert_eq!(workspace.received("GET").len(), workspace.api.requests().len());
    workspace.api.requests().len()
}

#[test]
fn a_refresh_needs_few_requests_and_finds_all_drift() {
    for_each_cli(|cli| {
        let workspace = applied(new_workspace(cli), COUNT);
        let requests = requests_of_an_empty_plan(&workspace);
        assert!(requests <= MOST_REQUESTS, "{requests} requests");

        let objects = workspace.api.credentials();
        for object in &objects[..3] {
            workspace.api.remove(object.id);
        }
        for object in &objects[COUNT - 3..] {
            workspace.api.change(object.id, |object| object.port = 5999);
        }
        workspace.api.clear_requests();
        let planned = workspace.plan(&[]);
        let of = |action: &str| planned.iter().filter(|line| line.ends_with(action)).count();
        assert_eq!((of(": create"), of(": update port"), planned.len()), (3, 3, 6), "{planned:?}");
        let drifted: Vec<_> =
            objects[..3].iter().chain(&objects[COUNT - 3..]).map(|object| object.id.to_string()).collect();
        let requests: Vec<_> = workspace.received("GET").into_iter().map(|request| request.path).collect();
        for id in &drifted {
            let of_it = requests.iter().filter(|path| path.ends_with(id)).count();
            assert_eq!(of_it, 1, "only a GET tells that an object is gone or has changed");
        }
        // The objects that are gone need a listing that began after their GET, or one each if they are not read at once.
        assert!(requests.len() <= drifted.len() + 4 * MOST_REQUESTS, "{} requests", requests.len());
        workspace.succeed(&["apply", "plan"]);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn without_coalescing_each_object_is_read_by_a_get() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("provider", "provider \"deepslate\" {\n  coalesce_reads = false\n}");
        let workspace = applied(workspace, 20);
        assert_eq!(requests_of_an_empty_plan(&workspace), 20);
        assert!(workspace.received("GET").iter().all(|request| request.query.is_empty()));
    });
}

#[test]
fn a_few_objects_of_many_need_one_request_more_than_a_get_each() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        for number in 0..3_000 {
            workspace.api.insert(existing(ORGANIZATION, &format!("00000000-0000-4000-8000-{number:012}")));
        }
        let workspace = applied(workspace, 3);
        assert_eq!(requests_of_an_empty_plan(&workspace), 4, "a GET each, and the first page");
    });
}

#[test]
fn an_incomplete_or_missing_list_is_tried_once() {
    for config in [
        || Config { summaries: true, ..Config::default() },
        || Config { without: vec![Operation::ListSipCredentials], ..Config::default() },
    ] {
        for_each_cli(|cli| {
            let workspace = applied(workspace_with_api(cli, config()), 20);
            assert_eq!(requests_of_an_empty_plan(&workspace), 21);
        });
    }
}

#[test]
fn a_failing_list_changes_no_plan() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        // A read waits for a list for a quarter of its time.
        let lines = "for_each = toset([\"a\", \"b\", \"c\"])\nusername = each.key\ntimeouts {\n  read = \"8s\"\n}";
        workspace.write("main", credentials("main", lines));
        workspace.apply();
        let drifted = workspace.api.credentials().into_iter().find(|object| object.username == "b").expect("created");
        workspace.api.change(drifted.id, |object| object.port = 5999);
        for fault in faults::of_lists() {
            workspace.api.clear_faults();
            workspace.api.clear_requests();
            workspace.fault("GET", "/credentials?", fault.effect);
            assert_eq!(workspace.plan(&[]), ["main[\"b\"]: update port"], "{}", fault.words);
            assert!(workspace.received("GET").iter().any(|request| !request.query.is_empty()), "{}", fault.words);
        }
    });
}

#[test]
fn phone_numbers_are_refreshed_from_the_list_of_their_credentials() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write(
            "numbers",
            format!(
                "{}\nresource \"deepslate_sip_phone_number\" \"main\" {{\n  count = 30\n  sip_credentials_id = \
                 deepslate_sip_credentials.account.id\n  phone_number = \"+493012345${{10 + count.index}}\"\n}}\n",
                credentials("account", "")
            ),
        );
        workspace.apply();
        assert_eq!(requests_of_an_empty_plan(&workspace), 3, "the credentials, one number, all numbers");
        let number = workspace.api.phone_numbers()[17].id;
        workspace.api.change_phone_number(number, |number| number.phone_number = "+4930999".to_owned());
        let planned = workspace.plan(&[]);
        assert_eq!(planned.len(), 1, "{planned:?}");
        assert!(planned[0].ends_with(": update phone_number"), "{planned:?}");
    });
}

#[test]
fn a_refresh_from_the_list_keeps_the_password() {
    for_each_cli(|cli| {
        let workspace = applied(new_workspace(cli), 20);
        workspace.succeed(&["apply", "-refresh-only", "-auto-approve"]);
        let state = workspace.state();
        assert_eq!(state.len(), 20);
        assert!(state.iter().all(|(_, attributes)| attributes["password"] == PASSWORD));
    });
}
