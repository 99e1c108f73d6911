//! Spellings of the same number are not a difference.

use deepslate_emulator::Config;
use serde_json::json;
use testkit::for_each_cli;

use super::{CREDENTIALS, existing_number, number, only, prepare};
use crate::{new_workspace, workspace_with_api};

#[test]
fn a_server_may_spell_it_otherwise() {
    for_each_cli(|cli| {
        for (written, prefix, held) in [("0049301234567", "+", "+49301234567"), ("+49301234567", "00", "0049301234567")]
        {
            let config = Config { number_prefix: Some(prefix.to_owned()), ..Config::default() };
            let workspace = workspace_with_api(cli, config);
            prepare(&workspace);
            workspace.write("main", number("main", written, ""));
            workspace.apply();
            assert_eq!(only(&workspace.api).phone_number, held);
            assert_eq!(workspace.attributes("main")["phone_number"], written);
            workspace.assert_plan_is_empty();
            workspace.write("main", number("main", written, "fallback = true"));
            assert_eq!(workspace.plan(&[]), ["main: update fallback"]);
            workspace.succeed(&["apply", "plan"]);
            workspace.assert_plan_is_empty();

            workspace.succeed(&["state", "rm", "deepslate_sip_phone_number.main"]);
            let id = format!("{CREDENTIALS}/{}", only(&workspace.api).id);
            workspace.succeed(&["import", "deepslate_sip_phone_number.main", &id]);
            workspace.assert_plan_is_empty();
        }
    });
}

#[test]
fn a_user_who_spells_it_otherwise_updates_it() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        workspace.write("main", number("main", "+49301234567", ""));
        workspace.apply();
        let id = only(&workspace.api).id;
        for written in ["0049301234567", "+49301234567"] {
            workspace.write("main", number("main", written, ""));
            assert_eq!(workspace.plan(&[]), ["main: update phone_number"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!((only(&workspace.api).phone_number.as_str(), only(&workspace.api).id), (written, id));
            assert_eq!(workspace.attributes("main")["phone_number"], written);
            workspace.assert_plan_is_empty();
        }
        // Another spelling that was written elsewhere is no change, and stays as it is.
        workspace.api.change_phone_number(id, |number| number.phone_number = "0049301234567".to_owned());
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn the_spelling_that_was_found_is_no_change() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        let imported = existing_number(CREDENTIALS, &super::id(7), "0049301234567");
        let id = imported.id;
        workspace.api.insert_phone_number(imported);
        workspace.write("main", number("main", "+49301234567", ""));
        workspace.succeed(&["import", "deepslate_sip_phone_number.main", &format!("{CREDENTIALS}/{id}")]);
        workspace.assert_plan_is_empty();

        // Drift that is taken over: the value in the state is not the configuration's.
        workspace.api.change_phone_number(id, |number| number.phone_number = "0049309999999".to_owned());
        workspace.succeed(&["apply", "-refresh-only", "-auto-approve"]);
        workspace.write("main", number("main", "+49309999999", ""));
        workspace.assert_plan_is_empty();

        // An update that is sent anyway has the number as the configuration writes it.
        workspace.write("main", number("main", "+49309999999", "fallback = true"));
        assert_eq!(workspace.plan(&[]), ["main: update fallback phone_number"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(only(&workspace.api).phone_number, "+49309999999");
        workspace.assert_plan_is_empty();
        workspace.write("main", number("main", "0049309999999", "fallback = true"));
        assert_eq!(
            workspace.plan(&[]),
            ["main: update phone_number"],
            "from now on, the spelling is the configuration's"
        );
    });
}

#[test]
fn another_number_is_drift() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        workspace.write("main", number("main", "+49301234567", ""));
        workspace.apply();
        let id = only(&workspace.api).id;
        workspace.api.change_phone_number(id, |number| number.phone_number = "+49301234568".to_owned());
        assert_eq!(workspace.plan(&[]), ["main: update phone_number"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(only(&workspace.api), existing_number(CREDENTIALS, &id.to_string(), "+49301234567"));
        assert_eq!(workspace.attributes("main")["id"], json!(id.to_string()), "in place");
    });
}

#[test]
fn separators_are_refused_with_a_suggestion() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let cases = [
            ("spaces", "+49 30 1234567", "as in `+49301234567`"),
            ("trunk", "+49 (0)30/123-45.67", "as in `+49301234567`"),
            ("line_break", "+49301234567\r\n", "as in `+49301234567`"),
            ("words", "CALL-ME", "3 to 15 digits"),
            ("empty", "", "3 to 15 digits"),
        ];
        for (name, written, _) in cases {
            workspace.write(name, number(name, written, ""));
        }
        let output = workspace.fail(&["validate", "-json"]);
        for (name, _, expected) in cases {
            let diagnostic = output.diagnostic(name);
            assert!(diagnostic.text.contains("Invalid value for `phone_number`"), "{diagnostic:?}");
            assert!(diagnostic.text.contains(expected), "{diagnostic:?}");
            assert!(diagnostic.line.starts_with("phone_number"), "{diagnostic:?}");
        }
    });
}

#[test]
fn an_unusual_number_is_sent_with_a_warning() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        let cases = [
            ("letters", "CALLME", "3 to 15 digits"),
            ("short", "12", "3 to 15 digits"),
            ("long", "+12345678901234567890", "3 to 15 digits"),
            ("bare", "49301234567", "as in `+49301234567`"),
        ];
        for (name, written, _) in cases {
            workspace.write(name, number(name, written, ""));
        }
        let output = workspace.succeed(&["validate", "-json"]);
        for (name, _, expected) in cases {
            let diagnostic = output.diagnostic(name);
            assert_eq!(diagnostic.severity, "warning");
            assert!(diagnostic.text.contains("Unusual value for `phone_number`"), "{diagnostic:?}");
            assert!(diagnostic.text.contains(expected), "{diagnostic:?}");
            assert!(diagnostic.line.starts_with("phone_number"), "{diagnostic:?}");
        }
        workspace.apply();
        let mut sent: Vec<_> = workspace.api.phone_numbers().into_iter().map(|number| number.phone_number).collect();
        sent.sort();
        assert_eq!(sent, ["+12345678901234567890", "12", "49301234567", "CALLME"]);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn the_fallback_is_sent_only_if_it_is_configured() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        prepare(&workspace);
        workspace.write("main", number("main", "+49301234567", ""));
        workspace.apply();
        let sent = workspace.received("POST")[0].body.clone().expect("JSON");
        assert_eq!(sent, json!({ "phoneNumber": "+49301234567" }));
        assert_eq!(workspace.attributes("main")["fallback"], json!(false));

        let id = only(&workspace.api).id;
        workspace.api.change_phone_number(id, |number| number.fallback = true);
        workspace.assert_plan_is_empty();
        workspace.write("main", number("main", "+49301234568", ""));
        workspace.apply();
        assert!(only(&workspace.api).fallback, "a change of the number leaves it alone");
        workspace.write("main", number("main", "+49301234568", "fallback = false"));
        workspace.apply();
        assert!(!only(&workspace.api).fallback);
        workspace.assert_plan_is_empty();
    });
}
