//! `password_wo`: a password that is in the configuration alone, and that the API receives all the same.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::harness::faults::refusal;
use crate::harness::{
    ORGANIZATION, PASSWORD, WRITE_ONLY, Workspace, assert_mentions, credentials, existing, files_with, for_each_cli,
    for_each_cli_with,
};

const NEW_PASSWORD: &str = "password-77b1d0ce";

/// The password comes from outside, as Terraform hands on any ephemeral value: known in each phase, and written down in none.
const VARIABLE: &str = "variable \"sip\" {\n  type = object({ password = string })\n  ephemeral = true\n}\n";
const COUNTED: &str = "password_wo = var.sip.password";
const VERSION_1: &str = "password_wo = var.sip.password\npassword_wo_version = 1";
const VERSION_2: &str = "password_wo = var.sip.password\npassword_wo_version = 2";

fn set_password(workspace: &mut Workspace, password: &str) {
    workspace.set_env("TF_VAR_sip", &json!({ "password": password }).to_string());
}

/// The passwords that the API received with this method, oldest first; null where one is missing.
fn passwords(workspace: &Workspace, method: &str) -> Vec<Value> {
    workspace
        .received(method)
        .iter()
        .map(|request| request.body.as_ref().unwrap_or(&Value::Null)["password"].clone())
        .collect()
}

fn version(workspace: &Workspace) -> Value {
    workspace.attributes("main")["password_wo_version"].clone()
}

/// Runs a test with a resource whose password is ephemeral.
fn with_ephemeral_password(lines: &str, test: impl Fn(&mut Workspace) + Sync) {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let mut workspace = Workspace::new(cli);
        set_password(&mut workspace, PASSWORD);
        workspace.write("main", VARIABLE.to_owned() + &credentials("main", lines));
        test(&mut workspace);
    });
}

fn write(workspace: &Workspace, lines: &str) {
    workspace.write("main", VARIABLE.to_owned() + &credentials("main", lines));
}

// === Where the password is, and where it is not ===

#[test]
fn the_api_receives_the_password_and_no_file_holds_it() {
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(lines, |workspace| {
            assert_eq!(workspace.plan(&[]), ["main: create"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "POST"), [PASSWORD]);
            assert_eq!(version(workspace), 1);

            // Another attribute: PUT replaces whole objects.
            write(workspace, &format!("{lines}\nport = 5061"));
            assert_eq!(workspace.plan(&[]), ["main: update port"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT"), [PASSWORD]);
            assert_eq!(version(workspace), 1);

            assert!(workspace.attributes("main")["password_wo"].is_null());
            workspace.assert_plan_is_empty();
            assert_eq!(files_with(PASSWORD, &workspace.path("")), Vec::<String>::new());
        });
    }
}

#[test]
fn a_password_that_is_not_write_only_is_found_where_the_other_is_not() {
    for_each_cli(|cli| {
        let mut workspace = Workspace::new(cli);
        workspace.set_env("TF_VAR_password", PASSWORD);
        workspace.write(
            "main",
            "variable \"password\" {\n  type = string\n}\n".to_owned()
                + &credentials("main", "password = var.password"),
        );
        workspace.plan(&[]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(files_with(PASSWORD, &workspace.path("")), ["plan/tfplan", "terraform.tfstate"]);
    });
}

#[test]
fn nothing_is_logged_of_it() {
    with_ephemeral_password(COUNTED, |workspace| {
        for variable in ["TF_LOG", "TF_LOG_PROVIDER", "RUST_LOG"] {
            workspace.set_env(variable, "trace");
        }
        let created = workspace.apply();
        set_password(workspace, NEW_PASSWORD);
        let updated = workspace.apply();
        for output in [created, updated] {
            let printed = output.stdout + &output.stderr;
            // Terraform itself does not log the environment, and the plugin no payload.
            let found: Vec<_> =
                printed.lines().filter(|line| line.contains(PASSWORD) || line.contains(NEW_PASSWORD)).collect();
            assert!(found.is_empty(), "`{}` shows it: {found:#?}", output.command);
        }
    });
}

// === With a version ===

#[test]
fn with_a_version_the_password_is_sent_exactly_when_the_version_changes() {
    with_ephemeral_password(VERSION_1, |workspace| {
        workspace.apply();
        // An ephemeral value may be another in each run.
        set_password(workspace, "another in each run");
        workspace.assert_plan_is_empty();
        workspace.apply();
        assert!(workspace.received("PUT").is_empty());

        set_password(workspace, NEW_PASSWORD);
        write(workspace, VERSION_2);
        assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(passwords(workspace, "PUT"), [NEW_PASSWORD]);
        assert_eq!(version(workspace), 2);

        // Any other version is a change, a lower one too.
        write(workspace, VERSION_1);
        assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(passwords(workspace, "PUT"), [NEW_PASSWORD, NEW_PASSWORD]);
        workspace.assert_plan_is_empty();
    });
}

// === Without one ===

#[test]
fn without_a_version_an_edited_password_is_noticed() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        for (edit, password) in [NEW_PASSWORD, PASSWORD].into_iter().enumerate() {
            set_password(workspace, password);
            assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT")[edit..], [password]);
            assert_eq!(version(workspace), edit + 2);
            workspace.assert_plan_is_empty();
        }
        assert!(files_with(NEW_PASSWORD, &workspace.path("")).is_empty());
    });
}

