//! `deepslate_assistant`: a voice agent that answers the calls to a phone number.

use deepslate::{self as api};
use tfplugin::{Attr, Length, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::attributes::Id;
use crate::managed::{Filter, Managed};
use crate::parent::InOrganization;
use crate::part::Parts;

/// An assistant: a voice agent that answers calls to a phone number. Attributes are updated in place unless stated
/// otherwise.
#[derive(Schema, Clone, Default)]
pub(crate) struct Assistant {
    /// The ID (UUID) that Deepslate assigned.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// The name. Must not be empty.
    #[attribute(required, length_at_least(1))]
    name: Attr<String>,
    /// The instructions for the assistant. Must not be empty.
    #[attribute(required, length_at_least(1))]
    system_prompt: Attr<String>,
    /// The instructions for the beginning of a call. Must not be empty.
    #[attribute(required, length_at_least(1))]
    system_prompt_greeting: Attr<String>,
    /// The ID (UUID) of the phone number whose calls the assistant answers.
    #[attribute(optional)]
    telephone_number_id: Attr<Id>,
    /// The ID (UUID) of the LLM generation strategy: the model and the voice.
    #[attribute(optional)]
    llm_generation_strategy_id: Attr<Id>,
    #[flatten]
    parts: Parts,
    /// Timeouts of the operations, including retries and waits.
    #[block]
    timeouts: Attr<Timeouts>,
}

impl Managed for Assistant {
    const TYPE_NAME: &'static str = "deepslate_assistant";
    const ONE: &'static str = "assistant";
    const MANY: &'static str = "assistants";
    const PLURAL: (&'static str, &'static str) = ("deepslate_assistants", "assistants");
    const FILTERS: &'static [Filter] = &[
        Filter { name: "name", description: "Selects the assistants with this name.", any_spelling: false },
        Filter {
            name: "telephone_number_id",
            description: "Selects the assistants that answer calls to the phone number with this ID (UUID).",
            any_spelling: false,
        },
    ];
    const LOOKUP: bool = true;
    const REFERENCES: &'static [&'static str] = &["telephone_number_id", "llm_generation_strategy_id"];
    type Parent = InOrganization;
    type Api = api::Assistant;

    fn id(&mut self) -> &mut Attr<Uuid> {
        &mut self.id
    }

    fn parent(&mut self) -> &mut InOrganization {
        &mut self.organization
    }

    fn to_api(&self) -> api::Assistant {
        api::Assistant {
            name: self.name.get().cloned(),
            system_prompt: self.system_prompt.get().cloned(),
            system_prompt_greeting: self.system_prompt_greeting.get().cloned(),
            telephone_number_id: self.telephone_number_id.get().and_then(Id::uuid),
            llm_audio_content_generation_strategy_id: self.llm_generation_strategy_id.get().and_then(Id::uuid),
            extensions: self.parts.extensions(),
            call_event_hooks: self.parts.call_event_hooks(),
        }
    }

    fn with_api(self, found: api::Assistant) -> Self {
        Self {
            name: found.name.into(),
            system_prompt: found.system_prompt.into(),
            system_prompt_greeting: found.system_prompt_greeting.into(),
            telephone_number_id: found.telephone_number_id.map(Id::from).into(),
            llm_generation_strategy_id: found.llm_audio_content_generation_strategy_id.map(Id::from).into(),
            parts: Parts::found(found.extensions, found.call_event_hooks),
            ..self
        }
    }

    fn references(&self) -> Vec<&Attr<Id>> {
        vec![&self.telephone_number_id, &self.llm_generation_strategy_id]
    }

    fn display_name(found: &api::Assistant, secrets: &Secrets) -> String {
        secrets.show(&found.name.as_deref().unwrap_or_default().into(), Length::Name).to_string()
    }
}
