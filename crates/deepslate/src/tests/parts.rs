//! Assistants, agents and strategies: parts that the API gives IDs, JSON to which it adds, and updates that are answered
//! without the object.

use futures_util::TryStreamExt;
use serde_json::{Value, json};

use super::server::{Server, Step, json as answer};
use super::*;
use crate::{
    Agent, Assistant, Document, ErrorKind, Kind, Left, LlmGenerationStrategy, Part, Remains, Updated, VoiceAgent,
};

const NULL: &str = r#"{"success":true,"timestamp":"","data":null}"#;
/// The IDs of parts.
const A: Uuid = Uuid::from_u128(11);
const B: Uuid = Uuid::from_u128(12);
const C: Uuid = Uuid::from_u128(13);

fn data(data: &Value) -> Step {
    answer("200 OK", &json!({ "success": true, "timestamp": "", "data": data }).to_string())
}

/// An assistant as the API shows it, with these extensions.
fn assistant(extensions: &Value) -> Value {
    json!({
        "id": ID, "name": "n", "systemPrompt": "p", "systemPromptGreeting": "g", "telephoneNumberId": null,
        "extensions": extensions, "callEventHooks": [],
    })
}

/// An extension as the API shows it, with what it added.
fn shown_part(id: Uuid, kind: &str, x: i64) -> Value {
    json!({ "id": id, "name": "N", "type": kind, "parameters": { "x": x, "auth_token": null } })
}

fn part(kind: &str, parameters: &str) -> Part {
    Part { id: None, kind: kind.into(), parameters: Document::new(parameters) }
}

/// An assistant as the caller knows it.
fn known(extensions: &[(&str, i64)]) -> Assistant {
    let parts = extensions.iter().map(|(kind, x)| part(kind, &format!("{{ \"x\": {x}.0 }}")));
    let voice = VoiceAgent {
        name: Some("n".into()),
        extensions: Some(parts.collect()),
        call_event_hooks: Some(Vec::new()),
        ..VoiceAgent::default()
    };
    Assistant { system_prompt: Some("p".into()), system_prompt_greeting: Some("g".into()), voice }
}

/// The same assistant with another name.
fn renamed(assistant: Assistant) -> Assistant {
    Assistant { voice: VoiceAgent { name: Some("new".into()), ..assistant.voice }, ..assistant }
}

async fn update<K: Kind<Parent = OrganizationRef>>(
    script: Vec<Step>,
    before: &K,
    wanted: &K,
) -> (Result<Updated<K>, Error>, Server) {
    let server = Server::start(script).await;
    let collection = client(config_of(&server)).collection::<K>(ORGANIZATION);
    let updated = collection.update(&operation(), ID, before, wanted).await;
    (updated, server)
}

fn methods(server: &Server) -> Vec<String> {
    server.lines().iter().map(|line| line.split(' ').next().unwrap_or_default().to_owned()).collect()
}

fn sent(server: &Server, request: usize) -> Value {
    serde_json::from_str(&server.seen()[request].body).expect("a body")
}

