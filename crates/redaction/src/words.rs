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

/// How many blanks or punctuation characters may be around a word.
const AROUND: usize = 2;

/// Whether these characters are such a word or a part of one, with few other characters around it.
pub(crate) fn is_ordinary(characters: &[char]) -> bool {
    let word: String = characters.iter().collect();
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.chars().count() + AROUND >= characters.len() && WORDS.iter().any(|known| known.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_may_have_little_around_it_and_no_other_letters() {
        let is = |text: &str| is_ordinary(&text.chars().collect::<Vec<_>>());
        assert!(is("password") && is(" invalid,") && is("\"suppor") && is("word") && is("entials"));
        assert!(!is("!€a😀 {") && !is("s3cret") && !is("--- a ---") && !is("passwords1") && !is(" . a ! "));
    }
}
