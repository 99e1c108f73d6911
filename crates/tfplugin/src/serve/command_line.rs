//! The command line of a provider.

use std::io::{self, Write};
use std::process::ExitCode;
use std::{env, error, fmt};

use tokio::runtime;
use tokio_util::sync::CancellationToken;

use super::service::Service;
use crate::author::diagnostics;
use crate::author::provider::Provider;
use crate::info::Info;
use crate::plugin::handshake::Handshake;
use crate::plugin::{self, Mode, logging};

/// Calls wait for the network and not for a processor, and each thread costs memory in every run.
const WORKERS: usize = 2;

/// What `--debug` says first.
const DUMPABLE: &str = "Debuggers and core files can read the memory of this process, and the secrets in it.";

/// Serves a provider according to the command line and the environment. `main` calls this once.
///
/// Without an argument, it serves the Terraform or OpenTofu that started the process, or explains how to start it.
/// `--debug` serves until interrupted. `--version` and `--help` print.
pub fn serve(provider: impl Provider, info: Info) -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    match arguments.join(" ").as_str() {
        "" => match Handshake::from_environment() {
            Ok(Some(handshake)) => run(provider, info, Mode::Host(handshake)),
            Ok(None) => complain(started_by_hand(&info), 1),
            Err(error) => complain(error, 1),
        },
        "--debug" => run(provider, info, Mode::Debug(info.addresses)),
        "--version" => print(&format!("terraform-provider-{} {}", info.name, info.version)),
        "--help" => print(&usage(&info)),
        unknown => complain(format_args!("Unknown argument: `{unknown}`\n\n{}", usage(&info)), 2),
    }
}

fn run(provider: impl Provider, info: Info, mode: Mode) -> ExitCode {
    logging::init(&info);
    diagnostics::report_bugs_at(info.repository);
    match mode {
        Mode::Host(_) => plugin::keep_memory_private(),
        // If standard error cannot be written, nobody can be informed.
        Mode::Debug(_) => drop(writeln!(io::stderr(), "{DUMPABLE}")),
    }
    match serve_until_end(provider, mode) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(error, 1),
    }
}

fn serve_until_end(provider: impl Provider, mode: Mode) -> Result<(), Box<dyn error::Error>> {
    let runtime = runtime::Builder::new_multi_thread().worker_threads(WORKERS).enable_all().build();
    let runtime = runtime.map_err(|cause| format!("cannot start the threads that serve: {cause}"))?;
    let stop = CancellationToken::new();
    let service = Service::new(provider, stop.clone());
    let served = runtime.block_on(plugin::serve(service, stop, mode));
    // Blocking work must not delay the end.
    runtime.shutdown_background();
    Ok(served?)
}

fn usage(info: &Info) -> String {
    let Info { name, repository, .. } = info;
    format!(
        "Usage: terraform-provider-{name} [--debug | --version | --help]

Terraform and OpenTofu start this plugin without an argument.

  --debug    serve until interrupted, and print what makes Terraform and OpenTofu use
             this process; for a debugger, which can read secrets in its memory
  --version  print the version
  --help     print this text

{repository}"
    )
}

fn started_by_hand(info: &Info) -> String {
    let Info { name, repository, .. } = info;
    // A source address without a registry means the first one.
    let source = info.addresses.first().and_then(|address| address.split_once('/')).map_or(*name, |(_, source)| source);
    format!(
        "This is a plugin for Terraform and OpenTofu. They start it themselves, and it does nothing alone.

To use it, name it in a configuration, and run `terraform init` or `tofu init` there:

    terraform {{
      required_providers {{
        {name} = {{ source = \"{source}\" }}
      }}
    }}

To use a build of your own, name its folder under `dev_overrides` in the CLI configuration; how: see the README at
{repository}
`--help` tells what else it can do."
    )
}

fn print(text: &str) -> ExitCode {
    match writeln!(io::stdout(), "{text}") {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

fn complain(text: impl fmt::Display, code: u8) -> ExitCode {
    // If standard error cannot be written, nobody can be informed.
    let _ = writeln!(io::stderr(), "{text}");
    ExitCode::from(code)
}
