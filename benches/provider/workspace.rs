//! A folder with one configuration, and an environment that nothing of this machine leaks into.

use std::fs::{self, File};
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::Result;
use crate::cli::Cli;
use crate::processes::{Plugins, has_ended, processes};
use crate::subject::Subject;

/// How often it is looked whether a command has ended: what a time may be too long by. Looking more often would take more of a
/// processor than a few percent, from all that is measured alike.
const TICK: Duration = Duration::from_millis(2);

/// The plugins are looked at in every so many ticks. They live for longer, and their processor time is told by the command in the
/// end too.
const LOOK: u32 = 5;

pub(crate) struct Workspace<'a> {
    cli: &'a Cli,
    folder: TempDir,
}

/// What one command took.
pub(crate) struct Cost {
    /// Of the whole command, by the clock on the wall.
    pub(crate) wall: Duration,
    /// Processor time of its plugins.
    pub(crate) processor: Duration,
    /// The most memory that one of its plugins had resident, in KiB.
    pub(crate) peak: u64,
}

impl<'a> Workspace<'a> {
    pub(crate) fn new(cli: &'a Cli, subject: &Subject, configuration: &str) -> Result<Self> {
        let workspace = Self { cli, folder: tempfile::tempdir()? };
        for name in ["configuration", "home", "plugin", "tmp"] {
            fs::create_dir(workspace.path(name))?;
        }
        fs::write(workspace.path("configuration").join("main.tf"), configuration)?;
        let mut overrides = String::new();
        if let (Some(binary), Some(source)) = (&subject.binary, subject.source()) {
            let kind = source.rsplit('/').next().unwrap_or_default();
            symlink(binary, workspace.path("plugin").join(format!("terraform-provider-{kind}")))?;
            for registry in ["registry.terraform.io", "registry.opentofu.org"] {
                overrides += &format!("\"{registry}/{source}\" = \"{}\"\n", workspace.path("plugin").display());
            }
        }
        let settings = format!("provider_installation {{\n  dev_overrides {{\n{overrides}  }}\n  direct {{}}\n}}\n");
        fs::write(workspace.path("cli.tfrc"), settings)?;
        Ok(workspace)
    }

    /// Runs a command that has to succeed, and watches its plugins meanwhile.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Cost> {
        let mut command = self.command(arguments)?;
        let before = processes();
        let started = Instant::now();
        let mut child = command.spawn()?;
        let mut plugins = Plugins::of(child.id(), before);
        for tick in 0.. {
            if tick % LOOK == 0 {
                plugins.look();
            }
            if has_ended(child.id()) {
                break;
            }
            thread::sleep(TICK);
        }
        let wall = started.elapsed();
        let processor = plugins.processor_time();
        let status = child.wait()?;
        if !status.success() {
            let (command, told) = (arguments.join(" "), fs::read_to_string(self.path("output"))?);
            if status.code() == Some(2) {
                return Err(format!("`{command}`: expected a plan without changes after an apply, got: {told}").into());
            }
            return Err(format!("`{command}` ended with {status}, expected success: {told}").into());
        }
        Ok(Cost { wall, processor, peak: plugins.peak() })
    }

    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = Command::new(&self.cli.program);
        command.args(arguments).current_dir(self.path("configuration"));
        let output = File::create(self.path("output"))?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", self.path("home"))
            .env("TMPDIR", self.path("tmp"))
            .env("TF_CLI_CONFIG_FILE", self.path("cli.tfrc"))
            .env("TF_CLI_ARGS", "-no-color")
            .env("TF_INPUT", "0")
            .env("TF_IN_AUTOMATION", "1")
            .env("CHECKPOINT_DISABLE", "1");
        Ok(command)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}
