//! The wire contract, compiled from `proto/`.

use std::fmt;

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

impl fmt::Debug for tfplugin5::DynamicValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DynamicValue({} bytes of msgpack, {} of JSON)", self.msgpack.len(), self.json.len())
    }
}

impl fmt::Debug for tfplugin5::RawState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawState({} bytes of JSON, {} flat entries)", self.json.len(), self.flatmap.len())
    }
}
