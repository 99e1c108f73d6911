//! Extensions and hooks: the parts of assistants and agents, in lists.

use redaction::ForeignText;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;

use super::document::Document;

/// An extension of an assistant or agent, or a hook of one.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// The ID that the API gave it. In a PUT it says which part is continued, and a part without one is new.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    /// What it is.
    #[serde(rename = "type")]
    pub kind: ForeignText,
    /// Its settings, an object, secrets included.
    #[serde(default)]
    pub parameters: Document,
}

/// A part that the API still has although it was left out of an update.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// Its ID.
    pub id: Uuid,
    /// What it is.
    pub kind: ForeignText,
}

/// Which of the parts that were found continue these: of each the position. First those of which the type and all
/// parameters that were sent are the same, then those of the same type, in order.
pub(super) fn continued(parts: &[Value], found: &[Value]) -> Vec<Option<usize>> {
    let mut positions = vec![None; parts.len()];
    let mut free: Vec<_> = (0..found.len()).collect();
    let same_type = |part: &Value, other: &Value| samejson::same(&part["type"], &other["type"]);
    let same_part = |part: &Value, other: &Value| {
        same_type(part, other) && samejson::covers(&other["parameters"], &part["parameters"])
    };
    for matches in [&same_part as &dyn Fn(&Value, &Value) -> bool, &same_type] {
        for (position, part) in positions.iter_mut().zip(parts).filter(|(position, _)| position.is_none()) {
            if let Some(at) = free.iter().position(|at| matches(part, &found[*at])) {
                *position = Some(free.remove(at));
            }
        }
    }
    positions
}

/// The parts that were found, in the order in which they are known, without the parameters that were not sent. New ones
/// follow.
pub(super) fn arranged(found: &[Value], known: &[Value]) -> Vec<Value> {
    let positions = continued(known, found);
    let mut arranged = Vec::new();
    for (position, known) in positions.iter().zip(known) {
        if let Some(at) = *position {
            let mut part = found[at].clone();
            part["parameters"] = samejson::restricted(&part["parameters"], &known["parameters"]);
            arranged.push(part);
        }
    }
    arranged.extend(
        found.iter().enumerate().filter(|(at, _)| !positions.contains(&Some(*at))).map(|(_, part)| part.clone()),
    );
    arranged
}

/// The keys of parameters that were there before, are not wanted any more, and are still there: `[0].parameters.key`, by the
/// position of the part that is wanted.
pub(super) fn kept_parameters<'a>(found: &'a [Value], before: &'a [Value], wanted: &[Value]) -> Vec<String> {
    let at = |parts: &'a [Value]| continued(wanted, parts).into_iter().map(|at| parts.get(at?));
    let pairs = at(found).zip(at(before));
    let keys = pairs.zip(wanted).enumerate().map(|(index, (pair, wanted))| {
        let (Some(found), Some(before)) = pair else { return Vec::new() };
        let kept = samejson::kept(&found["parameters"], &before["parameters"], &wanted["parameters"]);
        kept.iter().map(|key| format!("[{index}].parameters.{key}")).collect()
    });
    keys.flatten().collect()
}

/// Reads a list of parts. An item may have an ID that is none, or no parameters.
pub(super) fn list(value: Value) -> Option<Value> {
    let Value::Array(items) = value else { return None };
    let read = |item: Value| {
        let kind = item.get("type")?.as_str()?.to_owned();
        let id = item.get("id").and_then(Value::as_str).and_then(|id| Uuid::parse_str(id).ok());
        let parameters = match item.get("parameters") {
            None | Some(Value::Null) => Value::Object(serde_json::Map::new()),
            Some(parameters @ Value::Object(_)) => parameters.clone(),
            Some(_) => return None,
        };
        let id = id.map(|id| ("id".to_owned(), Value::from(id.to_string())));
        let rest = [("type".to_owned(), kind.into()), ("parameters".to_owned(), parameters)];
        Some(Value::Object(id.into_iter().chain(rest).collect()))
    };
    items.into_iter().map(read).collect::<Option<Vec<_>>>().map(Value::Array)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn parts(value: Value) -> Vec<Value> {
        let Some(Value::Array(parts)) = list(value) else { panic!("no parts") };
        parts
    }

    #[test]
    fn a_part_continues_the_same_one_first_and_then_one_of_its_type() {
        let found = parts(json!([
            { "id": Uuid::from_u128(1), "type": "a", "parameters": { "x": 1, "token": null } },
            { "id": Uuid::from_u128(2), "type": "b", "parameters": {} },
            { "id": Uuid::from_u128(3), "type": "a", "parameters": { "x": 2 } },
        ]));
        let continues = |wanted: Value| continued(&parts(wanted), &found);
        let a = |x: i64| json!({ "type": "a", "parameters": { "x": x } });
        assert_eq!(continues(json!([a(2), a(1)])), [Some(2), Some(0)], "reordered");
        assert_eq!(continues(json!([a(3), a(1)])), [Some(2), Some(0)], "the same one first");
        assert_eq!(continues(json!([a(3), a(4), a(5)])), [Some(0), Some(2), None], "in order");
        assert_eq!(continues(json!([{ "type": "b", "parameters": { "y": 1 } }, { "type": "c" }])), [Some(1), None]);
        assert_eq!(continues(json!([])), [] as [Option<usize>; 0]);
    }

    #[test]
    fn parts_are_arranged_as_they_are_known() {
        let found = parts(json!([
            { "id": Uuid::from_u128(1), "type": "a", "name": "A", "parameters": { "x": 1, "token": null } },
            { "id": Uuid::from_u128(2), "type": "b" },
            { "id": Uuid::from_u128(3), "type": "a", "parameters": { "x": 3, "y": 1 } },
        ]));
        let known = parts(json!([
            { "type": "c", "parameters": {} }, { "type": "a", "parameters": { "x": 2 } }, { "type": "a", "parameters": { "x": 1 } },
        ]));
        let expected = json!([
            { "id": Uuid::from_u128(3), "type": "a", "parameters": { "x": 3 } },
            { "id": Uuid::from_u128(1), "type": "a", "parameters": { "x": 1 } },
            { "id": Uuid::from_u128(2), "type": "b", "parameters": {} },
        ]);
        assert_eq!(Value::Array(arranged(&found, &known)), expected);
    }

    #[test]
    fn odd_parts_cannot_be_read() {
        for odd in [json!({}), json!([1]), json!([{ "type": 1 }]), json!([{ "type": "a", "parameters": [] }])] {
            assert_eq!(list(odd), None);
        }
        assert_eq!(
            list(json!([{ "id": 7, "type": "a", "parameters": null }])),
            Some(json!([{ "type": "a", "parameters": {} }]))
        );
    }
}
