//! Time, size, and being stopped.

use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Barrier;

use super::server::{Server, Step, answer, json};
use super::*;
use crate::http::PERMITS;
use crate::{ErrorKind, GaveUp, Malformed};

/// An answer of this many bytes.
fn padded(length: usize) -> Step {
    answer("200 OK", "", &format!("{FOUND}{}", " ".repeat(length - FOUND.len())))
}

#[tokio::test]
async fn an_answer_may_have_a_mebibyte_and_no_more() {
    let server = Server::start([padded(1 << 20), padded((1 << 20) + 1), Step::Endless]).await;
    let collection = collection_of(&server);
    collection.get(&operation(), ID).await.expect("1 MiB");
    for _ in 0..2 {
        let error = collection.get(&operation(), ID).await.expect_err("more");
        assert_eq!(error.kind, ErrorKind::MalformedAnswer(Malformed::TooLarge));
        assert_eq!((error.attempts, error.status), (1, Some(200)));
    }
}

#[tokio::test]
async fn an_attempt_ends_with_the_request_timeout() {
    let Step::Answer(drip) = json("200 OK", FOUND) else { unreachable!() };
    for step in [Step::Hang, Step::Drip(drip)] {
        let server = server_for_create([step]).await;
        let collection = collection(Config { request_timeout: Duration::from_secs(1), ..config_of(&server) });
        let (error, _) = unknown(collection.create(&operation(), &request()).await);
        assert_eq!((&error.kind, error.gave_up), (&ErrorKind::TimedOut, GaveUp::Final));
        assert!(error.outcome_unknown());
        assert_eq!(server.lines(), [list_line(0), format!("POST {COLLECTION}"), list_line(0)]);
    }
}

#[tokio::test]
async fn an_attempt_ends_with_the_operation() {
    let server = Server::start([Step::Hang]).await;
    let operation = operation_of(Duration::from_millis(200));
    let error = collection_of(&server).get(&operation, ID).await.expect_err("no time");
    assert_eq!((&error.kind, error.gave_up, error.attempts), (&ErrorKind::TimedOut, GaveUp::OutOfTime, 1));
}

#[tokio::test]
async fn nothing_is_sent_once_the_operation_has_ended() {
    let server = Server::start([]).await;
    let stopped = operation();
    stopped.stop().cancel();
    let spent = operation_of(Duration::ZERO);
    for (operation, kind, gave_up) in
        [(stopped, ErrorKind::Stopped, GaveUp::Stopped), (spent, ErrorKind::TimedOut, GaveUp::OutOfTime)]
    {
        let (error, searched) = not_made(collection_of(&server).create(&operation, &request()).await);
        assert_eq!((&error.kind, error.gave_up, error.attempts), (&kind, gave_up, 0));
        assert!(!searched && !error.outcome_unknown());
    }
    assert!(server.lines().is_empty());
}

#[tokio::test]
async fn a_stop_ends_a_read_at_once() {
    let server = Server::start([Step::Hang]).await;
    let (collection, operation) = (collection_of(&server), operation());
    let (outcome, ()) = tokio::join!(collection.get(&operation, ID), async {
        server.arrival().await;
        operation.stop().cancel();
    });
    let error = outcome.expect_err("stopped");
    assert_eq!((&error.kind, error.gave_up), (&ErrorKind::Stopped, GaveUp::Stopped));
}

#[tokio::test]
async fn a_stop_awaits_a_write_and_sends_nothing_new() {
    let Step::Answer(created) = json("200 OK", FOUND) else { unreachable!() };
    let server = server_for_create([Step::Drip(created), json("200 OK", FOUND), answer("503 ", "", "")]).await;
    let (collection, operation) = (collection_of(&server), operation());
    let stop = async {
        while server.lines().len() < 2 {
            server.arrival().await;
        }
        operation.stop().cancel();
    };
    let request = request();
    let (created, ()) = tokio::join!(collection.create(&operation, &request), stop);
    assert_eq!(created.expect("awaited").id, ID);

    let operation = super::operation();
    let stop = async {
        while server.lines().len() < 4 {
            server.arrival().await;
        }
        operation.stop().cancel();
    };
    let before = found();
    let (updated, ()) = tokio::join!(collection.update(&operation, ID, &before, &request), stop);
    let error = updated.expect_err("not again");
    assert_eq!((&error.kind, error.gave_up, error.attempts), (&ErrorKind::Unavailable, GaveUp::Stopped, 1));
}

