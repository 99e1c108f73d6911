//! Holds the code against ARCHITECTURE.md: which room may use which.

use std::fs;
use std::path::Path;

/// Each room, and the rooms that it may use.
const ROOMS: [(&str, &[&str]); 5] = [
    ("cty", &[]),
    ("deepslate", &[]),
    ("plugin", &["proto"]),
    ("framework", &["cty", "proto"]),
    ("provider", &["framework", "cty", "deepslate"]),
];

#[test]
fn each_room_uses_only_what_it_may() {
    for (room, allowed) in ROOMS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(room);
        let sources = sources(&folder);
        assert!(!sources.is_empty(), "{} holds no code", folder.display());
        for (file, text) in sources {
            for used in text.split("crate::").skip(1) {
                let used: String =
                    used.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect();
                let own = used == room || used.is_empty();
                assert!(own || allowed.contains(&used.as_str()), "{file} uses `{used}`, which {room} may not");
            }
        }
    }
}

/// Every file of Rust below a folder: its name and its text.
fn sources(folder: &Path) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the room exists").map(|entry| entry.expect("readable").path()) {
        if entry.is_dir() {
            found.extend(sources(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            found.push((entry.display().to_string(), fs::read_to_string(&entry).expect("text")));
        }
    }
    found
}
