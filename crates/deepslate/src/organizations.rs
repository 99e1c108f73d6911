//! Organizations: customer companies under a vendor. Their list is documented.

use std::sync::Arc;

use futures_util::TryStreamExt;
use uuid::Uuid;

use super::Deepslate;
use super::budget::Budget;
use super::envelope::{Fields, Object};
use super::error::{Error, Malformed};

/// The organization in which an object lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Organization {
    /// Its vendor: the top tenant.
    pub vendor_id: Uuid,
    /// Its own id.
    pub id: Uuid,
}

/// What is known of an organization by its vendor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Company {
    /// The organization's id.
    pub id: Uuid,
    /// The company's name.
    pub company_name: String,
}

impl Organization {
    /// Its path of the API.
    pub(super) fn path(self) -> String {
        format!("{}/{}", collection(self.vendor_id), self.id)
    }
}

impl Deepslate {
    /// Lists all organizations of a vendor, in the server's order.
    pub async fn list_organizations(&self, budget: &Budget, vendor_id: Uuid) -> Result<Vec<Company>, Error> {
        let pages = self.pages(budget, Arc::from(collection(vendor_id)));
        pages
            .map_ok(|items| items.into_iter().map(|(_, company)| company))
            .try_fold(Vec::new(), async |mut all, page| {
                all.extend(page);
                Ok(all)
            })
            .await
    }
}

impl Object for Company {
    fn read(fields: Fields<'_>) -> Result<Company, Malformed> {
        Ok(Company { id: fields.id()?, company_name: fields.get("companyName")? })
    }
}

fn collection(vendor_id: Uuid) -> String {
    format!("/api/v1/vendors/{vendor_id}/organizations")
}
