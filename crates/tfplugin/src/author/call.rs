//! What one operation has at hand.

use std::collections::BTreeSet;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use redaction::Secrets;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::attribute_type::AttributeType;
use super::diagnostics::{Diagnostics, Result};
use super::schema::Schema;
use crate::cty::Value;

/// What one operation has at hand.
#[derive(Debug)]
pub struct Call<'a, C> {
    /// The client that the provider made from its configuration.
    pub client: &'a C,
    /// The time limit of the operation, for all its requests together.
    pub timeout: Duration,
    /// When that time is over. What happens after a failure, such as looking for an object, has this deadline too.
    pub deadline: Instant,
    /// Canceled when Terraform asks to stop. The operation then ends its waits and starts nothing new.
    pub stop: CancellationToken,
    /// Canceled when the process must end within 1.5 seconds, answer included.
    pub shutdown: CancellationToken,
    /// The secrets that have passed through this session. No text from outside may be shown without them.
    pub secrets: &'a Secrets,
    pub(crate) is_import: bool,
    pub(crate) changes: Vec<&'static str>,
    pub(crate) notes: BTreeSet<String>,
    noted: Mutex<BTreeSet<String>>,
    adopted: AtomicBool,
    distrusted: Mutex<BTreeSet<String>>,
    kept: Mutex<Option<Value>>,
    warnings: Mutex<Diagnostics>,
}

/// The future of an operation of a resource, data source or list resource whose type is erased.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

impl<'a, C> Call<'a, C> {
    pub(crate) fn new(
        client: &'a C,
        secrets: &'a Secrets,
        timeout: Duration,
        stop: CancellationToken,
        shutdown: CancellationToken,
    ) -> Self {
        Self {
            client,
            timeout,
            deadline: Instant::now() + timeout,
            stop,
            shutdown,
            secrets,
            is_import: false,
            changes: Vec::new(),
            notes: BTreeSet::new(),
            noted: Mutex::default(),
            adopted: AtomicBool::default(),
            distrusted: Mutex::default(),
            kept: Mutex::default(),
            warnings: Mutex::default(),
        }
    }

    /// Sets the state that Terraform stores if the operation fails or panics from here on.
    ///
    /// A create calls this with the object's ID as soon as it is known. An update whose outcome is unknown calls this
    /// without the values that may no longer be true.
    pub fn keep(&self, model: impl Schema) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(model.into_value());
    }

    /// Leaves a trace of attributes whose values in the state may not be those of the object: the outcome of an update is
    /// unknown, or a create succeeded without setting them. A create or an update calls this, whether it then succeeds or
    /// fails.
    ///
    /// The next refresh, and the next update without one, get these attributes as null. Those that the refresh does not
    /// return stay null in the state, so that the plan shows them as changes. A successful update removes the trace. It
    /// holds names and never values. A write-only attribute counts as changed. Attributes that are part of the identity or
    /// that replace the object are left out.
    ///
    /// [`changes`](Self::changes) has all attributes that the operation was to set.
    pub fn distrust(&self, names: impl IntoIterator<Item = impl Into<String>>) {
        let mut distrusted = self.distrusted.lock().unwrap_or_else(PoisonError::into_inner);
        distrusted.extend(names.into_iter().map(Into::into));
    }

    /// Notes that a create took over an object that may be someone else's. If the object's values then differ from the
    /// plan, that is a warning and leaves a trace, because after an error Terraform would delete the object.
    pub fn adopt(&self) {
        self.adopted.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_adopted(&self) -> bool {
        self.adopted.load(Ordering::Relaxed)
    }

    /// Returns the names of the attributes that this create or update sets to another value. A write-only attribute is
    /// represented by its version.
    pub fn changes(&self) -> &[&'static str] {
        &self.changes
    }

    /// Returns what [`note`](Self::note) noted of the object in earlier operations.
    pub fn notes(&self) -> &BTreeSet<String> {
        &self.notes
    }

    /// Notes something of the object that later operations need to know and that is no attribute. It is stored in the clear
    /// as long as the object is in the state.
    pub fn note(&self, note: impl Into<String>) {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(note.into());
    }

    /// Takes what the operation noted.
    pub(crate) fn noted(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether a read is part of an import, or of a `moved` block that names another provider's object. The state then has
    /// nothing but the identity of the object, and the user expects to learn that it exists.
    pub fn is_import(&self) -> bool {
        self.is_import
    }

    /// Shows the user a warning, or several, after the operation, whether it succeeds or fails.
    ///
    /// Warnings of list resources are not shown yet.
    pub fn warn(&self, warnings: impl Into<Diagnostics>) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).append(warnings.into());
    }

    /// Takes the warnings, followed by these diagnostics.
    pub(crate) fn with_warnings(&self, others: Diagnostics) -> Diagnostics {
        let mut all = std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner));
        all.append(others);
        all
    }

    /// Puts the warnings before the diagnostics of a failure.
    pub(crate) fn warned<T>(&self, result: Result<T>) -> Result<T> {
        result.map_err(|diagnostics| self.with_warnings(diagnostics))
    }

    /// Takes the names of the attributes that the operation distrusts.
    pub(crate) fn distrusted(&self) -> BTreeSet<String> {
        std::mem::take(&mut *self.distrusted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes the state to store after a failure, if the operation set one.
    pub(crate) fn kept(&self) -> Option<Value> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::super::attr::Attr;
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let secrets = Secrets::default();
        secrets.remember("hunter2");
        let call = Call::new(&(), &secrets, Duration::ZERO, CancellationToken::new(), CancellationToken::new());
        *call.kept.lock().expect("not poisoned") = Some("hunter2".into());
        let shown = format!("{call:?} {:?}", Attr::Known(SecretString::from("hunter2")));
        assert!(shown.contains("REDACTED") && !shown.contains("hunter2"), "{shown}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_is_the_timeout_after_the_start() {
        let (secrets, stop) = (Secrets::default(), CancellationToken::new());
        let call = Call::new(&(), &secrets, Duration::from_secs(60), stop.clone(), stop);
        tokio::time::advance(Duration::from_secs(20)).await;
        assert_eq!(call.deadline - Instant::now(), Duration::from_secs(40));
    }
}
