//! Texts of the API that repeat secrets of other objects, or control a terminal, and secrets in the wrong place.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use deepslate_emulator::{Config, Credentials, PhoneNumber};
use serde_json::{Value, json};
use testkit::faults::{changed_data, refusal};
use testkit::{
    API_KEY, IMPORT_BLOCKS, ORGANIZATION, Output, QUERY, VENDOR, WRITE_ONLY, Workspace, credentials, existing,
    for_each_cli, for_each_cli_with, spelling_in, uuid,
};

use crate::{new_workspace, workspace_with_api, workspace_with_key};

const KEY: &str = "deepslate-key-8d1f63b2";
const SECRET: &str = "Grüß'Gott\"&<e07c94a5>";
const LOG: &str = "terraform.log";

type Encode = fn(&str) -> String;

/// The forms in which a server may repeat a secret.
const ENCODERS: [(&str, Encode); 14] = [
    ("plain", str::to_owned),
    ("half", |text| text.chars().take(text.chars().count().div_ceil(2)).collect::<String>() + "…"),
    ("json", |text| json!(json!({ "password": text }).to_string()).to_string()),
    ("url_twice", |text| url(&url(text))),
    ("html", |text| html(text)),
    ("html_in_url", |text| url(&html(text))),
    ("sql", |text| text.replace('\'', "''")),
    ("bytes", |text| bytes(text, |byte| format!("\\x{byte:02x}"))),
    ("octal", |text| bytes(text, |byte| format!("\\{byte:03o}"))),
    ("hex", |text| bytes(text, |byte| format!("{byte:02X}"))),
    ("base64", |text| STANDARD.encode(format!("alice:{text}"))),
    ("base64_in_lines", |text| {
        STANDARD.encode(text).as_bytes().chunks(12).map(String::from_utf8_lossy).collect::<Vec<_>>().join("\r\n")
    }),
    ("base64_twice", |text| URL_SAFE_NO_PAD.encode(STANDARD.encode(text))),
    ("decomposed", |text| text.replace('ü', "u\u{308}").to_uppercase().replace("SS", "ß")),
];

