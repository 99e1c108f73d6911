//! `deepslate_agent`: a voice agent that places calls.

use std::collections::BTreeMap;

use deepslate::{self as api};
use tfplugin::{Attr, Length, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::attributes::Id;
use crate::managed::{Filter, Managed};
use crate::parent::InOrganization;
use crate::part::Parts;

/// An agent: a voice agent that places calls. Each call is an agent task. Attributes are updated in place unless stated
/// otherwise.
#[derive(Schema, Clone, Default)]
pub(crate) struct Agent {
    /// The ID (UUID) that Deepslate assigned.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// The name. Must not be empty.
    #[attribute(required, length_at_least(1))]
    name: Attr<String>,
    /// The values that each task of the agent has: a map from the name of a value to its type.
    #[attribute(required, length_at_least(1), usually_one_of(&["STRING", "STRING_REDACTED", "INTEGER", "FLOAT"]))]
    user_value_types: Attr<BTreeMap<String, Attr<String>>>,
    /// The instructions for the agent. Can contain placeholders for the values of a task.
    #[attribute(optional)]
    system_prompt_template: Attr<String>,
    /// The ID (UUID) of the phone number from which the agent calls.
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

impl Managed for Agent {
    const TYPE_NAME: &'static str = "deepslate_agent";
    const ONE: &'static str = "agent";
    const MANY: &'static str = "agents";
    const PLURAL: (&'static str, &'static str) = ("deepslate_agents", "agents");
    const FILTERS: &'static [Filter] = &[];
    const LISTED: bool = false;
    const LOOKUP: bool = true;
    const REFERENCES: &'static [&'static str] = &["telephone_number_id", "llm_generation_strategy_id"];
    type Parent = InOrganization;
    type Api = api::Agent;

    fn id(&mut self) -> &mut Attr<Uuid> {
        &mut self.id
    }

    fn parent(&mut self) -> &mut InOrganization {
        &mut self.organization
    }

    fn to_api(&self) -> api::Agent {
        let types = self.user_value_types.get().map(|types| {
            types.iter().map(|(name, kind)| (name.clone(), kind.get().cloned())).collect::<BTreeMap<_, _>>()
        });
        api::Agent {
            name: self.name.get().cloned(),
            user_value_types: types,
            system_prompt_template: self.system_prompt_template.get().cloned(),
            telephone_number_id: self.telephone_number_id.get().and_then(Id::uuid),
            llm_audio_content_generation_strategy_id: self.llm_generation_strategy_id.get().and_then(Id::uuid),
            extensions: self.parts.extensions(),
            call_event_hooks: self.parts.call_event_hooks(),
        }
    }

    fn with_api(self, found: api::Agent) -> Self {
        let types = found
            .user_value_types
            .map(|types| types.into_iter().map(|(name, kind)| (name, kind.into())).collect::<BTreeMap<_, _>>());
        Self {
            name: found.name.into(),
            user_value_types: types.into(),
            system_prompt_template: found.system_prompt_template.into(),
            telephone_number_id: found.telephone_number_id.map(Id::from).into(),
            llm_generation_strategy_id: found.llm_audio_content_generation_strategy_id.map(Id::from).into(),
            parts: Parts::found(found.extensions, found.call_event_hooks),
            ..self
        }
    }

    fn references(&self) -> Vec<&Attr<Id>> {
        vec![&self.telephone_number_id, &self.llm_generation_strategy_id]
    }

    fn display_name(found: &api::Agent, secrets: &Secrets) -> String {
        secrets.show(&found.name.as_deref().unwrap_or_default().into(), Length::Name).to_string()
    }
}
