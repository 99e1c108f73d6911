//! When the process ends.

use std::time::Duration;

use testkit::plugin::{Plugin, is_cleaned_up, open, signal, within};
use tfplugin::proto::go_plugin::grpc_broker_client::GrpcBrokerClient;
use tfplugin::proto::go_plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin::proto::go_plugin::grpc_stdio_client::GrpcStdioClient;
use tfplugin::proto::go_plugin::{ConnInfo, Empty};
use tokio::time::{Instant, sleep};

use crate::{binary, is_healthy, under_a_shell};

#[tokio::test]
async fn shutdown_ends_it_though_streams_are_open() {
    let mut plugin = Plugin::launch(binary()).await;
    let channel = plugin.channel().await;
    let mut stdio = GrpcStdioClient::new(channel.clone()).stream_stdio(()).await.unwrap().into_inner();
    let nothing = tokio_stream::pending::<ConnInfo>();
    let mut broker = GrpcBrokerClient::new(channel.clone()).start_stream(nothing).await.unwrap().into_inner();
    assert!(is_healthy(channel.clone()).await.unwrap());

    let asked = Instant::now();
    within(GrpcControllerClient::new(channel).shutdown(Empty {})).await.unwrap();
    assert!(within(stdio.message()).await.unwrap().is_none(), "the stream ends in good order");
    assert!(within(broker.message()).await.unwrap().is_none(), "the stream ends in good order");
    assert!(plugin.wait().await.success());
    assert!(asked.elapsed().as_secs() < 2, "the host would have killed it");
    assert!(is_cleaned_up(&plugin.handshake.socket));
}

#[tokio::test]
async fn an_interrupt_is_left_to_the_host() {
    let plugin = Plugin::launch(binary()).await;
    let channel = plugin.channel().await;
    for name in ["INT", "HUP", "INT"] {
        plugin.signal(name).await;
        assert!(is_healthy(channel.clone()).await.unwrap());
    }
}

#[tokio::test]
async fn sigterm_ends_it() {
    let mut plugin = Plugin::launch(binary()).await;
    let channel = plugin.channel().await;
    assert!(is_healthy(channel).await.unwrap());
    plugin.signal("TERM").await;
    assert!(plugin.wait().await.success());
    assert!(is_cleaned_up(&plugin.handshake.socket));
}

/// A host that is killed without notice: a shell that waits for the plugin.
const HOST: &str = "\"$0\" & wait";

#[tokio::test]
async fn it_ends_when_the_host_is_gone() {
    for connects in [true, false] {
        let (shell, identity) = under_a_shell(HOST);
        let mut plugin = Plugin::start(shell, Some(identity)).await;
        let socket = plugin.handshake.socket.clone();
        if connects {
            assert!(is_healthy(plugin.channel().await).await.unwrap());
        }
        signal(plugin.pid(), "KILL").await;
        let killed = Instant::now();
        // The plugin is not our child, but it alone holds the pipe now.
        plugin.rest_of_stdout().await;
        assert!(killed.elapsed().as_secs() < 5);
        assert!(is_cleaned_up(&socket));
    }
}

/// A host that is gone before the plugin can look for it.
const HOST_THAT_IS_GONE: &str = "(sleep 1; exec \"$0\") &";

#[tokio::test]
async fn it_ends_when_nobody_connects() {
    let (shell, identity) = under_a_shell(HOST_THAT_IS_GONE);
    let mut plugin = Plugin::start(shell, Some(identity)).await;
    sleep(Duration::from_secs(20)).await;
    assert!(open(&plugin.handshake.socket, None).await.is_ok(), "a slow host may still connect");
    plugin.rest_of_stdout().await;
    assert!(is_cleaned_up(&plugin.handshake.socket));
}

#[tokio::test]
async fn it_stays_while_a_client_is_connected() {
    let (shell, identity) = under_a_shell(HOST);
    let mut plugin = Plugin::start(shell, Some(identity)).await;
    let channel = plugin.channel().await;
    signal(plugin.pid(), "KILL").await;
    // Plugins look for their hosts at the same interval. While another starts, loses its host and ends, this one looks at least once.
    for _ in 0..2 {
        let (shell, identity) = under_a_shell(HOST);
        let mut other = Plugin::start(shell, Some(identity)).await;
        assert!(is_healthy(other.channel().await).await.unwrap());
        signal(other.pid(), "KILL").await;
        other.rest_of_stdout().await;
    }
    assert!(is_healthy(channel.clone()).await.unwrap());
    drop(channel);
    plugin.rest_of_stdout().await;
}
