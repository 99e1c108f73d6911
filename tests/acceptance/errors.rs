//! Each error shows the request, the status, Deepslate's own message, and what to do. The fault matrix has most failures.

use std::net::Ipv4Addr;

use deepslate_emulator::Effect;
use testkit::faults::{answer, page, refusal, refusal_with};
use testkit::{API_KEY, PASSWORD, Workspace, assert_mentions, credentials, credentials_path, for_each_cli};
use tokio::net::TcpSocket;

use crate::new_workspace;

/// Answers soon enough for a test, where the provider would else try again for minutes.
const SHORT: &str = "timeouts {\n create = \"4s\"\n read = \"4s\"\n update = \"4s\"\n delete = \"4s\"\n}";

/// An organization of a case's own, so that a fault meets that case only.
fn organization(case: usize) -> String {
    format!("44444444-4444-4444-8444-{case:012}")
}

/// A failure of every request, and facts that its message holds.
struct Case {
    name: &'static str,
    effect: Effect,
    facts: &'static [&'static str],
}

impl Case {
    fn new(name: &'static str, effect: Effect, facts: &'static [&'static str]) -> Self {
        Self { name, effect, facts }
    }
}

/// Failures of any request that the fault matrix does not have.
fn refusals() -> Vec<Case> {
    let repeated = format!("weak password {PASSWORD} for key {API_KEY}");
    let large = "x".repeat(2 << 20);
    vec![
        Case::new("repeating_secrets", refusal(400, &repeated), &["400", "contains a secret", "trace-400"]),
        Case::new("not_implemented", page(501), &["501"]),
        Case::new("server_error", refusal(500, "boom"), &["500", "boom", "trace-500"]),
        Case::new("unavailable", refusal(503, "maintenance"), &["503", "maintenance", "trace-503"]),
        Case::new("no_json", page(200), &["200", "JSON"]),
        Case::new("no_envelope", answer(200, "application/json", &[], "[]"), &["200"]),
        Case::new("too_large", answer(200, "application/json", &[], &large), &["1 MiB"]),
    ]
}

/// One resource for each case, each in a file and an organization of its own.
fn write_resources(workspace: &Workspace, cases: &[Case], port: u16) {
    workspace.write("provider", "provider \"deepslate\" {\n  request_timeout = \"2s\"\n}");
    for (number, case) in cases.iter().enumerate() {
        let lines = format!("port = {port}\norganization_id = \"{}\"\n{SHORT}", organization(number));
        workspace.write(case.name, credentials(case.name, &lines));
    }
}

/// Lets the requests fail, runs the command, and holds each case's diagnostic against its facts.
fn assert_failures(workspace: &Workspace, method: &'static str, cases: &[Case], command: &[&str]) {
    for (number, case) in cases.iter().enumerate() {
        workspace.fault(method, &organization(number), case.effect.clone());
    }
    let output = workspace.fail(command);
    let diagnostics = output.diagnostics();
    for (number, case) in cases.iter().enumerate() {
        // Of a destroy, Terraform does not say which resource a diagnostic is about: the request in it does.
        let path = credentials_path(&organization(number));
        let found: Vec<_> = diagnostics.iter().filter(|diagnostic| diagnostic.text.contains(&path)).collect();
        assert!(found.len() == 1, "{}: {} diagnostics, not one: {found:#?}\nof {output}", case.name, found.len());
        assert_mentions(&found[0].text, case.facts, case.name);
        assert_mentions(&found[0].text, &[method], case.name);
    }
    for secret in [API_KEY, PASSWORD] {
        assert!(!output.text().contains(secret), "{secret} is shown: {output}");
    }
    workspace.api.clear_faults();
}

#[test]
fn a_create_that_fails() {
    for_each_cli(|cli| {
        let cases = refusals();
        let workspace = new_workspace(cli);
        write_resources(&workspace, &cases, 5060);
        assert_failures(&workspace, "POST", &cases, &["apply", "-auto-approve", "-json", "-parallelism=30"]);

        assert!(workspace.names_in_state().is_empty());
        for (number, case) in cases.iter().enumerate() {
            let posts =
                workspace.received("POST").iter().filter(|post| post.path.contains(&organization(number))).count();
            // The provider sends no second request if there is no time to search for the object for 8 s.
            assert_eq!(posts, 1, "{}", case.name);
        }
    });
}

#[test]
fn a_read_that_fails_keeps_the_state() {
    for_each_cli(|cli| {
        let cases = refusals();
        let workspace = new_workspace(cli);
        write_resources(&workspace, &cases, 5060);
        workspace.apply();
        let before = workspace.read_state();
        assert_failures(&workspace, "GET", &cases, &["apply", "-auto-approve", "-json", "-parallelism=30"]);
        assert_eq!(before["resources"], workspace.read_state()["resources"]);
    });
}

#[test]
fn an_update_that_fails_keeps_the_state() {
    for_each_cli(|cli| {
        let cases = refusals();
        let workspace = new_workspace(cli);
        write_resources(&workspace, &cases, 5060);
        workspace.apply();
        write_resources(&workspace, &cases, 5061);
        assert_failures(&workspace, "PUT", &cases, &["apply", "-auto-approve", "-json", "-parallelism=30"]);
        assert_eq!(workspace.state().len(), cases.len());
        assert!(workspace.state().iter().all(|(_, attributes)| attributes["port"] == 5060));

        // The next apply corrects it, whatever the outcome was.
        workspace.apply();
        assert!(workspace.api.credentials().iter().all(|object| object.port == 5061));
    });
}

#[test]
fn a_delete_that_fails_keeps_the_object_in_the_state() {
    for_each_cli(|cli| {
        let cases = refusals();
        let workspace = new_workspace(cli);
        write_resources(&workspace, &cases, 5060);
        workspace.apply();
        assert_failures(&workspace, "DELETE", &cases, &["destroy", "-auto-approve", "-json", "-parallelism=30"]);
        assert_eq!(workspace.state().len(), cases.len());
    });
}

#[test]
fn deleting_a_missing_object_succeeds() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.fault("DELETE", "", refusal(404, "no such credentials"));
        // Nothing says that the object is gone: the server may lack the call.
        workspace.fail(&["destroy", "-auto-approve"]).mentions(&["the server does not support this request"]);
        assert_eq!(workspace.names_in_state(), ["main"]);

