//! Ordinary words of the API's messages. Many bad passwords have one of them, and a message that has it repeats no secret.

/// In lower case.
const WORDS: [&str; 40] = [
    "accounts",
    "addresses",
    "administrator",
    "agents",
    "allowed",
    "already",
    "authentication",
    "authorization",
    "calendar",
    "characters",
    "company",
    "connection",
    "credentials",
    "customers",
    "deepslate",
    "default",
    "domain",
    "enabled",
    "extensions",
    "forbidden",
    "gateway",
    "internal",
    "invalid",
    "language",
    "messages",
    "numbers",
    "organizations",
    "parameters",
    "passwords",
    "permission",
    "provider",
    "register",
    "required",
    "secrets",
    "servers",
    "service",
    "support",
    "telephone",
    "usernames",
    "vendors",
];

/// Whether these characters are such a word or a part of one, with blanks or punctuation around it.
pub(crate) fn is_ordinary(characters: &[char]) -> bool {
    let word: String = characters.iter().collect();
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    WORDS.iter().any(|known| known.contains(word))
}
