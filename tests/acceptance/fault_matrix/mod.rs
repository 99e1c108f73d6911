//! Each call meets each fault: what the user sees, what is in the state, what is at Deepslate, which requests came.
//!
//! A cell is one resource in an organization of its own, so a few runs of Terraform go through the whole matrix. Every
//! request of a cell meets its fault, until it heals; then the next apply must bring all to what is configured, with
//! nothing lost and nothing doubled.
//!
//! The expected outcomes are in `tests/faults.md` and, shorter, in a guide for users. `make faults` writes both.

mod cell;
pub(crate) mod faults;
mod groups;
mod guide;
mod outcome;
mod snapshot;
mod stored;

use std::collections::BTreeMap;
use std::thread;

use testkit::{Cli, KINDS, Workspace, for_each_cli};

use self::cell::{Call, Cell, UNMANAGED};
use self::faults::{Fault, faults};
use self::outcome::{Before, Outcome};
use crate::new_workspace;

/// Fewer calls at once than the provider has connections, so that no cell spends its time waiting for those that hang.
const APPLY: [&str; 4] = ["apply", "-auto-approve", "-json", "-parallelism=30"];

#[test]
fn each_fault_has_the_documented_outcome() {
    let faults = faults();
    for_each_cli(|cli| {
        let matrix = matrix(cli, &faults);
        stored::assert_holds("tests/faults.md", |_| snapshot::render(&matrix));
        for folder in ["templates", "docs"] {
            let file = format!("{folder}/guides/when-something-fails.md");
            stored::assert_holds(&file, |guide| guide::with_tables(guide, &matrix));
        }
    });
}

/// How many of the kinds are in the matrix. An assistant meets faults in the same code, and chaos makes it meet them too.
const MATRIX: usize = 2;

/// All cells and what became of them.
fn matrix<'a>(cli: &'static Cli, faults: &'a [Fault]) -> Vec<(Cell<'a>, Outcome)> {
    let mut rounds: BTreeMap<_, Vec<Cell<'a>>> = BTreeMap::new();
    for (kind, call) in KINDS[..MATRIX].iter().flat_map(|kind| Call::ALL.map(|call| (kind, call))) {
        let possible = faults.iter().enumerate().filter(|(_, fault)| fault.calls.contains(&call));
        for cell in possible.map(|(number, fault)| Cell::new(kind, call, number, fault)) {
            rounds.entry((kind.name, cell.alone)).or_default().push(cell);
        }
    }
    let mut all = thread::scope(|scope| {
        let rounds: Vec<_> = rounds.into_values().map(|cells| scope.spawn(move || round(cli, cells))).collect();
        rounds.into_iter().flat_map(|round| round.join().expect("the round ends")).collect::<Vec<_>>()
    });
    all.sort_by_key(|(cell, _)| (cell.kind.name, cell.organization));
    all
}

/// Lets the cells meet their faults, and heals them.
fn round<'a>(cli: &'static Cli, cells: Vec<Cell<'a>>) -> Vec<(Cell<'a>, Outcome)> {
    let workspace = new_workspace(cli);
    workspace.write("provider", "provider \"deepslate\" {\n  request_timeout = \"3s\"\n}");
    for cell in &cells {
        (cell.kind.prepare)(&workspace.api, cell.organization);
        workspace.write(&cell.name, cell.before().unwrap_or_default());
    }
    workspace.succeed(&APPLY);
    forget_the_unmanaged(&workspace);

    let (reading, writing): (Vec<_>, Vec<_>) = cells.into_iter().partition(|cell| cell.call.only_reads());
    let mut all = meet(&workspace, reading);
    all.extend(meet(&workspace, writing));

    workspace.succeed(&APPLY);
    for (cell, _) in &all {
        cell.assert_healed(&workspace);
    }
    workspace.assert_plan_is_empty();
    all
}

/// Removes resources from the state whose objects must exist outside it.
fn forget_the_unmanaged(workspace: &Workspace) {
    let mut state = workspace.read_state();
    if let Some(resources) = state["resources"].as_array_mut() {
        resources.retain(|resource| !resource["name"].as_str().is_some_and(|name| name.starts_with(UNMANAGED)));
    }
    workspace.write_state(&state);
}

/// Lets the cells meet their faults, all in one process or each in its own.
fn meet<'a>(workspace: &Workspace, cells: Vec<Cell<'a>>) -> Vec<(Cell<'a>, Outcome)> {
    let before: Vec<_> = cells.iter().map(|cell| Before::of(cell, workspace)).collect();
    workspace.api.clear_requests();
    for cell in &cells {
        workspace.write(&cell.name, cell.during().unwrap_or_default());
        cell.meet(workspace);
    }
    // A read would find a missing object before a change does.
    let refresh = format!("-refresh={}", cells.iter().all(|cell| cell.call.only_reads()));
    let alone = cells.iter().all(|cell| cell.alone);
    let mut diagnostics = Vec::new();
    for process in cells.chunks(if alone { 1 } else { cells.len().max(1) }) {
        let targets: Vec<_> =
            process.iter().filter(|_| alone).map(|cell| format!("-target={}", cell.address())).collect();
        let arguments = APPLY.into_iter().chain([&*refresh]).chain(targets.iter().map(String::as_str));
        diagnostics.extend(workspace.run(&arguments.collect::<Vec<_>>()).diagnostics());
    }
    workspace.api.clear_faults();
    for diagnostic in diagnostics.iter().filter(|diagnostic| diagnostic.severity == "error") {
        let known = cells.iter().any(|cell| diagnostic.text.contains(&cell.organization.to_string()));
        assert!(known, "an error of no cell: {diagnostic:#?}");
    }
    let outcomes: Vec<_> =
        cells.iter().zip(before).map(|(cell, before)| before.outcome(cell, workspace, &diagnostics)).collect();
    cells.into_iter().zip(outcomes).collect()
}
