//! Salted hashes of write-only values in private data, by which a change of a value is noticed.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::sync::{Arc, LazyLock};
use std::thread;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use aws_lc_rs::hmac;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;
use tokio::sync::Semaphore;
use tokio::task;

use super::tags;

/// The memory of one hash in KiB, and the passes over it. OWASP's cheat sheet on storing passwords recommends these values
/// for Argon2id. One hash takes some 13 ms.
const MEMORY: u32 = 12 * 1024;
const PASSES: u32 = 3;

/// One hash per processor at a time. More would need more memory and no less time.
static AT_ONCE: LazyLock<Arc<Semaphore>> =
    LazyLock::new(|| Arc::new(Semaphore::new(thread::available_parallelism().map_or(1, NonZero::get))));

/// The hashes and tags by the name of the attribute.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
pub(super) struct Hashes {
    /// Each is in the PHC string format and has a salt of its own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    hashes: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "readable")]
    tags: BTreeMap<String, String>,
}

/// Tags in a format of another version are none. The hashes beside them still count.
fn readable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<String, String>, D::Error> {
    let tags = Json::deserialize(deserializer)?;
    Ok(serde_json::from_value(tags).unwrap_or_default())
}

impl Hashes {
    /// Whether this is the last remembered value. The answer is quick if the value has a tag that was made with this key.
    /// Otherwise the value changed, or the key did, and only the hash shows which.
    pub(super) async fn match_value(&self, key: Option<&hmac::Key>, name: &str, value: &str) -> bool {
        let Some(hash) = self.hashes.get(name).cloned() else { return false };
        if self.is_tagged(key, name, value) {
            return true;
        }
        let value = SecretString::from(value);
        limited(move || {
            let (Ok(hash), Some(argon2)) = (PasswordHash::new(&hash), argon2()) else { return false };
            // A hash with other parameters could require any amount of memory.
            let ours =
                Params::try_from(&hash).is_ok_and(|params| params.m_cost() == MEMORY && params.t_cost() == PASSES);
            ours && argon2.verify_password(value.expose_secret().as_bytes(), &hash).is_ok()
        })
        .await
        .unwrap_or(false)
    }

    /// Returns the texts that are a last remembered value, without blanks around them. A text of fewer than 6 characters may well equal one.
    pub(super) async fn matching(&self, texts: &[String]) -> Vec<String> {
        let mut found = Vec::new();
        for text in texts.iter().map(|text| text.trim()).filter(|text| text.chars().nth(5).is_some()) {
            for name in self.hashes.keys() {
                if self.match_value(None, name, text).await {
                    found.push(text.to_owned());
                }
            }
        }
        found
    }

    /// Remembers a value. If that fails, the value counts as changed in the next plan.
    pub(super) async fn remember(&mut self, key: Option<&hmac::Key>, name: &str, value: &str) {
        let secret = SecretString::from(value);
        let hash =
            limited(move || Some(argon2()?.hash_password(secret.expose_secret().as_bytes()).ok()?.to_string())).await;
        self.forget(name);
        if let Some(hash) = hash.flatten() {
            self.hashes.insert(name.to_owned(), hash);
            if let Some(key) = key {
                self.tag(key, name, value);
            }
        }
    }

    /// Keeps what `last` has of a value that did not change, with a tag of this key.
    pub(super) fn keep(&mut self, last: &Self, key: Option<&hmac::Key>, name: &str, value: &str) {
        let Some(hash) = last.hashes.get(name) else { return };
        self.hashes.insert(name.to_owned(), hash.clone());
        match key {
            Some(key) => self.tag(key, name, value),
            None => self.tags.extend(last.tags.get(name).map(|tag| (name.to_owned(), tag.clone()))),
        }
    }

    fn tag(&mut self, key: &hmac::Key, name: &str, value: &str) {
        if let Some(hash) = self.hashes.get(name) {
            self.tags.insert(name.to_owned(), tags::tag(key, name, hash, value));
        }
    }

    /// Forgets a value.
    pub(super) fn forget(&mut self, name: &str) {
        self.hashes.remove(name);
        self.tags.remove(name);
    }

    fn is_tagged(&self, key: Option<&hmac::Key>, name: &str, value: &str) -> bool {
        let tagged = (key, self.hashes.get(name), self.tags.get(name));
        matches!(tagged, (Some(key), Some(hash), Some(tag)) if tags::is_tag(key, name, hash, value, tag))
    }
}

