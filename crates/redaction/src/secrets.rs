//! The secrets of a session, and the one function that compares a text with all of them.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::comparable::comparable;
use crate::foreign::{ForeignText, Shown, is_blank, split_at};
use crate::forms::forms;
use crate::search::{Found, Haystack, Index, Secret};

/// The secrets that have passed through a session. Its clones share one set, which is wiped when the last of them is dropped.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Passwords, keys and the like.
    certain: Set,
    /// Texts that may be secrets. Only texts of the server are compared with these.
    possible: Set,
}

type Set = Arc<RwLock<Known>>;

#[derive(Default)]
struct Known {
    all: HashSet<Secret>,
    index: Index,
}

/// How much of a text is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Length {
    /// A message: 500 characters.
    Message,
    /// A name, or another value in a sentence: 100 characters.
    Name,
}

impl Secrets {
    /// Adds a secret. An empty one is none.
    pub fn remember(&self, secret: &str) {
        add(&self.certain, secret);
    }

    /// Adds a text that may be a secret, such as a text in settings that are only partly secret. No text of the server that
    /// repeats it is shown. Other values may well equal it, so [`contains`](Self::contains) does not count it.
    pub fn remember_possible(&self, secret: &str) {
        add(&self.possible, secret);
    }

    /// Whether this text is itself a secret, of at least 6 characters: other values may well equal a shorter one.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        read(&self.certain).all.get(text).is_some_and(Secret::is_long)
    }

    /// Whether this value has a whole secret in it, as it is or with other separators, or equals one of 4 or 5 characters.
    #[must_use]
    pub fn are_whole_in(&self, value: &str) -> bool {
        forms(value).is_none_or(|forms| {
            let secrets = read(&self.certain);
            forms.iter().any(|form| {
                let value = Secret::new(form);
                secrets.index.may_be_whole_in(&value) && secrets.all.iter().any(|secret| secret.is_whole_in(&value))
            })
        })
    }

    /// Whether a value has a part of a secret in a row: as much as counts in a text, and at least this many characters. A value
    /// that was `known` before, such as that of the configuration, makes no part of it a secret. Encoded parts, and secrets
    /// of fewer than 6 characters, are not looked for.
    #[must_use]
    pub fn are_repeated_in(&self, value: &str, known: &str, least: usize) -> bool {
        let secrets = read(&self.certain);
        let is_possible = |ignored| secrets.index.may_be_in(&comparable(value, ignored).collect::<Vec<_>>());
        // Most values of a long list end here. No character folds to more characters than it has bytes.
        if value.len() < least || !is_possible(None) && !is_possible(Some(' ')) {
            return false;
        }
        let (value, known) = (Haystack::new([value]), comparable(known, None).collect::<Vec<_>>());
        secrets.all.iter().any(|secret| secret.is_in_value(&value, &known, least))
    }

    /// Returns what may be shown of a text from outside. If it repeats a secret, no part of it may be shown. If it would take
    /// too long to check, this is tried again with much less of it.
    #[must_use]
    pub fn show(&self, text: &ForeignText, length: Length) -> Shown {
        let (longest, searched, withheld, unchecked) = match length {
            Length::Message => (
                500,
                [4096, 1000],
                "(not shown, because it contains a secret)",
                "(not shown, because it could not be checked for secrets)",
            ),
            Length::Name => (100, [1000, 200], "a sensitive value", "a value that could not be checked for secrets"),
        };
        let text = text.raw().trim_start_matches(is_blank);
        for searched in searched {
            let (beginning, rest) = split_at(text, searched);
            match self.find_in(beginning) {
                // What was not searched is not shown, even if blanks fill the beginning.
                Found::Nothing => return Shown::clean(beginning, longest, !rest.is_empty()),
                Found::Secret => return Shown::instead(withheld),
                Found::TooMuch => {}
            }
        }
        Shown::instead(unchecked)
    }

    /// Looks for all secrets in all forms of the text.
    fn find_in(&self, text: &str) -> Found {
        let Some(forms) = forms(text) else { return Found::TooMuch };
        let haystack = Haystack::new(forms.iter().map(String::as_str));
        haystack.find_any(read(&self.certain).all.iter().chain(read(&self.possible).all.iter()))
    }
}

fn read(set: &Set) -> RwLockReadGuard<'_, Known> {
    set.read().unwrap_or_else(PoisonError::into_inner)
}

fn add(set: &Set, secret: &str) {
    // Each secret comes with several calls for its object.
    if read(set).all.contains(secret) {
        return;
    }
    let secret = Secret::new(secret);
    if secret.can_be_found() {
        let mut known = set.write().unwrap_or_else(PoisonError::into_inner);
        known.index.add(&secret);
        known.all.insert(secret);
    }
}

/// Shows no secret.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}
