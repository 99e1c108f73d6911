//! Objects that someone else changed or removed.

use serde_json::json;
use testkit::faults::{page, refusal};
use testkit::{credentials, for_each_cli};

use crate::new_workspace;

#[test]
fn drift_of_each_attribute_is_found_and_corrected() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        for name in ["hostname", "port", "username", "max_agent_tasks", "deleted"] {
            workspace.write(name, credentials(name, &format!("username = \"{name}\"")));
        }
        workspace.apply();
        for object in workspace.api.credentials() {
            let drift = object.username.clone();
            if drift == "deleted" {
                workspace.api.remove(object.id);
            } else {
                workspace.api.change(object.id, |object| match drift.as_str() {
                    "hostname" => object.hostname = "elsewhere.example.com".to_owned(),
                    "port" => object.port = 5999,
                    "username" => object.username = "someone-else".to_owned(),
                    _ => object.max_agent_tasks = 99,
                });
            }
        }

        assert_eq!(
            workspace.plan(&[]),
            [
                "deleted: create",
                "hostname: update hostname",
                "max_agent_tasks: update max_agent_tasks",
                "port: update port",
                "username: update username",
            ]
        );
        workspace.succeed(&["apply", "plan"]);
        let objects = workspace.api.credentials();
        assert_eq!(objects.len(), 5);
        for object in objects {
            assert_eq!((object.hostname.as_str(), object.port, object.max_agent_tasks), ("sip.example.com", 5060, 10));
        }
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn another_spelling_of_the_same_hostname_is_not_drift() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        let id = workspace.api.credentials()[0].id;
        workspace.api.change(id, |object| object.hostname = "SIP.EXAMPLE.COM.".to_owned());
        workspace.assert_plan_is_empty();
        assert_eq!(workspace.received("PUT").len(), 0);
    });
}

#[test]
fn no_404_alone_means_that_an_object_is_gone() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        let id = json!(workspace.api.credentials()[0].id.to_string());

        for (effect, facts) in
            [(page(404), ["404", "GET", "base_url"]), (refusal(404, "x"), ["404", "GET", "base_url"])]
        {
            workspace.fault("GET", "", effect);
            workspace.fail(&["apply", "-auto-approve"]).mentions(&facts);
            assert_eq!(workspace.attributes("main")["id"], id, "a 404 does not empty the state");
            workspace.api.clear_faults();
        }

        workspace.api.remove(workspace.api.credentials()[0].id);
        assert_eq!(workspace.plan(&[]), ["main: create"]);
    });
}

#[test]
fn a_hostname_that_the_user_spells_otherwise_is_updated() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        for (written, plan) in [
            ("sip.example.com", "main: create"),
            ("SIP.example.com", "main: update hostname"),
            ("SIP.example.com.", "main: update hostname"),
            ("2001:db8::1", "main: update hostname"),
            ("2001:DB8:0::1", "main: update hostname"),
        ] {
            workspace.write("main", credentials("main", &format!("hostname = {written:?}")));
            assert_eq!(workspace.plan(&[]), [plan], "{written}");
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(workspace.api.credentials()[0].hostname, written);
            workspace.assert_plan_is_empty();
        }
        // Brackets are another spelling of the API's.
        let id = workspace.api.credentials()[0].id;
        workspace.api.change(id, |object| object.hostname = "[2001:db8::1]".to_owned());
        workspace.assert_plan_is_empty();
        assert_eq!(workspace.attributes("main")["hostname"], "2001:DB8:0::1");
    });
}
