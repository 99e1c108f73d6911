//! Several hosts, or several provider blocks, that one process with `--debug` serves at the same time.

use std::sync::Arc;
use std::time::Duration;

use deepslate_emulator::{Config, Effect, Emulator, Fault};
use serde_json::{Value, json};
use testkit::core::Object;
use testkit::plugin::{Plugin, within};
use testkit::{Core, provider_binary};
use tfplugin::proto::go_plugin::Empty;
use tfplugin::proto::go_plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin::proto::tfplugin5::provider_client::ProviderClient;
use tfplugin::proto::tfplugin5::stop;
use tokio::time::sleep;

/// A connection to the process, and the API and the key that it is configured for.
async fn connect(plugin: &Arc<Plugin>, key: &str) -> Core {
    let mut core = unconfigured(plugin, key).await;
    core.configure(key, &json!({})).await;
    core
}

async fn unconfigured(plugin: &Arc<Plugin>, key: &str) -> Core {
    let api = Emulator::start(Config { api_key: key.to_owned(), ..Config::default() }).unwrap();
    Core::connect(Arc::clone(plugin), Arc::new(api)).await
}

async fn debugged() -> Arc<Plugin> {
    Arc::new(Plugin::debug(provider_binary!()).await)
}

fn config(username: &str) -> Value {
    json!({ "hostname": "sip.example.com", "port": 5060, "username": username, "password": "hunter2" })
}

async fn create(core: &Core, username: &str) -> (Object, Vec<String>) {
    core.apply(&Object::default(), &config(username)).await
}

/// The user names of all objects of an API. Panics if a request came with another key.
fn usernames(core: &Core, key: &str) -> Vec<String> {
    for request in core.api.requests() {
        let sent = request.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.as_str());
        assert_eq!(sent, Some(&*format!("Bearer {key}")), "{} {}", request.method, request.path);
    }
    let mut names: Vec<_> = core.api.credentials().into_iter().map(|object| object.username).collect();
    names.sort();
    names
}

/// Makes the API answer no request of this method for some time.
fn delay(core: &Core, method: &'static str, seconds: u64) {
    let effect = Effect::Delay(Duration::from_secs(seconds));
    core.api.fault(Fault { method: Some(method), path: String::new(), times: None, effect });
}

/// Waits until a request of this method has arrived since the last [`clear_requests`](Emulator::clear_requests).
async fn arrives(core: &Core, method: &str) {
    within(async {
        while !core.api.requests().iter().any(|request| request.method == method) {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await;
}

async fn stop(core: &Core) {
    within(core.client.clone().stop(stop::Request {})).await.unwrap();
}

fn assert_stopped(diagnostics: &[String]) {
    assert!(diagnostics.len() == 1 && diagnostics[0].contains("stopped"), "{diagnostics:?}");
}

#[tokio::test]
async fn the_objects_of_each_connection_go_to_its_own_server_with_its_own_key() {
    let plugin = debugged().await;
    let keys = ["key-one", "key-two", "key-three"];
    let mut cores = Vec::new();
    for key in keys {
        cores.push(connect(&plugin, key).await);
    }
    for round in 0..2 {
        for (core, key) in cores.iter().zip(keys) {
            let (object, diagnostics) = create(core, &format!("{key}-{round}")).await;
            assert_eq!(diagnostics, [""; 0]);
            assert_eq!(core.read(&object).await.0.state, object.state);
        }
    }
    for (core, key) in cores.iter().zip(keys) {
        assert_eq!(usernames(core, key), [format!("{key}-0"), format!("{key}-1")]);
    }
}

#[tokio::test]
async fn stop_leaves_other_connections_alone_and_later_calls_are_served() {
    let plugin = debugged().await;
    let (one, two) = (connect(&plugin, "key-one").await, connect(&plugin, "key-two").await);
    // A create first lists what exists. Stop ends a read at once, and lets a write come to its end.
    delay(&one, "GET", 600);
    delay(&two, "POST", 1);
    let stopped = async {
        tokio::join!(arrives(&one, "GET"), arrives(&two, "POST"));
        stop(&one).await;
        stop(&one).await;
    };
    let ((_, of_one), (object, of_two), ()) = tokio::join!(create(&one, "first"), create(&two, "other"), stopped);
    assert_stopped(&of_one);
    assert_eq!(of_two, [""; 0]);
    assert_eq!(object.state["username"], "other");

    one.api.clear_faults();
    let (object, diagnostics) = create(&one, "later").await;
    assert_eq!(diagnostics, [""; 0]);
    assert_eq!(object.state["username"], "later");

    // The next Stop has the same effect as the first.
    delay(&one, "GET", 600);
    one.api.clear_requests();
    let stopped = async {
        arrives(&one, "GET").await;
        stop(&one).await;
    };
    let ((_, diagnostics), ()) = tokio::join!(one.read(&object), stopped);
    assert_stopped(&diagnostics);
}

#[tokio::test]
async fn a_connection_that_closes_leaves_the_others_alone() {
    let plugin = debugged().await;
    let (one, two) = (connect(&plugin, "key-one").await, connect(&plugin, "key-two").await);
    delay(&two, "POST", 1);
    let closed = async {
        arrives(&two, "POST").await;
        drop(one);
    };
    let ((_, diagnostics), ()) = tokio::join!(create(&two, "other"), closed);
    assert_eq!(diagnostics, [""; 0]);
    assert_eq!(create(&two, "later").await.1, [""; 0]);
    assert_eq!(usernames(&two, "key-two"), ["later", "other"]);
}

#[tokio::test]
async fn a_host_that_asks_for_the_end_ends_its_own_calls_only() {
    let plugin = debugged().await;
    let (mut one, two) = (unconfigured(&plugin, "key-one").await, connect(&plugin, "key-two").await);
    let channel = plugin.channel().await;
    one.client = ProviderClient::new(channel.clone());
    one.configure("key-one", &json!({})).await;
    assert_eq!(create(&one, "first").await.1, [""; 0]);
    delay(&two, "POST", 1);
    let end = async {
        arrives(&two, "POST").await;
        within(GrpcControllerClient::new(channel).shutdown(Empty {})).await.unwrap();
    };
    let ((_, diagnostics), ()) = tokio::join!(create(&two, "other"), end);
    assert_eq!(diagnostics, [""; 0]);
    let (_, diagnostics) = create(&one, "later").await;
    assert!(diagnostics[0].starts_with("ERROR: The provider is not configured"), "{diagnostics:?}");
    assert_eq!(create(&two, "later").await.1, [""; 0]);
}

#[tokio::test]
async fn a_connection_without_a_configuration_uses_no_other_configuration() {
    let plugin = debugged().await;
    let one = connect(&plugin, "key-one").await;
    let stranger = unconfigured(&plugin, "key-two").await;
    let (object, diagnostics) = create(&stranger, "other").await;
    assert!(object.state.is_null());
    assert!(diagnostics[0].starts_with("ERROR: The provider is not configured"), "{diagnostics:?}");
    assert!(diagnostics[0].contains("did not configure the provider on this connection"), "{diagnostics:?}");
    assert_eq!((usernames(&one, "key-one").len(), stranger.api.requests().len()), (0, 0));
}

#[tokio::test]
async fn a_host_that_connects_again_goes_on_with_its_configuration() {
    let mut core = Core::start(provider_binary!()).await;
    core.client = core.plugin.client().await;
    assert_eq!(create(&core, "agent").await.1, [""; 0]);
}
