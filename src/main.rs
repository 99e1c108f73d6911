//! The plugin's command line.

use std::io::{self, Write};
use std::process::ExitCode;
use std::{env, error, fmt};

use terraform_provider_deepslate::framework::Service;
use terraform_provider_deepslate::plugin::handshake::Handshake;
use terraform_provider_deepslate::plugin::{self, Mode, logging};
use terraform_provider_deepslate::provider::DeepslateProvider;
use tokio::runtime;
use tokio_util::sync::CancellationToken;

/// The addresses under which configurations name this provider; OpenTofu has a registry of its own.
const SOURCES: &[&str] =
    &["registry.terraform.io/deepslate-labs/deepslate", "registry.opentofu.org/deepslate-labs/deepslate"];

/// The calls wait for the network, not for a processor, and each thread costs memory in every run.
const WORKERS: usize = 2;

const VERSION: &str = concat!("terraform-provider-deepslate ", env!("CARGO_PKG_VERSION"));

const USAGE: &str = concat!(
    "Usage: terraform-provider-deepslate [--debug | --version | --help]

Terraform and OpenTofu start this plugin without an argument.

  --debug    serve until interrupted, and print what makes Terraform and OpenTofu use
             this process; for a debugger
  --version  print the version
  --help     print this text

",
    env!("CARGO_PKG_REPOSITORY")
);

const STARTED_BY_HAND: &str = concat!(
    "This is a plugin for Terraform and OpenTofu. They start it themselves, and it does nothing alone.

To use it, name it in a configuration, and run `terraform init` or `tofu init` there:

    terraform {
      required_providers {
        deepslate = { source = \"deepslate-labs/deepslate\" }
      }
    }

To use a build of your own, name its folder under `dev_overrides` in the CLI configuration; how: see the README at
",
    env!("CARGO_PKG_REPOSITORY"),
    "
`--help` tells what else it can do."
);

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    match arguments.join(" ").as_str() {
        "" => match Handshake::from_environment() {
            Ok(Some(handshake)) => serve(Mode::Host(handshake)),
            Ok(None) => complain(STARTED_BY_HAND, 1),
            Err(error) => complain(error, 1),
        },
        "--debug" => serve(Mode::Debug(SOURCES)),
        "--version" => print(VERSION),
        "--help" => print(USAGE),
        unknown => complain(format_args!("Unknown argument: `{unknown}`\n\n{USAGE}"), 2),
    }
}

fn serve(mode: Mode) -> ExitCode {
    logging::init();
    match run(mode) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(error, 1),
    }
}

fn run(mode: Mode) -> Result<(), Box<dyn error::Error>> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let runtime = runtime.map_err(|cause| format!("cannot start the threads that serve: {cause}"))?;
    let stop = CancellationToken::new();
    let service = Service::new(DeepslateProvider, stop.clone());
    let served = runtime.block_on(plugin::serve(service, stop, mode));
    // Work that blocks must not hold up the end.
    runtime.shutdown_background();
    Ok(served?)
}

fn print(text: &str) -> ExitCode {
    match writeln!(io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn complain(text: impl fmt::Display, code: u8) -> ExitCode {
    // There is nobody else to tell.
    let _ = writeln!(io::stderr(), "{text}");
    ExitCode::from(code)
}
