//! Errors and warnings as users of Terraform see them.

use std::sync::OnceLock;

use crate::cty::{Path, Step};
use crate::proto::tfplugin5;

/// The URL of the provider's repository, where users report bugs.
static REPOSITORY: OnceLock<&str> = OnceLock::new();

/// Sets where users report bugs: at this repository. The first call counts.
pub(crate) fn report_bugs_at(repository: &'static str) {
    REPOSITORY.get_or_init(|| repository);
}

/// What an operation that can fail returns.
pub type Result<T, E = Diagnostics> = std::result::Result<T, E>;

/// One error or warning.
///
/// The summary names what failed. The detail says what was expected, what came, and what to do next. Neither ever holds
/// a secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    severity: Severity,
    summary: String,
    detail: String,
    path: Path,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Severity {
    Error,
    Warning,
}

/// Errors and warnings in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics(Vec<Diagnostic>);

// === impl Diagnostic ===

impl Diagnostic {
    /// An error: the operation failed.
    pub fn error(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Error, summary: summary.into(), detail: detail.into(), path: Path::default() }
    }

    /// A warning: the operation succeeded, and the user should know something about it.
    pub fn warning(summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(summary, detail) }
    }

    /// An error that only a defect of the provider can cause.
    pub fn bug(what: impl AsRef<str>) -> Self {
        let repository = REPOSITORY.get().map(|repository| format!(" at {repository}/issues")).unwrap_or_default();
        let detail = format!("{}\n\nThis is a bug in the provider; please report it{repository}", what.as_ref());
        Self::error("Bug in the provider", detail)
    }

    /// Adds to the detail.
    #[must_use]
    pub fn and(mut self, more: &str) -> Self {
        self.detail.push_str(more);
        self
    }

    /// Names the attribute to blame, which Terraform then underlines in the configuration.
    #[must_use]
    pub fn at(self, path: Path) -> Self {
        Self { path, ..self }
    }
}

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

/// A path as the protocol writes it.
pub(super) fn attribute_path(path: Path) -> tfplugin5::AttributePath {
    use tfplugin5::attribute_path::{self, step::Selector};
    let steps = path.0.into_iter().map(|step| attribute_path::Step {
        selector: Some(match step {
            Step::Attribute(name) => Selector::AttributeName(name),
            Step::Key(key) => Selector::ElementKeyString(key),
            Step::Index(index) => Selector::ElementKeyInt(index),
        }),
    });
    tfplugin5::AttributePath { steps: steps.collect() }
}

// === impl Diagnostics ===

impl Diagnostics {
    /// Adds one more.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds those of another operation behind these.
    pub fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Whether the operation failed: an error is among them.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl From<Diagnostics> for Vec<tfplugin5::Diagnostic> {
    fn from(diagnostics: Diagnostics) -> Self {
        diagnostics.0.into_iter().map(Into::into).collect()
    }
}
