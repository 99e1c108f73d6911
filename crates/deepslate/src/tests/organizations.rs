//! Organizations, which only their list shows.

use futures_util::TryStreamExt;

use super::server::{Server, Step, json};
use super::*;
use crate::{ErrorKind, Organization};

fn page(items: &str, total: u32) -> Step {
    json("200 OK", &format!(r#"{{"success":true,"data":[{items}],"page":0,"size":100,"totalElements":{total}}}"#))
}

async fn list(step: Step) -> (Result<Vec<(Uuid, Organization)>, Error>, Vec<String>) {
    let server = Server::start([step]).await;
    let organizations = client(config_of(&server)).collection::<Organization>(ORGANIZATION.vendor_id);
    let operation = operation();
    let found = organizations.list(&operation, |_| true).map_ok(|object| (object.id, object.value)).try_collect();
    (found.await, server.lines())
}

#[tokio::test]
async fn one_request_lists_those_of_a_vendor() {
    let (found, lines) = list(page(&format!(r#"{{"id":"{ID}","companyName":"ACME"}}"#), 1)).await;
    assert_eq!(found.expect("listed"), [(ID, Organization { company_name: Some("ACME".into()) })]);
    assert_eq!(
        lines,
        [format!("GET /api/v1/vendors/{}/organizations?page=0&size=100&sort=id,asc", ORGANIZATION.vendor_id)]
    );
}

#[tokio::test]
async fn an_item_without_a_name_is_listed_without_another_request() {
    let (found, lines) = list(page(&format!(r#"{{"id":"{ID}"}}"#), 1)).await;
    assert_eq!(found.expect("listed"), [(ID, Organization { company_name: None })]);
    assert_eq!(lines.len(), 1);
}

#[tokio::test]
async fn a_vendor_that_deepslate_does_not_know_is_not_found() {
    let (found, _) = list(json("404 ", r#"{"success":false}"#)).await;
    assert_eq!(found.expect_err("unknown").kind, ErrorKind::NotFound);
}
