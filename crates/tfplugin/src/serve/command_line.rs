//! The command line of a provider.

use std::io::{self, Write};
use std::process::ExitCode;
use std::{env, fmt};

use tokio::runtime::{Builder, Runtime};
use tokio_util::sync::CancellationToken;

use super::service::Service;
use crate::author::diagnostics;
use crate::author::provider::Provider;
use crate::info::Info;
use crate::plugin::handshake::Handshake;
use crate::plugin::{self, Mode, logging};

/// What `--debug` says first.
const DUMPABLE: &str = "Debuggers and core files can read the memory of this process, and the secrets in it.";

/// Serves a provider according to the command line and the environment. `main` calls this once.
///
/// Without an argument, it serves the Terraform or OpenTofu that started the process, or explains how to start it.
/// `--debug` serves until interrupted. `--version` and `--help` print. One dash does as well as two.
pub fn serve(provider: impl Provider, info: Info) -> ExitCode {
    let arguments: Vec<_> = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned()).collect();
    match Request::parse(&arguments) {
        Some(Request::Serve) => match Handshake::from_environment() {
            Ok(Some(handshake)) => run(provider, info, Mode::Host(handshake)),
            Ok(None) => complain(started_by_hand(&info), 1),
            Err(error) => refuse(error),
        },
        Some(Request::Debug) => run(provider, info, Mode::Debug(info.addresses)),
        Some(Request::Version) => print(&format!("terraform-provider-{} {}", info.name, info.version)),
        Some(Request::Help) => print(&usage(&info)),
        None => complain(format_args!("{}\n\n{}", unknown(&arguments), usage(&info)), 2),
    }
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
enum Request {
    Serve,
    Debug,
    Version,
    Help,
}

impl Request {
    /// Reads the arguments as Go's package `flag` does, with which other providers are written: one dash or two, and
    /// `=true` or `=false` after a flag. Returns `None` if an argument is unknown.
    fn parse(arguments: &[String]) -> Option<Self> {
        let mut request = Self::Serve;
        for argument in arguments {
            let flag = argument.strip_prefix("--").or_else(|| argument.strip_prefix('-'))?;
            let (name, value) = flag.split_once('=').unwrap_or((flag, "true"));
            let asked_for = match name {
                "debug" => Self::Debug,
                "version" => Self::Version,
                "help" | "h" => Self::Help,
                _ => return None,
            };
            match value {
                "1" | "t" | "T" | "true" | "TRUE" | "True" => request = asked_for,
                "0" | "f" | "F" | "false" | "FALSE" | "False" => {}
                _ => return None,
            }
        }
        Some(request)
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
    let runtime = match runtime() {
        Ok(runtime) => runtime,
        Err(cause) => {
            let reason = format!("cannot wait for the network: {cause}");
            return if matches!(mode, Mode::Host(_)) { refuse(reason) } else { complain(reason, 1) };
        }
    };
    let stop = CancellationToken::new();
    let service = || Service::new(provider, stop.clone());
    let served = runtime.block_on(plugin::serve(service, stop.clone(), mode));
    // Blocking work must not delay the end.
    runtime.shutdown_background();
    match served {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => complain(error, 1),
    }
}

/// One thread serves all calls, because they wait for the network and not for a processor. With more, threads wake each other for each message.
#[cfg(target_os = "linux")]
fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

/// A second thread serves the other calls while the system verifies a certificate of the API, for which it may use the network.
#[cfg(not(target_os = "linux"))]
fn runtime() -> io::Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_all().build()
}

/// Names the arguments that look like flags. A value may be a secret, or control the terminal.
fn unknown(arguments: &[String]) -> String {
    let is_flag = |argument: &str| {
        argument.starts_with('-') && argument.chars().all(|letter| letter == '-' || letter.is_ascii_alphabetic())
    };
    let shown: Vec<_> = arguments.iter().map(|argument| if is_flag(argument) { argument } else { "…" }).collect();
    format!("Unknown argument: `{}`", shown.join(" "))
}

fn usage(info: &Info) -> String {
    let Info { name, repository, commands, .. } = info;
    let mut flags = vec!["--debug", "--version", "--help"];
    flags.extend(commands.iter().map(|(command, _)| command));
    let flags = flags.join(" | ");
    let added: Vec<_> =
        commands.iter().map(|(command, effect)| format!("\n  {command}\n             {effect}")).collect();
    let added = added.concat();
    format!(
        "Usage: terraform-provider-{name} [{flags}]

Terraform and OpenTofu start this plugin without an argument.

  --debug    run until interrupted, and print the variable that makes Terraform and
             OpenTofu use this process. A debugger can read secrets in its memory.
  --version  print the version
  --help     print this text{added}

{repository}"
    )
}

fn started_by_hand(info: &Info) -> String {
    let Info { name, repository, .. } = info;
    // A source address without a registry means the first one.
    let source = info.addresses.first().and_then(|address| address.split_once('/')).map_or(*name, |(_, source)| source);
    format!(
        "This is a plugin for Terraform and OpenTofu. They start the plugin themselves. It does nothing on its own.

To use the plugin, add it to a configuration, and run `terraform init` or `tofu init` there:

    terraform {{
      required_providers {{
        {name} = {{ source = \"{source}\" }}
      }}
    }}

To use your own build, add its folder to `dev_overrides` in the CLI configuration. The README shows how:
{repository}
`--help` lists all options."
    )
}

/// Ends before the handshake. The host shows what is on standard output, and logs what is on standard error.
fn refuse(reason: impl fmt::Display) -> ExitCode {
    plugin::refuse(&reason);
    complain(reason, 1)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Option<Request> {
        Request::parse(&line.split(' ').filter(|argument| !argument.is_empty()).map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn flags_are_read_as_by_other_providers() {
        for (line, expected) in [
            ("", Request::Serve),
            ("-debug", Request::Debug),
            ("--debug", Request::Debug),
            ("-debug=true", Request::Debug),
            ("--debug=1", Request::Debug),
            ("-debug=false", Request::Serve),
            ("-debug --debug", Request::Debug),
            ("-version", Request::Version),
            ("--version", Request::Version),
            ("-help", Request::Help),
            ("-h", Request::Help),
            ("--help", Request::Help),
        ] {
            assert_eq!(parse(line), Some(expected), "{line}");
        }
    }

    #[test]
    fn anything_else_is_unknown() {
        for line in
            ["debug", "---debug", "-", "--", "-debug=maybe", "-debug twice", "-d", "-Debug", "-debug=", "-=true"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn an_unknown_argument_is_shown_only_if_it_looks_like_a_flag() {
        for (arguments, shown) in [
            (&["--chek", "-x"][..], "--chek -x"),
            (&["--check", "hunter2"], "--check …"),
            (&["--debug=hunter2"], "…"),
            (&["-hunter2"], "…"),
            (&["-a\u{1b}[2J", "-a\nb", "-ä", ""], "… … … …"),
        ] {
            let arguments: Vec<_> = arguments.iter().copied().map(str::to_owned).collect();
            assert_eq!(unknown(&arguments), format!("Unknown argument: `{shown}`"));
        }
    }
}
