//! Objects that seem to be gone: what proves it, and what it costs.

use super::lists::{full, page};
use super::server::{Server, Step, answer, json};
use super::*;
use crate::{ErrorKind, Gone, Malformed};

/// Deepslate's own 404.
fn unknown() -> Step {
    json("404 ", r#"{"success":false,"message":"organization not found"}"#)
}

/// The answer with these organizations.
fn organizations(ids: &[Uuid]) -> Step {
    let items = ids.iter().map(|id| format!(r#"{{"id":"{id}","companyName":"ACME"}}"#));
    page(0, 9, ids.len() as u64, items)
}

const OTHER: Uuid = Uuid::from_u128(77);

/// What a call found: whether the place is verified, or the kind of the error.
type Found = Result<bool, ErrorKind>;

fn found_by(outcome: Result<Outcome<SipCredentials>, Error>) -> Found {
    match outcome {
        Ok(Outcome::Gone(Gone { unverified })) => Ok(unverified.is_none()),
        Ok(Outcome::Found(_)) => panic!("not gone"),
        Err(error) => Err(error.kind.clone()),
    }
}

/// What a read and a delete find on a server with this script.
async fn gone(script: &[Step]) -> Found {
    let server = Server::start(script.to_vec()).await;
    let read = found_by(collection_of(&server).get(&operation(), ID).await);
    assert_eq!(server.lines().len(), script.len(), "{:?}", server.lines());

    let server = Server::start([unknown()].into_iter().chain(script.to_vec())).await;
    let deleted = collection_of(&server).delete(&operation(), ID).await;
    let deleted = deleted.map(|gone| gone.unverified.is_none()).map_err(|error| error.kind.clone());
    assert_eq!((&deleted, server.lines().len()), (&read, script.len() + 1), "{:?}", server.lines());
    read
}

#[tokio::test]
async fn a_list_with_another_object_proves_that_this_one_is_gone() {
    assert_eq!(gone(&[unknown(), page(0, 9, 1, [full(9)])]).await, Ok(true));
    let two_pages = [unknown(), page(0, 1, 2, [full(8)]), page(1, 1, 2, [full(9)])];
    assert_eq!(gone(&two_pages).await, Ok(true));
}

#[tokio::test]
async fn an_empty_list_needs_the_organization() {
    let empty = || page(0, 9, 0, []);
    let missing = [answer("405 ", "", ""), answer("501 ", "", ""), answer("404 ", "", "<html>")];
    for list in missing.into_iter().chain([empty()]) {
        let with = |last: Step| [unknown(), list.clone(), last];
        assert_eq!(gone(&with(organizations(&[OTHER, ORGANIZATION.id]))).await, Ok(true));
        assert_eq!(gone(&with(organizations(&[OTHER]))).await, Err(ErrorKind::PlaceUnknown));
        assert_eq!(gone(&with(organizations(&[]))).await, Err(ErrorKind::PlaceUnknown));
        assert_eq!(gone(&with(unknown())).await, Err(ErrorKind::PlaceUnknown));
    }
}

#[tokio::test]
async fn the_walk_of_the_organizations_stops_at_the_match() {
    let first = page(0, 1, 3, [format!(r#"{{"id":"{}"}}"#, ORGANIZATION.id)]);
    assert_eq!(gone(&[unknown(), page(0, 9, 0, []), first]).await, Ok(true));
}

#[tokio::test]
async fn a_key_that_cannot_list_organizations_has_an_empty_list_believed_with_a_warning() {
    let foreign = answer("404 ", "", "<html>");
    for refusal in [answer("401 ", "", ""), answer("403 ", "", ""), answer("405 ", "", ""), foreign] {
        assert_eq!(gone(&[unknown(), page(0, 9, 0, []), refusal.clone()]).await, Ok(false));
        // A list that is missing proves less than an empty one.
        assert_eq!(gone(&[unknown(), answer("405 ", "", ""), refusal]).await, Err(ErrorKind::PlaceUnknown));
    }
    let failure = [unknown(), page(0, 9, 0, []), answer("505 ", "", "")];
    assert_eq!(gone(&failure).await, Err(ErrorKind::Unavailable));
}

#[tokio::test]
async fn a_key_that_hides_what_it_may_not_see_proves_nothing() {
    // All calls below the organization answer 404, and the list of organizations still shows it.
    assert_eq!(gone(&[unknown(), unknown(), organizations(&[ORGANIZATION.id])]).await, Err(ErrorKind::PlaceUnknown));
}

#[tokio::test]
async fn a_list_that_fails_or_does_not_end_proves_nothing() {
    assert_eq!(gone(&[unknown(), answer("403 ", "", "")]).await, Err(ErrorKind::Forbidden));
    let repeated = || page(0, 1, 9, [full(9)]);
    let kind = gone(&[unknown(), repeated(), repeated()]).await.expect_err("no end");
    assert!(matches!(kind, ErrorKind::MalformedAnswer(_)), "{kind:?}");
}

#[tokio::test(start_paused = true)]
async fn an_object_that_the_list_shows_is_asked_for_again() {
    let listed = || page(0, 9, 1, [full(3)]);
    let server = Server::start([unknown(), listed(), unknown(), listed(), json("200 OK", FOUND)]).await;
    assert_eq!(shown(collection_of(&server).get(&operation(), ID).await.expect("found")), found());

    let script: Vec<_> = (0..5).flat_map(|_| [unknown(), listed()]).collect();
    assert_eq!(gone(&script).await, Err(ErrorKind::Contradiction));
}

#[tokio::test]
async fn an_own_404_to_the_delete_of_an_object_that_is_there_is_a_missing_call() {
    let server = Server::start([unknown(), json("200 OK", FOUND)]).await;
    let error = collection_of(&server).delete(&operation(), ID).await.expect_err("not offered");
    assert_eq!((&error.kind, error.status, error.method.as_str()), (&ErrorKind::MethodNotAllowed, Some(404), "DELETE"));
}

#[tokio::test]
async fn a_list_that_shows_fewer_objects_than_its_total_proves_nothing() {
    let round = || [page(0, 2, 4, [full(8), full(9)]), page(1, 2, 4, [full(9), full(8)])];
    let incomplete = Malformed::IncompleteList { shown: 2, total: 4 };
    let script = [vec![unknown()], [round(), round(), round()].concat()].concat();
    let server = Server::start(script).await;
    let error = collection_of(&server).get(&operation(), ID).await.expect_err("no proof");
    assert!(error.kind == incomplete.into() && error.of_proof);
}

#[tokio::test]
async fn an_empty_list_may_be_written_as_null() {
    let null = |total: u32| {
        json("200 OK", &format!(r#"{{"success":true,"data":null,"page":0,"size":9,"totalElements":{total}}}"#))
    };
    assert_eq!(gone(&[unknown(), null(0), organizations(&[ORGANIZATION.id])]).await, Ok(true));
    assert_eq!(gone(&[unknown(), null(1)]).await, Err(ErrorKind::MalformedAnswer(Malformed::NoList)));
}

#[tokio::test]
async fn the_place_is_proven_once() {
    let empty = || page(0, 9, 0, []);
    let script = [unknown(), empty(), organizations(&[ORGANIZATION.id]), unknown(), empty(), unknown(), empty()];
    let server = Server::start(script.clone()).await;
    let collection = collection_of(&server);
    for _ in 0..3 {
        assert_eq!(found_by(collection.get(&operation(), ID).await), Ok(true));
    }
    assert_eq!(server.lines().len(), script.len());

    // So is that it cannot be proven.
    let server = Server::start([unknown(), empty(), organizations(&[]), unknown(), empty()]).await;
    let collection = collection_of(&server);
    for _ in 0..2 {
        assert_eq!(found_by(collection.get(&operation(), ID).await), Err(ErrorKind::PlaceUnknown));
    }
}

#[tokio::test]
async fn objects_that_are_missing_at_the_same_time_share_a_listing() {
    let script = std::iter::repeat_n(unknown(), 10).chain([page(0, 9, 1, [full(99)])]);
    let server = Server::start(script).await;
    let collection = collection_of(&server);
    let reads = (10..20).map(|number| {
        let collection = collection.clone();
        async move { found_by(collection.get(&operation(), Uuid::from_u128(number)).await) }
    });
    assert_eq!(futures_util::future::join_all(reads).await, vec![Ok(true); 10]);
    assert_eq!(server.lines().len(), 11);
}
