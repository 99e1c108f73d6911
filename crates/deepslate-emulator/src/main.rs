//! The command line of the emulator.

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use deepslate_emulator::{Config, Emulator};
use uuid::Uuid;

const USAGE: &str = "\
A local Deepslate API, in memory. All objects are lost when it ends.

Usage: deepslate-emulator [OPTIONS]

Options:
  --listen ADDRESS  Loopback address and port to listen on; port 0 selects a free port [default: 127.0.0.1:8080]
  --api-key KEY     Bearer token that clients must send [default: $DEEPSLATE_API_KEY, else local-key]
  --organization VENDOR/ID/NAME
                    An organization that exists; may be given several times [default: every organization exists, without a name]
  --latency MS      Minimum duration of each request in milliseconds [default: 0]
  --list-lag MS     Milliseconds until lists show a new object [default: 0]
  --help            Print this
  --version         Print the version

When it is ready, it prints its URL in one line on standard output. It prints each request on standard error:
method, path and status, never a body or a header.
";

/// What the command line asks for.
enum Command {
    Serve(Config),
    Print(String),
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // If this fails, nobody can be notified.
            let _ = writeln!(io::stderr(), "deepslate-emulator: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let key = env::var("DEEPSLATE_API_KEY").ok().filter(|key| !key.is_empty());
    let arguments = env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
    match parse(arguments, key)? {
        Command::Print(text) => say(&text),
        Command::Serve(config) => {
            let listen = config.listen;
            let emulator = Emulator::start(config).map_err(|error| format!("cannot listen on `{listen}`: {error}"))?;
            let end = end().map_err(|error| format!("cannot wait for signals: {error}"))?;
            say(&format!("listening on {}\n", emulator.url()))?;
            end.await;
            Ok(())
        }
    }
}

fn parse(mut arguments: impl Iterator<Item = String>, api_key: Option<String>) -> Result<Command, String> {
    let mut config = Config {
        listen: ([127, 0, 0, 1], 8080).into(),
        api_key: api_key.unwrap_or("local-key".to_owned()),
        log_requests: false,
        print_requests: true,
        ..Config::default()
    };
    while let Some(argument) = arguments.next() {
        let mut value = || arguments.next().ok_or(format!("`{argument}` requires a value"));
        match argument.as_str() {
            "--listen" => {
                config.listen =
                    value()?.parse().map_err(|_| "`--listen` requires an address and a port, such as `127.0.0.1:0`")?;
            }
            "--api-key" => config.api_key = value()?,
            "--organization" => {
                let organization = value().map(|value| organization(&value))?;
                config
                    .organizations
                    .push(organization.ok_or("`--organization` requires `<vendor ID>/<ID>/<company name>`")?);
            }
            "--latency" => config.latency = milliseconds("--latency", &value()?)?,
            "--list-lag" => config.list_lag = milliseconds("--list-lag", &value()?)?,
            "--help" | "-h" => return Ok(Command::Print(USAGE.to_owned())),
            "--version" => return Ok(Command::Print(format!("deepslate-emulator {}\n", env!("CARGO_PKG_VERSION")))),
            _ => return Err(format!("unknown argument `{argument}`; see `--help`")),
        }
    }
    Ok(Command::Serve(config))
}

fn milliseconds(argument: &str, text: &str) -> Result<Duration, String> {
    let milliseconds =
        text.parse().map_err(|_| format!("`{argument}` requires a whole number of milliseconds, such as `20`"))?;
    Ok(Duration::from_millis(milliseconds))
}

fn organization(text: &str) -> Option<(Uuid, Uuid, String)> {
    let mut parts = text.splitn(3, '/');
    let mut id = || parts.next()?.parse().ok();
    let ids = (id()?, id()?);
    parts.next().map(|name| (ids.0, ids.1, name.to_owned()))
}

fn say(text: &str) -> Result<(), String> {
    let mut stdout = io::stdout();
    stdout
        .write_all(text.as_bytes())
        .and_then(|()| stdout.flush())
        .map_err(|error| format!("cannot write to standard output: {error}"))
}

/// Listens for an interrupt or, where the system has it, a request to terminate; what it returns waits for one.
#[cfg(unix)]
fn end() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Listens for an interrupt; what it returns waits for one.
#[cfg(windows)]
fn end() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}
