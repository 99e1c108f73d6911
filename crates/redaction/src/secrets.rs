//! The secrets of a session, and the one function that holds a text against all of them.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::foreign::{ForeignText, Shown, is_blank, split_at};
use crate::forms::forms;
use crate::search::{Found, Haystack, Index, Secret, comparable};

/// How many characters of a text are searched.
const SEARCHED: usize = 4096;

/// The secrets that have passed through a session. Its clones share one set, which is wiped when the last of them is dropped.
#[derive(Clone, Default)]
pub struct Secrets(Arc<RwLock<Known>>);

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
        let secret = Secret::new(secret);
        if secret.can_be_found() && !self.known().all.contains(&secret) {
            let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
            known.index.add(&secret);
            known.all.insert(secret);
        }
    }

    /// Whether this text is itself a secret, of at least 6 characters: other values may well equal a shorter one.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        let secret = Secret::new(text);
        secret.is_long() && self.known().all.contains(&secret)
    }

    /// Whether a value has a part of a secret in a row: as much as counts in a text, and at least so many characters. A value
    /// that was `known` before, such as that of the configuration, makes no part of it a secret. Encoded parts, and secrets
    /// of fewer than 6 characters, are not looked for.
    #[must_use]
    pub fn are_repeated_in(&self, value: &str, known: &str, least: usize) -> bool {
        let secrets = self.known();
        let is_possible = |ignored| secrets.index.may_be_in(&comparable(value, ignored).collect::<Vec<_>>());
        // Most values of a long list end here. No character folds to more characters than it has bytes.
        if value.len() < least || !is_possible(None) && !is_possible(Some(' ')) {
            return false;
        }
        let (value, known) = (Haystack::new([value]), comparable(known, None).collect::<Vec<_>>());
        secrets.all.iter().any(|secret| secret.is_in_value(&value, &known, least))
    }

    /// Returns what may be shown of a text from outside. If it repeats a secret, nothing of it is.
    #[must_use]
    pub fn show(&self, text: &ForeignText, length: Length) -> Shown {
        let (longest, withheld, unchecked) = match length {
            Length::Message => (
                500,
                "(not shown, since it repeats a secret)",
                "(not shown, since it could not be checked for secrets)",
            ),
            Length::Name => (100, "a sensitive value", "a value that could not be checked for secrets"),
        };
        let text = text.raw().trim_start_matches(is_blank);
        match self.find_in(split_at(text, SEARCHED).0) {
            Found::Nothing => Shown::clean(text, longest),
            Found::Secret => Shown::instead(withheld),
            Found::TooMuch => Shown::instead(unchecked),
        }
    }

    /// Looks for all secrets in all forms of the text.
    fn find_in(&self, text: &str) -> Found {
        let Some(forms) = forms(text) else { return Found::TooMuch };
        Haystack::new(forms.iter().map(String::as_str)).find_any(self.known().all.iter())
    }

    fn known(&self) -> RwLockReadGuard<'_, Known> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows no secret.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}
