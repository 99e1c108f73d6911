//! The identity of an object, in the state and in `import` blocks.

use serde_json::{Value, json};
use testkit::{
    IDENTITY, ORGANIZATION, OTHER_ORGANIZATION, PASSWORD, VENDOR, Workspace, credentials, existing, for_each_cli_with,
};

use crate::new_workspace;

const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";
const OTHER_ID: &str = "aaaaaaaa-0000-4000-8000-000000000002";

fn import_block(name: &str, identity: &str) -> String {
    format!("import {{\n  to = deepslate_sip_credentials.{name}\n  identity = {{ {identity} }}\n}}\n")
}

fn identity_in_state(workspace: &Workspace) -> Value {
    workspace.read_state()["resources"][0]["instances"][0]["identity"].clone()
}

#[test]
fn the_state_holds_it_from_create_to_destroy() {
    for_each_cli_with(&IDENTITY, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        let id = workspace.api.credentials()[0].id.to_string();
        let expected = json!({ "vendor_id": VENDOR, "organization_id": ORGANIZATION, "id": id });
        assert_eq!(identity_in_state(&workspace), expected);

        workspace.write("main", credentials("main", "port = 5061"));
        workspace.apply();
        assert_eq!(identity_in_state(&workspace), expected);
        workspace.succeed(&["apply", "-auto-approve", "-refresh-only"]);
        assert_eq!(identity_in_state(&workspace), expected);

        // As a version without identities left it.
        let mut state = workspace.read_state();
        let instance = state["resources"][0]["instances"][0].as_object_mut().expect("an object");
        instance.remove("identity");
        instance.remove("identity_schema_version");
        workspace.write_state(&state);
        workspace.assert_plan_is_empty();
        workspace.apply();
        workspace.destroy();
    });
}

#[test]
fn an_import_block_may_name_it() {
    for_each_cli_with(&IDENTITY, |cli| {
        let workspace = new_workspace(cli);
        let whole = format!("vendor_id = {VENDOR:?}, organization_id = {OTHER_ORGANIZATION:?}, id = {OTHER_ID:?}");
        for (name, organization, id, identity) in
            [("part", ORGANIZATION, ID, format!("id = {ID:?}")), ("whole", OTHER_ORGANIZATION, OTHER_ID, whole)]
        {
            workspace.api.insert(existing(organization, id));
            let resource = credentials(name, &format!("organization_id = {organization:?}"));
            workspace.write(name, import_block(name, &identity) + &resource);
        }
        assert_eq!(workspace.plan(&[]), ["part: import update password", "whole: import update password"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.attributes("part")["id"], ID);
        assert_eq!(workspace.attributes("whole")["organization_id"], OTHER_ORGANIZATION);
        assert!(workspace.api.credentials().iter().all(|object| object.password == PASSWORD));
        assert!(workspace.received("POST").is_empty());
        workspace.assert_plan_is_empty();
    });
}
