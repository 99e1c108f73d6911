//! Salted hashes of write-only values in private data, by which a change of a value is noticed.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::thread;

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use tokio::sync::Semaphore;
use tokio::task;

/// The memory of one hash in KiB, and the passes over it. OWASP's cheat sheet on storing passwords recommends these values
/// for Argon2id. One hash takes some 13 ms.
const MEMORY: u32 = 12 * 1024;
const PASSES: u32 = 3;

/// One hash per processor at a time. More would need more memory and no less time.
static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(thread::available_parallelism().map_or(1, std::num::NonZero::get)));

/// The hashes by the name of the attribute. Each is in the PHC string format and has a salt of its own.
#[derive(Clone, Default, PartialEq, Deserialize, Serialize)]
#[serde(transparent)]
pub(super) struct Hashes(BTreeMap<String, String>);

impl Hashes {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this is the last remembered value.
    pub(super) async fn match_value(&self, name: &str, value: &str) -> bool {
        let Some(hash) = self.0.get(name).cloned() else { return false };
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

    /// Remembers a value. If that fails, the value counts as changed in the next plan.
    pub(super) async fn remember(&mut self, name: &str, value: &str) {
        let value = SecretString::from(value);
        let hash =
            limited(move || Some(argon2()?.hash_password(value.expose_secret().as_bytes()).ok()?.to_string())).await;
        self.forget(name);
        if let Some(hash) = hash.flatten() {
            self.0.insert(name.to_owned(), hash);
        }
    }

    /// Forgets a value.
    pub(super) fn forget(&mut self, name: &str) {
        self.0.remove(name);
    }
}

fn argon2() -> Option<Argon2<'static>> {
    Some(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY, PASSES, 1, None).ok()?))
}

/// Does work that keeps a processor busy, on a thread where it delays no other call.
async fn limited<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let _permit = AT_ONCE.acquire().await.ok()?;
    task::spawn_blocking(work).await.ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(hashes: &Hashes) -> String {
        serde_json::to_string(hashes).expect("it can be written")
    }

    #[tokio::test]
    async fn knows_the_value_again_and_no_other() {
        let mut hashes = Hashes::default();
        hashes.remember("key", "hunter2").await;
        let again: Hashes = serde_json::from_str(&written(&hashes)).expect("it can be read");
        assert!(again.match_value("key", "hunter2").await);
        assert!(!again.match_value("key", "hunter3").await);
        assert!(!again.match_value("other", "hunter2").await);
    }

    #[tokio::test]
    async fn equal_values_have_different_hashes() {
        let (mut one, mut other) = (Hashes::default(), Hashes::default());
        one.remember("key", "hunter2").await;
        other.remember("key", "hunter2").await;
        assert_ne!(written(&one), written(&other));
        assert!(!written(&one).contains("hunter2"));
    }
}
