//! The emulator as a program.

#![cfg(unix)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Command, Output, Stdio};

fn emulator(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_deepslate-emulator"));
    command.args(arguments).env_remove("DEEPSLATE_API_KEY").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str]) -> (bool, String, String) {
    let Output { status, stdout, stderr } = emulator(arguments).output().expect("it runs");
    (status.success(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

#[test]
fn it_serves_until_it_is_asked_to_end() {
    for (signal, arguments, key) in [("TERM", &[][..], "from-env"), ("INT", &["--api-key", "from-flag"], "from-flag")] {
        let acme = "00000000-0000-0000-0000-000000000000/00000000-0000-0000-0000-000000000001/Acme/Support";
        let arguments = [&["--listen", "127.0.0.1:0", "--organization", acme], arguments].concat();
        let mut child = emulator(&arguments).env("DEEPSLATE_API_KEY", "from-env").spawn().expect("it starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).expect("a line");
        let address = line.trim().strip_prefix("listening on http://").expect("the line tells the address");

        let mut stream = TcpStream::connect(address).expect("it serves by then");
        let path = "/api/v1/vendors/00000000-0000-0000-0000-000000000000/organizations";
        let headers = format!("Host: a\r\nConnection: close\r\nAuthorization: Bearer {key}");
        write!(stream, "GET {path}?page=0 HTTP/1.1\r\n{headers}\r\n\r\n").expect("it listens");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer");
        assert!(answer.starts_with("HTTP/1.1 200") && answer.contains("Acme/Support"), "{answer}");

        let kill = Command::new("kill").args(["-s", signal, &child.id().to_string()]).status();
        assert!(kill.expect("it is sent").success());
        let output = child.wait_with_output().expect("it ends");
        assert!(output.status.success(), "{}", output.status);
        assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("GET {path} 200\n"));
    }
}

#[test]
fn invalid_arguments_are_errors() {
    for (arguments, message) in [
        (&["--listen", "0.0.0.0:0"][..], "`0.0.0.0:0` is not a loopback address"),
        (&["--listen", "here"], "`--listen` requires an address and a port"),
        (&["--listen"], "`--listen` requires a value"),
        (&["--latency", "1.5"], "`--latency` requires a whole number of milliseconds"),
        (&["--list-lag", "x"], "`--list-lag` requires a whole number of milliseconds"),
        (&["--organization", "Acme"], "`--organization` requires `<vendor ID>/<ID>/<company name>`"),
        (&["--verbose"], "unknown argument `--verbose`"),
    ] {
        let (success, stdout, stderr) = run(arguments);
        assert!(!success && stdout.is_empty() && stderr.contains(message), "{arguments:?}: {stderr}");
    }
}

#[test]
fn it_introduces_itself() {
    let (success, stdout, _) = run(&["--help"]);
    assert!(
        success
            && ["--listen", "--api-key", "--latency", "--list-lag", "--version"]
                .iter()
                .all(|flag| stdout.contains(flag))
    );
    assert_eq!(run(&["--version"]).1, format!("deepslate-emulator {}\n", env!("CARGO_PKG_VERSION")));
}
