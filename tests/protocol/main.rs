//! The provider through the plugin protocol, for what only newer versions of Terraform ask, and for what core never
//! lets a user see.
//!
//! `core` sends what Terraform's core sends; every other module tells one side of the answers. `corpus`
//! writes down what is exchanged, for fuzzers to start from.
#![cfg(unix)] // The client that starts the plugin speaks through a Unix socket.

mod core;
mod corpus;
mod identity;
mod listing;
mod schema;
#[cfg(target_os = "linux")] // What a process holds is read from /proc.
mod soak;
mod stopping;
mod stored;
#[path = "../support/plugin.rs"]
mod support;
mod values;
mod write_only;
