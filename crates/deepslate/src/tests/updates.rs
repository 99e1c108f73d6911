//! Updates: the GET before each, and what follows if the object was changed meanwhile.

use super::lists::{full, page};
use super::server::{Server, Step, answer, json};
use super::*;
use crate::{ErrorKind, SipCredentialsRef, SipPhoneNumber};

/// The answer with the object, in which this is replaced.
fn with(from: &str, to: &str) -> Step {
    json("200 OK", &FOUND.replace(from, to))
}

fn unknown() -> Step {
    json("404 ", r#"{"success":false}"#)
}

/// Sets the port to 5061 on a server with this script.
async fn update(script: impl IntoIterator<Item = Step>) -> (Result<SipCredentials, ErrorKind>, Vec<String>) {
    let server = Server::start(script).await;
    let wanted = SipCredentials { port: Some(5061), ..request() };
    let updated = collection_of(&server).update(&operation(), ID, &found(), &wanted).await;
    let updated = updated.map(|shown| SipCredentials { password: None, ..shown.value });
    let methods = server.lines().iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect();
    (updated.map_err(|error| error.kind.clone()), methods)
}

#[tokio::test]
async fn an_update_costs_one_get_more() {
    let (updated, methods) = update([json("200 OK", FOUND), with("5060", "5061")]).await;
    assert_eq!(updated, Ok(SipCredentials { port: Some(5061), ..found() }));
    assert_eq!(methods, ["GET", "PUT"]);
}

#[tokio::test]
async fn values_that_this_update_changes_may_differ() {
    for step in [with("5060", "7"), with("5060", "null"), with("5060", "70000"), with("sip.example", "SIP.Example.")] {
        let (updated, methods) = update([step, with("5060", "5061")]).await;
        assert!(updated.is_ok() && methods == ["GET", "PUT"], "{updated:?} {methods:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_update_never_overwrites_what_someone_else_changed() {
    for (from, to, field) in [
        ("sip.example", "sip.elsewhere", "hostname"),
        (":10}", ":11}", "maxAgentTasks"),
        ("\"u\"", "\"v\"", "username"),
    ] {
        let (updated, methods) = update(vec![with(from, to); 9]).await;
        assert_eq!(updated, Err(ErrorKind::Changed(vec![field])));
        assert_eq!(methods, vec!["GET"; 5]);
    }
}

#[tokio::test(start_paused = true)]
async fn a_replica_that_is_behind_is_waited_for() {
    let behind = || with("sip.example", "sip.old");
    let (updated, methods) = update([behind(), behind(), json("200 OK", FOUND), with("5060", "5061")]).await;
    assert!(updated.is_ok() && methods == ["GET", "GET", "GET", "PUT"], "{updated:?} {methods:?}");
}

#[tokio::test]
async fn an_update_of_a_deleted_object_says_so() {
    let (updated, methods) = update([unknown(), page(0, 9, 1, [full(9)])]).await;
    assert_eq!((updated, methods), (Err(ErrorKind::NotFound), vec!["GET".to_owned(); 2]));
    // It was deleted between the GET and the PUT.
    let (updated, _) = update([json("200 OK", FOUND), unknown(), unknown(), page(0, 9, 1, [full(9)])]).await;
    assert_eq!(updated, Err(ErrorKind::NotFound));
    let (updated, _) = update([unknown(), unknown(), unknown()]).await;
    assert_eq!(updated, Err(ErrorKind::PlaceUnknown));
}

#[tokio::test]
async fn an_own_404_to_the_put_of_an_object_that_is_there_is_a_missing_call() {
    let (updated, methods) = update([json("200 OK", FOUND), unknown(), json("200 OK", FOUND)]).await;
    assert_eq!(updated, Err(ErrorKind::MethodNotAllowed));
    assert_eq!(methods, ["GET", "PUT", "GET"]);
}

#[tokio::test]
async fn a_failed_get_keeps_the_put_from_being_sent() {
    for (step, kind) in [
        (answer("403 ", "", ""), ErrorKind::Forbidden),
        (answer("505 ", "", ""), ErrorKind::Unavailable),
        (answer("404 ", "", "<html>"), ErrorKind::ForeignNotFound),
    ] {
        assert_eq!(update([step]).await, (Err(kind), vec!["GET".to_owned()]));
    }
}

#[tokio::test]
async fn a_server_without_the_get_is_not_asked_before_the_put() {
    let credentials = SipCredentialsRef { organization: ORGANIZATION, id: Uuid::from_u128(5) };
    let parent = json("200 OK", &FOUND.replace(&ID.to_string(), &credentials.id.to_string()));
    let changed = json("200 OK", &format!(r#"{{"success":true,"data":{{"id":"{ID}"}}}}"#));
    let missing = || answer("405 ", "", "");
    let server = Server::start([missing(), missing(), parent, changed]).await;
    let number = |text: &str| SipPhoneNumber { phone_number: Some(text.into()), fallback: None };
    let numbers = client(config_of(&server)).collection::<SipPhoneNumber>(credentials);
    let updated = numbers.update(&operation(), ID, &number("+491"), &number("+492")).await.expect("updated");
    assert_eq!(updated.value, number("+492"));
}

#[tokio::test(start_paused = true)]
async fn a_value_that_repeats_a_secret_is_no_change() {
    for (from, to, known, changes) in [
        ("sip.example", "hunter22-horse", "hunter22-horse", false),
        ("\"u\"", "\"sip:u:hunter22-horse\"", "hunter22-horse", false),
        (":10}", ":84129077}", "84129077", false),
        ("sip.example", "sip.elsewhere", "hunter22-horse", true),
        (":10}", ":84129078}", "84129077", true),
    ] {
        let after = if changes { with(from, to) } else { with("5060", "5061") };
        let server = Server::start([with(from, to), after].into_iter().chain(vec![with(from, to); 3])).await;
        let config = config_of(&server);
        config.secrets.remember(known);
        let wanted = SipCredentials { port: Some(5061), ..request() };
        let updated = collection(config).update(&operation(), ID, &found(), &wanted).await;
        assert_eq!(updated.is_err(), changes, "{to}");
    }
}
