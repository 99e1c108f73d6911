//! The objects: their fields, and how they are read from a request and shown in an answer.

mod credentials;
mod organizations;
mod phone_numbers;

pub use self::credentials::Credentials;
pub(crate) use self::organizations::Organizations;
pub use self::phone_numbers::PhoneNumber;
