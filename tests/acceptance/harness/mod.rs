//! Finds the command lines to test with, and runs them in workspaces that share nothing.

mod cli;
pub(crate) mod faults;
mod kinds;
mod leaks;
mod output;
mod plan;
mod running;
mod workspace;

use std::env;
use std::fmt::Debug;
use std::str::FromStr;

use deepslate_emulator::{Config, Credentials};
use uuid::Uuid;

pub(crate) use cli::{
    Cli, Feature, IDENTITY, IMPORT_BLOCKS, MOVES_BETWEEN_TYPES, QUERY, TERRAFORM_DATA, WRITE_ONLY, clis, for_each_cli,
    for_each_cli_with, tell,
};
pub(crate) use kinds::{KINDS, Kind, Objects};
pub(crate) use leaks::{files_with, spelling_in};
pub(crate) use output::{Diagnostic, assert_mentions};
pub(crate) use running::{is_alive, kill};
pub(crate) use workspace::{Workspace, provider_binary, wait_until};

/// The tenant that a workspace's environment names.
pub(crate) const VENDOR: &str = "11111111-1111-4111-8111-111111111111";
/// The organization that a workspace's environment names.
pub(crate) const ORGANIZATION: &str = "22222222-2222-4222-8222-222222222222";
/// A second organization of the same vendor.
pub(crate) const OTHER_ORGANIZATION: &str = "33333333-3333-4333-8333-333333333333";
/// The one key that the local API takes. Neither it nor the password occurs in any other text, so that a leak is found.
pub(crate) const API_KEY: &str = "key-8d1f63b2";
/// The password of [`credentials`].
pub(crate) const PASSWORD: &str = "password-e07c94a5";

/// The path of an organization's SIP credentials.
pub(crate) fn credentials_path(organization: &str) -> String {
    format!("/api/v1/vendors/{VENDOR}/organizations/{organization}/sip/credentials")
}

/// An API in which only [`ORGANIZATION`] exists, where it else takes any.
pub(crate) fn one_organization() -> Config {
    Config { organizations: vec![(uuid(VENDOR), uuid(ORGANIZATION), "Acme".to_owned())], ..Config::default() }
}

/// What the API holds without Terraform's doing: as [`credentials`] describes it, but for the password.
pub(crate) fn existing(organization: &str, id: &str) -> Credentials {
    Credentials {
        vendor_id: uuid(VENDOR),
        organization_id: uuid(organization),
        id: uuid(id),
        hostname: "sip.example.com".to_owned(),
        port: 5060,
        username: "agent".to_owned(),
        password: "set by someone else".to_owned(),
        max_agent_tasks: 10,
    }
}

/// A number that the environment may set, of a test that can take long.
pub(crate) fn number<T: FromStr<Err: Debug>>(variable: &str, default: T) -> T {
    env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

/// The text as an id.
pub(crate) fn uuid(text: &str) -> Uuid {
    Uuid::parse_str(text).expect("a UUID")
}

/// A resource that is right in all it says, but for `lines`: they replace the attributes of the same name, or add to
/// them. `password_wo` takes the place of `password`.
pub(crate) fn credentials(name: &str, lines: &str) -> String {
    let usual = [
        ("hostname", r#""sip.example.com""#.to_owned()),
        ("port", "5060".to_owned()),
        ("username", r#""agent""#.to_owned()),
        ("password", format!("{PASSWORD:?}")),
    ];
    let says = |name: &str| lines.lines().any(|line| line.split('=').next().is_some_and(|key| key.trim() == name));
    let given = |name: &str| says(name) || (name == "password" && says("password_wo"));
    let mut block = vec![format!("resource \"deepslate_sip_credentials\" \"{name}\" {{")];
    let kept = usual.iter().filter(|(attribute, _)| !given(attribute));
    block.extend(kept.map(|(attribute, value)| format!("  {attribute} = {value}")));
    block.push(format!("{lines}\n}}\n"));
    block.join("\n")
}
