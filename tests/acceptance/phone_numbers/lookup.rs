//! The data source for one phone number.

use deepslate_emulator::{Config, Operation};
use testkit::{ORGANIZATION, VENDOR, Workspace, assert_mentions, for_each_cli};

use super::{CREDENTIALS, OTHER_CREDENTIALS, existing_number, id, prepare};
use crate::workspace_with_api;

/// A number under each of two accounts, and the same number under both.
fn workspace(cli: &'static testkit::Cli, config: Config) -> Workspace {
    let workspace = workspace_with_api(cli, config);
    prepare(&workspace);
    for (credentials, number, phone_number) in [
        (CREDENTIALS, 1, "+49301234561"),
        (OTHER_CREDENTIALS, 2, "0049301234562"),
        (CREDENTIALS, 3, "+49309999999"),
        (OTHER_CREDENTIALS, 4, "0049309999999"),
    ] {
        workspace.api.insert_phone_number(existing_number(credentials, &id(number), phone_number));
    }
    workspace
}

fn data(name: &str, lines: &str) -> String {
    format!(
        "data \"deepslate_sip_phone_number\" {name:?} {{\n{lines}\n}}\noutput {name:?} {{\n  value = \
         data.deepslate_sip_phone_number.{name}\n}}\n"
    )
}

#[test]
fn it_is_found_by_its_number_in_any_spelling_or_by_its_id() {
    let under = format!("sip_credentials_id = {OTHER_CREDENTIALS:?}");
    let cases = [
        ("as_it_is", "phone_number = \"+49301234561\"".to_owned(), 1),
        ("other_prefix", "phone_number = \"+49301234562\"".to_owned(), 2),
        ("separators", "phone_number = \"+49 (30) 123-45.61\"".to_owned(), 1),
        ("narrowed", format!("phone_number = \"+49309999999\"\n{under}"), 4),
        ("by_id", format!("id = {:?}", id(2)), 2),
        ("by_id_under", format!("id = {:?}\n{under}", id(2)), 2),
    ];
    for_each_cli(|cli| {
        for without in [vec![], vec![Operation::GetPhoneNumber]] {
            let workspace = workspace(cli, Config { without, ..Config::default() });
            for (name, lines, _) in &cases {
                workspace.write(name, data(name, lines));
            }
            workspace.apply();
            for (name, lines, number) in &cases {
                let found = &workspace.read_state()["outputs"][*name]["value"];
                let credentials = if number % 2 == 0 { OTHER_CREDENTIALS } else { CREDENTIALS };
                assert_eq!(found["id"], id(*number), "{name}");
                assert_eq!(found["sip_credentials_id"], credentials, "{name}");
                assert_eq!((&found["vendor_id"], &found["organization_id"]), (&VENDOR.into(), &ORGANIZATION.into()));
                assert_eq!(found["fallback"], false);
                if let Some(written) = lines.strip_prefix("phone_number = ") {
                    assert_eq!(
                        format!("{}", found["phone_number"]),
                        written.lines().next().unwrap_or_default(),
                        "{name}"
                    );
                }
            }
            workspace.assert_plan_is_empty();
        }
    });
}

#[test]
fn no_match_and_several_matches_are_errors_that_list_similar_objects() {
    for_each_cli(|cli| {
        let workspace = workspace(cli, Config::default());
        let cases = [
            (
                "typing_error",
                "phone_number = \"+49301234563\"".to_owned(),
                vec!["No phone numbers match", "Of all 4", "+49301234561", "0049301234562"],
            ),
            ("national", "phone_number = \"030 1234561\"".to_owned(), vec!["No phone numbers match", "+49301234561"]),
            ("nothing_like_it", "phone_number = \"110\"".to_owned(), vec!["No phone numbers match", ORGANIZATION]),
            (
                "several",
                "phone_number = \"+49309999999\"".to_owned(),
                vec!["Several phone numbers match", "has 2", "`id`"],
            ),
            ("no_id", format!("id = {:?}", id(9)), vec!["No such phone number", "+49301234561"]),
            (
                "no_id_under",
                format!("id = {:?}\nsip_credentials_id = {CREDENTIALS:?}", id(9)),
                vec!["No such phone number"],
            ),
        ];
        for (name, lines, _) in &cases {
            workspace.write(name, data(name, lines));
        }
        let output = workspace.fail(&["plan", "-json"]);
        for (name, _, facts) in &cases {
            assert_mentions(&output.diagnostic(name).text, facts, name);
        }
        assert!(!output.diagnostic("nothing_like_it").text.contains("are similar"));
    });
}

#[test]
fn either_an_id_or_other_arguments_are_required() {
    for_each_cli(|cli| {
        let workspace = workspace(cli, Config::default());
        workspace.write("neither", data("neither", ""));
        workspace.write("both", data("both", &format!("id = {:?}\nphone_number = \"110\"", id(1))));
        let output = workspace.fail(&["validate", "-json"]);
        for (name, fact) in [("neither", "neither is set"), ("both", "both are set")] {
            assert_mentions(&output.diagnostic(name).text, &["`id`", "`phone_number`", fact], name);
        }
    });
}
