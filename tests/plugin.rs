//! The binary as a plugin: how it starts, whom it lets in, when it ends.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;

use serde_json::{Value, json};
use testkit::core::{block_type, encode, texts};
use testkit::plugin::{self, Identity, Plugin, anonymous_connector, channel, is_cleaned_up, open, signal, within};
use tfplugin::proto::go_plugin::grpc_broker_client::GrpcBrokerClient;
use tfplugin::proto::go_plugin::grpc_controller_client::GrpcControllerClient;
use tfplugin::proto::go_plugin::grpc_stdio_client::GrpcStdioClient;
use tfplugin::proto::go_plugin::{ConnInfo, Empty};
use tfplugin::proto::tfplugin5::{get_provider_schema, prepare_provider_config};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::Command;
use tokio::time::Instant;
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
    plugin::command(binary())
}

async fn is_healthy(channel: Channel) -> Result<bool, tonic::Status> {
    let request = HealthCheckRequest { service: "plugin".to_owned() };
    let answer = within(HealthClient::new(channel).check(request)).await?.into_inner();
    Ok(answer.status() == ServingStatus::Serving)
}

async fn run(command: &mut Command) -> Output {
    within(command.stdin(Stdio::null()).output()).await.unwrap()
}

// === The handshake ===

#[tokio::test]
async fn the_handshake_line_has_six_fields() {
    let mut plugin = Plugin::launch(binary()).await;
    let fields: Vec<_> = plugin.handshake.line.split('|').collect();
    assert_eq!(fields.len(), 6);
    assert_eq!(fields[..3], ["1", "5", "unix"]);
    assert_eq!(fields[4], "grpc");
    assert!(!fields[5].is_empty() && !fields[5].contains('='), "{}", fields[5]);

    let socket = Path::new(fields[3]);
    assert!(socket.is_absolute());
    assert_eq!(socket.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);

    assert!(is_healthy(plugin.channel().await).await.unwrap());
    plugin.signal("TERM").await;
    assert_eq!(plugin.rest_of_stdout().await, "", "nothing may follow the line");
}

#[tokio::test]
async fn a_host_without_our_protocol_is_told_ours() {
    let plugin = Plugin::launch_with(binary(), [("PLUGIN_PROTOCOL_VERSIONS", "6")]).await;
    assert!(plugin.handshake.line.starts_with("1|5|unix|"));
}

#[tokio::test]
async fn multiplexing_is_declined_in_a_seventh_field() {
    let plugin = Plugin::launch_with(binary(), [("PLUGIN_MULTIPLEX_GRPC", "true")]).await;
    assert_eq!(plugin.handshake.line.split('|').nth(6), Some("false"));
}

#[tokio::test]
async fn started_by_hand_it_says_what_it_is() {
    for cookie in [None, Some("another")] {
        let mut command = command();
        match cookie {
            None => command.env_remove("TF_PLUGIN_MAGIC_COOKIE"),
            Some(cookie) => command.env("TF_PLUGIN_MAGIC_COOKIE", cookie),
        };
        let output = run(&mut command).await;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        for told in ["plugin for Terraform and OpenTofu", "required_providers", "dev_overrides"] {
            assert!(stderr.contains(told), "{stderr}");
        }
    }
}

#[tokio::test]
async fn version_and_help_need_no_host() {
    let version = run(Command::new(binary()).arg("--version")).await;
    assert!(version.status.success());
    let expected = format!("terraform-provider-deepslate {}\n", env!("CARGO_PKG_VERSION"));
    assert_eq!(String::from_utf8_lossy(&version.stdout), expected);

    let help = run(Command::new(binary()).arg("--help")).await;
    assert!(help.status.success());
    assert!(String::from_utf8_lossy(&help.stdout).contains("--debug"));
}

#[tokio::test]
async fn an_unknown_argument_is_an_error() {
    for arguments in [&["--bogus"][..], &["--debug", "twice"]] {
        let output = run(Command::new(binary()).args(arguments)).await;
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains(&format!("`{}`", arguments.join(" "))));
    }
}

#[tokio::test]
async fn a_garbled_client_certificate_is_never_taken_for_none() {
    let output = run(command().env("PLUGIN_CLIENT_CERT", "garbage")).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("`PLUGIN_CLIENT_CERT`"));
}

// === The socket's place ===

#[tokio::test]
async fn a_temporary_directory_that_does_not_do_is_passed_over() {
    let home = tempfile::tempdir().unwrap();
    let long = &*home.path().join("long".repeat(30));
    fs::create_dir(long).unwrap();
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [long, &file, &home.path().join("missing"), Path::new(""), Path::new("tests")] {
        let plugin = Plugin::launch_with(binary(), [("TMPDIR", place)]).await;
        assert!(plugin.handshake.socket.starts_with("/tmp/"), "{}", plugin.handshake.socket);
        assert!(is_healthy(plugin.channel().await).await.unwrap());
    }
    assert_eq!(long.read_dir().unwrap().count(), 0);
}

#[tokio::test]
async fn the_host_may_choose_the_sockets_place() {
    let home = tempfile::tempdir().unwrap();
    let place = home.path().join("sockets");
    fs::DirBuilder::new().mode(0o700).create(&place).unwrap();

    let plugin = Plugin::launch_with(binary(), [("PLUGIN_UNIX_SOCKET_DIR", &place)]).await;
    assert!(Path::new(&plugin.handshake.socket).starts_with(&place));
}

