//! Looks for many secrets in many forms of a text at once.
//!
//! The forms are indexed by each six characters that they have in a row. A secret is looked up by a few of its own:
//! enough that every run of the length that counts has one of them.

use std::borrow::Borrow;
use std::cell::OnceCell;
use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use unicode_normalization::UnicodeNormalization;

use crate::comparable::{comparable, skeleton};
use crate::foreign::is_unprintable;
use crate::words::is_ordinary;

/// The shortest run of characters that counts as a part of a secret. A shorter secret is looked for as a word.
const SHORTEST_RUN: usize = 6;
/// The shortest secret that a value counts as if it is equal.
const SHORTEST_EQUAL: usize = 4;
/// The longest run that must be there before it counts.
const LONGEST_RUN: usize = 16;
/// The shortest skeleton of a secret that is looked for, and the shortest run of it that counts.
const SHORTEST_SKELETON: usize = 8;
/// How many characters of a secret an ordinary word must leave hidden.
const FEWEST_HIDDEN: usize = 4;
/// How far a run is followed, longer than any ordinary word.
const FOLLOWED: usize = 24;
/// The most positions at which a text is compared with secrets.
const MOST_COMPARED: usize = 1 << 20;
/// The size of an index, in words of 64 bits: enough that few bits are set even with 10,000 secrets.
const WORDS: usize = 1 << 15;
/// No position in the text.
const NOWHERE: u32 = u32::MAX;

/// A secret, and what texts are compared with. Both are wiped when dropped.
pub(crate) struct Secret {
    exact: SecretString,
    comparable: Needle,
    /// The same without separators.
    plain: Zeroizing<Vec<char>>,
    /// Its letters and digits, if they are enough.
    skeleton: Option<Needle>,
}

/// Characters to look for.
struct Needle {
    characters: Zeroizing<Vec<char>>,
    /// How many of them in a row count as a part of the secret.
    run: usize,
    /// How many other characters the secret has.
    others: usize,
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
#[derive(Default)]
pub(crate) struct Index {
    /// Empty before the first long secret.
    bits: Zeroizing<Vec<u64>>,
    hasher: RandomState,
    /// Whether there are shorter secrets, which are not in it.
    has_short: bool,
}

/// The forms of a text, indexed.
pub(crate) struct Haystack {
    plain: Indexed,
    /// The skeletons of the forms.
    skeletons: Indexed,
    /// The words of each length below six, by that length, as soon as a secret of that length is looked for.
    words: [OnceCell<HashSet<u128>>; SHORTEST_RUN],
}

/// Texts, indexed.
struct Indexed {
    /// All texts in a row, with a separator after each.
    text: Vec<char>,
    /// The last position of each six characters.
    last: HashMap<u128, u32>,
    /// For each position: the one before it with the same six characters.
    before: Vec<u32>,
}

impl Secret {
    pub(crate) fn new(secret: &str) -> Self {
        let trimmed = secret.trim();
        let characters = collected(|| comparable(trimmed, None));
        // A comparison makes several characters of some, so this is half of the characters that the secret itself has.
        let half = trimmed.nfc().filter(|c| !is_unprintable(*c)).count().div_ceil(2);
        let whole = characters.len();
        let plain = collected(|| characters.iter().copied().filter(|c| c.is_alphanumeric()));
        let comparable = Needle { characters, run: half.clamp(SHORTEST_RUN, LONGEST_RUN), others: 0 };
        let characters = collected(|| skeleton(trimmed));
        let skeleton = (characters.len() >= SHORTEST_SKELETON).then(|| Needle {
            run: (characters.len() * 2).div_ceil(3).clamp(SHORTEST_SKELETON, LONGEST_RUN),
            others: whole.saturating_sub(characters.len()),
            characters,
        });
        Self { exact: secret.into(), comparable, plain, skeleton }
    }

    /// Whether there is something to look for.
    pub(crate) fn can_be_found(&self) -> bool {
        !self.comparable.characters.is_empty()
    }

    /// Whether it is looked for anywhere, and not only as a word.
    pub(crate) fn is_long(&self) -> bool {
        self.comparable.characters.len() >= SHORTEST_RUN
    }

    /// Whether a value has as much of the secret in a row as counts, at least as much as `least`, and more than a value has
    /// that is known to be none.
    pub(crate) fn is_in_value(&self, value: &Haystack, known: &[char], least: usize) -> bool {
        let mut compared = 0;
        let mut has =
            |run| self.is_long() && value.plain.has_run_of(&self.comparable, run, &mut compared) != Found::Nothing;
        let run = self.comparable.run.max(least);
        has(run) && {
            let longest = longest_common_run(&self.comparable.characters, known);
            longest < run || has(longest + 1)
        }
    }

