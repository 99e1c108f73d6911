//! A folder with a configuration, a local API of its own, and an environment that nothing of this machine leaks into.

use std::collections::BTreeMap;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

use deepslate_emulator::{Config, Effect, Emulator, Fault, Request};
use serde_json::{Map, Value};
use tempfile::TempDir;

use super::cli::Cli;
use super::output::Output;
use super::plan::summarize;
use super::running::Running;
use super::{API_KEY, ORGANIZATION, VENDOR};

/// How long a test waits for what must happen before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the provider comes from, as every configuration has to say.
const VERSIONS: &str = r#"terraform {
  required_providers {
    deepslate = {
      source = "deepslate-labs/deepslate"
    }
  }
}"#;

pub(crate) struct Workspace {
    /// The local API behind the provider.
    pub(crate) api: Emulator,
    cli: &'static Cli,
    folder: TempDir,
    environment: BTreeMap<String, String>,
}

/// The provider under test: the one just built, or the one that `TF_PROVIDER_BINARY` names.
pub(crate) fn provider_binary() -> PathBuf {
    env::var_os("TF_PROVIDER_BINARY")
        .map_or_else(|| env!("CARGO_BIN_EXE_terraform-provider-deepslate").into(), PathBuf::from)
}

impl Workspace {
    /// An empty configuration; the environment names the API, its key, a vendor and an organization.
    pub(crate) fn new(cli: &'static Cli) -> Self {
        Self::with_api(cli, Config::default())
    }

    /// The same with an API that behaves otherwise; its key is [`API_KEY`] whatever the configuration says.
    pub(crate) fn with_api(cli: &'static Cli, config: Config) -> Self {
        Self::with_key(cli, API_KEY, config)
    }

    /// The same with another key.
    pub(crate) fn with_key(cli: &'static Cli, key: &str, config: Config) -> Self {
        let api = Emulator::start(Config { api_key: key.to_owned(), ..config }).expect("the API starts");
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut workspace = Self { api, cli, folder, environment: BTreeMap::new() };
        workspace.prepare_folder();
        workspace.prepare_environment(key);
        workspace
    }

    fn prepare_folder(&self) {
        for name in ["configuration", "home", "provider", "tmp"] {
            fs::create_dir(self.path(name)).expect("a folder can be made");
        }
        self.install(&["deepslate-labs/deepslate"]);
        self.write("versions", VERSIONS);
    }

    /// Makes the provider under test the one of these names. A name other than its own is for what is only in the
    /// state: Terraform starts the provider of such a resource too.
    pub(crate) fn install(&self, names: &[&str]) {
        let provider = self.path("provider");
        let binary = fs::canonicalize(provider_binary()).expect("the provider's binary exists");
        let mut overrides = String::new();
        for name in names {
            let file = format!("terraform-provider-{}", name.split('/').next_back().unwrap_or_default());
            if !provider.join(&file).exists() {
                symlink(&binary, provider.join(file)).expect("a link can be made");
            }
            for registry in ["registry.terraform.io", "registry.opentofu.org"] {
                overrides += &format!("\"{registry}/{name}\" = \"{}\"\n", provider.display());
            }
        }
        let settings = format!("provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n  direct {{}}\n}}\n");
        fs::write(self.path("cli.tfrc"), settings).expect("a file can be written");
    }

    fn prepare_environment(&mut self, key: &str) {
        let path = |name: &str| self.path(name).display().to_string();
        let variables = [
            ("PATH", env::var("PATH").unwrap_or_default()),
            ("HOME", path("home")),
            ("TMPDIR", path("tmp")),
            ("TF_CLI_CONFIG_FILE", path("cli.tfrc")),
            ("TF_CLI_ARGS", "-no-color".to_owned()),
            ("TF_INPUT", "0".to_owned()),
            ("TF_IN_AUTOMATION", "1".to_owned()),
            ("CHECKPOINT_DISABLE", "1".to_owned()),
            ("DEEPSLATE_BASE_URL", self.api.url()),
            ("DEEPSLATE_API_KEY", key.to_owned()),
            ("DEEPSLATE_VENDOR_ID", VENDOR.to_owned()),
            ("DEEPSLATE_ORGANIZATION_ID", ORGANIZATION.to_owned()),
        ];
        self.environment = variables.map(|(name, value)| (name.to_owned(), value)).into();
    }

    // What the commands find.

    pub(crate) fn set_env(&mut self, name: &str, value: &str) {
        self.environment.insert(name.to_owned(), value.to_owned());
    }

    pub(crate) fn unset_env(&mut self, name: &str) {
        self.environment.remove(name);
    }

    /// Writes `<name>.tf`. Diagnostics name the file, so a case that is to fail gets a file of its own.
    pub(crate) fn write(&self, name: &str, hcl: impl AsRef<str>) {
        self.write_file(&format!("{name}.tf"), hcl.as_ref());
    }

    /// Writes a file of the configuration.
    pub(crate) fn write_file(&self, name: &str, text: &str) {
        fs::write(self.path("configuration").join(name), text).expect("a file can be written");
    }

