//! The data sources.

use deepslate_emulator::{Config, Operation};
use serde_json::{Value, json};
use testkit::faults::page;
use testkit::{
    ORGANIZATION, OTHER_ORGANIZATION, VENDOR, Workspace, assert_mentions, credentials, existing, for_each_cli,
    one_organization, uuid,
};
use uuid::Uuid;

use crate::{new_workspace, workspace_with_api};

/// The id of the object of this number.
fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

/// Objects with ids that count up in another order than they were made in: the API lists the oldest first.
fn insert(workspace: &Workspace, count: u128) {
    for number in (1..=count).rev() {
        let mut object = existing(ORGANIZATION, &id(number));
        object.username = format!("agent-{number}");
        workspace.api.insert(object);
    }
}

/// A data source of this type, and all that it reads as an output of the same name.
fn data(resource_type: &str, name: &str, lines: &str) -> String {
    format!(
        "data {resource_type:?} {name:?} {{\n{lines}\n}}\noutput {name:?} {{\n  value = \
         data.{resource_type}.{name}\n}}\n"
    )
}

fn one(name: &str, lines: &str) -> String {
    data("deepslate_sip_credentials", name, lines)
}

fn list(name: &str, lines: &str) -> String {
    data("deepslate_sip_credentials_list", name, lines)
}

fn output(workspace: &Workspace, name: &str) -> Value {
    workspace.read_state()["outputs"][name]["value"].clone()
}

// === One object ===

#[test]
fn an_object_is_found_by_its_id_or_its_attributes() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, Config { summaries: true, ..Config::default() });
        insert(&workspace, 3);
        let mut elsewhere = existing(OTHER_ORGANIZATION, &id(9));
        elsewhere.hostname = "other.example.com".to_owned();
        workspace.api.insert(elsewhere);
        workspace.write("by_id", one("by_id", &format!("id = {:?}", id(2))));
        workspace.write("by_username", one("by_username", "username = \"agent-2\""));
        workspace.write("by_both", one("by_both", "username = \"agent-2\"\nhostname = \"SIP.example.com.\""));
        let lines = format!("hostname = \"other.example.com\"\norganization_id = {OTHER_ORGANIZATION:?}");
        workspace.write("by_hostname", one("by_hostname", &lines));
        workspace.apply();

        let expected = json!({
            "id": id(2),
            "vendor_id": VENDOR,
            "organization_id": ORGANIZATION,
            "hostname": "sip.example.com",
            "port": 5060,
            "username": "agent-2",
            "max_agent_tasks": 10,
            "timeouts": null,
        });
        assert_eq!(output(&workspace, "by_id"), expected);
        assert_eq!(output(&workspace, "by_username"), expected);
        assert_eq!(output(&workspace, "by_both")["id"], id(2));
        assert_eq!(output(&workspace, "by_both")["hostname"], "SIP.example.com.", "as it is asked for");
        assert_eq!(output(&workspace, "by_hostname")["id"], id(9));
        assert_eq!(output(&workspace, "by_hostname")["organization_id"], OTHER_ORGANIZATION);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn configured_values_are_returned_as_written() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, Config { organizations: vec![acme()], ..Config::default() });
        let mut object = existing(LETTERS, &id(1));
        object.username = "agent-1".to_owned();
        workspace.api.insert(object);
        let upper = LETTERS.to_uppercase();
        let timeouts = "timeouts {\n  read = \"90s\"\n}";
        workspace.write("list", list("list", &format!("organization_id = {upper:?}\n{timeouts}")));
        workspace.write("one", one("one", &format!("organization_id = {upper:?}\nusername = \"agent-1\"\n{timeouts}")));
        let lines = format!("id = {upper:?}\n{timeouts}");
        workspace.write("organization", data("deepslate_organization", "organization", &lines));
        workspace.write("organizations", data("deepslate_organizations", "organizations", timeouts));
        workspace.apply();
        for (name, attribute) in [("list", "organization_id"), ("one", "organization_id"), ("organization", "id")] {
            assert_eq!(output(&workspace, name)[attribute], json!(upper), "{name}");
            assert_eq!(output(&workspace, name)["timeouts"]["read"], "90s", "{name}");
        }
        assert_eq!(output(&workspace, "organizations")["timeouts"]["read"], "90s");
        workspace.assert_plan_is_empty();
    });
}

/// An ID whose spelling can differ.
const LETTERS: &str = "abcdefab-0000-4000-8000-abcdefabcdef";

fn acme() -> (Uuid, Uuid, String) {
    (uuid(VENDOR), uuid(LETTERS), "Acme".to_owned())
}

#[test]
fn an_object_created_in_the_same_run_is_read() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let made = credentials("main", "");
        workspace.write("main", made + &one("found", "id = deepslate_sip_credentials.main.id"));
        workspace.apply();
        assert_eq!(output(&workspace, "found")["id"], workspace.attributes("main")["id"]);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn no_match_and_several_matches_are_errors_with_what_was_found() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        insert(&workspace, 12);
        workspace.write("no_id", one("no_id", &format!("id = {:?}", id(99))));
        workspace.write("none", one("none", "username = \"nobody\""));
        workspace.write("near", one("near", "username = \"agnet-12\""));
        workspace.write("several", one("several", "hostname = \"sip.example.com\""));
        let output = workspace.fail(&["plan", "-json"]);
        let text = |name: &str| output.diagnostic(name).text;
        assert_mentions(&text("no_id"), &["No such SIP credentials", &id(99), ORGANIZATION], "no_id");
        assert_mentions(&text("none"), &["No SIP credentials match", ORGANIZATION], "none");
        let facts = ["No SIP credentials match", "Of all 12", "agent-12@sip.example.com:5060", &id(12)];
        assert_mentions(&text("near"), &facts, "near");
        assert!(!text("none").contains("are similar"));
        let facts = [
            "Several SIP credentials match",
            "has 12",
            "agent-1@sip.example.com:5060",
            &id(1),
            "and 2 more",
            "`username`",
        ];
        assert_mentions(&text("several"), &facts, "several");
    });
}

