//! Looks for many secrets in many forms of a text at once.
//!
//! The forms are indexed by each six characters that they have in a row. A secret is looked up by a few of its own: so many
//! that every run of the length that counts has one of them.

use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

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
/// The most positions at which a text is compared with secrets.
const MOST_COMPARED: usize = 1 << 20;
/// No position in the text.
const NOWHERE: u32 = u32::MAX;

/// A secret, and what texts are compared with. Both are wiped when dropped.
pub(crate) struct Secret {
    exact: SecretString,
    comparable: Zeroizing<Vec<char>>,
    /// How many characters in a row count as a part of it. A comparison makes several characters of some, so these are half of
    /// the characters that the secret itself has.
    run: usize,
}

/// What a search has found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Secret,
    /// The search would have taken too long.
    TooMuch,
}

/// Some of each six characters that long secrets have in a row, hashed: most texts have none of them.
pub(crate) struct Index {
    bits: Zeroizing<Vec<u64>>,
    hasher: RandomState,
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
        let mut comparison = Zeroizing::new(Vec::with_capacity(comparable(trimmed, None).count()));
        comparison.extend(comparable(trimmed, None));
        let characters = trimmed.nfc().filter(|c| !is_unprintable(*c)).count();
        let run = characters.div_ceil(2).clamp(SHORTEST_RUN, LONGEST_RUN);
        Self { exact: secret.into(), comparable: comparison, run }
    }

    /// Whether there is something to look for.
    pub(crate) fn can_be_found(&self) -> bool {
        !self.comparable.is_empty()
    }

    /// Whether it is looked for anywhere, and not only as a word.
    pub(crate) fn is_long(&self) -> bool {
        self.comparable.len() >= SHORTEST_RUN
    }

    /// Positions in a long secret: every run of this length has the six characters at one of them.
    fn positions(&self, run: usize) -> impl Iterator<Item = usize> {
        (0..=self.comparable.len() - SHORTEST_RUN).step_by(run - SHORTEST_RUN + 1)
    }

    /// Whether a value has as much of the secret in a row as counts, at least as much as `least`, and more than a value has
    /// that is known to be none.
    pub(crate) fn is_in_value(&self, value: &Haystack, known: &[char], least: usize) -> bool {
        let mut compared = 0;
        let mut has = |run| self.is_long() && value.has_run_of(self, run, &mut compared) != Found::Nothing;
        let run = self.run.max(least);
        has(run) && {
            let longest = longest_common_run(&self.comparable, known);
            longest < run || has(longest + 1)
        }
    }

    /// Whether the whole secret is in the value, also if only letters and digits are compared. A short secret must be equal.
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

impl Index {
    pub(crate) fn add(&mut self, secret: &Secret) {
        if secret.is_long() {
            for at in secret.positions(secret.run) {
                for (word, bit) in self.places(&secret.comparable[at..at + SHORTEST_RUN]) {
                    self.bits[word] |= bit;
                }
            }
        }
    }

    /// Whether a part of a long secret may be in this text.
    pub(crate) fn may_be_in(&self, text: &[char]) -> bool {
        text.windows(SHORTEST_RUN)
            .any(|window| self.places(window).iter().all(|(word, bit)| self.bits[*word] & bit != 0))
    }

    fn places(&self, characters: &[char]) -> [(usize, u64); 2] {
        let hash = self.hasher.hash_one(packed(characters));
        // The mask fits into any `usize`.
        let word = |hash: u64| usize::try_from((hash >> 6) & 0xFFFF).unwrap_or_default() % self.bits.len();
        [hash, hash >> 32].map(|hash| (word(hash), 1 << (hash % 64)))
    }
}

impl Default for Index {
    fn default() -> Self {
        // So many that few bits are set even with 10,000 secrets.
        Self { bits: vec![0; 1 << 15].into(), hasher: RandomState::new() }
    }
}

