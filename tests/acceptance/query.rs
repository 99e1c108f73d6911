//! `terraform query`.

use deepslate_emulator::Config;
use serde_json::Value;
use testkit::{ORGANIZATION, PASSWORD, QUERY, Workspace, credentials_path, existing, for_each_cli_with};
use uuid::Uuid;

use crate::workspace_with_api;

fn insert(workspace: &Workspace, count: u128) {
    for number in 1..=count {
        let mut object = existing(ORGANIZATION, &Uuid::from_u128(number).to_string());
        object.username = format!("agent-{number}");
        workspace.api.insert(object);
    }
}

fn write_query(workspace: &Workspace, arguments: &str, config: &str) {
    let block = format!(
        "list \"deepslate_sip_credentials\" \"all\" {{\n  provider = deepslate\n{arguments}\n  config {{\n{config}\n  \
         }}\n}}\n"
    );
    workspace.write_file("all.tfquery.hcl", &block);
}

/// What a query finds, in the form in which Terraform shows it.
fn found(workspace: &Workspace) -> Vec<Value> {
    let output = workspace.succeed(&["query", "-json"]);
    let found = output
        .json_lines()
        .filter(|line| line["type"] == "list_resource_found")
        .map(|line| line["list_resource_found"].clone());
    found.collect()
}

fn list_requests(workspace: &Workspace) -> usize {
    workspace.received("GET").iter().filter(|request| request.path == credentials_path(ORGANIZATION)).count()
}

#[test]
fn found_objects_are_imported_with_the_generated_configuration() {
    for_each_cli_with(&QUERY, |cli| {
        for max_page_size in [20, 100] {
            let workspace = workspace_with_api(cli, Config { max_page_size, ..Config::default() });
            insert(&workspace, 250);
            write_query(&workspace, "limit = 1000", "");
            workspace.succeed(&["query", "-generate-config-out=generated.tf"]);

            let generated = workspace.read("generated");
            assert_eq!(generated.matches("\nimport {").count(), 250);
            let lines = generated.lines().map(|line| match line.split_whitespace().next() {
                Some("password_wo") => format!("password_wo = {PASSWORD:?}"),
                _ => line.to_owned(),
            });
            workspace.write("generated", lines.collect::<Vec<_>>().join("\n"));
            let plan = workspace.plan(&["-parallelism=50"]);
            assert_eq!(plan.len(), 250);
            let others: Vec<_> =
                plan.iter().filter(|line| !line.ends_with(": import update password_wo_version")).collect();
            assert!(others.is_empty(), "{others:?}");
            workspace.succeed(&["apply", "-parallelism=50", "plan"]);
            assert!(workspace.api.credentials().iter().all(|object| object.password == PASSWORD));
            assert!(workspace.received("POST").is_empty());
            workspace.assert_plan_is_empty();
        }
    });
}

#[test]
fn it_stops_at_the_limit() {
    for_each_cli_with(&QUERY, |cli| {
        let workspace = workspace_with_api(cli, Config { max_page_size: 20, ..Config::default() });
        insert(&workspace, 250);
        write_query(&workspace, "limit = 30", "");
        assert_eq!(found(&workspace).len(), 30);
        assert_eq!(list_requests(&workspace), 13, "one listing, which all lists and data sources of a run share");
    });
}
