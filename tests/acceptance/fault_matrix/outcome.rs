//! The outcome of a cell.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use testkit::{Diagnostic, Objects, VENDOR, Workspace};
use uuid::Uuid;

use super::cell::{Call, Cell};

/// Objects that neither appeared nor disappeared.
pub(super) const UNCHANGED: &str = "as before";
/// A request that is repeated until the time is over.
pub(super) const SENT_AGAIN: &str = "sent again and again";

/// A call may end with this line or because its own wait would be too long. That depends on chance.
const HELD_BACK: &str = "The server received too many requests";

/// What a user sees of a cell, and what exists afterwards. Without the parts that differ from run to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The error or the warning, if any.
    pub(super) shown: Option<Shown>,
    /// Which requests came.
    pub(super) requests: String,
    /// What is in the state.
    pub(super) state: String,
    /// What is at Deepslate.
    pub(super) server: String,
}

/// An error or a warning.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) severity: String,
    pub(super) summary: String,
    pub(super) detail: String,
}

/// What is there before a cell meets its fault.
pub(super) struct Before {
    state: Option<Value>,
    objects: Objects,
}

// === impl Before ===

impl Before {
    pub(super) fn of(cell: &Cell<'_>, workspace: &Workspace) -> Self {
        Before { state: cell.state(workspace), objects: cell.objects(workspace) }
    }

    /// The result of the cell.
    #[track_caller]
    pub(super) fn outcome(self, cell: &Cell<'_>, workspace: &Workspace, diagnostics: &[Diagnostic]) -> Outcome {
        let organization = format!("/api/v1/vendors/{VENDOR}/organizations/{}/", cell.organization);
        let request = format!("{} {}{organization}", cell.call.method(), workspace.api.url());
        let own: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.text.contains(&request)).collect();
        assert!(own.len() < 2, "{}: {own:#?}", cell.name);
        let objects = cell.objects(workspace);
        let known: Vec<_> = self.objects.keys().chain(objects.keys()).map(String::as_str).collect();
        let names = objects.values().chain(self.objects.values()).flat_map(Map::keys).collect();
        Outcome {
            shown: own.first().map(|diagnostic| Shown::of(diagnostic, cell, workspace, &known)),
            requests: requests(cell, workspace),
            state: state(self.state.as_ref(), cell.state(workspace).as_ref(), &names),
            server: server(cell.call, &self.objects, &objects),
        }
    }
}

/// `names` are the attributes that a write sets.
fn state(before: Option<&Value>, after: Option<&Value>, names: &BTreeSet<&String>) -> String {
    let Some(after) = after else {
        return if before.is_none() { UNCHANGED } else { "nothing" }.to_owned();
    };
    let attributes = &after["attributes"];
    let (forgotten, kept): (Vec<&String>, Vec<_>) = names.iter().partition(|name| attributes[name].is_null());
    let mut text = match before.map(|before| &before["attributes"]) {
        Some(before) if before["id"] == attributes["id"] => {
            let same = kept.iter().all(|name| before[name] == attributes[name]);
            if same { UNCHANGED } else { "the new values" }
        }
        _ => "a new object",
    }
    .to_owned();
    for name in forgotten {
        text += &format!(", without `{name}`");
    }
    if after["status"] == "tainted" {
        text += ", tainted";
    }
    text
}

fn server(call: Call, before: &Objects, after: &Objects) -> String {
    let gained = after.keys().filter(|id| !before.contains_key(*id)).count();
    let text = match (gained, after.len()) {
        _ if before == after => UNCHANGED,
        (0, 0) => "nothing",
        (0, 1) => "the new values",
        // There may be other objects that a create does not know.
        (1, others) if others == 1 || call == Call::Create => "a new object",
        (_, count) => return format!("{count} objects"),
    };
    text.to_owned()
}

/// How often a request was sent again depends on chance.
fn requests(cell: &Cell<'_>, workspace: &Workspace) -> String {
    let organization = cell.organization.to_string();
    let mut all = workspace.api.requests();
    all.retain(|request| {
        let of_one = request.path.rsplit('/').next().is_some_and(|last| Uuid::parse_str(last).is_ok());
        // Around a create there are lists, as many as it takes.
        request.path.contains(&organization) && (request.method != "GET" || of_one == (cell.call == Call::Read))
    });
    let count = |method: &str| all.iter().filter(|request| request.method == method).count();
    let sent = match count(cell.call.method()) {
        0 => "not sent",
        1 => "sent once",
        _ => SENT_AGAIN,
    };
    let replaced = cell.call == Call::Create && count("PUT") == 1;
    if replaced { format!("{sent}, then replaced by PUT") } else { sent.to_owned() }
}

// === impl Shown ===

impl Shown {
    fn of(diagnostic: &Diagnostic, cell: &Cell<'_>, workspace: &Workspace, ids: &[&str]) -> Self {
        let mut text = diagnostic.text.clone();
        for (value, name) in [(&*workspace.api.url(), "https://app.deepslate.eu"), (VENDOR, "<vendor>")] {
            text = text.replace(value, name);
        }
        text = text.replace(&cell.organization.to_string(), "<organization>");
        for id in ids {
            text = text.replace(id, "<id>");
        }
        let lines: Vec<_> = text.lines().filter(|line| !line.starts_with(HELD_BACK)).map(steady).collect();
        let (summary, detail) = lines.split_first().expect("a summary");
        Shown { severity: diagnostic.severity.clone(), summary: summary.clone(), detail: detail.join("\n") }
    }
}

/// A line of a message without what differs from run to run, and from one status to another.
fn steady(line: &str) -> String {
    for (before, name) in [("  Cause: ", "<what the network library says>"), ("  Trace ID: ", "<trace id>")] {
        if line.starts_with(before) {
            return format!("{before}{name}");
        }
    }
    let request = ["GET ", "POST ", "PUT ", "DELETE "].iter().any(|method| line.starts_with(method));
    if let (true, Some((_, rest))) = (request, line.split_once(" returned ")) {
        return format!("<request> returned <status>{}", rest.trim_start_matches(char::is_numeric));
    }
    for outcome in [" was not sent.", " got no response."] {
        if request && line.ends_with(outcome) {
            return format!("<request>{outcome}");
        }
    }
    if let Some((before, _)) = line.split_once("The provider repeated the request for ") {
        return format!("{before}The provider repeated the request for <t> s.");
    }
    match line.strip_prefix("Tried ").and_then(|rest| rest.split_once(" times in ")) {
        Some(_) => "Tried <n> times in <t> s".to_owned(),
        None => line.to_owned(),
    }
}
