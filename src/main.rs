//! The plugin's command line.

use std::env;
use std::process::ExitCode;

use terraform_provider_deepslate::{DeepslateProvider, check};
use tfplugin::Info;

/// musl's own allocator maps and unmaps memory about four times for each object of an apply. AWS-LC still uses that one.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

const INFO: Info = Info {
    name: "deepslate",
    // The addresses under which configurations name this provider; OpenTofu has a registry of its own.
    addresses: &["registry.terraform.io/deepslate-labs/deepslate", "registry.opentofu.org/deepslate-labs/deepslate"],
    version: env!("CARGO_PKG_VERSION"),
    repository: env!("CARGO_PKG_REPOSITORY"),
    crates: &["terraform_provider_deepslate", "deepslate"],
    commands: &[("--check [--json]", "check the environment variables with test requests, and print the results")],
};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    check(&arguments).unwrap_or_else(|| tfplugin::serve(DeepslateProvider, INFO))
}
