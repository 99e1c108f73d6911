//! What a user of Terraform or OpenTofu sees, on the real binaries, against a local Deepslate API.
//!
//! `harness` finds the binaries and gives each test a workspace of its own; every other module tells one side of the
//! provider's behaviour. A test runs once for every binary found.
#![cfg(unix)] // Signals and links; on Windows the provider is covered by the tests of the plugin protocol.

mod answers;
mod chaos;
mod coalescing;
mod documentation;
mod drift;
mod errors;
mod examples;
mod fault_matrix;
mod harness;
mod identity;
mod import;
mod interruption;
mod killed;
mod lifecycle;
mod moved;
mod overload;
mod phone_numbers;
mod provider_config;
mod query;
mod reading;
mod schema;
mod secrets;
mod unknown_outcome;
mod validation;
mod workflows;
mod write_only;
