//! Assistants, agents and LLM generation strategies: objects whose fields the API keeps as JSON.

use std::fmt;

use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::envelope::Failure;
use crate::request::Body;
use crate::table::Row;

/// An assistant, agent or strategy as the API holds it.
#[derive(Clone, PartialEq, Eq)]
pub struct Entity {
    /// The vendor above the organization.
    pub vendor_id: Uuid,
    /// The organization that owns it.
    pub organization_id: Uuid,
    /// Its id, chosen by the API.
    pub id: Uuid,
    /// Its fields by name, as answers show them.
    pub fields: Map<String, Value>,
}

/// What a kind of these objects consists of.
pub(crate) struct Shape {
    /// One object, as messages name it.
    pub(crate) one: &'static str,
    /// Texts that must be there and not be empty.
    texts: &'static [&'static str],
    /// Texts that may be left out.
    optional_texts: &'static [&'static str],
    /// Whether `userValueTypes` must be there.
    has_user_values: bool,
    /// Whether it has `parameters` of its own; all others have a phone number, a strategy, extensions and hooks.
    pub(crate) has_parameters: bool,
}

pub(crate) const ASSISTANT: Shape = Shape {
    one: "assistant",
    texts: &["name", "systemPrompt", "systemPromptGreeting"],
    optional_texts: &[],
    has_user_values: false,
    has_parameters: false,
};

pub(crate) const AGENT: Shape = Shape {
    one: "agent",
    texts: &["name"],
    optional_texts: &["systemPromptTemplate"],
    has_user_values: true,
    has_parameters: false,
};

pub(crate) const STRATEGY: Shape = Shape {
    one: "LLM generation strategy",
    texts: &["name", "type"],
    optional_texts: &[],
    has_user_values: false,
    has_parameters: true,
};

/// The field with the phone number, and the one with the strategy.
pub(crate) const TELEPHONE_NUMBER: &str = "telephoneNumberId";
pub(crate) const LLM_STRATEGY: &str = "llmAudioContentGenerationStrategyId";
/// The lists of parts, which have ids of their own.
const PARTS: [&str; 2] = ["extensions", "callEventHooks"];
/// A parameter that every object of parameters has, even if it was not sent.
const ADDED: &str = "auth_token";

impl Row for Entity {
    /// Vendor and organization.
    type Parent = (Uuid, Uuid);

    fn id(&self) -> Uuid {
        self.id
    }

    fn parent(&self) -> Self::Parent {
        (self.vendor_id, self.organization_id)
    }
}

/// Leaves out the fields, which may hold secrets.
impl fmt::Debug for Entity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Entity({})", self.id)
    }
}

impl Entity {
    /// The fields of an item in a list of summaries.
    pub(crate) const SUMMARY: &[&str] = &["id", "name"];

    /// Reads the fields of an object. `before` are those of the object that it replaces, whose parts it may continue.
    /// `keeps_parts`: whether the parts of that object stay that are left out.
    pub(crate) fn read(
        shape: &Shape,
        body: &Body,
        before: Option<&Map<String, Value>>,
        keeps_parts: bool,
    ) -> Result<Map<String, Value>, Failure> {
        let mut fields = Map::new();
        for name in shape.texts {
            fields.insert((*name).to_owned(), body.text(name)?.into());
        }
        for name in shape.optional_texts {
            fields.insert((*name).to_owned(), body.optional_text(name)?.into());
        }
        if shape.has_user_values {
            let types = body.object("userValueTypes")?;
            if types.values().any(|ty| !ty.is_string()) {
                return Err(Failure::Invalid("each value of `userValueTypes` must be a string".to_owned()));
            }
            fields.insert("userValueTypes".to_owned(), types.into());
        }
        if shape.has_parameters {
            fields.insert("parameters".to_owned(), with_added(body.object("parameters")?));
            return Ok(fields);
        }
        for name in [TELEPHONE_NUMBER, LLM_STRATEGY] {
            fields.insert(name.to_owned(), body.id(name)?.map_or(Value::Null, |id| json!(id)));
        }
        for name in PARTS {
            let before = before.and_then(|fields| fields.get(name)?.as_array()).cloned().unwrap_or_default();
            fields.insert(name.to_owned(), parts(name, &body.list(name)?, before, keeps_parts)?.into());
        }
        Ok(fields)
    }

    pub(crate) fn shown(&self) -> Value {
        let id = [("id".to_owned(), json!(self.id))];
        Value::Object(id.into_iter().chain(self.fields.clone()).collect())
    }

    /// Whether a field names this object.
    pub(crate) fn refers_to(&self, field: &str, id: Uuid) -> bool {
        self.reference(field) == Some(id)
    }

    /// The object that a field names.
    pub(crate) fn reference(&self, field: &str) -> Option<Uuid> {
        self.fields.get(field)?.as_str()?.parse().ok()
    }
}

/// Reads a list of parts. One with an id continues that part; all others are new.
fn parts(name: &str, items: &[Value], mut before: Vec<Value>, keeps_parts: bool) -> Result<Vec<Value>, Failure> {
    let mut parts = Vec::new();
    for item in items {
        let (Some(kind), Some(parameters)) = (item["type"].as_str(), item["parameters"].as_object()) else {
            return Err(Failure::Invalid(format!("each item of `{name}` must have a type and parameters")));
        };
        let id = match &item["id"] {
            Value::Null => json!(Uuid::new_v4()),
            id => {
                let at = before.iter().position(|part| part["id"] == *id);
                let at = at.ok_or_else(|| Failure::Invalid(format!("`{name}` contains an unknown ID")))?;
                before.remove(at)["id"].take()
            }
        };
        let mut part = json!({ "id": id, "type": kind, "parameters": with_added(parameters.clone()) });
        if name == "extensions" {
            part["name"] = kind.to_uppercase().into();
        }
        parts.push(part);
    }
    if keeps_parts {
        parts.append(&mut before);
    }
    Ok(parts)
}

fn with_added(mut parameters: Map<String, Value>) -> Value {
    parameters.entry(ADDED).or_insert(Value::Null);
    parameters.into()
}