#[tokio::test]
async fn the_end_of_the_process_leaves_the_outcome_of_a_write_open() {
    let server = server_for_create([Step::Hang, json("200 OK", FOUND), Step::Hang]).await;
    let (collection, request) = (collection_of(&server), request());
    let before = found();
    for written in [2, 4] {
        let stop = CancellationToken::new();
        let deadline = Instant::now() + Duration::from_secs(60);
        let operation = Operation::new(deadline, stop.clone(), stop.clone());
        let end = async {
            while server.lines().len() < written {
                server.arrival().await;
            }
            stop.cancel();
        };
        let write = async {
            match written {
                2 => collection.create(&operation, &request).await.map(drop).map_err(cause),
                _ => collection.update(&operation, ID, &before, &request).await.map(drop),
            }
        };
        let (outcome, ()) = tokio::join!(write, end);
        let error = outcome.expect_err("given up");
        assert_eq!((&error.kind, error.gave_up, error.attempts), (&ErrorKind::Stopped, GaveUp::Stopped, 1));
        assert!(error.outcome_unknown());
    }
    assert_eq!(server.lines().len(), 4, "nothing new is sent");
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_gets_a_few_attempts() {
    // Bound, so that no other process uses the port, but not listening.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
    let address = socket.local_addr().expect("bound");
    let collection = collection(config(&format!("http://{address}"), Duration::from_secs(30)));
    let error = not_made(collection.create(&operation(), &request()).await).0;
    let expected = (&ErrorKind::ConnectionRefused, 4, GaveUp::Unreachable);
    assert_eq!((&error.kind, error.attempts, error.gave_up), expected, "{error}");
    assert!(error.cause.is_some() && !error.outcome_unknown());
}

#[tokio::test]
async fn a_server_without_tls_is_not_tried_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    tokio::spawn(async move {
        while let Ok((mut connection, _)) = listener.accept().await {
            let _ = tokio::io::AsyncWriteExt::write_all(&mut connection, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        }
    });
    let collection = collection(config(&format!("https://{address}"), Duration::from_secs(30)));
    let error = not_made(collection.create(&operation(), &request()).await).0;
    assert_eq!((&error.kind, error.attempts, error.gave_up), (&ErrorKind::Tls, 1, GaveUp::Final), "{error}");
    assert!(!error.outcome_unknown());
}

#[tokio::test]
async fn a_client_that_cannot_be_set_up_is_an_error_of_the_request() {
    let server = Server::start([]).await;
    let config = Config { user_agent: "two\nlines".to_owned(), ..config_of(&server) };
    let error = collection(config).get(&operation(), ID).await.expect_err("no client");
    assert_eq!(error.kind, ErrorKind::Setup);
}

#[test]
fn calls_may_run_on_any_thread() {
    fn check<T: Send>(_: &T) {}
    let (collection, operation, request) =
        (collection(config("https://h.invalid", Duration::ZERO)), operation(), request());
    check(&collection.create(&operation, &request));
    check(&collection.get(&operation, ID));
    check(&collection.update(&operation, ID, &request, &request));
    check(&collection.delete(&operation, ID));
    check(&collection.refresh(&operation, ID, &request));
    check(&collection.list(&operation, |_| true));
    check(&collection.ids(&operation));
}

#[tokio::test]
async fn some_of_many_calls_wait_for_a_connection() {
    let crowd = Step::Find(Arc::new(Barrier::new(PERMITS)));
    let server = Server::start(vec![crowd; 3 * PERMITS]).await;
    let (collection, operation) = (collection_of(&server), operation());
    let calls = (0..3 * PERMITS).map(|_| collection.get(&operation, ID));
    futures_util::future::try_join_all(calls).await.expect("all are found");
    assert_eq!(server.most_at_once(), PERMITS);
}
