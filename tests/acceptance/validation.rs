//! Invalid input is an error at the attribute, before any request.

use testkit::{TERRAFORM_DATA, WRITE_ONLY, assert_mentions, credentials, for_each_cli, for_each_cli_with};

use crate::new_workspace;

/// A name for the case, the lines of the resource, the attribute that is underlined, and facts that the message holds.
type Case<'a> = (&'a str, &'a str, &'a str, &'a [&'a str]);

#[test]
fn values_out_of_range_are_refused_by_validate() {
    let long = format!("hostname = \"{}a\"", "a123456789.".repeat(23));
    let cases: &[Case] = &[
        ("port_zero", "port = 0", "port", &["0", "65535"]),
        ("port_too_large", "port = 65536", "port", &["65536", "65535"]),
        ("port_negative", "port = -1", "port", &["-1", "65535"]),
        ("port_fraction", "port = 1.5", "port", &["1.5"]),
        ("port_text", "port = \"abc\"", "port", &["port", "number"]),
        ("port_missing", "port = null", "", &["port", "required"]),
        ("tasks_zero", "max_agent_tasks = 0", "max_agent_tasks", &["0", "1"]),
        ("tasks_too_large", "max_agent_tasks = 2147483648", "max_agent_tasks", &["2147483648", "2147483647"]),
        (
            "hostname_with_scheme",
            "hostname = \"sip://sip.example.com\"",
            "hostname",
            &["hostname", "a text of 21 characters", "scheme"],
        ),
        (
            "hostname_with_space",
            "hostname = \"sip example\"",
            "hostname",
            &["hostname", "a text of 11 characters", "spaces"],
        ),
        (
            "hostname_with_port",
            "hostname = \"sip.example.com:5060\"",
            "hostname",
            &["hostname", "a text of 20 characters", "port"],
        ),
        (
            "hostname_with_path",
            "hostname = \"sip.example.com/x\"",
            "hostname",
            &["hostname", "a text of 17 characters", "path"],
        ),
        (
            "hostname_with_path",
            "hostname = \"sip.example.com/x\"",
            "hostname",
            &["hostname", "a text of 17 characters", "path"],
        ),
        ("hostname_in_brackets", "hostname = \"[2001:db8::1]\"", "hostname", &["without brackets: `2001:db8::1`"]),
        ("hostname_not_ascii", "hostname = \"bücher.example\"", "hostname", &["Punycode"]),
        ("hostname_empty", "hostname = \"\"", "hostname", &["hostname", "DNS"]),
        ("hostname_too_long", &long, "hostname", &["hostname", "253"]),
        ("username_from_a_file", "username = \"alice\\r\\n\"", "username", &["username", "line break", "trimspace"]),
        ("username_with_tab", "username = \"a\\tb\"", "username", &["username", "control characters"]),
        ("username_empty", "username = \"\"", "username", &["username", "empty"]),
        ("password_empty", "password = \"\"", "password", &["password", "empty"]),
        ("vendor_no_id", "vendor_id = \"acme inc\"", "vendor_id", &["vendor_id", "a text of 8 characters", "UUID"]),
        (
            "organization_with_path",
            "organization_id = \"../../x\"",
            "organization_id",
            &["organization_id", "a text of 7 characters", "UUID"],
        ),
        ("unknown_attribute", "colour = \"red\"", "colour", &["colour"]),
        ("id_given", "id = \"11111111-1111-4111-8111-111111111111\"", "id", &["id"]),
        ("timeout_no_duration", "timeouts {\n create = \"soon\"\n}", "create", &["create", "a text of 4 characters"]),
    ];
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        for (name, lines, ..) in cases {
            workspace.write(name, credentials(name, lines));
        }
        let output = workspace.fail(&["validate", "-json"]);
        for (name, _, attribute, facts) in cases {
            let diagnostic = output.diagnostic(name);
            assert_mentions(&diagnostic.text, facts, name);
            assert!(diagnostic.line.starts_with(attribute), "{name} underlines: {}", diagnostic.line);
        }
        assert!(workspace.api.requests().is_empty());
    });
}

