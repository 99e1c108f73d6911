//! Measures what the provider costs, compared with Terraform's own `terraform_data` and any other provider: `make
//! bench`.
//!
//! Nothing is asserted on time. Every figure is the median of several runs. The runs of all subjects alternate, so whatever else the
//! machine does affects all of them. Tables go to standard output, all values to a JSON file.
//!
//! # Layout
//! - `settings`: the settings, from environment variables; `subject`: the subjects
//! - `start`: the start of a plugin, and its memory at rest; `instructions`: what it executes
//! - `terraform`: apply, plan and destroy with real command lines; `commands` runs them
//! - `protocol`: calls over the plugin protocol, without Terraform
//! - `processes`: the cost of processes, from /proc
//! - `figures`: medians; `report` and `plot`: the output; `machine`: where it was measured
//! - `../codec.rs` is a benchmark of its own

mod commands;
mod figures;
mod instructions;
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

/// An error ends the run and is printed. No code branches on it.
type Result<T> = result::Result<T, Box<dyn Error + Send + Sync>>;

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // If it cannot be printed, the exit code is enough.
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Err("The benchmark requires Linux: it reads the cost of processes from /proc".into());
    }
    let settings = Settings::read()?;
    let mut report = Report::new(&settings)?;
    for section in &settings.sections {
        match section.as_str() {
            "start" => start::measure(&settings, &mut report)?,
            "terraform" => terraform::measure(&settings, &mut report)?,
            "protocol" => protocol::measure(&settings, &mut report)?,
            // `make bench` runs it next to this program.
            "codec" => {}
            _ => return Err(format!("`SECTIONS`: expected start, terraform, protocol or codec, got: {section}").into()),
        }
    }
    Ok(())
}
