//! Looks for many secrets in many forms of a text at once.
//!
//! The forms are indexed by each six characters that they have in a row. A secret is looked up by a few of its own: so many
//! that every run of the length that counts has one of them.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::{Hash, Hasher};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use crate::foreign::is_unprintable;

/// The shortest run of characters that counts as a part of a secret. A shorter secret is looked for as a word.
const SHORTEST_RUN: usize = 6;
/// The shortest secret that a value counts as if it is equal.
const SHORTEST_EQUAL: usize = 4;
/// The longest run that must be there before it counts.
const LONGEST_RUN: usize = 16;
/// The most positions at which a text is compared with secrets. A text that needs more counts as one with a secret.
const MOST_COMPARED: usize = 1 << 20;
/// No position in the text.
const NOWHERE: u32 = u32::MAX;

/// A secret, and what texts are compared with. Both are wiped when dropped.
pub(crate) struct Secret {
    exact: SecretString,
    comparable: Zeroizing<Vec<char>>,
}

/// The forms of a text, indexed.
pub(crate) struct Haystack {
    /// All forms in a row, with a separator after each.
    text: Vec<char>,
    /// The last position of each six characters.
    last: HashMap<u128, u32>,
    /// For each position: the one before it with the same six characters.
    before: Vec<u32>,
    /// The words of each length below six, by that length, as soon as a secret of that length is looked for.
    words: [OnceCell<HashSet<u128>>; SHORTEST_RUN],
}

impl Secret {
    pub(crate) fn new(secret: &str) -> Self {
        let trimmed = secret.trim();
        // Of the right size from the beginning, since a vector that grows leaves copies behind.
        let mut comparison = Zeroizing::new(Vec::with_capacity(comparable(trimmed).count()));
        comparison.extend(comparable(trimmed));
        Self { exact: secret.into(), comparable: comparison }
    }

    /// Whether there is something to look for.
    pub(crate) fn can_be_found(&self) -> bool {
        !self.comparable.is_empty()
    }

    /// Whether it is looked for anywhere, and not only as a word.
    pub(crate) fn is_long(&self) -> bool {
        self.comparable.len() >= SHORTEST_RUN
    }

    /// Whether the whole secret is in the value, also if only letters and digits are compared. A short secret has to be equal.
    pub(crate) fn is_whole_in(&self, value: &Self) -> bool {
        let has = |value: &[char], secret: &[char]| {
            secret.len() >= SHORTEST_RUN && value.windows(secret.len()).any(|window| window == secret)
        };
        let plain = |secret: &Self| -> Zeroizing<Vec<char>> {
            let plain: Vec<_> = secret.comparable.iter().copied().filter(|c| c.is_alphanumeric()).collect();
            plain.into()
        };
        has(&value.comparable, &self.comparable)
            || has(&plain(value), &plain(self))
            || (self.comparable.len() >= SHORTEST_EQUAL && self.comparable == value.comparable)
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.exact.expose_secret() == other.exact.expose_secret()
    }
}

impl Eq for Secret {}

impl Hash for Secret {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.exact.expose_secret().hash(state);
    }
}

impl Haystack {
    pub(crate) fn new(forms: &[String]) -> Self {
        let mut text = Vec::new();
        for form in forms {
            text.extend(comparable(form));
            text.push(char::REPLACEMENT_CHARACTER);
        }
        let (mut last, mut before) = (HashMap::new(), vec![NOWHERE; text.len()]);
        for (window, at) in text.windows(SHORTEST_RUN).zip(0_u32..) {
            if let Some(earlier) = last.insert(packed(window), at) {
                before[at as usize] = earlier;
            }
        }
        Self { text, last, before, words: Default::default() }
    }

    /// Whether one of the secrets counts as found.
    pub(crate) fn has_any<'a>(&self, mut secrets: impl Iterator<Item = &'a Secret>) -> bool {
        let mut compared = 0;
        secrets.any(|Secret { comparable, .. }| match self.words.get(comparable.len()) {
            Some(words) => words.get_or_init(|| words_of(&self.text, comparable.len())).contains(&packed(comparable)),
            None => self.has_run_of(comparable, &mut compared),
        })
    }

    /// Whether half of the secret is in the text in a row.
    fn has_run_of(&self, secret: &[char], compared: &mut usize) -> bool {
        let run = secret.len().div_ceil(2).clamp(SHORTEST_RUN, LONGEST_RUN);
        let step = run - SHORTEST_RUN + 1;
        (0..=secret.len() - SHORTEST_RUN).step_by(step).any(|at| {
            let mut found = self.last.get(&packed(&secret[at..at + SHORTEST_RUN])).copied().unwrap_or(NOWHERE);
            while found != NOWHERE {
                *compared += 1;
                if *compared > MOST_COMPARED || common_run(secret, at, &self.text, found as usize) >= run {
                    return true;
                }
                found = self.before[found as usize];
            }
            false
        })
    }
}

/// How many characters are the same in a row around these positions, as far as that matters.
fn common_run(one: &[char], at: usize, other: &[char], found: usize) -> usize {
    let before = one[..at].iter().rev().zip(other[..found].iter().rev()).take_while(|(one, other)| one == other);
    let after = one[at..].iter().zip(&other[found..]).take_while(|(one, other)| one == other);
    before.take(LONGEST_RUN).count() + after.take(LONGEST_RUN).count()
}

/// The parts of this length that have no letter or digit before and after them, unless they begin or end without one.
fn words_of(text: &[char], length: usize) -> HashSet<u128> {
    let joined =
        |one: Option<&char>, other: &char| one.is_some_and(|one| one.is_alphanumeric()) && other.is_alphanumeric();
    let windows = text.windows(length).enumerate().filter(|(at, window)| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        !joined(before, &window[0]) && !joined(text.get(at + length), &window[length - 1])
    });
    windows.map(|(_, window)| packed(window)).collect()
}

/// Up to six characters as a number.
fn packed(characters: &[char]) -> u128 {
    characters.iter().fold(1, |packed, &c| packed << 21 | u128::from(u32::from(c)))
}

/// What is compared of a text: composed, in lower case, with one blank for all whitespace in a row, and without what is never
/// shown.
fn comparable(text: &str) -> impl Iterator<Item = char> {
    let shown = text.nfc().map(|c| if c.is_whitespace() { ' ' } else { c }).filter(|c| !is_unprintable(*c));
    let mut last = None;
    let one_blank = shown.filter(move |c| last.replace(*c) != Some(' ') || *c != ' ');
    one_blank.flat_map(char::to_lowercase)
}
