//! Tags of write-only values in private data: they show quickly that a value is the last one applied.
//!
//! A tag is an HMAC of the stretched value, with a key derived from a secret of the provider that is in no state, such as an
//! API key. Without that secret, a tag does not help to guess the value; the [`hashes`](super::hashes) beside it remain the
//! only way.

use std::num::NonZeroU32;

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::{hmac, pbkdf2};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use super::hashes::limited;

/// Separates the key of the tags from other uses of the same secret. Another text would make all tags invalid.
const SALT: &[u8] = b"tfplugin: tags of write-only values";
/// The memory in KiB and the passes for the key. Other numbers would make all tags invalid, so they differ from those of
/// the hashes if those change.
const KEY_MEMORY: u32 = 12 * 1024;
const KEY_PASSES: u32 = 3;
/// What a person who has the secret pays for each guess at a value, in rounds of HMAC-SHA256. They take a fraction of a
/// millisecond here.
const STRETCHING: NonZeroU32 = NonZeroU32::new(1_000).expect("not zero");

/// The key of the tags of one session. It is derived when it is first needed.
#[derive(Default)]
pub(super) struct TagKey(OnceCell<Option<Box<hmac::Key>>>);

impl TagKey {
    /// Returns the key that belongs to this secret, or `None` if there is no secret. Later calls return the first key.
    ///
    /// The key is derived with Argon2id. So a person who knows a value and its tag pays as much for a guess at the secret
    /// as for a guess at a value by its hash.
    pub(super) async fn derive(&self, secret: Option<&SecretString>) -> Option<&hmac::Key> {
        let derived = self.0.get_or_init(|| async {
            let secret = secret?.clone();
            limited(move || {
                let params = Params::new(KEY_MEMORY, KEY_PASSES, 1, None).ok()?;
                let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
                let mut key = Zeroizing::new([0; 32]);
                argon2.hash_password_into(secret.expose_secret().as_bytes(), SALT, key.as_mut_slice()).ok()?;
                Some(Box::new(hmac::Key::new(hmac::HMAC_SHA256, key.as_slice())))
            })
            .await
            .flatten()
        });
        derived.await.as_deref()
    }
}

/// Makes the tag of a value. It is bound to the attribute and to the salted hash of the value, so that equal values have
/// different tags.
pub(super) fn tag(key: &hmac::Key, name: &str, hash: &str, value: &str) -> String {
    STANDARD_NO_PAD.encode(hmac::sign(key, &message(name, hash, value)))
}

/// Whether this is the tag of the value.
pub(super) fn is_tag(key: &hmac::Key, name: &str, hash: &str, value: &str, tag: &str) -> bool {
    STANDARD_NO_PAD.decode(tag).is_ok_and(|tag| hmac::verify(key, &message(name, hash, value), &tag).is_ok())
}

/// What the tag covers: the value, stretched with its hash as the salt, the name of the attribute, and the value again,
/// since PBKDF2 returns the same for some pairs of values, such as one and the same with a NUL at its end.
fn message(name: &str, hash: &str, value: &str) -> Zeroizing<Vec<u8>> {
    let mut stretched = Zeroizing::new([0; 32]);
    pbkdf2::derive(pbkdf2::PBKDF2_HMAC_SHA256, STRETCHING, hash.as_bytes(), value.as_bytes(), stretched.as_mut_slice());
    Zeroizing::new([stretched.as_slice(), name.as_bytes(), b"\0", value.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn key(secret: &str) -> hmac::Key {
        TagKey::default().derive(Some(&secret.into())).await.expect("a key").clone()
    }

    #[tokio::test]
    async fn a_tag_is_valid_for_its_value_attribute_hash_and_secret_only() {
        let (ours, other) = (key("secret").await, key("other secret").await);
        let made = tag(&ours, "key", "hash", "hunter2");
        assert!(is_tag(&key("secret").await, "key", "hash", "hunter2", &made), "the same in another session");
        assert!(!is_tag(&other, "key", "hash", "hunter2", &made));
        for [name, hash, value] in [
            ["key", "hash", "hunter3"],
            ["key", "hash", "hunter2\0"],
            ["key", "other", "hunter2"],
            ["key", "hash\0hunter2", ""],
            ["key", "", "hunter2"],
            ["other", "hash", "hunter2"],
        ] {
            assert!(!is_tag(&ours, name, hash, value, &made), "{name} {hash} {value}");
        }
        let cut = &made[..made.len() / 2];
        for invalid in ["", "?", cut, &format!("{made}AAAA")] {
            assert!(!is_tag(&ours, "key", "hash", "hunter2", invalid), "{invalid}");
        }
    }

    #[tokio::test]
    async fn without_a_secret_there_is_no_key() {
        assert!(TagKey::default().derive(None).await.is_none());
    }
}
