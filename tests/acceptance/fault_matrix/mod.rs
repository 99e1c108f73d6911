//! Each call meets each fault: what the user sees, what is in the state, what is at Deepslate, which requests came.
//!
//! A cell is one resource in an organization of its own, so a few runs of Terraform go through the whole matrix. Every
//! request of a cell meets its fault, until it heals; then the next apply must bring all to what is configured, with
//! nothing lost and nothing doubled.
//!
//! The expected outcomes are in `tests/faults.md`, which `make faults` writes.

mod cell;
pub(crate) mod faults;
mod groups;
mod outcome;
mod snapshot;
mod stored;

use std::collections::BTreeMap;
use std::sync::OnceLock;
use std::thread;

use testkit::{Cli, KINDS, Kind, Workspace, for_each_cli};

use self::cell::{Call, Cell, UNMANAGED};
use self::faults::{Fault, faults};
use self::outcome::{Before, Outcome};
use crate::new_workspace;

/// Fewer calls at once than the provider has connections, so that no cell spends its time waiting for those that hang.
const APPLY: [&str; 4] = ["apply", "-auto-approve", "-json", "-parallelism=30"];

#[test]
fn each_fault_has_the_documented_outcome() {
    let faults = faults();
    let (everywhere, once) = KINDS.split_at(ON_EACH_CLI);
    let rest = OnceLock::new();
    for_each_cli(|cli| {
        let mut matrix = matrix(cli, everywhere, &faults);
        matrix.extend(rest.get_or_init(|| self::matrix(cli, once, &faults)).iter().cloned());
        matrix.sort_by_key(|(cell, _)| (cell.kind.name, cell.organization));
        stored::assert_holds("tests/faults.md", &snapshot::render(&matrix));
    });
}

/// Those of the kinds that have a call.
fn kinds(of: &'static [Kind], call: Call) -> impl Iterator<Item = &'static Kind> {
    of.iter().filter(move |kind| call != Call::List || kind.list.is_some())
}

/// How many of the kinds meet the faults on each CLI. The others meet them in the same code, so one CLI is enough.
const ON_EACH_CLI: usize = 2;

/// All cells of some kinds, and what became of them.
fn matrix<'a>(cli: &'static Cli, of: &'static [Kind], faults: &'a [Fault]) -> Vec<(Cell<'a>, Outcome)> {
    let mut rounds: BTreeMap<_, Vec<Cell<'a>>> = BTreeMap::new();
    for (kind, call) in Call::ALL.into_iter().flat_map(|call| kinds(of, call).map(move |kind| (kind, call))) {
        let possible = faults.iter().enumerate().filter(|(_, fault)| fault.calls.contains(&call));
        for cell in possible.map(|(number, fault)| Cell::new(kind, call, number, fault)) {
            rounds.entry((kind.name, cell.alone)).or_default().push(cell);
        }
    }
    thread::scope(|scope| {
        let rounds: Vec<_> = rounds.into_values().map(|cells| scope.spawn(move || round(cli, cells))).collect();
        rounds.into_iter().flat_map(|round| round.join().expect("the round ends")).collect()
    })
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

/// Takes resources out of the state whose objects are to be there without.
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
    // What a change would find gone, a read would find first.
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
