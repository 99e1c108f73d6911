//! `deepslate_agent`: a voice agent that places calls.

use std::collections::BTreeMap;

use deepslate::{self as api};
use tfplugin::{Attr, ForeignText, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::attributes::Id;
use crate::managed::{Filter, Managed, shown};
use crate::parent::InOrganization;
use crate::voice_agent::VoiceAgent;

/// An agent: a voice agent that places calls. Each call is an agent task. Attributes are updated in place unless stated
/// otherwise.
#[derive(Schema, Clone, Default)]
pub(crate) struct Agent {
    /// The ID (UUID) that Deepslate assigned.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// The values that each task of the agent has: a map from the name of a value to its type.
    #[attribute(required, length_at_least(1), usually_one_of(&["STRING", "STRING_REDACTED", "INTEGER", "FLOAT"]))]
    user_value_types: Attr<BTreeMap<String, Attr<String>>>,
    /// The instructions for the agent. Can contain placeholders for the values of a task.
    #[attribute(optional)]
    system_prompt_template: Attr<String>,
    #[flatten]
    voice: VoiceAgent,
    /// Timeouts of the operations, including retries and waits. Each is a duration such as `90s`, above zero and at
    /// most 24 hours.
    #[block(max = 1)]
    timeouts: Attr<Vec<Timeouts>>,
}

impl Managed for Agent {
    const TYPE_NAME: &'static str = "deepslate_agent";
    const ONE: &'static str = "agent";
    const MANY: &'static str = "agents";
    const PLURAL: (&'static str, &'static str) = ("deepslate_agents", "agents");
    const FILTERS: &'static [Filter] = &[];
    const LISTED: bool = false;
    const LOOKUP: bool = true;
    const REFERENCES: &'static [&'static str] = VoiceAgent::REFERENCES;
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
            let kind = |kind: &Attr<String>| kind.get().map(|kind| kind.as_str().into());
            types.iter().map(|(name, value)| (name.clone(), kind(value))).collect::<BTreeMap<_, _>>()
        });
        api::Agent {
            user_value_types: types,
            system_prompt_template: self.system_prompt_template.get().map(|template| template.as_str().into()),
            voice: self.voice.to_api(),
        }
    }

    fn with_api(self, found: api::Agent) -> Self {
        let types = found.user_value_types.map(|types| {
            let kind = |kind: Option<ForeignText>| kind.map(ForeignText::into_raw).into();
            types.into_iter().map(|(name, value)| (name, kind(value))).collect::<BTreeMap<_, _>>()
        });
        Self {
            user_value_types: types.into(),
            system_prompt_template: found.system_prompt_template.map(ForeignText::into_raw).into(),
            voice: found.voice.into(),
            ..self
        }
    }

    fn references(&self) -> Vec<&Attr<Id>> {
        self.voice.references()
    }

    fn display_name(found: &api::Agent, secrets: &Secrets) -> String {
        shown(found.voice.name.as_ref(), secrets)
    }
}