#[test]
fn missing_and_invalid_arguments_are_errors() {
    let cases = [
        ("nothing", "", "", &["`id`", "`hostname`", "`username`", "neither"][..]),
        ("two_ways", "id = \"00000000-0000-0000-0000-000000000001\"\nusername = \"a\"", "", &["`id`", "both"]),
        ("no_id", "id = \"seven/7\"", "id", &["Invalid value for `id`", "UUID"]),
        ("no_hostname", "hostname = \"sip://x\"", "hostname", &["Invalid value for `hostname`"]),
        (
            "no_organization",
            "username = \"a\"\norganization_id = \"acme inc\"",
            "organization_id",
            &["UUID", "a text of 8 characters"],
        ),
        ("wrong_type", "username = [\"a\"]", "username", &["username", "string"]),
        ("computed", "username = \"a\"\nport = 5060", "port", &["port"]),
    ];
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        for (name, lines, ..) in cases {
            workspace.write(name, one(name, lines));
        }
        let output = workspace.fail(&["validate", "-json"]);
        for (name, _, underlined, facts) in cases {
            let diagnostic = output.diagnostic(name);
            assert_mentions(&diagnostic.text, facts, name);
            assert!(diagnostic.line.starts_with(underlined), "{name} underlines: {}", diagnostic.line);
        }
        assert!(workspace.api.requests().is_empty());
    });
}

// === All of an organization ===

#[test]
fn all_are_listed_once_and_sorted_at_any_page_size() {
    for_each_cli(|cli| {
        for max_page_size in [20, 100] {
            let workspace = workspace_with_api(cli, Config { max_page_size, ..Config::default() });
            insert(&workspace, 250);
            workspace.write("all", list("all", ""));
            workspace.write("some", list("some", "username = \"agent-7\"\nhostname = \"sip.EXAMPLE.com\""));
            workspace.write("none", list("none", "username = \"nobody\""));
            workspace.apply();

            let all = output(&workspace, "all");
            let expected: Vec<_> = (1..=250).map(id).collect();
            assert_eq!(all["ids"], json!(expected));
            assert_eq!(all["credentials"].as_array().map(Vec::len), Some(250));
            assert_eq!(
                all["credentials"][6],
                json!({
                    "id": id(7),
                    "hostname": "sip.example.com",
                    "port": 5060,
                    "username": "agent-7",
                    "max_agent_tasks": 10,
                })
            );
            assert_eq!((&all["vendor_id"], &all["organization_id"]), (&json!(VENDOR), &json!(ORGANIZATION)));
            assert_eq!(output(&workspace, "some")["ids"], json!([id(7)]));
            assert_eq!(output(&workspace, "none")["ids"], json!([]));
            workspace.assert_plan_is_empty();
        }
    });
}

#[test]
fn summaries_are_completed_one_by_one() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, Config { summaries: true, ..Config::default() });
        insert(&workspace, 30);
        workspace.write("all", list("all", ""));
        workspace.apply();
        let all = output(&workspace, "all");
        assert_eq!(all["credentials"][29]["username"], "agent-30");
        assert_eq!(all["credentials"][29]["port"], 5060);
    });
}

#[test]
fn a_server_without_a_listing_is_named_as_such() {
    for_each_cli(|cli| {
        let config = Config { without: vec![Operation::ListSipCredentials], ..Config::default() };
        let workspace = workspace_with_api(cli, config);
        workspace.write("all", list("all", ""));
        workspace.write("one", one("one", "username = \"agent\""));
        let output = workspace.fail(&["plan", "-json"]);
        for name in ["all", "one"] {
            let text = output.diagnostic(name).text;
            assert_mentions(&text, &["The server does not support listing SIP credentials", "405", "id"], name);
        }
    });
}

#[test]
fn an_organization_that_does_not_exist_is_named() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, one_organization());
        let elsewhere = format!("organization_id = {OTHER_ORGANIZATION:?}");
        workspace.write("all", list("all", &elsewhere));
        workspace.write("by_id", one("by_id", &format!("id = {:?}\n{elsewhere}", id(1))));
        let output = workspace.fail(&["plan", "-json"]);
        for name in ["all", "by_id"] {
            assert_mentions(&output.diagnostic(name).text, &[OTHER_ORGANIZATION], name);
        }
    });
}

#[test]
fn a_failing_read_ends_when_its_time_is_over() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.fault("GET", "", page(503));
        let short = "timeouts {\n  read = \"1s\"\n}";
        workspace.write("one", one("one", &format!("id = {:?}\n{short}", id(1))));
        workspace.write("all", list("all", short));
        workspace.fail(&["plan"]).mentions(&["Could not read", "Could not list"]);
    });
}
