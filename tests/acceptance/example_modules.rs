//! Each folder below `examples/` is a module that the command line accepts, and that breaks no rule which tflint has by
//! default. tflint itself is not needed: its rules that can concern these modules are here.

use std::fs;
use std::path::{Path, PathBuf};

use testkit::{MOCKS, QUERY, TESTS, for_each_cli};

use crate::new_workspace;

/// A module.
struct Module {
    folder: PathBuf,
    /// The top-level blocks of its `.tf` files, each with its first line.
    blocks: Vec<String>,
}

#[test]
fn the_command_line_accepts_each() {
    for_each_cli(|cli| {
        for module in modules() {
            let name = module.folder.display().to_string();
            let workspace = new_workspace(cli);
            workspace.remove("versions");
            workspace.copy_module(&module.folder);
            let formatted = workspace.run(&["fmt", "-check", "-diff", "-recursive"]);
            assert!(formatted.code == Some(0), "{name}: {formatted}");
            // Some versions have tests, but no mocks: they reject the module, so `mocked.tftest.hcl` says to remove that file.
            let mocked = workspace.path("configuration/tests/mocked.tftest.hcl");
            if cli.has(&TESTS) && !cli.has(&MOCKS) && mocked.exists() {
                workspace.fail(&["validate"]).mentions(&["mock_provider"]);
                fs::remove_file(mocked).expect("the file can be removed");
            }
            if module.runs_with(cli) {
                workspace.succeed(if cli.has(&QUERY) { &["validate", "-query"] } else { &["validate"] });
            }
        }
    });
}

#[test]
fn no_example_breaks_a_default_rule_of_tflint() {
    let modules = modules();
    assert!(modules.len() >= 12, "{}", modules.len());
    for module in modules {
        let broken = module.broken_rules();
        assert!(broken.is_empty(), "{}: {broken:#?}", module.folder.display());
    }
}

#[test]
fn the_rules_find_what_tflint_finds() {
    let broken = |text: &str| Module { folder: PathBuf::new(), blocks: blocks(text) }.broken_rules();
    let sound = "terraform {\n  required_version = \">= 1.0\"\n  required_providers {\n    deepslate = {\n      source = \"a/b\"\n      \
                 version = \"1\"\n    }\n  }\n}\nvariable \"a\" {\n  type = string\n}\nresource \"deepslate_x\" \"y\" {\n  z = var.a\n}\n";
    assert_eq!(broken(sound), [""; 0]);
    for (from, to, rule) in [
        ("  required_version = \">= 1.0\"\n", "", "terraform_required_version"),
        ("      version = \"1\"\n", "", "terraform_required_providers: deepslate"),
        ("deepslate = {", "other = {", "terraform_required_providers: deepslate"),
        ("  type = string\n", "", "terraform_typed_variables: a"),
        ("var.a", "\"\"", "terraform_unused_declarations: var.a"),
        ("resource", "locals {\n  b = 1\n}\nresource", "terraform_unused_declarations: local.b"),
        ("resource", "data \"deepslate_x\" \"q\" {\n}\nresource", "terraform_unused_declarations: data.deepslate_x.q"),
        ("var.a", "\"${var.a}\"", "terraform_deprecated_interpolation"),
        ("var.a", "var.a.0", "terraform_deprecated_index"),
    ] {
        assert_eq!(broken(&sound.replacen(from, to, 1)), [rule], "{rule}");
    }
}

impl Module {
    /// Whether the version of the command line is one that the module takes: each names its first one.
    fn runs_with(&self, cli: &testkit::Cli) -> bool {
        let version = self.blocks.iter().flat_map(|block| block.lines()).find_map(|line| {
            let (name, value) = line.split_once('=')?;
            (name.trim() == "required_version").then(|| value.trim().trim_matches('"').trim_start_matches(">= "))
        });
        let (major, minor) = version.and_then(|version| version.split_once('.')).expect("a version such as `>= 1.0`");
        cli.is_at_least(major.parse().expect("a number"), minor.parse().expect("a number"))
    }

