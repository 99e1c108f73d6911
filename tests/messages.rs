//! `messages.md` lists the texts that users can see, so that a change to any of them is reviewed.

use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The folders whose code shows texts to users.
const FOLDERS: [&str; 7] = [
    "src",
    "crates/deepslate/src",
    "crates/deepslate-emulator/src",
    "crates/redaction/src",
    "crates/samejson/src",
    "crates/tfplugin/src",
    "crates/tfplugin-derive/src",
];

/// Calls and macros whose texts only a bug shows.
const INTERNAL: [&str; 7] =
    ["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "expect", "unreachable"];

#[test]
fn messages_are_those_reviewed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut report = String::from(
        "# Messages\n\nThe texts in the code that users can see, in the order of the code: diagnostics, descriptions, log \
         lines and the command line.\n`{}` stands for a value. A text that the code puts together is listed in parts. \
         `make messages` writes this file, and a test compares it.\n\nThe summaries as the provider prints them are in \
         [faults.md](faults.md), and all descriptions in [schema.json](schema.json).\n",
    );
    for folder in FOLDERS {
        for file in sources(&root.join(folder)) {
            let text = fs::read_to_string(&file).expect("the file can be read");
            let mut found = Vec::new();
            collect(text.parse().expect("the file is Rust"), &mut found);
            if !found.is_empty() {
                let name = file.strip_prefix(root).expect("the file is in the repository").display();
                report.push_str(&format!("\n## {name}\n\n{}", found.concat()));
            }
        }
    }
    let reviewed = root.join("tests/messages.md");
    if std::env::var_os("UPDATE_MESSAGES").is_some() {
        fs::write(&reviewed, &report).expect("the file can be written");
    }
    let expected = fs::read_to_string(&reviewed).expect("the file can be read");
    let (report, expected): (Vec<_>, Vec<_>) = (report.lines().collect(), expected.lines().collect());
    let new: Vec<_> = report.iter().filter(|line| !expected.contains(line)).collect();
    let gone: Vec<_> = expected.iter().filter(|line| !report.contains(line)).collect();
    assert!(
        report == expected,
        "Messages changed. Read them, and run `make messages`.\nnew: {new:#?}\ngone: {gone:#?}"
    );
}

/// The files of product code in the folder, sorted.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<_> =
        fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    let is_test = |path: &PathBuf| path.file_stem().is_some_and(|name| name == "tests");
    let product = entries.into_iter().filter(|path| !is_test(path));
    let files = product.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    files.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// Adds the texts of at least two words, each as an item of a list.
fn collect(code: TokenStream, found: &mut Vec<String>) {
    let mut tokens = code.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            // An attribute, such as a doc comment. An item that is only for tests follows its attribute.
            TokenTree::Punct(punct) if punct.as_char() == '#' => {
                if let Some(TokenTree::Punct(_)) = tokens.peek() {
                    tokens.next();
                }
                let attribute = tokens.next().map(|attribute| attribute.to_string()).unwrap_or_default();
                if attribute.replace(' ', "").contains("cfg(test)") {
                    tokens.by_ref().find(ends_item);
                }
            }
            TokenTree::Ident(name) if INTERNAL.iter().any(|internal| name == internal) => {
                if let Some(TokenTree::Punct(_)) = tokens.peek() {
                    tokens.next();
                }
                if let Some(TokenTree::Group(_)) = tokens.peek() {
                    tokens.next();
                }
            }
            TokenTree::Group(group) => collect(group.stream(), found),
            TokenTree::Literal(literal) => {
                let Ok(text) = syn::parse2::<syn::LitStr>(TokenTree::from(literal).into()) else { continue };
                let text = text.value();
                let is_word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() > 1;
                if text.split_whitespace().filter(is_word).count() > 1 {
                    let lines = text.trim().replace("\n\n", "\n").replace('\n', "\n  ");
                    found.push(format!("- {lines}\n"));
                }
            }
            _ => {}
        }
    }
}

fn ends_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        TokenTree::Punct(punct) => punct.as_char() == ';',
        _ => false,
    }
}
