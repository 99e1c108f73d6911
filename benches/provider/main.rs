//! What the provider costs, beside Terraform's own `terraform_data` and any other provider: `make bench`.
//!
//! Nothing is asserted on time. Every figure is the median of runs that took turns with what they are compared with, so
//! that whatever else the machine does befalls all alike. Tables go to standard output; all raw values to a file of JSON.
//!
//! # Layout
//! - `settings`: what is asked for, by the environment; `subject`: what is measured
//! - `start`: from `exec` to the schema, and what a plugin at rest holds
//! - `terraform`: apply, plan and destroy by real command lines; `commands`: how they are run
//! - `protocol`: calls over the plugin protocol, without Terraform; `calls`: the calls
//! - `processes`: the cost of processes, from /proc
//! - `figures`: medians; `report`, `plot`: what is made of them; `machine`: where they were taken
//! - `../codec.rs` is a benchmark of its own

mod calls;
mod commands;
mod figures;
mod machine;
mod plot;
mod processes;
mod protocol;
mod report;
mod settings;
mod start;
mod subject;
mod terraform;

use std::error::Error;
use std::io::{self, Write as _};
use std::process::ExitCode;
use std::result;

use crate::report::Report;
use crate::settings::Settings;

/// What ends a run is told to who started it, and no code branches on it.
type Result<T> = result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Where it cannot be told, the exit code tells.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Err("This measures on Linux only, where /proc tells what a process costs".into());
    }
    let settings = Settings::read()?;
    let mut report = Report::new(&settings)?;
    for section in &settings.sections {
        match section.as_str() {
            "start" => start::measure(&settings, &mut report)?,
            "terraform" => terraform::measure(&settings, &mut report)?,
            "protocol" => protocol::measure(&settings, &mut report)?,
            // `make bench` runs it beside this program.
            "codec" => {}
            _ => return Err(format!("`SECTIONS`: expected start, terraform, protocol or codec, got: {section}").into()),
        }
    }
    Ok(())
}
