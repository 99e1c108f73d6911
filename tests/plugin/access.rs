//! Who may connect, and with which messages.

use serde_json::json;
use testkit::core::{block_type, encode, texts};
use testkit::plugin::{Identity, Plugin, anonymous_connector, open, within};
use tfplugin::proto::tfplugin5::{get_provider_schema, prepare_provider_config};

use crate::{binary, is_healthy, is_let_in};

#[tokio::test]
async fn only_the_holder_of_the_hosts_key_is_let_in() {
    let plugin = Plugin::launch(binary()).await;
    let host = plugin.identity.as_ref().unwrap();
    let server = &plugin.handshake.certificate;

    assert!(is_let_in(&plugin, Some(host.connector(server))).await, "the host");
    assert!(!is_let_in(&plugin, Some(host.with_another_key().connector(server))).await, "its certificate, another key");
    assert!(!is_let_in(&plugin, Some(Identity::generate().connector(server))).await, "another certificate");
    assert!(!is_let_in(&plugin, Some(anonymous_connector(server))).await, "no certificate");
    assert!(!is_let_in(&plugin, None).await, "plaintext");

    assert!(is_healthy(plugin.channel().await).await.unwrap(), "it serves the host after all that");
}

#[tokio::test]
async fn a_silent_client_does_not_block_others() {
    let plugin = Plugin::launch(binary()).await;
    let _silent = open(&plugin.handshake.socket, None).await.unwrap();
    assert!(is_healthy(plugin.channel().await).await.unwrap());
}

#[tokio::test]
async fn without_a_client_certificate_it_serves_plaintext() {
    let plugin = Plugin::launch_plaintext(binary()).await;
    assert!(plugin.handshake.line.ends_with("|grpc|"));
    assert!(is_healthy(plugin.channel().await).await.unwrap());
}

#[tokio::test]
async fn messages_may_be_larger_than_grpcs_usual_limit() {
    let plugin = Plugin::launch(binary()).await;
    let mut client = plugin.client().await;
    let schema = within(client.get_schema(get_provider_schema::Request {})).await.unwrap().into_inner();
    let config = json!({ "api_key": "k".repeat(5 << 20) });
    let config = encode(&config, &block_type(schema.provider.as_ref()));
    let request = prepare_provider_config::Request { config: Some(config.clone()) };
    let answer = within(client.prepare_provider_config(request)).await.unwrap().into_inner();
    assert_eq!(texts(&answer.diagnostics), [""; 0]);
    assert!(answer.prepared_config == Some(config), "the answer is as large");
}
