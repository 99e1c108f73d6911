//! What assistants and agents have in common.

use redaction::ForeignText;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::part::Part;

/// The fields of both kinds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VoiceAgent {
    /// Its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<ForeignText>,
    /// The phone number: an assistant answers the calls to it, and an agent calls from it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub telephone_number_id: Option<Uuid>,
    /// The LLM generation strategy, which is its model and voice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub llm_audio_content_generation_strategy_id: Option<Uuid>,
    /// What it can do besides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Vec<Part>>,
    /// Whom it tells about calls.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_event_hooks: Option<Vec<Part>>,
}

impl VoiceAgent {
    /// The lists of parts, each with the name of its field.
    pub(super) fn parts(&mut self) -> Vec<(&'static str, &mut Vec<Part>)> {
        let lists = [("extensions", &mut self.extensions), ("callEventHooks", &mut self.call_event_hooks)];
        lists.into_iter().filter_map(|(name, list)| Some((name, list.as_mut()?))).collect()
    }
}
