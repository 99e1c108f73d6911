//! Texts that are no UUIDs in the place of ids, as tests of configurations put them there.

use testkit::{MOCKS, ORGANIZATION, assert_mentions, credentials, existing, for_each_cli, for_each_cli_with};

use crate::new_workspace;

const UUID: &str = "bbbbbbbb-0000-4000-8000-000000000001";

fn number(lines: &str) -> String {
    format!("resource \"deepslate_sip_phone_number\" \"main\" {{\n  phone_number = \"+49301234567\"\n{lines}\n}}\n")
}

#[test]
fn a_create_is_planned_with_a_warning_and_not_applied() {
    let cases = [
        ("sip_credentials_id", "", number("  sip_credentials_id = \"mock-id\"")),
        ("organization_id", "", credentials("main", "organization_id = \"a1b2c3d4\"")),
        ("vendor_id", "provider \"deepslate\" {\n  vendor_id = \"mock-vendor\"\n}\n", credentials("main", "")),
        ("organization_id", "", number(&format!("  sip_credentials_id = {UUID:?}\n  organization_id = \"mock_1\""))),
    ];
    for_each_cli(|cli| {
        for (attribute, provider, resource) in &cases {
            let workspace = new_workspace(cli);
            workspace.write("main", provider.to_string() + resource);
            workspace.succeed(&["validate"]);
            let output = workspace.succeed(&["plan", "-json"]);
            let warning = output.diagnostics().into_iter().find(|it| it.file == "main").expect("a warning");
            assert_eq!(warning.severity, "warning");
            assert_mentions(&warning.text, &[&format!("`{attribute}` is not a UUID"), "mock_outputs"], attribute);
            workspace
                .fail(&["apply", "-auto-approve"])
                .mentions(&[&format!("Invalid value for `{attribute}`"), "UUID"]);
            assert!(workspace.received("POST").is_empty() && workspace.state().is_empty());
        }
    });
}

#[test]
fn an_object_is_not_replaced_by_one_that_cannot_be_created() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.write("main", credentials("main", "organization_id = \"mock-id\""));
        workspace.fail(&["plan"]).mentions(&["Invalid value for `organization_id`", "UUID"]);
        assert_eq!(workspace.api.credentials().len(), 1);
    });
}

#[test]
fn a_read_needs_a_uuid() {
    let by_id = "data \"deepslate_sip_credentials\" \"one\" {\n  id = \"mock-id\"\n}\n";
    let cases = [
        ("id", by_id),
        (
            "sip_credentials_id",
            "data \"deepslate_sip_phone_numbers\" \"all\" {\n  sip_credentials_id = \"mock-id\"\n}\n",
        ),
        ("organization_id", "data \"deepslate_sip_credentials_list\" \"all\" {\n  organization_id = \"mock-id\"\n}\n"),
        ("id", "data \"deepslate_organization\" \"one\" {\n  id = \"mock-id\"\n}\n"),
        ("vendor_id", "data \"deepslate_organizations\" \"all\" {\n  vendor_id = \"mock-id\"\n}\n"),
    ];
    for_each_cli(|cli| {
        for (attribute, data) in cases {
            let workspace = new_workspace(cli);
            workspace.write("main", data);
            workspace.succeed(&["validate"]);
            workspace.fail(&["plan"]).mentions(&[&format!("Invalid value for `{attribute}`"), "UUID"]);
            assert!(workspace.api.requests().is_empty());
        }
    });
}

#[test]
fn an_overridden_resource_may_have_any_id() {
    for_each_cli_with(&MOCKS, |cli| {
        let workspace = new_workspace(cli);
        workspace.api.insert(existing(ORGANIZATION, UUID));
        let number = number("  sip_credentials_id = deepslate_sip_credentials.main.id");
        workspace.write("main", credentials("main", "") + &number);
        let test = |command: &str, id: &str| {
            format!(
                "override_resource {{\n  target = deepslate_sip_credentials.main\n  values = {{\n    id = {id:?}\n  }}\n}}\n\
                 run \"it\" {{\n  command = {command}\n}}\n"
            )
        };
        workspace.write_file("main.tftest.hcl", &test("plan", "mock-id"));
        workspace.succeed(&["test"]);
        if cli.version.starts_with("Terraform") && cli.is_at_least(1, 11) {
            let known = test("plan", "mock-id").replacen("{\n", "{\n  override_during = plan\n", 1);
            workspace.write_file("main.tftest.hcl", &known);
            workspace.succeed(&["test"]).mentions(&["`sip_credentials_id` is not a UUID"]);
        }
        // What is applied below it needs the id of an object that exists.
        workspace.write_file("main.tftest.hcl", &test("apply", "mock-id"));
        workspace.fail(&["test"]).mentions(&["Invalid value for `sip_credentials_id`"]);
        workspace.write_file("main.tftest.hcl", &test("apply", UUID));
        workspace.succeed(&["test"]);
        assert!(workspace.api.phone_numbers().is_empty(), "it is destroyed again");
    });
}
