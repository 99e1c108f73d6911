//! What a command printed.

use std::{fmt, process};

use serde_json::Value;

/// The end of one command.
pub(crate) struct Output {
    /// The command as one would type it.
    pub(crate) command: String,
    /// The exit code; `None` where a signal ended the command.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// One error or warning of a command run with `-json`.
#[derive(Debug)]
pub(crate) struct Diagnostic {
    /// The resource that it is about; empty where it is about none.
    pub(crate) address: String,
    /// `error` or `warning`.
    pub(crate) severity: String,
    /// The file that it points to, without `.tf`; empty where it points nowhere.
    pub(crate) file: String,
    /// The line that it underlines.
    pub(crate) line: String,
    /// Summary and detail.
    pub(crate) text: String,
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

    /// All that was printed, in one line: without the frames and line breaks that depend on the terminal's width.
    pub(crate) fn text(&self) -> String {
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

    /// The errors and warnings of a command run with `-json`: `validate` prints one document, `plan` and `apply` a line
    /// each.
    pub(crate) fn diagnostics(&self) -> Vec<Diagnostic> {
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

    /// The lines of a command run with `-json`.
    pub(crate) fn json_lines(&self) -> impl Iterator<Item = Value> {
        self.stdout.lines().map(move |line| {
            serde_json::from_str(line).unwrap_or_else(|error| panic!("not JSON ({error}): {line}\nof {self}"))
        })
    }

    /// The one diagnostic that points to this file.
    #[track_caller]
    pub(crate) fn diagnostic(&self, file: &str) -> Diagnostic {
        let mut found: Vec<_> = self.diagnostics().into_iter().filter(|diagnostic| diagnostic.file == file).collect();
        assert!(found.len() == 1, "{} diagnostics for {file}.tf, not one: {found:#?}\nof {self}", found.len());
        found.remove(0)
    }

    #[track_caller]
    pub(crate) fn mentions(&self, facts: &[&str]) {
        assert_mentions(&self.text(), facts, &self.to_string());
    }
}

impl fmt::Display for Output {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { command, code, stdout, stderr } = self;
        write!(formatter, "`{command}` ended with {code:?}\n--- stdout\n{stdout}\n--- stderr\n{stderr}")
    }
}

/// Each fact must occur in the text, in upper or lower case; the wording around it is free.
#[track_caller]
pub(crate) fn assert_mentions(text: &str, facts: &[&str], context: &str) {
    let lowercase = text.to_lowercase();
    let missing: Vec<_> = facts.iter().filter(|fact| !lowercase.contains(&fact.to_lowercase())).collect();
    assert!(missing.is_empty(), "{missing:?} missing in: {text}\nof {context}");
}
