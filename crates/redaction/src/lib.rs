//! The secrets of a session, and texts from outside that may repeat them.
//!
//! A [`ForeignText`] cannot be formatted. Only [`Secrets::show`] makes a [`Shown`] of it, which can: without secrets, on one
//! printable line, and not at any length. [`Secrets::finish`] finishes the message that it becomes a part of.
//!
//! # The promise
//! The text is cut, and decoded in each of the ways of `decode` and `binary`, again and again, until nothing new comes. If a
//! secret is in any of these forms, or there are too many, the whole text is withheld. Case and Unicode's composition make no
//! difference. A secret counts as found if a run of half of its characters is there: of at least 6, and of no more than 16. A
//! secret of fewer than 6 characters counts as found if it is there as a whole word. The same is done with only the letters and
//! digits of ASCII, if the secret has 8: two thirds of them in a row count. A run that is only an ordinary word does not.
//!
//! # Layout
//! - `secrets`: the set, and the one function that compares a text with the whole set
//! - `foreign`: the types of texts from outside
//! - `message`: the layout of messages that have such texts, and secrets in our own
//! - `search`: looks for many secrets in many forms of a text; `comparable`: what of a text is compared; `words`: what is no
//!   part of a secret
//! - `forms`: all forms of a text, bounded in number and size
//! - `decode`: the escapes of a text; `binary`: Base64 and hexadecimal
//! - `exact`: buffers that leave no copies behind

mod binary;
mod comparable;
mod decode;
mod exact;
mod foreign;
mod forms;
mod message;
mod search;
mod secrets;
#[cfg(test)]
mod tests;
mod words;

pub use exact::exact;
pub use foreign::{ForeignText, Shown};
pub use message::{marked, unmarked};
pub use secrets::{Length, Secrets};
