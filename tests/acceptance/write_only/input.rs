//! Invalid input.

use testkit::{WRITE_ONLY, assert_mentions, credentials, for_each_cli, for_each_cli_with};

use crate::new_workspace;

#[test]
fn exactly_one_password_is_asked_for() {
    let cases = [
        ("both", "password = \"a\"\npassword_wo = \"b\"", "password_wo", "Both `password` and `password_wo` are set"),
        ("neither", "password = null", "password", "Neither `password` nor `password_wo` is set"),
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
        let workspace = new_workspace(cli);
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
        let workspace = new_workspace(cli);
        workspace.write("main", credentials("main", "password_wo = \"a\""));
        let text = workspace.fail(&["validate", "-json"]).diagnostic("main").text;
        assert_mentions(
            &text,
            &["`password_wo` requires Terraform 1.11 or OpenTofu 1.11", "`password_wo`"],
            "validate",
        );
        workspace.fail(&["apply", "-auto-approve"]);
        assert!(workspace.api.requests().is_empty());
    });
}

#[test]
fn a_module_can_pass_either_password_from_variables() {
    for_each_cli_with(&WRITE_ONLY, |cli| {
        let workspace = new_workspace(cli);
        let variables = ["password", "password_wo", "password_version"]
            .map(|name| format!("variable {name:?} {{\n  default = null\n}}\n"));
        let lines =
            "password = var.password\npassword_wo = var.password_wo\npassword_wo_version = var.password_version";
        workspace.write("main", variables.concat() + &credentials("main", lines));
        workspace.succeed(&["validate"]);
        assert_eq!(workspace.plan(&["-var=password=a"]), ["main: create"]);
        assert_eq!(workspace.plan(&["-var=password_wo=a", "-var=password_version=1"]), ["main: create"]);
        workspace
            .fail(&["plan", "-var=password=a", "-var=password_wo=b"])
            .mentions(&["Both `password` and `password_wo`"]);
    });
}
