//! How a changed write-only value is noticed: its version in the state counts the changes, and private data holds a hash.

use super::hashes::Hashes;
use super::plan;
use crate::author::block::Block;
use crate::cty::Value;

/// Returns the write-only attributes whose version the user does not set, and whose value is not known to be the last one
/// applied.
pub(super) async fn changed(block: &Block, prior: &Value, config: &Value, hashes: &Hashes) -> Vec<&'static str> {
    let mut changed = Vec::new();
    for (secret, version) in block.counted() {
        let Value::String(value) = config.attribute(secret.name) else { continue };
        let decides = !prior.is_null() && config.attribute(version).is_null();
        let known = !prior.attribute(version).is_null();
        if decides && !(known && hashes.match_value(secret.name, value).await) {
            changed.push(secret.name);
        }
    }
    changed
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

/// Returns the hashes after an apply that succeeds. A value that did not change keeps its hash.
pub(super) async fn remember(
    block: &Block,
    prior: &Value,
    config: &Value,
    changed: &[&str],
    mut hashes: Hashes,
) -> Hashes {
    for (secret, version) in block.counted() {
        match config.attribute(secret.name) {
            Value::String(value) if config.attribute(version).is_null() => {
                if prior.is_null() || changed.contains(&secret.name) {
                    hashes.remember(secret.name, value).await;
                }
            }
            _ => hashes.forget(secret.name),
        }
    }
    hashes
}
