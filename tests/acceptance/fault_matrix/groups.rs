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

/// Faults and the calls that they came to; those that came to the same calls stand together. A call that not all of these
/// kinds came to is named with its kind.
pub(super) fn names(cells: &[&(Cell<'_>, Outcome)], kinds: usize) -> Vec<(Vec<String>, Vec<&'static str>)> {
    let mut names: Vec<(Vec<String>, Vec<&str>)> = Vec::new();
    for fault in faults(cells) {
        let of_fault: Vec<_> = cells.iter().copied().filter(|(cell, _)| cell.fault.words == fault).collect();
        let words: Vec<String> = Call::ALL.into_iter().flat_map(|call| call_names(call, &of_fault, kinds)).collect();
        match names.iter_mut().find(|(known, _)| *known == words) {
            Some((_, faults)) => faults.push(fault),
            None => names.push((words, vec![fault])),
        }
    }
    names
}

/// The faults of these cells, each once.
pub(super) fn faults(cells: &[&(Cell<'_>, Outcome)]) -> Vec<&'static str> {
    let mut faults = Vec::new();
    for (cell, _) in cells {
        if !faults.contains(&cell.fault.words) {
            faults.push(cell.fault.words);
        }
    }
    faults
}

/// A call as these cells have it: without kinds if this many kinds have it, otherwise with each kind.
pub(super) fn call_names(call: Call, cells: &[&(Cell<'_>, Outcome)], kinds: usize) -> Vec<String> {
    let mut having: Vec<&str> =
        cells.iter().filter(|(cell, _)| cell.call == call).map(|(cell, _)| cell.kind.many).collect();
    having.dedup();
    if having.len() == kinds {
        vec![word(call)]
    } else {
        having.iter().map(|kind| format!("{} of {kind}", word(call))).collect()
    }
}

pub(super) fn word(call: Call) -> String {
    format!("{call:?}").to_lowercase()
}
