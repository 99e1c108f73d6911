//! The blocks `extension` and `call_event_hook` of assistants and agents.

use deepslate::{self as api};
use tfplugin::{Attr, Schema};

use crate::attributes::Parameters;

/// What an assistant or agent has in blocks.
#[derive(Schema, Clone, Default)]
pub(crate) struct Parts {
    /// An additional ability. Deepslate's own ID of the extension is not shown. An update keeps the ID of the extension
    /// with the same type and parameters, or otherwise of the first extension with the same type.
    #[block]
    extension: Attr<Vec<Extension>>,
    /// A receiver that Deepslate notifies about calls.
    #[block]
    call_event_hook: Attr<Vec<CallEventHook>>,
}

/// An extension.
#[derive(Schema, Clone, Default)]
pub(crate) struct Extension {
    /// The type of the extension.
    #[attribute(required, length_at_least(1))]
    r#type: Attr<String>,
    /// The settings, a JSON object. Write it with `jsonencode`. Formatting, the order of keys, and keys that Deepslate
    /// adds are ignored.
    #[attribute(required, sensitive)]
    parameters: Attr<Parameters>,
}

/// A hook.
#[derive(Schema, Clone, Default)]
pub(crate) struct CallEventHook {
    /// The event type.
    #[attribute(required, length_at_least(1), usually_one_of(&["call_started", "call_concluded"]))]
    r#type: Attr<String>,
    /// The settings, a JSON object. Write it with `jsonencode`. Formatting, the order of keys, and keys that Deepslate
    /// adds are ignored.
    #[attribute(required, sensitive)]
    parameters: Attr<Parameters>,
}

impl Parts {
    /// The extensions, for the client.
    pub(crate) fn extensions(&self) -> Option<Vec<api::Part>> {
        let extensions = self.extension.get()?.iter();
        Some(extensions.map(|part| to_api(&part.r#type, &part.parameters)).collect())
    }

    /// The hooks, for the client.
    pub(crate) fn call_event_hooks(&self) -> Option<Vec<api::Part>> {
        let hooks = self.call_event_hook.get()?.iter();
        Some(hooks.map(|part| to_api(&part.r#type, &part.parameters)).collect())
    }

    /// The blocks as the API returned them.
    pub(crate) fn found(extensions: Option<Vec<api::Part>>, hooks: Option<Vec<api::Part>>) -> Self {
        let extensions = extensions.map(|parts| {
            let read = |part: api::Part| Extension { r#type: part.kind.into(), parameters: of_api(part.parameters) };
            parts.into_iter().map(read).collect::<Vec<_>>()
        });
        let hooks = hooks.map(|parts| {
            let read =
                |part: api::Part| CallEventHook { r#type: part.kind.into(), parameters: of_api(part.parameters) };
            parts.into_iter().map(read).collect::<Vec<_>>()
        });
        Self { extension: extensions.into(), call_event_hook: hooks.into() }
    }
}

fn to_api(kind: &Attr<String>, parameters: &Attr<Parameters>) -> api::Part {
    let parameters = parameters.get().map(Parameters::document).unwrap_or_default();
    api::Part { id: None, kind: kind.get().cloned().unwrap_or_default(), parameters }
}

fn of_api(parameters: api::Document) -> Attr<Parameters> {
    Attr::Known(parameters.into())
}