fn url(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

fn html(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;");
    text.replace('\'', "&#x27;").replace('ü', "&uuml;").replace('ß', "&szlig;")
}

fn bytes(text: &str, encode: impl Fn(u8) -> String) -> String {
    text.bytes().map(encode).collect()
}

fn organization(number: usize) -> String {
    format!("77777777-7777-4777-8777-{number:012}")
}

fn logged(workspace: &mut Workspace) {
    for (name, value) in [("TF_LOG", "trace"), ("TF_LOG_PROVIDER", "trace")] {
        workspace.set_env(name, value);
    }
    workspace.set_env("TF_LOG_PATH", &workspace.path(LOG).display().to_string());
}

/// Each half of a secret, of at least six characters.
fn halves(secret: &str) -> Vec<String> {
    let characters: Vec<char> = secret.chars().collect();
    let half = characters.len().div_ceil(2).max(6).min(characters.len());
    characters.windows(half).map(|half| half.iter().collect()).collect()
}

/// Checks that neither the output nor the log shows half of a secret.
fn assert_hidden(workspace: &Workspace, output: &Output, secrets: &[&str]) {
    let log = std::fs::read_to_string(workspace.path(LOG)).unwrap_or_default();
    for text in [&output.stdout, &output.stderr, &log] {
        let lower = text.to_lowercase();
        for half in secrets.iter().flat_map(|secret| halves(secret)) {
            assert_eq!(spelling_in(text, &half), None, "{half} shows: {output}");
            assert!(!lower.contains(&half.to_lowercase()), "{half} shows in another case: {output}");
        }
        for part in ["e07c94a5", "Gott", "GOTT", "6530376339346135"] {
            let line = text.lines().find(|line| line.contains(part));
            assert!(line.is_none(), "{part} shows in {line:?}\nof {output}");
        }
    }
}

#[test]
fn an_error_about_one_object_does_not_show_the_secret_of_another() {
    for_each_cli(|cli| {
        let mut workspace = workspace_with_key(cli, KEY, Config::default());
        logged(&mut workspace);
        workspace.write("password", "variable \"password\" {\n}\n");
        workspace.set_env("TF_VAR_password", SECRET);
        workspace.write("alice", credentials("alice", "username = \"alice\"\npassword = var.password"));
        workspace.apply();

        // In the runs to come, only the state has the secret at first.
        let encoded = |secret: &'static str| ENCODERS.iter().map(move |(name, encode)| (*name, encode(secret)));
        for (number, (name, text)) in encoded(SECRET).chain(encoded(KEY)).enumerate() {
            let organization = organization(number);
            let name = format!("{name}_{number}");
            let message = refusal(409, &format!("registration of alice:{text} failed"));
            workspace.fault("POST", &organization, message.clone());
            workspace.fault("GET", &organization, message);
            let lines = format!("organization_id = {organization:?}\ndepends_on = [deepslate_sip_credentials.alice]");
            let data = format!("data \"deepslate_sip_credentials_list\" {name:?} {{\n{lines}\n}}\n");
            workspace.write(&name, credentials(&name, &lines) + &data);
        }
        for arguments in [&["plan"][..], &["apply", "-auto-approve"], &["apply", "-auto-approve", "-json"]] {
            let output = workspace.run(arguments);
            assert_eq!(output.code, Some(1), "{output}");
            output.mentions(&["contains a secret"]);
            assert_hidden(&workspace, &output, &[SECRET, KEY]);
        }
    });
}

#[test]
fn a_query_does_not_show_the_key() {
    for_each_cli_with(&QUERY, |cli| {
        let mut workspace = workspace_with_key(cli, KEY, Config::default());
        logged(&mut workspace);
        let query = "list \"deepslate_sip_credentials\" \"all\" {\n  provider = deepslate\n}\n";
        workspace.write_file("all.tfquery.hcl", query);
        for (number, (_, encode)) in ENCODERS.iter().enumerate() {
            let object = existing(ORGANIZATION, &format!("bbbbbbbb-0000-4000-8000-{number:012}"));
            workspace.api.insert(Credentials { username: encode(KEY), ..object });
        }
        let output = workspace.succeed(&["query", "-json"]);
        let names = output.json_lines().filter(|line| line["type"] == "list_resource_found");
        let names: Vec<_> = names.map(|line| line["list_resource_found"]["display_name"].clone()).collect();
        assert_eq!(names, vec![json!("a sensitive value@sip.example.com:5060"); ENCODERS.len()]);
        for (_, encode) in ENCODERS {
            workspace.api.clear_faults();
            workspace.fault("GET", ORGANIZATION, refusal(403, &format!("no access for {}", encode(KEY))));
            let output = workspace.fail(&["query"]);
            assert_hidden(&workspace, &output, &[KEY]);
        }
    });
}

#[test]
fn a_secret_in_the_wrong_place_is_not_shown() {
    for_each_cli(|cli| {
        for variable in ["DEEPSLATE_VENDOR_ID", "DEEPSLATE_ORGANIZATION_ID", "DEEPSLATE_BASE_URL"] {
            let mut workspace = workspace_with_key(cli, "another-key", Config::default());
            logged(&mut workspace);
            workspace.write("main", credentials("main", ""));
            workspace.set_env(variable, KEY);
            let output = workspace.fail(&["plan"]);
            output.mentions(&[variable, &format!("a text of {} characters", KEY.len())]);
            assert_hidden(&workspace, &output, &[KEY]);
        }
        let mut workspace = new_workspace(cli);
        logged(&mut workspace);
        for (name, line) in [
            ("vendor", "vendor_id = \"e07c94a5 Gott\""),
            ("organization", "organization_id = \"e07c94a5 Gott\""),
            ("hostname", "hostname = \"e07c94a5 Gott!\""),
            ("time", "timeouts {\n create = \"e07c94a5-Gott\"\n}"),
        ] {
            workspace.write(name, credentials(name, line));
        }
        let provider =
            "provider \"deepslate\" {\n request_timeout = \"e07c94a5-Gott\"\n vendor_id = \"e07c94a5 Gott\"\n}\n";
        // Terraform itself shows the lines of the configuration, so only the messages are looked at. Once the provider block
        // is refused, Terraform asks for nothing else.
        let refused = |count: usize| {
            let mut diagnostics = workspace.fail(&["validate", "-json"]).diagnostics();
            diagnostics.retain(|diagnostic| diagnostic.severity == "error");
            assert_eq!(diagnostics.len(), count, "{diagnostics:?}");
            for diagnostic in diagnostics {
                assert!(diagnostic.text.contains("a text of "), "{diagnostic:?}");
                assert!(!diagnostic.text.contains("e07c94a5"), "{diagnostic:?}");
            }
        };
        refused(4);
        workspace.write("provider", provider);
        refused(2);
        workspace.remove("provider");
        workspace.remove("time");
        for name in ["vendor", "organization", "hostname"] {
            workspace.remove(name);
        }
        workspace.write("main", credentials("main", ""));
        let output =
            workspace.fail(&["import", "deepslate_sip_credentials.main", &format!("{ORGANIZATION}/e07c94a5-x")]);
        output.mentions(&[&format!("{ORGANIZATION}/(10 characters)")]);
        // Terraform itself shows the ID on standard output.
        assert!(!output.stderr.contains("e07c94a5"), "{output}");
    });
}

/// What clears a screen and forges a line, hides text, and turns text around.
const EVIL: &str = "Acme\u{1b}[2J\u{9b}31m\r\nApply complete! Resources: 0 added\u{202e}\u{e0041}\u{200b}\u{7}";

fn assert_harmless(output: &Output) {
    let text = format!("{}{}", output.stdout, output.stderr);
    // The escapes of Terraform's own are switched off in tests; JSON escapes are looked at as text.
    for c in ['\u{1b}', '\u{9b}', '\u{202e}', '\u{e0041}', '\u{200b}', '\u{7}', '\r'] {
        assert!(!text.contains(c), "{c:?} in {output}");
        let escaped = format!("\\u{:04x}", u32::from(c));
        assert!(!text.contains(&escaped), "{escaped} in {output}");
    }
    assert!(!text.lines().any(|line| line.trim_start_matches(['│', ' ']).starts_with("Apply complete!")), "{output}");
}

#[test]
fn names_from_the_api_cannot_control_the_terminal() {
    for_each_cli(|cli| {
        let organizations = [1, 2].map(|n| (uuid(VENDOR), uuid(&organization(n)), EVIL.to_owned()));
        let home = (uuid(VENDOR), uuid(ORGANIZATION), format!("{EVIL}{}", "x".repeat(3000)));
        let config = Config { organizations: [&organizations[..], &[home]].concat(), ..Config::default() };
        let workspace = workspace_with_api(cli, config);
        let ids = ["bbbbbbbb-0000-4000-8000-000000000001", "bbbbbbbb-0000-4000-8000-000000000002"];
        for id in ids {
            workspace.api.insert(Credentials { username: EVIL.to_owned(), ..existing(ORGANIZATION, id) });
        }
        let lookups = [
            ("none", "deepslate_organization", "company_name = \"Acme\"".to_owned()),
            ("match", "deepslate_sip_credentials", "hostname = \"sip.example.com\"".to_owned()),
        ];
        for (name, kind, line) in &lookups {
            workspace.write(name, format!("data {kind:?} {name:?} {{\n  {line}\n}}\n"));
        }
        for arguments in [&["plan"][..], &["plan", "-json"]] {
            let output = workspace.fail(arguments);
            output.mentions(&["No such organization", "Several SIP credentials match"]);
            output.mentions(&["Apply complete! Resources: 0 added"]);
            if arguments.len() > 1 {
                for diagnostic in output.diagnostics() {
                    let is_plain = |c: char| c == '\n' || !c.is_control();
                    assert!(diagnostic.text.chars().all(is_plain), "{diagnostic:?}");
                    assert!(
                        !diagnostic.text.contains(&"x".repeat(100)) && diagnostic.text.len() < 4000,
                        "{diagnostic:?}"
                    );
                }
            } else {
                assert_harmless(&output);
            }
        }
        for (name, ..) in lookups {
            workspace.remove(name);
        }

        // What prevents a delete.
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        let id = workspace.attributes("main")["id"].as_str().expect("an ID").to_owned();
        workspace.api.insert_phone_number(PhoneNumber {
            sip_credentials_id: uuid(&id),
            id: uuid(ids[0]),
            phone_number: EVIL.to_owned(),
            fallback: false,
        });
        workspace.fault("DELETE", &id, refusal(409, EVIL));
        let output = workspace.fail(&["destroy", "-auto-approve"]);
        output.mentions(&["still belong to the SIP credentials", "Apply complete! Resources: 0 added"]);
        assert_harmless(&output);
    });
}

#[test]
fn a_name_cannot_pose_as_the_id_of_another_object() {
    for_each_cli(|cli| {
        let [theirs, victim] = [1, 2].map(organization);
        let name = format!("Acme GmbH ({victim})");
        let companies = [(theirs.as_str(), name.as_str()), (ORGANIZATION, "Home")];
        let organizations = companies.map(|(id, name)| (uuid(VENDOR), uuid(id), name.to_owned())).to_vec();
        let config = Config { organizations, ..Config::default() };
        let workspace = workspace_with_api(cli, config);
        let object = "bbbbbbbb-0000-4000-8000-000000000001";
        let credentials = existing(ORGANIZATION, object);
        workspace.api.insert(Credentials { username: format!("agent ({victim})"), ..credentials });
        workspace.write("one", "data \"deepslate_organization\" \"one\" {\n  company_name = \"Acme GmbH\"\n}\n");
        workspace.write("two", "data \"deepslate_sip_credentials\" \"two\" {\n  username = \"agent\"\n}\n");
        let texts = workspace.fail(&["plan", "-json"]).diagnostics().into_iter().map(|diagnostic| diagnostic.text);
        let text = texts.collect::<Vec<_>>().join("\n");
        for line in [
            format!("\n  - {theirs} \"{name}\"\n"),
            format!("\n  - {object} \"agent ({victim})@sip.example.com:5060\""),
        ] {
            assert!(text.contains(&line), "{line}: {text}");
        }
    });
}

#[test]
fn a_company_name_that_does_not_exist_is_not_repeated() {
    for_each_cli(|cli| {
        let company = (uuid(VENDOR), uuid(ORGANIZATION), "Acme GmbH".to_owned());
        let workspace = workspace_with_api(cli, Config { organizations: vec![company], ..Config::default() });
        workspace.write("one", format!("data \"deepslate_organization\" \"one\" {{\n  company_name = {KEY:?}\n}}\n"));
        let output = workspace.fail(&["plan", "-json"]);
        let diagnostics = output.diagnostics();
        assert!(diagnostics.iter().any(|diagnostic| diagnostic.text.contains("`company_name`")), "{output}");
        assert!(diagnostics.iter().all(|diagnostic| !diagnostic.text.contains(KEY)), "{output}");
    });
}

#[test]
fn names_in_a_query_cannot_control_the_terminal() {
    for_each_cli_with(&QUERY, |cli| {
        let workspace = new_workspace(cli);
        let object = existing(ORGANIZATION, "bbbbbbbb-0000-4000-8000-000000000001");
        workspace.api.insert(Credentials { username: format!("{EVIL}{}", "x".repeat(500)), ..object });
        let query = "list \"deepslate_sip_credentials\" \"all\" {\n  provider = deepslate\n}\n";
        workspace.write_file("all.tfquery.hcl", query);
        let output = workspace.succeed(&["query"]);
        output.mentions(&["Apply complete! Resources: 0 added", "x…@sip.example.com:5060"]);
        assert_harmless(&output);
    });
}

#[test]
fn a_secret_that_comes_back_in_another_field_is_not_shown() {
    for_each_cli(|cli| {
        let attributes = if cli.has(&WRITE_ONLY) { &["password", "password_wo"][..] } else { &["password"] };
        for attribute in attributes {
            let mut workspace = new_workspace(cli);
            logged(&mut workspace);
            workspace.write("variables", "variable \"password\" {\n}\n");
            workspace.set_env("TF_VAR_password", SECRET);
            workspace.write("main", credentials("main", &format!("{attribute} = var.password")));
            let in_state = *attribute == "password";
            // Trimmed, in another case, and cut off.
            let returned = if in_state { SECRET } else { " GRÜSS'GOTT\"&<" };
            let repeats = move |data: &mut Value| {
                for object in data.as_array_mut().map_or_else(Vec::new, |all| all.iter_mut().collect()) {
                    object["username"] = json!(returned);
                }
                if data.is_object() {
                    data["username"] = json!(returned);
                }
            };
            workspace.fault("POST", ORGANIZATION, changed_data(repeats));
            let output = workspace.succeed(&["apply", "-auto-approve"]);
            output.mentions(&["returned a sensitive value in `username`"]);
            assert_hidden(&workspace, &output, &[SECRET, API_KEY]);
            workspace.api.clear_faults();

            let theirs = "bbbbbbbb-0000-4000-8000-000000000001";
            workspace.api.insert(Credentials { username: SECRET.to_owned(), ..existing(ORGANIZATION, theirs) });
            // A refresh knows the secrets in the state. A write-only one comes only with the configuration, after it.
            let ours = workspace.attributes("main")["id"].as_str().map(uuid).expect("an ID");
            let username = if in_state { SECRET } else { "agent" };
            workspace.api.change(ours, |object| object.username = username.to_owned());
            let list = "data \"deepslate_sip_credentials_list\" \"all\" {\n  depends_on = [deepslate_sip_credentials.main]\n}\n";
            workspace.write(
                "list",
                format!("{list}output \"all\" {{\n  value = data.deepslate_sip_credentials_list.all\n}}\n"),
            );
            let output = workspace.fail(&["apply", "-auto-approve"]);
            output.mentions(&["Error: The server returned a sensitive value in `credentials`"]);
            output.mentions(if in_state {
                &["Warning: The server returned a sensitive value in `username`"]
            } else {
                &[]
            });
            assert_hidden(&workspace, &output, &[SECRET, API_KEY]);
            let state = workspace.read_state().to_string();
            assert_eq!(state.matches(&json!(SECRET).to_string()).count(), usize::from(in_state), "{state}");
            assert!(!state.contains("GOTT"), "{state}");
            assert_eq!(workspace.attributes("main")["username"], "agent");
        }
    });
}

#[test]
fn drift_of_a_username_that_equals_a_password_is_shown() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let lines = "username = \"Hunter22-Horse\"\npassword = \"Hunter22-Horse\"";
        workspace.write("main", credentials("main", lines));
        workspace.apply();
        let ours = workspace.attributes("main")["id"].as_str().map(uuid).expect("an ID");
        workspace.api.change(ours, |object| object.username = "hunter22-other".to_owned());
        let output = workspace.succeed(&["plan"]);
        output.mentions(&["hunter22-other", "Hunter22-Horse"]);
    });
}

