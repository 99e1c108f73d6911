//! Terraform provider for Deepslate's SIP accounts.

pub mod cty;
pub mod deepslate;
pub mod framework;
#[cfg(any(test, fuzzing))]
pub mod fuzzing;
pub mod plugin;
pub mod proto;
pub mod provider;
