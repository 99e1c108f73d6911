//! Looks for a secret in output and in files.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use serde_json::json;
use zip::ZipArchive;

/// Returns the files below a folder that contain the secret in any encoding. Plan files are archives, so the files inside are searched.
pub fn files_with(secret: &str, folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("the folder can be read").flatten() {
        let kind = entry.file_type().expect("the entry has a type");
        if kind.is_dir() {
            found.extend(files_with(secret, &entry.path()));
        } else if kind.is_file() {
            let holding =
                contents(&entry.path()).into_iter().filter(|(_, content)| spelling_in(content, secret).is_some());
            found.extend(holding.map(|(name, _)| name));
        }
    }
    found.sort();
    found
}

/// Returns the encoding of the secret that the text contains, if any.
pub fn spelling_in(text: &str, secret: &str) -> Option<String> {
    spellings(secret).into_iter().find(|spelling| text.contains(spelling))
}

/// Returns the name and the text of a file, or of each file in an archive.
fn contents(path: &Path) -> Vec<(String, String)> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let text = |content: &[u8]| String::from_utf8_lossy(content).into_owned();
    let file = File::open(path).expect("the file can be opened");
    let Ok(mut archive) = ZipArchive::new(file) else {
        return vec![(name, text(&fs::read(path).expect("the file can be read")))];
    };
    let entries = 0..archive.len();
    let unpack = |number| {
        let mut entry = archive.by_index(number).expect("the archive has this entry");
        let mut content = Vec::new();
        entry.read_to_end(&mut content).expect("the entry can be unpacked");
        (format!("{name}/{}", entry.name().expect("the entry has a name")), text(&content))
    };
    entries.map(unpack).collect()
}

/// The secret in clear, in hex, and as JSON, URLs, forms and HTML escape it; in base64 the secret itself and as JSON
/// escapes it.
fn spellings(secret: &str) -> Vec<String> {
    let hex = |digits: fn(&u8) -> String| secret.as_bytes().iter().map(digits).collect::<String>();
    let json = json_escaped(secret);
    let mut spellings = vec![
        secret.to_owned(),
        hex(|byte| format!("{byte:02x}")),
        hex(|byte| format!("{byte:02X}")),
        json_escaped(&json),
        json.replace('/', "\\/"),
        secret
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c.into() } else { format!("\\u{:04x}", c as u32) })
            .collect(),
        secret.replace('&', "&amp;").replace('"', "&#34;").replace('<', "&lt;"),
        secret.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;"),
    ];
    for percent in
        [percent_encoded(secret, |byte| format!("%{byte:02X}")), percent_encoded(secret, |byte| format!("%{byte:02x}"))]
    {
        spellings.push(percent.replace("%20", "+"));
        spellings.push(percent);
    }
    for text in [secret, &json] {
        // In base64, the form depends on the number of bytes before the secret, modulo three.
        for before in 0..3 {
            let bytes = [&b"   "[..before], text.as_bytes()].concat();
            // The first and the last digit may also hold bits of the neighbours.
            let whole = (before * 8).div_ceil(6)..(before + text.len()) * 8 / 6;
            spellings.push(STANDARD_NO_PAD.encode(&bytes)[whole.clone()].to_owned());
            spellings.push(URL_SAFE_NO_PAD.encode(&bytes)[whole].to_owned());
        }
    }
    spellings.push(json);
    spellings
}

fn percent_encoded(text: &str, encode: fn(u8) -> String) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|byte| if is_plain(byte) { char::from(byte).into() } else { encode(byte) }).collect()
}

fn json_escaped(text: &str) -> String {
    let quoted = json!(text).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[test]
fn a_secret_is_found_in_each_spelling() {
    let secret = "a\"b\\/ ü<&+";
    let encode = |text: &str| STANDARD_NO_PAD.encode(text);
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for text in [
        "- a\"b\\/ ü<&+ -",
        "6122625c2f20c3bc3c262b",
        "6122625C2F20C3BC3C262B",
        r#"{"password":"a\"b\\/ ü<&+"}"#,
        r#"{"password":"a\"b\\\/ ü<&+"}"#,
        r#""{\"password\":\"a\\\"b\\\\/ ü<&+\"}""#,
        r"a\u0022b\u005c\u002f\u0020\u00fc\u003c\u0026\u002b",
        "?password=a%22b%5C%2F%20%C3%BC%3C%26%2B",
        "?password=a%22b%5C%2F+%C3%BC%3C%26%2B",
        "?password=a%22b%5c%2f+%c3%bc%3c%26%2b",
        "<p>a&quot;b\\/ ü&lt;&amp;+</p>",
        "<p>a&#34;b\\/ ü&lt;&amp;+</p>",
        &encode(secret),
        &encode(&format!("u{secret}")),
        &encode(&format!("ab{secret}!")),
        &encode(&json!({ "password": secret }).to_string()),
        &URL_SAFE_NO_PAD.encode(secret),
    ] {
        fs::write(folder.path().join("file"), text).expect("a file can be written");
        assert_eq!(files_with(secret, folder.path()), ["file"], "{text}");
    }
    fs::write(folder.path().join("file"), "a\"b\\/ ü<&").expect("a file can be written");
    assert!(files_with(secret, folder.path()).is_empty());
}