#[test]
fn the_api_key_as_an_id_of_the_provider_is_refused_before_a_plan_shows_it() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let key = format!("variable \"key\" {{\n  default = {API_KEY:?}\n  sensitive = true\n}}\n");
        workspace.write("provider", key + "provider \"deepslate\" {\n  api_key = var.key\n  vendor_id = var.key\n}");
        workspace.write("main", credentials("main", ""));
        let output = workspace.fail(&["plan"]);
        output.mentions(&["`vendor_id` is set to a secret", "swapped"]);
        assert!(!output.text().contains(API_KEY));
    });
}

/// Texts that would stand at the beginning of a line if a CLI wrapped the line before them.
fn forging() -> Vec<String> {
    let blanks = ["\u{a0}", "\u{2007}", "\u{202f}", "\u{3000}", "\u{2800}", "\u{3164}"];
    let joined = blanks.map(|blank| {
        format!("Acme International Ltd {}", "Apply complete! Resources: 9 added, 0 changed.".replace(' ', blank))
    });
    let plain = (20..80).step_by(3).map(|length| format!("Acme {} Error: disk full", "x".repeat(length)));
    joined.into_iter().chain(plain).collect()
}

#[test]
fn no_text_of_the_api_is_at_the_beginning_of_a_line() {
    for_each_cli(|cli| {
        let names = forging();
        let organizations = names.iter().zip(1..).map(|(name, n)| (uuid(VENDOR), uuid(&organization(n)), name.clone()));
        let home = (uuid(VENDOR), uuid(ORGANIZATION), "Acme".to_owned());
        let organizations = organizations.chain([home]).collect();
        let workspace = workspace_with_api(cli, Config { organizations, ..Config::default() });
        for (n, name) in names.iter().enumerate() {
            workspace.api.insert(Credentials {
                username: name.clone(),
                ..existing(ORGANIZATION, &format!("bbbbbbbb-0000-4000-8000-{n:012}"))
            });
            let place = format!("organization_id = {:?}", organization(n + 1));
            workspace.fault("POST", &organization(n + 1), refusal(422, name));
            workspace.write(&format!("refused{n}"), credentials(&format!("refused{n}"), &place));
            let lookup = format!(
                "data \"deepslate_organization\" \"d{n}\" {{\n  company_name = {:?}\n}}\n",
                &name[..name.len() - 3]
            );
            if name.is_ascii() {
                workspace.write(&format!("lookup{n}"), lookup);
            }
        }
        let several = "data \"deepslate_sip_credentials\" \"several\" {\n  hostname = \"sip.example.com\"\n}\n";
        workspace.write("several", several);
        let output = workspace.fail(&["apply", "-auto-approve"]);
        output.mentions(&["Several SIP credentials match", "No such organization"]);
        assert_indented(&output, &["disk full", "9 added"]);
        for (n, _) in names.iter().enumerate().filter(|(_, name)| name.is_ascii()) {
            workspace.remove(&format!("lookup{n}"));
        }
        workspace.remove("several");
        let output = workspace.fail(&["apply", "-auto-approve"]);
        output.mentions(&["Deepslate's message: Acme"]);
        assert_indented(&output, &["disk full", "9 added"]);
    });
}

