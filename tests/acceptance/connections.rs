//! One process with `--debug` that serves several provider blocks and several runs, as `TF_REATTACH_PROVIDERS` makes it.

use std::time::Duration;

use deepslate_emulator::{Config, Effect, Emulator};
use testkit::plugin::Plugin;
use testkit::{Cli, Workspace, credentials, for_each_cli};
use tokio::runtime::Runtime;

use crate::{provider_binary, workspace_with_key};

/// A provider process that Terraform does not start.
struct Debugged {
    plugin: Plugin,
    _runtime: Runtime,
}

impl Debugged {
    fn start() -> Self {
        let runtime = Runtime::new().expect("a runtime can be started");
        Self { plugin: runtime.block_on(Plugin::debug(provider_binary())), _runtime: runtime }
    }

    /// A workspace that uses this process, with an API of its own that accepts this key only.
    fn workspace(&self, cli: &Cli, key: &str) -> Workspace {
        let mut workspace = workspace_with_key(cli, key, Config::default());
        workspace.set_env("TF_REATTACH_PROVIDERS", &self.plugin.handshake.reattach);
        // The process has an environment of its own, so the provider block says all.
        for variable in ["BASE_URL", "API_KEY", "VENDOR_ID", "ORGANIZATION_ID"] {
            workspace.unset_env(&format!("DEEPSLATE_{variable}"));
        }
        workspace
    }
}

/// A provider block for this API and key.
fn provider(alias: &str, api: &Emulator, key: &str) -> String {
    let alias = if alias.is_empty() { String::new() } else { format!("  alias = {alias:?}\n") };
    format!(
        "provider \"deepslate\" {{\n{alias}  base_url = {:?}\n  api_key = {key:?}\n  vendor_id = {:?}\n  organization_id = \
         {:?}\n}}\n",
        api.url(),
        testkit::VENDOR,
        testkit::ORGANIZATION
    )
}

/// Asserts that the API has these objects, and that each request came with its key.
#[track_caller]
fn assert_only(api: &Emulator, key: &str, expected: &[&str]) {
    for request in api.requests() {
        let sent = request.headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value.as_str());
        assert_eq!(sent, Some(&*format!("Bearer {key}")), "{} {}", request.method, request.path);
        let username = request.body.as_ref().and_then(|body| body["username"].as_str());
        assert!(username.is_none_or(|name| expected.contains(&name)), "{username:?} was sent to the wrong server");
    }
    let mut names: Vec<_> = api.credentials().into_iter().map(|object| object.username).collect();
    names.sort();
    assert_eq!(names, expected);
}

#[test]
fn two_provider_blocks_each_have_their_own_server_and_key() {
    for_each_cli(|cli| {
        let debugged = Debugged::start();
        let workspace = debugged.workspace(cli, "key-one");
        let other = Emulator::start(Config { api_key: "key-two".to_owned(), ..Config::default() }).expect("it starts");
        let providers = provider("", &workspace.api, "key-one") + &provider("two", &other, "key-two");
        workspace.write("providers", providers);
        let resource = |name: &str, alias: &str| credentials(name, &format!("username = {name:?}\n{alias}"));
        let names = [("a", ""), ("b", "provider = deepslate.two"), ("c", ""), ("d", "provider = deepslate.two")];
        workspace.write("main", names.map(|(name, alias)| resource(name, alias)).concat());
        workspace.apply();
        workspace.assert_plan_is_empty();
        assert_only(&workspace.api, "key-one", &["a", "c"]);
        assert_only(&other, "key-two", &["b", "d"]);
        for api in [&workspace.api, &other] {
            api.clear_requests();
        }
        workspace.destroy();
        assert_only(&workspace.api, "key-one", &[]);
        assert_only(&other, "key-two", &[]);
    });
}

#[test]
fn two_runs_at_once_do_not_mix_and_ctrl_c_stops_one_of_them() {
    for_each_cli(|cli| {
        let debugged = Debugged::start();
        let [one, two] = ["key-one", "key-two"].map(|key| {
            let workspace = debugged.workspace(cli, key);
            workspace.write("providers", provider("", &workspace.api, key));
            workspace.write("main", credentials("main", &format!("username = {key:?}")));
            workspace
        });
        // A create first lists what exists. Stop ends a read at once, and lets a write come to its end.
        one.fault("GET", "", Effect::Delay(Duration::from_secs(600)));
        two.fault("POST", "", Effect::Delay(Duration::from_secs(3)));
        let (first, second) = (one.start(&["apply", "-auto-approve"]), two.start(&["apply", "-auto-approve"]));
        one.wait_for("GET");
        two.wait_for("POST");
        first.interrupt();
        let (first, second) = (first.wait(), second.wait());
        assert_eq!((first.code, second.code), (Some(1), Some(0)), "{first}\n{second}");
        first.mentions(&["stopped"]);
        assert_only(&two.api, "key-two", &["key-two"]);
        two.assert_plan_is_empty();

        // The process serves the next run after a Stop.
        one.api.clear_faults();
        one.apply();
        assert_only(&one.api, "key-one", &["key-one"]);
        one.assert_plan_is_empty();
        assert!(one.left_in_tmp().is_empty());
    });
}
