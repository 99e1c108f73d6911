//! `deepslate_assistant`: a voice agent that answers the calls to a phone number.

use deepslate::{self as api};
use tfplugin::{Attr, Length, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::attributes::Id;
use crate::managed::{Filter, Managed};
use crate::parent::InOrganization;
use crate::part::Parts;

/// An assistant: a voice agent that answers the calls to a phone number. A change of an attribute is made in place, unless
/// the attribute says that it replaces.
#[derive(Schema, Clone, Default)]
pub(crate) struct Assistant {
    /// The id that Deepslate gave the assistant, a UUID.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// The name. Not empty.
    #[attribute(required, length_at_least(1))]
    name: Attr<String>,
    /// What the assistant is told to do. Not empty.
    #[attribute(required, length_at_least(1))]
    system_prompt: Attr<String>,
    /// How the assistant is told to begin a call. Not empty.
    #[attribute(required, length_at_least(1))]
    system_prompt_greeting: Attr<String>,
    /// The id of the phone number whose calls it answers, a UUID.
    #[attribute(optional)]
    telephone_number_id: Attr<Id>,
    /// The id of its LLM generation strategy, which is its model and voice, a UUID.
    #[attribute(optional)]
    llm_generation_strategy_id: Attr<Id>,
    #[flatten]
    parts: Parts,
    /// How long each operation may take, with all its requests, retries and waits.
    #[block(max = 1)]
    timeouts: Attr<Vec<Timeouts>>,
}

impl Managed for Assistant {
    const TYPE_NAME: &'static str = "deepslate_assistant";
    const ONE: &'static str = "assistant";
    const MANY: &'static str = "assistants";
    const PLURAL: (&'static str, &'static str) = ("deepslate_assistants", "assistants");
    const FILTERS: &'static [Filter] = &[
        Filter { name: "name", description: "Only those with this name.", any_spelling: false },
        Filter {
            name: "telephone_number_id",
            description: "Only those that answer the calls to this phone number.",
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