/// Checks that lines with these texts begin with a blank, or with Terraform's own frame.
fn assert_indented(output: &Output, texts: &[&str]) {
    let printed = format!("{}{}", output.stdout, output.stderr);
    let lines = printed.lines().filter(|line| texts.iter().any(|text| line.contains(text)));
    let lines: Vec<_> = lines.filter(|line| !line.contains("company_name")).collect();
    assert!(!lines.is_empty(), "{output}");
    for line in lines {
        assert!(line.starts_with("  "), "{line}");
        assert!(!line.contains(['\u{a0}', '\u{2007}', '\u{202f}', '\u{3000}', '\u{2800}', '\u{3164}']), "{line}");
    }
}

#[test]
fn a_hint_does_not_show_a_known_secret() {
    for_each_cli(|cli| {
        for (lines, secret) in [
            ("hostname = var.secret", "zebra-7781\n"),
            ("hostname = var.secret", "zebra-quartz "),
            ("hostname = var.secret", "[2001:db8::7781]"),
            ("port = var.secret", "48392015"),
            ("max_agent_tasks = var.secret", "-48392015"),
            ("timeouts {\n create = var.secret\n}", "48392015"),
        ] {
            let mut workspace = new_workspace(cli);
            workspace.write("variable", "variable \"secret\" {\n  sensitive = true\n}\n");
            workspace.set_env("TF_VAR_secret", secret);
            workspace.write("main", credentials("main", &format!("password = var.secret\n{lines}")));
            for arguments in [&["plan"][..], &["plan", "-json"]] {
                let output = workspace.fail(arguments);
                let hidden = secret.trim().trim_matches(['[', ']']);
                assert_eq!(spelling_in(&output.to_string(), hidden), None, "{lines}: {output}");
            }
        }
        for (number, expected) in [("48392015771", "Unusual value"), ("4839 201577", "Invalid value")] {
            let mut workspace = new_workspace(cli);
            workspace.write("variable", "variable \"secret\" {\n  sensitive = true\n}\n");
            workspace.set_env("TF_VAR_secret", number);
            workspace.write("main", credentials("main", "password = var.secret"));
            workspace.write(
                "number",
                "resource \"deepslate_sip_phone_number\" \"number\" {\n  sip_credentials_id = deepslate_sip_credentials.main.id\n  \
                 phone_number = var.secret\n}\n",
            );
            let output = workspace.run(&["plan"]);
            output.mentions(&[expected]);
            let printed = output.to_string();
            assert!(!printed.contains(number) && !printed.contains(&number.replace(' ', "")), "{output}");
        }
    });
}

