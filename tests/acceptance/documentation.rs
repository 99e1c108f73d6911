//! The HCL that README.md and the registry's pages show is valid and formatted.
//!
//! A page is read as it is by its users: as one configuration that grows, in which a block replaces an earlier one that
//! declares the same. References that the page does not declare are declared here.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use deepslate_emulator::{Config, Credentials, PhoneNumber};
use testkit::{
    Cli, Feature, IDENTITY, IMPORT_BLOCKS, IMPORT_FOR_EACH, MOCKS, MOVES_BETWEEN_TYPES, ORGANIZATION, PASSWORD, QUERY,
    STORE, VENDOR, WRITE_ONLY, credentials, existing, for_each_cli, for_each_cli_with, uuid,
};
use uuid::Uuid;

use crate::{new_workspace, workspace_with_api};

/// Parts of blocks that need a newer command line than the oldest one.
const NEEDS: [(&str, &Feature); 10] = [
    ("import {", &IMPORT_BLOCKS),
    ("identity = {", &IDENTITY),
    ("moved {", &MOVES_BETWEEN_TYPES),
    ("password_wo", &WRITE_ONLY),
    ("ephemeral", &WRITE_ONLY),
    ("list \"", &QUERY),
    ("import {\n  for_each", &IMPORT_FOR_EACH),
    ("check \"", &IMPORT_BLOCKS),
    ("run \"", &MOCKS),
    ("store {", &STORE),
];

/// The table that a page describes.
const NUMBERS: &str = "phone_number,username\n+49301234560,support\n+49301234570,sales\n";

/// A block of HCL in a page.
struct Block {
    /// The page and the line that the block begins at, for messages: `README-42`.
    name: String,
    hcl: String,
}

#[test]
fn each_block_is_valid_and_formatted() {
    let pages = pages();
    assert!(pages.len() >= 10, "{pages:?}");
    for_each_cli(|cli| {
        for page in &pages {
            let mut configuration: Vec<Block> = Vec::new();
            for block in blocks(page) {
                if block.is_cli_configuration() || !block.runs_with(cli) {
                    continue;
                }
                let declared = block.declares();
                let stays = |earlier: &Block| earlier.declares().is_disjoint(&declared);
                if !configuration.iter().all(stays) {
                    validate(cli, &configuration);
                    configuration.retain(stays);
                }
                configuration.push(block);
            }
            validate(cli, &configuration);
        }
    });
}

#[test]
fn each_configuration_of_the_command_line_is_understood() {
    for_each_cli(|cli| {
        for block in pages().iter().flat_map(|page| blocks(page)).filter(Block::is_cli_configuration) {
            let mut workspace = new_workspace(cli);
            let file = workspace.path("shown.tfrc");
            fs::write(&file, &block.hcl).expect("a file can be written");
            workspace.set_env("TF_CLI_CONFIG_FILE", &file.display().to_string());
            let output = workspace.succeed(&["version"]);
            assert!(!output.text().contains("problems with the CLI configuration"), "{}: {output}", block.name);
        }
    });
}

#[test]
fn getting_started_creates_an_assistant_that_answers() {
    for_each_cli(|cli| {
        let acme = (uuid(VENDOR), uuid(ORGANIZATION), "Acme".to_owned());
        let mut workspace = workspace_with_api(cli, Config { organizations: vec![acme], ..Config::default() });
        workspace.remove("versions");
        workspace.unset_env("DEEPSLATE_ORGANIZATION_ID");
        workspace.set_env("TF_VAR_sip_password", PASSWORD);
        for block in blocks(&root().join("docs/guides/getting-started.md")) {
            workspace.write(&block.name, &block.hcl);
            workspace.succeed(&["plan"]);
        }
        workspace.apply().mentions(&["3 added"]);
        assert_eq!(workspace.api.credentials()[0].organization_id, uuid(ORGANIZATION));
        let number = &workspace.api.phone_numbers()[0];
        assert_eq!(number.phone_number, "+49301234567");
        assert_eq!(workspace.api.assistants()[0].fields["telephoneNumberId"], number.id.to_string());
        workspace.assert_plan_is_empty();
        workspace.destroy();
    });
}

