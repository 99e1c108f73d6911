//! LLM generation strategies: the model and the voice of assistants and agents.

use redaction::ForeignText;
use serde::{Deserialize, Serialize};

use super::document::Document;
use super::kind::{Ancestor, Field, Form, Kind, Verb};
use super::organization::OrganizationRef;

/// An LLM generation strategy.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LlmGenerationStrategy {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<ForeignText>,
    /// Which strategy it is.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<ForeignText>,
    /// Its settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameters: Option<Document>,
}

impl Kind for LlmGenerationStrategy {
    type Parent = OrganizationRef;
    const FIELDS: &'static [Field] = &[
        Field::required("name", Form::Text).matched(),
        Field::required("type", Form::Text).matched(),
        Field::required("parameters", Form::Document),
    ];
    const DOCUMENTED: &'static [Verb] = &[Verb::Create, Verb::Update];

    fn path(organization: OrganizationRef) -> String {
        format!("{}/llm-generation-strategies", organization.path())
    }

    fn ancestors(organization: OrganizationRef) -> Vec<Ancestor> {
        organization.ancestors()
    }
}
