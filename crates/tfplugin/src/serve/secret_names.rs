//! Which names of settings are those of secrets.

/// What the name of a value says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Standing {
    /// Nothing.
    Ordinary,
    /// It may be a secret, and may be the kind of one: `key`, `auth`.
    Likely,
    /// It is a secret: `password`, `api_key`.
    Secret,
}

/// Parts of the names of secrets, at any place.
const ANYWHERE: [&str; 12] = [
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "passcode",
    "pincode",
    "pwd",
    "secret",
    "secrets",
    "bearer",
    "apikey",
    "passkey",
];
/// The same, as the last part.
const LAST: [&str; 3] = ["token", "pin", "pass"];
/// The last part of names that may be those of secrets.
const LIKELY: [&str; 10] =
    ["key", "keys", "tokens", "auth", "authorization", "credential", "credentials", "cookie", "cookies", "signature"];
/// What a key is a secret for.
const KEYS_OF: [&str; 13] = [
    "api",
    "secret",
    "private",
    "access",
    "auth",
    "signing",
    "encryption",
    "master",
    "client",
    "shared",
    "license",
    "account",
    "service",
];
/// Ends of names that are written as one word.
const ENDS: [&str; 8] =
    ["password", "passphrase", "secret", "token", "apikey", "accesskey", "privatekey", "signingkey"];
/// Parts of the names of amounts: `max_tokens`.
const AMOUNTS: [&str; 5] = ["max", "min", "num", "count", "limit"];

impl Standing {
    /// What this name says.
    pub(super) fn of(name: &str) -> Self {
        let parts = parts(name);
        let Some((last, before)) = parts.split_last() else { return Self::Ordinary };
        let has = |known: &[&str], part: &String| known.contains(&part.as_str());
        if parts.iter().any(|part| has(&AMOUNTS, part)) {
            return Self::Ordinary;
        }
        let is_secret = parts.iter().any(|part| has(&ANYWHERE, part))
            || has(&LAST, last)
            || ENDS.iter().any(|end| last.ends_with(end))
            || (last == "key" && before.last().is_some_and(|part| has(&KEYS_OF, part)));
        if is_secret {
            Self::Secret
        } else if has(&LIKELY, last) {
            Self::Likely
        } else {
            Self::Ordinary
        }
    }

    /// Whether a value that is named so counts as a secret. A few digits or a short word of ordinary letters would be found in
    /// texts that have nothing to do with it.
    pub(super) fn counts(self, value: &str) -> bool {
        let value = value.trim();
        let length = value.chars().count();
        let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = value.bytes().all(|byte| byte.is_ascii_lowercase());
        match self {
            Self::Ordinary => false,
            Self::Likely => !is_word && length >= if is_number { 6 } else { 3 },
            Self::Secret => length >= if is_number || is_word { 4 } else { 3 },
        }
    }
}

/// The parts of a name in snake, kebab or camel case, in lower case.
fn parts(name: &str) -> Vec<String> {
    let characters: Vec<char> = name.chars().collect();
    let mut parts = vec![String::new()];
    for (at, &c) in characters.iter().enumerate() {
        let before = at.checked_sub(1).map_or(' ', |before| characters[before]);
        let after = characters.get(at + 1).copied().unwrap_or(' ');
        let begins = c.is_uppercase() && (before.is_lowercase() || before.is_numeric() || after.is_lowercase());
        if begins || !c.is_alphanumeric() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| c.is_alphanumeric()) {
            part.extend(c.to_lowercase());
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_matched_by_their_parts() {
        for (standing, names) in [
            (
                Standing::Secret,
                "password userPassword db-password PASSWORD passwordHash client_secret secret APIKey api_key X-Api-Key apiKey \
                 auth_token authToken accesstoken bearer pin sip_pin pass pwd passphrase privateKey token",
            ),
            (
                Standing::Likely,
                "key keys primary_key Authorization auth credentials sip_credential cookie signature tokens",
            ),
            (
                Standing::Ordinary,
                "keywords keyword hotkey keyboard monkey tokenizer token_url tokenUrl authority author passenger bypass_list \
                 pinned opinion compass spin max_tokens maxTokens token_limit key_name auth_type cookies_enabled name",
            ),
        ] {
            for name in names.split_whitespace() {
                assert_eq!(Standing::of(name), standing, "{name} {:?}", parts(name));
            }
        }
    }
}
