//! What Configure made, up to the next one.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::diagnostics::{Diagnostic, Result};
use super::provider::Client;
use super::resource::Call;

/// The configured provider. With `--debug` one process serves several runs of Terraform in turn, each with a session of
/// its own.
pub(super) struct Session<C> {
    pub(super) client: C,
    /// Cancelled by Terraform's Stop, or where the process is to end.
    pub(super) stop: CancellationToken,
    /// Cancelled where the process is to end.
    pub(super) shutdown: CancellationToken,
}

impl<C: Client> Session<C> {
    /// An operation that may make requests.
    ///
    /// # Errors
    /// Where the provider's configuration is not known yet.
    pub(super) fn ready_call(&self, timeout: Duration) -> Result<Call<'_, C>> {
        match self.client.waits_for() {
            None => Ok(Call::new(&self.client, timeout, self.stop.clone(), self.shutdown.clone())),
            Some(argument) => Err(not_known_yet(argument).into()),
        }
    }
}

/// The error where a request needs an argument of the provider block that is not known yet.
pub fn not_known_yet(argument: &str) -> Diagnostic {
    let detail = format!(
        "The provider's `{argument}` is not known before something else is applied. Apply first what it comes from, \
         for example with `-target`."
    );
    Diagnostic::error("The provider is not configured yet", detail)
}
