//! The secrets of a session, and the one function that holds a text against all of them.

use std::collections::HashSet;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

use crate::foreign::{ForeignText, Shown, is_blank, split_at};
use crate::forms::forms;
use crate::search::{Haystack, Secret};

/// How many characters of a text are searched.
const SEARCHED: usize = 4096;

/// The secrets that have passed through a session. Its clones share one set, which is wiped when the last of them is dropped.
#[derive(Clone, Default)]
pub struct Secrets {
    /// Passwords, keys and the like.
    certain: Set,
    /// What may be a secret: only texts of the server are held against these.
    possible: Set,
}

type Set = Arc<RwLock<HashSet<Secret>>>;

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
        add(&self.certain, Secret::new(secret));
    }

    /// Adds what may be a secret, such as a text in settings of which only some are secrets. No text of the server that
    /// repeats it is shown. Other values may well equal it, so [`contains`](Self::contains) does not count it.
    pub fn remember_possible(&self, secret: &str) {
        add(&self.possible, Secret::new(secret));
    }

    /// Whether this text is itself a secret, of at least 6 characters: other values may well equal a shorter one.
    #[must_use]
    pub fn contains(&self, text: &str) -> bool {
        let secret = Secret::new(text);
        secret.is_long() && read(&self.certain).contains(&secret)
    }

    /// Whether this value has a whole secret in it, as it is or with other separators, or equals one of 4 or 5 characters.
    #[must_use]
    pub fn are_whole_in(&self, value: &str) -> bool {
        forms(value).is_none_or(|forms| {
            let secrets = read(&self.certain);
            forms.iter().any(|form| {
                let value = Secret::new(form);
                secrets.iter().any(|secret| secret.is_whole_in(&value))
            })
        })
    }

    /// Returns what may be shown of a text from outside. If it repeats a secret, nothing of it is.
    #[must_use]
    pub fn show(&self, text: &ForeignText, length: Length) -> Shown {
        let (longest, withheld) = match length {
            Length::Message => (500, "(not shown, since it repeats a secret)"),
            Length::Name => (100, "a sensitive value"),
        };
        let text = text.raw().trim_start_matches(is_blank);
        if self.are_in(split_at(text, SEARCHED).0) { Shown::instead(withheld) } else { Shown::clean(text, longest) }
    }

    /// Whether a secret is in any form of the text. A text with too many forms is not searched, and counts as one that has.
    fn are_in(&self, text: &str) -> bool {
        let Some(forms) = forms(text) else { return true };
        let haystack = Haystack::new(&forms);
        haystack.has_any(read(&self.certain).iter().chain(read(&self.possible).iter()))
    }
}

fn read(set: &Set) -> RwLockReadGuard<'_, HashSet<Secret>> {
    set.read().unwrap_or_else(PoisonError::into_inner)
}

fn add(set: &Set, secret: Secret) {
    if secret.can_be_found() && !read(set).contains(&secret) {
        set.write().unwrap_or_else(PoisonError::into_inner).insert(secret);
    }
}

/// Shows no secret.
impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secrets").finish_non_exhaustive()
    }
}
