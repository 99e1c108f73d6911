//! Agents, each of which places calls: its agent tasks.

use std::collections::BTreeMap;

use redaction::ForeignText;
use serde::{Deserialize, Serialize};

use super::kind::{Ancestor, Field, Form, Kind, Verb};
use super::organization::OrganizationRef;
use super::part::Part;
use super::voice_agent::VoiceAgent;

/// An agent. The API answers an update without the object.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Agent {
    /// What both kinds have.
    #[serde(flatten)]
    pub voice: VoiceAgent,
    /// The values that each of its tasks has, by name, with their types.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_value_types: Option<BTreeMap<String, Option<ForeignText>>>,
    /// What it is told to do, with places for the values of a task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt_template: Option<ForeignText>,
}

impl Kind for Agent {
    type Parent = OrganizationRef;
    const FIELDS: &'static [Field] = &[
        Field::required("name", Form::Text).matched(),
        Field::required("userValueTypes", Form::Map).matched(),
        Field::optional("systemPromptTemplate", Form::Text),
        Field::optional("telephoneNumberId", Form::Id),
        Field::optional("llmAudioContentGenerationStrategyId", Form::Id),
        Field::optional("extensions", Form::Parts),
        Field::optional("callEventHooks", Form::Parts),
    ];
    const DOCUMENTED: &'static [Verb] = &[Verb::Create, Verb::Get, Verb::Update, Verb::Delete];

    fn path(organization: OrganizationRef) -> String {
        format!("{}/agents", organization.path())
    }

    fn ancestors(organization: OrganizationRef) -> Vec<Ancestor> {
        organization.ancestors()
    }

    fn parts(&mut self) -> Vec<(&'static str, &mut Vec<Part>)> {
        self.voice.parts()
    }
}
