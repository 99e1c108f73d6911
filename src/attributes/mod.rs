//! Types of attributes: what a value of the configuration may be, and which values mean the same.

mod connection;
mod hostname;
mod id;
mod phone_number;

pub(crate) use connection::{Key, Location};
pub(crate) use hostname::Hostname;
pub(crate) use id::Id;
pub(crate) use phone_number::PhoneNumber;
