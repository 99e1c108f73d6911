//! A wrong environment never empties a state: an object is gone only if that is proven.

use deepslate_emulator::{Config, Emulator, Fault, Operation};
use testkit::faults::refusal;
use testkit::{
    API_KEY, Cli, ORGANIZATION, OTHER_ORGANIZATION, VENDOR, Workspace, credentials, existing, for_each_cli,
    one_organization, tell, uuid,
};

use crate::workspace_with_api;

/// What each message about a wrong environment names.
const SETTINGS: &[&str] =
    &["`vendor_id`", "`organization_id`", "API key", "`base_url`", "state was not changed", "terraform state rm"];

/// Credentials and a phone number, applied.
fn two(cli: &Cli, config: Config) -> Workspace {
    let workspace = workspace_with_api(cli, config);
    let number = "resource \"deepslate_sip_phone_number\" \"number\" {\n  sip_credentials_id = \
                  deepslate_sip_credentials.main.id\n  phone_number = \"+49301234567\"\n}\n";
    workspace.write("main", credentials("main", "") + number);
    workspace.apply();
    workspace
}

/// Plans, applies and destroys in the wrong environment: each fails, names the settings, and keeps the state.
#[track_caller]
fn assert_refused(workspace: &Workspace) {
    let before = workspace.state();
    for command in [&["plan"][..], &["apply", "-auto-approve"], &["destroy", "-auto-approve"]] {
        workspace.fail(command).mentions(SETTINGS);
        assert_eq!(workspace.state(), before, "{command:?}");
    }
    // Without a refresh, the first call is the one that deletes.
    let output = workspace.fail(&["destroy", "-auto-approve", "-refresh=false"]);
    output.mentions(SETTINGS);
    assert_eq!(workspace.state(), before);
}

/// The same state works in the right environment.
#[track_caller]
fn assert_works_again(workspace: &Workspace) {
    workspace.assert_plan_is_empty();
    assert_eq!((workspace.api.credentials().len(), workspace.api.phone_numbers().len()), (1, 1));
    workspace.destroy();
    assert!(workspace.api.credentials().is_empty());
}

#[test]
fn a_key_that_hides_objects_by_a_404_keeps_the_state() {
    for_each_cli(|cli| {
        let workspace = two(cli, one_organization());
        let below = format!("/organizations/{ORGANIZATION}");
        for method in ["GET", "PUT", "DELETE"] {
            workspace.fault(method, &below, refusal(404, "organization not found"));
        }
        assert_refused(&workspace);
        workspace.api.clear_faults();
        assert_works_again(&workspace);
    });
}

#[test]
fn a_staging_server_keeps_the_state() {
    for_each_cli(|cli| {
        let mut workspace = two(cli, one_organization());
        for lists_unknown_organizations in [false, true] {
            let organizations = vec![(uuid(VENDOR), uuid(OTHER_ORGANIZATION), "Staging".to_owned())];
            let config =
                Config { api_key: API_KEY.to_owned(), organizations, lists_unknown_organizations, ..Config::default() };
            let staging = Emulator::start(config).expect("the API starts");
            let right = workspace.api.url();
            workspace.set_env("DEEPSLATE_BASE_URL", &staging.url());
            assert_refused(&workspace);
            workspace.set_env("DEEPSLATE_BASE_URL", &right);
        }
        assert_works_again(&workspace);
    });
}

#[test]
fn a_wrong_path_keeps_the_state() {
    for_each_cli(|cli| {
        let mut workspace = two(cli, Config { wraps_unknown_routes: true, ..one_organization() });
        let right = workspace.api.url();
        workspace.set_env("DEEPSLATE_BASE_URL", &format!("{right}/elsewhere"));
        assert_refused(&workspace);
        workspace.set_env("DEEPSLATE_BASE_URL", &right);
        assert_works_again(&workspace);
    });
}

#[test]
fn a_doubled_path_is_refused_with_the_url_to_write() {
    for_each_cli(|cli| {
        let mut workspace = two(cli, Config { wraps_unknown_routes: true, ..one_organization() });
        let right = workspace.api.url();
        for suffix in ["/api/v1", "/api/v1/", "/api", "/gateway/api/v1", "/api/v1/vendors/x/organizations"] {
            workspace.set_env("DEEPSLATE_BASE_URL", &format!("{right}{suffix}"));
            let expected =
                if suffix.starts_with("/gateway") { format!("{right}/gateway`") } else { format!("{right}`") };
            for command in [&["plan"][..], &["apply", "-auto-approve"], &["destroy", "-auto-approve"]] {
                workspace.fail(command).mentions(&["DEEPSLATE_BASE_URL", &expected]);
            }
            workspace.write("provider", format!("provider \"deepslate\" {{\n  base_url = \"{right}{suffix}\"\n}}"));
            workspace.fail(&["validate"]).mentions(&["base_url", &expected]);
            workspace.remove("provider");
        }
        workspace.set_env("DEEPSLATE_BASE_URL", &right);
        assert_works_again(&workspace);
    });
}

#[test]
fn a_wrong_organization_keeps_the_state() {
    for_each_cli(|cli| {
        let workspace = two(cli, one_organization());
        let right = workspace.read_state();
        let mut wrong = right.clone();
        for resource in wrong["resources"].as_array_mut().expect("resources") {
            resource["instances"][0]["attributes"]["organization_id"] = OTHER_ORGANIZATION.into();
        }
        workspace.write_state(&wrong);
        assert_refused(&workspace);
        workspace.write_state(&right);
        assert_works_again(&workspace);
    });
}

