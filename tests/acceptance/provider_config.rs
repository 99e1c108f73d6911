//! The provider block and the environment.

use deepslate_emulator::Request;
use testkit::{
    API_KEY, ORGANIZATION, OTHER_ORGANIZATION, PLANNED_DESTROY, TERRAFORM_DATA, VENDOR, Workspace, assert_mentions,
    credentials, credentials_path, for_each_cli, for_each_cli_with,
};

use crate::new_workspace;

fn header<'a>(request: &'a Request, name: &str) -> &'a str {
    let found = request.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str()).unwrap_or_default()
}

#[test]
fn the_block_wins_over_the_environment() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        let url = workspace.api.url();
        workspace.set_env("DEEPSLATE_BASE_URL", "https://127.0.0.1:1");
        workspace.set_env("DEEPSLATE_API_KEY", "another-key");
        workspace.set_env("DEEPSLATE_ORGANIZATION_ID", OTHER_ORGANIZATION);
        workspace.set_env("TF_APPEND_USER_AGENT", "pipeline/7");
        workspace.write(
            "provider",
            format!(
                "provider \"deepslate\" {{
                   base_url        = \"{url}/\"
                   api_key         = {API_KEY:?}
                   organization_id = {ORGANIZATION:?}
                   request_timeout = \"90s\"
                 }}"
            ),
        );
        workspace.write("main", credentials("main", ""));
        workspace.apply();

        let request = workspace.received("POST").remove(0);
        assert_eq!(request.path, credentials_path(ORGANIZATION), "a trailing slash of the base URL does not count");
        assert_eq!(header(&request, "authorization"), format!("Bearer {API_KEY}"));
        let agent = header(&request, "user-agent");
        assert_mentions(
            agent,
            &["terraform-provider-deepslate/", "(+https://", "Terraform/1.", "pipeline/7"],
            "User-Agent",
        );
    });
}

#[test]
fn a_missing_setting_names_the_argument_and_the_variable() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        let plan = |workspace: &Workspace| workspace.fail(&["plan"]);

        workspace.set_env("DEEPSLATE_API_KEY", ""); // An empty variable counts as unset.
        workspace.succeed(&["validate"]);
        plan(&workspace).mentions(&["`api_key`", "`DEEPSLATE_API_KEY`"]);
        workspace.unset_env("DEEPSLATE_API_KEY");
        plan(&workspace).mentions(&["`api_key`", "`DEEPSLATE_API_KEY`"]);

        workspace.set_env("DEEPSLATE_API_KEY", API_KEY);
        workspace.set_env("DEEPSLATE_VENDOR_ID", "");
        plan(&workspace).mentions(&["`vendor_id`", "`DEEPSLATE_VENDOR_ID`"]);
        workspace.set_env("DEEPSLATE_VENDOR_ID", VENDOR);
        workspace.unset_env("DEEPSLATE_ORGANIZATION_ID");
        plan(&workspace).mentions(&["`organization_id`", "`DEEPSLATE_ORGANIZATION_ID`"]);
        assert!(workspace.api.requests().is_empty());
    });
}

#[test]
fn no_key_is_needed_for_a_run_without_requests() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.unset_env("DEEPSLATE_API_KEY");
        workspace.write("main", credentials("main", "count = 0"));
        workspace.apply();
        workspace.destroy();

        let data = "data \"deepslate_organization\" \"acme\" {\n  company_name = \"Acme\"\n}\n";
        workspace.write("main", data);
        workspace.fail(&["plan"]).mentions(&["Missing API key", "`DEEPSLATE_API_KEY`"]);
        workspace.write("main", credentials("main", ""));
        workspace.fail(&["plan"]).mentions(&["Missing API key"]);
        let id = format!("{VENDOR}/{ORGANIZATION}/{VENDOR}");
        workspace.fail(&["import", "deepslate_sip_credentials.main", &id]).mentions(&["Missing API key"]);

        workspace.set_env("DEEPSLATE_API_KEY", API_KEY);
        workspace.apply();
        workspace.unset_env("DEEPSLATE_API_KEY");
        workspace.succeed(&["plan", "-refresh=false"]);
        let mut needing: Vec<&[&str]> = vec![&["plan"], &["destroy", "-refresh=false", "-auto-approve"]];
        if cli.has(&PLANNED_DESTROY) {
            needing.push(&["plan", "-refresh=false", "-destroy"]);
        }
        for arguments in needing {
            workspace.fail(arguments).mentions(&["Missing API key"]);
        }
        workspace.write("main", credentials("main", "port = 5061"));
        workspace.fail(&["plan", "-refresh=false"]).mentions(&["Missing API key"]);
        assert_eq!(workspace.names_in_state(), ["main"]);
    });
}

