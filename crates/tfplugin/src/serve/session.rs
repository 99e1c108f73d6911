//! The configured provider, as one call sees it.

use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::hmac;
use redaction::Secrets;
use tokio_util::sync::CancellationToken;

use super::tags::TagKey;
use crate::author::call::Call;
use crate::author::diagnostics::Result;
use crate::author::provider::{Client, not_known_yet};

/// The configured provider, as one call sees it.
pub(super) struct Session<C> {
    pub(super) client: Arc<C>,
    /// What has passed through this session and must not be shown.
    pub(super) secrets: Secrets,
    /// The key of the tags of write-only values.
    pub(super) tag_key: Arc<TagKey>,
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
            tag_key: Arc::clone(&self.tag_key),
            stop: self.stop.clone(),
            shutdown: self.shutdown.clone(),
        }
    }
}

impl<C: Client> Session<C> {
    /// Returns the key of the tags of write-only values, unless the client has no secret to derive it from.
    pub(super) async fn tag_key(&self) -> Option<&hmac::Key> {
        self.tag_key.derive(self.client.lasting_secret()).await
    }

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
