//! What resources reach Deepslate through.

use uuid::Uuid;

use std::time::Duration;

use deepslate::{Budget, Deepslate};
use tfplugin::{self, Attr, Call, DefaultTimeouts, Diagnostic};

/// The timeouts of all resources.
pub(super) const TIMEOUTS: DefaultTimeouts = DefaultTimeouts {
    create: Duration::from_secs(5 * 60),
    read: READ_TIMEOUT,
    update: Duration::from_secs(5 * 60),
    delete: Duration::from_secs(5 * 60),
};
/// The timeout of everything that only reads.
pub(super) const READ_TIMEOUT: Duration = Duration::from_secs(2 * 60);

/// The configured provider.
pub struct Client {
    /// The API, or the argument of the provider block that is not known yet.
    pub deepslate: Result<Deepslate, &'static str>,
    /// The vendor of resources that name none.
    pub vendor_id: Attr<Uuid>,
    /// The organization of resources that name none.
    pub organization_id: Attr<Uuid>,
}

impl Client {
    /// The API.
    pub(super) fn deepslate(&self) -> Result<&Deepslate, Diagnostic> {
        self.deepslate.as_ref().map_err(|argument| {
            Diagnostic::bug(format!("A request needs the provider's `{argument}`, which is not known"))
        })
    }
}

impl tfplugin::Client for Client {
    fn unknown_argument(&self) -> Option<&'static str> {
        self.deepslate.as_ref().err().copied()
    }
}

/// What an operation may spend on requests.
pub(super) fn budget(call: &Call<'_, Client>) -> Budget {
    Budget::new(call.timeout, call.stop.clone()).ending_with(call.shutdown.clone()).hiding(call.secrets.to_vec())
}