#[test]
fn the_api_key_in_the_base_url_is_refused() {
    for_each_cli(|cli| {
        for suffix in ["KEY", "a/KEY/b", "key%2DX", "KEY/api"] {
            let mut workspace = workspace_with_key(cli, "zebra-quartz-key-X", Config::default());
            logged(&mut workspace);
            let key = if suffix.contains('%') { "zebra%2Dquartz%2Dkey%2DX" } else { "zebra-quartz-key-X" };
            let url = format!("{}/{}", workspace.api.url(), suffix.replace("KEY", key).replace("key%2DX", key));
            workspace.set_env("DEEPSLATE_BASE_URL", &url);
            workspace.write("main", credentials("main", ""));
            let output = workspace.fail(&["plan"]);
            output.mentions(if suffix == "KEY/api" {
                &["DEEPSLATE_BASE_URL"]
            } else {
                &["`base_url` contains the API key"]
            });
            assert!(!output.to_string().contains("zebra"), "{output}");
            let log = std::fs::read_to_string(workspace.path(LOG)).unwrap_or_default();
            assert!(!log.contains("zebra"));
        }
    });
}

#[test]
fn ordinary_parameters_neither_hide_drift_nor_null_imports() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let parameters = "jsonencode({ transfer_to = \"pbx.example.com\", label = \"Hotline Support\" })";
        workspace.write(
            "assistant",
            format!(
                "resource \"deepslate_assistant\" \"assistant\" {{\n  name = \"n\"\n  system_prompt = \"p\"\n  \
                 system_prompt_greeting = \"g\"\n  extension {{\n    type = \"transfer\"\n    parameters = {parameters}\n  }}\n}}\n"
            ),
        );
        workspace.write("main", credentials("main", "depends_on = [deepslate_assistant.assistant]"));
        workspace.apply();
        let id = workspace.attributes("main")["id"].as_str().map(uuid).expect("an ID");
        workspace.api.change(id, |object| object.hostname = "pbx.example.com".to_owned());
        let output = workspace.succeed(&["plan"]);
        output.mentions(&["pbx.example.com", "hostname"]);
        assert!(!output.text().contains("returned a sensitive value"), "{output}");
    });
}