#[test]
fn an_object_that_is_proven_gone_is_created_again() {
    for_each_cli(|cli| {
        let config = || Config { lists_unknown_organizations: true, ..one_organization() };
        for config in [config(), Config { without: vec![Operation::ListSipCredentials], ..config() }] {
            let workspace = two(cli, config);
            workspace.api.remove(workspace.api.credentials()[0].id);
            assert_eq!(workspace.plan(&[]), ["main: create", "number: create"]);
            workspace.succeed(&["apply", "plan"]);
            assert_works_again(&workspace);
        }
    });
}

#[test]
fn an_organization_that_cannot_be_verified_is_a_warning() {
    for_each_cli(|cli| {
        let workspace = two(cli, Config { forbids_organizations: true, ..one_organization() });
        workspace.api.remove(workspace.api.credentials()[0].id);
        let output = workspace.succeed(&["plan"]);
        output.mentions(&["Warning", "Could not verify the organization", "403", "`vendor_id`", "2 to add"]);
    });
}

#[test]
fn a_delete_that_the_server_does_not_know_is_no_success() {
    for_each_cli(|cli| {
        for without in [
            vec![Operation::DeleteSipCredentials],
            vec![Operation::DeletePhoneNumber],
            vec![Operation::DeletePhoneNumber, Operation::GetPhoneNumber, Operation::ListPhoneNumbers],
        ] {
            let config = Config { wraps_unknown_routes: true, without, ..one_organization() };
            let workspace = two(cli, config);
            let output = workspace.fail(&["destroy", "-auto-approve"]);
            output.mentions(&["the server does not support this request", "Deepslate's console", "terraform state rm"]);
            assert_eq!(workspace.api.credentials().len(), 1);
            assert!(workspace.names_in_state().contains(&"main".to_owned()));
        }
    });
}

#[test]
fn a_number_that_cannot_be_read_is_kept() {
    for_each_cli(|cli| {
        for wraps_unknown_routes in [true, false] {
            let without = vec![Operation::GetPhoneNumber, Operation::ListPhoneNumbers];
            let workspace = two(cli, Config { wraps_unknown_routes, without, ..one_organization() });
            let plan = workspace.run(&["plan", "-detailed-exitcode"]);
            assert_eq!(plan.code, Some(0), "{plan}");
            plan.mentions(&["Warning", "Could not read phone number"]);
        }
    });
}

#[test]
fn an_object_that_the_list_still_shows_is_waited_for() {
    for_each_cli(|cli| {
        let workspace = two(cli, one_organization());
        let one = format!("/sip/credentials/{}", workspace.api.credentials()[0].id);
        let effect = refusal(404, "no such credentials");
        let fault = Fault { method: Some("GET"), path: one, times: Some(2), effect };
        workspace.write("main", credentials("main", "hostname = \"sip.example.com\""));
        workspace.succeed(&["state", "rm", "deepslate_sip_phone_number.number"]);
        workspace.api.remove_phone_number(workspace.api.phone_numbers()[0].id);
        workspace.api.fault(fault.clone());
        workspace.assert_plan_is_empty();

        workspace.api.fault(Fault { times: None, ..fault });
        let output = workspace.fail(&["plan"]);
        output.mentions(&["contradict", "state was not changed", "terraform state rm"]);
        assert_eq!(workspace.names_in_state(), ["main"]);
    });
}

#[test]
fn an_import_of_a_missing_object_names_the_settings() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, one_organization());
        workspace.write("main", credentials("main", ""));
        let id = "00000000-0000-4000-8000-000000000001";
        let import = format!("{VENDOR}/{OTHER_ORGANIZATION}/{id}");
        workspace.fail(&["import", "deepslate_sip_credentials.main", &import]).mentions(SETTINGS);
        let import = format!("{VENDOR}/{ORGANIZATION}/{id}");
        workspace.fail(&["import", "deepslate_sip_credentials.main", &import]).mentions(&["not found"]);
    });
}

#[test]
fn a_hundred_deleted_objects_cost_a_hundred_and_ten_requests_more_than_the_list() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, one_organization());
        workspace.write("main", credentials("main", "count = 100\nusername = \"agent-${count.index}\""));
        workspace.apply();
        workspace.api.insert(existing(ORGANIZATION, "00000000-0000-4000-8000-000000000001"));
        // If no object is gone, there are no extra requests.
        workspace.api.clear_requests();
        workspace.assert_plan_is_empty();
        let requests = workspace.api.requests();
        assert!(requests.iter().all(|request| !request.path.ends_with("/organizations")), "{requests:?}");
        tell(&format!("nothing is gone: {} requests", requests.len()));
        assert!(requests.len() <= 3, "{} requests", requests.len());

        for object in workspace.api.credentials() {
            if object.username != "agent" {
                workspace.api.remove(object.id);
            }
        }
        workspace.api.clear_requests();
        workspace.succeed(&["plan"]).mentions(&["100 to add"]);
        let count = workspace.api.requests().len();
        tell(&format!("100 are gone: {count} requests"));
        assert!(count <= 111, "{count} requests");
    });
}

#[test]
fn one_deleted_object_costs_two_requests_more_than_its_get() {
    for_each_cli(|cli| {
        let workspace = two(cli, one_organization());
        workspace.api.remove_phone_number(workspace.api.phone_numbers()[0].id);
        workspace.api.clear_requests();
        assert_eq!(workspace.plan(&[]), ["number: create"]);
        // Both objects, the list of numbers, and the credentials above it.
        assert_eq!(workspace.api.requests().len(), 4);
    });
}
