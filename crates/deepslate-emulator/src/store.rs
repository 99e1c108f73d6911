//! All objects, and how calls find them.

use uuid::Uuid;

use crate::envelope::Failure;
use crate::objects::{Credentials, Entity, LLM_STRATEGY, Organizations, PhoneNumber, TELEPHONE_NUMBER};
use crate::table::{Row, Table};

/// All objects.
pub(crate) struct Store {
    pub(crate) organizations: Organizations,
    pub(crate) credentials: Table<Credentials>,
    pub(crate) phone_numbers: Table<PhoneNumber>,
    pub(crate) assistants: Table<Entity>,
    pub(crate) agents: Table<Entity>,
    pub(crate) strategies: Table<Entity>,
}

impl Store {
    pub(crate) fn new(organizations: Organizations) -> Self {
        Self {
            organizations,
            credentials: Table::new(),
            phone_numbers: Table::new(),
            assistants: Table::new(),
            agents: Table::new(),
            strategies: Table::new(),
        }
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

    /// How many assistants and agents name this object in a field.
    pub(crate) fn users(&self, field: &str, id: Uuid) -> usize {
        let all = self.assistants.all().into_iter().chain(self.agents.all());
        all.filter(|entity| entity.refers_to(field, id)).count()
    }

    /// Fails with a 404 unless the phone number and the strategy that the object names are its organization's.
    pub(crate) fn check_references(&self, entity: &Entity) -> Result<(), Failure> {
        let own_number = |id: Uuid| {
            let number = self.phone_numbers.get(id);
            number
                .and_then(|number| self.credentials.get(number.sip_credentials_id))
                .is_some_and(|credentials| credentials.parent() == entity.parent())
        };
        let own_strategy =
            |id: Uuid| self.strategies.get(id).is_some_and(|strategy| strategy.parent() == entity.parent());
        if let Some(id) = entity.reference(TELEPHONE_NUMBER).filter(|id| !own_number(*id)) {
            return Err(Failure::NotFound(format!("no phone number {id}")));
        }
        if let Some(id) = entity.reference(LLM_STRATEGY).filter(|id| !own_strategy(*id)) {
            return Err(Failure::NotFound(format!("no LLM generation strategy {id}")));
        }
        Ok(())
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
