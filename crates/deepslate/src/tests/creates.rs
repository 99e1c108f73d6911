//! What is sent after a create with an unknown outcome, and how the create ends.

use std::collections::HashSet;

use super::server::{Server, Step, answer, json};
use super::*;
use crate::{ErrorKind, GaveUp, Malformed};

pub(super) const OTHER: &str = "00000000-0000-0000-0000-000000000009";

/// An item that matches [`request`], in another spelling.
pub(super) fn item(id: &str) -> String {
    format!(r#"{{"id":"{id}","hostname":"SIP.Example.","port":5060,"username":"u","maxAgentTasks":10}}"#)
}

pub(super) fn page(items: &[String]) -> Step {
    let (count, items) = (items.len(), items.join(","));
    json("200 OK", &format!(r#"{{"success":true,"data":[{items}],"page":0,"size":100,"totalElements":{count}}}"#))
}

fn post() -> String {
    format!("POST {COLLECTION}")
}

fn one(method: &str) -> String {
    format!("{method} {COLLECTION}/{ID}")
}

/// A failure in Deepslate's envelope.
fn failure(status: &str) -> Step {
    json(status, r#"{"success":false,"message":"no"}"#)
}

async fn create(server: &Server) -> Result<Created<SipCredentials>, CreateError> {
    collection_of(server).create(&operation(), &request()).await
}

#[tokio::test]
async fn the_one_candidate_is_adopted_and_replaced() {
    let id = ID.to_string();
    let server = Server::start([
        page(&[item(OTHER)]),
        Step::Drop,
        page(&[item(OTHER), item(&id), item("00000000-0000-0000-0000-000000000007").replace("5060", "5061")]),
        json("200 OK", FOUND),
    ])
    .await;
    let created = create(&server).await.expect("adopted");
    assert_eq!((created.id, created.object.expect("replaced")), (ID, found()));
    assert_eq!(created.adopted_after.expect("told").kind, ErrorKind::ConnectionLost);
    assert_eq!(server.lines(), [list_line(0), post(), list_line(0), one("PUT")]);
    let seen = server.seen();
    assert_eq!(seen[1].body, seen[3].body);
}

#[tokio::test]
async fn partial_items_are_completed_and_so_is_an_answer_without_the_object() {
    let id = ID.to_string();
    let summary = |id: &str, host: &str| format!(r#"{{"id":"{id}","hostname":"{host}"}}"#);
    let server = server_for_create([
        answer("500 ", "", ""),
        page(&[summary(&id, "sip.example"), summary(OTHER, "another.example")]),
        json("200 OK", FOUND),
        answer("204 ", "", ""),
        json("200 OK", FOUND),
    ])
    .await;
    let created = create(&server).await.expect("adopted");
    assert_eq!((created.id, created.object.expect("read")), (ID, found()));
    assert_eq!(server.lines(), [list_line(0), post(), list_line(0), one("GET"), one("PUT"), one("GET")]);
}

#[tokio::test]
async fn a_failed_replacement_keeps_the_id() {
    let refused = json("400 ", r#"{"success":false,"message":"no"}"#);
    let server = server_for_create([Step::Drop, page(&[item(&ID.to_string())]), refused]).await;
    let created = create(&server).await.expect("adopted");
    assert_eq!((created.id, &created.object.expect_err("refused").kind), (ID, &ErrorKind::Invalid));
    assert!(created.adopted_after.is_some());
}

#[tokio::test]
async fn a_request_that_made_nothing_is_sent_again() {
    for trouble in [answer("503 ", "", ""), answer("502 ", "", "<html>"), failure("500 "), failure("504 ")] {
        let nothing = || [page(&[]), page(&[]), page(&[])];
        let script = [trouble].into_iter().chain(nothing()).chain([failure("500 ")]).chain(nothing());
        let server = server_for_create(script.chain([json("201 Created", FOUND)])).await;
        let created = create(&server).await.expect("at last");
        assert!(created.id == ID && created.adopted_after.is_none());
        let (list, post) = (list_line(0), post());
        let round = [post.clone(), list.clone(), list.clone(), list.clone()];
        assert_eq!(server.lines(), [&[list][..], &round, &round, &[post]].concat());
    }

    let refused = json("400 ", r#"{"success":false}"#);
    let nothing = [page(&[]), page(&[]), page(&[])];
    let script = [answer("503 ", "", "")].into_iter().chain(nothing).chain([refused, page(&[])]);
    let server = server_for_create(script).await;
    let (error, searched) = not_made(create(&server).await);
    assert_eq!((&error.kind, error.attempts, error.outcome_unknown()), (&ErrorKind::Invalid, 2, false));
    assert!(!searched, "the refusal itself says that nothing was made");
    assert_eq!(server.lines().len(), 7);
}

#[tokio::test]
async fn an_object_that_a_repeated_request_conflicts_with_is_never_adopted() {
    let id = ID.to_string();
    for (found, expected) in
        [(vec![item(&id)], vec![ID]), (vec![item(&id), item(OTHER)], vec![ID, Uuid::from_u128(9)]), (vec![], vec![])]
    {
        let failed = [answer("503 ", "", ""), page(&[]), page(&[]), page(&[])];
        let server = server_for_create(failed.into_iter().chain([failure("409 "), page(&found)])).await;
        let (error, found) = unknown(create(&server).await);
        assert_eq!((&error.kind, server.lines().len()), (&ErrorKind::Conflict, 7));
        match found {
            Found::Candidates(ids) => assert_eq!(ids, expected),
            Found::Nothing => assert!(expected.is_empty()),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn a_refusal_of_deepslate_itself_needs_no_search() {
    for status in ["200 OK", "201 Created", "307 ", "400 ", "403 ", "404 ", "408 ", "409 ", "422 ", "501 "] {
        let server = server_for_create([failure(status)]).await;
        let (error, searched) = not_made(create(&server).await);
        assert!(!searched && !error.outcome_unknown(), "{status}");
        assert_eq!(server.lines(), [list_line(0), post()], "{status}");
    }
}

#[tokio::test]
async fn an_object_that_a_refusal_names_is_a_candidate_and_not_created() {
    for status in ["200 OK", "201 Created", "400 ", "409 "] {
        let refused = json(status, &FOUND.replace("true", "false"));
        let server = server_for_create([refused]).await;
        let (error, found) = unknown(create(&server).await);
        assert!(matches!(found, Found::Named(ID)) && !error.outcome_unknown(), "{status}: {found:?}");
        assert_eq!(server.lines(), [list_line(0), post()], "{status}");
    }
}

#[tokio::test]
async fn a_refusal_that_is_not_deepslates_is_searched_for_before_it_is_believed() {
    let id = ID.to_string();
    let page_of_a_gateway = |status: &str| answer(status, "content-type: text/html\r\n", "<html>");
    for status in ["302 ", "400 ", "401 ", "403 ", "404 ", "408 ", "413 ", "425 ", "429 "] {
        let script = [page_of_a_gateway(status), page(&[]), page(&[item(&id)]), json("200 OK", FOUND)];
        let server = server_for_create(script).await;
        assert_eq!(create(&server).await.expect("adopted").id, ID, "{status}");
        let list = list_line(0);
        assert_eq!(server.lines(), [list.clone(), post(), list.clone(), list, one("PUT")], "{status}");
    }
    for (status, again) in [("403 ", false), ("302 ", false), ("408 ", true), ("425 ", true), ("429 ", true)] {
        for script in [vec![page(&[]), page(&[]), page(&[])], vec![page_of_a_gateway(status)]] {
            let searches = script.len();
            let script = [page_of_a_gateway(status)].into_iter().chain(script).chain([json("201 Created", FOUND)]);
            let server = server_for_create(script).await;
            let created = create(&server).await;
            if again {
                assert_eq!(created.expect("sent again").id, ID, "{status}");
            } else {
                assert_eq!(not_made(created).1, searches == 3, "{status}");
            }
            assert_eq!(server.lines().len(), 2 + searches + usize::from(again), "{status}");
        }
    }
}

#[tokio::test]
async fn a_create_that_never_reached_the_origin_is_sent_again_at_once() {
    for status in ["521 ", "523 ", "525 ", "526 ", "530 "] {
        let server = server_for_create([answer(status, "", "<html>"), json("201 Created", FOUND)]).await;
        assert_eq!(create(&server).await.expect("made").id, ID, "{status}");
        assert_eq!(server.lines(), [list_line(0), post(), post()]);
    }
}

#[tokio::test]
async fn without_time_to_search_long_enough_a_failed_create_is_not_sent_again() {
    let server = server_for_create([failure("503 "), page(&[]), page(&[]), page(&[])]).await;
    let waits = Waits { random: || 0.0, list_lag: Duration::from_secs(4) };
    let client = Client::with_waits(config_of(&server), waits);
    let created = client.collection(ORGANIZATION).create(&operation_of(Duration::from_secs(2)), &request()).await;
    let (error, found) = unknown(created);
    assert!(matches!(found, Found::Nothing), "{found:?}");
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("POST")).count(), 1);
}

#[tokio::test]
async fn without_a_reported_failure_the_object_is_searched_for_until_it_appears() {
    let done = answer("303 See Other", "location: /done\r\n", "");
    for trouble in [Step::Drop, answer("504 ", "", ""), json("201 Created", "%"), answer("201 ", "", ""), done] {
        let server =
            server_for_create([trouble, page(&[]), page(&[]), page(&[item(&ID.to_string())]), json("200 OK", FOUND)])
                .await;
        assert_eq!(create(&server).await.expect("adopted").id, ID);
        let list = list_line(0);
        assert_eq!(server.lines(), [list.clone(), post(), list.clone(), list.clone(), list, one("PUT")]);
    }
}

#[tokio::test]
async fn an_outcome_that_stays_unknown_is_left_to_the_user() {
    let (id, other) = (ID.to_string(), Uuid::from_u128(9));
    let missing = || answer("405 ", "", "");
    for (before, after, expected) in [
        (page(&[]), page(&[item(&id), item(OTHER)]), Some(vec![ID, other])),
        (missing(), page(&[item(&id)]), Some(vec![ID])),
        (missing(), missing(), None),
        (answer("404 ", "", "<html>"), answer("404 ", "", "<html>"), None),
        (page(&[]), answer("403 ", "", ""), None),
    ] {
        let server = Server::start([before, Step::Drop, after]).await;
        let (error, found) = unknown(create(&server).await);
        assert!(error.kind == ErrorKind::ConnectionLost && error.outcome_unknown());
        match expected {
            Some(expected) => assert_eq!(candidates(found), expected),
            None => assert!(matches!(found, Found::NotSearched(Some(_))), "{found:?}"),
        }
        assert_eq!(server.lines(), [list_line(0), post(), list_line(0)]);
    }
}

#[tokio::test]
async fn an_object_that_does_not_show_in_time_may_still_appear() {
    let server = server_for_create([Step::Drop, page(&[]), page(&[]), page(&[])]).await;
    let collection = client_with_random(config_of(&server), || 1.0).collection(ORGANIZATION);
    // Half of this is enough for waits of 0.5 s and 1 s, but not for one of 2 s.
    let created = collection.create(&operation_of(Duration::from_secs(5)), &request()).await;
    let (error, found) = unknown(created);
    assert_eq!(error.kind, ErrorKind::ConnectionLost);
    assert!(matches!(found, Found::Nothing), "{found:?}");
    let list = list_line(0);
    assert_eq!(server.lines(), [list.clone(), post(), list.clone(), list.clone(), list]);
}

#[tokio::test]
async fn creates_of_a_client_share_a_list_and_matching_ones_wait_for_each_other() {
    let (id, other) = (ID.to_string(), Uuid::from_u128(9));
    let script = [
        Step::Drop,
        page(&[item(&id)]),
        json("200 OK", FOUND),
        Step::Drop,
        page(&[item(&id), item(OTHER)]),
        json("200 OK", &FOUND.replace(&id, OTHER)),
    ];
    let server = server_for_create(script).await;
    let (collection, operation, request) = (collection_of(&server), operation(), request());
    let create = || collection.create(&operation, &request);
    let (one, another) = tokio::join!(create(), create());
    let ids = [one, another].map(|created| created.expect("adopted").id);
    assert_eq!(HashSet::from(ids), HashSet::from([ID, other]));
    let methods: Vec<_> =
        server.lines().iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect();
    assert_eq!(methods, ["GET", "POST", "GET", "PUT", "POST", "GET", "PUT"]);
}

#[tokio::test]
async fn an_adopted_object_is_no_candidate_of_the_next_create() {
    let (id, other) = (ID.to_string(), Uuid::from_u128(9));
    let missing = answer("405 ", "", "");
    let (first, second) = (page(&[item(&id)]), page(&[item(&id), item(OTHER)]));
    let server = Server::start([missing, Step::Drop, first, Step::Drop, second, answer("204 ", "", "")]).await;
    let (collection, operation, request) = (collection_of(&server), operation(), request());
    assert_eq!(candidates(unknown(collection.create(&operation, &request).await).1), [ID]);
    // The list after the first is the record of what existed before the second.
    assert_eq!(collection.create(&operation, &request).await.expect("adopted").id, other);
}

#[tokio::test]
async fn after_a_record_that_failed_the_next_create_makes_one() {
    let script = [answer("505 ", "", ""), json("201 ", FOUND), page(&[item(&ID.to_string())]), Step::Drop];
    let found = page(&[item(&ID.to_string()), item(OTHER)]);
    let server = Server::start(script.into_iter().chain([found, answer("204 ", "", "")])).await;
    let (collection, operation, request) = (collection_of(&server), operation(), request());
    let first = collection.create(&operation, &request).await.expect("made");
    let second = collection.create(&operation, &request).await.expect("adopted");
    assert_eq!((first.id, second.id.to_string()), (ID, OTHER.to_owned()));
}

#[tokio::test]
async fn after_a_stop_the_search_goes_on_for_a_while_and_what_it_finds_is_adopted() {
    let (id, empty) = (ID.to_string(), || vec![page(&[]); 20]);
    for (script, found) in [
        (vec![Step::Hang, page(&[item(&id)]), json("200 OK", FOUND)], true),
        (vec![Step::Hang, page(&[]), page(&[item(&id)]), json("200 OK", FOUND)], true),
        ([vec![Step::Hang], empty()].concat(), false),
        (vec![answer("503 ", "", ""), Step::Hang, page(&[item(&id)]), json("200 OK", FOUND)], true),
        ([vec![answer("503 ", "", ""), Step::Hang], empty()].concat(), false),
    ] {
        let requests = 1 + script.len();
        let hangs = script.iter().position(|step| matches!(step, Step::Hang)).expect("one") + 2;
        let server = server_for_create(script).await;
        let collection = collection(Config { request_timeout: Duration::from_secs(1), ..config_of(&server) });
        let (operation, request) = (operation(), request());
        let stop = async {
            while server.lines().len() < hangs {
                server.arrival().await;
            }
            operation.stop().cancel();
        };
        let (created, ()) = tokio::join!(collection.create(&operation, &request), stop);
        assert_eq!(server.lines().len() == requests, found);
        match created {
            Ok(created) => assert!(found && created.object.is_ok()),
            created => assert!(!found && matches!(unknown(created).1, Found::Nothing)),
        }
    }
}

#[tokio::test]
async fn the_create_lock_is_not_awaited_longer_than_the_operation() {
    let server = server_for_create([Step::Hang]).await;
    let (collection, long, request) = (collection_of(&server), operation(), request());
    let short = operation_of(Duration::from_millis(300));
    let first = collection.create(&long, &request);
    let second = async {
        while server.lines().len() < 2 {
            server.arrival().await;
        }
        collection.create(&short, &request).await
    };
    let (error, searched) = tokio::select! {
        _ = first => unreachable!("it hangs"),
        second = second => not_made(second),
    };
    assert_eq!((&error.kind, error.attempts, searched), (&ErrorKind::TimedOut, 0, false));
    assert_eq!(server.lines().len(), 2);
}

#[tokio::test]
async fn an_answer_with_the_id_of_a_known_object_ends_the_search_at_once() {
    let other = Uuid::from_u128(9);
    let wrong = || json("201 Created", &FOUND.replace(&ID.to_string(), OTHER));
    // It was there before.
    let server = Server::start([page(&[item(OTHER)]), wrong()]).await;
    let (error, found) = unknown(create(&server).await);
    assert!(matches!(found, Found::Named(id) if id == other), "{found:?}");
    assert_eq!(error.kind, ErrorKind::MalformedAnswer(Malformed::OtherId(other)));
    assert_eq!(server.lines().len(), 2);
    // Another create made it.
    let server = server_for_create([wrong(), wrong()]).await;
    let (collection, operation, request) = (collection_of(&server), operation(), request());
    assert_eq!(collection.create(&operation, &request).await.expect("created").id, other);
    let (_, found) = unknown(collection.create(&operation, &request).await);
    assert!(matches!(found, Found::Named(id) if id == other), "{found:?}");
}

#[tokio::test]
async fn a_slow_list_does_not_use_up_the_time_of_another_create() {
    let server = Server::start([Step::Hang, json("201 Created", FOUND)]).await;
    let (collection, long, request) = (collection_of(&server), operation(), request());
    let unlike = SipCredentials { port: Some(5061), ..request.clone() };
    let short = operation_of(Duration::from_secs(2));
    let first = collection.create(&long, &request);
    let second = async {
        server.arrival().await;
        collection.create(&short, &unlike).await
    };
    let created = tokio::select! {
        _ = first => unreachable!("it hangs"),
        second = second => second.expect("created without a list"),
    };
    assert_eq!(created.id, ID);
}

#[tokio::test]
async fn a_wait_longer_than_the_remaining_time_ends_the_operation() {
    let server =
        server_for_create([answer("503 ", "retry-after: 3600\r\n", ""), page(&[]), page(&[]), page(&[])]).await;
    let (error, searched) = not_made(create(&server).await);
    assert_eq!((&error.kind, error.gave_up), (&ErrorKind::Unavailable, GaveUp::RetryAfter));
    assert_eq!((searched, error.attempts, server.lines().len()), (true, 1, 5));
}

#[tokio::test]
async fn a_server_that_restarts_is_asked_once_it_is_back() {
    let script = [Step::Restart, page(&[item(&ID.to_string())]), json("200 OK", FOUND)];
    let server = server_for_create(script).await;
    let collection = client_with_random(config_of(&server), || 0.05).collection(ORGANIZATION);
    let created = collection.create(&operation(), &request()).await;
    assert_eq!(created.expect("adopted").id, ID);
}