#[test]
fn an_id_or_a_number_that_is_a_secret_is_not_stored() {
    const ID: &str = "c0ffee00-1234-4abc-9def-0123456789ab";
    const PIN: &str = "84129077";
    for_each_cli(|cli| {
        for (key, value, expected) in [
            ("id", json!(ID), "Error: The server returned a sensitive value in `id`"),
            ("maxAgentTasks", json!(84_129_077), "Warning: The server returned a sensitive value in `max_agent_tasks`"),
        ] {
            let mut workspace = new_workspace(cli);
            logged(&mut workspace);
            workspace.write("variables", "variable \"password\" {\n}\n");
            let secret = if key == "id" { ID } else { PIN };
            workspace.set_env("TF_VAR_password", secret);
            workspace.write("main", credentials("main", "password = var.password"));
            let value = value.clone();
            let repeats = move |data: &mut Value| {
                if data.is_object() {
                    data[key] = value.clone();
                }
            };
            workspace.fault("POST", ORGANIZATION, changed_data(repeats));
            let output = workspace.run(&["apply", "-auto-approve"]);
            output.mentions(&[expected]);
            assert_hidden(&workspace, &output, &[secret, API_KEY]);
            let resources = workspace.read_state()["resources"].as_array().map_or(0, Vec::len);
            assert_eq!(resources, usize::from(key != "id"), "{output}");
        }
    });
}