#[test]
fn bad_settings_are_refused_by_validate() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("no_scheme", "base_url = \"app.deepslate.eu\"", &["base_url", "https"]),
        ("public_http", "base_url = \"http://deepslate.example.com\"", &["base_url", "https"]),
        ("user_info", "base_url = \"https://user:hunter2@deepslate.example.com\"", &["base_url", "user"]),
        ("query", "base_url = \"https://deepslate.example.com/?a=b\"", &["base_url", "query"]),
        ("fragment", "base_url = \"https://deepslate.example.com/#a\"", &["base_url", "fragment"]),
        ("key_with_newline", "api_key = \"two\\nlines\"", &["api_key"]),
        ("key_empty", "api_key = \"\"", &["api_key", "empty"]),
        ("vendor_no_uuid", "vendor_id = \"../x\"", &["vendor_id", "a text of 4 characters", "UUID"]),
        ("organization_no_id", "organization_id = \"a/b\"", &["organization_id", "a text of 3 characters", "UUID"]),
        ("no_duration", "request_timeout = \"soon\"", &["request_timeout", "a text of 4 characters"]),
        ("no_time_at_all", "request_timeout = \"0s\"", &["request_timeout", "0s"]),
        ("no_bool", "coalesce_reads = \"perhaps\"", &["coalesce_reads", "bool"]),
        ("unknown_setting", "region = \"eu\"", &["region"]),
    ];
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        for (name, line, _) in cases {
            // A provider that no resource uses is not looked at.
            let resource = credentials(name, &format!("provider = deepslate.{name}"));
            workspace.write(name, format!("provider \"deepslate\" {{\n  alias = \"{name}\"\n  {line}\n}}\n{resource}"));
        }
        let output = workspace.fail(&["validate", "-json"]);
        for (name, line, facts) in cases {
            let diagnostic = output.diagnostic(name);
            assert_mentions(&diagnostic.text, facts, name);
            assert_eq!(&diagnostic.line, line, "{name} is underlined");
        }
        let shown: String = output.diagnostics().iter().map(|diagnostic| diagnostic.text.as_str()).collect();
        assert!(!shown.contains("hunter2") && !shown.contains("lines"), "secrets are not repeated: {shown}");
    });
}

#[test]
fn bad_settings_in_the_environment_are_named_as_such() {
    for_each_cli(|cli| {
        for (variable, value) in [
            ("DEEPSLATE_BASE_URL", "http://deepslate.example.com"),
            ("DEEPSLATE_API_KEY", "two\nlines"),
            ("DEEPSLATE_VENDOR_ID", "acme"),
        ] {
            let mut workspace = new_workspace(cli);
            workspace.write("main", credentials("main", ""));
            workspace.set_env(variable, value);
            workspace.fail(&["plan"]).mentions(&[variable]);
        }
    });
}

#[test]
fn settings_may_be_unknown_while_planning() {
    for_each_cli_with(&TERRAFORM_DATA, |cli| {
        let workspace = new_workspace(cli);
        workspace.write(
            "main",
            format!(
                "resource \"terraform_data\" \"late\" {{
                   input = {{ url = {url:?}, key = {API_KEY:?}, vendor = {VENDOR:?}, organization = {OTHER_ORGANIZATION:?}, coalesce = false }}
                 }}
                 provider \"deepslate\" {{
                   base_url        = terraform_data.late.output.url
                   api_key         = terraform_data.late.output.key
                   vendor_id       = terraform_data.late.output.vendor
                   organization_id = terraform_data.late.output.organization
                   coalesce_reads  = terraform_data.late.output.coalesce
                 }}
                 {resource}",
                url = workspace.api.url(),
                resource = credentials("main", "")
            ),
        );
        workspace.apply();
        assert_eq!(workspace.attributes("main")["organization_id"], OTHER_ORGANIZATION);
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn an_unknown_organization_does_not_move_objects() {
    for_each_cli_with(&TERRAFORM_DATA, |cli| {
        let workspace = new_workspace(cli);
        let write = |organization: &str, resource: &str| {
            let late = format!("resource \"terraform_data\" \"late\" {{\n  input = {organization:?}\n}}\n");
            let provider = "provider \"deepslate\" {\n  organization_id = terraform_data.late.output\n}\n";
            workspace.write("main", late + provider + resource);
        };
        write(ORGANIZATION, &credentials("main", ""));
        workspace.apply();

        // An update that is planned meanwhile warns, and goes through where the value stays.
        write(ORGANIZATION, &credentials("main", "port = 5061"));
        let output = workspace.succeed(&["apply", "-auto-approve", "-replace=terraform_data.late"]);
        output.mentions(&["`organization_id` is not known yet", "-target"]);
        assert_eq!(workspace.api.credentials()[0].port, 5061);

        // What only reads has to wait.
        let data = "data \"deepslate_sip_credentials_list\" \"all\" {}\n";
        write(OTHER_ORGANIZATION, &(credentials("main", "port = 5061") + data));
        let output = workspace.fail(&["plan"]);
        output.mentions(&["not configured yet", "`organization_id`", "-target"]);
    });
}

#[test]
fn an_object_is_destroyed_after_the_provider_lost_its_organization() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.apply();
        workspace.unset_env("DEEPSLATE_ORGANIZATION_ID");
        workspace.unset_env("DEEPSLATE_VENDOR_ID");
        workspace.destroy();
        assert!(workspace.api.credentials().is_empty());
    });
}