#[tokio::test]
async fn an_update_says_which_part_each_part_continues() {
    let before = known(&[("a", 1), ("b", 2), ("a", 3)]);
    let found = assistant(&json!([shown_part(A, "a", 1), shown_part(B, "b", 2), shown_part(C, "a", 3)]));
    for (extensions, ids) in [
        (vec![("a", 3), ("a", 1)], vec![Some(C), Some(A)]),
        (vec![("b", 9), ("a", 9), ("c", 1)], vec![Some(B), Some(A), None]),
        (vec![("a", 8), ("a", 1), ("a", 3)], vec![None, Some(A), Some(C)]),
        (vec![], vec![]),
    ] {
        let after = extensions.iter().zip(&ids).map(|((kind, x), id)| shown_part(id.unwrap_or_default(), kind, *x));
        let after = data(&assistant(&after.collect()));
        let wanted = known(&extensions);
        let (updated, server) = update(vec![data(&found), answer("200 OK", NULL), after], &before, &wanted).await;
        let updated = updated.expect("updated");
        assert!(updated.value == wanted && updated.remains.is_empty(), "{updated:?}");
        assert_eq!(methods(&server), ["GET", "PUT", "GET"]);
        let sent_ids: Vec<_> = sent(&server, 1)["extensions"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|part| part.get("id").map(|id| id.as_str().and_then(|id| id.parse().ok()).expect("a UUID")))
            .collect();
        assert_eq!(sent_ids, ids, "{extensions:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn parts_and_keys_that_remain_are_reported() {
    let mut before = known(&[]);
    before.voice.extensions = Some(vec![part("a", r#"{"x":1,"y":2}"#), part("b", "{}")]);
    let shown = json!([
        { "id": A, "type": "a", "parameters": { "x": 1, "y": 2 } },
        { "id": B, "type": "b", "parameters": { "z": 1 } },
    ]);
    let wanted = known(&[("a", 1)]);
    let script = [data(&assistant(&shown)), answer("200 OK", NULL)];
    let script = script.into_iter().chain(vec![data(&assistant(&shown)); 5]).collect();
    let (updated, server) = update(script, &before, &wanted).await;
    let remains = Remains {
        parts: vec![Left { id: B, kind: "b".into() }],
        keys: vec!["extensions[0].parameters.y".to_owned()],
        fields: Vec::new(),
    };
    assert_eq!(updated.expect("updated").remains, remains);
    assert_eq!(methods(&server), ["GET", "PUT", "GET", "GET", "GET", "GET", "GET"], "for 5 s");
}

#[tokio::test(start_paused = true)]
async fn an_answer_without_the_object_is_verified_as_long_as_a_replica_may_be_behind() {
    let (old, new) = (known(&[]), renamed(known(&[])));
    let shown = |name: &str| {
        let mut shown = assistant(&json!([]));
        shown["name"] = name.into();
        data(&shown)
    };
    let script = vec![shown("n"), answer("200 OK", NULL), shown("n"), shown("new")];
    let (updated, server) = update(script, &old, &new).await;
    assert!(updated.expect("updated").remains.is_empty());
    assert_eq!(methods(&server).len(), 4);

    let script = [shown("n"), answer("200 OK", NULL)].into_iter().chain(vec![shown("n"); 5]).collect();
    let (updated, _) = update(script, &old, &new).await;
    let updated = updated.expect("the state is what was asked for");
    assert_eq!((updated.remains.fields, updated.value), (vec!["name"], new.clone()));

    let forbidden = answer("403 Forbidden", r#"{"success":false}"#);
    let (updated, _) = update(vec![shown("n"), answer("200 OK", NULL), forbidden], &old, &new).await;
    assert!(updated.expect("the update succeeded").remains.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_key_that_the_api_adds_is_no_change_but_another_value_is() {
    let before = known(&[("a", 1)]);
    let wanted = renamed(before.clone());
    let changed = assistant(&json!([shown_part(A, "a", 7)]));
    let (updated, server) = update(vec![data(&changed); 5], &before, &wanted).await;
    assert_eq!(updated.expect_err("it was changed").kind, ErrorKind::Changed(vec!["extensions"]));
    assert!(!methods(&server).contains(&"PUT".to_owned()));
    // This update changes them anyway.
    let wanted = known(&[("a", 2)]);
    let after = assistant(&json!([shown_part(A, "a", 2)]));
    let (updated, _) = update(vec![data(&changed), answer("200 OK", NULL), data(&after)], &before, &wanted).await;
    assert!(updated.is_ok());
}

#[tokio::test]
async fn a_read_keeps_to_what_was_sent() {
    let server = Server::start([data(&assistant(&json!([
        shown_part(B, "b", 2),
        shown_part(A, "a", 7),
        shown_part(C, "c", 3)
    ])))])
    .await;
    let collection = client(config_of(&server)).collection::<Assistant>(ORGANIZATION);
    let read = collection.refresh(&operation(), ID, &known(&[("a", 1), ("b", 2)])).await.expect("an answer");
    let found = shown(read);
    let parts: Vec<_> = found
        .voice
        .extensions
        .iter()
        .flatten()
        .map(|part| format!("{} {}", part.kind.raw(), part.parameters.as_str()))
        .collect();
    // A part that the caller does not know has all that the API shows.
    assert_eq!(parts, [r#"a {"x":7}"#, r#"b {"x":2}"#, r#"c {"auth_token":null,"x":3}"#]);
}

#[tokio::test]
async fn a_create_returns_what_was_asked_for_without_what_the_api_added() {
    let server = server_for_create([data(&assistant(&json!([shown_part(A, "a", 1)])))]).await;
    let collection = client(config_of(&server)).collection::<Assistant>(ORGANIZATION);
    let created = collection.create(&operation(), &known(&[("a", 1)])).await.expect("created");
    let part = created.object.expect("an object").voice.extensions.expect("a list").remove(0);
    assert_eq!((part.kind.raw(), part.parameters.as_str()), ("a", r#"{"x":1}"#));
    let body = &server.seen()[1].body;
    assert!(body.contains(r#""extensions":[{"type":"a","parameters":{ "x": 1.0 }}]"#), "as it was written: {body}");
}

#[tokio::test]
async fn a_strategy_is_updated_on_a_server_that_cannot_show_it() {
    let strategy = |parameters: &str| LlmGenerationStrategy {
        name: Some("n".into()),
        kind: Some("t".into()),
        parameters: Some(Document::new(parameters)),
    };
    let missing = || answer("405 Method Not Allowed", r#"{"success":false}"#);
    let place = answer(
        "200 OK",
        &json!({
            "success": true, "timestamp": "", "page": 0, "size": 100, "totalElements": 1, "totalPages": 1,
            "data": [{ "id": ORGANIZATION.id, "companyName": "c" }],
        })
        .to_string(),
    );
    let put = json!({ "id": ID, "name": "n", "type": "t", "parameters": { "speed": 1, "style": 0.2, "old": true } });
    let (before, wanted) = (strategy(r#"{"speed":2,"old":true}"#), strategy(r#"{"style":0.20,"speed":1.0}"#));
    let (updated, server) = update(vec![missing(), missing(), place, data(&put)], &before, &wanted).await;
    let updated = updated.expect("updated");
    assert_eq!(methods(&server), ["GET", "GET", "GET", "PUT"]);
    let shown = updated.value.parameters.expect("parameters");
    assert_eq!(shown.as_str(), r#"{"speed":1,"style":0.2}"#);
    assert_eq!(updated.remains.keys, ["parameters.old"]);
}

#[tokio::test(start_paused = true)]
async fn a_lost_create_of_a_kind_without_a_list_ends_in_an_error() {
    let missing = || answer("405 Method Not Allowed", r#"{"success":false}"#);
    let server = Server::start([missing(), Step::Drop].into_iter().chain(vec![missing(); 20])).await;
    let collection = client(config_of(&server)).collection::<Agent>(ORGANIZATION);
    let voice = VoiceAgent { name: Some("n".into()), ..VoiceAgent::default() };
    let agent = Agent { user_value_types: Some([].into()), voice, ..Agent::default() };
    let (_, found) = unknown(collection.create(&operation(), &agent).await);
    assert!(matches!(found, Found::NotSearched(_)), "{found:?}");
    assert_eq!(methods(&server).iter().filter(|method| *method == "POST").count(), 1);
}

#[tokio::test]
async fn a_list_is_selected_by_the_server_as_far_as_it_can() {
    let item = |number: u128| json!({ "id": Uuid::from_u128(number), "name": "n" });
    let whole = |number: u128, telephone_number_id: Uuid| {
        let mut whole = assistant(&json!([]));
        whole["id"] = json!(Uuid::from_u128(number));
        whole["telephoneNumberId"] = json!(telephone_number_id);
        data(&whole)
    };
    let list = |numbers: &[u128]| {
        let items: Vec<_> = numbers.iter().map(|number| item(*number)).collect();
        let page = json!({ "page": 0, "size": 20, "totalElements": items.len(), "totalPages": 1 });
        let mut list = json!({ "success": true, "timestamp": "", "data": items });
        list.as_object_mut().expect("an object").extend(page.as_object().cloned().expect("an object"));
        answer("200 OK", &list.to_string())
    };
    let sought = known(&[]);
    let sought = Assistant { voice: VoiceAgent { telephone_number_id: Some(A), ..sought.voice }, ..sought };
    let number = |assistant: &Assistant| assistant.voice.telephone_number_id;
    let refused = |status| answer(status, r#"{"success":false,"message":"no","traceId":"t","timestamp":""}"#);
    for script in [
        vec![list(&[1]), whole(1, A)],
        vec![list(&[1, 2]), whole(1, A), whole(2, B)],
        vec![refused("400 Bad Request"), list(&[1, 2]), whole(1, A), whole(2, B)],
        vec![refused("404 Not Found"), list(&[1]), whole(1, A)],
    ] {
        let requests = script.len();
        let server = Server::start(script.into_iter().chain([list(&[2]), whole(2, B), whole(2, B)])).await;
        let (client, operation) = (client(config_of(&server)), operation());
        let collection = client.collection::<Assistant>(ORGANIZATION);
        let selected =
            collection.clone().like(&sought).list(&operation, |found| number(found).is_none_or(|id| id == A));
        let found: Vec<_> = selected.map_ok(|object| object.id).try_collect().await.expect("listed");
        assert_eq!(found, [Uuid::from_u128(1)]);
        // The listing of all is another one.
        let all: Vec<_> = collection.list(&operation, |_| true).try_collect().await.expect("listed");
        assert_eq!(all[0].id, Uuid::from_u128(2));
        // It serves later queries.
        let selected =
            collection.clone().like(&sought).list(&operation, |found| number(found).is_none_or(|id| id == A));
        assert_eq!(selected.try_collect::<Vec<_>>().await.expect("listed").len(), 0);
        let lines = server.lines();
        assert_eq!(lines.len(), requests + 3, "{lines:?}");
        assert!(lines[0].ends_with(&format!("&phoneNumberId={A}")), "{lines:?}");
        assert!(!lines[requests].contains("phoneNumberId"), "{lines:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_part_whose_type_repeats_a_secret_is_no_change() {
    let before = known(&[("a", 1)]);
    let wanted = renamed(before.clone());
    let shown = assistant(&json!([shown_part(A, "hunter22", 1)]));
    for (secret, is_changed) in [("hunter22", false), ("another secret", true)] {
        let server = Server::start(std::iter::repeat_n(data(&shown), 5)).await;
        let config = config_of(&server);
        config.secrets.remember(secret);
        let collection = client(config).collection::<Assistant>(ORGANIZATION);
        let updated = collection.update(&operation(), ID, &before, &wanted).await;
        let kind = updated.err().map(|error| error.kind.clone());
        assert_eq!(kind == Some(ErrorKind::Changed(vec!["extensions"])), is_changed, "{kind:?}");
    }
}
