//! Extensions and hooks: which of Deepslate's each block is.

use deepslate_emulator::Config;
use serde_json::{Value, json};
use testkit::{Workspace, for_each_cli};

use super::{apply_in_place, assistant, extension};
use crate::{new_workspace, workspace_with_api};

/// The extensions of the last PUT: type, parameters and whether it has an ID.
fn last_put(workspace: &Workspace) -> Vec<(String, Value, Option<String>)> {
    let put = workspace.received("PUT").pop().and_then(|request| request.body).expect("a PUT with a body");
    let parts = put["extensions"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().map(str::to_owned);
    parts.map(|part| (text(&part["type"]).unwrap_or_default(), part["parameters"].clone(), text(&part["id"]))).collect()
}

/// The IDs of the extensions of the only assistant at the API, with their types.
fn ids(workspace: &Workspace) -> Vec<(String, String)> {
    let assistants = workspace.api.assistants();
    let parts = assistants[0].fields["extensions"].as_array().expect("a list").iter();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    parts.map(|part| (text(&part["type"]), text(&part["id"]))).collect()
}

#[test]
fn an_update_continues_blocks_by_what_they_are() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let (a, b) = (extension("a", "{ x = 1 }"), extension("b", "{ x = 2 }"));
        workspace.write("main", assistant(&(a.clone() + &b)));
        workspace.apply();
        let before = ids(&workspace);
        let id = |position: usize| Some(before[position].1.clone());

        workspace.write("main", assistant(&(b.clone() + &a)));
        apply_in_place(&workspace, "extension");
        let put = last_put(&workspace);
        assert_eq!((&put[0].2, &put[1].2), (&id(1), &id(0)), "reordered");

        workspace.write("main", assistant(&(b.clone() + &extension("a", "{ x = 3 }") + &extension("a", "{ x = 4 }"))));
        apply_in_place(&workspace, "extension");
        let put = last_put(&workspace);
        let sent: Vec<_> =
            put.iter().map(|(kind, parameters, id)| (kind.as_str(), parameters["x"].as_i64(), id.clone())).collect();
        assert_eq!(sent, [("b", Some(2), id(1)), ("a", Some(3), id(0)), ("a", Some(4), None)], "changed, and added");

        workspace.write("main", assistant(&a));
        apply_in_place(&workspace, "extension");
        assert_eq!(last_put(&workspace), [("a".to_owned(), json!({ "x": 1 }), id(0))], "removed");
        assert_eq!(ids(&workspace), [("a".to_owned(), before[0].1.clone())]);
    });
}

#[test]
fn drift_inside_of_a_block_is_found() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", assistant(&extension("a", "{ x = 1, y = { z = 2 } }")));
        workspace.apply();
        let id = workspace.api.assistants()[0].id;
        let set = |path: &str, value: Value| {
            assert!(workspace.api.change_assistant(id, |assistant| {
                *assistant.fields["extensions"].pointer_mut(path).expect("a place") = value;
            }));
        };
        set("/0/parameters", json!({ "x": 1, "y": { "z": 2, "added": 1 }, "added": true }));
        workspace.assert_plan_is_empty();
        set("/0/parameters/y/z", json!(3));
        apply_in_place(&workspace, "extension");
        workspace.api.change_assistant(id, |assistant| {
            let extra = json!({ "id": "3f2a8c1e-5b7d-4e6f-9a0b-1c2d3e4f5a6b", "type": "b", "parameters": {} });
            assistant.fields["extensions"].as_array_mut().expect("a list").push(extra);
        });
        apply_in_place(&workspace, "extension");
        assert_eq!(ids(&workspace).len(), 1);
    });
}

#[test]
fn what_the_api_keeps_is_a_warning() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, Config { keeps_parts: true, ..Config::default() });
        workspace.write("main", assistant(&(extension("a", "{ x = 1 }") + &extension("b", "{ x = 2 }"))));
        workspace.apply();
        let kept = ids(&workspace)[1].1.clone();
        workspace.write("main", assistant(&extension("a", "{ x = 1 }")));
        workspace.apply().mentions(&["Deepslate kept what was removed from the assistant", &kept]);
        assert_eq!(ids(&workspace).len(), 2);
        workspace.assert_plan_is_empty();
        workspace.write("main", assistant(&extension("a", "{ x = 2 }")));
        apply_in_place(&workspace, "extension");
    });
}
