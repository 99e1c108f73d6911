//! Errors and warnings as users of Terraform see them.

use std::sync::OnceLock;

use crate::cty::Path;

/// The URL of the provider's repository.
static REPOSITORY: OnceLock<&str> = OnceLock::new();

/// Sets the repository that messages about bugs link to. Only the first call has an effect.
pub(crate) fn report_bugs_at(repository: &'static str) {
    REPOSITORY.get_or_init(|| repository);
}

/// What an operation that can fail returns.
pub type Result<T, E = Diagnostics> = std::result::Result<T, E>;

/// One error or warning.
///
/// The summary names what failed. The detail says what was expected, what happened, and what to do next. Neither ever
/// holds a secret.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    pub(crate) severity: Severity,
    pub(crate) summary: String,
    pub(crate) detail: String,
    pub(crate) path: Path,
}

/// Whether the operation failed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Severity {
    Error,
    Warning,
}

/// Errors and warnings in the order in which they were found.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnostics(pub(crate) Vec<Diagnostic>);

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

    /// An error that only a bug in the provider can cause.
    pub fn bug(what: impl AsRef<str>) -> Self {
        let repository = REPOSITORY.get().map(|repository| format!(" at {repository}/issues")).unwrap_or_default();
        let detail = format!("{}\n\nThis is a bug in the provider. Please report it{repository}", what.as_ref());
        Self::error("Bug in the provider", detail)
    }

    /// An error that only the program that uses the plugin can cause. `what` is what it sent, in whole sentences.
    pub(crate) fn host_fault(what: impl AsRef<str>) -> Self {
        let detail = format!(
            "{}\n\nThis is an error of the host (Terraform, OpenTofu or another program that uses the plugin). Run \
             the command again. If the error remains, report it to the developers of the host.",
            what.as_ref()
        );
        Self::error("Unexpected call from the host", detail)
    }

    /// What failed.
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// What was expected, what happened, and what to do.
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// Adds to the detail.
    #[must_use]
    pub fn and(mut self, more: &str) -> Self {
        self.detail.push_str(more);
        self
    }

    /// Names the attribute that Terraform underlines in the configuration.
    #[must_use]
    pub fn at(self, path: Path) -> Self {
        Self { path, ..self }
    }
}

// === impl Diagnostics ===

impl Diagnostics {
    /// Adds one more.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds those of another operation after these.
    pub fn append(&mut self, mut others: Self) {
        self.0.append(&mut others.0);
    }

    /// Adds to the detail of each error.
    pub(crate) fn add_to_errors(&mut self, more: &str) {
        for error in self.0.iter_mut().filter(|diagnostic| diagnostic.severity == Severity::Error) {
            error.detail.push_str(more);
        }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    /// Whether the operation failed, which means that one of these is an error.
    pub fn has_errors(&self) -> bool {
        self.0.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(diagnostics: I) -> Self {
        Self(diagnostics.into_iter().collect())
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}
