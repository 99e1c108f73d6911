//! The examples that the registry shows do what they say.

use std::fs;
use std::path::Path;

use deepslate_emulator::{Config, PhoneNumber};
use serde_json::{Map, json};
use testkit::{
    Cli, IDENTITY, IMPORTED_MARKS, PASSWORD, QUERY, WRITE_ONLY, Workspace, existing, for_each_cli, for_each_cli_with,
};
use uuid::Uuid;

use crate::workspace_with_api;

/// The ids in the examples.
const VENDOR: &str = "1b4e28ba-2fa1-4d3b-883f-0016d3cca427";
const ORGANIZATION: &str = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
const ID: &str = "0b0ce6d4-4a3c-4a0e-8f6e-0d1f5a3c9b11";
const NUMBER_ID: &str = "5c1e7f0a-93d2-4f6b-8a41-2be0c7d95e36";

fn example(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The provider is the example's, and the API contains the objects that the other examples use.
fn workspace(cli: &'static Cli) -> Workspace {
    let acme = (uuid(VENDOR), uuid(ORGANIZATION), "Acme".to_owned());
    let mut workspace = workspace_with_api(cli, Config { organizations: vec![acme], ..Config::default() });
    workspace.remove("versions");
    workspace.write("provider", example("provider/provider.tf"));
    workspace.set_env("TF_VAR_sip_password", PASSWORD);
    let mut support = existing(ORGANIZATION, ID);
    support.vendor_id = uuid(VENDOR);
    "support".clone_into(&mut support.username);
    workspace.api.insert(support);
    workspace.api.insert_phone_number(PhoneNumber {
        sip_credentials_id: uuid(ID),
        id: uuid(NUMBER_ID),
        phone_number: "+49301234567".to_owned(),
        fallback: false,
    });
    workspace
}

fn uuid(text: &str) -> Uuid {
    text.parse().expect("a UUID")
}

/// The command of an example's `import.sh`, without the name of the program.
fn import_command(resource_type: &str) -> Vec<String> {
    let script = example(&format!("resources/{resource_type}/import.sh"));
    let command = script.lines().find(|line| !line.starts_with('#')).expect("there is a command");
    command.split_whitespace().skip(1).map(str::to_owned).collect()
}

#[test]
fn the_resource_is_created_and_imported() {
    for_each_cli(|cli| {
        let workspace = workspace(cli);
        workspace.write("main", example("resources/deepslate_sip_credentials/resource.tf"));
        workspace.api.remove_phone_number(uuid(NUMBER_ID));
        let import = import_command("deepslate_sip_credentials");
        workspace.succeed(&import.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(workspace.attributes("support")["id"], ID);
        workspace.apply();
        assert_eq!(workspace.api.credentials()[0].max_agent_tasks, 25);
        workspace.assert_plan_is_empty();
        workspace.destroy();
        workspace.apply();
        assert_eq!(workspace.api.credentials()[0].password, PASSWORD);
    });
}

#[test]
fn the_phone_number_is_created_and_imported() {
    for_each_cli(|cli| {
        let workspace = workspace(cli);
        workspace.write("main", example("resources/deepslate_sip_phone_number/resource.tf"));
        let import = import_command("deepslate_sip_phone_number");
        workspace.succeed(&import.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(workspace.attributes("hotline")["id"], NUMBER_ID);
        workspace.succeed(&["state", "rm", "deepslate_sip_phone_number.hotline"]);
        workspace.apply();
        assert_eq!(workspace.api.phone_numbers().len(), 2);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn strategies_assistants_and_agents_are_created_and_imported() {
    for_each_cli(|cli| {
        let mut workspace = workspace(cli);
        workspace.set_env("TF_VAR_hook_token", PASSWORD);
        for (kind, name) in [
            ("deepslate_llm_generation_strategy", "voice"),
            ("deepslate_assistant", "hotline"),
            ("deepslate_agent", "reminder"),
        ] {
            workspace.write("main", example(&format!("resources/{kind}/resource.tf")));
            workspace.apply();
            workspace.assert_plan_is_empty();
            let id = workspace.attributes(name)["id"].as_str().expect("an ID").to_owned();
            workspace.succeed(&["state", "rm", &format!("{kind}.{name}")]);
            // The command is the example's, the object the one just made.
            let mut import = import_command(kind);
            let last = import.pop().expect("an ID");
            import.push(format!("{}/{id}", last.rsplit_once('/').expect("a path").0));
            workspace.succeed(&import.iter().map(String::as_str).collect::<Vec<_>>());
            if !cli.has(&IMPORTED_MARKS) {
                let update = format!("{name}: update");
                let plan = workspace.plan(&[]);
                assert!(plan.iter().all(|line| *line == update), "no value changes: {plan:?}");
                workspace.apply();
            }
            workspace.assert_plan_is_empty();
        }
        assert_eq!(workspace.api.assistants().len(), 0, "each configuration takes the place of the last one");
    });
}

#[test]
fn the_customer_is_set_up() {
    for_each_cli(|cli| {
        let mut workspace = workspace(cli);
        workspace.remove("provider");
        workspace.unset_env("DEEPSLATE_ORGANIZATION_ID");
        workspace.set_env("DEEPSLATE_VENDOR_ID", VENDOR);
        workspace.set_env("TF_VAR_sip_passwords", &format!("{{ support = {PASSWORD:?}, sales = {PASSWORD:?} }}"));
        workspace.write("main", example("customer/main.tf"));
        workspace.apply();
        assert_eq!(workspace.read_state()["outputs"]["numbers"]["value"].as_object().map(Map::len), Some(3));
        assert_eq!(workspace.api.assistants()[0].fields["name"], "Hotline");
        workspace.assert_plan_is_empty();
        workspace.destroy();
    });
}

#[test]
fn the_write_only_password_is_sent() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let mut workspace = workspace(cli);
        workspace.set_env("TF_VAR_sales_password", PASSWORD);
        workspace.write("main", example("resources/deepslate_sip_credentials/write-only.tf"));
        workspace.apply();
        assert_eq!(workspace.api.credentials()[1].password, PASSWORD);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn the_identity_is_imported() {
    for_each_cli_with(&IDENTITY, |cli| {
        let workspace = workspace(cli);
        workspace.write("main", example("resources/deepslate_sip_phone_number/resource.tf"));
        workspace.write("import", example("resources/deepslate_sip_phone_number/import-by-identity.tf"));
        let plan = workspace.plan(&[]);
        assert!(plan.contains(&"hotline: import replace sip_credentials_id".to_owned()), "{plan:?}");

        workspace.write("main", example("resources/deepslate_sip_credentials/resource.tf"));
        workspace.write("import", example("resources/deepslate_sip_credentials/import-by-identity.tf"));
        assert_eq!(workspace.plan(&[]), ["support: import update max_agent_tasks password"]);
    });
}

#[test]
fn the_data_sources_read() {
    for_each_cli(|cli| {
        let workspace = workspace(cli);
        workspace.write("one", example("data-sources/deepslate_sip_credentials/data-source.tf"));
        workspace.write("list", example("data-sources/deepslate_sip_credentials_list/data-source.tf"));
        workspace.write("numbers", example("data-sources/deepslate_sip_phone_numbers/data-source.tf"));
        workspace.write("number", example("data-sources/deepslate_sip_phone_number/data-source.tf"));
        workspace.write("organization", example("data-sources/deepslate_organization/data-source.tf"));
        workspace.write("organizations", example("data-sources/deepslate_organizations/data-source.tf"));
        workspace.apply();
        let outputs = &workspace.read_state()["outputs"];
        assert_eq!(outputs["support_id"]["value"], ID);
        assert_eq!(outputs["usernames"]["value"][ID], "support");
        assert_eq!(outputs["support_numbers"]["value"], json!(["+49301234567"]));
        assert_eq!(outputs["hotline_id"]["value"], NUMBER_ID);
        assert_eq!(outputs["acme_id"]["value"], ORGANIZATION);
        assert_eq!(outputs["acme_ids"]["value"]["Acme"], ORGANIZATION);
    });
}

#[test]
fn the_list_resources_find() {
    for_each_cli_with(&QUERY, |cli| {
        let workspace = workspace(cli);
        let query = "list-resources/deepslate_sip_credentials/list-resource.tfquery.hcl";
        workspace.write_file("example.tfquery.hcl", &example(query));
        let query = "list-resources/deepslate_sip_phone_number/list-resource.tfquery.hcl";
        workspace.write_file("numbers.tfquery.hcl", &example(query));
        workspace.succeed(&["query"]).mentions(&[ID, "support@sip.example.com:5060", NUMBER_ID, "+49301234567"]);
    });
}
