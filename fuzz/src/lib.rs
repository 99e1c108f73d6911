//! What the fuzzers call: everything that reads what comes from outside, with what has to hold of it.
//!
//! For fuzzers (`make fuzz`), and for the test below, which replays their corpora.
#![expect(clippy::missing_panics_doc, reason = "a panic is how these say that something does not hold")]

mod api;
mod foreign;
mod plugin;
mod same_json;

use std::sync::LazyLock;
use std::time::Duration;

pub use api::{api_envelope, base_url, list_page};
pub use foreign::foreign_text;
pub use plugin::certificate_pem;
pub use same_json::same_json;

use terraform_provider_deepslate::DeepslateProvider;
use tfplugin::cty::{Type, Value, json, msgpack};
use tfplugin::{AttributeType, Provider};

/// A value of a request, as core sends it.
pub fn msgpack(input: &[u8]) {
    for ty in &*TYPES {
        if let Ok(value) = msgpack::decode(input, ty) {
            assert!(size(&value) <= input.len().max(1), "memory is bounded by the input");
            assert_comes_back(&value, ty);
        }
    }
}

/// A state as it lies on disk, which upgrading turns into an answer.
pub fn state_json(input: &[u8]) {
    for ty in &*TYPES {
        if let Ok(value) = json::decode(input, ty) {
            assert!(value.is_wholly_known());
            assert_comes_back(&value, ty);
        }
    }
}

/// The type that a value of a dynamic type brings with it.
pub fn type_json(input: &[u8]) {
    if let Ok(ty) = Type::from_json(input) {
        assert_eq!(Type::from_json(ty.to_json().as_bytes()), Ok(ty));
    }
}

/// A `timeouts` entry, or the `request_timeout`.
pub fn duration(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    if let Ok(duration) = Duration::from_value(text.into()) {
        assert!(!duration.is_zero() && duration <= Duration::from_secs(24 * 60 * 60));
        assert_eq!(Duration::from_value(duration.into_value()).ok(), Some(duration));
    }
}

/// The id that a user gives to `terraform import`.
pub fn import_id(input: &[u8]) {
    let Ok(text) = str::from_utf8(input) else { return };
    for resource in DeepslateProvider.resources() {
        if let Ok(Value::Map(object)) = resource.import(text) {
            let mut taken: Vec<_> = object.values().filter_map(Value::as_str).collect();
            let text = text.to_ascii_lowercase();
            let mut given: Vec<_> = text.split('/').collect();
            taken.sort_unstable();
            given.sort_unstable();
            assert_eq!(taken, given);
        }
    }
}

/// The types of all values that the provider reads, and the one that a value itself chooses.
static TYPES: LazyLock<Vec<Type>> = LazyLock::new(|| {
    let provider = DeepslateProvider;
    let resources = provider.resources().into_iter().map(|resource| resource.block().ty());
    let data_sources = provider.data_sources().into_iter().map(|source| source.block().ty());
    let lists = provider.list_resources().into_iter().map(|list| list.block().ty());
    let config = <DeepslateProvider as Provider>::Config::ty();
    resources.chain(data_sources).chain(lists).chain([config, Type::Dynamic]).collect()
});

/// How many values there are in this one, itself included.
fn size(value: &Value) -> usize {
    match value {
        Value::List(elements) => 1 + elements.iter().map(size).sum::<usize>(),
        Value::Map(elements) => 1 + elements.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn assert_comes_back(value: &Value, ty: &Type) {
    let bytes = msgpack::encode(value, ty).expect("what was decoded is of the type");
    assert!(msgpack::decode(&bytes, ty).as_ref() == Ok(value), "{value:?} came back as another value");
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::panic::catch_unwind;
    use std::path::{Path, PathBuf};

    use super::*;

    type Fuzzer = fn(&[u8]);

    const FUZZERS: [(&str, Fuzzer); 11] = [
        ("api_envelope", api_envelope),
        ("base_url", base_url),
        ("certificate_pem", certificate_pem),
        ("duration", duration),
        ("foreign_text", foreign_text),
        ("import_id", import_id),
        ("list_page", list_page),
        ("msgpack", msgpack),
        ("same_json", same_json),
        ("state_json", state_json),
        ("type_json", type_json),
    ];

    fn files(folder: &str) -> BTreeSet<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path()).collect()
    }

    #[test]
    fn what_fuzzers_started_from_and_found_still_holds() {
        for (name, fuzzer) in FUZZERS {
            let corpus = files(&format!("corpus/{name}"));
            assert!(!corpus.is_empty(), "{name} has no corpus");
            for input in corpus {
                let bytes = fs::read(&input).expect("readable");
                assert!(catch_unwind(|| fuzzer(&bytes)).is_ok(), "it failed on {}", input.display());
            }
        }
    }

    #[test]
    fn each_fuzzer_is_replayed() {
        let built: Vec<_> = files("fuzz_targets").into_iter().map(|file| file.with_extension("")).collect();
        let built = built.iter().filter_map(|file| file.file_name()?.to_str());
        assert!(built.eq(FUZZERS.map(|(name, _)| name)));
    }
}