#[test]
fn a_saved_plan_needs_the_environment_that_it_was_made_with() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.succeed(&["plan", "-out=plan"]);
        workspace.set_env("DEEPSLATE_ORGANIZATION_ID", OTHER_ORGANIZATION);
        workspace.fail(&["apply", "plan"]).mentions(&["Provider produced inconsistent final plan"]);
        assert!(workspace.received("POST").is_empty() && workspace.state().is_empty(), "as the guide says");
        // Terraform 1.0 does not write a state if nothing was applied, so the plan is not older than the state.
        let again = if cli.is_at_least(1, 1) { "plan is stale" } else { "Provider produced inconsistent final plan" };
        workspace.fail(&["apply", "plan"]).mentions(&[again]);
        assert!(workspace.received("POST").is_empty());
    });
}

#[test]
fn two_providers_serve_two_organizations() {
    for_each_cli(|cli| {
        let workspace = new_workspace(cli);
        workspace.write(
            "main",
            format!(
                "provider \"deepslate\" {{
                   organization_id = {ORGANIZATION:?}
                 }}
                 provider \"deepslate\" {{
                   alias           = \"other\"
                   organization_id = {OTHER_ORGANIZATION:?}
                 }}
                 {} {}",
                credentials("one", "username = \"one\""),
                credentials("two", "username = \"two\"\nprovider = deepslate.other")
            ),
        );
        workspace.apply();
        let mut found: Vec<_> = workspace
            .api
            .credentials()
            .into_iter()
            .map(|object| (object.username, object.organization_id.to_string()))
            .collect();
        found.sort();
        assert_eq!(
            found,
            [("one".to_owned(), ORGANIZATION.to_owned()), ("two".to_owned(), OTHER_ORGANIZATION.to_owned())]
        );
        workspace.assert_plan_is_empty();
    });
}

#[test]
fn the_reason_of_a_failed_start_is_shown() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.set_env("PLUGIN_UNIX_SOCKET_DIR", "/nonexistent");
        workspace.fail(&["plan"]).mentions(&[
            "could not start: cannot create a socket: in `/nonexistent`: No such file or directory",
            "Set `PLUGIN_UNIX_SOCKET_DIR` to a folder",
        ]);
        workspace.unset_env("PLUGIN_UNIX_SOCKET_DIR");
        workspace.apply();
    });
}

#[test]
fn a_proxy_variable_that_is_no_url_is_named_and_not_shown() {
    for_each_cli(|cli| {
        for (variable, value) in [
            ("HTTPS_PROXY", "http://user:hunter2/x@proxy.example:3128"),
            ("https_proxy", "http://user:hunter2 @proxy.example"),
            ("HTTPS_PROXY", "http://hunter2.example:port"),
        ] {
            let mut workspace = new_workspace(cli);
            workspace.write("main", credentials("main", ""));
            workspace.set_env("DEEPSLATE_BASE_URL", "https://deepslate.invalid");
            workspace.set_env(variable, value);
            let output = workspace.fail(&["plan", "-refresh=false"]);
            output.mentions(&[&format!("`{variable}`"), "https://deepslate.invalid", "Percent-encode", "`NO_PROXY`"]);
            assert!(!output.text().contains("hunter2"), "{output}");

            workspace.set_env("NO_PROXY", "*.other.example,.invalid");
            workspace.plan(&[]);
            workspace.unset_env("NO_PROXY");
            let url = workspace.api.url();
            workspace.set_env("DEEPSLATE_BASE_URL", &url);
            workspace.apply(); // This machine is reached without a proxy.
        }
    });
}

#[test]
fn a_failed_request_says_which_way_it_took_and_what_is_trusted() {
    for_each_cli(|cli| {
        let mut workspace = new_workspace(cli);
        workspace.write("main", credentials("main", ""));
        workspace.set_env("DEEPSLATE_BASE_URL", "https://deepslate.invalid");
        workspace.set_env("HTTPS_PROXY", "user:hunter2@127.0.0.1:1");
        let output = workspace.fail(&["apply", "-auto-approve"]);
        output.mentions(&["connection refused", "through the proxy http://127.0.0.1:1 from `HTTPS_PROXY`"]);
        assert!(!output.text().contains("hunter2"), "{output}");

        workspace.set_env("SSL_CERT_FILE", "/nonexistent/ca.pem");
        workspace.set_env("SSL_CERT_DIR", "/nonexistent/certs");
        workspace.fail(&["apply", "-auto-approve"]).mentions(&[
            "no trusted certificates",
            "was not sent",
            "`SSL_CERT_FILE` is set, `/nonexistent/ca.pem` cannot be read: No such file",
            "`SSL_CERT_DIR` is set, `/nonexistent/certs` cannot be read: No such file",
        ]);
        let url = workspace.api.url();
        workspace.set_env("DEEPSLATE_BASE_URL", &url);
        workspace.apply(); // Without TLS, no certificate is needed.
    });
}