#[test]
fn an_update_that_failed_is_planned_again() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        set_password(workspace, NEW_PASSWORD);
        workspace.fault("PUT", "", refusal(400, "not now"));
        workspace.fail(&["apply", "-auto-approve"]).mentions(&["400", "not now"]);
        workspace.api.clear_faults();
        assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(workspace.api.credentials()[0].password, NEW_PASSWORD);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_lost_or_foreign_hash_plans_one_update() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        let foreign = [json!(null), json!(STANDARD.encode("{}")), json!(STANDARD.encode("{\"schema_version\":\"1\"}"))];
        for private in foreign {
            let mut state = workspace.read_state();
            state["resources"][0]["instances"][0]["private"] = private;
            workspace.write_state(&state);
            assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            workspace.assert_plan_is_empty();
        }
        assert_eq!(passwords(workspace, "PUT"), [PASSWORD; 3]);
    });
}

#[test]
fn the_hash_is_no_other_resources() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let mut workspace = Workspace::new(cli);
        set_password(&mut workspace, PASSWORD);
        workspace.write("main", VARIABLE.to_owned() + &credentials("main", &format!("count = 2\n{COUNTED}")));
        workspace.apply();
        let state = workspace.read_state();
        let private = |number: usize| state["resources"][0]["instances"][number]["private"].as_str().map(str::to_owned);
        assert!(private(0).is_some());
        assert_ne!(private(0), private(1), "each has a salt of its own");
    });
}

// === From one form to the other ===

#[test]
fn a_version_may_come_and_go() {
    with_ephemeral_password(COUNTED, |workspace| {
        workspace.apply();
        write(workspace, VERSION_1);
        workspace.assert_plan_is_empty();
        write(workspace, VERSION_2);
        workspace.apply();
        assert_eq!(passwords(workspace, "PUT"), [PASSWORD]);

        // Nobody kept a hash meanwhile.
        write(workspace, COUNTED);
        assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
        workspace.succeed(&["apply", "plan"]);
        assert_eq!(version(workspace), 3);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn password_and_password_wo_replace_each_other_in_place() {
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(&format!("password = {PASSWORD:?}"), |workspace| {
            workspace.apply();
            let id = workspace.attributes("main")["id"].clone();

            set_password(workspace, NEW_PASSWORD);
            write(workspace, lines);
            assert_eq!(workspace.plan(&[]), ["main: update password password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT"), [NEW_PASSWORD]);
            for password in [PASSWORD, NEW_PASSWORD] {
                assert!(!files_with(password, &workspace.path("")).contains(&"terraform.tfstate".to_owned()));
            }
            workspace.assert_plan_is_empty();

            write(workspace, &format!("password = {PASSWORD:?}"));
            assert_eq!(workspace.plan(&[]), ["main: update password password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT"), [NEW_PASSWORD, PASSWORD]);
            assert!(version(workspace).is_null());
            let state = workspace.read_state();
            assert!(!state.to_string().contains(&STANDARD.encode("{\"hashes")[..8]), "no hash is left: {state}");
            assert_eq!(workspace.attributes("main")["id"], id);
            assert_eq!(workspace.api.credentials().len(), 1);
            workspace.assert_plan_is_empty();
        });
    }
}

// === Values that come late, or not at all ===

#[test]
fn a_password_that_is_null_at_apply_is_missed_before_anything_is_sent() {
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(lines, |workspace| {
            let set_null = |workspace: &mut Workspace| workspace.set_env("TF_VAR_sip", "{\"password\":null}");
            // The configuration is validated once more at apply. What else would come is tested on the protocol.
            let says_so = |workspace: &Workspace| {
                workspace.fail(&["apply", "plan"]).mentions(&["Neither `password` nor `password_wo` is given"]);
            };
            workspace.plan(&[]);
            set_null(workspace);
            says_so(workspace);
            assert!(workspace.api.requests().is_empty());

            set_password(workspace, PASSWORD);
            workspace.apply();
            write(workspace, &format!("{lines}\nport = 5061"));
            workspace.plan(&[]);
            set_null(workspace);
            says_so(workspace);
            assert!(workspace.received("PUT").is_empty());
            assert_eq!(workspace.attributes("main")["port"], 5060);

            set_password(workspace, PASSWORD);
            workspace.apply();
            assert_eq!(passwords(workspace, "PUT"), [PASSWORD]);
            workspace.assert_plan_is_empty();
        });
    }
}

#[test]
fn a_password_that_is_not_known_yet_counts_as_given() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let workspace = Workspace::new(cli);
        let write = |password: &str| {
            let source = format!("resource \"terraform_data\" \"password\" {{\n  input = {password:?}\n}}\n");
            workspace.write("main", source + &credentials("main", "password_wo = terraform_data.password.output"));
        };
        write(PASSWORD);
        workspace.succeed(&["validate"]);
        workspace.apply();
        assert_eq!(passwords(&workspace, "POST"), [PASSWORD]);
        assert_eq!(version(&workspace), 1);
        workspace.assert_plan_is_empty();

        write(NEW_PASSWORD);
        workspace.apply();
        assert_eq!(passwords(&workspace, "PUT"), [NEW_PASSWORD]);
        assert_eq!(version(&workspace), 2);
        workspace.assert_plan_is_empty();
    });
}

