//! `make release-check` finds each place where the version is another one.
#![cfg(unix)] // It is a shell script.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

/// What the check reads.
const PARTS: [&str; 7] =
    ["scripts/release-check", "Cargo.toml", "Cargo.lock", "CHANGELOG.md", "README.md", "templates", "examples"];

/// A copy of the repository, with the files that the check reads and one changed file.
fn tampered(file: &str, change: impl Fn(&str) -> String) -> TempDir {
    let copy = tempfile::tempdir().expect("a temporary folder can be made");
    fs::create_dir(copy.path().join("scripts")).expect("a folder can be made");
    for part in PARTS {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(part);
        let copied = Command::new("cp").arg("-R").arg(from).arg(copy.path().join(part)).status();
        assert!(copied.expect("`cp` starts").success(), "{part} cannot be copied");
    }
    let file = copy.path().join(file);
    let text = fs::read_to_string(&file).expect("the file can be read");
    fs::write(&file, change(&text)).expect("the file can be written");
    copy
}

/// Whether the check passes in a copy, and what it complains of.
fn check(copy: &TempDir) -> (bool, String) {
    let output = Command::new(copy.path().join("scripts/release-check")).output().expect("the check starts");
    (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Makes the copy a repository whose one commit has a tag.
fn tag(copy: &TempDir, tag: &str) {
    let script = format!(
        "git init -q && git -c user.name=test -c user.email=test@example.com -c commit.gpgsign=false commit -q \
         --allow-empty -m test && git -c tag.gpgsign=false tag {tag}"
    );
    let status = Command::new("sh").arg("-c").arg(script).current_dir(copy.path()).status();
    assert!(status.expect("`sh` starts").success(), "the copy cannot be tagged");
}

#[test]
fn one_version_passes() {
    let copy = tampered("CHANGELOG.md", str::to_owned);
    assert_eq!(check(&copy), (true, String::new()));
}

#[test]
fn a_version_that_differs_is_named() {
    let version = env!("CARGO_PKG_VERSION");
    let bumped = |text: &str| text.replacen(&format!("version = \"{version}\""), "version = \"99.8.7\"", 1);
    let (passes, complaints) = check(&tampered("Cargo.toml", bumped));
    assert!(!passes && complaints.contains("Cargo.lock: expected `99.8.7`"), "{complaints}");
    assert!(complaints.contains("templates"), "{complaints}");

    let newer = |text: &str| text.replacen("\n## ", "\n## [99.8.7] - 2026-01-01\n\n## ", 1);
    let (passes, complaints) = check(&tampered("CHANGELOG.md", newer));
    assert!(!passes && complaints.contains("CHANGELOG.md, the newest version"), "{complaints}");
}

#[test]
fn a_tag_is_the_version_and_has_a_section_in_the_changelog() {
    let version = env!("CARGO_PKG_VERSION");
    let section = format!("\n## [{version}] - 2026-01-01\n\n## ");
    let released = |text: &str| text.replace(&format!("\n## [{version}]"), "\n## ").replacen("\n## ", &section, 1);
    let copy = tampered("CHANGELOG.md", released);
    tag(&copy, &format!("v{version}"));
    assert_eq!(check(&copy), (true, String::new()));

    let copy = tampered("CHANGELOG.md", released);
    tag(&copy, "v99.8.7");
    let (passes, complaints) = check(&copy);
    assert!(!passes && complaints.contains("The tag: expected"), "{complaints}");

    let copy = tampered("CHANGELOG.md", |text| text.replace(&format!("## [{version}]"), "## "));
    tag(&copy, &format!("v{version}"));
    let (passes, complaints) = check(&copy);
    assert!(!passes && complaints.contains("expected `## ["), "{complaints}");
}
