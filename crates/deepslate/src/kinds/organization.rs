//! Organizations: customer companies under a vendor.

use redaction::ForeignText;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::kind::{Ancestor, Field, Form, Kind, Verb};

/// An organization.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The company's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<ForeignText>,
}

/// The IDs of an organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct OrganizationRef {
    /// Its vendor, the top tenant.
    pub vendor_id: Uuid,
    /// Its own ID.
    pub id: Uuid,
}

impl OrganizationRef {
    /// Its path of the API.
    pub(super) fn path(self) -> String {
        format!("{}/{}", Organization::path(self.vendor_id), self.id)
    }

    /// What is above an object of it.
    pub(super) fn ancestors(self) -> Vec<Ancestor> {
        vec![Ancestor::new::<Organization>(self.vendor_id, self.id)]
    }
}

impl Kind for Organization {
    /// The ID of the vendor.
    type Parent = Uuid;
    const FIELDS: &'static [Field] = &[Field::required("companyName", Form::Text).matched()];
    const DOCUMENTED: &'static [Verb] = &[Verb::Create, Verb::Update, Verb::List];

    fn path(vendor_id: Uuid) -> String {
        format!("/api/v1/vendors/{vendor_id}/organizations")
    }
}
