//! Which Terraform and OpenTofu binaries the tests run with.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, thread};

/// A `terraform` or `tofu` binary.
pub(crate) struct Cli {
    /// Product and version as the binary tells them: `Terraform v1.11.4`.
    pub(crate) version: String,
    pub(crate) program: PathBuf,
}

/// Runs a test once with each binary found, at the same time. A failure tells which of them failed.
pub(crate) fn for_each_cli(test: impl Fn(&'static Cli) + Sync) {
    let clis = CLIS.as_ref().unwrap_or_else(|reason| panic!("{reason}"));
    let failed: Vec<&str> = thread::scope(|scope| {
        let runs: Vec<_> = clis
            .iter()
            .map(|cli| {
                let thread = thread::Builder::new().name(cli.version.clone());
                (cli, thread.spawn_scoped(scope, || test(cli)).expect("a thread can be started"))
            })
            .collect();
        runs.into_iter().filter_map(|(cli, run)| run.join().is_err().then_some(cli.version.as_str())).collect()
    });
    assert!(failed.is_empty(), "failed with {}; see above", failed.join(" and "));
}

static CLIS: LazyLock<Result<Vec<Cli>, String>> = LazyLock::new(|| {
    let clis = discover()?;
    // Not `eprintln!`: the test runner would hide it unless the test fails.
    let mut stderr = io::stderr();
    for cli in &clis {
        let _ = writeln!(stderr, "acceptance tests run with {} ({})", cli.version, cli.program.display());
    }
    Ok(clis)
});

fn discover() -> Result<Vec<Cli>, String> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/tofu");
    let named = env::var_os("TF_CLIS").unwrap_or_default();
    let programs = [on_path("terraform"), on_path("tofu"), built.is_file().then_some(built)]
        .into_iter()
        .flatten()
        .chain(env::split_paths(&named).filter(|path| !path.as_os_str().is_empty()));

    let mut clis: Vec<Cli> = Vec::new();
    for program in programs {
        let version = version(&program).map_err(|reason| format!("{}: {reason}", program.display()))?;
        if clis.iter().all(|known| known.version != version) {
            clis.push(Cli { version, program });
        }
    }
    if clis.is_empty() {
        return Err(
            "no Terraform and no OpenTofu to test with: put `terraform` or `tofu` on the PATH, name binaries in \
                    `TF_CLIS`, or build OpenTofu with `make tools`"
                .to_owned(),
        );
    }
    Ok(clis)
}

fn on_path(program: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// The first line of `version`, for `version -json` does not tell Terraform from OpenTofu.
fn version(program: &Path) -> Result<String, String> {
    let output = Command::new(program)
        .arg("version")
        .env("CHECKPOINT_DISABLE", "1")
        .env_remove("TF_CLI_CONFIG_FILE")
        .output()
        .map_err(|error| format!("does not start: {error}"))?;
    let stdout = String::from_utf8_lossy(&output.stdout);
    match stdout.lines().next() {
        Some(line) if output.status.success() && line.contains(" v") => Ok(line.to_owned()),
        _ => Err(format!("`version` says no version: {stdout}{}", String::from_utf8_lossy(&output.stderr))),
    }
}
