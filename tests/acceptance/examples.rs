//! The examples that the registry shows do what they say.

use std::fs;
use std::path::{Path, PathBuf};

use crate::harness::{
    Cli, IDENTITY, PASSWORD, QUERY, WRITE_ONLY, Workspace, existing, for_each_cli, for_each_cli_with,
};

/// The ids in the examples.
const VENDOR: &str = "1b4e28ba-2fa1-4d3b-883f-0016d3cca427";
const ORGANIZATION: &str = "6fa459ea-ee8a-4ca4-894e-db77e160355e";
const ID: &str = "0b0ce6d4-4a3c-4a0e-8f6e-0d1f5a3c9b11";

fn example(path: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(path);
    fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// The provider is the example's, and the API holds what the other examples speak of.
fn workspace(cli: &'static Cli) -> Workspace {
    let mut workspace = Workspace::new(cli);
    workspace.remove("versions");
    workspace.write("provider", example("provider/provider.tf"));
    workspace.set_env("TF_VAR_sip_password", PASSWORD);
    let mut support = existing(ORGANIZATION, ID);
    support.vendor_id = VENDOR.parse().expect("a UUID");
    "support".clone_into(&mut support.username);
    workspace.api.insert(support);
    workspace
}

#[test]
fn the_resource_is_created_and_imported() {
    for_each_cli(|cli| {
        let workspace = workspace(cli);
        workspace.write("main", example("resources/deepslate_sip_credentials/resource.tf"));
        let script = example("resources/deepslate_sip_credentials/import.sh");
        let import = script.lines().find(|line| !line.starts_with('#')).expect("there is a command");
        let arguments: Vec<_> = import.split_whitespace().skip(1).collect();
        workspace.succeed(&arguments);
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
fn the_write_only_password_is_sent() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let workspace = workspace(cli);
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
        workspace.apply();
        let outputs = &workspace.read_state()["outputs"];
        assert_eq!(outputs["support_id"]["value"], ID);
        assert_eq!(outputs["usernames"]["value"][ID], "support");
    });
}

#[test]
fn the_list_resource_finds() {
    for_each_cli_with(&QUERY, |cli| {
        let workspace = workspace(cli);
        let query = "list-resources/deepslate_sip_credentials/list-resource.tfquery.hcl";
        workspace.write_file("example.tfquery.hcl", &example(query));
        workspace.succeed(&["query"]).mentions(&[ID, "support@sip.example.com:5060"]);
    });
}

#[test]
fn each_is_formatted() {
    for_each_cli(|cli| {
        let workspace = Workspace::new(cli);
        let mut files = Vec::new();
        collect(&Path::new(env!("CARGO_MANIFEST_DIR")).join("examples"), &mut files);
        assert!(files.len() >= 8, "{files:?}");
        for (number, file) in files.iter().enumerate() {
            workspace.write(&format!("file-{number}"), fs::read_to_string(file).expect("the example can be read"));
        }
        workspace.succeed(&["fmt", "-check", "-diff"]);
    });
}

/// Every file of HCL below a folder.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "tf" || extension == "hcl") {
            files.push(path);
        }
    }
}
