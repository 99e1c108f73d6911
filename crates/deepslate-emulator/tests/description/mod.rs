//! `openapi.yaml`, and whether an answer is as it says; for the part of JSON Schema that it uses.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use uuid::Uuid;

/// The description of the API.
pub(crate) struct Description(Value);

impl Description {
    pub(crate) fn read() -> Self {
        Self(serde_saphyr::from_str(include_str!("../../openapi.yaml")).expect("openapi.yaml is YAML"))
    }

    /// All operations: path, method and what is said of them.
    pub(crate) fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.0["paths"].as_object().expect("there are paths");
        paths.iter().flat_map(|(path, item)| {
            let methods = item.as_object().into_iter().flatten().filter(|(name, _)| *name != "parameters");
            methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
        })
    }

    /// Path and method of an operation.
    pub(crate) fn find(&self, operation_id: &str) -> (&str, &str, &Value) {
        self.operations()
            .find(|(_, _, operation)| operation["operationId"] == operation_id)
            .unwrap_or_else(|| panic!("openapi.yaml has no `{operation_id}`"))
    }

    /// Panics with the place and the reason where the answer is not one that the operation may give.
    pub(crate) fn check(&self, operation_id: &str, status: u16, body: &Value) {
        let responses = &self.find(operation_id).2["responses"];
        let response = responses.get(status.to_string()).unwrap_or(&responses["default"]);
        let schema = &self.resolve(response)["content"]["application/json"]["schema"];
        assert!(!schema.is_null(), "{operation_id} may not answer {status} with a body");
        self.check_value(schema, body, &format!("{operation_id} {status}"));
    }

    fn resolve<'a>(&'a self, value: &'a Value) -> &'a Value {
        match value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#')) {
            Some(pointer) => self.0.pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer}")),
            None => value,
        }
    }

    /// Stricter than JSON Schema: a property that no part of the schema knows is an error.
    fn check_value(&self, schema: &Value, value: &Value, place: &str) {
        let known = self.properties(schema);
        for name in value.as_object().into_iter().flat_map(|fields| fields.keys()) {
            assert!(known.is_empty() || known.contains(&name.as_str()), "{place}: `{name}` is not described");
        }
        self.check_parts(schema, value, place);
    }

    fn check_parts(&self, schema: &Value, value: &Value, place: &str) {
        let schema = self.resolve(schema);
        if value.is_null() && schema["nullable"] == true {
            return;
        }
        for part in schema["allOf"].as_array().into_iter().flatten() {
            self.check_parts(part, value, place);
        }
        let fits = match schema["type"].as_str() {
            Some("object") => value.is_object(),
            Some("array") => value.is_array(),
            Some("string") => value.is_string(),
            Some("integer") => value.is_i64(),
            Some("boolean") => value.is_boolean(),
            Some(other) => panic!("{place}: the type `{other}` is not known here"),
            None => true,
        };
        assert!(fits, "{place}: {value} is no {}", schema["type"]);
        let text = value.as_str().unwrap_or_default();
        let number = value.as_i64().unwrap_or_default();
        match schema["format"].as_str() {
            Some("uuid") => assert!(Uuid::try_parse(text).is_ok(), "{place}: {text} is not a UUID"),
            Some("date-time") => {
                assert!(OffsetDateTime::parse(text, &Rfc3339).is_ok(), "{place}: {text} is no time");
            }
            Some("int32") => assert!(i32::try_from(number).is_ok(), "{place}: {number} is too large"),
            Some("int64") | None => {}
            Some(other) => panic!("{place}: the format `{other}` is not known here"),
        }
        assert!(schema["minimum"].as_i64().is_none_or(|least| number >= least), "{place}: {number} is too small");
        assert!(schema["maximum"].as_i64().is_none_or(|most| number <= most), "{place}: {number} is too large");
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            assert!(value.get(name).is_some(), "{place}: `{name}` is missing");
        }
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            if let Some(value) = value.get(name) {
                self.check_value(schema, value, &format!("{place}.{name}"));
            }
        }
        for (index, item) in value.as_array().into_iter().flatten().enumerate() {
            self.check_value(&schema["items"], item, &format!("{place}[{index}]"));
        }
    }

    fn properties<'a>(&'a self, schema: &'a Value) -> Vec<&'a str> {
        let schema = self.resolve(schema);
        let own = schema["properties"].as_object().into_iter().flat_map(|properties| properties.keys());
        let parts = schema["allOf"].as_array().into_iter().flatten();
        own.map(String::as_str).chain(parts.flat_map(|part| self.properties(part))).collect()
    }
}
