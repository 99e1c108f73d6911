//! A folder with a configuration, and an environment that is isolated from this machine.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use deepslate_emulator::{Config, Effect, Emulator, Fault, Request};
use serde_json::{Map, Value};
use tempfile::TempDir;

use crate::cli::Cli;
use crate::fixtures::{API_KEY, ORGANIZATION, VENDOR};
use crate::output::Output;
use crate::plan::summarize;
use crate::running::Running;

/// The longest wait of a test for something that must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// The registry address of the Deepslate provider, without a host.
const DEEPSLATE: &str = "deepslate-labs/deepslate";

/// A folder with a configuration, and an environment that is isolated from this machine.
///
/// `A` is the API behind the provider: [`Emulator`] for Deepslate's, `()` for a provider that needs none.
pub struct Workspace<A = Emulator> {
    /// The API behind the provider.
    pub api: A,
    cli: Cli,
    folder: TempDir,
    environment: BTreeMap<String, String>,
    /// The types of the provider's resources start with it.
    prefix: String,
}

impl Workspace {
    /// Creates an empty configuration for the Deepslate provider. The environment sets the URL of a local API, its key, a vendor and an
    /// organization.
    pub fn new(cli: &Cli, binary: &Path) -> Self {
        Self::with_api(cli, binary, Config::default())
    }

    /// Creates a workspace as [`Self::new`] does, with an API that is configured otherwise. Its key is always [`API_KEY`].
    pub fn with_api(cli: &Cli, binary: &Path, config: Config) -> Self {
        Self::with_key(cli, binary, API_KEY, config)
    }

    /// Creates a workspace as [`Self::with_api`] does, with another key.
    pub fn with_key(cli: &Cli, binary: &Path, key: &str, config: Config) -> Self {
        let api = Emulator::start(Config { api_key: key.to_owned(), ..config }).expect("the API starts");
        let url = api.url();
        let environment = [
            ("DEEPSLATE_BASE_URL", &*url),
            ("DEEPSLATE_API_KEY", key),
            ("DEEPSLATE_VENDOR_ID", VENDOR),
            ("DEEPSLATE_ORGANIZATION_ID", ORGANIZATION),
        ];
        let Workspace { cli, folder, environment, prefix, .. } =
            Workspace::for_provider(cli, binary, DEEPSLATE, &environment);
        Self { api, cli, folder, environment, prefix }
    }

    /// Makes the API misbehave in every request of this method whose path contains `path`.
    pub fn fault(&self, method: &'static str, path: &str, effect: Effect) {
        self.api.fault(Fault { method: Some(method), path: path.to_owned(), times: None, effect });
    }

    /// Returns the requests of this method that the API has received, oldest first.
    pub fn received(&self, method: &str) -> Vec<Request> {
        self.api.requests().into_iter().filter(|request| request.method == method).collect()
    }

    /// Waits until the API has received a request of this method.
    #[track_caller]
    pub fn wait_for(&self, method: &str) {
        wait_until(&format!("a {method} arrives"), || !self.received(method).is_empty());
    }
}

impl Workspace<()> {
    /// Creates an empty configuration without any provider.
    pub fn empty(cli: &Cli) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        for name in ["configuration", "home", "provider", "tmp"] {
            fs::create_dir(folder.path().join(name)).expect("a folder can be made");
        }
        let path = |name: &str| folder.path().join(name).display().to_string();
        let environment = [
            ("PATH", env::var("PATH").unwrap_or_default()),
            ("HOME", path("home")),
            ("TMPDIR", path("tmp")),
            ("TF_CLI_CONFIG_FILE", path("cli.tfrc")),
            ("TF_CLI_ARGS", "-no-color".to_owned()),
            ("TF_INPUT", "0".to_owned()),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
        ]
        .map(|(name, value)| (name.to_owned(), value))
        .into();
        let workspace = Self { api: (), cli: cli.clone(), folder, environment, prefix: String::new() };
        workspace.write_settings("");
        workspace
    }

    /// Creates an empty configuration for a provider, with these additional variables in the environment. `source` is the provider's
    /// registry address without a host: `namespace/type`.
    pub fn for_provider(cli: &Cli, binary: &Path, source: &str, environment: &[(&str, &str)]) -> Self {
        let mut workspace = Self::empty(cli);
        workspace.install(binary, &[source]);
        let name = type_of(source);
        workspace.write(
            "versions",
            format!(
                "terraform {{\n  required_providers {{\n    {name} = {{\n      source = \"{source}\"\n    }}\n  }}\n}}"
            ),
        );
        workspace.prefix = format!("{name}_");
        for (name, value) in environment {
            workspace.set_env(name, value);
        }
        workspace
    }
}

impl<A> Workspace<A> {
    /// Makes a binary the provider of these sources, and of no others. A state can have resources of a source that no configuration has;
    /// Terraform starts the provider of such a resource too.
    pub fn install(&self, binary: &Path, sources: &[&str]) {
        let provider = self.path("provider");
        let binary = fs::canonicalize(binary).expect("the provider's binary exists");
        let mut overrides = String::new();
        for source in sources {
            let file = format!("terraform-provider-{}", type_of(source));
            if !provider.join(&file).exists() {
                symlink(&binary, provider.join(file)).expect("a link can be made");
            }
            for registry in ["registry.terraform.io", "registry.opentofu.org"] {
                overrides += &format!("\"{registry}/{source}\" = \"{}\"\n", provider.display());
            }
        }
        self.write_settings(&overrides);
    }

    fn write_settings(&self, overrides: &str) {
        let settings = format!("provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n  direct {{}}\n}}\n");
        fs::write(self.path("cli.tfrc"), settings).expect("a file can be written");
    }