#[test]
fn numbers_are_imported_without_a_query() {
    for_each_cli_with(&IMPORT_FOR_EACH, |cli| {
        let workspace = new_workspace(cli);
        let id = |number: u128| Uuid::from_u128(number);
        for (number, username) in [(1, "support"), (2, "sales")] {
            let credentials = existing(ORGANIZATION, &id(number).to_string());
            workspace.api.insert(Credentials { username: username.to_owned(), ..credentials });
        }
        let insert = |account, number, phone_number: &str| {
            let (sip_credentials_id, id) = (id(account), id(number));
            let phone_number = phone_number.to_owned();
            workspace.api.insert_phone_number(PhoneNumber { sip_credentials_id, id, phone_number, fallback: false });
        };
        insert(1, 11, "+49301234560");
        insert(2, 12, "+49309999999");
        workspace.write_file("numbers.csv", NUMBERS);
        let page = blocks(&root().join("docs/guides/taking-over-what-exists.md"));
        let shown = page
            .iter()
            .filter(|block| ["csvdecode", "range(", "local.existing"].iter().any(|it| block.hcl.contains(it)));
        for block in shown.chain(page.iter().filter(|block| block.hcl.contains("check \""))) {
            workspace.write(&block.name, &block.hcl);
        }
        workspace.apply().mentions(&["1 imported, 1 added, 0 changed, 0 destroyed", "does not manage"]);
        assert_eq!(workspace.attributes("line[+49301234560]")["id"], id(11).to_string());
        assert_eq!(workspace.attributes("line[+49301234570]")["sip_credentials_id"], id(2).to_string());
        workspace.api.remove_phone_number(id(12));
        let output = workspace.run(&["plan", "-detailed-exitcode"]);
        assert!(output.code == Some(0) && !output.text().contains("does not manage"), "{output}");
    });
}

impl Block {
    /// For `~/.terraformrc`, not for a folder's `.tf` files.
    fn is_cli_configuration(&self) -> bool {
        self.hcl.starts_with("provider_installation")
    }

    /// For `terraform test`.
    fn is_test(&self) -> bool {
        self.hcl.contains("run \"")
    }

    /// For `-generate-config-out`: no version accepts `provider` next to a resource's block.
    fn generates(&self) -> bool {
        self.hcl.contains("import {\n  provider")
    }

    /// The block without the provider `time`, which is not available here: its number is replaced by one that grows.
    fn without_time(&self) -> String {
        let Some((before, rest)) = self.hcl.split_once("resource \"time_rotating\"") else { return self.hcl.clone() };
        let after = rest.split_once("\n}\n\n").map_or("", |(_, after)| after);
        format!("{before}{}", after.replace("time_rotating.sip_password.unix", "1798761600"))
    }

    fn runs_with(&self, cli: &Cli) -> bool {
        NEEDS.iter().all(|(words, feature)| !self.hcl.contains(words) || cli.has(feature))
    }

    /// What a configuration may contain only once: `resource "a" "b"`, `terraform`, and the targets of `import` and
    /// `moved`.
    fn declares(&self) -> BTreeSet<String> {
        let headers = self.hcl.lines().filter(|line| !line.starts_with([' ', '#']) && line.ends_with('{'));
        let named = headers.filter(|line| line.contains('"') || line.starts_with("terraform"));
        let targets = self.hcl.lines().filter(|line| line.trim_start().starts_with("to "));
        named.chain(targets).map(|line| line.split_whitespace().collect()).collect()
    }

    /// The addresses of variables, resources and data sources that it names.
    fn mentions(&self) -> impl Iterator<Item = Vec<&str>> {
        let words = self.hcl.split(|letter: char| !letter.is_alphanumeric() && !"._".contains(letter));
        words.map(|word| word.split('.').collect())
    }
}

