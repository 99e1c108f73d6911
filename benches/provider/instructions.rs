//! How many instructions a process executes that starts, makes its schema and ends. Other load on the machine changes this number by less
//! than a hundredth. `benches/instructions.txt` has the recorded one, so a change of it shows in a review.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::json;
use testkit::plugin::{self, Identity, Plugin};

use crate::Result;
use crate::report::{Report, Table};

/// The recorded number, rounded, of the build for `x86_64-unknown-linux-musl`.
const RECORDED: &str = "benches/instructions.txt";

/// Nothing where valgrind is not installed, or on another architecture than that of the recorded number.
pub(crate) async fn measure(name: &str, binary: &Path, identity: &Arc<Identity>, report: &mut Report) -> Result<()> {
    if !cfg!(target_arch = "x86_64") || Command::new("valgrind").arg("--version").output().is_err() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let profile = folder.path().join("profile");
    let mut command = plugin::command("valgrind");
    command
        .args(["--quiet", "--tool=callgrind"])
        .arg(format!("--callgrind-out-file={}", profile.display()))
        .arg(binary)
        .env("PLUGIN_CLIENT_CERT", identity.pem());
    let mut plugin = Plugin::start(command, Some(Arc::clone(identity))).await;
    plugin.signal("TERM").await;
    plugin.wait().await;
    let profile = fs::read_to_string(profile)?;
    let total = profile.lines().find_map(|line| line.strip_prefix("totals: "));
    let now: u64 = total.ok_or("expected a total in the profile")?.trim().parse()?;
    let recorded: u64 = fs::read_to_string(RECORDED)?.trim().parse()?;

    let mut table = Table::new("Instructions from the start to the end".to_owned(), ["plugin"], ["now", "recorded"]);
    table.row([name.to_owned(), now.to_string(), recorded.to_string()]);
    report.add("instructions", json!({"subject": name, "now": now, "recorded": recorded}));
    report.print(&table)
}
