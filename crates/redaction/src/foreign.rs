//! The types of texts from outside.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::message::as_foreign;

/// A text from outside, such as an answer of an API or a name that someone else chose.
///
/// It cannot be formatted as it is, since it may hold control characters or repeat a secret:
/// [`Secrets::show`](crate::Secrets::show) returns a form that may be shown.
///
/// ```compile_fail
/// println!("{}", redaction::ForeignText::from("name"));
/// ```
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ForeignText(String);

/// A text that may be shown: one printable line of bounded length in which no known secret was found.
///
/// In a message it is marked as foreign, so that [`Secrets::finish`](crate::Secrets::finish) can indent its line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    text: String,
    withheld: bool,
}

impl ForeignText {
    /// The text as it came, which no message and no log may show.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }

    /// The text as it came, to be stored or sent.
    #[must_use]
    pub fn into_raw(self) -> String {
        self.0
    }
}

impl From<String> for ForeignText {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for ForeignText {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Leaves out the text.
impl fmt::Debug for ForeignText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<text of {} bytes>", self.0.len())
    }
}

impl Shown {
    /// Cuts the text, which may be cut already, and makes one plain blank of all blanks in a row and of what cannot be printed.
    pub(crate) fn clean(text: &str, longest: usize, is_cut: bool) -> Self {
        let (mut line, mut characters) = (String::new(), 0);
        for word in text.split(is_blank).filter(|word| !word.is_empty()) {
            let blank = if line.is_empty() { "" } else { " " };
            for c in blank.chars().chain(word.chars()) {
                if characters == longest {
                    return Self { text: line + "…", withheld: false };
                }
                line.push(c);
                characters += 1;
            }
        }
        Self { text: if is_cut { line + "…" } else { line }, withheld: false }
    }

    /// A text of our own instead of one that repeats a secret.
    pub(crate) fn instead(text: &str) -> Self {
        Self { text: text.to_owned(), withheld: true }
    }

    /// The text in quotation marks, unless it is withheld.
    #[must_use]
    pub fn quoted(&self) -> String {
        if self.withheld { self.text.clone() } else { as_foreign(&format!("\"{}\"", self.text)) }
    }

    /// The same for a value whose form has been checked, such as an ID: it has no words that could be a line of their own.
    #[must_use]
    pub fn value(&self) -> String {
        if self.withheld { self.text.clone() } else { format!("\"{}\"", self.text) }
    }

    /// The text without the mark, for places that are no message: a name, or a test.
    #[must_use]
    pub fn as_line(&self) -> &str {
        &self.text
    }

    /// The same text, cut to this many characters.
    #[must_use]
    pub fn cut(&self, longest: usize) -> Self {
        Self { text: split_at(&self.text, longest).0.to_owned(), ..*self }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.withheld { f.write_str(&self.text) } else { f.write_str(&as_foreign(&self.text)) }
    }
}

/// The first characters of a text, and the rest.
pub(crate) fn split_at(text: &str, characters: usize) -> (&str, &str) {
    text.split_at(text.char_indices().nth(characters).map_or(text.len(), |(at, _)| at))
}

/// Control characters, characters that turn or hide their neighbors, tags, and other characters without a form of their own.
pub(crate) fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{34f}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}'..='\u{891}'
            | '\u{8e2}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d159}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}')
}

pub(crate) fn is_blank(c: char) -> bool {
    c.is_whitespace() || is_unprintable(c)
}
