//! No secret shows, whatever the server does with it.

use super::server::{Server, answer, json};
use super::*;

#[tokio::test]
async fn a_server_that_repeats_secrets_is_masked() {
    let spellings = [
        KEY.to_owned(),
        "key%2F%2B1".to_owned(),
        PASSWORD.to_owned(),
        r#"p\"ä xx\\"#.to_owned(),
        "p%22%C3%A4+xx%5C".to_owned(),
    ];
    let repeated = serde_json::to_string(&spellings.join(" | ")).expect("text");
    let envelope = format!(r#"{{"success":false,"message":{repeated},"traceId":{repeated}}}"#);
    let field = FOUND.replace("5060", &repeated);
    let location = "location: https://h.example/key/+1/p%22%C3%A4%20xx%5C\r\n";
    for step in [json("400 ", &envelope), json("200 OK", &field), answer("307 ", location, "")] {
        let server = server_for_create([step]).await;
        let created = client_of(&server).create_sip_credentials(&budget(), ORGANIZATION, &request()).await;
        let error = created.and_then(|created| created.object).expect_err("refused");
        let shown = format!("{error} {error:?}");
        assert!(shown.contains("***"), "{shown}");
        for part in ["key/", "key%", "ä", "%22", "xx"] {
            assert!(!shown.contains(part), "{part} in {shown}");
        }
    }
}

#[tokio::test]
async fn secrets_of_the_caller_are_masked_in_requests_without_them() {
    let repeated = r#"{"success":false,"message":"the password was old-password and is another"}"#;
    let server = Server::start([json("409 ", repeated), json("403 ", repeated)]).await;
    let (client, budget) = (client_of(&server), budget().hiding(vec!["old-password".into()]));
    let deleted = client.delete_sip_credentials(&budget, ORGANIZATION, ID).await.expect_err("refused");
    let read = client.get_sip_credentials(&budget, ORGANIZATION, ID).await.expect_err("refused");
    for error in [deleted, read] {
        assert_eq!(error.message.as_deref(), Some("the password was *** and is another"));
        assert_eq!(error.server, format!("http://{}", server.address));
    }
}

#[tokio::test]
async fn no_part_of_a_secret_shows_at_the_end_of_what_is_read_of_an_answer() {
    for before in [" ".repeat(4092), format!("{KEY} ").repeat(600)] {
        let server = Server::start([answer("400 ", "", &(before + "old-password"))]).await;
        let budget = budget().hiding(vec!["old-password".into()]);
        let error = client_of(&server).get_sip_credentials(&budget, ORGANIZATION, ID).await.expect_err("refused");
        let excerpt = error.excerpt.as_deref().expect("text");
        assert!(excerpt.starts_with("***") && !excerpt.contains("old"), "{excerpt}");
    }
}

#[test]
fn nothing_that_holds_a_secret_prints_it() {
    let client = client("https://h.invalid", Duration::ZERO);
    let config = Config {
        base_url: "https://h.invalid".parse().expect("a base URL"),
        api_key: ApiKey::new(KEY.into()).expect("a key"),
        request_timeout: Duration::ZERO,
        coalesce_reads: true,
        user_agent: String::new(),
    };
    let shown = format!("{client:?} {config:?} {:?}", request());
    assert!(!shown.contains(KEY) && !shown.contains("xx\\"), "{shown}");
}
