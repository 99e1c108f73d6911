//! The binary as a plugin: how it starts, who may connect, when it ends.
#![cfg(unix)]

mod access;
mod check;
mod end;
mod handshake;
mod logs;
mod memory;
mod secrets;

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Arc;

use testkit::plugin::{Identity, Plugin, open, within};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;
use tokio_rustls::TlsConnector;
use tonic::transport::Channel;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;

/// The provider under test.
fn binary() -> PathBuf {
    testkit::provider_binary!()
}

/// A command that starts the provider as Terraform does.
fn command() -> Command {
    testkit::plugin::command(binary())
}

/// The development build, even if the tests run with a release. Only it can listen on a TCP port on Unix.
fn development_build() -> &'static str {
    env!("CARGO_BIN_EXE_terraform-provider-deepslate")
}

async fn run(command: &mut Command) -> Output {
    within(command.stdin(Stdio::null()).output()).await.unwrap()
}

async fn is_healthy(channel: Channel) -> Result<bool, tonic::Status> {
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    let answer = within(HealthClient::new(channel).check(request)).await?.into_inner();
    Ok(answer.status() == ServingStatus::Serving)
}

/// Whether a client that opens HTTP/2 gets anything but a refusal.
async fn is_let_in(plugin: &Plugin, tls: Option<TlsConnector>) -> bool {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    const SETTINGS: u8 = 4;
    let Ok(mut stream) = within(open(&plugin.handshake.socket, tls)).await else { return false };
    // In TLS 1.3 a client learns that it is refused when it reads.
    let _ = stream.write_all(PREFACE).await;
    let _ = stream.flush().await;
    let mut header = [0; 9];
    within(stream.read_exact(&mut header)).await.is_ok() && header[3] == SETTINGS
}

/// A shell that runs this script, to which the plugin is `$0`.
fn under_a_shell(script: &str) -> (Command, Arc<Identity>) {
    let identity = Arc::new(Identity::generate());
    let as_by_terraform = command();
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(binary()).env("PLUGIN_CLIENT_CERT", identity.pem()).kill_on_drop(true);
    for (name, value) in as_by_terraform.as_std().get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    (shell, identity)
}