impl Haystack {
    pub(crate) fn new<'a>(forms: impl IntoIterator<Item = &'a str>) -> Self {
        let mut text = Vec::new();
        for form in forms {
            text.extend(comparable(form, None));
            text.push(char::REPLACEMENT_CHARACTER);
            // What is shown has a blank instead of each of these, and so may show a word that they are around.
            if form.contains(|c: char| is_unprintable(c) && !c.is_whitespace()) {
                text.extend(comparable(form, Some(' ')));
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        let (mut last, mut before) = (HashMap::new(), vec![NOWHERE; text.len()]);
        for (window, at) in text.windows(SHORTEST_RUN).zip(0_u32..) {
            if let Some(earlier) = last.insert(packed(window), at) {
                before[at as usize] = earlier;
            }
        }
        Self { text, last, before, words: Default::default() }
    }

    /// Looks for each of the secrets.
    pub(crate) fn find_any<'a>(&self, secrets: impl Iterator<Item = &'a Secret>) -> Found {
        let mut compared = 0;
        for secret in secrets {
            let characters = &secret.comparable;
            let found = match self.words.get(characters.len()) {
                Some(words)
                    if words.get_or_init(|| words_of(&self.text, characters.len())).contains(&packed(characters)) =>
                {
                    Found::Secret
                }
                Some(_) => Found::Nothing,
                None => self.has_run_of(secret, secret.run, &mut compared),
            };
            if found != Found::Nothing {
                return found;
            }
        }
        Found::Nothing
    }

    /// Looks for a run of this length of a long secret.
    fn has_run_of(&self, secret: &Secret, run: usize, compared: &mut usize) -> Found {
        let characters = &secret.comparable;
        for at in secret.positions(run) {
            let mut found = self.last.get(&packed(&characters[at..at + SHORTEST_RUN])).copied().unwrap_or(NOWHERE);
            while found != NOWHERE {
                if common_run(characters, at, &self.text, found as usize, run) >= run {
                    return Found::Secret;
                }
                *compared += 1;
                if *compared > MOST_COMPARED {
                    return Found::TooMuch;
                }
                found = self.before[found as usize];
            }
        }
        Found::Nothing
    }
}

/// How many characters are the same in a row around these positions, as far as a run of this length needs.
fn common_run(one: &[char], at: usize, other: &[char], found: usize, run: usize) -> usize {
    let before = one[..at].iter().rev().zip(other[..found].iter().rev()).take_while(|(one, other)| one == other);
    let after = one[at..].iter().zip(&other[found..]).take_while(|(one, other)| one == other);
    before.take(run).count() + after.take(run).count()
}

/// The length of the longest run of characters that both have.
fn longest_common_run(one: &[char], other: &[char]) -> usize {
    let mut ending_before = vec![0; other.len() + 1];
    let mut longest = 0;
    for c in one {
        let mut diagonal = 0;
        for (at, found) in other.iter().enumerate() {
            let here = if c == found { diagonal + 1 } else { 0 };
            diagonal = std::mem::replace(&mut ending_before[at + 1], here);
            longest = longest.max(here);
        }
    }
    longest
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

/// The form in which a text is compared: composed, without differences of case, with one blank for all whitespace in a row,
/// and with this instead of characters that are never shown.
pub(crate) fn comparable(text: &str, unprintable: Option<char>) -> impl Iterator<Item = char> {
    let shown = text.nfc().filter_map(move |c| {
        if c.is_whitespace() {
            Some(' ')
        } else if is_unprintable(c) {
            unprintable
        } else {
            Some(c)
        }
    });
    let mut last = None;
    let one_blank = shown.filter(move |c| last.replace(*c) != Some(' ') || *c != ' ');
    // Upper case makes `SS` of `ß` and `FI` of a ligature, and one letter of both forms of sigma and of `i` without a dot.
    let folded = one_blank.flat_map(|c| c.to_lowercase().flat_map(char::to_uppercase).flat_map(char::to_lowercase));
    // The dot of a Turkish `İ`, which lower case sets apart.
    folded.filter(|c| *c != '\u{307}').nfc()
}
