//! The list resource, as `terraform query` calls it.

use std::collections::BTreeSet;

use deepslate_emulator::{Config, Effect, Fault, Operation};
use serde_json::{Value, json};
use testkit::{Core, ORGANIZATION, VENDOR};
use uuid::Uuid;

use crate::{existing, start_core, start_core_with_api};

/// The id of the object of this number.
fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}

async fn with_objects(count: u128, config: Config) -> Core {
    let core = start_core_with_api(config).await;
    for number in 1..=count {
        let mut object = existing(&id(number));
        object.username = format!("agent-{number}");
        core.api.insert(object);
    }
    core
}

/// The queries of the list calls that the API received.
fn list_queries(core: &Core) -> Vec<String> {
    let requests = core.api.requests();
    requests.into_iter().filter(|request| request.path.ends_with("/credentials")).map(|request| request.query).collect()
}

#[tokio::test]
async fn every_object_comes_once_at_any_page_size() {
    for max_page_size in [20, 100] {
        let core = with_objects(250, Config { max_page_size, ..Config::default() }).await;
        let items = core.list(&json!({}), 0, true).await;
        assert_eq!(items.len(), 250);
        let ids: BTreeSet<_> = items.iter().map(|item| item.identity["id"].to_string()).collect();
        assert_eq!(ids.len(), 250, "no double");
        let pages = 250_usize.div_ceil(max_page_size);
        let queries = list_queries(&core);
        assert!((pages..=pages + 1).contains(&queries.len()), "each page is read once: {queries:?}");
        assert_eq!(core.api.requests().len(), queries.len(), "whole items need no request of their own");

        let item = items.iter().find(|item| item.identity["id"] == id(7)).unwrap();
        assert_eq!(item.display_name, "agent-7@sip.example.com:5060");
        assert_eq!(item.identity, json!({ "vendor_id": VENDOR, "organization_id": ORGANIZATION, "id": id(7) }));
        assert_eq!(item.object["username"], "agent-7");
        assert_eq!(item.object["max_agent_tasks"], 10);
        assert!(item.object["password"].is_null() && item.object["password_wo"].is_null());
    }
}

#[tokio::test]
async fn the_object_is_sent_only_if_it_is_requested() {
    let core = with_objects(3, Config::default()).await;
    assert!(core.list(&json!({}), 0, false).await.iter().all(|item| item.object.is_null()));
    assert!(core.list(&json!({}), 0, true).await.iter().all(|item| item.object.is_object()));
}

#[tokio::test]
async fn a_limit_is_kept_and_all_calls_share_one_listing() {
    let core = with_objects(250, Config { max_page_size: 20, ..Config::default() }).await;
    core.api.clear_requests();
    for (limit, expected) in [(1, 1), (20, 20), (21, 21), (1000, 250)] {
        assert_eq!(core.list(&json!({}), limit, true).await.len(), expected);
        assert_eq!(list_queries(&core).len(), 13, "each page once");
    }
}

#[tokio::test]
async fn filters_leave_the_others_out() {
    let core = with_objects(30, Config::default()).await;
    let mut elsewhere = existing(&id(99));
    elsewhere.hostname = "other.example.com".to_owned();
    core.api.insert(elsewhere);
    for (config, expected) in [
        (json!({ "username": "agent-7" }), 1),
        (json!({ "hostname": "SIP.example.com." }), 30),
        (json!({ "hostname": "other.example.com", "username": "agent" }), 1),
        (json!({ "hostname": "other.example.com", "username": "agent-7" }), 0),
        (json!({ "organization_id": "33333333-3333-4333-8333-333333333333" }), 0),
    ] {
        let items = core.list(&config, 0, false).await;
        assert_eq!(items.len(), expected, "{config}");
        assert!(items.iter().all(|item| item.diagnostics.is_empty()), "{config}");
    }
}

#[tokio::test]
async fn summaries_are_completed() {
    let core = with_objects(25, Config { summaries: true, max_page_size: 20, ..Config::default() }).await;
    let items = core.list(&json!({ "username": "agent-24" }), 0, true).await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].object["port"], 5060);
    assert_eq!(items[0].display_name, "agent-24@sip.example.com:5060");
}

