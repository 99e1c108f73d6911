//! Write a provider for Terraform and OpenTofu.
//!
//! Implement [`Provider`], and call [`serve`] in `main`.
//!
//! # Layout
//! - `cty`: Terraform's types and values; `proto`: the protocol's messages
//! - `serve`: the command line of a provider; `plugin`: how its process becomes a plugin
//! - `attr`: typed values of attributes, and models, which are schema and values in one struct
//! - `schema`: attributes and blocks with their rules; `render` writes them for the protocol, `validate` holds a
//!   configuration against them
//! - `plan`: what Terraform enforces on plans and their outcome; `hashes`: how a change of a write-only value is
//!   noticed
//! - `provider`, `resource`, `data_source`, `list_resource`: the traits to implement; `timeouts`: the block that every
//!   resource and data source has
//! - `service`: the gRPC service; `session`: between two Configures; `rpc`: what surrounds every call; `codec`: bytes
//!   and values; `registered`: the requests about one resource, by its `resource_schema`
//! - `diagnostics`: errors and warnings

// The derive writes `::tfplugin::…`, here too.
extern crate self as tfplugin;

mod attr;
mod codec;
pub mod cty;
mod data_source;
mod diagnostics;
mod hashes;
mod list_resource;
mod plan;
pub mod plugin;
pub mod proto;
mod provider;
mod registered;
mod render;
mod resource;
mod resource_schema;
mod rpc;
mod schema;
mod serve;
mod service;
mod session;
#[cfg(test)]
mod tests;
mod timeouts;
mod validate;

pub use attr::{Attr, AttributeType, Mismatch, Object, Schema};
pub use data_source::{AnyDataSource, DataSource};
pub use diagnostics::{Diagnostic, Diagnostics, Result};
pub use list_resource::{AnyListResource, Found, ListResource};
pub use provider::{Client, Provider};
pub use resource::{AnyResource, Call, Resource, Source};
pub use schema::{Attribute, Block, Member, NestedBlock};
pub use serve::{Info, serve};
pub use service::Service;
pub use session::not_known_yet;
pub use tfplugin_derive::Schema;
pub use timeouts::{ReadTimeout, Timeouts};
