//! Organizations: customer companies under a vendor.

use uuid::Uuid;

/// The organization in which an object lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Organization {
    /// Its vendor: the top tenant.
    pub vendor_id: Uuid,
    /// Its own id.
    pub id: Uuid,
}

impl Organization {
    /// Its path of the API.
    pub(super) fn path(self) -> String {
        format!("/api/v1/vendors/{}/organizations/{}", self.vendor_id, self.id)
    }
}
