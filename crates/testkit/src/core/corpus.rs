//! Seeds for the fuzzers: what is exchanged with the provider, if `RECORD_CORPUS` names a folder (`make corpus`).

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;
use std::{env, fs};

/// Writes an input for a fuzzer, into the folder with the fuzzer's name.
pub fn record(fuzzer: &str, input: &[u8]) {
    let Some(corpora) = env::var_os("RECORD_CORPUS") else { return };
    let folder = Path::new(&corpora).join(fuzzer);
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join(format!("{:016x}", hasher.finish())), input).unwrap();
}
