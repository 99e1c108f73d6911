//! The calls for SIP credentials.

use std::sync::Arc;

use axum::extract::State;
use serde_json::Value;
use uuid::Uuid;

use crate::envelope::{Envelope, Failure};
use crate::objects::Credentials;
use crate::paging::Paging;
use crate::request::{Body, Ids};
use crate::state::Api;

pub(crate) async fn create(
    State(api): State<Arc<Api>>,
    Ids([vendor_id, organization_id]): Ids<2>,
    body: Body,
) -> Result<Envelope, Failure> {
    let mut store = api.store();
    store.organizations.check(vendor_id, organization_id)?;
    let credentials = Credentials::read(vendor_id, organization_id, Uuid::new_v4(), &body)?;
    let shown = credentials.shown();
    store.credentials.create(credentials);
    Ok(Envelope::created(shown))
}

pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    Ids([vendor_id, organization_id]): Ids<2>,
    paging: Paging,
) -> Result<Envelope, Failure> {
    let mut store = api.store();
    if !api.config.lists_unknown_organizations {
        store.organizations.check(vendor_id, organization_id)?;
    }
    let listed = store.credentials.listed((vendor_id, organization_id), api.list_lag());
    paging.answer(listed.into_iter(), Credentials::shown, Credentials::SUMMARY)
}

pub(crate) async fn get(
    State(api): State<Arc<Api>>,
    Ids([vendor_id, organization_id, id]): Ids<3>,
) -> Result<Envelope, Failure> {
    let mut store = api.store();
    Ok(Envelope::ok(store.find_credentials(vendor_id, organization_id, id)?.shown()))
}

/// Replaces the whole object: what the body leaves out falls back to its default.
pub(crate) async fn update(
    State(api): State<Arc<Api>>,
    Ids([vendor_id, organization_id, id]): Ids<3>,
    body: Body,
) -> Result<Envelope, Failure> {
    let mut store = api.store();
    store.find_credentials(vendor_id, organization_id, id)?;
    let credentials = Credentials::read(vendor_id, organization_id, id, &body)?;
    let shown = credentials.shown();
    store.credentials.change(id, |row| *row = credentials);
    Ok(Envelope::ok(shown))
}

pub(crate) async fn delete(
    State(api): State<Arc<Api>>,
    Ids([vendor_id, organization_id, id]): Ids<3>,
) -> Result<Envelope, Failure> {
    let mut store = api.store();
    store.find_credentials(vendor_id, organization_id, id)?;
    let numbers = store.phone_numbers.children(id).count();
    if numbers > 0 {
        return Err(Failure::Conflict(format!("{numbers} phone number(s) depend on the SIP credentials {id}")));
    }
    store.credentials.remove(id);
    Ok(Envelope::ok(Value::Null))
}
