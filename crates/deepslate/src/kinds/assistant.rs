//! Assistants. An assistant answers the calls to a number.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::kind::{Ancestor, Field, Form, Kind, Verb};
use super::organization::OrganizationRef;
use super::part::{self, Part};

/// An assistant. The API answers an update without the object.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assistant {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The instructions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// The instructions for the beginning of a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt_greeting: Option<String>,
    /// The phone number whose calls it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone_number_id: Option<Uuid>,
    /// The LLM generation strategy, which is its model and voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub llm_audio_content_generation_strategy_id: Option<Uuid>,
    /// Additional abilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Vec<Part>>,
    /// Receivers of call events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_event_hooks: Option<Vec<Part>>,
}

impl Kind for Assistant {
    type Parent = OrganizationRef;
    const FIELDS: &'static [Field] = &[
        Field::required("name", Form::Text).matched(),
        Field::required("systemPrompt", Form::Text).matched(),
        Field::required("systemPromptGreeting", Form::Text).matched(),
        Field::optional("telephoneNumberId", Form::Id),
        Field::optional("llmAudioContentGenerationStrategyId", Form::Id),
        Field::optional("extensions", Form::Parts),
        Field::optional("callEventHooks", Form::Parts),
    ];
    const DOCUMENTED: &'static [Verb] = &[Verb::Create, Verb::Get, Verb::Update, Verb::List];

    fn path(organization: OrganizationRef) -> String {
        format!("{}/assistants", organization.path())
    }

    fn ancestors(organization: OrganizationRef) -> Vec<Ancestor> {
        organization.ancestors()
    }

    fn parts(&mut self) -> Vec<(&'static str, &mut Vec<Part>)> {
        part::lists(&mut self.extensions, &mut self.call_event_hooks)
    }
}