        // Gone since the refresh.
        workspace.api.remove(workspace.api.credentials()[0].id);
        workspace.succeed(&["destroy", "-auto-approve", "-refresh=false"]);
        assert!(workspace.state().is_empty());
    });
}

#[test]
fn temporary_failures_are_retried() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let fault = |method, effect: Effect| {
            workspace.api.fault(deepslate_emulator::Fault {
                method: Some(method),
                path: String::new(),
                times: Some(1),
                effect,
            });
        };
        fault("POST", refusal_with(429, "slow down", &[("retry-after", "1")]));
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        fault("GET", page(503));
        fault("PUT", Effect::DropBefore);
        workspace.write("main", credentials("main", "port = 5061"));
        workspace.apply();
        fault("DELETE", Effect::DropAfter);
        workspace.destroy();
        assert!(workspace.api.credentials().is_empty());
        assert_eq!(workspace.received("POST").len(), 2);
    });
}

#[test]
fn a_server_that_is_not_there() {
    for_each_cli(|cli| {
        // While this socket is bound, no other gets its port, and it does not listen.
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a port is free");
        let closed = socket.local_addr().expect("it is bound");
        let workspace = new_workspace(cli);
        let plaintext = workspace.api.url().replace("http:", "https:");
        let wrong_path = workspace.api.url() + "/somewhere/else/";
        let cases: [(&str, &str, &[&str]); 4] = [
            ("refused", &format!("http://{closed}"), &["refused", &closed.to_string()]),
            // No resolver knows a name of this domain (RFC 6761, section 6.4).
            ("name_not_found", "https://deepslate.invalid", &["deepslate.invalid", "base_url"]),
            ("no_tls", &plaintext, &["TLS"]),
            ("wrong_path", &wrong_path, &["404", "base_url", "/somewhere/else/api/v1/"]),
        ];
        for (name, url, _) in &cases {
            let lines = format!("provider = deepslate.{name}\n{SHORT}");
            let provider = format!("provider \"deepslate\" {{\n  alias = \"{name}\"\n  base_url = \"{url}\"\n}}\n");
            workspace.write(name, provider + &credentials(name, &lines));
        }
        let output = workspace.fail(&["apply", "-auto-approve", "-json"]);
        for (name, _, facts) in &cases {
            let text = output.diagnostic(name).text;
            assert_mentions(&text, facts, name);
            assert_mentions(&text, &["POST", "/sip/credentials"], name);
        }
    });
}

#[test]
fn a_wrong_key_is_refused_by_the_api() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.set_env("DEEPSLATE_API_KEY", "wrong-key-5a0c");
        workspace.write("main", credentials("main", ""));
        let output = workspace.fail(&["apply", "-auto-approve"]);
        output.mentions(&["401", "`api_key`", "`DEEPSLATE_API_KEY`"]);
        assert!(!output.text().contains("wrong-key-5a0c"), "{output}");
    });
}
