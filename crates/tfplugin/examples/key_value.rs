//! A provider for pairs of keys and values. Each is a file in the folder that the environment variable `KV_FOLDER` names.

use std::{env, fmt::Display, fs, io, path::Path, path::PathBuf, process::ExitCode, time::Duration};
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
        fs::write(file(&plan.key)?, plan.value.known()?).map_err(failed)?;
        Ok(Pair { id: plan.key.clone(), ..plan })
    }
    async fn read(&self, _: &Call<'_, ()>, state: Pair) -> Result<Option<Pair>> {
        let value = read(&state.key)?;
        Ok((!value.is_null()).then(|| Pair { id: state.key.clone(), value, ..state }))
    }
    async fn update(&self, call: &Call<'_, ()>, _: Pair, plan: Pair) -> Result<Pair> {
        Resource::create(self, call, plan).await
    }
    async fn delete(&self, _: &Call<'_, ()>, state: Pair) -> Result<()> {
        if read(&state.key)?.is_null() { Ok(()) } else { Ok(fs::remove_file(file(&state.key)?).map_err(failed)?) }
    }
}
impl DataSource for Kv {
    type Client = ();
    type Model = Lookup;
    const TYPE_NAME: &'static str = "kv_pair";
    const READ_TIMEOUT: Duration = Duration::from_secs(10);

    async fn read(&self, _: &Call<'_, ()>, config: Lookup) -> Result<Lookup> {
        Ok(Lookup { value: read(&config.key)?, ..config })
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
fn read(key: &Attr<String>) -> Result<Attr<String>> {
    match fs::read_to_string(file(key)?) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Attr::Null),
        text => Ok(text.map_err(failed)?.into()),
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
