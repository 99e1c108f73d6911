//! `moved` blocks from resources of generic REST providers.

use serde_json::{Value, json};
use testkit::{
    MOVES_BETWEEN_TYPES, ORGANIZATION, PASSWORD, VENDOR, credentials, credentials_path, existing, for_each_cli_with,
};

use crate::{new_workspace, provider_binary};

const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const OTHER_ID: &str = "aaaaaaaa-0000-4000-8000-000000000002";

/// A state with resources of other providers, each as type, provider and attributes. The name of each is its type.
fn state(resources: &[(&str, &str, Value)]) -> Value {
    let resources: Value = resources
        .iter()
        .map(|(resource_type, provider, attributes)| {
            json!({
                "mode": "managed",
                "type": resource_type,
                "name": resource_type,
                "provider": format!("provider[\"registry.terraform.io/{provider}\"]"),
                "instances": [{ "schema_version": 0, "attributes": attributes }],
            })
        })
        .collect();
    json!({
        "version": 4,
        "terraform_version": "1.5.7",
        "serial": 1,
        "lineage": "55555555-5555-4555-8555-555555555555",
        "outputs": {},
        "resources": resources,
    })
}

fn moved_from(resource_type: &str) -> String {
    let moved = format!(
        "moved {{\n  from = {resource_type}.{resource_type}\n  to = deepslate_sip_credentials.{resource_type}\n}}\n"
    );
    moved + &credentials(resource_type, "")
}

#[test]
fn objects_of_generic_rest_providers_are_moved_in_place() {
    for_each_cli_with(&MOVES_BETWEEN_TYPES, |cli| {
        let workspace = new_workspace(cli);
        workspace.install(&provider_binary(), &["deepslate-labs/deepslate", "mastercard/restapi", "magodo/restful"]);
        let path = credentials_path(ORGANIZATION);
        let body = "{\"password\":\"set by someone else\"}";
        workspace.write_state(&state(&[
            ("restapi_object", "mastercard/restapi", json!({ "id": ID, "path": path, "data": body })),
            ("restful_resource", "magodo/restful", json!({ "id": format!("{path}/{OTHER_ID}"), "path": path })),
        ]));
        for (resource_type, id) in [("restapi_object", ID), ("restful_resource", OTHER_ID)] {
            workspace.api.insert(existing(ORGANIZATION, id));
            workspace.write(resource_type, moved_from(resource_type));
        }

        assert_eq!(workspace.plan(&[]), ["restapi_object: update password", "restful_resource: update password"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.attributes("restapi_object")["id"], ID);
        assert_eq!(workspace.attributes("restapi_object")["vendor_id"], VENDOR);
        assert_eq!(workspace.attributes("restful_resource")["id"], OTHER_ID);
        assert!(workspace.api.credentials().iter().all(|object| object.password == PASSWORD));
        assert!(workspace.received("POST").is_empty() && workspace.received("DELETE").is_empty());
        assert!(!workspace.read_state().to_string().contains("set by someone else"), "nothing else is carried over");
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn an_object_moves_with_the_address_of_the_provider() {
    for_each_cli_with(&MOVES_BETWEEN_TYPES, |cli| {
        let workspace = new_workspace(cli);
        workspace.install(&provider_binary(), &["deepslate-labs/deepslate", "acme/deepslate"]);
        workspace.write("main", credentials("one", ""));
        workspace.apply();
        let before = workspace.read_state();
        let id = workspace.attributes("one")["id"].clone();
        // As if another namespace had published the provider.
        let elsewhere = before.to_string().replace("deepslate-labs/deepslate", "acme/deepslate");
        workspace.write_state(&serde_json::from_str(&elsewhere).unwrap());
        workspace.write(
            "main",
            "moved {\n  from = deepslate_sip_credentials.one\n  to   = deepslate_sip_credentials.two\n}\n".to_owned()
                + &credentials("two", ""),
        );
        workspace.api.clear_requests();

        assert_eq!(workspace.plan(&[]), [""; 0]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.attributes("two")["id"], id);
        assert_eq!(workspace.attributes("two")["password"], PASSWORD);
        let stored = |state: &Value, name: &str| state["resources"][0]["instances"][0][name].clone();
        for kept in ["private", "identity", "schema_version"] {
            assert_eq!(stored(&workspace.read_state(), kept), stored(&before, kept), "{kept}");
        }
        assert!(workspace.api.requests().iter().all(|request| request.method == "GET"));
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn anything_else_is_refused_with_an_alternative() {
    for_each_cli_with(&MOVES_BETWEEN_TYPES, |cli| {
        let workspace = new_workspace(cli);
        workspace.install(&provider_binary(), &["deepslate-labs/deepslate", "mastercard/restapi"]);
        let attributes = json!({ "id": ID, "path": "/api/v1/agents" });
        workspace.write_state(&state(&[("restapi_object", "mastercard/restapi", attributes)]));
        workspace.write("main", moved_from("restapi_object"));
        let output = workspace.fail(&["plan"]);
        output.mentions(&[
            "Could not move restapi_object to deepslate_sip_credentials",
            "`import` block",
            "`removed` block",
        ]);
        assert!(workspace.api.requests().is_empty());
    });
}