// === After an import ===

#[test]
fn after_an_import_the_password_is_set_once_and_nothing_else_differs() {
    const ID: &str = "aaaaaaaa-0000-4000-8000-000000000001";
    for lines in [COUNTED, VERSION_1] {
        with_ephemeral_password(lines, |workspace| {
            workspace.api.insert(existing(ORGANIZATION, ID));
            workspace.succeed(&["import", "deepslate_sip_credentials.main", ID]);
            assert!(version(workspace).is_null());

            workspace.succeed(&["plan"]).mentions(&["Warning: The password will be set"]);
            assert_eq!(workspace.plan(&[]), ["main: update password_wo_version"]);
            workspace.succeed(&["apply", "plan"]);
            assert_eq!(passwords(workspace, "PUT"), [PASSWORD]);
            assert_eq!(version(workspace), 1);

            workspace.assert_plan_is_empty();
            let plan = workspace.succeed(&["plan"]);
            assert!(!plan.text().contains("The password will be set"), "{plan}");
        });
    }
}

// === Bad input ===

#[test]
fn exactly_one_password_is_asked_for() {
    let cases = [
        ("both", "password = \"a\"\npassword_wo = \"b\"", "password_wo", "Both `password` and `password_wo` are given"),
        ("neither", "password = null", "password", "Neither `password` nor `password_wo` is given"),
        ("neither_but_version", "password = null\npassword_wo_version = 1", "password", "Neither `password` nor"),
        (
            "version_without",
            "password = \"a\"\npassword_wo_version = 1",
            "password_wo_version",
            "`password_wo_version` without `password_wo`",
        ),
        ("empty", "password_wo = \"\"", "password_wo", "Invalid value for `password_wo`"),
        ("fraction", "password_wo = \"a\"\npassword_wo_version = 1.5", "password_wo_version", "1.5"),
        ("text", "password_wo = \"a\"\npassword_wo_version = \"one\"", "password_wo_version", "number"),
    ];
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let workspace = Workspace::new(cli);
        for (name, lines, ..) in cases {
            workspace.write(name, credentials(name, lines));
        }
        let output = workspace.fail(&["validate", "-json"]);
        for (name, _, underlined, message) in cases {
            let found: Vec<_> = output.diagnostics().into_iter().filter(|diagnostic| diagnostic.file == name).collect();
            let Some(diagnostic) = found.iter().find(|diagnostic| diagnostic.text.contains(message)) else {
                panic!("{name}: no diagnostic says {message}: {found:#?}");
            };
            assert!(diagnostic.line.starts_with(underlined), "{name} underlines: {}", diagnostic.line);
        }
        assert!(workspace.api.requests().is_empty());
    });
}

#[test]
fn a_version_that_would_write_it_into_the_state_is_refused() {
    for_each_cli(|cli| {
        if cli.has(&WRITE_ONLY) {
            return;
        }
        let workspace = Workspace::new(cli);
        workspace.write("main", credentials("main", "password_wo = \"a\""));
        let text = workspace.fail(&["validate", "-json"]).diagnostic("main").text;
        assert_mentions(&text, &["`password_wo` needs Terraform 1.11 or OpenTofu 1.11", "`password_wo`"], "validate");
        workspace.fail(&["apply", "-auto-approve"]);
        assert!(workspace.api.requests().is_empty());
    });
}
