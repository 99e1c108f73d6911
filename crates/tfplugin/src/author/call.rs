//! What one operation has at hand.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use secrecy::SecretString;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::attribute_type::AttributeType;
use super::diagnostics::{Diagnostic, Diagnostics, Result};
use super::schema::Schema;
use crate::cty::Value;

/// What one operation has at hand.
#[derive(Debug)]
pub struct Call<'a, C> {
    /// What the provider made of its configuration.
    pub client: &'a C,
    /// The time limit of the operation, for all its requests together.
    pub timeout: Duration,
    /// When that time is over. What happens after a failure, such as looking for an object, has this deadline too.
    pub deadline: Instant,
    /// Canceled when Terraform asks to stop. The operation then ends its waits and starts nothing new.
    pub stop: CancellationToken,
    /// Canceled when the process must end within 1.5 seconds, answer included.
    pub shutdown: CancellationToken,
    /// The sensitive values of the object, old and new. No message may show them.
    pub secrets: Arc<[SecretString]>,
    kept: Mutex<Option<Value>>,
    warnings: Mutex<Diagnostics>,
}

/// The future of an operation of a resource, data source or list resource whose type is erased.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>;

impl<'a, C> Call<'a, C> {
    pub(crate) fn new(client: &'a C, timeout: Duration, stop: CancellationToken, shutdown: CancellationToken) -> Self {
        Self {
            client,
            timeout,
            deadline: Instant::now() + timeout,
            stop,
            shutdown,
            secrets: Arc::default(),
            kept: Mutex::default(),
            warnings: Mutex::default(),
        }
    }

    pub(crate) fn hiding(self, secrets: Vec<SecretString>) -> Self {
        Self { secrets: secrets.into(), ..self }
    }

    /// Sets the state that Terraform stores if the operation fails or panics from here on.
    ///
    /// A create calls this with the object's ID as soon as there is one. An update whose outcome is unknown calls this
    /// without the values that may no longer be true.
    pub fn keep(&self, model: impl Schema) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(model.into_value());
    }

    /// Shows the user a warning after a create or an update, even if it fails, and after a refresh that succeeds.
    ///
    /// Warnings of other operations are not shown yet: those of data sources, list resources, deletes, and the read that
    /// is part of an import.
    pub fn warn(&self, warning: Diagnostic) {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    /// Takes the warnings, followed by these diagnostics.
    pub(crate) fn with_warnings(&self, others: Diagnostics) -> Diagnostics {
        let mut all = std::mem::take(&mut *self.warnings.lock().unwrap_or_else(PoisonError::into_inner));
        all.append(others);
        all
    }

    /// Takes the state to store after a failure, if the operation set one.
    pub(crate) fn kept(&self) -> Option<Value> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

#[cfg(test)]
mod tests {
    use super::super::attr::Attr;
    use super::*;

    #[test]
    fn debug_shows_no_secret() {
        let call = Call::new(&(), Duration::ZERO, CancellationToken::new(), CancellationToken::new())
            .hiding(vec!["hunter2".into()]);
        *call.kept.lock().expect("not poisoned") = Some("hunter2".into());
        let shown = format!("{call:?} {:?}", Attr::Known(SecretString::from("hunter2")));
        assert!(shown.contains("REDACTED") && !shown.contains("hunter2"), "{shown}");
    }

    #[tokio::test(start_paused = true)]
    async fn the_deadline_is_the_timeout_after_the_start() {
        let call = Call::new(&(), Duration::from_secs(60), CancellationToken::new(), CancellationToken::new());
        tokio::time::advance(Duration::from_secs(20)).await;
        assert_eq!(call.deadline - Instant::now(), Duration::from_secs(40));
    }
}
