//! Numbers that exist already: `import`, identity, `terraform query`, `moved`.

use serde_json::{Value, json};
use testkit::{
    IDENTITY, IMPORT_BLOCKS, MOVES_BETWEEN_TYPES, ORGANIZATION, QUERY, VENDOR, credentials_path, for_each_cli,
    for_each_cli_with,
};

use super::{CREDENTIALS, OTHER_CREDENTIALS, existing_number, id, number, only, prepare};
use crate::{new_workspace, provider_binary};

const NUMBER: &str = "+49301234567";

#[test]
fn each_form_of_the_id_finds_it() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        workspace.api.insert_phone_number(existing_number(CREDENTIALS, &id(1), NUMBER));
        workspace.write("main", number("main", NUMBER, ""));
        let short = format!("{CREDENTIALS}/{}", id(1));
        for form in [short.clone(), format!("{ORGANIZATION}/{short}"), format!("{VENDOR}/{ORGANIZATION}/{short}")] {
            workspace.succeed(&["import", "deepslate_sip_phone_number.main", &form]);
            workspace.assert_plan_is_empty();
            workspace.succeed(&["state", "rm", "deepslate_sip_phone_number.main"]);
        }
        workspace
            .fail(&["import", "deepslate_sip_phone_number.main", &id(1)])
            .mentions(&["Invalid import id", "<vendor_id>/<organization_id>/<sip_credentials_id>/<id>"]);
        workspace
            .fail(&["import", "deepslate_sip_phone_number.main", &format!("{OTHER_CREDENTIALS}/{}", id(1))])
            .mentions(&["not found", OTHER_CREDENTIALS]);
    });
}

#[test]
fn the_state_holds_its_identity_and_an_import_block_may_name_it() {
    for_each_cli_with(&IDENTITY, |cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        workspace.api.insert_phone_number(existing_number(CREDENTIALS, &id(1), NUMBER));
        let identity = format!("sip_credentials_id = {CREDENTIALS:?}, id = {:?}", id(1));
        let import = format!("import {{\n  to = deepslate_sip_phone_number.main\n  identity = {{ {identity} }}\n}}\n");
        workspace.write("main", import + &number("main", NUMBER, ""));
        workspace.apply();
        let expected = json!({
            "vendor_id": VENDOR,
            "organization_id": ORGANIZATION,
            "sip_credentials_id": CREDENTIALS,
            "id": id(1),
        });
        assert_eq!(workspace.read_state()["resources"][0]["instances"][0]["identity"], expected);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn generated_configuration_is_complete() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        workspace.api.insert_phone_number(existing_number(CREDENTIALS, &id(1), NUMBER));
        let form = format!("{CREDENTIALS}/{}", id(1));
        let import =
            |lines: &str| format!("import {{\n  to = deepslate_sip_phone_number.main\n  id = {form:?}\n{lines}}}\n");
        workspace.write("import", import("  provider = deepslate\n"));
        workspace.succeed(&["plan", "-generate-config-out=generated.tf"]);
        workspace.fail(&["plan"]).mentions(&["provider"]);
        workspace.write("import", import(""));
        assert_eq!(workspace.plan(&[]), ["main: import no-op"]);
        workspace.apply();
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_query_finds_those_of_one_account_or_of_all() {
    for_each_cli_with(&QUERY, |cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        for count in 1..=30 {
            let credentials = if count <= 20 { CREDENTIALS } else { OTHER_CREDENTIALS };
            workspace.api.insert_phone_number(existing_number(credentials, &id(count), &format!("+4930{count:06}")));
        }
        for (config, count) in [("", 30), (&*format!("sip_credentials_id = {OTHER_CREDENTIALS:?}"), 10)] {
            let block = format!(
                "list \"deepslate_sip_phone_number\" \"all\" {{\n  provider = deepslate\n  config {{\n{config}\n  \
                 }}\n}}\n"
            );
            workspace.write_file("all.tfquery.hcl", &block);
            let output = workspace.succeed(&["query", "-json"]);
            let found: Vec<Value> = output
                .json_lines()
                .filter(|line| line["type"] == "list_resource_found")
                .map(|line| line["list_resource_found"].clone())
                .collect();
            assert_eq!(found.len(), count);
            // Several accounts are listed at once, in no certain order.
            let last = found.iter().max_by_key(|found| found["display_name"].to_string()).expect("there are some");
            assert_eq!(last["display_name"], "+4930000030");
            assert_eq!(last["identity"]["sip_credentials_id"], OTHER_CREDENTIALS);
        }
    });
}

#[test]
fn a_number_of_a_generic_rest_provider_is_moved() {
    for_each_cli_with(&MOVES_BETWEEN_TYPES, |cli| {
        let workspace = new_workspace(cli);
        workspace.install(&provider_binary(), &["deepslate-labs/deepslate", "mastercard/restapi"]);
        prepare(&workspace);
        workspace.api.insert_phone_number(existing_number(CREDENTIALS, &id(1), NUMBER));
        let path = format!("{}/{CREDENTIALS}/phone-numbers", credentials_path(ORGANIZATION));
        workspace.write_state(&json!({
            "version": 4,
            "terraform_version": "1.5.7",
            "serial": 1,
            "lineage": "55555555-5555-4555-8555-555555555555",
            "outputs": {},
            "resources": [{
                "mode": "managed",
                "type": "restapi_object",
                "name": "main",
                "provider": "provider[\"registry.terraform.io/mastercard/restapi\"]",
                "instances": [{ "schema_version": 0, "attributes": { "id": id(1), "path": path } }],
            }],
        }));
        let moved = "moved {\n  from = restapi_object.main\n  to = deepslate_sip_phone_number.main\n}\n";
        workspace.write("main", moved.to_owned() + &number("main", NUMBER, ""));
        workspace.apply();
        assert_eq!(workspace.attributes("main")["id"], id(1));
        assert_eq!(only(&workspace.api).phone_number, NUMBER);
        assert!(workspace.received("POST").is_empty() && workspace.received("DELETE").is_empty());
        workspace.assert_plan_is_empty();
    });
}
