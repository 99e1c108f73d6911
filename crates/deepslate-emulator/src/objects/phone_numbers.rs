//! Phone numbers, each under the SIP credentials that its calls come in by.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::envelope::Failure;
use crate::request::Body;
use crate::table::Row;

/// A phone number as the API holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhoneNumber {
    /// The credentials that it belongs to.
    pub sip_credentials_id: Uuid,
    /// Its id, chosen by the API.
    pub id: Uuid,
    /// The number, as it was sent or as [`Config::number_prefix`](crate::Config::number_prefix) has it spelled.
    pub phone_number: String,
    /// Whether it takes the calls that no other number takes; false where the client did not say.
    pub fallback: bool,
}

impl Row for PhoneNumber {
    /// The id of the credentials.
    type Parent = Uuid;

    fn id(&self) -> Uuid {
        self.id
    }

    fn parent(&self) -> Self::Parent {
        self.sip_credentials_id
    }
}

impl PhoneNumber {
    /// The fields of an item in a list of summaries.
    pub(crate) const SUMMARY: &[&str] = &["id", "phoneNumber"];

    /// `prefix` is the one that the server prefers for international numbers, if any.
    pub(crate) fn read(sip_credentials_id: Uuid, id: Uuid, body: &Body, prefix: Option<&str>) -> Result<Self, Failure> {
        let phone_number = respell(body.text("phoneNumber")?, prefix);
        Ok(Self { sip_credentials_id, id, phone_number, fallback: body.boolean("fallback", false)? })
    }

    pub(crate) fn shown(&self) -> Value {
        json!({ "id": self.id, "phoneNumber": self.phone_number, "fallback": self.fallback })
    }
}

/// Writes an international number with the prefix that the server prefers, if it does.
fn respell(number: String, prefix: Option<&str>) -> String {
    let rest = number.strip_prefix('+').or_else(|| number.strip_prefix("00"));
    match (prefix, rest) {
        (Some(prefix), Some(rest)) => format!("{prefix}{rest}"),
        _ => number,
    }
}
