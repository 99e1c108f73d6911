//! SIP credentials: what Deepslate logs in with at a SIP provider.

use std::fmt;
use std::sync::Arc;

use axum::extract::State;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::envelope::{Envelope, Failure};
use crate::paging::Paging;
use crate::request::{Body, Ids};
use crate::server::Server;
use crate::store::{Row, Store};

/// SIP credentials as the API holds them.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The vendor above the organization.
    pub vendor_id: Uuid,
    /// The organization that owns them.
    pub organization_id: Uuid,
    /// Their id, chosen by the API.
    pub id: Uuid,
    /// Host name or address of the SIP server.
    pub hostname: String,
    /// Port of the SIP server, 1–65535.
    pub port: i64,
    /// Name of the SIP account.
    pub username: String,
    /// Password of the SIP account, as it was received last; the API never shows it.
    pub password: String,
    /// How many agent tasks may run at once, 1 or more.
    pub max_agent_tasks: i64,
}

/// What a list item keeps where lists hold summaries.
const SUMMARY: &[&str] = &["id", "hostname"];

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Credentials({})", self.shown())
    }
}

impl Row for Credentials {
    /// Vendor and organization.
    type Parent = (Uuid, Uuid);

    fn id(&self) -> Uuid {
        self.id
    }

    fn parent(&self) -> Self::Parent {
        (self.vendor_id, self.organization_id)
    }
}

impl Credentials {
    fn read(vendor_id: Uuid, organization_id: Uuid, id: Uuid, body: &Body) -> Result<Self, Failure> {
        Ok(Self {
            vendor_id,
            organization_id,
            id,
            hostname: body.text("hostname")?,
            port: body.integer("port", 1..=65535, None)?,
            username: body.text("username")?,
            password: body.text("password")?,
            max_agent_tasks: body.integer("maxAgentTasks", 1..=i64::from(i32::MAX), Some(10))?,
        })
    }

    /// As the API shows them: all but the password.
    fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "hostname": self.hostname,
            "port": self.port,
            "username": self.username,
            "maxAgentTasks": self.max_agent_tasks,
        })
    }
}

impl Store {
    /// The credentials, or a 404 that says which of organization and credentials does not exist.
    pub(crate) fn find_credentials(&self, vendor: Uuid, organization: Uuid, id: Uuid) -> Result<&Credentials, Failure> {
        self.organizations.check(vendor, organization)?;
        self.credentials
            .get(id)
            .filter(|credentials| credentials.parent() == (vendor, organization))
            .ok_or_else(|| Failure::NotFound(format!("no SIP credentials {id}")))
    }
}

pub(crate) async fn create(
    State(server): State<Arc<Server>>,
    Ids([vendor_id, organization_id]): Ids<2>,
    body: Body,
) -> Result<Envelope, Failure> {
    let mut store = server.store();
    store.organizations.check(vendor_id, organization_id)?;
    let credentials = Credentials::read(vendor_id, organization_id, Uuid::new_v4(), &body)?;
    let shown = credentials.shown();
    store.credentials.insert(credentials);
    Ok(Envelope::created(shown))
}

pub(crate) async fn list(
    State(server): State<Arc<Server>>,
    Ids([vendor_id, organization_id]): Ids<2>,
    paging: Paging,
) -> Result<Envelope, Failure> {
    let store = server.store();
    store.organizations.check(vendor_id, organization_id)?;
    paging.answer(store.credentials.children((vendor_id, organization_id)), Credentials::shown, SUMMARY)
}

pub(crate) async fn get(
    State(server): State<Arc<Server>>,
    Ids([vendor_id, organization_id, id]): Ids<3>,
) -> Result<Envelope, Failure> {
    let store = server.store();
    Ok(Envelope::ok(store.find_credentials(vendor_id, organization_id, id)?.shown()))
}

/// Replaces the whole object: what the body leaves out falls back to its default.
pub(crate) async fn update(
    State(server): State<Arc<Server>>,
    Ids([vendor_id, organization_id, id]): Ids<3>,
    body: Body,
) -> Result<Envelope, Failure> {
    let mut store = server.store();
    store.find_credentials(vendor_id, organization_id, id)?;
    let credentials = Credentials::read(vendor_id, organization_id, id, &body)?;
    let shown = credentials.shown();
    store.credentials.change(id, |row| *row = credentials);
    Ok(Envelope::ok(shown))
}

pub(crate) async fn delete(
    State(server): State<Arc<Server>>,
    Ids([vendor_id, organization_id, id]): Ids<3>,
) -> Result<Envelope, Failure> {
    let mut store = server.store();
    store.find_credentials(vendor_id, organization_id, id)?;
    let numbers = store.phone_numbers.children(id).count();
    if numbers > 0 {
        return Err(Failure::Conflict(format!("{numbers} phone number(s) depend on the SIP credentials {id}")));
    }
    store.credentials.remove(id);
    Ok(Envelope::ok(Value::Null))
}
