//! The secrets of a session, and the one function that compares a text with all of them.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::foreign::{ForeignText, Shown, is_blank, split_at};
use crate::forms::forms;
use crate::search::{Haystack, Secret};

/// How many characters of a text are searched.
const SEARCHED: usize = 4096;

/// The secrets that have passed through a session. Its clones share one set, which is wiped when the last of them is dropped.
#[derive(Clone, Default)]
pub struct Secrets(Arc<RwLock<HashSet<Secret>>>);

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
        let secret = Secret::new(secret);
        if secret.can_be_found() && !self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&secret) {
            self.0.write().unwrap_or_else(PoisonError::into_inner).insert(secret);
        }
    }

    /// Whether this text is itself a secret, of at least 6 characters: other values may well equal a shorter one.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        let secret = Secret::new(text);
        secret.is_long() && self.0.read().unwrap_or_else(PoisonError::into_inner).contains(&secret)
    }

    /// Returns what may be shown of a text from outside. If it repeats a secret, no part of it may be shown.
    #[must_use]
    pub fn show(&self, text: &ForeignText, length: Length) -> Shown {
        let (longest, withheld) = match length {
            Length::Message => (500, "(not shown, because it contains a secret)"),
            Length::Name => (100, "a sensitive value"),
        };
        let text = text.raw().trim_start_matches(is_blank);
        if self.are_in(split_at(text, SEARCHED).0) { Shown::instead(withheld) } else { Shown::clean(text, longest) }
    }

    /// Whether a secret is in any form of the text. A text with too many forms is not searched, and counts as one that has.
    fn are_in(&self, text: &str) -> bool {
        let Some(forms) = forms(text) else { return true };
        let haystack = Haystack::new(&forms);
        haystack.has_any(self.0.read().unwrap_or_else(PoisonError::into_inner).iter())
    }
}

/// Shows no secret.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}
