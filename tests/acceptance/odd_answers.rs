//! Answers in another form than documented: none of them taints an object, or blocks a plan or a destroy.

use serde_json::{Value, json};
use testkit::faults::changed_data;
use testkit::{ORGANIZATION, Workspace, credentials, existing, for_each_cli};

use crate::new_workspace;

/// Changes an object in each answer, and in each item of a list.
fn change(workspace: &Workspace, change: fn(&mut Value)) {
    for method in ["GET", "POST", "PUT"] {
        let effect = changed_data(move |data| match data {
            Value::Array(items) => items.iter_mut().for_each(change),
            object => change(object),
        });
        workspace.fault(method, "", effect);
    }
}

#[test]
fn a_value_in_another_form_is_the_same_value() {
    for_each_cli(|cli| {
        let forms: [fn(&mut Value); 3] = [
            |data| data["port"] = json!(5060.0),
            |data| data["port"] = json!("5060"),
            |data| data["maxAgentTasks"] = json!("10.0"),
        ];
        for form in forms {
            let workspace = new_workspace(cli);
            change(&workspace, form);
            workspace.write("main", credentials("main", ""));
            workspace.apply();
            workspace.assert_plan_is_empty();
            workspace.write("main", credentials("main", "username = \"other\""));
            workspace.apply();
            workspace.assert_plan_is_empty();
            workspace.destroy();
        }
    });
}

#[test]
fn decomposed_letters_are_the_same_letters() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        change(&workspace, |data| {
            if let Some(name) = data["username"].as_str() {
                data["username"] = json!(name.replace('ü', "u\u{308}"));
            }
        });
        workspace.write("main", credentials("main", "username = \"jürgen\""));
        workspace.apply();
        workspace.assert_plan_is_empty();
        workspace.write("main", credentials("main", "username = \"jürgen\"\nport = 5061"));
        workspace.apply();
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_null_is_null_in_the_state_and_the_plan_sets_the_value() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        change(&workspace, |data| data["maxAgentTasks"] = Value::Null);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        assert_eq!(workspace.attributes("main")["max_agent_tasks"], 10, "as planned");
        assert_eq!(workspace.plan(&[]), ["main: update max_agent_tasks"]);
        workspace.api.clear_faults();
        workspace.assert_plan_is_empty();
        workspace.destroy();
    });
}

#[test]
fn an_odd_object_blocks_neither_others_nor_its_own_update_and_destroy() {
    for_each_cli(|cli| {
        let oddities: [fn(&mut Value); 4] = [
            |data| data["port"] = json!(70_000),
            |data| data["port"] = json!({}),
            |data| data["username"] = json!(7),
            |data| data["hostname"] = json!([1]),
        ];
        for oddity in oddities {
            let workspace = new_workspace(cli);
            change(&workspace, oddity);
            workspace.write("main", credentials("main", "") + &credentials("other", "username = \"other\""));
            workspace.apply().mentions(&["Warning", "Could not read", "keeps the known values"]);
            let plan = workspace.run(&["plan", "-detailed-exitcode"]);
            assert_eq!(plan.code, Some(0), "{plan}");
            plan.mentions(&["Warning", "Could not read", "keeps the known values"]);
            workspace.write("main", credentials("main", "max_agent_tasks = 3"));
            workspace.apply();
            assert_eq!(workspace.api.credentials().len(), 1);
            assert_eq!(workspace.api.credentials()[0].max_agent_tasks, 3);
            workspace.destroy();
            assert!(workspace.api.credentials().is_empty());
        }
    });
}

#[test]
fn a_partial_answer_to_an_update_is_as_planned() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.fault("PUT", "", changed_data(|data| *data = json!({ "id": data["id"] })));
        workspace.write("main", credentials("main", "port = 5061\nusername = \"other\""));
        workspace.apply();
        assert_eq!(workspace.attributes("main")["port"], 5061);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn foreign_oddities_in_a_list_hide_nothing() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        for number in 1..=3 {
            let mut object = existing(ORGANIZATION, &format!("00000000-0000-4000-8000-00000000000{number}"));
            object.username = format!("agent-{number}");
            workspace.api.insert(object);
        }
        workspace.fault(
            "GET",
            "credentials?",
            changed_data(|data| {
                let items = data.as_array_mut().expect("a list");
                items[1] = json!({ "id": "no-id", "port": 70_000 });
                items.push(Value::Null);
            }),
        );
        workspace.write(
            "main",
            "data \"deepslate_sip_credentials_list\" \"all\" {}\noutput \"ids\" {\n  value = \
             length(data.deepslate_sip_credentials_list.all.ids)\n}",
        );
        workspace.apply().mentions(&["ids = 2"]);
    });
}
