//! Diagnostics and paths as the protocol carries them.

use redaction::Secrets;

use crate::author::diagnostics::{Diagnostic, Diagnostics, Severity};
use crate::cty::{Path, Step};
use crate::proto::tfplugin5;
use crate::proto::tfplugin5::attribute_path::{self, step::Selector};

impl From<Diagnostic> for tfplugin5::Diagnostic {
    fn from(diagnostic: Diagnostic) -> Self {
        let severity = match diagnostic.severity {
            Severity::Error => tfplugin5::diagnostic::Severity::Error,
            Severity::Warning => tfplugin5::diagnostic::Severity::Warning,
        };
        Self {
            severity: severity.into(),
            summary: diagnostic.summary,
            detail: diagnostic.detail,
            attribute: (!diagnostic.path.0.is_empty()).then(|| attribute_path(diagnostic.path)),
        }
    }
}

impl From<Diagnostics> for Vec<tfplugin5::Diagnostic> {
    fn from(diagnostics: Diagnostics) -> Self {
        diagnostics.0.into_iter().map(Into::into).collect()
    }
}

/// Finishes what a user gets to read. Each diagnostic passes through here before it leaves the process.
pub(super) fn finish(diagnostics: &mut [tfplugin5::Diagnostic], secrets: &Secrets) {
    for diagnostic in diagnostics {
        // Hosts do not wrap a summary.
        secrets.finish(&diagnostic.summary).trim_start().clone_into(&mut diagnostic.summary);
        diagnostic.detail = secrets.finish(&diagnostic.detail);
    }
}

/// A path as the protocol carries it.
pub(super) fn attribute_path(path: Path) -> tfplugin5::AttributePath {
    let steps = path.0.into_iter().map(|step| attribute_path::Step {
        selector: Some(match step {
            Step::Attribute(name) => Selector::AttributeName(name),
            Step::Key(key) => Selector::ElementKeyString(key),
            Step::Index(index) => Selector::ElementKeyInt(index),
        }),
    });
    tfplugin5::AttributePath { steps: steps.collect() }
}
