//! What serves a provider: the command line, the gRPC service, and Terraform's rules for plans and states.
//!
//! This folder imports [`crate::author`], [`crate::cty`], [`crate::plugin`] and [`crate::proto`]. Only the crate's root may
//! import it.
//!
//! # Layout
//! - [`command_line`]: what `main` calls
//! - [`service`]: one method for each call of the protocol; [`rpc`]: what surrounds every call
//! - [`sessions`]: the configurations, one for each connection; [`session`]: one of them as a call sees it; [`timeout`]: the time limit of one operation
//! - [`resource_server`], [`data_source_server`], [`list_server`]: the calls about one resource, data source or list
//!   resource; [`resource_schema`]: what follows from the schema of a resource
//! - [`plan`], [`validate`]: Terraform's rules, as functions without I/O; [`walk`]: over the attributes of an object and its
//!   blocks
//! - [`stored`]: states that other versions of the schema wrote
//! - [`private`]: what the SDK stores about an object in addition to its state
//! - [`sensitive`]: the sensitive values of an object, which the session remembers; [`leaves`]: the texts in one of them, by
//!   [`secret_names`] and [`secret_parts`]; [`returned`]: what the service returned, without secrets in other attributes
//! - [`secrets`]: how a changed write-only value is noticed, by the [`hashes`] and [`tags`] in private data
//! - [`codec`], [`render`], [`diagnostics`]: values, schemas and diagnostics as the protocol carries them; `diagnostics` finishes them too

pub(crate) mod command_line;
pub(crate) mod service;

mod codec;
mod data_source_server;
mod diagnostics;
mod hashes;
mod leaves;
mod list_server;
mod plan;
mod private;
mod render;
mod resource_schema;
mod resource_server;
mod returned;
mod rpc;
mod secret_names;
mod secret_parts;
mod secrets;
mod sensitive;
mod session;
mod sessions;
mod stored;
mod tags;
mod timeout;
mod validate;
mod walk;

#[cfg(test)]
mod tests;
