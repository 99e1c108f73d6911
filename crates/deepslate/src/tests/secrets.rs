//! No secret shows, whatever the server does with it.

use super::server::{Server, answer, json};
use super::*;
use crate::http::WITHHELD;

/// An operation with a secret of its own.
fn operation_hiding(secret: &str) -> Operation {
    let (deadline, token) = (Instant::now() + Duration::from_secs(60), CancellationToken::new);
    Operation::new(deadline, token(), token(), Arc::new([secret.into()]))
}

#[tokio::test]
async fn a_text_that_repeats_a_secret_is_withheld() {
    let spellings = [
        KEY.to_owned(),
        "key%2F%2B1".to_owned(),
        PASSWORD.to_owned(),
        r#"p\"ä xx\\"#.to_owned(),
        "p%22%C3%A4+xx%5C".to_owned(),
    ];
    let repeated = serde_json::to_string(&spellings.join(" | ")).expect("text");
    let envelope = format!(r#"{{"success":false,"message":{repeated},"traceId":{repeated}}}"#);
    let location = "location: https://h.example/key/+1/p%22%C3%A4%20xx%5C\r\n";
    for step in [json("400 ", &envelope), answer("307 ", location, "")] {
        let server = server_for_create([step]).await;
        let created = collection_of(&server).create(&operation(), &request()).await;
        let error = created.map_err(cause).and_then(|created| created.object).expect_err("refused");
        let shown = format!("{error} {error:?}");
        assert!(format!("{error:?}").contains(WITHHELD), "{shown}");
        for part in ["key/", "key%", "ä", "%22", "xx"] {
            assert!(!shown.contains(part), "{part} in {shown}");
        }
    }
}

#[tokio::test]
async fn a_field_that_cannot_be_read_is_not_shown() {
    let field = FOUND.replace("5060", &serde_json::to_string(PASSWORD).expect("text"));
    let server = Server::start([json("200 OK", &field)]).await;
    let read = collection_of(&server).get(&operation(), ID).await.expect("read");
    let Outcome::Found(Shown { unreadable, .. }) = read else { panic!("gone") };
    assert_eq!(unreadable[0].reason, "expected an integer in its range, got a string");
}

#[tokio::test]
async fn secrets_of_the_operation_are_withheld_in_requests_without_them() {
    let repeated = r#"{"success":false,"message":"the password was old-password and is another"}"#;
    let server = Server::start([json("409 ", repeated), json("403 ", repeated)]).await;
    let (collection, operation) = (collection_of(&server), operation_hiding("old-password"));
    let deleted = collection.delete(&operation, ID).await.expect_err("refused");
    let read = collection.get(&operation, ID).await.expect_err("refused");
    for error in [deleted, read] {
        assert_eq!(error.message.as_deref(), Some(WITHHELD));
        assert_eq!(error.server, format!("http://{}", server.address));
    }
}

#[tokio::test]
async fn no_part_of_a_secret_shows_at_the_end_of_what_is_read_of_an_answer() {
    for before in [" ".repeat(4092), format!("{KEY} ").repeat(600)] {
        let server = Server::start([answer("400 ", "", &(before + "old-password"))]).await;
        let operation = operation_hiding("old-password");
        let error = collection_of(&server).get(&operation, ID).await.expect_err("refused");
        let excerpt = error.excerpt.as_deref().expect("text");
        assert_eq!(excerpt, WITHHELD);
    }
}

#[test]
fn nothing_that_holds_a_secret_prints_it() {
    let config = config("https://h.invalid", Duration::ZERO);
    let client = client(config.clone());
    let shown = format!("{client:?} {config:?} {:?}", request());
    assert!(!shown.contains(KEY) && !shown.contains("xx\\"), "{shown}");
}
