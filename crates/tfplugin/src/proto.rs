//! The wire contract, compiled from `proto/`.
//!
//! Messages that contain configuration or state are wiped when dropped, and their `Debug` does not show the contents.

use std::fmt;

use secrecy::zeroize::{Zeroize, ZeroizeOnDrop};

/// Terraform's provider protocol, version 5.
pub mod tfplugin5 {
    #![expect(missing_docs, clippy::pedantic, reason = "generated; the comments are in proto/tfplugin5.proto")]
    tonic::include_proto!("tfplugin5");
}

/// The services that go-plugin expects of every plugin.
pub mod go_plugin {
    #![expect(missing_docs, clippy::pedantic, reason = "generated; the comments are in proto/go_plugin.proto")]
    tonic::include_proto!("plugin");
}

// === impl DynamicValue ===

impl fmt::Debug for tfplugin5::DynamicValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DynamicValue({} bytes of msgpack, {} of JSON)", self.msgpack.len(), self.json.len())
    }
}

impl Zeroize for tfplugin5::DynamicValue {
    fn zeroize(&mut self) {
        self.msgpack.zeroize();
        self.json.zeroize();
    }
}

impl Drop for tfplugin5::DynamicValue {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl ZeroizeOnDrop for tfplugin5::DynamicValue {}

// === impl RawState ===

impl fmt::Debug for tfplugin5::RawState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawState({} bytes of JSON, {} flat entries)", self.json.len(), self.flatmap.len())
    }
}

impl Zeroize for tfplugin5::RawState {
    fn zeroize(&mut self) {
        self.json.zeroize();
        self.flatmap.values_mut().for_each(Zeroize::zeroize);
    }
}

impl Drop for tfplugin5::RawState {
    fn drop(&mut self) {
        self.zeroize();
    }
}

impl ZeroizeOnDrop for tfplugin5::RawState {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::tfplugin5::{DynamicValue, RawState, apply_resource_change, upgrade_resource_state};
    use super::*;

    const SECRET: &str = "hunter2";

    fn value() -> DynamicValue {
        DynamicValue { msgpack: SECRET.into(), json: SECRET.into() }
    }

    fn state() -> RawState {
        RawState { json: SECRET.into(), flatmap: BTreeMap::from([("password".to_owned(), SECRET.to_owned())]) }
    }

    #[test]
    fn messages_do_not_print_what_they_carry() {
        let change = apply_resource_change::Request { config: Some(value()), ..Default::default() };
        let upgrade = upgrade_resource_state::Request { raw_state: Some(state()), ..Default::default() };
        let shown = format!("{change:?} {change:#?} {upgrade:?}");
        assert!(shown.contains("DynamicValue(7 bytes of msgpack, 7 of JSON)"), "{shown}");
        assert!(shown.contains("RawState(7 bytes of JSON, 1 flat entries)"), "{shown}");
        // A derived `Debug` would write the bytes as numbers.
        assert!(!shown.contains(SECRET) && !shown.contains("104"), "{shown}");
    }

    #[test]
    fn secrets_are_wiped_when_they_are_dropped() {
        fn assert_wiped_on_drop(_: &impl ZeroizeOnDrop) {}
        let (mut value, mut state) = (value(), state());
        assert_wiped_on_drop(&value);
        assert_wiped_on_drop(&state);
        value.zeroize();
        state.zeroize();
        assert!(value.msgpack.is_empty() && value.json.is_empty());
        assert!(state.json.is_empty() && state.flatmap["password"].is_empty());
    }
}