#[tokio::test]
async fn a_filter_of_the_wrong_form_is_refused() {
    let core = start_core().await;
    for (config, attribute) in [
        (json!({ "organization_id": "../x" }), "organization_id"),
        (json!({ "vendor_id": "../x" }), "vendor_id"),
        (json!({ "hostname": "sip://x" }), "hostname"),
    ] {
        let refused = core.validate_list(&config).await;
        assert_eq!(refused.len(), 1, "{refused:?}");
        assert!(refused[0].starts_with(&format!("ERROR: Invalid value for `{attribute}`")), "{refused:?}");
    }
    assert_eq!(core.validate_list(&json!({ "username": "agent" })).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_failure_is_the_last_event() {
    let core = with_objects(25, Config { max_page_size: 20, ..Config::default() }).await;
    let second_page = Effect::Rewrite(std::sync::Arc::new(|envelope: &mut Value| {
        if envelope["page"] == 1 {
            envelope["data"] = json!("nonsense");
        }
    }));
    core.api.fault(Fault { method: Some("GET"), path: String::new(), times: None, effect: second_page });
    let items = core.list(&json!({}), 0, false).await;
    let (last, before) = items.split_last().unwrap();
    assert_eq!(last.diagnostics.len(), 1, "{last:?}");
    assert!(last.diagnostics[0].contains("/sip/credentials"), "{last:?}");
    assert!(before.iter().all(|item| item.diagnostics.is_empty()));
}

#[tokio::test]
async fn a_failure_that_repeats_the_key_does_not_show_it() {
    let core = start_core().await;
    let body = json!({ "success": false, "message": "no list for test-key" }).to_string().into_bytes();
    let effect = Effect::Answer { status: 403, headers: Vec::new(), body };
    core.api.fault(Fault { method: Some("GET"), path: String::new(), times: None, effect });
    let items = core.list(&json!({}), 0, false).await;
    assert!(items[0].diagnostics[0].contains("(not shown, because it contains a secret)"), "{items:?}");
}

#[tokio::test]
async fn a_display_name_is_clean_and_shows_no_secret() {
    let evil = format!("a\u{1b}[2J\r\nApply complete!\u{202e}{}", "x".repeat(500));
    let core = start_core().await;
    for (number, username) in [(1, evil.as_str()), (2, "dGVzdC1rZXk="), (3, "test%2Dkey")] {
        let mut object = existing(&id(number));
        object.username = username.to_owned();
        core.api.insert(object);
    }
    let names: Vec<_> = core.list(&json!({}), 0, true).await.into_iter().map(|item| item.display_name).collect();
    let clean = format!("a [2J Apply complete! {}…@sip.example.com:5060", "x".repeat(78));
    assert_eq!(names, [&clean, "a sensitive value@sip.example.com:5060", "a sensitive value@sip.example.com:5060"]);
}

#[tokio::test]
async fn a_server_without_a_listing_is_named_as_such() {
    let core = start_core_with_api(Config { without: vec![Operation::ListSipCredentials], ..Config::default() }).await;
    let items = core.list(&json!({}), 0, false).await;
    assert_eq!(items.len(), 1);
    let text = &items[0].diagnostics[0];
    assert!(text.starts_with("ERROR: The server does not support listing SIP credentials"), "{text}");
    assert!(text.contains("405"), "{text}");
}

#[tokio::test]
async fn an_organization_that_does_not_exist_is_named() {
    let known = (VENDOR.parse().unwrap(), ORGANIZATION.parse().unwrap(), "Acme".to_owned());
    let core = start_core_with_api(Config { organizations: vec![known], ..Config::default() }).await;
    let nobody = "33333333-3333-4333-8333-333333333333";
    let items = core.list(&json!({ "organization_id": nobody }), 0, false).await;
    assert_eq!(items.len(), 1, "{items:?}");
    assert!(items[0].diagnostics[0].contains(nobody), "{items:?}");
}
