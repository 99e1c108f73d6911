//! Lists: what they are asked for with, how often, and what they never lose.

use std::time::Duration;

use deepslate_emulator::{Config, Fault};
use testkit::faults::refusal;
use testkit::{ORGANIZATION, OTHER_ORGANIZATION, VENDOR, Workspace, credentials, existing, for_each_cli, tell, uuid};
use uuid::Uuid;

use crate::{new_workspace, workspace_with_api};

const COUNT: usize = 500;

/// How many phone numbers are created at once: 100, or as many as `NUMBERS` says.
fn many_numbers() -> usize {
    testkit::number("NUMBERS", 100)
}

#[test]
fn five_hundred_lookups_by_name_share_one_listing() {
    for_each_cli(|cli| {
        let id = |number: usize| Uuid::from_u128(number as u128 + 1);
        let organizations = (0..COUNT).map(|number| (uuid(VENDOR), id(number), format!("Company {number}"))).collect();
        let workspace = workspace_with_api(cli, Config { organizations, ..Config::default() });
        workspace.write(
            "main",
            format!(
                "data \"deepslate_organization\" \"all\" {{\n  count = {COUNT}\n  company_name = \"Company \
                 ${{count.index}}\"\n}}\noutput \"last\" {{\n  value = data.deepslate_organization.all[{}].id\n}}",
                COUNT - 1
            ),
        );
        workspace.succeed(&["plan"]).mentions(&[&id(COUNT - 1).to_string()]);
        let count = workspace.api.requests().len();
        tell(&format!("{COUNT} lookups: {count} requests"));
        assert!(count <= 10, "{count} requests");
    });
}

#[test]
fn a_server_that_refuses_parameters_is_listed_all_the_same() {
    for_each_cli(|cli| {
        for (refuses_sort, refuses_size) in [(true, false), (true, true), (false, true)] {
            let config = Config { refuses_sort, refuses_size, ..Config::default() };
            let workspace = workspace_with_api(cli, config);
            workspace.write("main", credentials("main", "count = 45\nusername = \"agent-${count.index}\""));
            workspace.apply();
            let refused = workspace.api.requests().iter().filter(|request| request.status == Some(400)).count();
            assert!(refused <= 2, "{refused} refusals");
            workspace.assert_plan_is_empty();
            workspace.write(
                "data",
                "data \"deepslate_sip_credentials_list\" \"all\" {}\noutput \"count\" {\n  value = \
                 length(data.deepslate_sip_credentials_list.all.ids)\n}",
            );
            workspace.apply().mentions(&["count = 45"]);
        }
    });
}

#[test]
fn an_own_500_to_a_sorted_list_is_not_the_end() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.fault("GET", "sort=", refusal(500, "no property id"));
        insert_numbers(&workspace, 3);
        workspace.write("main", numbers());
        workspace.apply().mentions(&["count = 3"]);
    });
}

#[test]
fn lists_are_asked_for_in_a_stable_order() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        insert_numbers(&workspace, 3);
        workspace.write("main", numbers());
        workspace.apply().mentions(&["count = 3"]);
        let lists = workspace.received("GET");
        assert!(lists.iter().all(|request| request.query.contains("sort=id,asc")), "{lists:?}");
    });
}

#[test]
fn the_numbers_of_many_accounts_are_listed_several_at_once() {
    for_each_cli(|cli| {
        let workspace = workspace_with_api(cli, Config { latency: Duration::from_millis(100), ..Config::default() });
        insert_numbers(&workspace, 80);
        workspace.write("main", numbers());
        workspace.apply().mentions(&["count = 80"]);
        assert!(workspace.api.most_requests_at_once() >= 8);
    });
}

