//! What a user of Terraform or OpenTofu sees, on the real binaries, against a local Deepslate API.
//!
//! Each module covers one subject. A test runs once for each binary found.
#![cfg(unix)] // Signals and links.

mod absence;
mod answers;
mod assistants;
mod chaos;
mod connections;
mod documentation;
mod drift;
mod empty_root;
mod errors;
mod example_modules;
mod examples;
mod fault_matrix;
mod foreign_texts;
mod gateways;
mod identity;
mod import;
mod interruption;
mod killed;
mod lifecycle;
mod lists;
mod mocked_ids;
mod moved;
mod odd_answers;
mod overload;
mod overwrites;
mod phone_numbers;
mod provider_config;
mod query;
mod quoted_messages;
mod reading;
mod refresh_from_lists;
mod schema;
mod secrets;
mod testing;
mod traces;
mod unknown_outcome;
mod validation;
mod workflows;
mod write_only;

use std::path::PathBuf;

use deepslate_emulator::Config;
use testkit::{Cli, Workspace};

/// The provider under test.
fn provider_binary() -> PathBuf {
    testkit::provider_binary!()
}

/// Creates a workspace for the provider under test; see [`Workspace::new`].
fn new_workspace(cli: &Cli) -> Workspace {
    Workspace::new(cli, &provider_binary())
}

/// Creates a workspace for the provider under test; see [`Workspace::with_api`].
fn workspace_with_api(cli: &Cli, config: Config) -> Workspace {
    Workspace::with_api(cli, &provider_binary(), config)
}

/// Creates a workspace for the provider under test; see [`Workspace::with_key`].
fn workspace_with_key(cli: &Cli, key: &str, config: Config) -> Workspace {
    Workspace::with_key(cli, &provider_binary(), key, config)
}
