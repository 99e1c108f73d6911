//! The whole matrix as text, for developers.

use super::cell::Cell;
use super::groups::{group, names, word};
use super::outcome::{Outcome, Shown};

const TITLE: &str = "# Result of each fault\n\n\
    The tests apply each fault to all requests of each call. Cells with equal results are listed together. `make faults` \
    writes this file, and an acceptance test compares it with each Terraform and OpenTofu found.\n";

pub(super) fn render(matrix: &[(Cell<'_>, Outcome)]) -> String {
    let mut text = TITLE.to_owned();
    let mut kind = "";
    for ((name, outcome), cells) in group(matrix, |cell, outcome| Some((cell.kind.name, alike(cell, outcome)))) {
        if name != kind {
            text += &format!("\n## `{name}`\n");
            kind = name;
        }
        text += "\n";
        for (calls, faults) in names(&cells) {
            text += &format!("- **{}**: {}\n", calls.join(", "), faults.join("; "));
        }
        let Outcome { shown, requests, state, server } = outcome;
        text += &format!("\nRequest: {requests}. State: {state}. Deepslate: {server}.\n");
        if let Some(Shown { severity, summary, detail }) = shown {
            text += &format!("\n```text\n{severity}: {summary}\n\n{detail}\n```\n");
        }
    }
    text
}

/// The outcome without the name of the call.
fn alike(cell: &Cell<'_>, outcome: &Outcome) -> Outcome {
    let mut outcome = outcome.clone();
    if let Some(shown) = &mut outcome.shown {
        let doing = format!("Could not {} ", word(cell.call));
        shown.summary = shown.summary.replacen(&doing, "Could not <call> ", 1);
    }
    outcome
}
