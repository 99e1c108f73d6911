//! `--check`: prints the settings that the provider would use, and tests them with the code that serves Terraform.
//!
//! It reads the environment as an empty provider block does, and makes the cheapest documented requests: lists, only as many
//! pages as necessary. A wrong setting does not end the check, which goes on with everything that does not need it.

mod report;

use std::io::{self, Write};
use std::pin::pin;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, panic};

use deepslate::{ApiKey, Error, ErrorKind, Operation, Organization, OrganizationRef};
use futures_util::TryStreamExt;
use tfplugin::{Diagnostic, keep_memory_private};
use tokio::runtime;
use uuid::Uuid;

use crate::managed::Managed;
use crate::messages;
use crate::organization::TERMS;
use crate::provider::{API_KEY, BASE_URL, ORGANIZATION_ID, Settings, VENDOR_ID, environment, network};
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
    let settings = Settings::from_environment();
    report_settings(&settings, &mut report);
    match runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(try_out(&settings, &mut report)),
        Err(cause) => report.failed("host", Diagnostic::error("Could not wait for the network", cause.to_string())),
    }
    Some(report.print(as_json, &settings.secrets))
}

/// A line for each setting.
fn report_settings(settings: &Settings, report: &mut Report) {
    let source = if is_set(BASE_URL) { format!("from `{BASE_URL}`") } else { "the default".to_owned() };
    match &settings.base_url {
        Ok(url) => report.ok("base_url", format!("{url}, {source}")),
        Err(error) => report.failed("base_url", error.clone()),
    }
    let length = environment(API_KEY).map_or(0, |key| key.chars().count());
    match &settings.api_key {
        Ok(_) => report.ok("api_key", format!("{length} characters, from `{API_KEY}`")),
        Err(error) => report.failed("api_key", error.clone()),
    }
    for (name, id, variable) in
        [("vendor_id", &settings.vendor_id, VENDOR_ID), ("organization_id", &settings.organization_id, ORGANIZATION_ID)]
    {
        match id {
            Ok(Some(id)) => report.ok(name, format!("{id}, from `{variable}`")),
            Ok(None) => report.not_tried(name, format!("`{variable}` is not set. Resources can set `{name}` instead.")),
            Err(error) => report.failed(name, error.clone()),
        }
    }
}

/// The checks that need a request, in the order in which a request passes them.
const REQUESTS: [&str; 5] = ["host", "certificate", "key", "vendor", "organization"];
/// How many of them need neither a key nor a vendor.
const WITHOUT_KEY: usize = 2;

async fn try_out(settings: &Settings, report: &mut Report) {
    let Ok(base_url) = &settings.base_url else {
        report.not_tried("route", "no request can be sent without `base_url`");
        return skip(&REQUESTS, report, "no request can be sent without `base_url`");
    };
    let network = match network(base_url) {
        Ok(network) => network,
        Err(error) => {
            report.failed("route", error);
            return skip(&REQUESTS, report, "the check above must pass first");
        }
    };
    let (api_key, missing) = match (&settings.api_key, &settings.vendor_id) {
        (Ok(key), Ok(Some(_))) => (Ok(key.clone()), None),
        (Ok(_), _) => (ApiKey::new(PLACEHOLDER.into()), Some(VENDOR_ID)),
        (Err(_), _) => (ApiKey::new(PLACEHOLDER.into()), Some(API_KEY)),
    };
    let api = match api_key {
        Ok(key) => settings.client(base_url.clone(), network, key),
        Err(error) => return report.failed("host", Diagnostic::bug(error.to_string())),
    };
    report.ok(
        "route",
        api.route().unwrap_or_else(|| "directly: no environment variable sets a proxy for this host".to_owned()),
    );
    match (missing, &settings.vendor_id) {
        (None, Ok(Some(vendor_id))) => requests(&api, *vendor_id, &settings.organization_id, report).await,
        (missing, _) => reach(&api, missing.unwrap_or(VENDOR_ID), report).await,
    }
}

/// Stands for the key in a request that only has to reach the host.
const PLACEHOLDER: &str = "terraform-provider-deepslate--check";

/// Tries only whether the host answers, since this variable is missing or wrong.
async fn reach(api: &deepslate::Client, missing: &str, report: &mut Report) {
    let operation = Operation::within_time(LIMIT);
    let organizations = api.collection::<Organization>(Uuid::nil());
    let answer = pin!(organizations.walk(&operation)).try_next().await;
    let unreached = answer.err().map(|error| (reached(&error), error)).filter(|(reached, _)| *reached < WITHOUT_KEY);
    passed(api, unreached.as_ref().map(|(reached, error)| (*reached, error)), WITHOUT_KEY, report);
    let tried = match unreached {
        Some((reached, error)) => {
            report.failed(REQUESTS[reached], messages::list_failed(&TERMS, &error));
            reached + 1
        }
        None => WITHOUT_KEY,
    };
    let (before, after) = REQUESTS[tried..].split_at(WITHOUT_KEY.saturating_sub(tried));
    skip(before, report, "the check above must pass first");
    skip(after, report, &format!("`{missing}` must be set correctly first"));
}

