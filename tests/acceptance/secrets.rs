//! The key and the passwords show up nowhere but where they must: in requests, and `password` in state and plan.
//!
//! The API repeats them in all their spellings, in each way in which a text of its own gets into a message. They come in
//! two forms: with characters that escaping changes, and without.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use deepslate_emulator::{Config, Effect};
use serde_json::{Value, json};
use testkit::faults::{answer, changed_data, redirect, refusal, refusal_with};
use testkit::{Cli, OTHER_ORGANIZATION, WRITE_ONLY, Workspace, credentials, files_with, for_each_cli, spelling_in};

use crate::workspace_with_key;

/// Visible ASCII, as required for a key.
const KEY: &str = r#"key"\/%+<&>'8d1f63b2"#;
/// What Terraform logs to.
const LOG: &str = "terraform.log";

/// What the API does with the requests of one organization, given what it repeats.
type Answer = fn(&str) -> Effect;

const ANSWERS: [(&str, Answer); 15] = [
    ("invalid", |echo| refusal(400, echo)),
    ("invalid_too", |echo| refusal(422, echo)),
    ("unauthorized", |echo| refusal(401, echo)),
    ("forbidden", |echo| refusal(403, echo)),
    ("page", |echo| answer(404, "text/html", &[], &format!("<h1>{echo}</h1>"))),
    ("not_allowed", |echo| refusal(405, echo)),
    ("conflict", |echo| refusal(409, echo)),
    ("throttled", |echo| refusal_with(429, echo, &[("retry-after", "3600")])),
    ("server_error", |echo| refusal(500, echo)),
    ("unavailable", |echo| refusal_with(503, echo, &[("retry-after", "3600")])),
    ("no_json", |echo| answer(200, "text/plain", &[], echo)),
    ("not_successful", |echo| refusal(200, echo)),
    ("wrong_type", |echo| {
        let echo = echo.to_owned();
        changed_data(move |data| data["port"] = json!(echo))
    }),
    ("trace", |echo| answer(400, "", &[], &json!({ "success": false, "traceId": echo }).to_string())),
    // A header holds no more than visible ASCII.
    ("redirected", |echo| {
        redirect(&format!("https://h.example/{}", echo.replace(|c: char| !c.is_ascii_graphic(), "/")))
    }),
];

/// A resource with an organization of its own.
struct Subject {
    name: String,
    organization: String,
    answer: Answer,
    /// `password` or `password_wo`.
    attribute: &'static str,
    form: &'static str,
}

