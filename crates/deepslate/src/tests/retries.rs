//! Which requests come how often.

use super::server::{Server, Step, answer, json};
use super::*;
use crate::{ErrorKind, GaveUp};

/// An answer that ends in the middle of its body.
fn cut() -> Step {
    Step::AnswerAndClose(format!("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{FOUND}"))
}

#[tokio::test]
async fn safe_requests_are_repeated() {
    let troubles = || {
        [
            answer("408 ", "", ""),
            answer("425 ", "", ""),
            answer("520 ", "", ""),
            answer("521 ", "", ""),
            answer("527 ", "", ""),
            answer("502 ", "", ""),
            answer("503 ", "", ""),
            answer("504 ", "", ""),
            answer("429 ", "", ""),
            Step::Drop,
            cut(),
        ]
    };
    let server = Server::start(troubles().into_iter().chain([json("200 OK", FOUND)])).await;
    assert_eq!(shown(collection_of(&server).get(&operation(), ID).await.expect("at last")), found());
    assert_eq!(server.lines(), vec![format!("GET {COLLECTION}/{ID}"); 12]);

    let before = [json("200 OK", FOUND)].into_iter();
    let server = Server::start(before.chain(troubles()).chain([answer("204 ", "", "")])).await;
    let updated = collection_of(&server).update(&operation(), ID, &found(), &request()).await;
    assert_eq!(updated.expect("at last").value, request());
    let bodies: Vec<_> = server.seen().into_iter().skip(1).map(|seen| seen.body).collect();
    assert!(bodies.len() == 12 && bodies.iter().all(|body| body == &bodies[0] && !body.is_empty()));

    let server = Server::start(troubles().into_iter().chain([answer("204 ", "", "")])).await;
    collection_of(&server).delete(&operation(), ID).await.expect("at last");
    assert_eq!(server.lines().len(), 12);
}

#[tokio::test]
async fn a_404_whose_body_breaks_off_is_tried_again() {
    let gone = r#"{"success":false}"#;
    let cut = Step::AnswerAndClose(format!("HTTP/1.1 404 \r\ncontent-length: 500\r\n\r\n{gone}"));
    let script = [cut, json("404 ", gone), json("404 ", gone), super::lists::page(0, 9, 1, [super::lists::full(9)])];
    let server = Server::start(script).await;
    collection_of(&server).delete(&operation(), ID).await.expect("gone");
    assert_eq!(server.lines().len(), 4);
}

#[tokio::test]
async fn an_attempt_that_timed_out_is_repeated() {
    let server = Server::start([Step::Hang, json("200 OK", FOUND)]).await;
    let collection = collection(Config { request_timeout: Duration::from_secs(1), ..config_of(&server) });
    assert_eq!(shown(collection.get(&operation(), ID).await.expect("at last")), found());
}

#[tokio::test]
async fn a_post_is_repeated_blindly_only_after_deepslates_429() {
    let server = server_for_create([json("429 ", r#"{"success":false}"#), json("200 OK", FOUND)]).await;
    let created = collection_of(&server).create(&operation(), &request()).await;
    assert_eq!(created.expect("at last").id, ID);

    for (trouble, kind) in [
        (answer("504 ", "", ""), ErrorKind::Unavailable),
        (Step::Drop, ErrorKind::ConnectionLost),
        (cut(), ErrorKind::ConnectionLost),
        (Step::AnswerAndClose("nonsense\r\n\r\n".to_owned()), ErrorKind::ConnectionLost),
    ] {
        let server = server_for_create([trouble]).await;
        let created = collection_of(&server).create(&operation(), &request()).await;
        let (error, _) = unknown(created);
        assert_eq!((&error.kind, error.gave_up, error.attempts), (&kind, GaveUp::Final, 1), "{error}");
        assert!(error.outcome_unknown());
        assert_eq!(server.lines(), [list_line(0), format!("POST {COLLECTION}"), list_line(0)]);
    }
}

#[tokio::test]
async fn a_post_on_a_kept_connection_that_breaks_is_not_sent_again() {
    let server = Server::start([json("200 OK", FOUND), answer("405 ", "", ""), Step::Drop]).await;
    let collection = collection_of(&server);
    collection.get(&operation(), ID).await.expect("found");
    let error = unknown(collection.create(&operation(), &request()).await).0;
    assert!(error.kind == ErrorKind::ConnectionLost && error.outcome_unknown());
    assert_eq!(server.lines().iter().filter(|line| line.starts_with("POST")).count(), 1);
}

#[tokio::test]
async fn an_open_outcome_stays_open_when_a_later_attempt_is_refused() {
    let server = Server::start([Step::Drop, json("409 ", r#"{"success":false}"#)]).await;
    let error = collection_of(&server).delete(&operation(), ID).await.expect_err("a conflict");
    assert!(error.kind == ErrorKind::Conflict && error.attempts == 2 && error.outcome_unknown());

    let server = Server::start([json("429 ", r#"{"success":false}"#), json("409 ", r#"{"success":false}"#)]).await;
    let error = collection_of(&server).delete(&operation(), ID).await.expect_err("a conflict");
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn a_requested_wait_may_be_longer_than_the_remaining_time() {
    let server = Server::start([answer("503 ", "retry-after: 3600\r\n", "")]).await;
    let error = collection_of(&server).get(&operation(), ID).await.expect_err("too long");
    assert_eq!((&error.kind, error.gave_up), (&ErrorKind::Unavailable, GaveUp::RetryAfter));
    assert_eq!(error.retry_after, Some(Duration::from_secs(3600)));
}

#[tokio::test]
async fn all_calls_hold_back_when_one_is_throttled() {
    let server = Server::start([answer("429 ", "retry-after: 3600\r\n", "")]).await;
    let collection = collection_of(&server);
    let error = collection.get(&operation(), ID).await.expect_err("too long");
    assert_eq!((&error.kind, error.gave_up, error.attempts), (&ErrorKind::Throttled, GaveUp::RetryAfter, 1));

    let error = collection.update(&operation(), ID, &found(), &request()).await.expect_err("too long");
    assert_eq!((&error.kind, error.gave_up, error.attempts), (&ErrorKind::Throttled, GaveUp::HeldBack, 0));
    assert!(!error.outcome_unknown() && error.retry_after > Some(Duration::from_secs(60)));
    assert_eq!(server.lines().len(), 1);
}

#[tokio::test]
async fn a_wait_until_a_date_is_counted_from_the_servers_own_clock() {
    let headers = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\nretry-after: Sun, 06 Nov 1994 09:49:37 GMT\r\n";
    let server = Server::start([answer("503 ", headers, "")]).await;
    let error = collection_of(&server).get(&operation(), ID).await.expect_err("too long");
    assert_eq!((error.gave_up, error.retry_after), (GaveUp::RetryAfter, Some(Duration::from_secs(3600))));
}
