//! The results: tables in Markdown, and all values in JSON.

use std::fmt;
use std::fs;
use std::io::{self, Write as _};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::settings::Settings;
use crate::{Result, machine};

/// All figures so far.
pub(crate) struct Report {
    all: Value,
    file: PathBuf,
}

impl Report {
    pub(crate) fn new(settings: &Settings) -> Result<Self> {
        let all = json!({"machine": machine::describe(settings), "rounds": settings.rounds, "starts": settings.starts});
        if let Some(folder) = settings.results.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(Self { all, file: settings.results.clone() })
    }

    /// Adds what one subject gave in one case.
    pub(crate) fn add(&mut self, section: &str, figures: Value) {
        if let Value::Array(measured) = self.all[section].take() {
            self.all[section] = measured.into_iter().chain([figures]).collect();
        } else {
            self.all[section] = json!([figures]);
        }
    }

    /// What was added to a section.
    pub(crate) fn section(&self, section: &str) -> &[Value] {
        self.all[section].as_array().map(Vec::as_slice).unwrap_or_default()
    }

    /// Prints a table, and writes all figures so far, so that a run that is interrupted leaves what it found.
    pub(crate) fn print(&self, table: &Table) -> Result<()> {
        writeln!(io::stdout().lock(), "{table}")?;
        fs::write(&self.file, format!("{:#}\n", self.all))?;
        Ok(())
    }
}

/// A table with aligned columns: texts at the left, figures at the right.
pub(crate) struct Table {
    title: String,
    /// How many columns have texts.
    texts: usize,
    /// The first has the names of the columns.
    rows: Vec<Vec<String>>,
}

impl Table {
    pub(crate) fn new<const TEXTS: usize, const FIGURES: usize>(
        title: String,
        texts: [&str; TEXTS],
        figures: [&str; FIGURES],
    ) -> Self {
        let names = texts.into_iter().chain(figures).map(str::to_owned).collect();
        Self { title, texts: TEXTS, rows: vec![names] }
    }

    /// Adds a row, which has as many cells as there are columns.
    pub(crate) fn row(&mut self, cells: impl Into<Vec<String>>) {
        self.rows.push(cells.into());
    }
}

impl fmt::Display for Table {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}\n", self.title)?;
        let width = |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
        for (number, row) in self.rows.iter().enumerate() {
            for (column, cell) in row.iter().enumerate() {
                let width = width(column);
                if column < self.texts {
                    write!(formatter, "| {cell:width$} ")?;
                } else {
                    write!(formatter, "| {cell:>width$} ")?;
                }
            }
            writeln!(formatter, "|")?;
            if number == 0 {
                for column in 0..row.len() {
                    let (line, end) = ("-".repeat(width(column)), if column < self.texts { '-' } else { ':' });
                    write!(formatter, "|-{line}{end}")?;
                }
                writeln!(formatter, "|")?;
            }
        }
        Ok(())
    }
}
