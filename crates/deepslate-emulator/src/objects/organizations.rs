//! The organizations of a vendor: those in the configuration, or any.

use std::collections::HashMap;

use uuid::Uuid;

use crate::envelope::Failure;

/// The organizations that exist.
pub(crate) struct Organizations {
    /// By vendor: id and company name, sorted by name.
    by_vendor: HashMap<Uuid, Vec<(Uuid, String)>>,
    /// Whether every vendor and organization exists. Those that were asked for are listed, with their id as name.
    any: bool,
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
        Self { by_vendor, any: named.is_empty() }
    }

    /// The organizations of a vendor; a 404 if the vendor does not exist.
    pub(crate) fn of_vendor(&self, vendor_id: Uuid) -> Result<&[(Uuid, String)], Failure> {
        match self.by_vendor.get(&vendor_id) {
            Some(organizations) => Ok(organizations),
            None if self.any => Ok(&[]),
            None => Err(Failure::NotFound(format!("no vendor {vendor_id}"))),
        }
    }

    /// Fails with a 404 unless the vendor has such an organization.
    pub(crate) fn check(&mut self, vendor_id: Uuid, organization_id: Uuid) -> Result<(), Failure> {
        if self.any {
            let used = self.by_vendor.entry(vendor_id).or_default();
            if !used.iter().any(|(id, _)| *id == organization_id) {
                used.push((organization_id, organization_id.to_string()));
            }
            return Ok(());
        }
        if self.of_vendor(vendor_id)?.iter().any(|(id, _)| *id == organization_id) {
            Ok(())
        } else {
            Err(Failure::NotFound(format!("no organization {organization_id}")))
        }
    }
}