#[test]
fn an_update_is_possible_although_a_value_repeats_a_secret() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", &format!("password = {SECRET:?}")));
        workspace.apply();
        let ours = workspace.attributes("main")["id"].as_str().map(uuid).expect("an ID");
        workspace.api.change(ours, |object| object.username = SECRET.to_owned());
        workspace.write("main", credentials("main", &format!("password = {SECRET:?}\nport = 5070")));
        let output = workspace.succeed(&["apply", "-auto-approve"]);
        output.mentions(&["in `username`", "1 changed"]);
        workspace.succeed(&["plan", "-detailed-exitcode"]);
    });
}

#[test]
fn a_refresh_does_not_store_a_write_only_password() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let mut workspace = new_workspace(cli);
        logged(&mut workspace);
        workspace.write("variables", "variable \"password\" {\n}\n");
        workspace.set_env("TF_VAR_password", SECRET);
        workspace.write("main", credentials("main", "password_wo = var.password"));
        workspace.apply();
        let ours = workspace.attributes("main")["id"].as_str().map(uuid).expect("an ID");
        workspace.api.change(ours, |object| object.username = SECRET.to_owned());
        for arguments in [&["plan"][..], &["apply", "-refresh-only", "-auto-approve"]] {
            let output = workspace.succeed(arguments);
            output.mentions(&["in `username`"]);
            assert_hidden(&workspace, &output, &[SECRET, API_KEY]);
        }
        assert_eq!(workspace.attributes("main")["username"], "agent");
    });
}

#[test]
fn an_import_of_an_object_that_repeats_a_secret_names_the_attribute() {
    for_each_cli_with(&IMPORT_BLOCKS, |cli| {
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", &format!("password = {SECRET:?}")));
        workspace.apply();
        let theirs = "bbbbbbbb-0000-4000-8000-000000000001";
        workspace.api.insert(Credentials { username: SECRET.to_owned(), ..existing(ORGANIZATION, theirs) });
        let to = "  to = deepslate_sip_credentials.new\n";
        workspace.write("import", format!("import {{\n  provider = deepslate\n{to}  id = {theirs:?}\n}}\n"));
        let output = workspace.fail(&["plan", "-generate-config-out=new.tf"]);
        output.mentions(&["Error: The server returned a sensitive value in `username`"]);
        assert!(!workspace.path("new.tf").exists());
        assert!(!output.text().contains("e07c94a5"), "{output}");
    });
}
