//! The schema in the repository equals the one that each binary prints, as far as its version supports it.

use serde_json::Value;
use testkit::{QUERY, WRITE_ONLY, for_each_cli};

use crate::new_workspace;

#[test]
fn each_binary_prints_the_schema_in_the_repository() {
    let stored: Value = serde_json::from_str(include_str!("../schema.json")).expect("JSON");
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let printed: Value =
            serde_json::from_str(&workspace.succeed(&["providers", "schema", "-json"]).stdout).expect("JSON");
        let (stored, printed) = (only_provider(&stored), only_provider(&printed));
        assert_is_part("", printed, stored);
        if cli.has(&WRITE_ONLY) {
            assert_eq!(printed["resource_schemas"], stored["resource_schemas"]);
        }
        if cli.has(&QUERY) {
            assert_eq!(printed, stored);
        }
    });
}

fn only_provider(schemas: &Value) -> &Value {
    let providers = schemas["provider_schemas"].as_object().expect("there are providers");
    assert_eq!(providers.len(), 1);
    providers.values().next().expect("there is one")
}

/// The repository contains all that is printed.
#[track_caller]
fn assert_is_part(path: &str, printed: &Value, stored: &Value) {
    match printed {
        Value::Object(members) => {
            for (name, value) in members {
                assert_is_part(&format!("{path}.{name}"), value, &stored[name]);
            }
        }
        _ => assert_eq!(printed, stored, "{path}"),
    }
}
