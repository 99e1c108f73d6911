//! Terraform's types and values, and the two codecs that read and write them.
//!
//! This folder imports nothing else of this crate, and everything else may use it.
//!
//! # Layout
//! - [`Type`]: the type of a value in a schema, and its JSON form
//! - [`Value`], [`Number`]: a value, which is null, unknown, or known
//! - [`Path`]: the place of a part in a value
//! - [`msgpack`]: values in the requests and responses of the plugin protocol
//! - [`json`]: values in a stored state, perhaps written by an older schema
//!
//! The rules are those of the library `go-cty`, which Terraform uses. Input is not trusted: every decoder limits depth and
//! size, and no error repeats a value, since any value may be a secret.

mod conforms;
mod error;
pub mod json;
pub mod msgpack;
mod number;
mod path;
mod raw_json;
#[cfg(test)]
mod tests;
mod text;
mod types;
mod value;

pub use error::Error;
pub use number::Number;
pub use path::{Path, Step};
pub use types::Type;
pub use value::Value;
