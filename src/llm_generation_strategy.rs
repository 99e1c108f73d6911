//! `deepslate_llm_generation_strategy`: the model and the voice of assistants and agents.

use deepslate::{self as api};
use tfplugin::{Attr, ForeignText, Schema, Secrets, Timeouts};
use uuid::Uuid;

use crate::attributes::Parameters;
use crate::managed::{Filter, Managed, shown};
use crate::parent::InOrganization;

/// An LLM generation strategy: the model and the voice of assistants and agents. Attributes are updated in place unless
/// stated otherwise.
#[derive(Schema, Clone, Default)]
pub(crate) struct LlmGenerationStrategy {
    /// The ID (UUID) that Deepslate assigned.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<Uuid>,
    #[flatten]
    organization: InOrganization,
    /// The name. Must not be empty.
    #[attribute(required, length_at_least(1))]
    name: Attr<String>,
    /// The type of the strategy. Deepslate's reference shows `phonebot-v2.1`.
    #[attribute(required, length_at_least(1))]
    r#type: Attr<String>,
    /// The settings, a JSON object. Write it with `jsonencode`. Terraform ignores differences in formatting and in the
    /// order of keys, and keys that Deepslate adds.
    #[attribute(required)]
    parameters: Attr<Parameters>,
    /// Timeouts of the operations, including retries and waits. Each is a duration such as `90s`, above zero and at
    /// most 24 hours.
    #[block(max = 1)]
    timeouts: Attr<Vec<Timeouts>>,
}

impl Managed for LlmGenerationStrategy {
    const TYPE_NAME: &'static str = "deepslate_llm_generation_strategy";
    const ONE: &'static str = "LLM generation strategy";
    const MANY: &'static str = "LLM generation strategies";
    const PLURAL: (&'static str, &'static str) = ("deepslate_llm_generation_strategies", "strategies");
    const FILTERS: &'static [Filter] = &[];
    const LISTED: bool = false;
    const LOOKUP: bool = false;
    type Parent = InOrganization;
    type Api = api::LlmGenerationStrategy;

    fn id(&mut self) -> &mut Attr<Uuid> {
        &mut self.id
    }

    fn parent(&mut self) -> &mut InOrganization {
        &mut self.organization
    }

    fn to_api(&self) -> api::LlmGenerationStrategy {
        api::LlmGenerationStrategy {
            name: self.name.get().map(|name| name.as_str().into()),
            kind: self.r#type.get().map(|kind| kind.as_str().into()),
            parameters: self.parameters.get().map(Parameters::document),
        }
    }

    fn with_api(self, found: api::LlmGenerationStrategy) -> Self {
        Self {
            name: found.name.map(ForeignText::into_raw).into(),
            r#type: found.kind.map(ForeignText::into_raw).into(),
            parameters: found.parameters.map(Parameters::from).into(),
            ..self
        }
    }

    fn display_name(found: &api::LlmGenerationStrategy, secrets: &Secrets) -> String {
        shown(found.name.as_ref(), secrets)
    }
}
