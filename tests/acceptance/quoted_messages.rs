//! The messages that the guides quote are in the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Stands for text that differs, in the guide. In the sources it replaces `{…}`.
const PLACEHOLDER: char = '…';

#[test]
fn the_guides_quote_only_messages_that_the_program_shows() {
    let sources: Vec<String> = ["src", "crates/tfplugin/src", "crates/deepslate/src"]
        .iter()
        .flat_map(|folder| files(&root().join(folder), "rs"))
        .map(|file| literals(&read(&file)))
        .collect();
    let guides = files(&root().join("templates/guides"), "md");
    let messages: Vec<String> = guides.iter().flat_map(|guide| quoted(&read(guide))).collect();
    assert!(messages.len() >= 40, "the messages were not found: {messages:?}");
    for message in messages {
        // The reason of a failed request is a literal of its own: it follows `Could not <call>: `.
        let literal = message.strip_prefix("…: ").unwrap_or(&message);
        let shown = format!("\"{}", literal.trim_end_matches(PLACEHOLDER));
        assert!(sources.iter().any(|source| source.contains(&shown)), "no source has this message: {message}");
    }
}

/// The messages of a page: each code span that begins like a sentence, or with `…: `.
fn quoted(page: &str) -> Vec<String> {
    let prose: String = page.split("```").step_by(2).collect();
    let spans = prose.split('`').skip(1).step_by(2).map(str::to_owned);
    spans.filter(|span| span.starts_with("…: ") || begins_a_sentence(span)).collect()
}

fn begins_a_sentence(span: &str) -> bool {
    let first = span.split_once(' ').map_or("", |(first, _)| first);
    let rest = first.strip_prefix(|letter: char| letter.is_ascii_uppercase());
    rest.is_some_and(|rest| rest.chars().all(|letter| letter.is_ascii_lowercase()))
}

/// A source without comments and tests: each string literal on one line, without backticks, and with placeholders as in
/// the guide.
fn literals(source: &str) -> String {
    let mut text = String::new();
    let mut is_continued = false;
    for line in source.lines().take_while(|line| *line != "#[cfg(test)]") {
        let line = if is_continued { line.trim_start() } else { line };
        is_continued = line.ends_with('\\');
        match line.strip_suffix('\\') {
            Some(beginning) => text += beginning,
            None if line.trim_start().starts_with("//") => {}
            None => text = text + line + "\n",
        }
    }
    let mut result = String::new();
    for part in text.split('{') {
        match part.split_once('}') {
            Some((name, rest)) if !name.contains(['\n', '"']) => result = result + "…" + rest,
            _ => result += part,
        }
    }
    result.replace('`', "")
}

/// The files with this extension in a folder and below, except in `tests`.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read").flatten();
    entries
        .flat_map(|entry| match entry.path() {
            folder if folder.is_dir() && !folder.ends_with("tests") => files(&folder, extension),
            file if file.extension().is_some_and(|found| found == extension) => vec![file],
            _ => Vec::new(),
        })
        .collect()
}

fn read(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
