//! Assistants, each of which answers the calls to a number.

use redaction::ForeignText;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::kind::{Ancestor, Field, Form, Kind, Verb};
use super::organization::OrganizationRef;
use super::part::Part;
use super::voice_agent::VoiceAgent;

/// An assistant. The API answers an update without the object.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Assistant {
    /// What both kinds have.
    #[serde(flatten)]
    pub voice: VoiceAgent,
    /// What it is told to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<ForeignText>,
    /// How it is told to begin a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt_greeting: Option<ForeignText>,
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

    fn query(&self) -> Option<(&'static str, Uuid)> {
        Some(("phoneNumberId", self.voice.telephone_number_id?))
    }

    fn parts(&mut self) -> Vec<(&'static str, &mut Vec<Part>)> {
        self.voice.parts()
    }
}