    fn broken_rules(&self) -> Vec<String> {
        let mut broken = Vec::new();
        let settings: String = self.blocks.iter().filter(|block| block.starts_with("terraform {")).cloned().collect();
        if !settings.contains("required_version") {
            broken.push("terraform_required_version".to_owned());
        }
        let used = self.blocks.iter().any(|block| {
            ["resource", "data", "provider"].iter().any(|kind| block.starts_with(&format!("{kind} \"deepslate")))
        });
        let required =
            settings.split("deepslate = {").nth(1).and_then(|rest| rest.split('}').next()).unwrap_or_default();
        if (used || !required.is_empty()) && !(required.contains("source") && required.contains("version")) {
            broken.push("terraform_required_providers: deepslate".to_owned());
        }
        for (number, block) in self.blocks.iter().enumerate() {
            let others =
                || self.blocks.iter().enumerate().filter(|(other, _)| *other != number).map(|(_, block)| block);
            let labels: Vec<_> = block.lines().next().unwrap_or_default().split('"').skip(1).step_by(2).collect();
            let declared = match labels[..] {
                [name] if block.starts_with("variable") => {
                    if !block.lines().any(|line| line.trim_start().starts_with("type ")) {
                        broken.push(format!("terraform_typed_variables: {name}"));
                    }
                    vec![format!("var.{name}")]
                }
                [ty, name] if block.starts_with("data") => vec![format!("data.{ty}.{name}")],
                [] if block.starts_with("locals") => {
                    let names = block.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
                    let names = names.filter_map(|line| line.split_once(" = ")).map(|(name, _)| name.trim());
                    names.filter(|name| !name.starts_with('#')).map(|name| format!("local.{name}")).collect()
                }
                _ => Vec::new(),
            };
            for name in declared {
                // A local may be used in the file that declares it.
                let here = if name.starts_with("local.") { block.matches(&name).count() } else { 0 };
                if here == 0 && !others().any(|block| block.contains(&name)) {
                    broken.push(format!("terraform_unused_declarations: {name}"));
                }
            }
            let words = || block.split(|letter: char| letter.is_whitespace() || "()[]{},".contains(letter));
            if block.lines().any(|line| {
                line.trim_end().ends_with("}\"") && line.contains("= \"${") && line.matches("${").count() == 1
            }) {
                broken.push("terraform_deprecated_interpolation".to_owned());
            }
            let is_index = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            if words().any(|word| {
                !word.contains(['"', '+'])
                    && word.contains('.')
                    && word.starts_with(char::is_alphabetic)
                    && word.split('.').any(is_index)
            }) {
                broken.push("terraform_deprecated_index".to_owned());
            }
        }
        broken
    }
}

/// Every folder with configurations, without the tests of a module.
fn modules() -> Vec<Module> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")];
    let mut modules = Vec::new();
    while let Some(folder) = folders.pop() {
        let mut text = String::new();
        let mut is_module = false;
        for entry in fs::read_dir(&folder).expect("the folder can be read").flatten() {
            let path = entry.path();
            let extension = path.extension().unwrap_or_default();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
                folders.push(path);
            } else if extension == "tf" {
                text += &fs::read_to_string(&path).expect("the file can be read");
                is_module = true;
            } else {
                is_module |= extension == "hcl";
            }
        }
        if is_module {
            modules.push(Module { folder, blocks: blocks(&text) });
        }
    }
    modules
}

/// The top-level blocks of formatted HCL, without comments before them.
fn blocks(text: &str) -> Vec<String> {
    let mut blocks: Vec<String> = Vec::new();
    for line in text.lines() {
        let begins = line.starts_with(|first: char| first.is_ascii_alphabetic());
        match blocks.last_mut() {
            _ if begins => blocks.push(format!("{line}\n")),
            Some(block) if !line.trim_start().starts_with('#') => *block += &format!("{line}\n"),
            _ => {}
        }
    }
    blocks
}
