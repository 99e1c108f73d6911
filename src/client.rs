//! What resources reach Deepslate through.

use uuid::Uuid;

use deepslate::{Budget, Deepslate};
use tfplugin::{self, Attr, Call, Diagnostic};

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
    fn waits_for(&self) -> Option<&'static str> {
        self.deepslate.as_ref().err().copied()
    }
}

/// What an operation may spend on requests.
pub(super) fn budget(call: &Call<'_, Client>) -> Budget {
    Budget::new(call.timeout, call.stop.clone()).ending_with(call.shutdown.clone()).hiding(call.secrets.clone())
}