/// Checks blocks that make one configuration.
fn validate(cli: &'static Cli, blocks: &[Block]) {
    let workspace = new_workspace(cli);
    let declared: BTreeSet<String> = blocks.iter().flat_map(Block::declares).collect();
    let missing = |header: &str| !declared.contains(&header.replace(' ', ""));
    if !missing("terraform {") {
        workspace.remove("versions");
    }
    for block in blocks {
        let extension = match block {
            test if test.is_test() => "tftest.hcl",
            query if query.hcl.contains("list \"") => "tfquery.hcl",
            _ => "tf",
        };
        workspace.write_file(&format!("{}.{extension}", block.name), &block.without_time());
        workspace.write_file("numbers.csv", NUMBERS);
        if block.is_test() || block.generates() {
            continue;
        }
        for mentioned in block.mentions() {
            match mentioned[..] {
                ["var", name, ..] if missing(&format!("variable {name:?} {{")) => {
                    workspace.write(&format!("variable-{name}"), format!("variable {name:?} {{}}\n"));
                }
                ["data", "deepslate_sip_phone_numbers", name, ..]
                    if !blocks.iter().any(|block| block.hcl.contains(&all_numbers(name))) =>
                {
                    workspace.write(&format!("numbers-{name}"), all_numbers(name) + "}\n");
                }
                ["deepslate_sip_credentials", name, ..]
                    if missing(&format!("resource \"deepslate_sip_credentials\" {name:?} {{")) =>
                {
                    workspace.write(&format!("credentials-{name}"), credentials(name, ""));
                }
                ["deepslate_sip_phone_number", name, ..]
                    if missing(&format!("resource \"deepslate_sip_phone_number\" {name:?} {{")) =>
                {
                    let number = format!(
                        "resource \"deepslate_sip_phone_number\" {name:?} {{\n  sip_credentials_id = \
                         {ORGANIZATION:?}\n  phone_number = \"110\"\n}}\n"
                    );
                    workspace.write(&format!("number-{name}"), number);
                }
                _ => {}
            }
        }
    }
    workspace.succeed(if cli.has(&QUERY) { &["validate", "-query"] } else { &["validate"] });
    for block in blocks {
        workspace.write_file("shown.tf", &block.hcl);
        workspace.succeed(&["fmt", "-check", "-diff", "shown.tf"]);
        workspace.remove("shown");
    }
    // Each in a run of its own, since OpenTofu 1.12 also applies the overrides of one file to the next.
    for test in blocks.iter().filter(|block| block.is_test()) {
        workspace.succeed(&["test", &format!("-filter={}.tftest.hcl", test.name)]);
        assert!(workspace.api.credentials().is_empty(), "the tests destroy what they made");
    }
}

/// The start of a data source of all phone numbers.
fn all_numbers(name: &str) -> String {
    format!("data \"deepslate_sip_phone_numbers\" {name:?} {{")
}

/// The blocks of a page that are marked as HCL.
fn blocks(page: &Path) -> Vec<Block> {
    let text = fs::read_to_string(page).unwrap_or_else(|error| panic!("{}: {error}", page.display()));
    let stem = page.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut found = Vec::new();
    let mut lines = text.lines().zip(1..);
    while let Some((line, number)) = lines.next() {
        if ["```hcl", "```terraform"].contains(&line.trim()) {
            let hcl = lines.by_ref().map(|(line, _)| line).take_while(|line| line.trim() != "```");
            let hcl: String = hcl.flat_map(|line| [line, "\n"]).collect();
            found.push(Block { name: format!("{stem}-{number}"), hcl });
        }
    }
    found
}

/// README.md, and every page below docs/.
fn pages() -> Vec<PathBuf> {
    let mut pages = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder can be read").flatten() {
            let path = entry.path();
            if path.is_dir() { &mut folders } else { &mut pages }.push(path);
        }
    }
    pages
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
