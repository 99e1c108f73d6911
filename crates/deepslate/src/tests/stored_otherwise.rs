//! A server that stores other values than those that were sent.

use super::creates::{OTHER, item, page};
use super::server::{answer, json};
use super::*;

#[tokio::test]
async fn an_object_that_the_server_stored_in_another_form_is_a_candidate_and_nothing_is_sent_again() {
    let other = |stored: [&str; 2]| item(OTHER).replace(stored[0], stored[1]);
    for stored in [[r#""username":"u""#, r#""username":" U ""#], [r#""maxAgentTasks":10"#, r#""maxAgentTasks":5"#]] {
        assert!(other(stored) != item(OTHER));
        let script = [answer("502 ", "", "<html>")].into_iter().chain(vec![page(&[other(stored)]); 3]);
        let server = server_for_create(script).await;
        let (_, found) = unknown(collection_of(&server).create(&operation(), &request()).await);
        assert!(matches!(found, Found::Candidates(ids) if ids == [Uuid::parse_str(OTHER).expect("a UUID")]));
    }
    // Someone else's.
    let elses = other([r#""username":"u""#, r#""username":"v""#]);
    let look = page(&[elses]);
    let script = vec![answer("502 ", "", "<html>"), look.clone(), look.clone(), look];
    let server = server_for_create(script.into_iter().chain([json("201 ", FOUND)])).await;
    let created = collection_of(&server).create(&operation(), &request()).await.expect("sent again");
    assert_eq!(created.id, ID);
}