    /// Whether the whole secret is in the value, also if only letters and digits are compared. A short secret must be equal.
    pub(crate) fn is_whole_in(&self, value: &Self) -> bool {
        let has = |value: &[char], secret: &[char]| {
            secret.len() >= SHORTEST_RUN && value.windows(secret.len()).any(|window| window == secret)
        };
        let (other, own) = (&value.comparable.characters, &self.comparable.characters);
        has(other, own) || has(&value.plain, &self.plain) || (own.len() >= SHORTEST_EQUAL && own == other)
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

/// A set of secrets is asked for one by its text.
impl Borrow<str> for Secret {
    fn borrow(&self) -> &str {
        self.exact.expose_secret()
    }
}

impl Needle {
    /// Positions in a long secret: every run of this length has the six characters at one of them.
    fn positions(&self, run: usize) -> impl Iterator<Item = usize> {
        (0..=self.characters.len() - SHORTEST_RUN).step_by(run - SHORTEST_RUN + 1)
    }

    /// Whether this run of its characters is only an ordinary word, and leaves enough of the secret hidden.
    fn is_only_a_word(&self, run: &[char]) -> bool {
        self.characters.len() - run.len() + self.others >= FEWEST_HIDDEN && is_ordinary(run)
    }
}

impl Index {
    pub(crate) fn add(&mut self, secret: &Secret) {
        self.has_short |= !secret.is_long();
        if secret.is_long() {
            let needle = &secret.comparable;
            for at in needle.positions(needle.run) {
                self.set(&needle.characters[at..at + SHORTEST_RUN]);
            }
            if let Some(beginning) = secret.plain.get(..SHORTEST_RUN) {
                self.set(beginning);
            }
        }
    }

    /// Whether a part of a long secret may be in this text.
    pub(crate) fn may_be_in(&self, text: &[char]) -> bool {
        !self.bits.is_empty()
            && text
                .windows(SHORTEST_RUN)
                .any(|window| self.places(window).iter().all(|(word, bit)| self.bits[*word] & bit != 0))
    }

    /// Whether a whole secret may be in this value.
    pub(crate) fn may_be_whole_in(&self, value: &Secret) -> bool {
        (self.has_short && !value.is_long())
            || self.may_be_in(&value.comparable.characters)
            || self.may_be_in(&value.plain)
    }

    fn set(&mut self, characters: &[char]) {
        if self.bits.is_empty() {
            self.bits = vec![0; WORDS].into();
        }
        for (word, bit) in self.places(characters) {
            self.bits[word] |= bit;
        }
    }

    fn places(&self, characters: &[char]) -> [(usize, u64); 2] {
        let hash = self.hasher.hash_one(packed(characters));
        // The mask fits into any `usize`.
        let word = |hash: u64| usize::try_from((hash >> 6) & 0xFFFF).unwrap_or_default() % WORDS;
        [hash, hash >> 32].map(|hash| (word(hash), 1 << (hash % 64)))
    }
}

impl Haystack {
    pub(crate) fn new<'a>(forms: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut text, mut skeletons) = (Vec::new(), HashSet::new());
        for form in forms {
            skeletons.insert(skeleton(form).collect::<Vec<_>>());
            text.extend(comparable(form, None));
            text.push(char::REPLACEMENT_CHARACTER);
            // What is shown has a blank instead of each of these, and so may show a word that they are around.
            if form.contains(|c: char| is_unprintable(c) && !c.is_whitespace()) {
                text.extend(comparable(form, Some(' ')));
                text.push(char::REPLACEMENT_CHARACTER);
            }
        }
        let skeletons =
            skeletons.into_iter().flat_map(|skeleton| skeleton.into_iter().chain([char::REPLACEMENT_CHARACTER]));
        Self { plain: Indexed::new(text), skeletons: Indexed::new(skeletons.collect()), words: Default::default() }
    }

    /// Looks for each of the secrets.
    pub(crate) fn find_any<'a>(&self, secrets: impl Iterator<Item = &'a Secret>) -> Found {
        let mut compared = 0;
        for secret in secrets {
            let characters = &secret.comparable.characters;
            let mut found = match self.words.get(characters.len()) {
                Some(words)
                    if words
                        .get_or_init(|| words_of(&self.plain.text, characters.len()))
                        .contains(&packed(characters)) =>
                {
                    Found::Secret
                }
                Some(_) => Found::Nothing,
                None => self.plain.has_run_of(&secret.comparable, secret.comparable.run, &mut compared),
            };
            if let (Found::Nothing, Some(skeleton)) = (found, &secret.skeleton) {
                found = self.skeletons.has_run_of(skeleton, skeleton.run, &mut compared);
            }
            if found != Found::Nothing {
                return found;
            }
        }
        Found::Nothing
    }
}

impl Indexed {
    fn new(text: Vec<char>) -> Self {
        let (mut last, mut before) = (HashMap::with_capacity(text.len()), vec![NOWHERE; text.len()]);
        for (window, at) in text.windows(SHORTEST_RUN).zip(0_u32..) {
            if let Some(earlier) = last.insert(packed(window), at) {
                before[at as usize] = earlier;
            }
        }
        Self { text, last, before }
    }

    /// Looks for a run of this length of a long secret.
    fn has_run_of(&self, needle: &Needle, run: usize, compared: &mut usize) -> Found {
        let characters = &needle.characters;
        for at in needle.positions(run) {
            let mut found = self.last.get(&packed(&characters[at..at + SHORTEST_RUN])).copied().unwrap_or(NOWHERE);
            while found != NOWHERE {
                let common = common_run(characters, at, &self.text, found as usize, run.max(FOLLOWED));
                if common.len() >= run && !needle.is_only_a_word(common) {
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

/// Collects characters into a vector of the right size from the beginning: one that grows leaves copies behind.
fn collected<I: Iterator<Item = char>>(characters: impl Fn() -> I) -> Zeroizing<Vec<char>> {
    let mut collected = Zeroizing::new(Vec::with_capacity(characters().count()));
    collected.extend(characters());
    collected
}

/// The characters that are the same in a row around these positions, at most this many in each direction.
fn common_run<'a>(one: &'a [char], at: usize, other: &[char], found: usize, most: usize) -> &'a [char] {
    let before = one[..at].iter().rev().zip(other[..found].iter().rev()).take_while(|(one, other)| one == other);
    let after = one[at..].iter().zip(&other[found..]).take_while(|(one, other)| one == other);
    &one[at - before.take(most).count()..at + after.take(most).count()]
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
