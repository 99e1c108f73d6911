//! `--check`: says what the provider would use, and tries it, with the code that serves Terraform.
//!
//! It reads the environment as an empty provider block does, and makes the cheapest documented requests: lists.

mod report;

use std::io::{self, Write};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, panic};

use deepslate::{Error, ErrorKind, Operation, Organization, OrganizationRef};
use futures_util::TryStreamExt;
use tfplugin::{Diagnostic, keep_memory_private};
use tokio::runtime;
use uuid::Uuid;

use crate::attributes::Id;
use crate::managed::Managed;
use crate::messages;
use crate::organization::TERMS;
use crate::provider::{API_KEY, BASE_URL, Client, ORGANIZATION_ID, VENDOR_ID, environment, from_environment};
use crate::sip_credentials::SipCredentials;
use report::Report;

/// How long each request may take, with all attempts.
const LIMIT: Duration = Duration::from_secs(60);

/// Checks the environment if the arguments ask for it.
#[must_use]
pub fn check(arguments: &[String]) -> Option<ExitCode> {
    let flags: Vec<_> = arguments.iter().map(|flag| flag.trim_start_matches('-')).collect();
    let as_json = match flags[..] {
        ["check"] => false,
        ["check", "json"] | ["json", "check"] => true,
        _ => return None,
    };
    if arguments.iter().any(|flag| !flag.starts_with('-')) {
        return None;
    }
    keep_memory_private();
    hide_panics();
    let mut report = Report::default();
    match from_environment() {
        Err(diagnostics) => report.failed("settings", diagnostics),
        Ok(client) => match runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(try_out(&client, &mut report)),
            Err(cause) => report.failed("host", Diagnostic::error("No thread can be started", cause.to_string())),
        },
    }
    Some(report.print(as_json))
}

async fn try_out(client: &Client, report: &mut Report) {
    let api = match client.api() {
        Ok(api) => api,
        Err(bug) => return report.failed("settings", bug),
    };
    let source = |variable| if is_set(variable) { format!("from `{variable}`") } else { "the default".to_owned() };
    report.ok("base_url", format!("{}, {}", api.base_url(), source(BASE_URL)));
    let length = environment(API_KEY).map_or(0, |key| key.chars().count());
    report.ok("api_key", format!("{length} characters, from `{API_KEY}`"));
    let vendor_id = client.vendor_id.get().and_then(Id::uuid);
    let organization_id = client.organization_id.get().and_then(Id::uuid);
    for (name, id, variable) in
        [("vendor_id", vendor_id, VENDOR_ID), ("organization_id", organization_id, ORGANIZATION_ID)]
    {
        match id {
            Some(id) => report.ok(name, format!("{id}, from `{variable}`")),
            None => report.not_tried(name, format!("`{variable}` is not set. A resource can name it instead.")),
        }
    }
    report.ok("route", api.route().unwrap_or_else(|| "directly: no variable names a proxy for this host".to_owned()));
    match vendor_id {
        Some(vendor_id) => requests(api, vendor_id, organization_id, report).await,
        None => skip(&REQUESTS, report, &format!("each documented call needs a vendor, and `{VENDOR_ID}` is not set")),
    }
}

/// What only requests can answer, in the order in which a request gets there.
const REQUESTS: [&str; 5] = ["host", "certificate", "key", "vendor", "organization"];

