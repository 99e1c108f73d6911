//! Secrets in the environment and on the command line.

use std::sync::Arc;

use deepslate_emulator::{Config, Emulator};
use serde_json::{Value, json};
use testkit::core::{Core, block_type, encode, texts};
use testkit::plugin::{Plugin, TRANSPORT, within};
use testkit::{ORGANIZATION, VENDOR};
use tfplugin::proto::tfplugin5::configure;
use tokio::process::Command;

use crate::{binary, development_build, run};

const KEY: &str = "sk-Zw9qTr4bNm7LkX2v";

#[tokio::test]
async fn a_check_shows_no_secret_of_a_network_variable() {
    for (variable, value) in [
        ("HTTPS_PROXY", KEY),
        ("HTTPS_PROXY", &*format!("https://{KEY}:3128")),
        ("SSL_CERT_FILE", KEY),
        ("SSL_CERT_DIR", &format!("/nowhere/\u{1b}[2J:{KEY}\nApply complete!")),
    ] {
        let mut command = Command::new(binary());
        // Without a certificate to trust, nothing is sent.
        command.arg("--check").env_clear().envs([
            ("DEEPSLATE_BASE_URL", "https://deepslate.invalid"),
            ("DEEPSLATE_API_KEY", KEY),
            ("DEEPSLATE_VENDOR_ID", VENDOR),
            ("DEEPSLATE_ORGANIZATION_ID", ORGANIZATION),
            ("SSL_CERT_FILE", "/nowhere"),
            ("SSL_CERT_DIR", "/nowhere"),
            (variable, value),
        ]);
        let output = run(&mut command).await;
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        assert!(text.contains(variable) && text.contains("contains a secret"), "{text}");
        assert!(!text.to_lowercase().contains("zw9q") && !text.contains('\u{1b}'), "{text}");
        assert!(!text.lines().any(|line| line.trim_start().starts_with("Apply complete!")), "{text}");
    }
}

#[tokio::test]
async fn an_argument_that_is_no_flag_is_not_repeated() {
    for arguments in [&["--check", KEY][..], &[KEY], &["--check", "--json\u{1b}[2J\nApply complete!", KEY]] {
        let output = run(Command::new(binary()).args(arguments)).await;
        assert_eq!(output.status.code(), Some(2));
        let text = String::from_utf8(output.stderr).unwrap();
        assert!(text.contains("--version") && text.contains('…'), "{text}");
        assert!(!text.contains(KEY) && !text.contains('\u{1b}') && !text.contains("Apply complete!"), "{text}");
    }
}

/// The errors of a provider block with these arguments, on a connection of its own.
async fn configured(plugin: &Arc<Plugin>, api: &Arc<Emulator>, config: &Value) -> Vec<String> {
    let mut core = Core::connect(Arc::clone(plugin), Arc::clone(api)).await;
    let config = Some(encode(config, &block_type(core.schema.provider.as_ref())));
    let request = configure::Request { terraform_version: "1.15.0".to_owned(), config, ..Default::default() };
    texts(&within(core.client.configure(request)).await.unwrap().into_inner().diagnostics)
}

#[tokio::test]
async fn if_others_can_connect_the_key_of_the_environment_goes_to_no_url_of_theirs() {
    const WARNING: &str = "Every user of this machine can connect";
    let api = Arc::new(Emulator::start(Config::default()).unwrap());
    let url = json!({ "base_url": api.url() });
    let with_key = json!({ "base_url": api.url(), "api_key": "another" });
    for (transport, debugged) in [("tcp", true), ("tcp", false), ("", true), ("", false)] {
        let mut command = testkit::plugin::command(development_build());
        command.envs([(TRANSPORT, transport), ("DEEPSLATE_API_KEY", KEY)]);
        if debugged {
            command.env_remove("TF_PLUGIN_MAGIC_COOKIE").arg("--debug");
        }
        let plugin = Arc::new(Plugin::start(command, None).await);
        let refused = configured(&plugin, &api, &url).await;
        if transport == "tcp" {
            assert_eq!(refused.len(), 1, "{refused:?}");
            assert!(refused[0].contains("`DEEPSLATE_API_KEY`") && refused[0].contains("`DEEPSLATE_BASE_URL`"));
            assert!(!refused[0].contains(KEY), "{refused:?}");
        } else {
            assert_eq!(refused, [""; 0]);
        }
        for harmless in [&with_key, &json!({})] {
            assert_eq!(configured(&plugin, &api, harmless).await, [""; 0]);
        }
        assert_eq!(plugin.stderr().contains(WARNING), transport == "tcp" && debugged, "{}", plugin.stderr());
    }
    let plugin = Plugin::launch_with(development_build(), [(TRANSPORT, "tcp"), ("DEEPSLATE_API_KEY", KEY)]).await;
    assert_eq!(configured(&Arc::new(plugin), &api, &url).await, [""; 0], "TLS keeps others out");
}
