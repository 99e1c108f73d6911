//! A provider for pairs of keys and values. Each is a file in the folder that the environment variable `KV_FOLDER` names.

use std::{
    collections::BTreeMap, env, fmt::Display, fs, io, path::Path, path::PathBuf, process::ExitCode, time::Duration,
};

use serde_json::{Value as Json, json};
use tfplugin::{AnyDataSource, AnyResource, Attr, Call, DataSource, DefaultTimeouts, Diagnostic, Info};
use tfplugin::{Provider, Resource, Result, Schema, Secrets};

/// Keeps pairs of keys and values.
#[derive(Schema)]
struct Config {}
/// A key and its value.
#[derive(Schema)]
struct Pair {
    /// The ID, which is the key.
    #[attribute(computed, use_state_for_unknown)]
    id: Attr<String>,
    /// The key.
    #[attribute(required, requires_replace, identity)]
    key: Attr<String>,
    /// The value.
    #[attribute(required)]
    value: Attr<String>,
    /// Labels of the pair.
    #[attribute(optional, length_at_least(1))]
    labels: Attr<BTreeMap<String, Attr<String>>>,
    /// A note about the pair.
    #[block(max = 9)]
    note: Attr<Vec<Note>>,
}
/// A note about a pair.
#[derive(Schema)]
struct Note {
    /// The author.
    #[attribute(default = "nobody")]
    author: Attr<String>,
    /// The text.
    #[attribute(required)]
    text: Attr<String>,
}
/// Reads the value of a key.
#[derive(Schema)]
struct Lookup {
    /// The key.
    #[attribute(required)]
    key: Attr<String>,
    /// The value, or null if there is no such key.
    #[attribute(computed)]
    value: Attr<String>,
}

struct Kv;
impl Resource for Kv {
    type Client = ();
    type Model = Pair;
    const TYPE_NAME: &'static str = "kv_pair";
    const TIMEOUTS: DefaultTimeouts = DefaultTimeouts::all(Duration::from_secs(10));

    async fn create(&self, _: &Call<'_, ()>, plan: Pair) -> Result<Pair> {
        let text = |text: &Attr<String>| text.get().cloned();
        let labels = plan.labels.get().map(|labels| labels.iter().map(|(name, label)| (name.clone(), text(label))));
        let notes = plan.note.get().into_iter().flatten().map(|note| [text(&note.author), text(&note.text)]);
        let pair = json!({
            "value": text(&plan.value),
            "labels": labels.map(Iterator::collect::<BTreeMap<_, _>>),
            "notes": notes.collect::<Vec<_>>(),
        });
        fs::write(file(&plan.key)?, pair.to_string()).map_err(failed)?;
        Ok(Pair { id: plan.key.clone(), ..plan })
    }
    async fn read(&self, _: &Call<'_, ()>, state: Pair) -> Result<Option<Pair>> {
        let Some(pair) = read(&state.key)? else { return Ok(None) };
        let text = |text: &Json| text.as_str().map(str::to_owned).into();
        let labels = pair["labels"].as_object().map(|all| all.iter().map(|(name, label)| (name.clone(), text(label))));
        let notes = pair["notes"].as_array().into_iter().flatten();
        let notes: Vec<_> = notes.map(|note| Note { author: text(&note[0]), text: text(&note[1]) }).collect();
        Ok(Some(Pair {
            id: state.key.clone(),
            value: text(&pair["value"]),
            labels: labels.map(Iterator::collect::<BTreeMap<_, _>>).into(),
            note: notes.into(),
            ..state
        }))
    }
    async fn update(&self, call: &Call<'_, ()>, _: Pair, plan: Pair) -> Result<Pair> {
        Resource::create(self, call, plan).await
    }
    async fn delete(&self, _: &Call<'_, ()>, state: Pair) -> Result<()> {
        if read(&state.key)?.is_none() { Ok(()) } else { Ok(fs::remove_file(file(&state.key)?).map_err(failed)?) }
    }
}
impl DataSource for Kv {
    type Client = ();
    type Model = Lookup;
    const TYPE_NAME: &'static str = "kv_pair";
    const READ_TIMEOUT: Duration = Duration::from_secs(10);

    async fn read(&self, _: &Call<'_, ()>, config: Lookup) -> Result<Lookup> {
        let pair = read(&config.key)?;
        Ok(Lookup { value: pair.and_then(|pair| pair["value"].as_str().map(str::to_owned)).into(), ..config })
    }
}
impl Provider for Kv {
    type Config = Config;
    type Client = ();

    fn configure(&self, _: Config, _terraform_version: &str, _secrets: &Secrets) -> Result<()> {
        Ok(())
    }
    fn resources(&self) -> Vec<Box<dyn AnyResource<()>>> {
        vec![Box::new(Kv)]
    }
    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<()>>> {
        vec![Box::new(Kv)]
    }
}
fn read(key: &Attr<String>) -> Result<Option<Json>> {
    match fs::read(file(key)?) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        pair => Ok(Some(serde_json::from_slice(&pair.map_err(failed)?).map_err(failed)?)),
    }
}
fn file(key: &Attr<String>) -> Result<PathBuf> {
    let folder = env::var("KV_FOLDER").map_err(failed)?;
    Ok(Path::new(&folder).join(key.known()?))
}
fn failed(error: impl Display) -> Diagnostic {
    Diagnostic::error("Cannot use the folder `KV_FOLDER`", error.to_string())
}

const ADDRESSES: [&str; 2] = ["registry.terraform.io/example/kv", "registry.opentofu.org/example/kv"];
const INFO: Info =
    Info { name: "kv", addresses: &ADDRESSES, version: "0.1.0", repository: "", crates: &["key_value"], commands: &[] };
fn main() -> ExitCode {
    tfplugin::serve(Kv, INFO)
}
