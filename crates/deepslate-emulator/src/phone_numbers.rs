//! Phone numbers, each under the SIP credentials that calls to it come in by.

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::envelope::{Envelope, Failure};
use crate::paging::Paging;
use crate::request::{Body, Ids};
use crate::server::Server;
use crate::store::{Row, Store};

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

/// What a list item keeps where lists hold summaries.
const SUMMARY: &[&str] = &["id", "phoneNumber"];

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
    fn read(server: &Server, sip_credentials_id: Uuid, id: Uuid, body: &Body) -> Result<Self, Failure> {
        let phone_number = respell(body.text("phoneNumber")?, server.config.number_prefix.as_deref());
        Ok(Self { sip_credentials_id, id, phone_number, fallback: body.boolean("fallback", false)? })
    }

    fn shown(&self) -> Value {
        json!({ "id": self.id, "phoneNumber": self.phone_number, "fallback": self.fallback })
    }
}

impl Store {
    fn find_phone_number(&self, [vendor, organization, credentials, id]: [Uuid; 4]) -> Result<&PhoneNumber, Failure> {
        self.find_credentials(vendor, organization, credentials)?;
        self.phone_numbers
            .get(id)
            .filter(|number| number.sip_credentials_id == credentials)
            .ok_or_else(|| Failure::NotFound(format!("no phone number {id}")))
    }
}

pub(crate) async fn create(
    State(server): State<Arc<Server>>,
    Ids([vendor, organization, credentials]): Ids<3>,
    body: Body,
) -> Result<Envelope, Failure> {
    let mut store = server.store();
    store.find_credentials(vendor, organization, credentials)?;
    let number = PhoneNumber::read(&server, credentials, Uuid::new_v4(), &body)?;
    let shown = number.shown();
    store.phone_numbers.insert(number);
    Ok(Envelope::created(shown))
}

pub(crate) async fn list(
    State(server): State<Arc<Server>>,
    Ids([vendor, organization, credentials]): Ids<3>,
    paging: Paging,
) -> Result<Envelope, Failure> {
    let store = server.store();
    store.find_credentials(vendor, organization, credentials)?;
    paging.answer(store.phone_numbers.children(credentials), PhoneNumber::shown, SUMMARY)
}

pub(crate) async fn get(State(server): State<Arc<Server>>, Ids(ids): Ids<4>) -> Result<Envelope, Failure> {
    let store = server.store();
    Ok(Envelope::ok(store.find_phone_number(ids)?.shown()))
}

/// Replaces the whole object: what the body leaves out falls back to its default.
pub(crate) async fn update(
    State(server): State<Arc<Server>>,
    Ids(ids): Ids<4>,
    body: Body,
) -> Result<Envelope, Failure> {
    let mut store = server.store();
    store.find_phone_number(ids)?;
    let [_, _, credentials, id] = ids;
    let number = PhoneNumber::read(&server, credentials, id, &body)?;
    let shown = number.shown();
    store.phone_numbers.change(id, |row| *row = number);
    Ok(Envelope::ok(shown))
}

pub(crate) async fn delete(State(server): State<Arc<Server>>, Ids(ids): Ids<4>) -> Result<Envelope, Failure> {
    let mut store = server.store();
    let id = store.find_phone_number(ids)?.id;
    store.phone_numbers.remove(id);
    Ok(Envelope::ok(Value::Null))
}

/// Writes an international number with the prefix that the server prefers, if it does.
fn respell(number: String, prefix: Option<&str>) -> String {
    let rest = number.strip_prefix('+').or_else(|| number.strip_prefix("00"));
    match (prefix, rest) {
        (Some(prefix), Some(rest)) => format!("{prefix}{rest}"),
        _ => number,
    }
}