    /// Reads `<name>.tf`.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path("configuration").join(name).with_extension("tf")).expect("the file is there")
    }

    /// Removes `<name>.tf`.
    pub(crate) fn remove(&self, name: &str) {
        fs::remove_file(self.path("configuration").join(name).with_extension("tf")).expect("the file is there");
    }

    /// Makes the API misbehave in every request of this method whose path contains `path`.
    pub(crate) fn fault(&self, method: &'static str, path: &str, effect: Effect) {
        self.api.fault(Fault { method: Some(method), path: path.to_owned(), times: None, effect });
    }

    // Commands.

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(arguments).output().expect("the command starts");
        Output::new(self.describe(arguments), &output)
    }

    /// Starts a command without waiting for its end.
    pub(crate) fn start(&self, arguments: &[&str]) -> Running {
        Running::start(self.describe(arguments), self.command(arguments))
    }

    #[track_caller]
    pub(crate) fn succeed(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert!(output.code == Some(0), "expected success: {output}");
        output
    }

    /// Runs a command that must end with an error.
    #[track_caller]
    pub(crate) fn fail(&self, arguments: &[&str]) -> Output {
        let output = self.run(arguments);
        assert!(output.code == Some(1), "expected an error: {output}");
        output
    }

    #[track_caller]
    pub(crate) fn apply(&self) -> Output {
        self.succeed(&["apply", "-auto-approve"])
    }

    #[track_caller]
    pub(crate) fn destroy(&self) -> Output {
        self.succeed(&["destroy", "-auto-approve"])
    }

    /// What a plan is going to do; see [`summarize`] for the form.
    #[track_caller]
    pub(crate) fn plan(&self, arguments: &[&str]) -> Vec<String> {
        self.succeed(&[&["plan", "-out=plan"], arguments].concat());
        let shown = self.succeed(&["show", "-json", "plan"]);
        summarize(&serde_json::from_str(&shown.stdout).expect("`show -json` prints JSON"))
    }

    #[track_caller]
    pub(crate) fn assert_plan_is_empty(&self) {
        let output = self.run(&["plan", "-detailed-exitcode"]);
        assert!(output.code == Some(0), "expected no changes: {output}");
    }

    // What the commands left.

    /// The attributes of all of our resources in the state, as name (with the key of a `for_each`) and attributes.
    pub(crate) fn state(&self) -> Vec<(String, Map<String, Value>)> {
        let mut found = Vec::new();
        let state = self.read_state();
        for resource in state["resources"].as_array().into_iter().flatten() {
            for instance in resource["instances"].as_array().into_iter().flatten() {
                if let (Some(name), Some(attributes)) = (resource["name"].as_str(), instance["attributes"].as_object())
                    && resource["type"].as_str().is_some_and(|name| name.starts_with("deepslate_"))
                    && resource["mode"] == "managed"
                {
                    let key = instance["index_key"].as_str().map(|key| format!("[{key}]")).unwrap_or_default();
                    found.push((format!("{name}{key}"), attributes.clone()));
                }
            }
        }
        found
    }

    pub(crate) fn names_in_state(&self) -> Vec<String> {
        self.state().into_iter().map(|(name, _)| name).collect()
    }

    /// The attributes of one resource in the state.
    #[track_caller]
    pub(crate) fn attributes(&self, name: &str) -> Map<String, Value> {
        let state = self.state();
        let found = state.iter().find(|(known, _)| known == name);
        found.unwrap_or_else(|| panic!("{name} is not in the state: {state:?}")).1.clone()
    }

    pub(crate) fn read_state(&self) -> Value {
        fs::read(self.state_file()).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    pub(crate) fn write_state(&self, state: &Value) {
        fs::write(self.state_file(), state.to_string()).expect("the state can be written");
    }

    /// What the API received of this method, oldest first.
    pub(crate) fn received(&self, method: &str) -> Vec<Request> {
        self.api.requests().into_iter().filter(|request| request.method == method).collect()
    }

    /// Waits until the API has received a request of this method.
    #[track_caller]
    pub(crate) fn wait_for(&self, method: &str) {
        wait_until(&format!("a {method} arrives"), || !self.received(method).is_empty());
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What is left in the folder for temporary files.
    pub(crate) fn left_in_tmp(&self) -> Vec<String> {
        let entries = fs::read_dir(self.path("tmp")).expect("the folder exists").flatten();
        let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
        // Old versions of Terraform keep a log of their own there.
        names.filter(|name| !name.starts_with("terraform-log")).collect()
    }

    fn state_file(&self) -> PathBuf {
        self.path("configuration").join("terraform.tfstate")
    }

    fn command(&self, arguments: &[&str]) -> Command {
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

/// Waits for what must happen soon, and fails where it does not.
#[track_caller]
pub(crate) fn wait_until(what: &str, happened: impl Fn() -> bool) {
    let start = Instant::now();
    while !happened() {
        assert!(start.elapsed() < PATIENCE, "waited {PATIENCE:?} in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
