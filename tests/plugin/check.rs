//! `--check`: what the provider would use, and whether it works.

use deepslate_emulator::{Config, Effect, Emulator, Fault};
use serde_json::Value;
use testkit::{API_KEY, ORGANIZATION, OTHER_ORGANIZATION, VENDOR, one_organization, uuid};
use tokio::process::Command;
use uuid::Uuid;

use crate::{binary, run};

const SECRET: &str = "hunter2";

/// An API and the variables that name it.
fn api() -> (Emulator, Vec<(&'static str, String)>) {
    let api = Emulator::start(Config { api_key: API_KEY.to_owned(), ..one_organization() }).unwrap();
    let variables = vec![
        ("DEEPSLATE_BASE_URL", api.url()),
        ("DEEPSLATE_API_KEY", API_KEY.to_owned()),
        ("DEEPSLATE_VENDOR_ID", VENDOR.to_owned()),
        ("DEEPSLATE_ORGANIZATION_ID", ORGANIZATION.to_owned()),
    ];
    (api, variables)
}

/// Each line of a check as name and status, and all that it printed.
async fn check(variables: &[(&'static str, String)], changes: &[(&'static str, &str)]) -> (Vec<String>, String) {
    let mut command = Command::new(binary());
    command.args(["--check", "--json"]).env_clear().envs(variables.iter().cloned()).envs(changes.iter().copied());
    let output = run(&mut command).await;
    let text = String::from_utf8(output.stdout).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    let lines: Vec<_> = report["checks"].as_array().unwrap().iter().collect();
    let failed = lines.iter().any(|line| line["status"] == "failed");
    assert_eq!((output.status.code(), report["ok"].as_bool()), (Some(i32::from(failed)), Some(!failed)), "{text}");
    assert!(!text.contains(API_KEY) && !text.contains(SECRET), "{text}");

    command = Command::new(binary());
    command.arg("-check").env_clear().envs(variables.iter().cloned()).envs(changes.iter().copied());
    let shown = run(&mut command).await;
    assert_eq!(shown.status.code(), output.status.code());
    let shown = String::from_utf8(shown.stdout).unwrap();
    assert!(!shown.contains(API_KEY) && !shown.contains(SECRET), "{shown}");
    for line in &lines {
        assert!(shown.contains(line["name"].as_str().unwrap()), "{shown}");
    }
    let text_of = |value: &Value| value.as_str().unwrap().to_owned();
    (lines.iter().map(|line| format!("{}: {}", text_of(&line["name"]), text_of(&line["status"]))).collect(), shown)
}

const SETTINGS: [&str; 5] = ["base_url: ok", "api_key: ok", "vendor_id: ok", "organization_id: ok", "route: ok"];
/// Over `http`, no certificate is needed.
const REQUESTS: [&str; 5] = ["host: ok", "certificate: not tried", "key: ok", "vendor: ok", "organization: ok"];

#[tokio::test]
async fn working_settings_are_ok_and_name_their_variable() {
    let (api, variables) = api();
    let (lines, text) = check(&variables, &[]).await;
    assert_eq!(lines, [SETTINGS, REQUESTS].concat());
    let length = format!("{} characters, from `DEEPSLATE_API_KEY`", API_KEY.len());
    for told in [&*api.url(), VENDOR, ORGANIZATION, &length, "from `DEEPSLATE_VENDOR_ID`", "directly"] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(api.requests().iter().all(|request| request.method == "GET"));
    assert_eq!(api.requests().len(), 2, "one for each of the two runs");
}

#[tokio::test]
async fn each_failure_is_in_its_own_line_and_ends_the_check() {
    let (_api, variables) = api();
    let empty = tempfile::tempdir().unwrap();
    let nowhere = empty.path().to_str().unwrap();
    for (changes, good, failed, told) in [
        (&[("DEEPSLATE_API_KEY", "hunter2")][..], 7, "key", "`DEEPSLATE_API_KEY`"),
        (&[("DEEPSLATE_ORGANIZATION_ID", OTHER_ORGANIZATION)], 9, "organization", "`DEEPSLATE_ORGANIZATION_ID`"),
        (&[("DEEPSLATE_BASE_URL", "http://127.0.0.1:1")], 5, "host", "connection refused"),
        (
            &[("DEEPSLATE_BASE_URL", "https://deepslate.invalid"), ("HTTPS_PROXY", "http://u:hunter2@127.0.0.1:1")],
            5,
            "host",
            "through the proxy http://127.0.0.1:1 from `HTTPS_PROXY`",
        ),
        (
            &[
                ("DEEPSLATE_BASE_URL", "https://localhost:1"),
                ("SSL_CERT_FILE", "/nonexistent"),
                ("SSL_CERT_DIR", nowhere),
            ],
            6,
            "certificate",
            "`SSL_CERT_FILE` is set, `/nonexistent` cannot be read",
        ),
    ] {
        let (lines, text) = check(&variables, changes).await;
        let (settings, rest) = lines[..good].split_at(5);
        assert!(settings.iter().all(|line| line.ends_with(": ok")), "{lines:?}");
        let expected: Vec<_> = REQUESTS[..rest.len()].to_vec();
        assert_eq!(rest, if failed == "certificate" { vec!["host: not tried"] } else { expected }, "{lines:?}");
        assert_eq!(lines[good], format!("{failed}: failed"), "{lines:?}");
        assert!(lines[good + 1..].iter().all(|line| line.ends_with(": not tried")), "{lines:?}");
        assert_eq!(lines.len(), 10, "{lines:?}");
        assert!(text.contains(told), "{text}");
    }
}

#[tokio::test]
async fn each_wrong_setting_has_its_line_and_the_rest_is_tried() {
    let (api, variables) = api();
    let reached =
        ["host: ok", "certificate: not tried", "key: not tried", "vendor: not tried", "organization: not tried"];
    let not_sent = "host, certificate, key, vendor, organization".split(", ").map(|name| format!("{name}: not tried"));
    let not_sent: Vec<_> = not_sent.collect();
    let without_organization =
        ["host: ok", "certificate: not tried", "key: ok", "vendor: ok", "organization: not tried"];
    let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
    for (changes, failed, requests) in [
        (&[("DEEPSLATE_API_KEY", "")][..], &["api_key"][..], owned(&reached)),
        (&[("DEEPSLATE_API_KEY", "hunter2\n")], &["api_key"], owned(&reached)),
        (&[("DEEPSLATE_VENDOR_ID", "hunter2")], &["vendor_id"], owned(&reached)),
        (&[("DEEPSLATE_ORGANIZATION_ID", "hunter2")], &["organization_id"], owned(&without_organization)),
        (&[("DEEPSLATE_BASE_URL", "http://u:hunter2@deepslate.example.com")], &["base_url"], not_sent.clone()),
        (
            &[("DEEPSLATE_BASE_URL", "https://deepslate.invalid"), ("HTTPS_PROXY", "http://hunter2:x")],
            &["route"],
            not_sent.clone(),
        ),
        (
            &[
                ("DEEPSLATE_BASE_URL", "hunter2"),
                ("DEEPSLATE_API_KEY", ""),
                ("DEEPSLATE_VENDOR_ID", "hunter2"),
                ("DEEPSLATE_ORGANIZATION_ID", "hunter2"),
            ],
            &["base_url", "api_key", "vendor_id", "organization_id"],
            not_sent,
        ),
    ] {
        let (lines, text) = check(&variables, changes).await;
        for (line, expected) in lines.iter().zip(SETTINGS) {
            let name = expected.trim_end_matches(": ok");
            let no_route = name == "route" && failed.contains(&"base_url");
            let status = if failed.contains(&name) {
                "failed"
            } else if no_route {
                "not tried"
            } else {
                "ok"
            };
            assert_eq!(*line, format!("{name}: {status}"), "{lines:?}");
        }
        assert_eq!(lines[5..], requests, "{text}");
        for name in failed.iter().filter(|name| **name != "route") {
            assert!(text.contains(&format!("`DEEPSLATE_{}`", name.to_uppercase())), "{text}");
        }
        assert_eq!(failed == ["route"], text.contains("`HTTPS_PROXY`"), "{text}");
    }
    let keys: Vec<_> = api.requests().iter().map(|request| request.status).collect();
    assert_eq!(keys.iter().filter(|status| **status == Some(401)).count(), 6, "a wrong setting: not with the real key");
}

#[tokio::test]
async fn without_a_vendor_only_the_host_is_tried() {
    let (api, variables) = api();
    let (lines, text) = check(&variables, &[("DEEPSLATE_VENDOR_ID", "")]).await;
    assert_eq!(lines[2..6], ["vendor_id: not tried", "organization_id: ok", "route: ok", "host: ok"]);
    assert!(lines[6..].iter().all(|line| line.ends_with(": not tried")), "{lines:?}");
    assert!(text.contains("`DEEPSLATE_VENDOR_ID` must be set correctly first"), "{text}");
    assert_eq!(api.requests().len(), 2, "one for each of the two runs");
    let changes = [("DEEPSLATE_VENDOR_ID", ""), ("DEEPSLATE_BASE_URL", "http://127.0.0.1:1")];
    let (lines, _) = check(&variables, &changes).await;
    assert_eq!(lines[5], "host: failed");
    assert!(lines[6..].iter().all(|line| line.ends_with(": not tried")), "{lines:?}");
    let (lines, _) = check(&variables, &[("DEEPSLATE_ORGANIZATION_ID", "")]).await;
    assert_eq!(lines[8..], ["vendor: ok", "organization: not tried"]);
}

#[tokio::test]
async fn no_more_pages_are_read_than_the_answer_needs() {
    let organizations = (1..=250).map(|number| (uuid(VENDOR), Uuid::from_u128(number), format!("Customer {number}")));
    let config = Config { api_key: API_KEY.to_owned(), organizations: organizations.collect(), ..Config::default() };
    let api = Emulator::start(config).unwrap();
    for (organization, pages, status) in [("", 1, "not tried"), ("7", 1, "ok"), ("150", 2, "ok"), ("999", 3, "failed")]
    {
        let number: Option<u128> = organization.parse().ok();
        let id = number.map(|number| Uuid::from_u128(number).to_string()).unwrap_or_default();
        let variables = [
            ("DEEPSLATE_BASE_URL", api.url()),
            ("DEEPSLATE_API_KEY", API_KEY.to_owned()),
            ("DEEPSLATE_VENDOR_ID", VENDOR.to_owned()),
            ("DEEPSLATE_ORGANIZATION_ID", id),
        ];
        let before = api.requests().len();
        let (lines, text) = check(&variables, &[]).await;
        assert_eq!(lines[9], format!("organization: {status}"), "{text}");
        assert_eq!(api.requests().len() - before, 2 * pages, "in two runs: {organization}");
    }
}

#[tokio::test]
async fn a_key_that_cannot_list_organizations_is_no_failure() {
    let (api, variables) = api();
    let answer = Effect::Answer {
        status: 403,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: br#"{"success":false,"timestamp":"","message":"forbidden"}"#.to_vec(),
    };
    api.fault(Fault { method: Some("GET"), path: "organizations?".to_owned(), times: None, effect: answer });
    let (lines, _) = check(&variables, &[]).await;
    assert_eq!(lines[5..], [&REQUESTS[..3], &["vendor: not tried", "organization: ok"]].concat());
    let (lines, _) = check(&variables, &[("DEEPSLATE_ORGANIZATION_ID", OTHER_ORGANIZATION)]).await;
    assert_eq!(lines[8..], ["vendor: not tried", "organization: failed"]);
}

#[tokio::test]
async fn other_arguments_are_left_to_the_usual_command_line() {
    for arguments in [&["check"][..], &["--check", "--debug"], &["--json"], &["--check", "json"]] {
        let output = run(Command::new(binary()).args(arguments)).await;
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
    let help = run(Command::new(binary()).arg("--help")).await;
    assert!(String::from_utf8_lossy(&help.stdout).contains("--check [--json]"));
}

#[tokio::test]
async fn a_base_url_with_the_key_in_it_is_not_shown() {
    let (_api, variables) = api();
    for url in
        [format!("http://127.0.0.1:9/{API_KEY}"), format!("https://h/{API_KEY}/api"), format!("http://{API_KEY}")]
    {
        let (lines, _) = check(&variables, &[("DEEPSLATE_BASE_URL", &url)]).await;
        assert_eq!(lines[0], "base_url: failed");
    }
}
