//! The configured provider, as one call sees it.

use std::sync::Arc;
use std::time::Duration;

use redaction::Secrets;
use tokio_util::sync::CancellationToken;

use crate::author::call::Call;
use crate::author::diagnostics::Result;
use crate::author::provider::{Client, not_known_yet};

/// The configured provider, as one call sees it.
pub(super) struct Session<C> {
    pub(super) client: Arc<C>,
    /// The secrets of this session.
    pub(super) secrets: Secrets,
    /// Canceled by the next Stop on the connection, or when the call must end for another reason.
    pub(super) stop: CancellationToken,
    /// Canceled when the process must end, or when its part for this connection must.
    pub(super) shutdown: CancellationToken,
}

impl<C> Clone for Session<C> {
    fn clone(&self) -> Self {
        Self {
            client: Arc::clone(&self.client),
            secrets: self.secrets.clone(),
            stop: self.stop.clone(),
            shutdown: self.shutdown.clone(),
        }
    }
}

impl<C: Client> Session<C> {
    /// Starts an operation that can send requests.
    ///
    /// # Errors
    /// If the provider's configuration lacks something, or is not known yet.
    pub(super) fn ready_call(&self, timeout: Duration) -> Result<Call<'_, C>> {
        match self.client.unknown_argument() {
            None => {
                self.client.ready()?;
                Ok(Call::new(&self.client, &self.secrets, timeout, self.stop.clone(), self.shutdown.clone()))
            }
            Some(argument) => Err(not_known_yet(argument).into()),
        }
    }
}
