//! SIP credentials: the account that Deepslate uses at a SIP provider.

use std::fmt;

use serde_json::{Value, json};
use uuid::Uuid;

use crate::envelope::Failure;
use crate::request::Body;
use crate::table::Row;

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
    /// The fields of an item in a list of summaries.
    pub(crate) const SUMMARY: &[&str] = &["id", "hostname"];

    pub(crate) fn read(vendor_id: Uuid, organization_id: Uuid, id: Uuid, body: &Body) -> Result<Self, Failure> {
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
    pub(crate) fn shown(&self) -> Value {
        json!({
            "id": self.id,
            "hostname": self.hostname,
            "port": self.port,
            "username": self.username,
            "maxAgentTasks": self.max_agent_tasks,
        })
    }
}
