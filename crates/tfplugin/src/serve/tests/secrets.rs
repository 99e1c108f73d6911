//! The secrets of a session.

use tokio_stream::StreamExt;

use super::*;
use crate::plugin::ConnectInfo;
use crate::proto::tfplugin5::{
    generate_resource_config, list_resource, prepare_provider_config, validate_list_resource_config,
};

/// A request on a connection that knows no secret yet.
fn request<T>(message: T) -> (Request<T>, Secrets) {
    let connection = ConnectInfo { isolated: true, ..ConnectInfo::default() };
    let mut request = Request::new(message);
    request.extensions_mut().insert(connection.clone());
    (request, connection.secrets)
}

/// The service with a configuration on the connection of the request.
async fn configured<T>(message: T) -> (Service<TestProvider>, Request<T>, Secrets) {
    let Fixture { service, .. } = Fixture::new().await;
    let (request, secrets) = request(message);
    let config = Some(encoded(&object(&[("place", "here".into()), ("token", Value::Null)]), &Config::block().ty()));
    let mut configure = Request::new(configure::Request { config, ..Default::default() });
    configure.extensions_mut().insert(ConnectInfo::of(&request));
    service.configure(configure).await.expect("no status");
    assert!(!secrets.contains(SECRET));
    (service, request, secrets)
}

const SECRET: &str = "a secret of some length";

fn holding() -> Value {
    with(existing("here"), "key", SECRET.into())
}

#[tokio::test]
async fn each_call_remembers_the_sensitive_values_that_it_gets() {
    let held = || Some(wire(&holding()));
    let validate = validate_resource_type_config::Request { type_name: name(), config: held(), ..Default::default() };
    let (service, request, secrets) = configured(validate).await;
    service.validate_resource_type_config(request).await.expect("no status");
    assert!(secrets.contains(SECRET), "validate");

    let json = serde_json::json!({ "id": "1", "place": "here", "key": SECRET }).to_string().into_bytes();
    let raw_state = Some(RawState { json, flatmap: BTreeMap::new() });
    let upgrade = upgrade_resource_state::Request { type_name: name(), version: 2, raw_state };
    let (service, request, secrets) = configured(upgrade).await;
    service.upgrade_resource_state(request).await.expect("no status");
    assert!(secrets.contains(SECRET), "upgrade");

    let read = read_resource::Request { type_name: name(), current_state: held(), ..Default::default() };
    let (service, request, secrets) = configured(read).await;
    service.read_resource(request).await.expect("no status");
    assert!(secrets.contains(SECRET), "read");

    for part in ["prior", "proposed", "config"] {
        let value = |one: &str| if one == part { held() } else { Some(wire(&existing("here"))) };
        let plan = plan_resource_change::Request {
            type_name: name(),
            prior_state: value("prior"),
            proposed_new_state: value("proposed"),
            config: value("config"),
            ..Default::default()
        };
        let (service, request, secrets) = configured(plan).await;
        service.plan_resource_change(request).await.expect("no status");
        assert!(secrets.contains(SECRET), "{part} of a plan");

        let apply = apply_resource_change::Request {
            type_name: name(),
            prior_state: value("prior"),
            planned_state: value("proposed"),
            config: value("config"),
            ..Default::default()
        };
        let (service, request, secrets) = configured(apply).await;
        service.apply_resource_change(request).await.expect("no status");
        assert!(secrets.contains(SECRET), "{part} of an apply");
    }

    let generate = generate_resource_config::Request { type_name: name(), state: held() };
    let (service, request, secrets) = configured(generate).await;
    service.generate_resource_config(request).await.expect("no status");
    assert!(secrets.contains(SECRET), "generate");
}

#[tokio::test]
async fn a_list_remembers_its_configuration() {
    let config = Some(encoded(&object(&[("place", "here".into()), ("token", SECRET.into())]), &Config::block().ty()));
    let list = list_resource::Request { type_name: name(), config: config.clone(), ..Default::default() };
    let (service, request, secrets) = configured(list).await;
    let events = service.list_resource(request).await.expect("no status").into_inner();
    assert!(events.collect::<Vec<_>>().await.len() > 1 && secrets.contains(SECRET));
    let (validate, secrets) =
        self::request(validate_list_resource_config::Request { type_name: name(), config, ..Default::default() });
    service.validate_list_resource_config(validate).await.expect("no status");
    assert!(secrets.contains(SECRET));
}

#[tokio::test]
async fn the_provider_block_is_remembered_before_and_while_it_is_configured() {
    let config =
        || Some(encoded(&object(&[("place", "here".into()), ("token", SECRET.into())]), &Config::block().ty()));
    let Fixture { service, .. } = Fixture::new().await;
    let (prepare, secrets) = request(prepare_provider_config::Request { config: config() });
    service.prepare_provider_config(prepare).await.expect("no status");
    assert!(secrets.contains(SECRET));
    let (configure, secrets) = request(configure::Request { config: config(), ..Default::default() });
    service.configure(configure).await.expect("no status");
    assert!(secrets.contains(SECRET));
}

/// A new thing in this place: its configuration and its plan.
fn new_with_key(place: &str) -> (Value, Value) {
    let config = thing(&[("place", place.into()), ("key", "hunter2".into())]);
    let planned = thing(&[
        ("id", Value::Unknown),
        ("place", place.into()),
        ("size", 3.into()),
        ("revision", Value::Unknown),
        ("key_version", 1.into()),
    ]);
    (config, planned)
}

#[tokio::test]
async fn an_object_whose_id_is_a_secret_is_an_error_and_not_stored() {
    for place in ["secret ID", "secret ID and refused"] {
        let (config, planned) = new_with_key(place);
        let answer = Fixture::new().await.apply(&Value::Null, &planned, &config).await;
        assert_eq!(summaries(&answer.diagnostics), ["The server returned a sensitive value in `id`"], "{place}");
        let detail = &answer.diagnostics[0].detail;
        assert!(detail.contains("in the console") && !detail.contains("hunter2"), "{detail}");
        assert!(answer.new_state.is_none_or(|state| decoded(Some(&state)).is_null()));
    }
}

#[tokio::test]
async fn a_refresh_does_not_store_a_write_only_value_of_an_earlier_process() {
    let (config, planned) = new_with_key("leaking");
    let applied = Fixture::new().await.apply(&Value::Null, &planned, &config).await;
    let state = decoded(applied.new_state.as_ref());
    // Another process, whose secrets are its own.
    for (private, stored) in [(&applied.private[..], false), (b"", true)] {
        let read = read_resource::Request {
            type_name: name(),
            current_state: Some(wire(&state)),
            private: private.to_vec(),
            ..Default::default()
        };
        let (service, request, secrets) = configured(read).await;
        let answer = service.read_resource(request).await.expect("no status").into_inner();
        let tags = decoded(answer.new_state.as_ref()).attribute("tags").clone();
        assert_eq!(tags.is_null(), !stored);
        assert_eq!((answer.diagnostics.len(), secrets.contains("hunter2")), (usize::from(!stored), !stored));
    }
}
