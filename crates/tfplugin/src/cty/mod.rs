//! Terraform's types and values, and the two codecs in which they travel.
//!
//! # Layout
//! - [`Type`]: what a schema says a value is, and its JSON form.
//! - [`Value`], [`Number`]: what a value is: null, unknown, or known.
//! - [`Path`]: where in a value something is.
//! - [`msgpack`]: requests and answers of the plugin protocol.
//! - [`json`]: the state as it lies on disk, perhaps written by an older schema.
//!
//! The rules are those of the library `go-cty`, which core uses. Input is not trusted: every decoder bounds depth and
//! size, and none of their errors repeats a value, since any value may be a secret.

mod error;
pub mod json;
pub mod msgpack;
mod number;
mod path;
#[cfg(test)]
mod tests;
mod types;
mod value;

pub use error::Error;
pub use number::Number;
pub use path::{Path, Step};
pub use types::Type;
pub use value::Value;

/// How deep types and values may nest in what is decoded. Schemas need less than ten; a stack has room for thousands.
const MAX_DEPTH: usize = 64;

/// The text in Unicode's normal form C, in which cty compares strings and keys.
fn normalised(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;

    if unicode_normalization::is_nfc(text) {
        return text.to_owned();
    }
    // The form can take three times as much. A buffer that grew would leave behind a beginning that nobody wipes.
    let mut normalised = String::with_capacity(3 * text.len());
    normalised.extend(text.nfc());
    normalised
}