#[tokio::test]
async fn where_no_socket_can_be_made_it_says_where_and_why() {
    let home = tempfile::tempdir().unwrap();
    let (missing, file) = (home.path().join("missing"), home.path().join("file"));
    let (long, odd) = (home.path().join("long".repeat(30)), home.path().join("a|b"));
    fs::write(&file, "").unwrap();
    fs::create_dir(&long).unwrap();
    fs::create_dir(&odd).unwrap();
    for (place, reason) in [
        (missing, "No such file or directory"),
        (file, "Not a directory"),
        (long, "path must be shorter than"),
        (odd, "the path has characters the host cannot read"),
    ] {
        let output = run(command().env("PLUGIN_UNIX_SOCKET_DIR", &place)).await;
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        for told in [&format!("in `{}`: {reason}", place.display()), "Set `PLUGIN_UNIX_SOCKET_DIR` to"] {
            assert!(stderr.contains(told), "{stderr}");
        }
    }
}

/// A device that takes nothing, as a full disk.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn where_the_handshake_cannot_be_written_it_says_so_and_cleans_up() {
    let home = tempfile::tempdir().unwrap();
    let full = || fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = command();
    command.env("PLUGIN_UNIX_SOCKET_DIR", home.path()).stdin(Stdio::null()).stdout(full()).stderr(Stdio::piped());
    let output = within(command.spawn().unwrap().wait_with_output()).await.unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr.contains("cannot write the handshake to standard output: No space left on device"), "{stderr}");
    assert_eq!(home.path().read_dir().unwrap().count(), 0, "its socket is gone");
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn where_the_log_cannot_be_written_it_works_on() {
    let (mut shell, identity) = under_a_shell("exec \"$0\" 2>/dev/full");
    shell.env("TF_LOG", "trace");
    let mut plugin = Plugin::start(shell, Some(identity)).await;
    assert!(!is_let_in(&plugin, None).await, "which is logged");
    assert!(is_healthy(plugin.channel().await).await.unwrap());
    plugin.signal("TERM").await;
    assert!(plugin.wait().await.success());
}

// === Who is let in ===

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
async fn a_client_that_says_nothing_holds_up_nobody() {
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

// === The end ===

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

/// A shell that runs this script, to which the plugin is `$0`.
fn under_a_shell(script: &str) -> (Command, Arc<Identity>) {
    let identity = Arc::new(Identity::generate());
    let plugin = command();
    let mut shell = Command::new("sh");
    shell.args(["-c", script]).arg(binary()).env("PLUGIN_CLIENT_CERT", identity.pem()).kill_on_drop(true);
    for (name, value) in plugin.as_std().get_envs() {
        match value {
            Some(value) => shell.env(name, value),
            None => shell.env_remove(name),
        };
    }
    (shell, identity)
}

/// A host that is killed without a word: a shell that waits for the plugin.
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

// === Debugging ===

#[tokio::test]
async fn debug_mode_prints_how_to_reattach() {
    let mut child = Command::new(binary()).arg("--debug").stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut line = String::new();
    within(BufReader::new(child.stdout.take().unwrap()).read_line(&mut line)).await.unwrap();
    let providers = line.strip_prefix("TF_REATTACH_PROVIDERS='").unwrap().strip_suffix("'\n").unwrap();
    let providers: Value = serde_json::from_str(providers).unwrap();
    for host in ["registry.terraform.io", "registry.opentofu.org"] {
        let provider = &providers[format!("{host}/deepslate-labs/deepslate")];
        assert_eq!(provider["Protocol"], "grpc");
        assert_eq!(provider["ProtocolVersion"], 5);
        assert_eq!(provider["Pid"], child.id().unwrap());
        assert_eq!(provider["Test"], true);
        assert_eq!(provider["Addr"]["Network"], "unix");
    }

    let socket = providers["registry.terraform.io/deepslate-labs/deepslate"]["Addr"]["String"].as_str().unwrap();
    assert_eq!(Path::new(socket).parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    assert!(is_healthy(channel(socket, None).await).await.unwrap());

    signal(child.id().unwrap(), "INT").await;
    assert!(within(child.wait()).await.unwrap().success());
    assert!(is_cleaned_up(socket));
}

// === Logs ===

#[tokio::test]
async fn every_line_on_standard_error_is_one_for_the_host() {
    let mut plugin = Plugin::launch_with(binary(), [("TF_LOG", "trace"), ("RUST_LOG", "off")]).await;
    assert!(!is_let_in(&plugin, None).await);
    plugin.signal("TERM").await;
    plugin.wait().await;
    let stderr = plugin.stderr();
    let lines: Vec<Value> = stderr.lines().map(|line| serde_json::from_str(line).expect(line)).collect();
    let messages: Vec<_> = lines.iter().map(|line| line["@message"].as_str().unwrap()).collect();
    assert!(messages.contains(&"a client was refused") && messages.contains(&"the plugin ends"), "{messages:?}");
    for line in &lines {
        assert!(["trace", "debug", "info", "warn", "error"].contains(&line["@level"].as_str().unwrap()));
        assert_eq!(line["@module"], "provider.deepslate");
        let timestamp = line["@timestamp"].as_str().unwrap();
        let (_, fraction) = timestamp.split_once('.').unwrap();
        assert!(fraction.len() == 7 && fraction.ends_with('Z'), "{timestamp}");
    }
}

#[tokio::test]
async fn without_a_log_level_a_good_run_is_silent() {
    let mut plugin = Plugin::launch_with(binary(), [("RUST_LOG", "trace")]).await;
    assert!(is_healthy(plugin.channel().await).await.unwrap());
    plugin.signal("TERM").await;
    plugin.wait().await;
    assert_eq!(plugin.stderr(), "");
}
