//! Tags of write-only values in private data: they show quickly that a value is the last one applied.
//!
//! A tag is an HMAC of the value, with a key derived from a secret of the provider that is in no state, such as an API key.
//! Without that secret, a tag does not help to guess the value; the [`hashes`](super::hashes) beside it remain the only way.

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::OnceCell;

use super::hashes::{argon2, limited};

/// Separates the key of the tags from other uses of the same secret. Another text would make all tags invalid.
const SALT: &[u8] = b"tfplugin: tags of write-only values";

/// The key of the tags of one session. It is derived when it is first needed.
#[derive(Default)]
pub(super) struct TagKey(OnceCell<Option<hmac::Key>>);

impl TagKey {
    /// Returns the key that belongs to this secret, or `None` if there is no secret. Later calls return the first key.
    ///
    /// The key is derived with Argon2id. So who knows a value, its tag and the hash cannot test guesses at the secret faster
    /// than guesses at a value.
    pub(super) async fn derive(&self, secret: Option<&SecretString>) -> Option<&hmac::Key> {
        let derived = self.0.get_or_init(|| async {
            let secret = secret?.clone();
            limited(move || {
                let mut key = Zeroizing::new([0; 32]);
                argon2()?.hash_password_into(secret.expose_secret().as_bytes(), SALT, key.as_mut_slice()).ok()?;
                Some(hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()))
            })
            .await
            .flatten()
        });
        derived.await.as_ref()
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

/// What the tag covers. Neither the name nor the hash has a NUL, so no two triples have the same message.
fn message(name: &str, hash: &str, value: &str) -> Zeroizing<Vec<u8>> {
    Zeroizing::new([name, hash, value].join("\0").into_bytes())
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
            ["keyhash", "", "hunter2"],
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
