//! The calls: a file for each kind of object.

pub(crate) mod credentials;
pub(crate) mod entities;
pub(crate) mod organizations;
pub(crate) mod phone_numbers;
