//! The matrix as users need it: two tables in a guide, one to find a message in, one to see what is left behind.

use super::MATRIX;
use super::cell::{Call, Cell};
use super::groups::{call_names, faults, group, names, word};
use super::outcome::{Outcome, SENT_AGAIN, UNCHANGED};

/// The guide with its tables as the matrix has them. Each stands between a line that names it and one that ends it.
pub(super) fn with_tables(guide: &str, matrix: &[(Cell<'_>, Outcome)]) -> String {
    let mut text = guide.to_owned();
    for (name, table) in [("messages", messages(matrix)), ("leftovers", leftovers(matrix))] {
        let begin = format!("<!-- {name}: written by `make faults` -->\n");
        let end = format!("<!-- end of {name} -->\n");
        let parts = text.split_once(&begin).and_then(|(before, rest)| Some((before, rest.split_once(&end)?.1)));
        let (before, after) = parts.unwrap_or_else(|| panic!("the guide has no place for its {name}"));
        text = format!("{before}{begin}\n{table}\n{end}{after}");
    }
    text
}

/// By the words that the summary of an error ends in.
fn messages(matrix: &[(Cell<'_>, Outcome)]) -> String {
    let mut rows = group(matrix, |_, outcome| {
        let shown = outcome.shown.as_ref()?;
        shown.summary.starts_with("Could not ").then_some(shown.detail.rsplit_once("\n\n")?.1)
    });
    let first_words = |cells: &[&(Cell<'_>, Outcome)]| cells.first().and_then(|(_, outcome)| last_words(outcome));
    let order: Vec<_> = rows.iter().map(|(_, cells)| first_words(cells)).collect();
    rows.sort_by_key(|(_, cells)| order.iter().position(|words| *words == first_words(cells)));
    let mut table = "| the summary ends in | what came, once | what came, again and again | what to do |\n\
                     |---|---|---|---|\n"
        .to_owned();
    for (advice, cells) in rows {
        let mut words = Vec::new();
        for new in cells.iter().filter_map(|(_, outcome)| last_words(outcome)) {
            if !words.contains(&new) {
                words.push(new);
            }
        }
        let (again, once): (Vec<_>, Vec<_>) =
            cells.into_iter().partition(|(_, outcome)| outcome.requests == SENT_AGAIN);
        table += &format!("| {} | {} | {} | {advice} |\n", words.join("<br>"), came(&once), came(&again));
    }
    table
}

/// The error, without the parts that differ in each case.
fn last_words(outcome: &Outcome) -> Option<String> {
    let (_, words) = outcome.shown.as_ref()?.summary.split_once(": ")?;
    Some(words.split_once('`').map_or_else(|| words.to_owned(), |(general, _)| format!("{general}…")))
}

/// By call: what is there afterwards.
fn leftovers(matrix: &[(Cell<'_>, Outcome)]) -> String {
    let mut rows = group(matrix, |cell, outcome| {
        let summary = outcome.shown.as_ref().map_or("no message", |shown| &shown.summary);
        let beginning = summary.split(": ").next().unwrap_or(summary);
        let beginning = beginning.replace(cell.kind.many, "…").replace(cell.kind.one, "…");
        // Most of all that can happen changes nothing.
        let usual = beginning == format!("Could not {} …", word(cell.call))
            && [&outcome.state, &outcome.server].iter().all(|after| **after == UNCHANGED);
        Some((cell.call, usual, beginning, &outcome.state, &outcome.server))
    });
    rows.sort_by_key(|((call, usual, ..), _)| (*call, *usual));
    let mut table =
        "| call | the summary begins | what came | in the state | at Deepslate |\n|---|---|---|---|---|\n".to_owned();
    for ((call, usual, beginning, state, server), cells) in rows {
        let faults = if usual { "all else".to_owned() } else { faults(&cells).join("; ") };
        // An object that a read finds gone is planned and created by the same apply.
        let (state, server) = match call {
            Call::Read => [state, server].map(|text| text.replace("a new object", "planned and created again")).into(),
            _ => (state.clone(), server.clone()),
        };
        let call = call_names(call, &cells, MATRIX).join(", ");
        table += &format!("| {call} | {beginning} | {faults} | {state} | {server} |\n");
    }
    table
}

/// The faults, and their calls if they do not concern all calls.
fn came(cells: &[&(Cell<'_>, Outcome)]) -> String {
    let parts = names(cells, MATRIX);
    let all = Call::ALL.map(word);
    let lines = parts.iter().map(|(calls, faults)| match faults.join("; ") {
        faults if *calls != all => format!("{}: {faults}", calls.join(", ")),
        faults if parts.len() == 1 => faults,
        faults => format!("all: {faults}"),
    });
    lines.collect::<Vec<_>>().join("<br>")
}
