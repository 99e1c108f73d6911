//! The objects: their fields, and how they are read from a request and shown in an answer.

mod credentials;
mod entities;
mod organizations;
mod phone_numbers;

pub use self::credentials::Credentials;
pub use self::entities::Entity;
pub(crate) use self::entities::{AGENT, ASSISTANT, LLM_STRATEGY, STRATEGY, Shape, TELEPHONE_NUMBER};
pub(crate) use self::organizations::Organizations;
pub use self::phone_numbers::PhoneNumber;
