//! The handshake, and the place of the socket.

use std::fs;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::Path;
use std::process::Stdio;

use testkit::plugin::{Plugin, TRANSPORT, network, within};
use tokio::process::Command;

use crate::{binary, command, development_build, is_healthy, run};

#[tokio::test]
async fn the_handshake_line_has_six_fields() {
    let mut plugin = Plugin::launch(binary()).await;
    let fields: Vec<_> = plugin.handshake.line.split('|').collect();
    assert_eq!(fields.len(), 6);
    assert_eq!(fields[..3], ["1", "5", network()]);
    assert_eq!(fields[4], "grpc");
    assert!(!fields[5].is_empty() && !fields[5].contains('='), "{}", fields[5]);

    assert!(is_healthy(plugin.channel().await).await.unwrap());
    plugin.signal("TERM").await;
    assert_eq!(plugin.rest_of_stdout().await, "", "nothing may follow the line");
}

#[tokio::test]
async fn only_the_owner_can_reach_a_unix_socket() {
    let plugin = Plugin::launch_with(binary(), [(TRANSPORT, "")]).await;
    let socket = Path::new(&plugin.handshake.socket);
    assert!(socket.is_absolute());
    assert_eq!(socket.parent().unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn a_host_without_protocol_5_gets_protocol_5() {
    let plugin = Plugin::launch_with(binary(), [("PLUGIN_PROTOCOL_VERSIONS", "6")]).await;
    assert!(plugin.handshake.line.starts_with("1|5|"));
}

#[tokio::test]
async fn multiplexing_is_declined_in_a_seventh_field() {
    let plugin = Plugin::launch_with(binary(), [("PLUGIN_MULTIPLEX_GRPC", "true")]).await;
    assert_eq!(plugin.handshake.line.split('|').nth(6), Some("false"));
}

#[tokio::test]
async fn started_by_hand_it_explains_itself() {
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
async fn version_and_help_work_without_a_host() {
    for dashes in ["-", "--"] {
        let version = run(Command::new(binary()).arg(format!("{dashes}version"))).await;
        assert!(version.status.success());
        let expected = format!("terraform-provider-deepslate {}\n", env!("CARGO_PKG_VERSION"));
        assert_eq!(String::from_utf8_lossy(&version.stdout), expected);

        let help = run(Command::new(binary()).arg(format!("{dashes}help"))).await;
        assert!(help.status.success());
        assert!(String::from_utf8_lossy(&help.stdout).contains("--debug"));
    }
}

#[tokio::test]
async fn an_unknown_argument_is_an_error() {
    for (arguments, shown) in [(&["--bogus"][..], "`--bogus`"), (&["--debug", "twice"], "`--debug …`")] {
        let output = run(Command::new(binary()).args(arguments)).await;
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
        assert!(String::from_utf8_lossy(&output.stderr).contains(shown));
    }
}

/// Runs a plugin that cannot start. The host shows the one line of standard output, and logs standard error.
async fn refusal(command: &mut Command) -> String {
    let output = run(command).await;
    let (stdout, stderr) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(1));
    let reason = stdout.strip_prefix("The plugin could not start: ").expect(&stdout).strip_suffix('\n').unwrap();
    assert!(!reason.contains(['|', '\n']), "{reason}");
    assert!(stderr.contains(reason.split_once(':').unwrap().0), "{stderr}");
    reason.to_owned()
}

#[tokio::test]
async fn an_invalid_client_certificate_is_an_error() {
    let reason = refusal(command().env("PLUGIN_CLIENT_CERT", "garbage")).await;
    assert!(reason.contains("`PLUGIN_CLIENT_CERT`"), "{reason}");
}

#[tokio::test]
async fn an_invalid_range_of_ports_is_an_error() {
    let reason =
        refusal(testkit::plugin::command(development_build()).env(TRANSPORT, "tcp").env("PLUGIN_MIN_PORT", "many"))
            .await;
    assert!(reason.contains("`PLUGIN_MIN_PORT` is not a port"), "{reason}");
}

#[tokio::test]
async fn an_unusable_temporary_directory_is_skipped() {
    let home = tempfile::tempdir().unwrap();
    let long = &*home.path().join("long".repeat(30));
    fs::create_dir(long).unwrap();
    let file = home.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [long, &file, &home.path().join("missing"), Path::new(""), Path::new("tests")] {
        let plugin = Plugin::launch_with(binary(), [(TRANSPORT, Path::new("")), ("TMPDIR", place)]).await;
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

    let plugin = Plugin::launch_with(binary(), [(TRANSPORT, Path::new("")), ("PLUGIN_UNIX_SOCKET_DIR", &place)]).await;
    assert!(Path::new(&plugin.handshake.socket).starts_with(&place));
}

#[tokio::test]
async fn a_socket_that_cannot_be_created_is_an_error_with_path_and_reason() {
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
        (odd, "the path has characters that the host cannot read"),
    ] {
        let refusal = refusal(command().env(TRANSPORT, "").env("PLUGIN_UNIX_SOCKET_DIR", &place)).await;
        let place = place.display().to_string().replace('|', r"\u{7c}");
        for told in [&format!("in `{place}`: {reason}"), "Set `PLUGIN_UNIX_SOCKET_DIR` to"] {
            assert!(refusal.contains(told), "{refusal}");
        }
    }
}

/// A device that takes nothing, as a full disk.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_handshake_that_cannot_be_written_is_an_error_and_leaves_no_socket() {
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