fn argon2() -> Option<Argon2<'static>> {
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY, PASSES, 1, None).ok()?))
}

/// Does work that keeps a processor busy, on a thread where it delays no other call.
pub(super) async fn limited<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let permit = Arc::clone(&AT_ONCE).acquire_owned().await.ok()?;
    task::spawn_blocking(move || {
        // Held by the work, which goes on if its caller is gone.
        let _permit = permit;
        work()
    })
    .await
    .ok()
}

#[cfg(test)]
mod tests {
    use super::super::tags::TagKey;
    use super::*;

    fn written(hashes: &Hashes) -> String {
        serde_json::to_string(hashes).expect("it can be written")
    }

    async fn key(secret: &str) -> Option<hmac::Key> {
        TagKey::default().derive(Some(&secret.into())).await.cloned()
    }

    #[tokio::test]
    async fn only_the_remembered_value_matches_with_any_key() {
        let (ours, other) = (key("secret").await, key("other secret").await);
        for made_with in [None, ours.as_ref()] {
            let mut hashes = Hashes::default();
            hashes.remember(made_with, "key", "hunter2").await;
            let again: Hashes = serde_json::from_str(&written(&hashes)).expect("it can be read");
            for key in [None, ours.as_ref(), other.as_ref()] {
                assert!(again.match_value(key, "key", "hunter2").await);
                assert!(!again.match_value(key, "key", "hunter3").await);
                assert!(!again.match_value(key, "other", "hunter2").await);
            }
        }
    }

    #[tokio::test]
    async fn a_valid_tag_saves_the_hash() {
        // No value has this hash, so only the tag can match.
        let untagged = Hashes { hashes: [("key".to_owned(), "no hash".to_owned())].into(), ..Hashes::default() };
        let (ours, other) = (key("secret").await, key("other secret").await);
        let mut hashes = Hashes::default();
        hashes.keep(&untagged, ours.as_ref(), "key", "hunter2");
        assert!(hashes.match_value(ours.as_ref(), "key", "hunter2").await);
        assert!(!hashes.match_value(ours.as_ref(), "key", "hunter3").await);
        assert!(!hashes.match_value(other.as_ref(), "key", "hunter2").await);
        let mut renewed = Hashes::default();
        renewed.keep(&hashes, other.as_ref(), "key", "hunter2");
        assert!(renewed.match_value(other.as_ref(), "key", "hunter2").await);
        let mut kept = Hashes::default();
        kept.keep(&hashes, None, "key", "hunter2");
        assert!(kept == hashes, "without a key, the tag stays");
        hashes.forget("key");
        assert_eq!(written(&hashes), "{}");
    }

    #[tokio::test]
    async fn tags_in_another_format_void_no_hash() {
        let mut hashes = Hashes::default();
        hashes.remember(None, "key", "hunter2").await;
        for tags in ["null", "[]", "{\"key\":1}", "\"later\""] {
            let written = written(&hashes).replacen('{', &format!("{{\"tags\":{tags},"), 1);
            let read: Hashes = serde_json::from_str(&written).expect("it can be read");
            assert!(read.match_value(key("secret").await.as_ref(), "key", "hunter2").await, "{tags}");
        }
    }

    #[tokio::test]
    async fn a_tag_of_another_hash_matches_nothing() {
        let key = key("secret").await;
        let mut hashes = Hashes::default();
        hashes.remember(key.as_ref(), "key", "hunter2").await;
        let tags = hashes.tags.clone();
        // As an older version does, which knows nothing of tags.
        hashes.remember(None, "key", "hunter3").await;
        hashes.tags = tags;
        assert!(!hashes.match_value(key.as_ref(), "key", "hunter2").await);
        assert!(hashes.match_value(key.as_ref(), "key", "hunter3").await);
    }

    #[tokio::test]
    async fn equal_values_have_different_hashes_and_tags() {
        let key = key("secret").await;
        let (mut one, mut other) = (Hashes::default(), Hashes::default());
        one.remember(key.as_ref(), "key", "hunter2").await;
        other.remember(key.as_ref(), "key", "hunter2").await;
        assert!(one.hashes != other.hashes && one.tags != other.tags);
        assert!(!written(&one).contains("hunter2"));
    }
}
