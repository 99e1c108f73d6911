//! All objects, and how calls find them.

use uuid::Uuid;

use crate::envelope::Failure;
use crate::objects::{Credentials, Organizations, PhoneNumber};
use crate::table::{Row, Table};

/// All objects.
pub(crate) struct Store {
    pub(crate) organizations: Organizations,
    pub(crate) credentials: Table<Credentials>,
    pub(crate) phone_numbers: Table<PhoneNumber>,
}

impl Store {
    pub(crate) fn new(organizations: Organizations) -> Self {
        Self { organizations, credentials: Table::new(), phone_numbers: Table::new() }
    }

    /// Takes credentials away, and the phone numbers that depend on them.
    pub(crate) fn remove_credentials(&mut self, id: Uuid) -> bool {
        let numbers: Vec<_> = self.phone_numbers.children(id).map(Row::id).collect();
        for number in numbers {
            self.phone_numbers.remove(number);
        }
        self.credentials.remove(id)
    }

    /// The credentials, or a 404 that names the first part of the path that does not exist.
    pub(crate) fn find_credentials(
        &mut self,
        vendor: Uuid,
        organization: Uuid,
        id: Uuid,
    ) -> Result<&Credentials, Failure> {
        self.organizations.check(vendor, organization)?;
        self.credentials
            .get(id)
            .filter(|credentials| credentials.parent() == (vendor, organization))
            .ok_or_else(|| Failure::NotFound(format!("no SIP credentials {id}")))
    }

    /// The phone number, or a 404 that names the first part of the path that does not exist.
    pub(crate) fn find_phone_number(
        &mut self,
        [vendor, organization, credentials, id]: [Uuid; 4],
    ) -> Result<&PhoneNumber, Failure> {
        self.find_credentials(vendor, organization, credentials)?;
        self.phone_numbers
            .get(id)
            .filter(|number| number.sip_credentials_id == credentials)
            .ok_or_else(|| Failure::NotFound(format!("no phone number {id}")))
    }
}
