//! The configured provider.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::author::call::Call;
use crate::author::diagnostics::Result;
use crate::author::provider::{Client, not_known_yet};

/// The configured provider. With `--debug` one process serves several runs of Terraform in turn, each with a session of
/// its own.
pub(super) struct Session<C> {
    pub(super) client: C,
    /// Canceled by Terraform's Stop, or when the process must end.
    pub(super) stop: CancellationToken,
    /// Canceled when the process must end.
    pub(super) shutdown: CancellationToken,
}

impl<C: Client> Session<C> {
    /// Starts an operation that can send requests.
    ///
    /// # Errors
    /// If the provider's configuration is not known yet.
    pub(super) fn ready_call(&self, timeout: Duration) -> Result<Call<'_, C>> {
        match self.client.unknown_argument() {
            None => Ok(Call::new(&self.client, timeout, self.stop.clone(), self.shutdown.clone())),
            Some(argument) => Err(not_known_yet(argument).into()),
        }
    }
}
