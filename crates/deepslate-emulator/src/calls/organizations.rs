//! The calls for organizations.

use std::sync::Arc;

use axum::extract::State;
use serde_json::json;
use uuid::Uuid;

use crate::envelope::{Envelope, Failure};
use crate::paging::Paging;
use crate::request::Ids;
use crate::state::Api;

pub(crate) async fn list(
    State(api): State<Arc<Api>>,
    Ids([vendor_id]): Ids<1>,
    mut paging: Paging,
) -> Result<Envelope, Failure> {
    // The documentation gives `name,asc` as the default, though the items say `companyName`.
    paging.rename("name", "companyName");
    let store = api.store();
    if api.config.forbids_organizations {
        return Err(Failure::Forbidden);
    }
    let organizations = store.organizations.of_vendor(vendor_id)?;
    let show = |(id, company_name): &(Uuid, String)| json!({ "id": id, "companyName": company_name });
    paging.answer(organizations.iter(), show, &["id", "companyName"])
}
