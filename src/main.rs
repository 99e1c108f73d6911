//! The plugin's command line.

use std::process::ExitCode;

use terraform_provider_deepslate::DeepslateProvider;
use tfplugin::Info;

const INFO: Info = Info {
    name: "deepslate",
    // The addresses under which configurations name this provider; OpenTofu has a registry of its own.
    addresses: &["registry.terraform.io/deepslate-labs/deepslate", "registry.opentofu.org/deepslate-labs/deepslate"],
    version: env!("CARGO_PKG_VERSION"),
    repository: env!("CARGO_PKG_REPOSITORY"),
    crates: &["terraform_provider_deepslate", "deepslate"],
};

fn main() -> ExitCode {
    tfplugin::serve(DeepslateProvider, INFO)
}
