//! Logs, and the debug mode.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use serde_json::Value;
use testkit::plugin::{Plugin, channel, is_cleaned_up, network, signal, within};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::{binary, is_healthy, is_let_in, under_a_shell};

#[tokio::test]
async fn debug_mode_prints_how_to_reattach() {
    let mut child = Command::new(binary()).arg("-debug").stdout(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
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
        assert_eq!(provider["Addr"]["Network"], network());
    }

    let socket = providers["registry.terraform.io/deepslate-labs/deepslate"]["Addr"]["String"].as_str().unwrap();
    if network() == "unix" {
        assert_eq!(Path::new(socket).parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
    }
    assert!(is_healthy(channel(socket, None).await).await.unwrap());

    signal(child.id().unwrap(), "INT").await;
    assert!(within(child.wait()).await.unwrap().success());
    assert!(is_cleaned_up(socket));
}

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

#[cfg(target_os = "linux")]
#[tokio::test]
async fn it_works_without_a_writable_log() {
    let (mut shell, identity) = under_a_shell("exec \"$0\" 2>/dev/full");
    shell.env("TF_LOG", "trace");
    let mut plugin = Plugin::start(shell, Some(identity)).await;
    assert!(!is_let_in(&plugin, None).await, "which is logged");
    assert!(is_healthy(plugin.channel().await).await.unwrap());
    plugin.signal("TERM").await;
    assert!(plugin.wait().await.success());
}
