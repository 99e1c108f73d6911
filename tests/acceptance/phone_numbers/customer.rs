//! From a company's name to its numbers: organizations, credentials and numbers in one configuration.

use std::collections::HashMap;

use deepslate_emulator::{Config, Operation};
use serde_json::{Value, json};
use testkit::{ORGANIZATION, PASSWORD, VENDOR, Workspace, assert_mentions, for_each_cli};
use uuid::Uuid;

use super::{CREDENTIALS, OTHER_CREDENTIALS, existing_number, id, number, only, prepare};
use crate::{new_workspace, workspace_with_api};

const COMPANIES: [&str; 3] = ["Acme", "Acme Support", "Bäckerei Müller"];

fn companies() -> Config {
    let vendor = VENDOR.parse().expect("a UUID");
    let organizations =
        COMPANIES.iter().zip(1..).map(|(name, id)| (vendor, Uuid::from_u128(id), (*name).to_owned())).collect();
    Config { organizations, ..Config::default() }
}

/// Twenty credentials, dealt out to three companies, and three numbers for each.
const CUSTOMERS: &str = r#"
variable "password" {
  type      = string
  sensitive = true
}

data "deepslate_organization" "customer" {
  for_each     = toset(["Acme", "Acme Support", "Bäckerei Müller"])
  company_name = each.key
}

locals {
  customers = sort(keys(data.deepslate_organization.customer))
  accounts  = { for index in range(20) : "account-${index}" => local.customers[index % 3] }
  numbers = { for entry in setproduct(range(20), range(3)) :
    "+4930${format("%04d%02d", entry[0], entry[1])}" => "account-${entry[0]}"
  }
}

resource "deepslate_sip_credentials" "account" {
  for_each        = local.accounts
  organization_id = data.deepslate_organization.customer[each.value].id
  hostname        = "sip.example.com"
  port            = 5060
  username        = each.key
  password        = var.password
}

resource "deepslate_sip_phone_number" "line" {
  for_each           = local.numbers
  organization_id    = deepslate_sip_credentials.account[each.value].organization_id
  sip_credentials_id = deepslate_sip_credentials.account[each.value].id
  phone_number       = each.key
}
"#;

#[test]
fn one_apply_creates_everything_and_one_destroy_removes_it() {
    for_each_cli(|cli| {
        let mut workspace = workspace_with_api(cli, companies());
        workspace.unset_env("DEEPSLATE_ORGANIZATION_ID");
        workspace.set_env("TF_VAR_password", PASSWORD);
        workspace.write("main", CUSTOMERS);
        workspace.apply();
        let (credentials, numbers) = (workspace.api.credentials(), workspace.api.phone_numbers());
        assert_eq!((credentials.len(), numbers.len()), (20, 60));
        let usernames: HashMap<_, _> = credentials.iter().map(|found| (found.id, &found.username)).collect();
        for number in &numbers {
            let account: usize = number.phone_number["+4930".len()..][..4].parse().expect("a number");
            assert_eq!(*usernames[&number.sip_credentials_id], format!("account-{account}"));
        }
        workspace.assert_plan_is_empty();

        workspace.api.change_phone_number(numbers[7].id, |number| number.phone_number = "+1".repeat(3));
        workspace.api.remove_phone_number(numbers[8].id);
        let plan = workspace.plan(&[]);
        assert_eq!(plan.len(), 2, "{plan:?}");
        workspace.succeed(&["apply", "plan"]);
        workspace.assert_plan_is_empty();

        // The API refuses to delete credentials that still have numbers, so the order shows.
        workspace.destroy();
        assert!(workspace.api.credentials().is_empty() && workspace.api.phone_numbers().is_empty());
        assert!(workspace.received("DELETE").iter().all(|request| request.status == Some(200)));
    });
}

#[test]
fn a_number_moves_to_other_credentials() {
    for_each_cli(|cli| {
        for create_first in [false, true] {
            let workspace = new_workspace(cli);
            prepare(&workspace);
            let lifecycle = format!("lifecycle {{\n  create_before_destroy = {create_first}\n}}");
            workspace.write("main", number("main", "+49301234567", &lifecycle));
            workspace.apply();
            let before = only(&workspace.api).id;
            workspace.api.clear_requests();
            let moved = number("main", "+49301234567", &lifecycle).replace(CREDENTIALS, OTHER_CREDENTIALS);
            workspace.write("main", moved);
            assert_eq!(workspace.plan(&[]), ["main: replace sip_credentials_id"]);
            workspace.succeed(&["apply", "plan"]);
            let after = only(&workspace.api);
            assert!(after.id != before && after.sip_credentials_id.to_string() == OTHER_CREDENTIALS);
            let writes: Vec<_> =
                workspace.api.requests().into_iter().map(|sent| sent.method).filter(|sent| sent != "GET").collect();
            assert_eq!(writes, if create_first { ["POST", "DELETE"] } else { ["DELETE", "POST"] });
            workspace.assert_plan_is_empty();
        }
    });
}

#[test]
fn credentials_with_numbers_are_not_deleted_and_the_error_names_them() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", testkit::credentials("main", ""));
        workspace.apply();
        let credentials = workspace.api.credentials()[0].id.to_string();
        workspace.api.insert_phone_number(existing_number(&credentials, &id(1), "+49301234567"));
        let output = workspace.fail(&["destroy", "-auto-approve"]);
        output.mentions(&["DELETE", &credentials, "409", "the object is still in use", "+49301234567", &id(1)]);
        assert_eq!(workspace.names_in_state(), ["main"]);
    });
}