async fn requests(api: &deepslate::Client, vendor_id: Uuid, organization_id: Option<Uuid>, report: &mut Report) {
    let operation = Operation::within_time(LIMIT);
    let organizations = api.collection::<Organization>(vendor_id);
    let mut listed = pin!(organizations.list(&operation, |_| true));
    let first = listed.try_next().await;
    let reached = match &first {
        Ok(_) => REQUESTS.len(),
        Err(error) => reached(error),
    };
    let passed = ["the host answers", &trusted(api), "the key is accepted", "its organizations can be listed"];
    for (name, passed) in REQUESTS.into_iter().zip(passed).take(reached) {
        match &first {
            Err(error) if error.kind == ErrorKind::NoCertificates => report.not_tried(name, "nothing was sent"),
            _ => report.ok(name, passed),
        }
    }
    let mut current = match first {
        Ok(first) => first,
        Err(error) if error.kind == ErrorKind::Forbidden && error.is_deepslates() => {
            report.not_tried("vendor", "this key cannot list organizations");
            return organization(api, vendor_id, organization_id, report).await;
        }
        Err(error) => {
            report.failed(REQUESTS[reached], messages::list_failed(&TERMS, &error));
            return skip(&REQUESTS[reached + 1..], report, "the line above has to be ok first");
        }
    };
    let Some(organization_id) = organization_id else { return without_organization(report) };
    while let Some(found) = &current {
        if found.id == organization_id {
            return report.ok("organization", "it exists");
        }
        current = match listed.try_next().await {
            Ok(next) => next,
            Err(error) => return report.failed("organization", messages::list_failed(&TERMS, &error)),
        };
    }
    report.failed("organization", unknown_organization(vendor_id, organization_id));
}

/// The organization by its own list, for a key that cannot list organizations.
async fn organization(api: &deepslate::Client, vendor_id: Uuid, id: Option<Uuid>, report: &mut Report) {
    let Some(id) = id else { return without_organization(report) };
    let operation = Operation::within_time(LIMIT);
    let credentials = api.collection::<deepslate::SipCredentials>(OrganizationRef { vendor_id, id });
    let first = pin!(credentials.list(&operation, |_| true)).try_next().await;
    match first {
        Ok(_) => report.ok("organization", "its SIP credentials can be listed"),
        Err(error) => report.failed("organization", messages::list_failed(&SipCredentials::TERMS, &error)),
    }
}

/// How many of [`REQUESTS`] are answered with yes before this failure.
fn reached(error: &Error) -> usize {
    match &error.kind {
        ErrorKind::Tls | ErrorKind::AuthorityAsServer | ErrorKind::NoCertificates => 1,
        kind if kind.is_network() => 0,
        // Only Deepslate itself can accept a key.
        kind if *kind == ErrorKind::Unauthorized || !error.is_deepslates() => 2,
        _ => 3,
    }
}

fn trusted(api: &deepslate::Client) -> String {
    match api.trusted() {
        Some(origin) => format!("it is trusted: {origin}"),
        None => "none is needed, or the system decides".to_owned(),
    }
}

fn skip(names: &[&'static str], report: &mut Report, reason: &str) {
    for name in names {
        report.not_tried(name, reason);
    }
}

fn without_organization(report: &mut Report) {
    report.not_tried("organization", format!("`{ORGANIZATION_ID}` is not set"));
}

fn unknown_organization(vendor_id: Uuid, organization_id: Uuid) -> Diagnostic {
    let detail = format!(
        "Vendor {vendor_id} has no organization {organization_id} that this key may see. Check `{ORGANIZATION_ID}` and \
         `{VENDOR_ID}`."
    );
    Diagnostic::error("No such organization", detail)
}

fn is_set(variable: &str) -> bool {
    env::var_os(variable).is_some_and(|value| !value.is_empty())
}

/// Makes a panic show only its place in the code: its message may hold a secret.
fn hide_panics() {
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let repository = env!("CARGO_PKG_REPOSITORY");
        // If standard error cannot be written, nobody can be informed.
        let _ = writeln!(io::stderr(), "The check panicked at {place}. Report this bug at {repository}/issues");
    }));
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    #[test]
    fn a_panic_shows_its_place_and_not_its_message() {
        const CHILD: &str = "PANICS_AFTER_A_CHECK";
        if env::var_os(CHILD).is_some() {
            assert!(check(&["--check".to_owned()]).is_some());
            panic!("hunter2");
        }
        let output = Command::new(env::current_exe().expect("this test"))
            .args(["--exact", "--nocapture", "check::tests::a_panic_shows_its_place_and_not_its_message"])
            .env_clear()
            .envs([(CHILD, "1"), (BASE_URL, "no URL")])
            .output()
            .expect("it starts");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(text.contains("DEEPSLATE_BASE_URL") && text.contains("src/check/mod.rs:"), "{text}");
        assert!(!text.contains("hunter2"), "{text}");
    }
}
