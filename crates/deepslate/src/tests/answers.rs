//! What becomes of each answer.

use http::Method;

use super::server::{Server, Step, answer, json};
use super::*;
use crate::{ErrorDetails, ErrorKind, Malformed};

#[tokio::test]
async fn sends_what_the_api_documents() {
    let gone = r#"{"success":true,"timestamp":"","data":null}"#;
    let script = [
        json("201 Created", FOUND),
        json("200 OK", FOUND),
        json("200 OK", FOUND),
        json("200 OK", FOUND),
        json("200 OK", gone),
    ];
    let server = server_for_create(script).await;
    let collection = collection(config(&format!("http://{}/prefix/", server.address), Duration::from_secs(30)));
    let created = collection.create(&operation(), &request()).await.expect("created");
    assert_eq!((created.id, created.object.expect("readable")), (ID, found()));
    assert_eq!(shown(collection.get(&operation(), ID).await.expect("found")), found());
    let updated = collection.update(&operation(), ID, &found(), &request()).await.expect("updated");
    assert_eq!(updated.value, found());
    collection.delete(&operation(), ID).await.expect("deleted");

    let one = |method: &str| format!("{method} /prefix{COLLECTION}/{ID}");
    let list = list_line(0).replace(COLLECTION, &format!("/prefix{COLLECTION}"));
    assert_eq!(
        server.lines(),
        [list, format!("POST /prefix{COLLECTION}"), one("GET"), one("GET"), one("PUT"), one("DELETE")]
    );
    let seen = &server.seen()[1..];
    for (index, seen) in seen.iter().enumerate() {
        let head = seen.head.to_ascii_lowercase();
        assert!(head.contains("\r\nauthorization: bearer key/+1\r\n"), "{head}");
        assert!(head.contains("\r\nuser-agent: test/1\r\n"), "{head}");
        assert!(head.contains("\r\naccept: application/json\r\n"), "{head}");
        assert_eq!(head.contains("\r\ncontent-type: application/json\r\n"), [0, 3].contains(&index), "{head}");
    }
    let body = r#"{"hostname":"sip.example","port":5060,"username":"u","password":"p\"ä xx\\","maxAgentTasks":10}"#;
    assert_eq!(seen.iter().map(|seen| seen.body.as_str()).collect::<Vec<_>>(), [body, "", "", body, ""]);
}

/// The outcome of a call with this answer.
async fn call(method: &Method, step: Step) -> Result<Option<SipCredentials>, Error> {
    let server = match *method {
        Method::POST => server_for_create([step]).await,
        Method::PUT => Server::start([json("200 OK", FOUND), step]).await,
        _ => Server::start([step]).await,
    };
    let collection = collection_of(&server);
    match method.as_str() {
        "POST" => {
            let created = collection.create(&operation(), &request()).await;
            created.map_err(cause).and_then(|created| created.object).map(Some)
        }
        "GET" => collection.get(&operation(), ID).await.map(|outcome| Some(shown(outcome))),
        "PUT" => collection.update(&operation(), ID, &found(), &request()).await.map(|shown| Some(shown.value)),
        _ => collection.delete(&operation(), ID).await.map(|_| None),
    }
}

const METHODS: [Method; 4] = [Method::POST, Method::GET, Method::PUT, Method::DELETE];

