//! Runs real command lines and speaks the plugin protocol, for tests and benchmarks. Never released.
//!
//! # Layout
//! Real command lines, with any provider:
//! - [`cli`]: the Terraform and OpenTofu binaries on this machine, and the features of each version
//! - [`Workspace`]: a folder, a configuration and an environment of its own; `running`, `output` and `plan` are about its commands
//! - `leaks`: looks for a secret in what commands left behind
//!
//! The plugin protocol, with any provider:
//! - [`plugin`]: starts a plugin as Terraform does, and connects to it
//!
//! The Deepslate provider with a local API:
//! - [`core`]: sends what Terraform's core sends, without Terraform
//! - `fixtures`: IDs, keys, objects and configurations
//! - `kinds`: the kinds of resources
//! - [`workload`]: many objects of one or several kinds; [`calls`]: the calls about them
//! - [`faults`]: answers of an API that misbehaves
//!
//! The package of a binary is the only one that knows its path. Tests of the provider pass in [`provider_binary!`].
//!
//! Workspaces need links and signals, so there are none on Windows.
#![allow(clippy::missing_panics_doc, reason = "a test fails by a panic")]

pub mod calls;
pub mod cli;
pub mod core;
pub mod faults;
mod fixtures;
#[cfg(unix)]
mod kinds;
mod leaks;
#[cfg(unix)]
mod output;
#[cfg(unix)]
mod plan;
pub mod plugin;
#[cfg(unix)]
mod running;
pub mod workload;
#[cfg(unix)]
mod workspace;

use std::env;
use std::fmt::Debug;
use std::path::PathBuf;
use std::str::FromStr;

pub use crate::cli::{
    Cli, EMPTY_ROOT, Feature, IDENTITY, IMPORT_BLOCKS, IMPORT_FOR_EACH, IMPORTED_MARKS, MOCKS, MOVED_BLOCKS,
    MOVES_BETWEEN_TYPES, PLANNED_DESTROY, QUERY, STORE, TERRAFORM_DATA, TESTS, WRITE_ONLY, clis, for_each_cli,
    for_each_cli_with, tell,
};
pub use crate::core::Core;
pub use crate::fixtures::{
    API_KEY, ORGANIZATION, OTHER_ORGANIZATION, PASSWORD, VENDOR, credentials, credentials_path, existing,
    one_organization, uuid,
};
#[cfg(unix)]
pub use crate::kinds::{KINDS, Kind, List, Objects};
pub use crate::leaks::{files_with, spelling_in};
#[cfg(unix)]
pub use crate::output::{Diagnostic, Output, assert_mentions};
pub use crate::plugin::Plugin;
#[cfg(unix)]
pub use crate::running::{Running, is_alive, kill};
#[cfg(unix)]
pub use crate::workspace::{Workspace, wait_until};

/// Returns the path of the Deepslate provider under test: `TF_PROVIDER_BINARY` if it is set, otherwise the one that cargo built for the
/// calling test. Only tests and benchmarks of the provider's package can call it.
#[macro_export]
macro_rules! provider_binary {
    () => {
        $crate::binary_or_env(::core::env!("CARGO_BIN_EXE_terraform-provider-deepslate"))
    };
}

#[doc(hidden)]
pub fn binary_or_env(built: &str) -> PathBuf {
    env::var_os("TF_PROVIDER_BINARY").filter(|path| !path.is_empty()).map_or_else(|| built.into(), PathBuf::from)
}

/// Returns the number in an environment variable, for tests that can take long.
pub fn number<T: FromStr<Err: Debug>>(variable: &str, default: T) -> T {
    env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}
