//! Phone numbers under SIP credentials.

mod customer;
mod lookup;
mod reduced;
mod replaced;
mod spelling;
mod taking_over;
mod unknown_outcome;

use deepslate_emulator::{Emulator, PhoneNumber};
use testkit::{ORGANIZATION, Workspace, existing};
use uuid::Uuid;

/// The credentials that the numbers of most tests are under.
const CREDENTIALS: &str = "bbbbbbbb-0000-4000-8000-000000000001";
/// Other credentials of the same organization.
const OTHER_CREDENTIALS: &str = "bbbbbbbb-0000-4000-8000-000000000002";

/// Puts the credentials there that numbers can be under.
fn prepare(workspace: &Workspace) {
    for id in [CREDENTIALS, OTHER_CREDENTIALS] {
        workspace.api.insert(existing(ORGANIZATION, id));
    }
}

/// A resource with this name and number under [`CREDENTIALS`], and additional `lines`.
fn number(name: &str, phone_number: &str, lines: &str) -> String {
    format!(
        "resource \"deepslate_sip_phone_number\" \"{name}\" {{\n  sip_credentials_id = {CREDENTIALS:?}\n  \
         phone_number = {phone_number:?}\n{lines}\n}}\n"
    )
}

/// The objects in the API that Terraform did not create.
fn existing_number(credentials: &str, id: &str, phone_number: &str) -> PhoneNumber {
    PhoneNumber {
        sip_credentials_id: credentials.parse().expect("a UUID"),
        id: id.parse().expect("a UUID"),
        phone_number: phone_number.to_owned(),
        fallback: false,
    }
}

/// The only number that there is.
#[track_caller]
fn only(api: &Emulator) -> PhoneNumber {
    let mut numbers = api.phone_numbers();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    numbers.remove(0)
}

fn id(number: u128) -> String {
    Uuid::from_u128(number).to_string()
}
