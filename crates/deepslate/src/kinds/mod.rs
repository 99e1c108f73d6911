//! The kinds of objects of the API: what each consists of and where it is. A new kind is one file here.
//!
//! - `kind`: the definition of a kind;
//! - `item`: an object as a list or an answer shows it, and what makes two objects match;
//! - `reader`: the only place that reads objects from JSON, or writes them;
//! - `document`, `part`: settings that only the API knows, and lists of objects inside of an object;
//! - `voice_agent`: the fields that assistants and agents have in common;
//! - one file for each kind.
//!
//! This folder sends nothing. It uses `canonical` and `json`. All modules except `http` use it.

mod agent;
mod assistant;
mod document;
mod item;
mod kind;
mod llm_generation_strategy;
mod organization;
mod part;
mod reader;
mod sip_credentials;
mod sip_phone_number;
mod voice_agent;

pub use agent::Agent;
pub use assistant::Assistant;
pub use document::Document;
pub use item::{Fields, Item, Unreadable};
pub(crate) use item::{
    MatchKey, changed, continue_parts, differing, is_as_known, is_usable, kept_keys, without_parts, without_secrets,
};
pub use kind::{Ancestor, Field, Form, Kind, Verb};
pub use llm_generation_strategy::LlmGenerationStrategy;
pub use organization::{Organization, OrganizationRef};
pub use part::{Left, Part};
pub use reader::partial;
pub(crate) use reader::{filled, from_fields, to_fields, to_json};
pub use sip_credentials::{SipCredentials, SipCredentialsRef};
pub use sip_phone_number::SipPhoneNumber;
pub use voice_agent::VoiceAgent;
