//! Runs commands, and measures what they cost.

use std::fs::{self, File};
use std::thread;
use std::time::{Duration, Instant};

use testkit::{Cli, Workspace};

use crate::Result;
use crate::processes::{Plugins, has_ended, processes};
use crate::subject::{Subject, source};

/// How often it is looked whether a command has ended: what a time may be too long by. Looking more often would take more of a
/// processor than a few percent, from all that is measured alike.
const TICK: Duration = Duration::from_millis(2);

/// The plugins are looked at once in this many ticks. They live for longer, and the command reports their processor
/// time in the end too.
const LOOK: u32 = 5;

/// The file with the output of the last command.
const OUTPUT: &str = "output";

/// What one command took.
pub(crate) struct Cost {
    /// Of the whole command, by the clock on the wall.
    pub(crate) wall: Duration,
    /// Processor time of its plugins.
    pub(crate) processor: Duration,
    /// The most memory that one of its plugins had resident, in KiB.
    pub(crate) peak: u64,
}

/// Creates a workspace with one configuration, for core or for the plugin of a subject.
pub(crate) fn prepare(cli: &Cli, subject: &Subject, configuration: &str) -> Workspace<()> {
    let workspace = Workspace::empty(cli);
    if let (Some(binary), Some(source)) = (&subject.binary, source(configuration)) {
        workspace.install(binary, &[source]);
    }
    workspace.write("main", configuration);
    workspace
}

/// Runs a command that has to succeed, and watches its plugins meanwhile.
pub(crate) fn run_in(workspace: &Workspace<()>, arguments: &[&str]) -> Result<Cost> {
    let output = File::create(workspace.path(OUTPUT))?;
    let mut command = workspace.command(arguments);
    command.stdout(output.try_clone()?).stderr(output);
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
        let (command, told) = (arguments.join(" "), fs::read_to_string(workspace.path(OUTPUT))?);
        if status.code() == Some(2) {
            return Err(format!("`{command}`: expected a plan without changes after an apply, got: {told}").into());
        }
        return Err(format!("`{command}` ended with {status}, expected success: {told}").into());
    }
    Ok(Cost { wall, processor, peak: plugins.peak() })
}
