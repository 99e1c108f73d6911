//! Reads: which requests they take, and what becomes of each answer.

use super::lists::{full, page, partial};
use super::server::{Server, Step, answer, json};
use super::*;
use crate::ErrorKind;

/// The answer with the object that has this number.
fn get(number: u128) -> Step {
    json("200 OK", &format!(r#"{{"success":true,"timestamp":"","data":{}}}"#, full(number)))
}

/// The answer to an update.
fn changed() -> Step {
    json("200 OK", r#"{"success":true,"timestamp":"","data":null}"#)
}

/// The request for the object with this number.
fn get_line(number: u128) -> String {
    format!("GET {COLLECTION}/{}", Uuid::from_u128(number))
}

fn coalescing_client_of(server: &Server) -> &'static Client {
    client(Config { coalesce_reads: true, ..config_of(server) })
}

fn coalescing_collection_of(server: &Server) -> Collection<'static, SipCredentials> {
    coalescing_client_of(server).collection(ORGANIZATION)
}

async fn read_within(
    collection: &Collection<'_, SipCredentials>,
    operation: &Operation,
    number: u128,
) -> Result<(), Error> {
    assert_eq!(shown(collection.refresh(operation, Uuid::from_u128(number), &found()).await?), found());
    Ok(())
}

async fn read(collection: &Collection<'_, SipCredentials>, number: u128) {
    read_within(collection, &operation(), number).await.expect("found");
}

#[tokio::test]
async fn a_page_of_the_list_answers_what_is_on_it() {
    let server = Server::start([get(1), page(0, 100, 3, [1, 2, 3].map(full)), answer("404 Not Found", "", "")]).await;
    let collection = coalescing_collection_of(&server);
    for number in [1, 2, 3, 1, 2] {
        read(&collection, number).await;
    }
    // Only a GET shows what is not on the page.
    let gone = read_within(&collection, &operation(), 4).await.expect_err("not found");
    assert_eq!(gone.kind, ErrorKind::ForeignNotFound);
    assert_eq!(server.lines(), [get_line(1), list_line(0), get_line(4)]);
}

#[tokio::test]
async fn an_object_that_the_list_shows_otherwise_is_read_by_a_get() {
    let fields = [("sip.example", "sip.elsewhere"), ("5060", "5061"), ("\"u\"", "\"v\""), (":10", ":11")];
    let changed = (2..).zip(fields).map(|(number, (from, to))| full(number).replace(from, to));
    let items = changed.chain([full(6)]);
    let server = Server::start([get(1), page(0, 100, 5, items), get(2), get(3), get(4), get(5)]).await;
    let collection = coalescing_collection_of(&server);
    for number in 1..=6 {
        read(&collection, number).await;
    }
    assert_eq!(server.lines(), [get_line(1), list_line(0), get_line(2), get_line(3), get_line(4), get_line(5)]);
}

#[tokio::test]
async fn another_spelling_is_not_shown_otherwise() {
    let spelled = page(0, 100, 2, [1, 2].map(|number| full(number).replace("sip.example", "SIP.Example.")));
    let server = Server::start([get(1), spelled]).await;
    let collection = coalescing_collection_of(&server);
    read(&collection, 1).await;
    let read = collection.refresh(&operation(), Uuid::from_u128(2), &found()).await.expect("found");
    assert_eq!(shown(read).hostname, Some("SIP.Example.".into()));
}

#[tokio::test]
async fn the_other_pages_are_requested_at_once() {
    let pages = [
        page(0, 2, 5, [1, 2].map(full)),
        // In whatever order they are answered.
        page(2, 2, 5, [5].map(full)),
        page(1, 2, 5, [3, 4].map(full)),
    ];
    let server = Server::start([get(5)].into_iter().chain(pages)).await;
    let collection = coalescing_collection_of(&server);
    for number in [5, 2, 4, 3, 5, 1] {
        read(&collection, number).await;
    }
    let mut lines = server.lines();
    lines[2..].sort();
    assert_eq!(lines, [get_line(5), list_line(0), list_line(1), list_line(2)]);
}

#[tokio::test]
async fn a_write_ends_what_was_listed() {
    let pages = || page(0, 100, 3, [1, 2, 3].map(full));
    let server = Server::start([get(1), pages(), get(3), changed(), get(1), pages()]).await;
    let collection = coalescing_collection_of(&server);
    for number in [1, 2] {
        read(&collection, number).await;
    }
    collection.update(&operation(), ID, &found(), &request()).await.expect("updated");
    for number in [1, 2, 3] {
        read(&collection, number).await;
    }
    let put = format!("PUT {COLLECTION}/{ID}");
    assert_eq!(server.lines(), [get_line(1), list_line(0), get_line(3), put, get_line(1), list_line(0)]);
}

/// Three reads; the second one requests this list. Then a write and two more reads; the second one may list.
async fn after_a_list(list: Step, next: Step) -> Vec<String> {
    let server = Server::start([get(1), list, get(2), get(3), get(3), changed(), get(1), next]).await;
    let collection = coalescing_collection_of(&server);
    for number in [1, 2, 3] {
        read(&collection, number).await;
    }
    collection.update(&operation(), ID, &found(), &request()).await.expect("updated");
    for number in [1, 2] {
        read(&collection, number).await;
    }
    let lines = server.lines();
    assert_eq!(lines[..4], [get_line(1), list_line(0), get_line(2), get_line(3)]);
    lines[6..].to_vec()
}

#[tokio::test]
async fn a_useless_list_is_not_tried_again() {
    let partials = page(0, 100, 3, [1, 2, 3].map(partial));
    let foreign = answer("404 Not Found", "", "");
    let own = json("403 Forbidden", r#"{"success":false,"timestamp":""}"#);
    for list in [partials, foreign, own, answer("200 OK", "", "<html>")] {
        assert_eq!(after_a_list(list, get(2)).await, [get_line(1), get_line(2)]);
    }
}

#[tokio::test]
async fn a_list_that_fails_is_tried_again_later() {
    let lines = after_a_list(json("500 Oops", r#"{"success":false}"#), page(0, 100, 2, [1, 2].map(full))).await;
    assert_eq!(lines, [get_line(1), list_line(0)]);
}

#[tokio::test]
async fn the_parameters_that_one_list_accepts_are_used_for_others_of_its_kind() {
    let server = Server::start([get(1), answer("404 Not Found", "", ""), get(2), get(1), get(2)]).await;
    let client = coalescing_client_of(&server);
    for organization in [ORGANIZATION, OrganizationRef { id: Uuid::from_u128(9), ..ORGANIZATION }] {
        for number in [1, 2] {
            read(&client.collection(organization), number).await;
        }
    }
    assert_eq!(server.lines().len(), 5);
}

#[tokio::test]
async fn nothing_is_listed_if_that_is_turned_off() {
    let server = Server::start([1, 2, 3].map(get)).await;
    let collection = collection_of(&server);
    for number in [1, 2, 3] {
        read(&collection, number).await;
    }
    assert_eq!(server.lines(), [1, 2, 3].map(get_line));
}

#[tokio::test]
async fn an_object_of_which_too_little_is_known_is_read_by_a_get() {
    let server = Server::start([get(1), get(2), get(3)]).await;
    let collection = coalescing_collection_of(&server);
    let known = SipCredentials { port: None, ..found() };
    for number in [1, 2, 3] {
        let read = collection.refresh(&operation(), Uuid::from_u128(number), &known).await;
        assert_eq!(shown(read.expect("found")), found());
    }
    assert_eq!(server.lines(), [1, 2, 3].map(get_line));
}

#[tokio::test]
async fn a_list_that_hangs_leaves_time_for_a_get() {
    let server = Server::start([get(1), Step::Hang, get(2)]).await;
    let collection = coalescing_collection_of(&server);
    read(&collection, 1).await;
    let operation = operation_of(Duration::from_secs(4));
    read_within(&collection, &operation, 2).await.expect("found");
    assert!(operation.remaining() > Duration::from_secs(2), "{:?} left", operation.remaining());
}

#[tokio::test]
async fn a_list_is_not_given_up_with_the_read_that_began_it() {
    let Step::Answer(slow) = page(0, 100, 2, [2, 3].map(full)) else { unreachable!() };
    let server = Server::start([get(1), Step::Drip(slow)]).await;
    let collection = coalescing_collection_of(&server);
    read(&collection, 1).await;
    server.arrival().await;
    let begins = tokio::spawn({
        let collection = collection.clone();
        async move { read(&collection, 2).await }
    });
    server.arrival().await;
    begins.abort();
    read(&collection, 3).await;
    assert_eq!(server.lines(), [get_line(1), list_line(0)]);
}

#[tokio::test]
async fn a_stop_ends_the_wait_for_a_list() {
    let server = Server::start([get(1), Step::Hang]).await;
    let collection = coalescing_collection_of(&server);
    read(&collection, 1).await;
    server.arrival().await;
    let lists = tokio::spawn({
        let collection = collection.clone();
        async move { read(&collection, 2).await }
    });
    server.arrival().await;
    let operation = operation();
    let (waits, ()) = tokio::join!(read_within(&collection, &operation, 3), async { operation.stop().cancel() });
    assert_eq!(waits.expect_err("stopped").kind, ErrorKind::Stopped);
    assert!(operation.remaining() > Duration::from_secs(58), "{:?} left", operation.remaining());
    lists.abort();
}
