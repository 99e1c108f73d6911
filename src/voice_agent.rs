//! What assistants and agents have in common: all but their prompts and the values of tasks.

use deepslate::{self as api};
use tfplugin::{Attr, ForeignText, Schema};

use crate::attributes::{Id, Parameters};

/// The attributes and blocks of both kinds.
#[derive(Schema, Clone, Default)]
pub(crate) struct VoiceAgent {
    /// The name. Must not be empty.
    #[attribute(required, length_at_least(1))]
    name: Attr<String>,
    /// The ID (UUID) of the phone number. An assistant answers calls to this number, and an agent places calls from it.
    #[attribute(optional)]
    telephone_number_id: Attr<Id>,
    /// The ID (UUID) of the LLM generation strategy: the model and the voice.
    #[attribute(optional)]
    llm_generation_strategy_id: Attr<Id>,
    /// An extension: an additional ability. Deepslate assigns an ID to each extension, which Terraform does not show.
    /// An update reuses the ID of the extension with the same type and parameters, or otherwise of the first extension
    /// with the same type.
    #[block]
    extension: Attr<Vec<Extension>>,
    /// A receiver that Deepslate notifies about calls.
    #[block]
    call_event_hook: Attr<Vec<CallEventHook>>,
}

/// An extension.
#[derive(Schema, Clone, Default)]
struct Extension {
    /// The type of the extension.
    #[attribute(required, length_at_least(1))]
    r#type: Attr<String>,
    /// The settings, a JSON object. Write it with `jsonencode`. Terraform ignores differences in formatting and in the
    /// order of keys, and keys that Deepslate adds.
    #[attribute(required, sensitive)]
    parameters: Attr<Parameters>,
}

/// A hook.
#[derive(Schema, Clone, Default)]
struct CallEventHook {
    /// The event type.
    #[attribute(required, length_at_least(1), usually_one_of(&["call_started", "call_concluded"]))]
    r#type: Attr<String>,
    /// The settings, a JSON object. Write it with `jsonencode`. Terraform ignores differences in formatting and in the
    /// order of keys, and keys that Deepslate adds.
    #[attribute(required, sensitive)]
    parameters: Attr<Parameters>,
}

impl VoiceAgent {
    /// The attributes that name other objects.
    pub(crate) const REFERENCES: &'static [&'static str] = &["telephone_number_id", "llm_generation_strategy_id"];

    /// The values of [`REFERENCES`](Self::REFERENCES).
    pub(crate) fn references(&self) -> Vec<&Attr<Id>> {
        vec![&self.telephone_number_id, &self.llm_generation_strategy_id]
    }

    pub(crate) fn to_api(&self) -> api::VoiceAgent {
        let extensions = self.extension.get().map(|extensions| {
            extensions.iter().map(|Extension { r#type, parameters }| part(r#type, parameters)).collect()
        });
        let hooks = self
            .call_event_hook
            .get()
            .map(|hooks| hooks.iter().map(|CallEventHook { r#type, parameters }| part(r#type, parameters)).collect());
        api::VoiceAgent {
            name: self.name.get().map(|name| name.as_str().into()),
            telephone_number_id: self.telephone_number_id.get().and_then(Id::uuid),
            llm_audio_content_generation_strategy_id: self.llm_generation_strategy_id.get().and_then(Id::uuid),
            extensions,
            call_event_hooks: hooks,
        }
    }
}

impl From<api::VoiceAgent> for VoiceAgent {
    fn from(found: api::VoiceAgent) -> Self {
        let extensions = found.extensions.map(|parts| {
            let read = |(r#type, parameters)| Extension { r#type, parameters };
            parts.into_iter().map(attributes).map(read).collect::<Vec<_>>()
        });
        let hooks = found.call_event_hooks.map(|parts| {
            let read = |(r#type, parameters)| CallEventHook { r#type, parameters };
            parts.into_iter().map(attributes).map(read).collect::<Vec<_>>()
        });
        Self {
            name: found.name.map(ForeignText::into_raw).into(),
            telephone_number_id: found.telephone_number_id.map(Id::from).into(),
            llm_generation_strategy_id: found.llm_audio_content_generation_strategy_id.map(Id::from).into(),
            extension: extensions.into(),
            call_event_hook: hooks.into(),
        }
    }
}

fn part(kind: &Attr<String>, parameters: &Attr<Parameters>) -> api::Part {
    let parameters = parameters.get().map(Parameters::document).unwrap_or_default();
    api::Part { id: None, kind: kind.get().map(|kind| kind.as_str().into()).unwrap_or_default(), parameters }
}

fn attributes(part: api::Part) -> (Attr<String>, Attr<Parameters>) {
    (part.kind.into_raw().into(), Attr::Known(part.parameters.into()))
}
