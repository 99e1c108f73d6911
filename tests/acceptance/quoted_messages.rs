//! The messages that the guide *When something fails* quotes are in the sources.

use std::fs;
use std::path::{Path, PathBuf};

/// Stands for text that differs, in the guide. In the sources it replaces `{…}`.
const PLACEHOLDER: char = '…';

#[test]
fn the_guide_quotes_only_messages_that_the_program_shows() {
    let sources: Vec<String> = ["src", "crates/tfplugin/src", "crates/deepslate/src"]
        .iter()
        .flat_map(|folder| rust_files(&root().join(folder)))
        .map(|file| literals(&read(&file)))
        .collect();
    let messages = quoted(&read(&root().join("templates/guides/when-something-fails.md")));
    assert!(messages.len() >= 15, "the table was not found: {messages:?}");
    for message in messages {
        // The reason of a failed request is a literal of its own: it follows `Could not <call>: `.
        let literal = message.strip_prefix("…: ").unwrap_or(&message);
        let shown = format!("\"{}", literal.trim_end_matches(PLACEHOLDER));
        assert!(sources.iter().any(|source| source.contains(&shown)), "no source has this message: {message}");
    }
}

/// The messages in the first column of the table that begins with `| Message |`, without Markdown.
fn quoted(page: &str) -> Vec<String> {
    let rows = page.lines().skip_while(|line| !line.starts_with("| Message |")).skip(2);
    let cells = rows.take_while(|line| line.starts_with('|')).filter_map(|row| row.split('|').nth(1));
    cells.flat_map(|cell| cell.split("<br>")).map(|message| message.trim().replace('`', "")).collect()
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

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder can be read").flatten();
    entries
        .flat_map(|entry| match entry.path() {
            folder if folder.is_dir() && !folder.ends_with("tests") => rust_files(&folder),
            file if file.extension().is_some_and(|extension| extension == "rs") => vec![file],
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
