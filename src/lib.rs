//! Terraform provider for Deepslate's SIP accounts.

pub mod proto;
