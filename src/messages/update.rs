//! What an update leaves behind.

use deepslate::Remains;
use tfplugin::{Diagnostic, Diagnostics, ForeignText, Length, Secrets};
use uuid::Uuid;

use super::{Terms, snake_case};

/// Warnings about what an object still has although an update left it out.
pub(crate) fn remaining(kind: &Terms, id: Uuid, remains: &Remains, secrets: &Secrets) -> Diagnostics {
    let mut warnings = Diagnostics::default();
    let show = |text: &ForeignText| secrets.show(text, Length::Name).to_string();
    if !remains.parts.is_empty() || !remains.keys.is_empty() {
        let parts = remains.parts.iter().map(|part| format!("\n- `{}` ({})", show(&part.kind), part.id));
        let keys = remains.keys.iter().map(|key| format!("\n- `{}`", show(&key.as_str().into())));
        let detail = format!(
            "The update of {} {id} left these out, but Deepslate still has them:{}\n\nWe found no documentation that says \
             whether Deepslate removes what an update leaves out. If you no longer need them, remove them in Deepslate's \
             console.",
            kind.one,
            parts.chain(keys).collect::<String>()
        );
        warnings.push(Diagnostic::warning(format!("Deepslate kept what was removed from the {}", kind.one), detail));
    }
    if !remains.fields.is_empty() {
        let names: Vec<_> = remains.fields.iter().map(|field| snake_case(field)).collect();
        let names = super::and(names.iter().map(String::as_str));
        let detail = format!(
            "Deepslate confirmed the update of {} {id}, but its answer did not show the object. For 5 s after that, the \
             object did not have the new value of {names}. The next plan reads the object again.",
            kind.one
        );
        warnings.push(Diagnostic::warning(format!("The update of the {} does not show yet", kind.one), detail));
    }
    warnings
}
