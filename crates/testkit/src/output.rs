//! The output of a command.

use std::{fmt, process};

use serde_json::Value;

/// The result of a command.
pub struct Output {
    /// The command as a user types it.
    pub command: String,
    /// The exit code; `None` if a signal ended the command.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// One error or warning of a command run with `-json`.
#[derive(Debug)]
pub struct Diagnostic {
    /// The address of the resource; empty if there is none.
    pub address: String,
    /// `error` or `warning`.
    pub severity: String,
    /// The file that it points to, without `.tf`; empty if there is none.
    pub file: String,
    /// The line that it underlines.
    pub line: String,
    /// Summary and detail.
    pub text: String,
}

impl Output {
    pub(crate) fn new(command: String, output: &process::Output) -> Self {
        Self {
            command,
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// Returns everything printed as one line, without the frames and line breaks that depend on the terminal's width.
    pub fn text(&self) -> String {
        let printed = format!("{} {}", self.stdout, self.stderr);
        printed.split(|letter: char| letter.is_whitespace() || "│╷╵".contains(letter)).fold(
            String::with_capacity(printed.len()),
            |mut text, word| {
                if !word.is_empty() {
                    text.push_str(word);
                    text.push(' ');
                }
                text
            },
        )
    }

    /// Returns the errors and warnings of a command with `-json`: `validate` prints one document, `plan` and `apply` print a line each.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let list = match serde_json::from_str::<Value>(&self.stdout) {
            Ok(document) => document["diagnostics"].as_array().cloned().unwrap_or_default(),
            Err(_) => self.json_lines().map(|line| line["diagnostic"].clone()).filter(Value::is_object).collect(),
        };
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        list.iter()
            .map(|diagnostic| Diagnostic {
                address: text(&diagnostic["address"]),
                severity: text(&diagnostic["severity"]),
                file: text(&diagnostic["range"]["filename"]).trim_end_matches(".tf").to_owned(),
                line: text(&diagnostic["snippet"]["code"]).trim().to_owned(),
                text: text(&diagnostic["summary"]) + "\n" + &text(&diagnostic["detail"]),
            })
            .collect()
    }

    /// Returns the lines of a command with `-json`.
    pub fn json_lines(&self) -> impl Iterator<Item = Value> {
        self.stdout.lines().map(move |line| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}\nof {self}"))
        })
    }

    /// Returns the diagnostic that points to this file. Panics unless there is exactly one.
    #[track_caller]
    pub fn diagnostic(&self, file: &str) -> Diagnostic {
        let mut found: Vec<_> = self.diagnostics().into_iter().filter(|diagnostic| diagnostic.file == file).collect();
        assert!(found.len() == 1, "{} diagnostics for {file}.tf, not one: {found:#?}\nof {self}", found.len());
        found.remove(0)
    }

    /// Asserts that each fact occurs in the output; see [`assert_mentions`].
    #[track_caller]
    pub fn mentions(&self, facts: &[&str]) {
        assert_mentions(&self.text(), facts, &self.to_string());
    }
}

impl fmt::Display for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, code, stdout, stderr } = self;
        write!(formatter, "`{command}` ended with {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

/// Asserts that each fact occurs in the text, in upper or lower case, with any wording around it.
#[track_caller]
pub fn assert_mentions(text: &str, facts: &[&str], context: &str) {
    let lowercase = text.to_lowercase();
    let missing: Vec<_> = facts.iter().filter(|fact| !lowercase.contains(&fact.to_lowercase())).collect();
    assert!(missing.is_empty(), "{missing:?} missing in: {text}\nof {context}");
}
