//! What the author of a provider uses: traits to implement, typed values, the schema, diagnostics.
//!
//! This folder knows the types of [`crate::cty`] and nothing of the protocol. [`crate::serve`] imports it, and it imports
//! nothing from there.
//!
//! # Layout
//! - [`mismatch`], [`diagnostics`]: what is wrong with one value, and errors and warnings as users read them
//! - [`attribute`], [`rule`], [`block`]: the schema, which attributes and blocks exist and the rules of each
//! - [`attribute_type`]: Rust types of attributes; [`types`], [`collections`], [`json`]: those of the
//!   standard library, and JSON documents
//! - [`attr`]: a value that is null, unknown or known; [`object`]: the values of one object by name
//! - [`schema`]: a struct that is both schema and values
//! - [`call`]: what one operation has at hand; [`timeouts`]: the `timeouts` block
//! - [`resource`], [`data_source`], [`list_resource`], [`provider`]: the traits to implement
//! - [`check`]: mistakes in the schemas of a provider

pub(crate) mod attr;
pub(crate) mod attribute;
pub(crate) mod attribute_type;
pub(crate) mod block;
pub(crate) mod call;
pub(crate) mod check;
pub(crate) mod collections;
pub(crate) mod data_source;
pub(crate) mod diagnostics;
pub(crate) mod json;
pub(crate) mod list_resource;
pub(crate) mod mismatch;
pub(crate) mod object;
pub(crate) mod provider;
pub(crate) mod resource;
mod rule;
pub(crate) mod schema;
pub(crate) mod timeouts;
pub(crate) mod types;