#[test]
fn numbers_under_one_account_cost_a_few_requests_more_than_their_creates() {
    for_each_cli(|cli| {
        let (workspace, count) = (new_workspace(cli), many_numbers());
        let number = "resource \"deepslate_sip_phone_number\" \"all\" {\n  count = COUNT\n  sip_credentials_id = \
                      deepslate_sip_credentials.main.id\n  phone_number = \"+4930${100000 + count.index}\"\n}\n";
        workspace.write("main", credentials("main", "") + &number.replace("COUNT", &count.to_string()));
        workspace.apply();
        let (creates, others) = requests_for_numbers(&workspace);
        tell(&format!("{count} numbers under one account: {creates} creates, {others} other requests"));
        assert_eq!((creates, workspace.api.phone_numbers().len()), (count, count));
        assert!(others <= 40, "{others} requests");
    });
}

#[test]
fn a_number_under_an_account_of_its_own_costs_one_request_more_than_its_create() {
    for_each_cli(|cli| {
        let (workspace, count) = (new_workspace(cli), many_numbers());
        let number = "resource \"deepslate_sip_phone_number\" \"all\" {\n  count = COUNT\n  sip_credentials_id = \
                      deepslate_sip_credentials.main[count.index].id\n  phone_number = \"+4930123456\"\n}\n";
        workspace.write(
            "main",
            format!("{}{number}", credentials("main", "count = COUNT\nusername = \"agent-${count.index}\""))
                .replace("COUNT", &count.to_string()),
        );
        workspace.apply();
        let (creates, others) = requests_for_numbers(&workspace);
        tell(&format!("{count} numbers under {count} accounts: {creates} creates, {others} other requests"));
        assert_eq!((creates, workspace.api.phone_numbers().len()), (count, count));
        assert!(others <= count, "{others} requests");
    });
}

/// How many phone numbers were sent to be created, and how many requests of another kind there were for them.
fn requests_for_numbers(workspace: &Workspace) -> (usize, usize) {
    let requests = workspace.api.requests();
    let (creates, others): (Vec<_>, Vec<_>) = requests
        .iter()
        .filter(|request| request.path.contains("/phone-numbers"))
        .partition(|request| request.method == "POST");
    (creates.len(), others.len())
}

#[test]
fn credentials_just_after_their_numbers_are_deleted_when_the_api_allows_it() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        let effect = refusal(409, "in use");
        let fault = Fault { method: Some("DELETE"), path: String::new(), times: Some(2), effect };
        workspace.api.fault(fault.clone());
        workspace.destroy();
        assert!(workspace.api.credentials().is_empty());

        workspace.write("main", credentials("main", "timeouts {\n  delete = \"3s\"\n}"));
        workspace.apply();
        workspace.api.fault(Fault { times: None, ..fault });
        let output = workspace.fail(&["destroy", "-auto-approve"]);
        output.mentions(&["409", "in use", "found none", "agents"]);
        let path = "/phone-numbers".to_owned();
        workspace.api.fault(Fault { method: Some("GET"), path, times: None, effect: refusal(405, "no list") });
        let output = workspace.fail(&["destroy", "-auto-approve"]);
        output.mentions(&["409", "in use", "could not list what depends"]);
        assert!(!output.text().contains("found none"));
        assert_eq!(workspace.names_in_state(), ["main"]);
    });
}

/// Credentials, each with one number.
fn insert_numbers(workspace: &Workspace, count: u128) {
    for number in 1..=count {
        let id = Uuid::from_u128(number);
        workspace.api.insert(existing(ORGANIZATION, &id.to_string()));
        workspace.api.insert_phone_number(deepslate_emulator::PhoneNumber {
            sip_credentials_id: id,
            id: Uuid::from_u128(1000 + number),
            phone_number: format!("+4930{number:06}"),
            fallback: false,
        });
    }
    workspace.api.insert(existing(OTHER_ORGANIZATION, &Uuid::from_u128(9999).to_string()));
}

fn numbers() -> &'static str {
    "data \"deepslate_sip_phone_numbers\" \"all\" {}\noutput \"count\" {\n  value = \
     length(data.deepslate_sip_phone_numbers.all.ids)\n}"
}
