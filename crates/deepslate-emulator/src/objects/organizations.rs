//! The organizations of a vendor: those in the configuration, or any.

use std::collections::HashMap;

use uuid::Uuid;

use crate::envelope::Failure;

/// The organizations that exist.
pub(crate) struct Organizations {
    /// By vendor: id and company name, sorted by name. Empty: every vendor and organization exists, nameless.
    by_vendor: HashMap<Uuid, Vec<(Uuid, String)>>,
}

impl Organizations {
    pub(crate) fn new(named: &[(Uuid, Uuid, String)]) -> Self {
        let mut by_vendor: HashMap<_, Vec<_>> = HashMap::new();
        for (vendor_id, id, company_name) in named {
            by_vendor.entry(*vendor_id).or_default().push((*id, company_name.clone()));
        }
        for organizations in by_vendor.values_mut() {
            organizations.sort_by(|(_, left), (_, right)| left.cmp(right));
        }
        Self { by_vendor }
    }

    /// The organizations of a vendor; a 404 if the vendor does not exist.
    pub(crate) fn of_vendor(&self, vendor_id: Uuid) -> Result<&[(Uuid, String)], Failure> {
        match self.by_vendor.get(&vendor_id) {
            Some(organizations) => Ok(organizations),
            None if self.by_vendor.is_empty() => Ok(&[]),
            None => Err(Failure::NotFound(format!("no vendor {vendor_id}"))),
        }
    }

    /// Fails with a 404 unless the vendor has such an organization.
    pub(crate) fn check(&self, vendor_id: Uuid, organization_id: Uuid) -> Result<(), Failure> {
        let known = self.of_vendor(vendor_id)?;
        if self.by_vendor.is_empty() || known.iter().any(|(id, _)| *id == organization_id) {
            Ok(())
        } else {
            Err(Failure::NotFound(format!("no organization {organization_id}")))
        }
    }
}
