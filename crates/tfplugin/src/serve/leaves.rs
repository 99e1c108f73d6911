//! Which texts in a sensitive value the session remembers.

use std::fmt;

use redaction::Secrets;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::secret_names::Standing;
use super::secret_parts;

/// A text in JSON of at least this many characters may be a secret, whatever its name is.
const LONG: usize = 8;

/// Remembers a text, and the passwords that it has in a form of its own.
pub(super) fn remember_text(text: &str, secrets: &Secrets) {
    secrets.remember(text);
    for part in secret_parts::in_header(text).into_iter().chain(secret_parts::in_user_info(text)) {
        secrets.remember(&part);
    }
}

/// Remembers the texts in a JSON object or array, and returns whether the text is one. A member that comes twice is remembered
/// twice, which a map would not do.
pub(super) fn remember_json(text: &str, secrets: &Secrets) -> bool {
    remember_document(text, Standing::Ordinary, secrets)
}

fn remember_document(text: &str, standing: Standing, secrets: &Secrets) -> bool {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    text.starts_with(['{', '[']) && {
        let mut json = serde_json::Deserializer::from_str(text);
        Leaves { standing, secrets }.deserialize(&mut json).is_ok() && json.end().is_ok()
    }
}

fn remember_leaf(text: &str, standing: Standing, secrets: &Secrets) {
    if remember_document(text, standing, secrets) {
        return;
    }
    for part in secret_parts::in_user_info(text) {
        secrets.remember(&part);
    }
    let (in_header, in_url) = (secret_parts::in_header(text), secret_parts::in_url(text));
    if !in_header.is_empty() {
        // Without the scheme, which is an ordinary word.
        for part in &in_header {
            secrets.remember(part);
        }
    } else if standing.counts(text) && (in_url.is_none() || standing == Standing::Secret) {
        secrets.remember(text);
    } else if let Some(parts) = in_url {
        // Its scheme and host are in many messages.
        for (part, of_part) in parts {
            match standing.max(of_part) {
                standing if standing.counts(&part) => secrets.remember(&part),
                _ if secret_parts::is_random(&part) => secrets.remember_possible(&part),
                _ => {}
            }
        }
    } else if text.chars().count() >= LONG {
        secrets.remember_possible(text);
    }
}

/// Visits the texts of a JSON value whose name says this.
#[derive(Clone, Copy)]
struct Leaves<'a> {
    standing: Standing,
    secrets: &'a Secrets,
}

impl<'de> DeserializeSeed<'de> for Leaves<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Leaves<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        remember_leaf(text, self.standing, self.secrets);
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.number(&number.to_string());
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.number(&number.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, number: f64) -> Result<(), E> {
        self.number(&number.to_string());
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        while elements.next_element_seed(self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        // An object with such a name has secrets in it, and other settings.
        let inherited = self.standing.min(Standing::Likely);
        while let Some(name) = members.next_key::<String>()? {
            members.next_value_seed(Self { standing: inherited.max(Standing::of(&name)), ..self })?;
        }
        Ok(())
    }
}

impl Leaves<'_> {
    fn number(self, number: &str) {
        if self.standing.counts(number) {
            self.secrets.remember(number);
        }
    }
}

#[cfg(test)]
mod tests;
