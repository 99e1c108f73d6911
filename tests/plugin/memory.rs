//! The memory of the process, which holds secrets.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{ExitStatus, Stdio};
use std::sync::Arc;

use testkit::plugin::{Identity, Plugin, within};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

use crate::{binary, under_a_shell};

/// Lets what follows write core files of any size into a folder.
fn dumping_to(folder: &Path) -> String {
    format!("cd {} && ulimit -c unlimited && ", folder.display())
}

/// Whether this machine writes core files at all.
async fn dumps(folder: &Path) -> bool {
    let script = dumping_to(folder) + "kill -ABRT $$";
    let status = Command::new("sh").args(["-c", &script]).status().await.unwrap();
    status.core_dumped()
}

#[tokio::test]
async fn an_abort_leaves_no_core_file() {
    let folder = tempfile::tempdir().unwrap();
    let machine_dumps = dumps(folder.path()).await;
    let plugin: ExitStatus = {
        let (shell, identity) = under_a_shell(&(dumping_to(folder.path()) + "exec \"$0\""));
        let mut plugin = Plugin::start(shell, Some(identity)).await;
        plugin.signal("ABRT").await;
        plugin.wait().await
    };
    assert!(plugin.signal().is_some() && !plugin.core_dumped(), "{plugin:?}");

    // Of a process for a debugger, there is one.
    let mut shell = Command::new("sh");
    shell.args(["-c", &(dumping_to(folder.path()) + "exec \"$0\" --debug")]).arg(binary());
    let mut debugged = shell.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true).spawn().unwrap();
    let mut said = String::new();
    within(BufReader::new(debugged.stderr.take().unwrap()).read_line(&mut said)).await.unwrap();
    assert!(said.contains("Debuggers and core files can read"), "{said}");
    let mut line = String::new();
    within(BufReader::new(debugged.stdout.take().unwrap()).read_line(&mut line)).await.unwrap();
    let process = debugged.id().unwrap().to_string();
    assert!(Command::new("kill").args(["-ABRT", &process]).status().await.unwrap().success());
    assert_eq!(within(debugged.wait()).await.unwrap().core_dumped(), machine_dumps);
}

/// Linux shows the memory of a process that may not be dumped to root only, and so the files that would give it away.
#[cfg(target_os = "linux")]
#[tokio::test]
async fn other_processes_of_the_user_cannot_read_it() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    let owner = |plugin: &Plugin| std::fs::metadata(format!("/proc/{}/environ", plugin.pid())).unwrap().uid();
    let folder = tempfile::tempdir().unwrap();
    let mut user = std::fs::metadata(folder.path()).unwrap().uid();
    let mut program = binary();
    if user == 0 {
        // Root owns these files anyway, so another user runs the plugin.
        user = 1000;
        std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        std::fs::copy(&program, folder.path().join("provider")).unwrap();
        program = folder.path().join("provider");
    }
    let identity = Arc::new(Identity::generate());
    let mut command = testkit::plugin::command(&program);
    command.uid(user).env("PLUGIN_CLIENT_CERT", identity.pem());
    let plugin = Plugin::start(command, Some(identity)).await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", plugin.pid())).unwrap();
    let core = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap();
    assert_eq!(core.split_whitespace().filter(|word| *word == "0").count(), 2, "{core}");
    // Root, or nobody if there is no root in the user namespace.
    assert!([0, 65534].contains(&owner(&plugin)), "{}", owner(&plugin));

    let mut command = testkit::plugin::command(&program);
    command.uid(user).env_remove("TF_PLUGIN_MAGIC_COOKIE").arg("--debug");
    assert_eq!(owner(&Plugin::start(command, None).await), user, "a debugger can read its memory");
}

#[tokio::test]
async fn debug_refuses_a_folder_that_others_may_rename() {
    use std::os::unix::fs::PermissionsExt;

    if std::env::var_os(testkit::plugin::TRANSPORT).is_some() {
        return; // There is no socket in a folder.
    }
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    let mut debugged = Command::new(binary());
    debugged.arg("--debug");
    // A host that asks for plaintext has the same danger.
    for mut command in [debugged, crate::command()] {
        command.env("PLUGIN_UNIX_SOCKET_DIR", folder.path()).stdin(Stdio::null());
        let output = within(command.output()).await.unwrap();
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("sticky bit") && said.contains("`PLUGIN_UNIX_SOCKET_DIR`"), "{said}");
    }
}
