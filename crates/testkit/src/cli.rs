//! The Terraform and OpenTofu binaries that tests and benchmarks run.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fmt, thread};

/// A `terraform` or `tofu` binary.
#[derive(Clone)]
pub struct Cli {
    /// Product and version as the binary prints them: `Terraform v1.11.4`.
    pub version: String,
    /// The path of the binary.
    pub program: PathBuf,
}

/// A feature that not every binary has: the first versions with it, each as product, major and minor version.
pub struct Feature(&'static [(&'static str, u32, u32)]);

/// A start without `/proc` and without a temporary folder.
pub const EMPTY_ROOT: Feature = Feature(&[("Terraform", 1, 1), ("OpenTofu", 1, 6)]);
/// `moved` blocks.
pub const MOVED_BLOCKS: Feature = Feature(&[("Terraform", 1, 1), ("OpenTofu", 1, 6)]);
/// Plans that ask the provider before they destroy an object.
pub const PLANNED_DESTROY: Feature = Feature(&[("Terraform", 1, 3), ("OpenTofu", 1, 6)]);
/// An empty plan after an import, although the configuration marks a value as sensitive. Other binaries plan an update without a changed value.
pub const IMPORTED_MARKS: Feature = Feature(&[("Terraform", 1, 8), ("OpenTofu", 1, 10)]);
/// The built-in resource `terraform_data`.
pub const TERRAFORM_DATA: Feature = Feature(&[("Terraform", 1, 4), ("OpenTofu", 1, 6)]);
/// `import` blocks, and `plan -generate-config-out`.
pub const IMPORT_BLOCKS: Feature = Feature(&[("Terraform", 1, 5), ("OpenTofu", 1, 6)]);
/// `import` blocks with `for_each`.
pub const IMPORT_FOR_EACH: Feature = Feature(&[("Terraform", 1, 7), ("OpenTofu", 1, 7)]);
/// The block `store` of `terraform_data`.
pub const STORE: Feature = Feature(&[("Terraform", 1, 16)]);
/// `terraform test`.
pub const TESTS: Feature = Feature(&[("Terraform", 1, 6), ("OpenTofu", 1, 6)]);
/// `terraform test` with `mock_provider` and `override_resource`.
pub const MOCKS: Feature = Feature(&[("Terraform", 1, 7), ("OpenTofu", 1, 8)]);
/// `moved` blocks between resources of different types.
pub const MOVES_BETWEEN_TYPES: Feature = Feature(&[("Terraform", 1, 8), ("OpenTofu", 1, 10)]);
/// Write-only arguments and ephemeral values.
pub const WRITE_ONLY: Feature = Feature(&[("Terraform", 1, 11), ("OpenTofu", 1, 11)]);
/// Identities in the state and in `import` blocks.
pub const IDENTITY: Feature = Feature(&[("Terraform", 1, 12), ("OpenTofu", 1, 12)]);
/// `terraform query`.
pub const QUERY: Feature = Feature(&[("Terraform", 1, 14)]);

/// Runs a test once with each binary found, at the same time. A failure names the binaries that failed.
pub fn for_each_cli(test: impl Fn(&'static Cli) + Sync) {
    run(clis().iter().collect(), test);
}

/// Runs a test with each binary that has a feature. Prints with which binaries the test is skipped.
pub fn for_each_cli_with(feature: &Feature, test: impl Fn(&'static Cli) + Sync) {
    let (able, unable): (Vec<_>, Vec<_>) = clis().iter().partition(|cli| cli.has(feature));
    for cli in unable {
        let thread = thread::current();
        skipped(&format!("skipped with {}: {} needs {feature}", cli.version, thread.name().unwrap_or("a test")));
    }
    run(able, test);
}

/// Prints a line about a skipped test, and adds it to the file that `SKIPPED_TESTS` names, which `make test` prints at its end.
fn skipped(line: &str) {
    tell(line);
    if let Some(path) = env::var_os("SKIPPED_TESTS") {
        let file = File::options().create(true).append(true).open(path);
        let written = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
        written.expect("the file that `SKIPPED_TESTS` names can be written");
    }
}

impl Cli {
    /// Returns whether the binary has the feature.
    pub fn has(&self, Feature(brought_by): &Feature) -> bool {
        brought_by.iter().any(|&(product, major, minor)| self.product() == product && self.number() >= (major, minor))
    }

    /// Returns whether the binary is of this version, whatever the product, or of a later one.
    pub fn is_at_least(&self, major: u32, minor: u32) -> bool {
        self.number() >= (major, minor)
    }

    fn product(&self) -> &str {
        self.version.split(" v").next().unwrap_or_default()
    }

    fn number(&self) -> (u32, u32) {
        let mut parts =
            self.version.split(" v").nth(1).unwrap_or_default().split('.').map_while(|part| part.parse().ok());
        (parts.next().unwrap_or(0), parts.next().unwrap_or(0))
    }
}

impl fmt::Display for Feature {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let versions = self.0.iter().map(|(product, major, minor)| format!("{product} {major}.{minor} or later"));
        formatter.write_str(&versions.collect::<Vec<_>>().join(", or "))
    }
}

/// Returns all binaries found. Panics if there are none.
pub fn clis() -> &'static [Cli] {
    CLIS.as_ref().unwrap_or_else(|reason| panic!("{reason}"))
}

fn run(clis: Vec<&'static Cli>, test: impl Fn(&'static Cli) + Sync) {
    let failed: Vec<&str> = thread::scope(|scope| {
        let runs: Vec<_> = clis
            .into_iter()
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
    for cli in &clis {
        tell(&format!("acceptance tests run with {} ({})", cli.version, cli.program.display()));
    }
    Ok(clis)
});

/// Writes a line to the terminal, even while the test runner captures what tests print.
pub fn tell(line: &str) {
    // Not `eprintln!`: the test runner would hide it unless the test fails.
    let _ = writeln!(io::stderr(), "{line}");
}

/// Finds Terraform and OpenTofu on the PATH, the OpenTofu that `make tools` builds, and those that `TF_CLIS` names: each version once.
pub fn discover() -> Result<Vec<Cli>, String> {
    let built = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/tools/tofu");
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

/// Returns the first line of `version`. `version -json` does not distinguish Terraform from OpenTofu.
pub fn version(program: &Path) -> Result<String, String> {
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