async fn requests(
    api: &deepslate::Client,
    vendor_id: Uuid,
    organization_id: &Result<Option<Uuid>, Diagnostic>,
    report: &mut Report,
) {
    let operation = Operation::within_time(LIMIT);
    let organizations = api.collection::<Organization>(vendor_id);
    let mut listed = pin!(organizations.walk(&operation));
    let first = listed.try_next().await;
    passed(api, first.as_ref().err().map(|error| (reached(error), error)), REQUESTS.len() - 1, report);
    let mut current = match first {
        Ok(first) => first,
        Err(error) if error.kind == ErrorKind::Forbidden && error.is_deepslates() => {
            report.not_tried("vendor", "this API key cannot list organizations");
            return organization(api, vendor_id, organization_id, report).await;
        }
        Err(error) => {
            let reached = reached(&error);
            report.failed(REQUESTS[reached], messages::list_failed(&TERMS, &error));
            return skip(&REQUESTS[reached + 1..], report, "the check above must pass first");
        }
    };
    let Some(organization_id) = known(organization_id, report) else { return };
    while let Some(found) = current {
        if found == organization_id {
            return report.ok("organization", "the organization exists");
        }
        current = match listed.try_next().await {
            Ok(next) => next,
            Err(error) => return report.failed("organization", messages::list_failed(&TERMS, &error)),
        };
    }
    report.failed("organization", unknown_organization(vendor_id, organization_id));
}

/// The organization by its own list, for a key that cannot list organizations.
async fn organization(
    api: &deepslate::Client,
    vendor_id: Uuid,
    id: &Result<Option<Uuid>, Diagnostic>,
    report: &mut Report,
) {
    let Some(id) = known(id, report) else { return };
    let operation = Operation::within_time(LIMIT);
    let credentials = api.collection::<deepslate::SipCredentials>(OrganizationRef { vendor_id, id });
    let first = pin!(credentials.walk(&operation)).try_next().await;
    match first {
        Ok(_) => report.ok("organization", "the organization's SIP credentials can be listed"),
        Err(error) => report.failed("organization", messages::list_failed(&SipCredentials::TERMS, &error)),
    }
}

/// The lines of [`REQUESTS`] that passed, of the first `asked`, with the number that a failed request reached.
fn passed(api: &deepslate::Client, failure: Option<(usize, &Error)>, asked: usize, report: &mut Report) {
    let words = ["the host answers", "", "the API key is accepted", "the vendor's organizations can be listed"];
    let reached = failure.map_or(asked, |(reached, _)| reached.min(asked));
    let unsent = failure.is_some_and(|(_, error)| error.kind == ErrorKind::NoCertificates);
    for (name, words) in REQUESTS.into_iter().zip(words).take(reached) {
        match (name, api.trusted()) {
            _ if unsent => report.not_tried(name, "no request was sent"),
            ("certificate", _) if !api.base_url().is_encrypted() => {
                report.not_tried(name, "`base_url` begins with `http`, so there is no certificate");
            }
            ("certificate", Some(origin)) => report.ok(name, format!("the certificate is trusted: {origin}")),
            ("certificate", None) => report.ok(name, "the operating system trusts the certificate"),
            _ => report.ok(name, words),
        }
    }
}

/// The number of [`REQUESTS`] that passed before this failure.
fn reached(error: &Error) -> usize {
    match &error.kind {
        ErrorKind::Tls | ErrorKind::AuthorityAsServer | ErrorKind::NoCertificates => 1,
        kind if kind.is_network() => 0,
        // Only Deepslate itself can accept a key.
        kind if *kind == ErrorKind::Unauthorized || !error.is_deepslates() => 2,
        _ => 3,
    }
}

fn skip(names: &[&'static str], report: &mut Report, reason: &str) {
    for name in names {
        report.not_tried(name, reason);
    }
}

/// The organization to look for. Without one, the line says why nothing is tried.
fn known(id: &Result<Option<Uuid>, Diagnostic>, report: &mut Report) -> Option<Uuid> {
    let reason = match id {
        Ok(Some(id)) => return Some(*id),
        Ok(None) => format!("`{ORGANIZATION_ID}` is not set"),
        Err(_) => format!("`{ORGANIZATION_ID}` must be set correctly first"),
    };
    report.not_tried("organization", reason);
    None
}

fn unknown_organization(vendor_id: Uuid, organization_id: Uuid) -> Diagnostic {
    let detail = format!(
        "Vendor {vendor_id} has no organization {organization_id} that this API key can access. Check \
         `{ORGANIZATION_ID}` and `{VENDOR_ID}`."
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
