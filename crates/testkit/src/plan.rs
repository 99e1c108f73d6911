//! The changes of a plan, in a form that a test can compare.

use serde_json::Value;

/// Returns a line for each resource that changes, sorted, from `show -json` of a plan file: `port: update port`, `main: create`,
/// `main: replace organization_id` (only the attributes that force the replacement), `main: import update password`.
pub(crate) fn summarize(plan: &Value) -> Vec<String> {
    let changes = plan["resource_changes"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut lines: Vec<String> = changes.iter().filter_map(line).collect();
    lines.sort();
    lines
}

fn line(resource: &Value) -> Option<String> {
    let change = &resource["change"];
    let actions: Vec<&str> = change["actions"].as_array()?.iter().filter_map(Value::as_str).collect();
    let (action, mut attributes) = match *actions {
        ["no-op"] if change["importing"].is_null() => return None,
        ["update"] => ("update", changed(change)),
        ["create"] => ("create", Vec::new()),
        ["delete"] => ("delete", Vec::new()),
        ["delete", "create"] | ["create", "delete"] => ("replace", forcing(change)),
        [other] => (other, Vec::new()),
        _ => panic!("unknown actions: {actions:?}"),
    };
    attributes.sort();

    let address = resource["address"].as_str()?;
    let mut words = vec![format!("{}:", address.split_once('.').map_or(address, |(_, name)| name))];
    if !change["importing"].is_null() {
        words.push("import".to_owned());
    }
    words.push(action.to_owned());
    words.extend(attributes);
    Some(words.join(" "))
}

fn changed(change: &Value) -> Vec<String> {
    let names =
        change["after"].as_object().into_iter().chain(change["after_unknown"].as_object()).flat_map(|map| map.keys());
    let mut names: Vec<String> = names
        .filter(|&name| {
            change["before"][name] != change["after"][name] || change["after_unknown"][name] == Value::Bool(true)
        })
        .cloned()
        .collect();
    names.sort();
    names.dedup();
    names
}

fn forcing(change: &Value) -> Vec<String> {
    let paths = change["replace_paths"].as_array().map(Vec::as_slice).unwrap_or_default();
    paths.iter().filter_map(|path| path[0].as_str()).map(str::to_owned).collect()
}