// === Data sources ===

fn output(workspace: &Workspace, name: &str) -> Value {
    workspace.read_state()["outputs"][name]["value"].clone()
}

fn data(resource_type: &str, name: &str, lines: &str) -> String {
    format!(
        "data {resource_type:?} {name:?} {{\n{lines}\n}}\noutput {name:?} {{\n  value = \
         data.{resource_type}.{name}\n}}\n"
    )
}

#[test]
fn organizations_are_found_by_name() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, companies());
        for (name, lines) in [
            ("all", ""),
            ("exact", "company_name = \"Acme\""),
            ("some", "company_name_contains = \"acme\""),
            ("none", "company_name = \"acme\""),
        ] {
            workspace.write(name, data("deepslate_organizations", name, lines));
        }
        let one = data("deepslate_organization", "one", "id = \"00000000-0000-0000-0000-000000000003\"");
        workspace.write("one", one);
        workspace.apply();
        assert_eq!(output(&workspace, "all")["ids"], json!([id(1), id(2), id(3)]));
        assert_eq!(output(&workspace, "exact")["organizations"], json!([{ "id": id(1), "company_name": "Acme" }]));
        assert_eq!(output(&workspace, "some")["ids"], json!([id(1), id(2)]));
        assert_eq!(output(&workspace, "none")["ids"], json!([]));
        assert_eq!(output(&workspace, "one")["company_name"], "Bäckerei Müller");
        assert_eq!(output(&workspace, "one")["vendor_id"], VENDOR);
    });
}

#[test]
fn an_organization_that_is_not_found_has_near_names() {
    for_each_cli(|cli| {
        let mut config = companies();
        let vendor = VENDOR.parse().expect("a UUID");
        config.organizations.extend([4, 5].map(|id| (vendor, Uuid::from_u128(id), "Duplicate".to_owned())));
        let workspace = workspace_with_api(cli, config);
        for (name, lines) in [
            ("typo", "company_name = \"Akme\""),
            ("duplicate", "company_name = \"Duplicate\""),
            ("other", "company_name = \"Zzyzx\""),
            ("id", "id = \"99999999-9999-4999-8999-999999999999\""),
        ] {
            workspace.write(name, data("deepslate_organization", name, lines));
        }
        let output = workspace.fail(&["plan", "-json"]);
        let text = |name| output.diagnostic(name).text;
        assert_mentions(&text("typo"), &["No such organization", "\"Acme\""], "");
        assert_mentions(&text("duplicate"), &["Several organizations match", "has 2", &id(4), &id(5)], "");
        assert_mentions(&text("other"), &["No such organization", "None of its 5"], "");
        assert_mentions(&text("id"), &["No such organization", "99999999", "Bäckerei Müller"], "");

        let workspace = workspace_with_api(cli, companies());
        workspace.write(
            "both",
            data("deepslate_organization", "both", &format!("id = {ORGANIZATION:?}\ncompany_name = \"Acme\"")),
        );
        workspace.write("neither", data("deepslate_organization", "neither", ""));
        let output = workspace.fail(&["validate", "-json"]);
        for (name, came) in [("both", "both are set"), ("neither", "neither is set")] {
            assert_mentions(&output.diagnostic(name).text, &["Invalid arguments", came], "");
        }
    });
}

#[test]
fn a_server_without_organizations_fails_a_documented_call() {
    for_each_cli(|cli| {
        let without = vec![Operation::ListOrganizations];
        let workspace = workspace_with_api(cli, Config { without, ..companies() });
        workspace.write("main", data("deepslate_organizations", "main", ""));
        let output = workspace.fail(&["plan", "-json"]);
        let expected = ["Could not list organizations", "404", "Check the provider's `base_url`"];
        assert_mentions(&output.diagnostic("main").text, &expected, "");
        assert!(!output.diagnostic("main").text.contains("We found no documentation"));
    });
}

#[test]
fn numbers_are_listed_by_account_or_all() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, Config { summaries: true, ..Config::default() });
        prepare(&workspace);
        for (count, credentials) in [(1, CREDENTIALS), (2, OTHER_CREDENTIALS), (3, CREDENTIALS)] {
            workspace.api.insert_phone_number(existing_number(credentials, &id(count), &format!("+4930{count:06}")));
        }
        workspace.write("all", data("deepslate_sip_phone_numbers", "all", ""));
        let one = format!("sip_credentials_id = {CREDENTIALS:?}");
        workspace.write("one", data("deepslate_sip_phone_numbers", "one", &one));
        workspace.apply();
        assert_eq!(output(&workspace, "all")["ids"], json!([id(1), id(2), id(3)]));
        assert_eq!(output(&workspace, "one")["ids"], json!([id(1), id(3)]));
        let second = json!({
            "id": id(2),
            "sip_credentials_id": OTHER_CREDENTIALS,
            "phone_number": "+4930000002",
            "fallback": false,
        });
        assert_eq!(output(&workspace, "all")["phone_numbers"][1], second);
        let is_account = |path: &str| [CREDENTIALS, OTHER_CREDENTIALS].iter().any(|id| path.ends_with(id));
        assert!(
            !workspace.received("GET").iter().any(|request| is_account(&request.path)),
            "the accounts' ids are enough"
        );
    });
}
