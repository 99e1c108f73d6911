//! Lists: which requests they take, and what becomes of each answer.

use futures_util::{Stream, StreamExt, TryStreamExt};
use redaction::ForeignText;
use tokio::sync::Barrier;

use super::server::{Server, Step, answer, json};
use super::*;
use crate::{ErrorKind, GaveUp, Malformed, Object};

/// A complete item with this number.
pub(super) fn full(number: u128) -> String {
    let fields = r#""hostname":"sip.example","port":5060,"username":"u","maxAgentTasks":10"#;
    format!(r#"{{"id":"{}",{fields}}}"#, Uuid::from_u128(number))
}

/// An item with this number that lacks all but its host.
pub(super) fn partial(number: u128) -> String {
    format!(r#"{{"id":"{}","hostname":"sip.example","port":null}}"#, Uuid::from_u128(number))
}

/// The answer with a page of these items.
pub(super) fn page(number: u64, size: u64, total: u64, items: impl IntoIterator<Item = String>) -> Step {
    let items = items.into_iter().collect::<Vec<_>>().join(",");
    let paging =
        format!(r#""page":{number},"size":{size},"totalElements":{total},"totalPages":{}"#, total.div_ceil(size));
    json("200 OK", &format!(r#"{{"success":true,"timestamp":"","data":[{items}],{paging}}}"#))
}

fn any(_: &SipCredentials) -> bool {
    true
}

fn find() -> Step {
    Step::Find(Arc::new(Barrier::new(1)))
}

/// The numbers of what a list gave, and the error that ended it.
async fn drain(list: impl Stream<Item = Result<Object<SipCredentials>, Error>>) -> (Vec<u128>, Option<Error>) {
    let mut list = std::pin::pin!(list);
    let mut given = Vec::new();
    while let Some(item) = list.next().await {
        match item {
            Ok(Object { id, value }) => {
                assert_eq!(value, found());
                given.push(id.as_u128());
            }
            Err(error) => return (given, Some(error)),
        }
    }
    (given, None)
}

/// What a client lists from a server with this script, and the requests that it took.
async fn list(script: impl IntoIterator<Item = Step>) -> (Vec<u128>, Option<Error>, Vec<String>) {
    let server = Server::start(script).await;
    let (given, error) = drain(collection_of(&server).list(&operation(), any)).await;
    (given, error, server.lines())
}

fn kind(error: Option<Error>) -> ErrorKind {
    error.expect("an error").kind.clone()
}

#[tokio::test]
async fn reads_page_after_page_in_the_size_that_the_server_gives() {
    let pages =
        [page(0, 20, 45, (0..20).map(full)), page(1, 20, 45, (20..40).map(full)), page(2, 20, 45, (40..45).map(full))];
    let (given, error, lines) = list(pages).await;
    assert_eq!((given, error.is_none()), ((0..45).collect(), true));
    assert_eq!(lines, [list_line(0), list_line(1), list_line(2)]);

    let (given, error, lines) = list([page(0, 20, 0, [])]).await;
    assert_eq!((given, error.is_none(), lines.len()), (vec![], true, 1));
}

#[tokio::test]
async fn lists_all_objects_while_others_are_created_and_deleted() {
    // Once page 0 was read, object 0 goes, so that 2 slips there. Once it was read again, 4 comes before all others.
    let pages = [
        page(0, 2, 4, [0, 1].map(full)),
        page(1, 2, 3, [3].map(full)),
        page(0, 2, 3, [1, 2].map(full)),
        page(1, 2, 4, [2, 3].map(full)),
    ];
    let (given, error, lines) = list(pages).await;
    assert_eq!((given, error.is_none()), (vec![0, 1, 3, 2], true));
    assert_eq!(lines, [0, 1, 0, 1].map(list_line));
}

#[tokio::test]
async fn refuses_a_page_that_is_repeated() {
    let (given, error, _) = list([page(0, 2, 4, [0, 1].map(full)), page(0, 2, 4, [0, 1].map(full))]).await;
    assert_eq!(format!("GET {}", error.as_ref().expect("refused").path), list_line(1));
    assert_eq!((given, kind(error)), (vec![], ErrorKind::MalformedAnswer(Malformed::RepeatedPage { total: 4 })));
}

#[tokio::test]
async fn all_who_list_at_the_same_time_share_one_listing() {
    let server = Server::start([page(0, 2, 3, [0, 1].map(full)), page(1, 2, 3, [full(2)])]).await;
    let collection = collection_of(&server);
    let lists = (0..9).map(|_| {
        let collection = collection.clone();
        async move { drain(collection.list(&operation(), any)).await.0 }
    });
    assert_eq!(futures_util::future::join_all(lists).await, vec![vec![0, 1, 2]; 9]);
    let ids: Vec<_> = collection.ids(&operation()).try_collect().await.expect("listed");
    assert_eq!((ids.len(), server.lines().len()), (3, 2));
}

#[tokio::test]
async fn a_write_ends_a_shared_listing_and_so_does_a_failure() {
    let one = || page(0, 9, 1, [full(1)]);
    let gone = json("200 OK", r#"{"success":true,"data":null}"#);
    let server = Server::start([one(), gone, answer("403 ", "", ""), one()]).await;
    let (collection, operation) = (collection_of(&server), operation());
    assert_eq!(drain(collection.list(&operation, any)).await.0, [1]);
    collection.delete(&operation, ID).await.expect("deleted");
    assert_eq!(kind(drain(collection.list(&operation, any)).await.1), ErrorKind::Forbidden);
    assert_eq!(drain(collection.list(&operation, any)).await.0, [1]);
}

#[tokio::test]
async fn a_server_that_refuses_parameters_is_asked_with_fewer_and_that_is_remembered() {
    let query = |query: &str| format!("GET {COLLECTION}?{query}");
    let (all, size, none) = (list_line(0), query("page=0&size=100"), query("page=0"));
    let own = |status: &str| json(status, r#"{"success":false,"message":"unknown parameter"}"#);
    for refusal in [own("400 "), own("422 "), own("500 "), answer("400 ", "", "<html>")] {
        for (refusals, lines) in [
            (1, vec![all.clone(), size.clone(), query("page=1&size=100")]),
            (2, vec![all.clone(), size.clone(), none.clone(), query("page=1")]),
        ] {
            let pages = [page(0, 1, 2, [full(1)]), page(1, 1, 2, [full(2)])];
            let (given, _, seen) = list(vec![refusal.clone(); refusals].into_iter().chain(pages)).await;
            assert_eq!((given, seen), (vec![1, 2], lines));
        }
        let (_, error, seen) = list(vec![refusal; 3]).await;
        assert_eq!((error.is_some(), seen), (true, vec![all.clone(), size.clone(), none.clone()]));
    }
    // A gateway says nothing about parameters.
    for step in [answer("505 ", "", "<html>"), answer("403 ", "", ""), own("404 ")] {
        assert_eq!(list([step]).await.2, [list_line(0)]);
    }
}

#[tokio::test]
async fn completes_eight_items_at_once_and_keeps_their_order() {
    let crowd = Step::Find(Arc::new(Barrier::new(8)));
    let server = Server::start([page(0, 100, 24, (0..24).map(partial))].into_iter().chain(vec![crowd; 24])).await;
    let (given, error) = drain(collection_of(&server).list(&operation(), any)).await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((given, server.most_at_once(), server.lines().len()), ((0..24).collect(), 8, 25));
}

#[tokio::test]
async fn an_object_that_is_deleted_during_the_list_is_left_out() {
    let gone = json("404 ", r#"{"success":false}"#);
    let (given, error, _) = list([page(0, 9, 2, [full(1), partial(2)]), gone]).await;
    assert_eq!((given, error.is_none()), (vec![1], true));

    let (given, error, lines) = list([page(0, 9, 2, [full(1), partial(2)]), answer("404 ", "", "<html>")]).await;
    assert_eq!((given, kind(error)), (vec![1], ErrorKind::ForeignNotFound));
    assert_eq!(lines[1], format!("GET {COLLECTION}/{}", Uuid::from_u128(2)));
}

#[tokio::test]
async fn completes_only_what_may_be_wanted() {
    let hosted = |host: &'static str| {
        move |found: &SipCredentials| {
            found.hostname.as_ref().map(ForeignText::raw).is_none_or(|hostname| hostname == host)
        }
    };
    let named = |name: &'static str| {
        move |found: &SipCredentials| {
            found.username.as_ref().map(ForeignText::raw).is_none_or(|username| username == name)
        }
    };
    // Rejected before the GET, rejected after it, accepted. A full item needs no GET.
    let server = Server::start([page(0, 9, 1, [partial(1)])]).await;
    assert_eq!(drain(collection_of(&server).list(&operation(), hosted("x"))).await.0, []);
    for (name, expected) in [("x", vec![]), ("u", vec![1, 2])] {
        let server = Server::start([page(0, 9, 2, [partial(1), full(2)]), find()]).await;
        let (given, error) = drain(collection_of(&server).list(&operation(), named(name))).await;
        assert_eq!((given, error.is_none(), server.lines().len()), (expected, true, 2), "{name}");
    }
}

#[tokio::test]
async fn an_error_on_the_way_ends_it() {
    let first = || page(0, 2, 4, [0, 1].map(full));
    let (given, error, _) = list([first(), answer("403 ", "", "")]).await;
    assert_eq!((given, kind(error)), (vec![], ErrorKind::Forbidden));
    let (given, error, lines) = list([first(), answer("503 ", "", ""), page(1, 2, 4, [2, 3].map(full))]).await;
    assert_eq!((given, error.is_none(), lines.len()), (vec![0, 1, 2, 3], true, 3));

    let server = Server::start([page(0, 9, 2, [full(0), partial(1)]), answer("403 ", "", "")]).await;
    let (collection, operation) = (collection_of(&server), operation());
    let all: Vec<_> = collection.list(&operation, any).collect().await;
    assert_eq!(all.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, false]);
}

#[tokio::test]
async fn a_stop_or_the_end_of_the_operation_ends_it() {
    let [half, whole] = [4, 2].map(|total| page(0, 2, total, [full(0), partial(1)]));
    for (script, expected) in [(vec![Step::Hang], 0), (vec![half, Step::Hang], 0), (vec![whole, Step::Hang], 1)] {
        let length = script.len();
        let server = Server::start(script.clone()).await;
        let (collection, operation) = (collection_of(&server), operation());
        let ((given, error), ()) = tokio::join!(drain(collection.list(&operation, any)), async {
            while server.lines().len() < length {
                server.arrival().await;
            }
            operation.stop().cancel();
        });
        let error = error.expect("stopped");
        assert_eq!((given.len(), &error.kind, error.gave_up), (expected, &ErrorKind::Stopped, GaveUp::Stopped));

        let server = Server::start(script).await;
        let operation = operation_of(Duration::from_millis(500));
        let (_, error) = drain(collection_of(&server).list(&operation, any)).await;
        let error = error.expect("out of time");
        assert_eq!((&error.kind, error.gave_up, error.attempts), (&ErrorKind::TimedOut, GaveUp::OutOfTime, 1));
    }
}

#[tokio::test]
async fn a_server_without_lists_has_its_kinds() {
    for (step, expected) in [
        (answer("405 ", "", ""), ErrorKind::MethodNotAllowed),
        (answer("501 ", "", ""), ErrorKind::MethodNotAllowed),
        (answer("404 ", "", "<html>"), ErrorKind::ForeignNotFound),
        (json("404 ", r#"{"success":false}"#), ErrorKind::NotFound),
    ] {
        assert_eq!(kind(list([step]).await.1), expected);
    }
}

#[tokio::test]
async fn says_what_is_wrong_with_a_page() {
    let item = r#"{"id":"00000000-0000-0000-0000-000000000003"}"#;
    let good = format!(r#"{{"success":true,"data":[{item}],"page":0,"size":1,"totalElements":1}}"#);
    let reason = "expected a whole number of zero or more, got nothing";
    let missing = |name| Malformed::Field { name, reason: reason.to_owned() };
    for (from, to, malformed) in [
        ("true", "false", Malformed::NotSuccessful),
        (&format!("[{item}]"), "null", Malformed::NoList),
        (r#""page""#, r#""p""#, missing("page")),
        (r#""size""#, r#""s""#, missing("size")),
        (r#""totalElements""#, r#""total""#, missing("totalElements")),
    ] {
        let error = list([json("200 OK", &good.replacen(from, to, 1))]).await.1;
        assert_eq!(kind(error), ErrorKind::MalformedAnswer(malformed), "{to}");
    }
    assert_eq!(list([json("200 OK", &good), find()]).await.0, [3]);
}

#[tokio::test]
async fn one_odd_item_does_not_hide_the_others() {
    let odd = |from: &str, to: &str| full(2).replace(from, to);
    // An item without a usable ID is left out.
    for item in ["null".to_owned(), "7".to_owned(), odd("\"id\"", "\"ID\""), odd("00000000-0000", "x")] {
        let (given, error, _) = list([page(0, 9, 3, [full(1), item, full(3)])]).await;
        assert_eq!((given, error.is_none()), (vec![1, 3], true));
    }
    // Fields that nobody reads are not parsed.
    for field in [r#""x":1e999"#, r#""x":"\ud800""#, r#""x":[[[{}]]]"#] {
        let (given, _, lines) = list([page(0, 9, 2, [full(1), odd("\"port\"", &format!("{field},\"port\""))])]).await;
        assert_eq!((given, lines.len()), (vec![1, 2], 1));
    }
    // An unreadable field counts as missing, so a GET completes the item.
    for (from, to) in [("5060", "70000"), ("\"u\"", "7"), ("\"u\"", "null")] {
        let (given, _, lines) = list([page(0, 9, 2, [full(1), odd(from, to)]), find()]).await;
        assert_eq!((given, lines.len()), (vec![1, 2], 2));
    }
}
