//! The machine, the command lines and the commit of a measurement.

use std::process::Command;
use std::{fs, thread};

use serde_json::{Value, json};

use crate::settings::Settings;

/// The machine, the command lines and the commit. Unknown values are empty.
pub(crate) fn describe(settings: &Settings) -> Value {
    let field = |file: &str, name: &str| {
        let text = fs::read_to_string(file).unwrap_or_default();
        let line = text.lines().find(|line| line.starts_with(name)).unwrap_or_default();
        line.split_once(':').map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
    };
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    json!({
        "processor": field("/proc/cpuinfo", "model name"),
        "cores": thread::available_parallelism().map_or(0, usize::from),
        "memory": field("/proc/meminfo", "MemTotal"),
        "kernel": kernel.trim(),
        "clis": settings.clis.iter().map(|cli| cli.version.as_str()).collect::<Vec<_>>(),
        "commit": commit(),
    })
}

fn commit() -> String {
    let output = Command::new("git").args(["describe", "--always", "--dirty"]).output();
    output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned()).unwrap_or_default()
}