/// Two for each answer: one whose password is in the state, and one whose is not.
fn subjects(cli: &Cli) -> Vec<Subject> {
    let attributes = if cli.has(&WRITE_ONLY) { &["password", "password_wo"][..] } else { &["password"] };
    let all = ANSWERS.iter().flat_map(|answer| attributes.iter().map(move |attribute| (answer, *attribute)));
    let subject = |(number, ((answer_name, answer), attribute)): (usize, (&(&str, Answer), &'static str))| Subject {
        name: format!("{answer_name}_{attribute}"),
        organization: format!("55555555-5555-4555-8555-{number:012}"),
        answer: *answer,
        attribute,
        form: ["odd", "plain"][number / 2 % 2],
    };
    all.enumerate().map(subject).collect()
}

fn password(time: &str, attribute: &str, form: &str) -> String {
    let special = if form == "odd" { r#""\/%+<&>' ü"# } else { "-" };
    format!("{time}{special}{attribute}-e07c94a5")
}

/// The passwords of this attribute, old and new.
fn passwords(attribute: &str) -> Vec<String> {
    ["old", "new"].into_iter().flat_map(|time| ["odd", "plain"].map(|form| password(time, attribute, form))).collect()
}

#[test]
fn no_secret_is_shown_in_any_failure() {
    for_each_cli(|cli| {
        let subjects = subjects(cli);
        let mut workspace = workspace_with_key(cli, KEY, Config::default());
        for variable in ["TF_LOG", "TF_LOG_PROVIDER", "RUST_LOG"] {
            workspace.set_env(variable, "trace");
        }
        workspace.set_env("RUST_BACKTRACE", "full");
        workspace.set_env("TF_LOG_PATH", &workspace.path(LOG).display().to_string());
        write(&workspace, &subjects);
        set_passwords(&mut workspace, "old");

        // A create whose outcome is not known is tried again for as long as it may take.
        workspace.set_env("TF_VAR_create", "4s");
        misbehave(&workspace, &subjects, "POST");
        run(&workspace, &["apply", "-auto-approve", "-parallelism=50"], 1);
        workspace.api.clear_faults();
        workspace.set_env("TF_VAR_create", "5m");
        run(&workspace, &["plan", "-out=plan"], 0);
        run(&workspace, &["apply", "-parallelism=50", "plan"], 0);

        workspace.write("elsewhere", elsewhere());
        misbehave(&workspace, &subjects, "GET");
        run(&workspace, &["plan", "-parallelism=50"], 1);
        let object = format!("{OTHER_ORGANIZATION}/99999999-9999-4999-8999-999999999999");
        run(&workspace, &["import", "deepslate_sip_credentials.elsewhere", &object], 1);
        workspace.remove("elsewhere");
        workspace.api.clear_faults();

        set_passwords(&mut workspace, "new");
        misbehave(&workspace, &subjects, "PUT");
        run(&workspace, &["apply", "-auto-approve", "-parallelism=50"], 1);
        workspace.api.clear_faults();
        run(&workspace, &["apply", "-auto-approve", "-parallelism=50"], 0);

        misbehave(&workspace, &subjects, "DELETE");
        run(&workspace, &["destroy", "-auto-approve", "-parallelism=50"], 1);
        workspace.api.clear_faults();
        run(&workspace, &["destroy", "-auto-approve", "-parallelism=50"], 0);
    });
}

fn write(workspace: &Workspace, subjects: &[Subject]) {
    workspace.write("variables", "variable \"password\" {\n  type = map(string)\n}\nvariable \"create\" {\n}\n");
    if subjects.iter().any(|subject| subject.attribute == "password_wo") {
        workspace.write("ephemeral", "variable \"password_wo\" {\n  type = map(string)\n  ephemeral = true\n}\n");
    }
    for Subject { name, organization, attribute, form, .. } in subjects {
        let timeouts = "timeouts {\n  create = var.create\n}";
        let lines = format!("organization_id = {organization:?}\n{attribute} = var.{attribute}[{form:?}]\n{timeouts}");
        workspace.write(name, credentials(name, &lines));
    }
}

/// What is read and imported where only the key is known.
fn elsewhere() -> String {
    let organization = format!("organization_id = {OTHER_ORGANIZATION:?}");
    credentials("elsewhere", &organization)
        + &format!("data \"deepslate_sip_credentials_list\" \"elsewhere\" {{\n{organization}\n}}\n")
}

fn set_passwords(workspace: &mut Workspace, time: &str) {
    for attribute in ["password", "password_wo"] {
        let [odd, plain] = ["odd", "plain"].map(|form| password(time, attribute, form));
        workspace.set_env(&format!("TF_VAR_{attribute}"), &json!({ "odd": odd, "plain": plain }).to_string());
    }
}

/// Makes the API repeat the secrets that the provider knows in a request of this method: those that it sends, and those
/// in the state.
fn misbehave(workspace: &Workspace, subjects: &[Subject], method: &'static str) {
    for Subject { organization, answer, attribute, form, .. } in subjects {
        let known = match (method, *attribute) {
            ("GET" | "DELETE", "password_wo") => &[][..],
            ("PUT", "password") => &["old", "new"],
            ("PUT" | "DELETE", _) => &["new"],
            _ => &["old"],
        };
        let known = known.iter().map(|time| password(time, attribute, form)).chain([KEY.to_owned()]);
        workspace.fault(method, organization, answer(&echo(&known.collect::<Vec<_>>())));
    }
    workspace.fault(method, OTHER_ORGANIZATION, refusal(403, &echo(&[KEY.to_owned()])));
}

/// The forms in which a server may repeat secrets.
fn echo(secrets: &[String]) -> String {
    let each = secrets.iter().map(|secret| {
        let json = json!({ "password": secret }).to_string();
        let url: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
        let html = secret.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('\'', "&#39;");
        let basic = STANDARD.encode(format!("u:{secret}"));
        let body = STANDARD.encode(&json);
        let short = URL_SAFE_NO_PAD.encode(secret);
        let quoted = json!(json).to_string();
        [secret, &json, &quoted, &url, &url.replace('+', "%20"), &html, &basic, &body, &short]
            .map(String::as_str)
            .join(" ")
    });
    each.collect::<Vec<_>>().join(" ")
}

/// Runs a command, and looks for the secrets in all that it printed and wrote down.
fn run(workspace: &Workspace, arguments: &[&str], code: i32) {
    let output = workspace.run(arguments);
    assert_eq!(output.code, Some(code), "{output}");
    let log = fs::read_to_string(workspace.path(LOG)).expect("Terraform logs");
    fs::remove_file(workspace.path(LOG)).expect("the log can be removed");
    assert_log_is_understood(&output.command, &log);

    let state = without_passwords(workspace.read_state()).to_string();
    let texts = [("stdout", &output.stdout), ("stderr", &output.stderr), ("the log", &log), ("the state", &state)];
    let (in_state, write_only) = (passwords("password"), passwords("password_wo"));
    for secret in in_state.iter().chain(&write_only).map(String::as_str).chain([KEY]) {
        for (place, text) in texts {
            let found: Vec<_> = spelling_in(text, secret)
                .into_iter()
                .flat_map(|spelling| text.lines().filter(move |line| line.contains(&spelling)))
                .collect();
            assert!(found.is_empty(), "{place} of `{}` shows {secret}: {found:#?}", output.command);
        }
        let mut files = files_with(secret, &workspace.path(""));
        if in_state.iter().any(|password| password == secret) {
            files.retain(|name| !name.starts_with("plan/") && !name.starts_with("terraform.tfstate"));
        }
        assert!(files.is_empty(), "`{}` leaves {secret} in {files:?}", output.command);
    }
}

/// The state without what is in `password`: private data and identities among it.
fn without_passwords(mut state: Value) -> Value {
    for resource in state["resources"].as_array_mut().into_iter().flatten() {
        for instance in resource["instances"].as_array_mut().into_iter().flatten() {
            instance["attributes"]["password"] = Value::Null;
        }
    }
    state
}

/// Terraform takes the plugin's lines apart; one that it cannot parse is logged as it came.
fn assert_log_is_understood(command: &str, log: &str) {
    let from_plugin: Vec<_> = log.lines().filter(|line| line.contains("terraform-provider-deepslate:")).collect();
    assert!(from_plugin.iter().any(|line| line.contains("tf_rpc=")), "`{command}` logs calls: {log}");
    let raw: Vec<_> = from_plugin.iter().filter(|line| line.contains("\"@message\"")).collect();
    assert!(raw.is_empty(), "`{command}` logs lines that Terraform cannot parse: {raw:#?}");
}
