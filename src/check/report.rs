//! The result of a check: a line for each question, as text or JSON.

use std::io::{self, Write};
use std::process::ExitCode;

use serde_json::{Value, json};
use tfplugin::{Diagnostics, Secrets};

/// The answers so far.
#[derive(Default)]
pub(super) struct Report(Vec<Line>);

/// The answer to one question.
struct Line {
    name: &'static str,
    status: Status,
    detail: String,
}

#[derive(Clone, Copy, PartialEq)]
enum Status {
    Ok,
    Failed,
    NotTried,
}

impl Report {
    pub(super) fn ok(&mut self, name: &'static str, detail: impl Into<String>) {
        self.add(name, Status::Ok, detail.into());
    }

    pub(super) fn not_tried(&mut self, name: &'static str, reason: impl Into<String>) {
        self.add(name, Status::NotTried, reason.into());
    }

    /// What failed and what to do, in the words of the provider.
    pub(super) fn failed(&mut self, name: &'static str, diagnostics: impl Into<Diagnostics>) {
        let texts: Vec<_> = diagnostics
            .into()
            .iter()
            .map(|diagnostic| format!("{}\n{}", diagnostic.summary(), diagnostic.detail()))
            .collect();
        self.add(name, Status::Failed, texts.join("\n\n"));
    }

    fn add(&mut self, name: &'static str, status: Status, detail: String) {
        self.0.push(Line { name, status, detail });
    }

    /// Prints all lines, without secrets. The code is 1 if one failed.
    pub(super) fn print(mut self, as_json: bool, secrets: &Secrets) -> ExitCode {
        for line in &mut self.0 {
            line.detail = secrets.finish(&line.detail);
        }
        let failed = self.0.iter().any(|line| line.status == Status::Failed);
        let text = if as_json { format!("{:#}\n", self.json(failed)) } else { self.text() };
        match io::stdout().write_all(text.as_bytes()) {
            Ok(()) if !failed => ExitCode::SUCCESS,
            _ => ExitCode::FAILURE,
        }
    }

    fn json(&self, failed: bool) -> Value {
        let lines = self.0.iter();
        let lines = lines.map(|line| json!({ "name": line.name, "status": line.status.word(), "detail": line.detail }));
        json!({ "ok": !failed, "checks": lines.collect::<Vec<_>>() })
    }

    fn text(&self) -> String {
        let line = |line: &Line| {
            let detail = line.detail.replace("\n\n", "\n").replace('\n', "\n    ");
            format!("{:<15} {:<9}  {detail}\n", line.name, line.status.word())
        };
        self.0.iter().map(line).collect()
    }
}

impl Status {
    fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::NotTried => "not tried",
        }
    }
}
