//! The secrets of a session, and texts from outside that may repeat them.
//!
//! A [`ForeignText`] cannot be formatted. Only [`Secrets::show`] makes a [`Shown`] of it, which can: without secrets, on one
//! printable line, and not at any length.
//!
//! # The promise
//! The text is cut, and decoded in each of the ways of `decode` and `binary`, again and again, until nothing new comes. If a
//! secret is in any of these forms, or there are too many, the whole text is withheld. Case and Unicode's composition make no
//! difference. A secret counts as found if a run of half of its characters is there: of at least 6, and of no more than 16. A
//! secret of fewer than 6 characters counts as found if it is there as a whole word.
//!
//! # Layout
//! - `secrets`: the set, and the one function that holds a text against all of it
//! - `foreign`: the types of texts from outside
//! - `search`: looks for many secrets in many forms of a text
//! - `forms`: all forms of a text, bounded in number and size
//! - `decode`: the escapes of a text; `binary`: Base64 and hexadecimal

mod binary;
mod decode;
mod foreign;
mod forms;
mod search;
mod secrets;
#[cfg(test)]
mod tests;

pub use foreign::{ForeignText, Shown};
pub use secrets::{Length, Secrets};
