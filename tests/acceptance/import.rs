//! Import of existing objects.

use testkit::faults::page;
use testkit::{
    IMPORT_BLOCKS, ORGANIZATION, OTHER_ORGANIZATION, PASSWORD, VENDOR, credentials, existing, for_each_cli,
    for_each_cli_with,
};

use crate::new_workspace;

const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const OTHER_ID: &str = "aaaaaaaa-0000-4000-8000-000000000002";
const THIRD_ID: &str = "aaaaaaaa-0000-4000-8000-000000000003";
const NOWHERE: &str = "aaaaaaaa-0000-4000-8000-00000000dead";

fn import_block(name: &str, id: &str) -> String {
    format!("import {{\n  to = deepslate_sip_credentials.{name}\n  id = {id:?}\n}}\n")
}

#[test]
fn the_import_command_leaves_only_the_password_to_set() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.api.insert(existing(ORGANIZATION, ID));
        workspace.write("main", credentials("main", ""));
        workspace.succeed(&["import", "deepslate_sip_credentials.main", ID]);
        assert!(workspace.attributes("main")["password"].is_null(), "the API does not tell it");

        assert_eq!(workspace.plan(&[]), ["main: update password"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.api.credentials()[0].password, PASSWORD);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn each_form_of_the_id_finds_the_object() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        let forms = [
            ("id", ORGANIZATION, ID, ID.to_owned()),
            ("organization_and_id", OTHER_ORGANIZATION, OTHER_ID, format!("{OTHER_ORGANIZATION}/{OTHER_ID}")),
            ("all", OTHER_ORGANIZATION, THIRD_ID, format!("{VENDOR}/{OTHER_ORGANIZATION}/{THIRD_ID}")),
        ];
        for (name, organization, id, form) in &forms {
            workspace.api.insert(existing(organization, id));
            let resource = credentials(name, &format!("organization_id = {organization:?}"));
            workspace.write(name, import_block(name, form) + &resource);
        }
        let expected = [
            "all: import update password",
            "id: import update password",
            "organization_and_id: import update password",
        ];
        assert_eq!(workspace.plan(&[]), expected);
        workspace.succeed(&["apply", "plan"]);
        for (name, organization, id, _) in &forms {
            assert_eq!(workspace.attributes(name)["id"], *id);
            assert_eq!(workspace.attributes(name)["organization_id"], *organization);
        }
        assert!(workspace.received("POST").is_empty());
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_wrong_id_is_answered_with_the_forms() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        let four_parts = format!("x/{VENDOR}/{ORGANIZATION}/{ID}");
        let wrong = [
            ("word", "agent".to_owned()),
            ("four_parts", four_parts),
            ("climbing", format!("{ORGANIZATION}/../{ID}")),
            ("trailing_slash", format!("{ORGANIZATION}/{ID}/")),
            ("no_organization", format!("/{ID}")),
            ("braces", format!("{{{ID}}}")),
        ];
        for (name, id) in &wrong {
            workspace.write(name, import_block(name, id) + &credentials(name, ""));
        }
        let output = workspace.fail(&["plan"]);
        for (_, id) in &wrong {
            output.mentions(&[id]);
        }
        output.mentions(&["<vendor", "<organization", "<id>"]);
        assert!(workspace.api.requests().is_empty());
    });
}

#[test]
fn an_id_alone_needs_the_providers_organization() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.unset_env("DEEPSLATE_ORGANIZATION_ID");
        workspace.write("main", credentials("main", &format!("organization_id = {ORGANIZATION:?}")));
        let output = workspace.fail(&["import", "deepslate_sip_credentials.main", ID]);
        output.mentions(&["`organization_id`", "`DEEPSLATE_ORGANIZATION_ID`"]);
    });
}

#[test]
fn the_generated_configuration_lacks_only_the_password() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        workspace.api.insert(existing(ORGANIZATION, ID));
        // Without `provider`, Terraform 1.16 and later look for a provider of HashiCorp's.
        let import = import_block("main", ID).replace("  to = ", "  provider = deepslate\n  to = ");
        workspace.write("import", import);
        let generate = workspace.fail(&["plan", "-generate-config-out=generated.tf"]);
        generate.mentions(&["Neither `password` nor `password_wo` is set"]);

        let generated = workspace.read("generated");
        assert!(generated.contains("password"), "there is a line to fill in: {generated}");
        let lines = generated.lines().map(|line| match line.split_whitespace().next() {
            Some("password") => format!("password = {PASSWORD:?}"),
            _ => line.to_owned(),
        });
        workspace.write("generated", lines.collect::<Vec<_>>().join("\n"));
        // If the resource block exists, no version accepts `provider`.
        workspace.write("import", import_block("main", ID));
        assert_eq!(workspace.plan(&[]), ["main: import update password"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.api.credentials()[0].password, PASSWORD);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_missing_object_cannot_be_imported() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        let import = ["import", "deepslate_sip_credentials.main", NOWHERE];
        let refused = workspace.fail(&import);
        refused.mentions(&[
            "Could not import deepslate_sip_credentials: not found",
            "organization_id",
            ORGANIZATION,
            NOWHERE,
        ]);
        workspace.fault("GET", "", page(404));
        workspace.fail(&import).mentions(&["404", "base_url"]);
        assert!(workspace.state().is_empty());
    });
}
