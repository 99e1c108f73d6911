//! A machine with nothing but a CLI, the provider and what both are linked with: an empty root folder, like a container
//! image that is built from nothing. It has no `/etc`, `/proc` and `/dev`, no home folder, and no `/tmp` unless a test makes it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fs, thread};

use deepslate_emulator::{Config, Emulator};
use testkit::plugin::Identity;
use testkit::{API_KEY, Cli, EMPTY_ROOT, ORGANIZATION, VENDOR, credentials, for_each_cli_with, tell};

use crate::provider_binary;

const PROVIDER: &str = "/bin/terraform-provider-deepslate";
const SETTINGS: &str = r#"provider_installation {
  dev_overrides {
    "registry.terraform.io/deepslate-labs/deepslate" = "/bin"
    "registry.opentofu.org/deepslate-labs/deepslate" = "/bin"
  }
  direct {}
}
"#;
const VERSIONS: &str = r#"terraform {
  required_providers {
    deepslate = {
      source = "deepslate-labs/deepslate"
    }
  }
}
"#;

struct Root {
    folder: tempfile::TempDir,
    api: Emulator,
}

impl Root {
    /// Returns `None`, and prints why, if this user may not change the root folder of a process.
    fn new(cli: &Cli) -> Option<Self> {
        let allowed = Command::new(chroot()).args(["/", "true"]).output();
        if !allowed.as_ref().is_ok_and(|output| output.status.success()) {
            let name = thread::current().name().unwrap_or("a test").to_owned();
            let reason = match allowed {
                Ok(output) => String::from_utf8_lossy(&output.stderr).trim().to_owned(),
                Err(error) => error.to_string(),
            };
            tell(&format!("skipped: {name} in an empty root folder needs `chroot`: {reason}"));
            return None;
        }
        let api = Emulator::start(Config { api_key: API_KEY.to_owned(), ..Config::default() }).unwrap();
        let root = Self { folder: tempfile::tempdir().unwrap(), api };
        root.add_program(&cli.program, "bin/cli");
        root.add_program(&provider_binary(), &PROVIDER[1..]);
        root.write("cli.tfrc", SETTINGS);
        root.write("work/main.tf", &(VERSIONS.to_owned() + &credentials("main", "")));
        Some(root)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }

    /// Adds a program, and the libraries that it is linked with.
    fn add_program(&self, program: &Path, name: &str) {
        let linked = Command::new("ldd").arg(program).output().unwrap();
        let linked = String::from_utf8_lossy(&linked.stdout).into_owned();
        let libraries = linked.split_whitespace().filter(|word| word.starts_with('/') && word.contains(".so"));
        for (from, to) in libraries.map(|path| (Path::new(path), &path[1..])).chain([(program, name)]) {
            fs::create_dir_all(self.path(to).parent().unwrap()).unwrap();
            fs::copy(from, self.path(to)).unwrap();
        }
    }

    /// Runs a program. Returns whether it succeeded, and all that it printed, on one line.
    fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
        let usual = [
            ("TF_CLI_CONFIG_FILE", "/cli.tfrc"),
            ("CHECKPOINT_DISABLE", "1"),
            ("DEEPSLATE_BASE_URL", &*self.api.url()),
            ("DEEPSLATE_API_KEY", API_KEY),
            ("DEEPSLATE_VENDOR_ID", VENDOR),
            ("DEEPSLATE_ORGANIZATION_ID", ORGANIZATION),
        ];
        let mut command = Command::new(chroot());
        command.arg(self.folder.path()).args(arguments).stdin(Stdio::null());
        let output = command.env_clear().envs(usual).envs(variables.iter().copied()).output().unwrap();
        let text = [output.stdout, output.stderr].concat();
        let words: Vec<_> = String::from_utf8_lossy(&text).split_whitespace().map(str::to_owned).collect();
        (output.status.success(), words.join(" "))
    }

    fn cli(&self, arguments: &[&str], variables: &[(&str, &str)]) -> (bool, String) {
        self.run(&[&["/bin/cli", "-chdir=/work"], arguments, &["-no-color"]].concat(), variables)
    }
}

fn chroot() -> PathBuf {
    let folders = env::var_os("PATH").unwrap_or_default();
    let mut known = env::split_paths(&folders).chain(["/usr/sbin".into(), "/sbin".into()]);
    known.find_map(|folder| Some(folder.join("chroot")).filter(|path| path.is_file())).unwrap_or("chroot".into())
}

#[test]
fn nothing_else_is_needed_but_a_temporary_folder() {
    for_each_cli_with(&EMPTY_ROOT, |cli| {
        let Some(root) = Root::new(cli) else { return };
        let (ok, text) = root.cli(&["validate"], &[]);
        let expected = "in `/tmp`: No such file or directory";
        assert!(!ok && text.contains(expected), "{text}");
        assert!(text.contains("Set `TMPDIR` to a folder that has a short path and free disk space"), "{text}");
        let (ok, text) = root.cli(&["apply", "-auto-approve"], &[("TMPDIR", "/work")]);
        assert!(ok && root.api.credentials().len() == 1, "{text}");

        fs::create_dir(root.path("tmp")).unwrap();
        for arguments in [&["plan", "-detailed-exitcode"][..], &["destroy", "-auto-approve"]] {
            let (ok, text) = root.cli(arguments, &[]);
            assert!(ok, "{text}");
        }
        assert!(root.api.credentials().is_empty());
        let (ok, text) = root.run(&[PROVIDER, "--check"], &[]);
        assert!(ok, "{text}");
    });
}

#[test]
fn what_a_server_with_tls_needs_is_said() {
    for_each_cli_with(&EMPTY_ROOT, |cli| {
        let Some(root) = Root::new(cli) else { return };
        fs::create_dir(root.path("tmp")).unwrap();
        let url = ("DEEPSLATE_BASE_URL", "https://127.0.0.1:1");
        let no_certificates = "`SSL_CERT_FILE` is not set, and the usual places have no file with certificates";
        root.write("ca.pem", Identity::generate().pem());
        for (variables, expected) in [
            (&[url][..], &["this machine has no trusted certificates", no_certificates][..]),
            (&[url, ("SSL_CERT_FILE", "/missing.pem")], &["`SSL_CERT_FILE` is set, `/missing.pem` cannot be read"]),
            (&[url, ("SSL_CERT_FILE", "/ca.pem")], &["connection refused"]),
            (
                &[("DEEPSLATE_BASE_URL", "https://deepslate.invalid"), ("SSL_CERT_FILE", "/ca.pem")],
                &["the host name was not found", "DNS"],
            ),
        ] {
            let applied = root.cli(&["apply", "-auto-approve"], variables);
            let checked = root.run(&[PROVIDER, "--check"], variables);
            for (ok, text) in [applied, checked] {
                assert!(!ok && expected.iter().all(|expected| text.contains(expected)), "{expected:?}: {text}");
                let has_certificate = variables.contains(&("SSL_CERT_FILE", "/ca.pem"));
                assert_eq!(text.contains("this machine has no trusted certificates"), !has_certificate, "{text}");
            }
        }
    });
}
