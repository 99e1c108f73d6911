//! The calls for phone numbers.

use std::sync::Arc;

use axum::extract::State;
use serde_json::Value;
use uuid::Uuid;

use crate::envelope::{Envelope, Failure};
use crate::objects::{PhoneNumber, TELEPHONE_NUMBER};
use crate::paging::Paging;
use crate::request::{Body, Ids};
use crate::state::Api;

pub(crate) async fn create(
    State(api): State<Arc<Api>>,
    Ids([vendor, organization, credentials]): Ids<3>,
    body: Body,
) -> Result<Envelope, Failure> {
    let mut store = api.store();
    store.find_credentials(vendor, organization, credentials)?;
    let number = PhoneNumber::read(credentials, Uuid::new_v4(), &body, api.config.number_prefix.as_deref())?;
    let shown = number.shown();
    store.phone_numbers.create(number);
    Ok(Envelope::created(shown))
}

pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    Ids([vendor, organization, credentials]): Ids<3>,
    paging: Paging,
) -> Result<Envelope, Failure> {
    let mut store = api.store();
    store.find_credentials(vendor, organization, credentials)?;
    let listed = store.phone_numbers.listed(credentials, api.list_lag());
    paging.answer(listed.into_iter(), PhoneNumber::shown, PhoneNumber::SUMMARY)
}

pub(crate) async fn get(State(api): State<Arc<Api>>, Ids(ids): Ids<4>) -> Result<Envelope, Failure> {
    let mut store = api.store();
    Ok(Envelope::ok(store.find_phone_number(ids)?.shown()))
}

/// Replaces the whole object: what the body leaves out falls back to its default.
pub(crate) async fn update(State(api): State<Arc<Api>>, Ids(ids): Ids<4>, body: Body) -> Result<Envelope, Failure> {
    let mut store = api.store();
    store.find_phone_number(ids)?;
    let [_, _, credentials, id] = ids;
    let number = PhoneNumber::read(credentials, id, &body, api.config.number_prefix.as_deref())?;
    let shown = number.shown();
    store.phone_numbers.change(id, |row| *row = number);
    Ok(Envelope::ok(shown))
}

pub(crate) async fn delete(State(api): State<Arc<Api>>, Ids(ids): Ids<4>) -> Result<Envelope, Failure> {
    let mut store = api.store();
    let id = store.find_phone_number(ids)?.id;
    let users = store.users(TELEPHONE_NUMBER, id);
    if users > 0 {
        return Err(Failure::Conflict(format!("{users} assistant(s) or agent(s) use the phone number {id}")));
    }
    store.phone_numbers.remove(id);
    Ok(Envelope::ok(Value::Null))
}
