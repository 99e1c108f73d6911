//! Phone numbers, on servers that lack the calls for which we found no documentation.

use futures_util::TryStreamExt;

use super::server::{Server, Step, answer, json};
use super::*;
use crate::{ErrorKind, SipCredentialsRef, SipPhoneNumber, canonical};

const CREDENTIALS: SipCredentialsRef = SipCredentialsRef { organization: ORGANIZATION, id: Uuid::from_u128(5) };
const NUMBERS: &str = concat!(
    "/api/v1/vendors/00000000-0000-0000-0000-000000000001/organizations/00000000-0000-0000-0000-000000000002",
    "/sip/credentials/00000000-0000-0000-0000-000000000005/phone-numbers"
);

fn number(fallback: Option<bool>) -> SipPhoneNumber {
    SipPhoneNumber { phone_number: Some("0049301".into()), fallback }
}

fn numbers_of(server: &Server) -> Collection<'static, SipPhoneNumber> {
    client(config_of(server)).collection(CREDENTIALS)
}

/// A page of the list with [`ID`] and these other members, or with none.
fn page(rest: Option<&str>) -> Step {
    let item = rest.map(|rest| format!(r#"{{"id":"{ID}"{rest}}}"#)).unwrap_or_default();
    let total = u32::from(rest.is_some());
    json("200 OK", &format!(r#"{{"success":true,"data":[{item}],"page":0,"size":100,"totalElements":{total}}}"#))
}

fn whole(rest: &str) -> Step {
    json("200 OK", &format!(r#"{{"success":true,"data":{{"id":"{ID}","phoneNumber":"0049301"{rest}}}}}"#))
}

/// Deepslate's own 404.
fn unknown() -> Step {
    json("404 ", r#"{"success":false}"#)
}

fn missing() -> Step {
    answer("405 ", "", "")
}

const FULL: &str = r#","phoneNumber":"0049301","fallback":true"#;
const SUMMARY: &str = r#","phoneNumber":"0049301""#;

/// The answer with the credentials above the numbers.
fn parent() -> Step {
    json("200 OK", &super::FOUND.replace(&ID.to_string(), &CREDENTIALS.id.to_string()))
}

/// The answer with the organization of the credentials, or with another one.
fn organizations(id: Uuid) -> Step {
    let item = format!(r#"{{"id":"{id}","companyName":"ACME"}}"#);
    json("200 OK", &format!(r#"{{"success":true,"data":[{item}],"page":0,"size":100,"totalElements":1}}"#))
}

/// What a read with this script found: the number, `None` if it is gone, or the kind of the error.
async fn read(script: Vec<Step>) -> Result<Option<SipPhoneNumber>, ErrorKind> {
    let requests = script.len();
    let server = Server::start(script).await;
    let found = numbers_of(&server).get(&operation(), ID).await;
    assert_eq!(server.lines().len(), requests, "{:?}", server.lines());
    assert_eq!(server.lines()[0], format!("GET {NUMBERS}/{ID}"));
    match found {
        Ok(Outcome::Found(shown)) => Ok(Some(shown.value)),
        Ok(Outcome::Gone(_)) => Ok(None),
        Err(error) => Err(error.kind.clone()),
    }
}

#[tokio::test]
async fn on_a_server_without_the_get_the_list_is_read() {
    let html = || answer("404 ", "", "<html>");
    for (script, expected) in [
        (vec![whole(r#","fallback":true"#)], Ok(Some(number(Some(true))))),
        (vec![whole("")], Ok(Some(number(None)))),
        (vec![missing(), page(Some(FULL))], Ok(Some(number(Some(true))))),
        (vec![html(), page(Some(SUMMARY))], Ok(Some(number(None)))),
        (vec![unknown(), page(Some(FULL))], Ok(Some(number(Some(true))))),
        // It exists, but no call returns the number.
        (vec![missing(), page(Some(""))], Err(ErrorKind::MethodNotAllowed)),
        (vec![missing(), json("403 ", r#"{"success":false}"#)], Err(ErrorKind::Forbidden)),
    ] {
        assert_eq!(read(script).await, expected);
    }
}

#[tokio::test]
async fn an_empty_list_and_the_credentials_prove_that_a_number_is_gone() {
    for (first, listings) in [(unknown(), 1), (missing(), 2), (answer("404 ", "", "<html>"), 2)] {
        let script = [vec![first.clone(), page(None), parent()], vec![page(None); listings - 1]].concat();
        assert_eq!(read(script).await, Ok(None));
        assert_eq!(read(vec![first, page(None), json("403 ", "")]).await, Err(ErrorKind::Forbidden));
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_late_after_a_delete_is_asked_for_again() {
    let listed = || [unknown(), page(Some(FULL))];
    let gone = [unknown(), page(None), parent()];
    let server = Server::start([vec![unknown()], listed().to_vec(), gone.to_vec()].concat()).await;
    numbers_of(&server).delete(&operation(), ID).await.expect("gone");

    let server =
        Server::start([vec![unknown()], [listed(), listed(), listed(), listed(), listed()].concat()].concat()).await;
    let error = numbers_of(&server).delete(&operation(), ID).await.expect_err("not offered");
    assert_eq!(error.kind, ErrorKind::MethodNotAllowed);
}

#[tokio::test(start_paused = true)]
async fn credentials_that_their_list_shows_are_asked_for_again_before_they_prove_anything() {
    let listed = || super::lists::page(0, 9, 1, [super::lists::full(5)]);
    assert_eq!(read(vec![unknown(), page(None), unknown(), listed(), parent()]).await, Ok(None));
}

#[tokio::test]
async fn a_late_list_alone_does_not_remove_a_number_from_the_state() {
    for first in [missing(), answer("404 ", "", "<html>")] {
        assert_eq!(read(vec![first, page(None), parent(), page(Some(FULL))]).await, Ok(Some(number(Some(true)))));
    }
}

#[tokio::test]
async fn a_number_that_no_call_shows_is_not_gone_while_its_credentials_exist() {
    let missing_get = [missing(), unknown(), answer("501 ", "", "")];
    for first in missing_get {
        for list in [missing(), unknown(), answer("404 ", "", "<html>")] {
            let script = vec![first.clone(), list, parent()];
            assert_eq!(read(script).await, Err(ErrorKind::MethodNotAllowed));
        }
    }
    let script = vec![answer("404 ", "", "<html>"), unknown(), parent()];
    assert_eq!(read(script).await, Err(ErrorKind::ForeignNotFound));
}

#[tokio::test]
async fn a_number_is_gone_with_its_credentials_if_these_are_proven_gone() {
    let other = Uuid::from_u128(77);
    for (script, expected) in [
        (vec![unknown(), unknown(), unknown(), page(None), organizations(ORGANIZATION.id)], Ok(None)),
        (vec![unknown(), unknown(), unknown(), page(Some(""))], Ok(None)),
        (
            vec![unknown(), unknown(), unknown(), unknown(), organizations(ORGANIZATION.id)],
            Err(ErrorKind::PlaceUnknown),
        ),
        (vec![unknown(), unknown(), unknown(), unknown(), organizations(other)], Err(ErrorKind::PlaceUnknown)),
        (vec![unknown(), unknown(), unknown(), unknown(), unknown()], Err(ErrorKind::PlaceUnknown)),
    ] {
        assert_eq!(read(script).await, expected);
    }
}

#[tokio::test]
async fn a_partial_item_is_completed_if_the_server_can() {
    for (script, fallback) in [
        (vec![page(Some(FULL))], Some(true)),
        (vec![page(Some(SUMMARY)), whole(r#","fallback":false"#)], Some(false)),
        (vec![page(Some(SUMMARY)), missing()], None),
    ] {
        let server = Server::start(script).await;
        let (collection, operation) = (numbers_of(&server), operation());
        let found: Vec<_> = collection.list(&operation, |_| true).try_collect().await.expect("listed");
        let found: Vec<_> = found.into_iter().map(|object| (object.id, object.value)).collect();
        assert_eq!(found, [(ID, number(fallback))]);
    }
}

#[tokio::test]
async fn a_lost_number_is_found_by_any_of_its_spellings() {
    let request = SipPhoneNumber { phone_number: Some("+49301".into()), fallback: None };
    let server = Server::start([page(None), page(None), Step::Drop, page(Some(FULL)), whole("")]).await;
    let created = numbers_of(&server).create(&operation(), &request).await.expect("adopted");
    assert_eq!((created.id, created.object.expect("set")), (ID, number(None)));
    let sent = server.seen();
    assert_eq!(sent[4].body, r#"{"phoneNumber":"+49301"}"#);
}

#[tokio::test]
async fn the_list_confirms_a_number_in_any_spelling_and_nothing_else() {
    let spelled = r#","phoneNumber":"+49301","fallback":true"#;
    let other = r#","phoneNumber":"0049302","fallback":true"#;
    for (listed, fallback, requests) in [
        (FULL, Some(true), 2),
        (spelled, Some(true), 2),
        (other, Some(true), 3),
        (FULL, Some(false), 3),
        (FULL, None, 3),
    ] {
        let read = || whole(r#","fallback":true"#);
        let server = Server::start([read(), page(Some(listed)), read()]).await;
        let config = Config { coalesce_reads: true, ..config_of(&server) };
        let collection = client(config).collection::<SipPhoneNumber>(CREDENTIALS);
        for _ in 0..2 {
            let found = shown(collection.refresh(&operation(), ID, &number(fallback)).await.expect("found"));
            let found_number = canonical::phone_number(found.phone_number.expect("a number").raw());
            assert_eq!((found_number.as_str(), found.fallback), ("+49301", Some(true)));
        }
        assert_eq!(server.lines().len(), requests, "{listed}, {fallback:?}");
    }
}

#[tokio::test]
async fn a_child_waits_until_its_parent_that_was_just_made_is_known_everywhere() {
    let made = json(
        "201 Created",
        r#"{"success":true,"data":{"id":"00000000-0000-0000-0000-000000000007","phoneNumber":"+49301"}}"#,
    );
    let script = [json("201 Created", FOUND), unknown(), unknown(), page(None), unknown(), made];
    let server = server_for_create(script).await;
    let client = client(config_of(&server));
    let parent = client.collection::<SipCredentials>(ORGANIZATION).create(&operation(), &request()).await;
    let credentials = SipCredentialsRef { organization: ORGANIZATION, id: parent.expect("made").id };
    let wanted = number(None);
    let created = client.collection(credentials).create(&operation(), &wanted).await.expect("made");
    assert_eq!((created.id, server.lines().len()), (Uuid::from_u128(7), 7));

    // Of an object that this process did not make, a 404 is believed.
    let server = server_for_create([unknown()]).await;
    let numbers = super::client(config_of(&server)).collection(credentials);
    assert_eq!(not_made(numbers.create(&operation(), &wanted).await).0.kind, ErrorKind::NotFound);
}
