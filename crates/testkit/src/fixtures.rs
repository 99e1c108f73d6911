//! IDs, keys, objects and configurations that many tests use.

use deepslate_emulator::{Config, Credentials};
use uuid::Uuid;

/// The vendor in a workspace's environment.
pub const VENDOR: &str = "11111111-1111-4111-8111-111111111111";
/// The organization in a workspace's environment.
pub const ORGANIZATION: &str = "22222222-2222-4222-8222-222222222222";
/// A second organization of the same vendor.
pub const OTHER_ORGANIZATION: &str = "33333333-3333-4333-8333-333333333333";
/// The only API key that a workspace's API accepts. Neither the key nor the password occurs in any other text, so a test can find a leak.
pub const API_KEY: &str = "key-8d1f63b2";
/// The password of [`credentials`].
pub const PASSWORD: &str = "password-e07c94a5";

/// Returns the path of an organization's SIP credentials.
pub fn credentials_path(organization: &str) -> String {
    format!("/api/v1/vendors/{VENDOR}/organizations/{organization}/sip/credentials")
}

/// Returns an API in which only [`ORGANIZATION`] exists. By default every organization does.
pub fn one_organization() -> Config {
    Config { organizations: vec![(uuid(VENDOR), uuid(ORGANIZATION), "Acme".to_owned())], ..Config::default() }
}

/// Returns SIP credentials that Terraform did not create: as [`credentials`] describes them, except for the password.
pub fn existing(organization: &str, id: &str) -> Credentials {
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

/// Parses an ID.
pub fn uuid(text: &str) -> Uuid {
    Uuid::parse_str(text).expect("a UUID")
}

/// Returns a valid resource, except for `lines`: they replace attributes of the same name, or are added. `password_wo` replaces
/// `password`.
pub fn credentials(name: &str, lines: &str) -> String {
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
