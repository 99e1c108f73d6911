//! Write a provider for Terraform and OpenTofu.
//!
//! Implement [`Provider`], and call [`serve`] in `main`. `examples/key_value.rs` is a whole provider.
//!
//! # Layout
//! - [`cty`]: Terraform's types and values
//! - [`proto`]: the messages of the protocol
//! - `info`: what the SDK has to know of a provider to serve it
//! - `author`: what the author of a provider uses: traits to implement, typed values, the schema, diagnostics
//! - [`plugin`]: how a process becomes a plugin: handshake, TLS, sockets, log lines
//! - `serve`: what serves a provider: the command line, the gRPC service, Terraform's rules for plans and states
//!
//! `serve` may use all others. `author` uses `cty` only, and `plugin` uses `proto` and `info` only.

// The derive writes `::tfplugin::…`, in this crate too.
extern crate self as tfplugin;

mod author;
pub mod cty;
mod info;
pub mod plugin;
pub mod proto;
mod serve;

pub use author::attr::Attr;
pub use author::attribute::Attribute;
pub use author::attribute_type::{AttributeType, Comparison, refused};
pub use author::block::{Block, Member, NestedBlock};
pub use author::call::{Answer, Call};
pub use author::check::check_provider;
pub use author::collections::Set;
pub use author::data_source::{AnyDataSource, DataSource};
pub use author::diagnostics::{Diagnostic, Diagnostics, Result};
pub use author::json::Json;
pub use author::list_resource::{AnyListResource, Found, ListResource, Sink};
pub use author::mismatch::Mismatch;
pub use author::object::Object;
pub use author::provider::{Client, Provider, not_known_yet};
pub use author::resource::{AnyResource, Change, MoveSource, Resource, Upgrader};
pub use author::schema::Schema;
pub use author::timeouts::{DefaultTimeouts, ReadTimeout, Timeouts};
pub use info::Info;
pub use plugin::{keep_memory_private, others_can_connect};
pub use redaction::{ForeignText, Length, Secrets, Shown, marked, unmarked};
pub use serve::command_line::serve;
pub use serve::service::Service;
pub use tfplugin_derive::Schema;

/// Compiles the example in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