#[tokio::test]
async fn each_status_has_its_kind() {
    let own = r#"{"success":false,"timestamp":"","message":"nope","traceId":"t-1"}"#;
    for (status, body, kind, unknown) in [
        ("400 ", own, ErrorKind::Invalid, false),
        ("422 ", own, ErrorKind::Invalid, false),
        ("401 ", own, ErrorKind::Unauthorized, false),
        ("403 ", own, ErrorKind::Forbidden, false),
        ("404 ", "<html>", ErrorKind::ForeignNotFound, false),
        ("404 ", "", ErrorKind::ForeignNotFound, false),
        ("404 ", r#"{"error":"Not Found"}"#, ErrorKind::ForeignNotFound, false),
        ("404 ", r#"{"success":true}"#, ErrorKind::ForeignNotFound, false),
        ("405 ", "", ErrorKind::MethodNotAllowed, false),
        ("501 ", "", ErrorKind::MethodNotAllowed, false),
        ("409 ", own, ErrorKind::Conflict, false),
        ("418 ", own, ErrorKind::UnexpectedStatus, false),
        ("600 ", own, ErrorKind::UnexpectedStatus, true),
        ("500 ", own, ErrorKind::Unavailable, true),
        ("505 ", "<html>", ErrorKind::Unavailable, true),
    ] {
        for method in METHODS {
            let error = call(&method, json(status, body)).await.expect_err(status);
            assert_eq!(error.kind, kind, "{method} {status}");
            // A response without the envelope is a gateway's refusal, perhaps after the work. For a create, the list
            // shows the outcome.
            let of_gateway = body != own && matches!(method, Method::PUT | Method::DELETE);
            let unknown = (unknown || of_gateway) && method != Method::GET;
            assert_eq!(error.outcome_unknown(), unknown, "{method} {status}");
            let expected = if body == own { (Some("nope"), Some("t-1")) } else { (None, None) };
            assert_eq!(
                (
                    error.message.as_ref().map(redaction::Shown::as_line),
                    error.trace_id.as_ref().map(redaction::Shown::as_line)
                ),
                expected,
                "{method} {status}"
            );
            assert_eq!(error.status.map(|status| format!("{status} ")).as_deref(), Some(status));
            assert_eq!((&error.method, error.attempts), (&method, 1));
        }
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let step = answer("302 Found", "location: https://elsewhere.example/login?token=x\r\n", "");
    let error = call(&Method::GET, step).await.expect_err("a redirect");
    let ErrorKind::Redirected { location } = &error.kind else { panic!("{error}") };
    assert_eq!(location.as_ref().map(redaction::Shown::as_line), Some("https://elsewhere.example/login"));
}

#[tokio::test]
async fn a_success_that_is_not_usable_is_malformed() {
    let data = |data: &str| format!(r#"{{"success":true,"data":{data}}}"#);
    let field = |name, reason: &str| Malformed::Field { name, reason: reason.to_owned() };
    for (body, expected) in [
        ("<html>".to_owned(), Malformed::NotJson),
        (FOUND.replace("true", "false"), Malformed::NotSuccessful),
        (FOUND.replace("\"success\":true,", ""), Malformed::NoEnvelope),
        (data("[]"), Malformed::NoData),
        (data("{}"), field("id", "expected a UUID, got nothing")),
        (data(r#"{"id":7}"#), field("id", "expected a UUID, got another number")),
    ] {
        for method in [Method::POST, Method::GET, Method::PUT] {
            let error = call(&method, json("200 OK", &body)).await.expect_err(&body);
            assert_eq!(error.kind, ErrorKind::MalformedAnswer(expected.clone()), "{method} {body}");
            // Deepslate refused the create; what it did with an update, it does not say.
            let refused = method == Method::POST && expected == Malformed::NotSuccessful;
            assert_eq!(error.outcome_unknown(), method != Method::GET && !refused, "{method} {body}");
            assert_eq!(error.attempts, 1);
        }
    }
    for body in ["<html>", r#"{"success":false}"#, "[]"] {
        assert!(call(&Method::DELETE, json("200 OK", body)).await.expect_err(body).outcome_unknown());
    }
}

#[tokio::test]
async fn an_answer_about_another_object_is_malformed() {
    let other = Uuid::from_u128(9);
    let body = FOUND.replace(&ID.to_string(), &other.to_string());
    for method in [Method::GET, Method::PUT] {
        let error = call(&method, json("200 OK", &body)).await.expect_err("another object");
        assert_eq!(error.kind, ErrorKind::MalformedAnswer(Malformed::OtherId(other)));
    }
}

#[tokio::test]
async fn an_empty_answer_suits_a_write_to_a_known_object_only() {
    for step in [
        answer("204 No Content", "", ""),
        answer("202 Accepted", "", ""),
        json("200 OK", r#"{"success":true,"data":null}"#),
    ] {
        for method in [Method::PUT, Method::DELETE] {
            let outcome = call(&method, step.clone()).await.expect("a success");
            // Values that the answer leaves out are those of the request.
            assert_eq!(outcome, (method == Method::PUT).then(request));
        }
        for method in [Method::GET, Method::POST] {
            let error = call(&method, step.clone()).await.expect_err("nothing");
            assert_eq!(error.kind, ErrorKind::MalformedAnswer(Malformed::NoData));
        }
    }
}

#[tokio::test]
async fn a_created_object_is_never_lost_to_an_odd_answer() {
    for body in [FOUND.replace("5060", "70000"), format!(r#"{{"success":true,"data":{{"id":"{ID}"}}}}"#)] {
        let server = server_for_create([json("200 OK", &body)]).await;
        let created = collection_of(&server).create(&operation(), &request()).await.expect("an id");
        assert!(created.id == ID && created.object.is_ok());
    }
}

#[tokio::test]
async fn values_that_the_response_to_a_write_lacks_are_those_of_the_request() {
    for body in [
        FOUND.replace("5060", "70000"),
        FOUND.replace("5060", "null"),
        FOUND.replace("\"u\"", "{}"),
        FOUND.replace(":10}", r#":10.0,"x":1e999,"y":"\ud800"}"#),
        FOUND.replace("5060", "\"5060\""),
        format!(r#"{{"success":true,"data":{{"id":"{ID}"}}}}"#),
    ] {
        for method in [Method::POST, Method::PUT] {
            let object = call(&method, json("200 OK", &body)).await.expect("an object").expect("an object");
            assert_eq!(object, found(), "{method} {body}");
        }
    }
}

#[tokio::test]
async fn a_read_distinguishes_null_from_unreadable() {
    let known = SipCredentials { port: Some(1), ..found() };
    for (from, to, port, unreadable) in [
        ("5060", "5060.0", Some(5060), None),
        ("5060", "null", None, None),
        ("\"port\":5060,", "", None, None),
        ("5060", "70000", Some(1), Some("port")),
        ("5060", "\"x\"", Some(1), Some("port")),
    ] {
        let server = Server::start([json("200 OK", &FOUND.replace(from, to))]).await;
        let read = collection_of(&server).refresh(&operation(), ID, &known).await.expect("read");
        let Outcome::Found(Shown { value, unreadable: odd }) = read else { panic!("gone") };
        assert_eq!((value.port, odd.first().map(|odd| odd.name)), (port, unreadable), "{to}");
    }
}

#[test]
fn an_error_is_one_line_in_the_log() {
    let error = Error::for_tests(ErrorKind::Unavailable, Method::PUT, "/api/v1/x", 3);
    assert_eq!(error.to_string(), "PUT /api/v1/x: Unavailable, attempts: 3");
    let error = error.with(|details| ErrorDetails { status: Some(502), ..details });
    assert_eq!(error.to_string(), "PUT /api/v1/x: Unavailable, status 502, attempts: 3");
}
