//! `deepslate_assistant`: a voice agent that answers the calls to a phone number.

use deepslate::{self as api};
use tfplugin::{Attr, ForeignText, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::attributes::Id;
use crate::managed::{Filter, Managed, shown};
use crate::parent::InOrganization;
use crate::voice_agent::VoiceAgent;

/// An assistant: a voice agent that answers calls to a phone number. Attributes are updated in place unless stated
/// otherwise.
#[derive(Schema, Clone, Default)]
pub(crate) struct Assistant {
    /// The ID (UUID) that Deepslate assigned.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// The instructions for the assistant. Must not be empty.
    #[attribute(required, length_at_least(1))]
    system_prompt: Attr<String>,
    /// The instructions for the beginning of a call. Must not be empty.
    #[attribute(required, length_at_least(1))]
    system_prompt_greeting: Attr<String>,
    #[flatten]
    voice: VoiceAgent,
    /// Timeouts of the operations, including retries and waits. Each is a duration such as `90s`, above zero and at
    /// most 24 hours.
    #[block(max = 1)]
    timeouts: Attr<Vec<Timeouts>>,
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
    const REFERENCES: &'static [&'static str] = VoiceAgent::REFERENCES;
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
            system_prompt: self.system_prompt.get().map(|prompt| prompt.as_str().into()),
            system_prompt_greeting: self.system_prompt_greeting.get().map(|greeting| greeting.as_str().into()),
            voice: self.voice.to_api(),
        }
    }

    fn with_api(self, found: api::Assistant) -> Self {
        Self {
            system_prompt: found.system_prompt.map(ForeignText::into_raw).into(),
            system_prompt_greeting: found.system_prompt_greeting.map(ForeignText::into_raw).into(),
            voice: found.voice.into(),
            ..self
        }
    }

    fn references(&self) -> Vec<&Attr<Id>> {
        self.voice.references()
    }

    fn display_name(found: &api::Assistant, secrets: &Secrets) -> String {
        shown(found.voice.name.as_ref(), secrets)
    }
}
