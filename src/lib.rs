//! Terraform provider for Deepslate: what users write in HCL.
//!
//! # Layout
//! - `registration`: all that the provider offers; a kind is one line there
//! - `provider`: the provider block, and the client that it becomes
//! - `sip_credentials`, `sip_phone_number`, `llm_generation_strategy`, `assistant`, `agent`: one kind of object each, with
//!   what sets it apart; `voice_agent`: what assistants and agents have in common
//! - `managed`: what all kinds share: the resource, the list resource and the data sources, written once
//! - `parent`: `vendor_id`, `organization_id` and what else says where an object is
//! - `organization`: the data sources that find an organization
//! - `attributes`: types of attributes
//! - `messages`: errors of the API as diagnostics
//! - `near`: names that may have been meant
//! - `check`: `--check`, which says what the provider would use, and tries it
//! - `moved`: `moved` blocks from other providers

mod agent;
mod assistant;
mod attributes;
mod check;
mod llm_generation_strategy;
mod managed;
mod messages;
mod moved;
mod near;
mod organization;
mod parent;
mod provider;
mod registration;
mod sip_credentials;
mod sip_phone_number;
mod voice_agent;

pub use check::check;
pub use registration::DeepslateProvider;
