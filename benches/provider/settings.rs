//! The settings, from environment variables. `benches/README.md` describes each variable.

use std::env;
use std::path::{self, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use testkit::cli::{self, Cli, TERRAFORM_DATA};
use testkit::workload::{WORKLOADS, Workload};

use crate::Result;
use crate::subject::{COMPARED, Subject};

/// What is measured, and how.
pub(crate) struct Settings {
    /// What is run, in this order.
    pub(crate) sections: Vec<String>,
    /// How many runs each median is of.
    pub(crate) rounds: usize,
    /// The same for starts, which are short.
    pub(crate) starts: usize,
    /// What is managed.
    pub(crate) workloads: Vec<Workload>,
    /// How many organizations the objects are in.
    pub(crate) organizations: Vec<usize>,
    /// How many of a workload Terraform manages.
    pub(crate) counts: Vec<usize>,
    /// How long the API takes for each answer at least.
    pub(crate) latencies: Vec<Duration>,
    /// Terraform's `-parallelism`.
    pub(crate) parallelism: Vec<usize>,
    /// How many of a workload one process gets where growth is looked for.
    pub(crate) calls: Vec<usize>,
    /// All that is measured, our own build second.
    pub(crate) subjects: Vec<Subject>,
    /// The command lines to measure with.
    pub(crate) clis: Vec<Cli>,
    /// Where all figures are written to, as JSON. Plots are written to the same folder.
    pub(crate) results: PathBuf,
}

impl Settings {
    pub(crate) fn read() -> Result<Self> {
        Ok(Self {
            sections: list("SECTIONS", "start,terraform,protocol")?,
            rounds: number("ROUNDS", "3")?,
            starts: number("STARTS", "20")?,
            workloads: workloads()?,
            organizations: list("ORGANIZATIONS", "1")?,
            counts: list("COUNTS", "1,100,1000")?,
            latencies: list("LATENCIES", "0,20,100")?.into_iter().map(Duration::from_millis).collect(),
            parallelism: list("PARALLELISM", "10,50")?,
            calls: list("CALLS", "1000,10000")?,
            subjects: Subject::all(&text("BEFORE", ""), &text("BESIDE", ""))?,
            clis: clis()?,
            results: text("RESULTS", "target/bench/results.json").into(),
        })
    }

    /// Where a plot is written to, as SVG.
    pub(crate) fn plot(&self, name: &str) -> PathBuf {
        self.results.with_file_name(name).with_extension("svg")
    }
}

/// Those that `WORKLOADS` names, by default the one that other providers are compared with. `all` are all.
fn workloads() -> Result<Vec<Workload>> {
    let named = |name: String| {
        let names = WORKLOADS.iter().map(|workload| workload.name).collect::<Vec<_>>().join(", ");
        Workload::named(&name).ok_or_else(|| format!("`WORKLOADS`: expected all, {names}, got: {name}").into())
    };
    match text("WORKLOADS", COMPARED).as_str() {
        "all" => Ok(WORKLOADS.to_vec()),
        _ => list("WORKLOADS", COMPARED)?.into_iter().map(named).collect(),
    }
}

/// The one that `TF_CLI` names, else all that the acceptance tests would run with and that have `terraform_data`.
fn clis() -> Result<Vec<Cli>> {
    let program = text("TF_CLI", "");
    if program.is_empty() {
        return Ok(cli::discover()?.into_iter().filter(|cli| cli.has(&TERRAFORM_DATA)).collect());
    }
    // Commands run in a folder of their own. A name alone is looked for on the PATH.
    let program = if program.contains('/') { path::absolute(program)? } else { program.into() };
    Ok(vec![Cli { version: cli::version(&program)?, program }])
}

/// A variable that is empty counts as not set, as in make.
fn text(variable: &str, default: &str) -> String {
    env::var(variable).ok().filter(|text| !text.is_empty()).unwrap_or_else(|| default.to_owned())
}

/// A number of runs, at least one.
fn number(variable: &str, default: &str) -> Result<usize> {
    match text(variable, default).parse() {
        Ok(number @ 1..) => Ok(number),
        _ => Err(format!("`{variable}`: expected a number from 1 on, got: {}", text(variable, default)).into()),
    }
}

/// Values with commas between them.
fn list<T: FromStr>(variable: &str, default: &str) -> Result<Vec<T>> {
    let parse = |item: &str| {
        item.trim().parse().map_err(|_| {
            format!("`{variable}`: expected values with commas between them, such as {default}, got: {item}").into()
        })
    };
    text(variable, default).split(',').map(parse).collect()
}
