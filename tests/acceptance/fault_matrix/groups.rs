//! Groups of cells with the same outcome, and their names.

use super::cell::{Call, Cell};
use super::outcome::Outcome;

/// The cells that have the same key, in the order in which the keys come first. Those without a key are left out.
pub(super) fn group<'a, K: PartialEq>(
    matrix: &'a [(Cell<'a>, Outcome)],
    key: impl Fn(&'a Cell<'a>, &'a Outcome) -> Option<K>,
) -> Vec<(K, Vec<&'a (Cell<'a>, Outcome)>)> {
    let mut groups: Vec<(K, Vec<_>)> = Vec::new();
    for pair in matrix {
        let Some(key) = key(&pair.0, &pair.1) else { continue };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, pairs)) => pairs.push(pair),
            None => groups.push((key, vec![pair])),
        }
    }
    groups
}

/// The calls and faults of these cells. Faults that met the same calls share an entry.
pub(super) fn names(cells: &[&(Cell<'_>, Outcome)]) -> Vec<(Vec<String>, Vec<&'static str>)> {
    let mut names: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    for fault in faults(cells) {
        let met = |call: &Call| cells.iter().any(|(cell, _)| (cell.call, cell.fault.words) == (*call, fault));
        let words: Vec<String> = Call::ALL.into_iter().filter(met).map(word).collect();
        match names.iter_mut().find(|(known, _)| *known == words) {
            Some((_, faults)) => faults.push(fault),
            None => names.push((words, vec![fault])),
        }
    }
    names
}

/// The faults of these cells, each once.
fn faults(cells: &[&(Cell<'_>, Outcome)]) -> Vec<&'static str> {
    let mut faults = Vec::new();
    for (cell, _) in cells {
        if !faults.contains(&cell.fault.words) {
            faults.push(cell.fault.words);
        }
    }
    faults
}

pub(super) fn word(call: Call) -> String {
    format!("{call:?}").to_lowercase()
}
