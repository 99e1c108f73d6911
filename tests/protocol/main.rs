//! The provider over the plugin protocol: calls that only newer versions of Terraform make, and data that Terraform's core never shows
//! to a user.
//!
//! [`Core`] sends what Terraform's core sends. Each module covers one kind of answer.

mod budget;
mod connections;
mod identity;
mod listing;
mod schema;
#[cfg(target_os = "linux")] // It reads the memory of a process from /proc.
mod soak;
#[cfg(unix)] // Signals.
mod stopping;
mod stored;
mod write_only;

use deepslate_emulator::{Config, Credentials};
use testkit::{Core, ORGANIZATION};

/// Starts the provider under test; see [`Core::start`].
async fn start_core() -> Core {
    Core::start(testkit::provider_binary!()).await
}

/// Starts the provider under test; see [`Core::with_api`].
async fn start_core_with_api(config: Config) -> Core {
    Core::with_api(testkit::provider_binary!(), config).await
}

/// Returns SIP credentials that Terraform did not create.
fn existing(id: &str) -> Credentials {
    testkit::existing(ORGANIZATION, id)
}