#[test]
fn a_password_that_ends_in_a_line_break_is_a_warning_that_does_not_show_it() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let mut cases = vec![
            ("windows", "password = \"pass-b7e1\\r\\n\"", true),
            ("unix", "password = \"pass-b7e1\\n\"", true),
            ("inside", "password = \"pass\\nb7e1\"", false),
            ("chomped", "password = chomp(\"pass-b7e1\\n\")", false),
        ];
        if cli.has(&WRITE_ONLY) {
            cases.push(("write_only", "password_wo = \"pass-b7e1\\n\"", true));
        }
        for (name, lines, _) in &cases {
            workspace.write(name, credentials(name, &format!("username = {name:?}\n{lines}")));
        }
        let output = workspace.succeed(&["validate", "-json"]);
        let shown = output.diagnostics().iter().filter(|diagnostic| !diagnostic.file.is_empty()).count();
        assert_eq!(shown, cases.iter().filter(|(.., warned)| *warned).count());
        for (name, ..) in cases.iter().filter(|(.., warned)| *warned) {
            let diagnostic = output.diagnostic(name);
            assert_eq!(diagnostic.severity, "warning");
            assert_mentions(&diagnostic.text, &["ends in a line break", "`chomp(file(…))`", "`trimspace`"], name);
            assert!(diagnostic.line.starts_with("password"), "{diagnostic:?}");
            assert!(!diagnostic.text.contains("b7e1"), "{diagnostic:?}");
        }
        workspace.apply();
        assert!(workspace.api.credentials().iter().any(|object| object.password == "pass-b7e1\r\n"));
    });
}

#[test]
fn the_limits_of_each_range_are_accepted() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        let long = format!("hostname = \"{}a\"", "a12345678.".repeat(25));
        let cases = [
            ("lowest", "port = 1\nmax_agent_tasks = 1"),
            ("highest", "port = 65535\nmax_agent_tasks = 2147483647"),
            ("ipv4", "hostname = \"192.0.2.1\""),
            ("ipv6", "hostname = \"2001:db8::1\""),
            ("long", &long),
            ("uppercase_id", "organization_id = \"ABCDEFAB-0000-4000-8000-ABCDEFABCDEF\""),
            ("spaces", "username = \"a b\"\npassword = \" \""),
            ("letters", "username = \"jürgen\"\npassword = \"日本語 \\\"quoted\\\" 🙂\""),
        ];
        for (name, lines) in cases {
            workspace.write(name, credentials(name, lines));
        }
        workspace.apply();
        let objects = workspace.api.credentials();
        assert_eq!(objects.len(), cases.len());
        assert!(objects.iter().any(|object| object.username == "jürgen" && object.password == "日本語 \"quoted\" 🙂"));
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn a_value_that_is_invalid_during_apply_is_not_sent() {
    for_each_cli_with(&TERRAFORM_DATA, |cli| {
        let workspace = new_workspace(cli);
        let source = "resource \"terraform_data\" \"port\" {\n  input = 0\n}\n";
        workspace.write("main", source.to_owned() + &credentials("main", "port = terraform_data.port.output"));
        workspace.succeed(&["validate"]);
        workspace.fail(&["apply", "-auto-approve"]).mentions(&["port", "65535"]);
        assert!(workspace.api.requests().is_empty());
    });
}

#[test]
fn a_port_of_any_size_is_out_of_range() {
    for_each_cli(|cli| {
        for port in ["1e2000", "-1e2000", "1e300", "0.1e-400", "123456789012345678901234567890"] {
            let workspace = new_workspace(cli);
            workspace.write("main", credentials("main", &format!("port = {port}")));
            let diagnostic = workspace.fail(&["validate", "-json"]).diagnostic("main");
            assert_mentions(&diagnostic.text, &["`port`", "from 1 to 65535"], port);
            assert_eq!(diagnostic.line, format!("port = {port}"));
            assert!(diagnostic.text.len() < 300, "{}", diagnostic.text);
        }
    });
}
