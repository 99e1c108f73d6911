//! Looks for a secret in what Terraform has written down.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use zip::ZipArchive;

/// The files below a folder that hold the secret: in clear, in hex, or in base64. Plan files are archives, so what is
/// packed in them is looked at.
pub(crate) fn files_with(secret: &str, folder: &Path) -> Vec<String> {
    let spellings = spellings(secret);
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let kind = entry.file_type().expect("the entry has a type");
        if kind.is_dir() {
            found.extend(files_with(secret, &entry.path()));
        } else if kind.is_file() {
            for (name, content) in contents(&entry.path()) {
                if spellings.iter().any(|spelling| content.windows(spelling.len()).any(|window| window == spelling)) {
                    found.push(name);
                }
            }
        }
    }
    found.sort();
    found
}

/// What a file holds, or what each file holds that is packed in it, with its name.
fn contents(path: &Path) -> Vec<(String, Vec<u8>)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file = File::open(path).expect("the file can be opened");
    let Ok(mut archive) = ZipArchive::new(file) else {
        return vec![(name, fs::read(path).expect("the file can be read"))];
    };
    let entries = 0..archive.len();
    let unpack = |number| {
        let mut entry = archive.by_index(number).expect("the archive has this entry");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("the entry can be unpacked");
        (format!("{name}/{}", entry.name().expect("the entry has a name")), content)
    };
    entries.map(unpack).collect()
}

fn spellings(secret: &str) -> Vec<Vec<u8>> {
    let hex = |digits: fn(&u8) -> String| secret.as_bytes().iter().map(digits).collect::<String>();
    let mut spellings = vec![secret.to_owned(), hex(|byte| format!("{byte:02x}")), hex(|byte| format!("{byte:02X}"))];
    // In base64 it depends on what stands before the secret: on the number of bytes, which counts in threes.
    for before in 0..3 {
        let encoded = STANDARD_NO_PAD.encode([&b"   "[..before], secret.as_bytes()].concat());
        // The first and the last digit may also hold bits of the neighbours.
        let whole = (before * 8).div_ceil(6)..(before + secret.len()) * 8 / 6;
        spellings.push(encoded[whole].to_owned());
    }
    spellings.into_iter().map(String::into_bytes).collect()
}

#[test]
fn a_secret_is_found_in_each_spelling() {
    let encode = |text: &str| STANDARD_NO_PAD.encode(text);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for text in [
        "a hunter2 b",
        "68756e74657232",
        "68756E74657232",
        &encode("hunter2"),
        &encode("a hunter2"),
        &encode("ab hunter2!"),
    ] {
        fs::write(folder.path().join("file"), text).expect("a file can be written");
        assert_eq!(files_with("hunter2", folder.path()), ["file"], "{text}");
    }
    fs::write(folder.path().join("file"), "hunter3").expect("a file can be written");
    assert!(files_with("hunter2", folder.path()).is_empty());
}
