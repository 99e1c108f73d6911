//! Terraform provider for Deepslate: what a user writes in HCL.
//!
//! # Layout
//! - `sip_credentials`, `sip_phone_number`: a file per resource, which says what the object is and what create, read, update and delete do
//! - `provider`: all that the provider offers
//! - `config`: the provider block; `client`: what it is made into
//! - `organization`: `vendor_id` and `organization_id`, which all resources share; `hostname`, `phone_number`: types of attributes
//! - `organizations`: data sources that find an organization
//! - `takeover`: objects that other providers manage, for `moved` blocks
//! - `errors`: the API's errors as diagnostics

mod client;
mod config;
mod errors;
mod hostname;
mod organization;
mod organizations;
mod phone_number;
mod provider;
mod sip_credentials;
mod sip_phone_number;
mod takeover;

pub use provider::DeepslateProvider;
