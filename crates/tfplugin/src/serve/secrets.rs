//! How a changed write-only value is noticed: its version in the state counts the changes, and private data holds a hash.

use std::panic::AssertUnwindSafe;

use aws_lc_rs::hmac;
use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::hashes::Hashes;
use super::plan;
use super::session::Session;
use crate::author::block::Block;
use crate::author::provider::Client;
use crate::cty::Value;

/// The write-only values that the provider counts, and the key of their tags.
pub(super) struct Counted<'a> {
    values: Vec<(&'static str, &'static str, &'a str)>,
    key: Option<&'a hmac::Key>,
}

impl<'a> Counted<'a> {
    /// Finds the values whose version the user does not set. The key is derived only if there are any.
    pub(super) async fn of<C: Client>(block: &Block, config: &'a Value, session: &'a Session<C>) -> Counted<'a> {
        let mut values = Vec::new();
        for (secret, version) in block.counted() {
            if let Value::String(value) = config.attribute(secret.name)
                && config.attribute(version).is_null()
            {
                values.push((secret.name, version, value.as_str()));
            }
        }
        let key = if values.is_empty() { None } else { session.tag_key().await };
        Counted { values, key }
    }

    /// Returns the attributes whose value is not known to be the last one applied.
    pub(super) async fn changed(&self, prior: &Value, hashes: &Hashes) -> Vec<&'static str> {
        let mut changed = Vec::new();
        if prior.is_null() {
            return changed;
        }
        for (name, version, value) in &self.values {
            let known = !prior.attribute(version).is_null();
            if !(known && hashes.match_value(self.key, name, value).await) {
                changed.push(*name);
            }
        }
        changed
    }

    /// Returns the hashes after an apply that succeeds. A value that did not change keeps its hash.
    pub(super) async fn remember(&self, prior: &Value, changed: &[&str], last: &Hashes) -> Hashes {
        let mut hashes = Hashes::default();
        for (name, _, value) in &self.values {
            if prior.is_null() || changed.contains(name) {
                hashes.remember(self.key, name, value).await;
            } else {
                hashes.keep(last, self.key, name, value);
            }
        }
        hashes
    }
}

/// Sets the versions that the plan left unknown. During apply each write-only attribute has its final value.
pub(super) fn count(block: &Block, prior: &Value, planned: &mut Value, changed: &[&str]) {
    for (secret, version) in block.counted() {
        let last = prior.attribute(version);
        let unchanged = !changed.contains(&secret.name) && !last.is_null();
        if let Value::Map(values) = planned
            && let Some(counter) = values.get_mut(version).filter(|counter| counter.is_unknown())
        {
            *counter = if unchanged { last.clone() } else { plan::next_version(last) };
        }
    }
}

/// Remembers values, unless the process ends or this fails: neither may cost the answer to a write that was made. A value
/// that is not remembered counts as changed in the next plan.
pub(super) async fn unless_ended(shutdown: &CancellationToken, remember: impl Future<Output = Hashes>) -> Hashes {
    let remember = AssertUnwindSafe(remember).catch_unwind();
    tokio::select! {
        hashes = remember => hashes.unwrap_or_default(),
        () = shutdown.cancelled() => Hashes::default(),
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;

    use super::*;

    #[tokio::test]
    async fn neither_the_end_of_the_process_nor_a_panic_in_a_hash_costs_the_answer() {
        let shutdown = CancellationToken::new();
        let panics = async { panic!("a hash failed") };
        assert!(unless_ended(&shutdown, panics).await == Hashes::default());
        shutdown.cancel();
        assert!(unless_ended(&shutdown, pending()).await == Hashes::default());
    }
}
