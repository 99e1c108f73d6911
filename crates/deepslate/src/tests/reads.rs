//! Reads: which requests they take, and what becomes of each answer.

use super::lists::{page, summary, whole};
use super::server::{Server, Step, answer, json};
use super::*;
use crate::{Error, ErrorKind};

/// The answer with the object that has this number.
fn get(number: u128) -> Step {
    json("200 OK", &format!(r#"{{"success":true,"timestamp":"","data":{}}}"#, whole(number)))
}

/// The answer to an update.
fn changed() -> Step {
    json("200 OK", r#"{"success":true,"timestamp":"","data":null}"#)
}

/// The request for the object with this number.
fn get_line(number: u128) -> String {
    format!("GET {COLLECTION}/{}", Uuid::from_u128(number))
}

fn coalescing_client_of(server: &Server) -> Deepslate {
    Deepslate { coalesce_reads: true, ..client_of(server) }
}

async fn read_within(client: &Deepslate, budget: &Budget, number: u128) -> Result<(), Error> {
    let known = SipCredentials { id: Uuid::from_u128(number), ..found() };
    assert_eq!(client.refresh_sip_credentials(budget, ORGANIZATION, &known).await?, known);
    Ok(())
}

async fn read(client: &Deepslate, number: u128) {
    read_within(client, &budget(), number).await.expect("found");
}

#[tokio::test]
async fn a_page_of_the_list_answers_what_is_on_it() {
    let server = Server::start([get(1), page(0, 100, 3, [1, 2, 3].map(whole)), answer("404 Not Found", "", "")]).await;
    let client = coalescing_client_of(&server);
    for number in [1, 2, 3, 1, 2] {
        read(&client, number).await;
    }
    // What is not on it, only a GET can tell.
    let gone = read_within(&client, &budget(), 4).await.expect_err("not found");
    assert_eq!(gone.kind, ErrorKind::ForeignNotFound);
    assert_eq!(server.lines(), [get_line(1), list_line(0), get_line(4)]);
}

#[tokio::test]
async fn what_the_list_shows_otherwise_only_a_get_can_tell() {
    let fields = [("sip.example", "sip.elsewhere"), ("5060", "5061"), ("\"u\"", "\"v\""), (":10", ":11")];
    let changed = (2..).zip(fields).map(|(number, (from, to))| whole(number).replace(from, to));
    let items = changed.chain([whole(6)]);
    let server = Server::start([get(1), page(0, 100, 5, items), get(2), get(3), get(4), get(5)]).await;
    let client = coalescing_client_of(&server);
    for number in 1..=6 {
        read(&client, number).await;
    }
    assert_eq!(server.lines(), [get_line(1), list_line(0), get_line(2), get_line(3), get_line(4), get_line(5)]);
}

#[tokio::test]
async fn another_spelling_is_not_shown_otherwise() {
    let spelled = page(0, 100, 2, [1, 2].map(|number| whole(number).replace("sip.example", "SIP.Example.")));
    let server = Server::start([get(1), spelled]).await;
    let client = coalescing_client_of(&server);
    read(&client, 1).await;
    let known = SipCredentials { id: Uuid::from_u128(2), ..found() };
    let read = client.refresh_sip_credentials(&budget(), ORGANIZATION, &known).await.expect("found");
    assert_eq!(read.hostname, "SIP.Example.");
}

#[tokio::test]
async fn the_other_pages_are_requested_at_once() {
    let pages = [
        page(0, 2, 5, [1, 2].map(whole)),
        // In whatever order they are answered.
        page(2, 2, 5, [5].map(whole)),
        page(1, 2, 5, [3, 4].map(whole)),
    ];
    let server = Server::start([get(5)].into_iter().chain(pages)).await;
    let client = coalescing_client_of(&server);
    for number in [5, 2, 4, 3, 5, 1] {
        read(&client, number).await;
    }
    let mut lines = server.lines();
    lines[2..].sort();
    assert_eq!(lines, [get_line(5), list_line(0), list_line(1), list_line(2)]);
}

#[tokio::test]
async fn a_write_ends_what_was_listed() {
    let pages = || page(0, 100, 3, [1, 2, 3].map(whole));
    let server = Server::start([get(1), pages(), changed(), get(1), pages()]).await;
    let client = coalescing_client_of(&server);
    for number in [1, 2] {
        read(&client, number).await;
    }
    client.update_sip_credentials(&budget(), ORGANIZATION, ID, &request()).await.expect("updated");
    for number in [1, 2, 3] {
        read(&client, number).await;
    }
    let put = format!("PUT {COLLECTION}/{ID}");
    assert_eq!(server.lines(), [get_line(1), list_line(0), put, get_line(1), list_line(0)]);
}

/// Two reads, the second of which meets this list; then a write, and two more reads, of which the second may list.
async fn after_a_list(list: Step, next: Step) -> Vec<String> {
    let server = Server::start([get(1), list, get(2), get(3), changed(), get(1), next]).await;
    let client = coalescing_client_of(&server);
    for number in [1, 2, 3] {
        read(&client, number).await;
    }
    client.update_sip_credentials(&budget(), ORGANIZATION, ID, &request()).await.expect("updated");
    for number in [1, 2] {
        read(&client, number).await;
    }
    let lines = server.lines();
    assert_eq!(lines[..4], [get_line(1), list_line(0), get_line(2), get_line(3)]);
    lines[5..].to_vec()
}

#[tokio::test]
async fn a_list_of_no_use_is_not_tried_again() {
    let summaries = page(0, 100, 3, [1, 2, 3].map(summary));
    let foreign = answer("404 Not Found", "", "");
    let own = json("403 Forbidden", r#"{"success":false,"timestamp":""}"#);
    for list in [summaries, foreign, own, answer("200 OK", "", "<html>")] {
        assert_eq!(after_a_list(list, get(2)).await, [get_line(1), get_line(2)]);
    }
}

#[tokio::test]
async fn a_list_that_fails_is_tried_again_later() {
    let lines = after_a_list(answer("500 Oops", "", ""), page(0, 100, 2, [1, 2].map(whole))).await;
    assert_eq!(lines, [get_line(1), list_line(0)]);
}

#[tokio::test]
async fn what_one_list_tells_of_the_server_holds_for_others_of_its_kind() {
    let server = Server::start([get(1), answer("404 Not Found", "", ""), get(2), get(1), get(2)]).await;
    let client = coalescing_client_of(&server);
    for organization in [ORGANIZATION, Organization { id: Uuid::from_u128(9), ..ORGANIZATION }] {
        for number in [1, 2] {
            let known = SipCredentials { id: Uuid::from_u128(number), ..found() };
            client.refresh_sip_credentials(&budget(), organization, &known).await.expect("found");
        }
    }
    assert_eq!(server.lines().len(), 5);
}

#[tokio::test]
async fn nothing_is_listed_where_that_is_turned_off() {
    let server = Server::start([1, 2, 3].map(get)).await;
    let client = client_of(&server);
    for number in [1, 2, 3] {
        read(&client, number).await;
    }
    assert_eq!(server.lines(), [1, 2, 3].map(get_line));
}

#[tokio::test]
async fn a_list_that_hangs_leaves_time_for_a_get() {
    let server = Server::start([get(1), Step::Hang, get(2)]).await;
    let client = coalescing_client_of(&server);
    read(&client, 1).await;
    let budget = Budget::new(Duration::from_secs(4), CancellationToken::new());
    read_within(&client, &budget, 2).await.expect("found");
    assert!(budget.remaining() > Duration::from_secs(2), "{:?} left", budget.remaining());
}

#[tokio::test]
async fn a_list_is_not_given_up_with_the_read_that_began_it() {
    let Step::Answer(slow) = page(0, 100, 2, [2, 3].map(whole)) else { unreachable!() };
    let server = Server::start([get(1), Step::Drip(slow)]).await;
    let client = coalescing_client_of(&server);
    read(&client, 1).await;
    server.arrival().await;
    let begins = tokio::spawn({
        let client = client.clone();
        async move { read(&client, 2).await }
    });
    server.arrival().await;
    begins.abort();
    read(&client, 3).await;
    assert_eq!(server.lines(), [get_line(1), list_line(0)]);
}

#[tokio::test]
async fn a_stop_ends_who_waits_for_a_list() {
    let server = Server::start([get(1), Step::Hang]).await;
    let client = coalescing_client_of(&server);
    read(&client, 1).await;
    server.arrival().await;
    let lists = tokio::spawn({
        let client = client.clone();
        async move { read(&client, 2).await }
    });
    server.arrival().await;
    let stop = CancellationToken::new();
    let budget = Budget::new(Duration::from_secs(60), stop.clone());
    let (waits, ()) = tokio::join!(read_within(&client, &budget, 3), async { stop.cancel() });
    assert_eq!(waits.expect_err("stopped").kind, ErrorKind::Stopped);
    assert!(budget.remaining() > Duration::from_secs(58), "{:?} left", budget.remaining());
    lists.abort();
}
