//! No secret shows, whatever the server does with it.

use futures_util::TryStreamExt;

use super::server::{Server, answer, json};
use super::*;
use crate::Organization;

const WITHHELD: &str = "(not shown, because it contains a secret)";

/// A client that knows a secret of another object.
fn collection_knowing(secret: &str, server: &Server) -> Collection<'static, SipCredentials> {
    let config = config_of(server);
    config.secrets.remember(secret);
    collection(config)
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
    for step in [json("400 ", &envelope), answer("307 ", location, ""), json("200 OK", &envelope)] {
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
    assert_eq!(unreadable[0].reason, "expected an integer within its range, got a string");
}

#[tokio::test]
async fn secrets_of_other_objects_are_withheld_in_all_requests() {
    let repeated = r#"{"success":false,"message":"the password was old-password and is another"}"#;
    let server = Server::start([json("409 ", repeated), json("403 ", repeated), json("403 ", repeated)]).await;
    let collection = collection_knowing("old-password", &server);
    let deleted = collection.delete(&operation(), ID).await.expect_err("refused");
    let read = collection.get(&operation(), ID).await.expect_err("refused");
    let listed = collection.list(&operation(), |_| true).try_collect::<Vec<_>>().await.expect_err("refused");
    for error in [deleted, read, listed] {
        assert_eq!(error.message.as_ref().map(redaction::Shown::as_line), Some(WITHHELD));
        assert_eq!(error.server, format!("http://{}", server.address));
    }
}

#[tokio::test]
async fn a_secret_of_one_object_is_withheld_in_errors_of_another() {
    let repeated =
        serde_json::json!({ "success": false, "message": format!("u:{PASSWORD} is registered") }).to_string();
    let server = server_for_create([json("201 ", FOUND), json("403 ", &repeated)]).await;
    let client = client(config_of(&server));
    let created = client.collection::<SipCredentials>(ORGANIZATION).create(&operation(), &request()).await;
    assert_eq!(created.expect("created").id, ID);
    let organizations = client.collection::<Organization>(ORGANIZATION.vendor_id);
    let error = organizations.list(&operation(), |_| true).try_collect::<Vec<_>>().await.expect_err("refused");
    assert_eq!(error.message.as_ref().map(redaction::Shown::as_line), Some(WITHHELD));
}

#[tokio::test]
async fn no_part_of_a_secret_shows_at_the_end_of_what_is_read_of_an_answer() {
    for before in [" ".repeat(4092), format!("{KEY} ").repeat(600)] {
        let server = Server::start([answer("400 ", "", &(before + "old-password"))]).await;
        let error = collection_knowing("old-password", &server).get(&operation(), ID).await.expect_err("refused");
        let excerpt = error.excerpt.as_ref().expect("text").as_line();
        assert_eq!(excerpt, WITHHELD);
    }
}

#[tokio::test]
async fn a_create_refused_with_a_large_message_ends_within_its_time() {
    for (part, secret) in
        [("\\", "\\\\\\\\\\\\\\\\"), ("%25&amp;\\\\u005c", "hunter2"), ("'", "''''''"), ("MTIz", PASSWORD)]
    {
        let message = serde_json::json!({ "success": false, "message": part.repeat((1 << 20) / (part.len() + part.matches('\\').count()) - 100) });
        let server = server_for_create([json("422 ", &message.to_string())]).await;
        let config = config_of(&server);
        for number in 0..10_000 {
            config.secrets.remember(&format!("{secret}{number}"));
        }
        let (started, collection) = (std::time::Instant::now(), collection(config));
        let (error, _) = not_made(collection.create(&operation_of(Duration::from_secs(20)), &request()).await);
        assert!(error.message.is_some() && started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
    }
}

#[test]
fn nothing_that_holds_a_secret_prints_it() {
    let config = config("https://h.invalid", Duration::ZERO);
    let client = client(config.clone());
    let shown = format!("{client:?} {config:?} {:?}", request());
    assert!(!shown.contains(KEY) && !shown.contains("xx\\"), "{shown}");
}
