//! `deepslate_assistant`: a voice agent that answers the calls to a phone number.

use deepslate::{self as api};
use tfplugin::{Attr, ForeignText, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::attributes::Id;
use crate::managed::{Filter, Managed, shown};
use crate::parent::InOrganization;
use crate::voice_agent::VoiceAgent;

/// An assistant: a voice agent that answers the calls to a phone number. A change of an attribute is made in place, unless
/// the attribute says that it replaces.
#[derive(Schema, Clone, Default)]
pub(crate) struct Assistant {
    /// The id that Deepslate gave the assistant, a UUID.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// What the assistant is told to do. Not empty.
    #[attribute(required, length_at_least(1))]
    system_prompt: Attr<String>,
    /// How the assistant is told to begin a call. Not empty.
    #[attribute(required, length_at_least(1))]
    system_prompt_greeting: Attr<String>,
    #[flatten]
    voice: VoiceAgent,
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
