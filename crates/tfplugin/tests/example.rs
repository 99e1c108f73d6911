//! The example provider, applied by each Terraform and OpenTofu found.
#![cfg(unix)] // Workspaces use links.

use std::path::PathBuf;
use std::{env, fs};

use serde_json::json;
use testkit::{Cli, IMPORT_BLOCKS, Workspace, for_each_cli, for_each_cli_with};

/// The binary of the example. Cargo builds examples before it runs all tests of a package, but has no variable with their paths.
fn binary() -> PathBuf {
    let test = env::current_exe().expect("the path of this test");
    // The path of this test is target/<profile>/deps/<name>.
    let binary = test.ancestors().nth(2).expect("the folder of the profile").join("examples/key_value");
    assert!(binary.exists(), "the example is not built: run `cargo build --package tfplugin --example key_value`");
    binary
}

/// Creates a workspace in which the example stores its files in the folder `store`.
fn new_workspace(cli: &Cli) -> Workspace<()> {
    let mut workspace = Workspace::for_provider(cli, &binary(), "example/kv", &[]);
    let store = workspace.path("store");
    fs::create_dir(&store).expect("a folder can be made");
    workspace.set_env("KV_FOLDER", &store.display().to_string());
    workspace
}

fn pair(key: &str, value: &str) -> String {
    format!("resource \"kv_pair\" \"main\" {{\n  key = {key:?}\n  value = {value:?}\n}}\n")
}

#[test]
fn it_is_applied_changed_and_destroyed() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", pair("color", "red"));
        assert_eq!(workspace.plan(&[]), ["main: create"]);
        workspace.succeed(&["apply", "plan"]);
        let created = workspace.attributes("main");
        assert_eq!((&created["key"], &created["value"]), (&"color".into(), &"red".into()));
        assert!(created["id"].is_string(), "{created:?}");
        workspace.assert_plan_is_empty();

        workspace.write("main", pair("color", "blue"));
        assert_eq!(workspace.plan(&[]), ["main: update value"]);
        workspace.succeed(&["apply", "plan"]);
        let changed = workspace.attributes("main");
        assert_eq!((&changed["id"], &changed["value"]), (&created["id"], &"blue".into()));
        workspace.assert_plan_is_empty();

        workspace.write("main", pair("shape", "blue"));
        assert_eq!(workspace.plan(&[]), ["main: replace key"]);
        workspace.succeed(&["apply", "plan"]);
        workspace.assert_plan_is_empty();

        workspace.destroy();
        assert!(workspace.state().is_empty());
        assert_eq!(fs::read_dir(workspace.path("store")).expect("the folder exists").count(), 0);
        assert_eq!(workspace.left_in_tmp(), [""; 0], "the plugin has removed its socket");
    });
}

#[test]
fn blocks_and_maps_are_values_like_all_others() {
    let pair = |parts: &str| {
        format!(
            "variable \"text\" {{\n  default = \"red\"\n}}\nresource \"kv_pair\" \"main\" {{\n  key = \"color\"\n  value = \"red\"\n{parts}}}\n"
        )
    };
    let note = |text: &str| format!("  note {{\n    text = {text}\n  }}\n");
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let labels = "  labels = { kind = var.text, use = \"paint\" }\n";
        workspace.write("main", pair(&(labels.to_owned() + &note("\"a\"") + &note("var.text"))));
        workspace.succeed(&["validate"]);
        workspace.apply();
        let created = workspace.attributes("main");
        assert_eq!(created["labels"], json!({ "kind": "red", "use": "paint" }));
        let notes = json!([{ "author": "nobody", "text": "a" }, { "author": "nobody", "text": "red" }]);
        assert_eq!(created["note"], notes);
        workspace.assert_plan_is_empty();

        let file = workspace.path("store/color");
        let changed = fs::read_to_string(&file).expect("the file").replace("\"a\"", "\"elsewhere\"");
        fs::write(&file, changed).expect("the file can be written");
        assert_eq!(workspace.plan(&[]), ["main: update note"], "a change inside of a block is seen");
        workspace.succeed(&["apply", "plan"]);
        workspace.assert_plan_is_empty();

        workspace.write("main", pair("  labels = { kind = \"green\" }\n"));
        assert_eq!(workspace.plan(&[]), ["main: update labels note"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.attributes("main")["note"], json!([]));
        workspace.assert_plan_is_empty();

        let dynamic = "  dynamic \"note\" {\n    for_each = toset([\"x\", \"y\"])\n    content {\n      text = note.value\n    }\n  }\n";
        workspace.write("main", pair(dynamic));
        workspace.apply();
        workspace.assert_plan_is_empty();

        workspace.write("main", pair(&("  labels = { kind = \"\" }\n".to_owned() + &note("null"))));
        workspace.fail(&["plan"]).mentions(&["labels[\"kind\"]", "note[0].text"]);
    });
}

#[test]
fn its_data_source_reads_a_value_by_its_key() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let data = "data \"kv_pair\" \"main\" {\n  key = kv_pair.main.id\n}\noutput \"value\" {\n  value = data.kv_pair.main.value\n}\n";
        workspace.write("main", pair("color", "red") + data);
        workspace.apply();
        assert_eq!(workspace.succeed(&["output", "-json", "value"]).stdout.trim(), "\"red\"");
    });
}

#[test]
fn a_pair_is_imported() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", pair("color", "red"));
        workspace.apply();
        let id = workspace.attributes("main")["id"].as_str().expect("an ID").to_owned();
        workspace.succeed(&["state", "rm", "kv_pair.main"]);
        workspace.succeed(&["import", "kv_pair.main", &id]);
        assert_eq!(workspace.attributes("main")["value"], "red");
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_missing_argument_is_an_error() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", "resource \"kv_pair\" \"main\" {\n  key = \"color\"\n}\n");
        workspace.fail(&["validate"]).mentions(&["\"value\" is required"]);
    });
}