    // === Input ===

    /// Sets an environment variable.
    pub fn set_env(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    /// Removes an environment variable.
    pub fn unset_env(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Writes `<name>.tf`. Diagnostics name the file, so each case that must fail has a file of its own.
    pub fn write(&self, name: &str, hcl: impl AsRef<str>) {
        self.write_file(&format!("{name}.tf"), hcl.as_ref());
    }

    /// Writes a file of the configuration.
    pub fn write_file(&self, name: &str, text: &str) {
        fs::write(self.path("configuration").join(name), text).expect("a file can be written");
    }

    /// Copies a module, with its folders, into the configuration.
    pub fn copy_module(&self, folder: &Path) {
        copy(folder, &self.path("configuration"));
    }

    /// Reads `<name>.tf`.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("configuration").join(name).with_extension("tf")).expect("the file is there")
    }

    /// Removes `<name>.tf`.
    pub fn remove(&self, name: &str) {
        fs::remove_file(self.path("configuration").join(name).with_extension("tf")).expect("the file is there");
    }

    // === Commands ===

    /// Runs a command to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().expect("the command starts");
        Output::new(self.describe(arguments), &output)
    }

    /// Starts a command without waiting for its end.
    pub fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.describe(arguments), self.command(arguments))
    }

    /// Runs a command that must succeed.
    #[track_caller]
    pub fn succeed(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert!(output.code == Some(0), "expected success: {output}");
        output
    }

    /// Runs a command that must end with an error.
    #[track_caller]
    pub fn fail(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert!(output.code == Some(1), "expected an error: {output}");
        output
    }

    /// Applies the configuration.
    #[track_caller]
    pub fn apply(&self) -> Output {
        self.succeed(&["apply", "-auto-approve"])
    }

    /// Destroys everything.
    #[track_caller]
    pub fn destroy(&self) -> Output {
        self.succeed(&["destroy", "-auto-approve"])
    }

    /// Writes a plan to the file `plan`, and returns a line for each resource that changes, sorted: `port: update port`,
    /// `main: create`, `main: replace organization_id` (only the attributes that force the replacement), `main: import update password`.
    #[track_caller]
    pub fn plan(&self, arguments: &[&str]) -> Vec<String> {
        self.succeed(&[&["plan", "-out=plan"], arguments].concat());
        let shown = self.succeed(&["show", "-json", "plan"]);
        summarize(&serde_json::from_str(&shown.stdout).expect("`show -json` prints JSON"))
    }

    /// Asserts that a plan has no changes.
    #[track_caller]
    pub fn assert_plan_is_empty(&self) {
        let output = self.run(&["plan", "-detailed-exitcode"]);
        assert!(output.code == Some(0), "expected no changes: {output}");
    }

    // === Results ===

    /// Returns the name (with the key of a `for_each`) and the attributes of each of the provider's resources in the state.
    pub fn state(&self) -> Vec<(String, Map<String, Value>)> {
        let mut found = Vec::new();
        let state = self.read_state();
        for resource in state["resources"].as_array().into_iter().flatten() {
            for instance in resource["instances"].as_array().into_iter().flatten() {
                if let (Some(name), Some(attributes)) = (resource["name"].as_str(), instance["attributes"].as_object())
                    && resource["type"].as_str().is_some_and(|name| name.starts_with(&self.prefix))
                    && resource["mode"] == "managed"
                {
                    let key = instance["index_key"].as_str().map(|key| format!("[{key}]")).unwrap_or_default();
                    found.push((format!("{name}{key}"), attributes.clone()));
                }
            }
        }
        found
    }

    /// Returns the names of the provider's resources in the state.
    pub fn names_in_state(&self) -> Vec<String> {
        self.state().into_iter().map(|(name, _)| name).collect()
    }

    /// Returns the attributes of one resource in the state.
    #[track_caller]
    pub fn attributes(&self, name: &str) -> Map<String, Value> {
        let state = self.state();
        let found = state.iter().find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("{name} is not in the state: {state:?}")).1.clone()
    }

    /// Reads the state file; null if there is none.
    pub fn read_state(&self) -> Value {
        fs::read(self.state_file()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Returns whether the state file was only partly written.
    pub fn state_is_torn(&self) -> bool {
        fs::read(self.state_file())
            .is_ok_and(|bytes| !bytes.is_empty() && serde_json::from_slice::<Value>(&bytes).is_err())
    }

    /// Replaces the state file.
    pub fn write_state(&self, state: &Value) {
        fs::write(self.state_file(), state.to_string()).expect("the state can be written");
    }

    /// Returns the path of a file or folder next to the configuration.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the names of all temporary files that are left.
    pub fn left_in_tmp(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("tmp")).expect("the folder exists").flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        // Old versions of Terraform keep a log of their own there.
        names.filter(|name| !name.starts_with("terraform-log")).collect()
    }

    fn state_file(&self) -> PathBuf {
        self.path("configuration").join("terraform.tfstate")
    }

    /// Returns a command that is not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.cli.program);
        command.args(arguments).current_dir(self.path("configuration")).stdin(Stdio::null());
        command.env_clear().envs(&self.environment);
        command
    }

    fn describe(&self, arguments: &[&str]) -> String {
        let program = self.cli.program.file_name().map_or(self.cli.program.as_path(), Path::new);
        format!("{} {}", program.display(), arguments.join(" "))
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("the folder can be read").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

/// Waits for something that must happen soon.
#[track_caller]
pub fn wait_until(what: &str, happened: impl Fn() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The last part of a source, which is the usual local name of the provider.
fn type_of(source: &str) -> &str {
    source.rsplit('/').next().unwrap_or_default()
}
