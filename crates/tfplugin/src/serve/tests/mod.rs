//! The service with a resource made for these tests, called as Terraform calls it.

mod apply;
mod blocks;
mod failures;
mod host;
mod list;
mod moves;
mod plan;
mod read;
mod ready;
mod schema;
mod secrets;
mod spelling;
mod stored;
mod traces;
mod validate;
mod warnings;
mod write_only;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use redaction::Secrets;
use secrecy::{ExposeSecret, SecretString};
use tfplugin_derive::Schema;
use tokio_util::sync::CancellationToken;
use tonic::Request;

use super::render;
use super::service::Service;
use crate::author::attr::Attr;
use crate::author::block::Block;
use crate::author::call::Call;
use crate::author::data_source::AnyDataSource;
use crate::author::diagnostics::{Diagnostic, Diagnostics, Result};
use crate::author::list_resource::AnyListResource;
use crate::author::provider::{Client, Provider};
use crate::author::resource::{AnyResource, MoveSource, Resource, Upgrader};
use crate::author::schema::Schema;
use crate::author::timeouts::{DefaultTimeouts, Timeouts};
use crate::cty::{Type, Value, msgpack};
use crate::proto::tfplugin5::provider_server::Provider as _;
use crate::proto::tfplugin5::{
    self, DynamicValue, RawState, apply_resource_change, configure, import_resource_state, plan_resource_change,
    read_resource, upgrade_resource_state, validate_resource_type_config,
};

/// A thing.
#[derive(Default, Schema)]
struct Thing {
    /// Its ID.
    #[attribute(computed, use_state_for_unknown, identity)]
    id: Attr<String>,
    /// Where it is.
    #[attribute(optional, computed, use_state_for_unknown, identity, requires_replace)]
    place: Attr<String>,
    /// How large
    /// it is.
    ///
    /// In meters.
    #[attribute(default = 3, between(1..=9))]
    size: Attr<i32>,
    /// Only the service knows it.
    #[attribute(computed)]
    revision: Attr<i64>,
    /// Only in the configuration.
    #[attribute(optional, write_only = "key_version", sensitive, length_at_least(1))]
    key: Attr<SecretString>,
    /// Counts the keys.
    #[attribute(optional, computed, use_state_for_unknown, also_requires("key"))]
    key_version: Attr<i64>,
    /// Its tags.
    #[attribute(optional)]
    tags: Attr<Vec<Attr<String>>>,
    /// Time limit of each operation.
    #[block]
    timeouts: Attr<Timeouts>,
}

/// The resource. The place of a thing decides what its operations do.
struct Things;

/// What the provider makes of its configuration.
struct World {
    place: Attr<String>,
    token: Option<SecretString>,
    unknown_argument: Option<&'static str>,
    calls: Arc<AtomicUsize>,
}

impl Client for World {
    fn lasting_secret(&self) -> Option<&SecretString> {
        self.token.as_ref()
    }

    fn unknown_argument(&self) -> Option<&'static str> {
        self.unknown_argument
    }

    fn ready(&self) -> Result<(), Diagnostic> {
        match self.place.get() {
            Some(place) if place == "locked" => Err(Diagnostic::error("No key", "for the lock")),
            _ => Ok(()),
        }
    }
}

impl Resource for Things {
    type Client = World;
    type Model = Thing;
    const TYPE_NAME: &'static str = "test_thing";
    const TIMEOUTS: DefaultTimeouts = DefaultTimeouts {
        create: Duration::from_secs(60),
        read: Duration::from_secs(90),
        update: Duration::from_secs(3),
        delete: Duration::from_secs(4),
    };
    const MOVE_HINT: Option<&'static str> = Some("an `other_thing`");
    const UPGRADERS: &[Upgrader] = &[stored::named_size, stored::in_meters];

    fn validate(&self, config: &Thing) -> Diagnostics {
        match config.size.get() {
            Some(8) => Diagnostic::warning("Large", "and yet possible").into(),
            Some(9) if config.place.is_null() => Diagnostic::error("Too large", "for any place").into(),
            _ => Diagnostics::default(),
        }
    }

    fn defaults(&self, client: &World, config: &Thing, plan: &mut Thing) -> Result<()> {
        if config.place.is_null() {
            plan.place = client.place.clone();
        }
        Ok(())
    }

    async fn create(&self, call: &Call<'_, World>, plan: Thing) -> Result<Thing> {
        call.client.calls.fetch_add(1, Ordering::Relaxed);
        match plan.place.known()?.as_str() {
            "odd" => {
                call.warn(Diagnostic::warning("Odd", "but true"));
                Ok(Thing { id: "1".to_owned().into(), revision: 1.into(), ..plan })
            }
            "odd and refused" => {
                call.warn(Diagnostic::warning("Odd", "but true"));
                Err(Diagnostic::error("Refused", "by the service").into())
            }
            "panic" => panic!("the panic's own text"),
            "late panic" => {
                call.keep(Thing { id: "1".to_owned().into(), ..plan });
                panic!("the panic's own text")
            }
            "refused" => Err(Diagnostic::error("Refused", "by the service").into()),
            place @ ("secret ID" | "secret ID and refused") => {
                let id = plan.key.get().map(|key| key.expose_secret().to_owned()).into();
                let refused = place != "secret ID";
                let made = Thing { id, revision: 1.into(), ..plan };
                if !refused {
                    return Ok(made);
                }
                call.keep(made);
                Err(Diagnostic::error("Refused", "by the service").into())
            }
            "smaller" => Ok(Thing { id: "1".to_owned().into(), size: 1.into(), revision: 1.into(), ..plan }),
            "forgetful" => Ok(Thing { id: "1".to_owned().into(), ..plan }),
            "adopted" => {
                call.distrust(call.changes().iter().copied());
                Ok(Thing { id: "1".to_owned().into(), revision: 1.into(), ..plan })
            }
            _ => {
                assert_eq!(
                    plan.key.get().map(ExposeSecret::expose_secret),
                    Some("hunter2"),
                    "the key comes from the configuration"
                );
                Ok(Thing { id: "1".to_owned().into(), revision: 1.into(), ..plan })
            }
        }
    }

    async fn read(&self, call: &Call<'_, World>, state: Thing) -> Result<Option<Thing>> {
        assert_ne!(state.place.known()?, "panic", "the panic's own text");
        warn(call, state.place.known()?);
        match state.place.known()?.as_str() {
            "gone" | "odd and gone" => Ok(None),
            "odd and refused" => Err(Diagnostic::error("Refused", "by the service").into()),
            "leaking" => Ok(Some(Thing { tags: Attr::Known(vec!["hunter2".to_owned().into()]), ..state })),
            "answering" => Ok(Some(Thing { size: 7.into(), ..state })),
            _ if call.is_import() => Ok(Some(Thing { size: 9.into(), ..state })),
            _ => Ok(Some(state)),
        }
    }

    async fn update(&self, call: &Call<'_, World>, state: Thing, plan: Thing) -> Result<Thing> {
        call.client.calls.fetch_add(1, Ordering::Relaxed);
        assert_ne!(plan.place.known()?, "panic", "the panic's own text");
        if plan.tags.get().is_some_and(Vec::is_empty) {
            call.distrust(call.changes().iter().copied());
            call.keep(state);
            return Err(Diagnostic::error("Lost", "on the way").into());
        }
        Ok(Thing { revision: 2.into(), ..plan })
    }

    async fn delete(&self, call: &Call<'_, World>, state: Thing) -> Result<()> {
        assert_ne!(state.place.known()?, "panic", "the panic's own text");
        warn(call, state.place.known()?);
        if state.place.known()? == "refused" {
            Err(Diagnostic::error("Refused", "by the service").into())
        } else {
            Ok(())
        }
    }

    fn import_id(&self, state: Thing) -> Option<String> {
        state.id.get().cloned()
    }

    fn import(&self, id: &str) -> Result<Thing> {
        assert_ne!(id, "panic", "the panic's own text");
        Ok(Thing { id: id.to_owned().into(), ..Thing::default() })
    }

    fn move_state(&self, source: &MoveSource<'_>) -> Option<Thing> {
        let path = source.state.get("path").and_then(|path| path.as_str())?;
        let id = path.strip_prefix("/things/")?.to_owned();
        (source.type_name == "other_thing").then(|| Thing {
            id: id.into(),
            place: "here".to_owned().into(),
            ..Thing::default()
        })
    }
}

fn warn(call: &Call<'_, World>, place: &str) {
    if place.starts_with("odd") {
        call.warn(Diagnostic::warning("Odd", "but true"));
    }
}

/// The provider block of the test.
#[derive(Schema)]
struct Config {
    /// The place of things without one.
    #[attribute(optional)]
    place: Attr<String>,
    /// What the service asks for.
    #[attribute(optional, sensitive)]
    token: Attr<SecretString>,
}

struct TestProvider {
    unknown_argument: Option<&'static str>,
    calls: Arc<AtomicUsize>,
}

impl Provider for TestProvider {
    type Config = Config;
    type Client = World;

    fn configure(&self, config: Config, _: &str, _: &Secrets) -> Result<World> {
        Ok(World {
            place: config.place,
            token: config.token.get().cloned(),
            unknown_argument: self.unknown_argument,
            calls: self.calls.clone(),
        })
    }

    fn resources(&self) -> Vec<Box<dyn AnyResource<World>>> {
        vec![Box::new(Things)]
    }

    fn data_sources(&self) -> Vec<Box<dyn AnyDataSource<World>>> {
        vec![Box::new(warnings::Weather)]
    }

    fn list_resources(&self) -> Vec<Box<dyn AnyListResource<World>>> {
        vec![Box::new(list::AllThings)]
    }
}

/// The configured service, and how often a create or an update was called.
struct Fixture {
    service: Service<TestProvider>,
    calls: Arc<AtomicUsize>,
}

impl Fixture {
    async fn new() -> Self {
        Self::with(Value::from("here"), None).await
    }

    async fn with(place: Value, unknown_argument: Option<&'static str>) -> Self {
        Self::with_token(place, Value::Null, unknown_argument).await
    }

    async fn with_token(place: Value, token: Value, unknown_argument: Option<&'static str>) -> Self {
        let calls = Arc::new(AtomicUsize::new(0));
        let service = Service::new(TestProvider { unknown_argument, calls: calls.clone() }, CancellationToken::new());
        let config = Some(encoded(&object(&[("place", place), ("token", token)]), &Config::block().ty()));
        let answer = service.configure(Request::new(configure::Request { config, ..Default::default() })).await;
        assert!(answer.expect("no status").into_inner().diagnostics.is_empty());
        Self { service, calls }
    }

    async fn validate(&self, config: &Value) -> Vec<tfplugin5::Diagnostic> {
        self.validate_where(true, config).await
    }

    async fn validate_where(&self, write_only_attributes_allowed: bool, config: &Value) -> Vec<tfplugin5::Diagnostic> {
        let capabilities = tfplugin5::ClientCapabilities { write_only_attributes_allowed, ..Default::default() };
        let request = validate_resource_type_config::Request {
            type_name: name(),
            config: Some(wire(config)),
            client_capabilities: Some(capabilities),
        };
        self.service
            .validate_resource_type_config(Request::new(request))
            .await
            .expect("no status")
            .into_inner()
            .diagnostics
    }

    async fn plan(&self, prior: &Value, config: &Value) -> plan_resource_change::Response {
        let answer = self.plan_with(b"private", prior, config).await;
        assert_eq!(answer.planned_private, b"private");
        answer
    }

    async fn plan_with(&self, private: &[u8], prior: &Value, config: &Value) -> plan_resource_change::Response {
        let request = plan_resource_change::Request {
            type_name: name(),
            prior_state: Some(wire(prior)),
            proposed_new_state: Some(wire(&proposed(prior, config))),
            config: Some(wire(config)),
            prior_private: private.to_vec(),
            client_capabilities: Some(tfplugin5::ClientCapabilities {
                write_only_attributes_allowed: true,
                ..Default::default()
            }),
            ..Default::default()
        };
        self.service.plan_resource_change(Request::new(request)).await.expect("no status").into_inner()
    }

    async fn apply(&self, prior: &Value, planned: &Value, config: &Value) -> apply_resource_change::Response {
        self.apply_with(b"private", prior, planned, config).await
    }

    async fn apply_with(
        &self,
        private: &[u8],
        prior: &Value,
        planned: &Value,
        config: &Value,
    ) -> apply_resource_change::Response {
        let request = apply_resource_change::Request {
            type_name: name(),
            prior_state: Some(wire(prior)),
            planned_state: Some(wire(planned)),
            config: Some(wire(config)),
            planned_private: private.to_vec(),
            ..Default::default()
        };
        self.service.apply_resource_change(Request::new(request)).await.expect("no status").into_inner()
    }

    async fn read(&self, state: &Value) -> read_resource::Response {
        self.read_with(b"", state).await
    }

    async fn read_with(&self, private: &[u8], state: &Value) -> read_resource::Response {
        let (current_state, private) = (Some(wire(state)), private.to_vec());
        let request = read_resource::Request { type_name: name(), current_state, private, ..Default::default() };
        self.service.read_resource(Request::new(request)).await.expect("no status").into_inner()
    }
}

/// What ends each error of a create after which the object exists.
const IMPORT: &str = "The object exists. If the object is not in the state, import it:\n\nterraform import <address of this \
                      resource> 1";

fn name() -> String {
    "test_thing".to_owned()
}

fn ty() -> Type {
    Thing::block().ty()
}

fn encoded(value: &Value, ty: &Type) -> DynamicValue {
    DynamicValue { msgpack: msgpack::encode(value, ty).expect("fits the type"), json: Vec::new() }
}

fn wire(value: &Value) -> DynamicValue {
    encoded(value, &ty())
}

fn decoded(value: Option<&DynamicValue>) -> Value {
    msgpack::decode(&value.expect("a value").msgpack, &ty()).expect("fits the type")
}

fn object(values: &[(&str, Value)]) -> Value {
    Value::Map(values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
}

/// A thing with these values. All others are null.
fn thing(values: &[(&str, Value)]) -> Value {
    let nulls = ["id", "place", "size", "revision", "key", "key_version", "tags", "timeouts"]
        .map(|name| (name.to_owned(), Value::Null));
    let mut all: BTreeMap<_, _> = nulls.into_iter().collect();
    all.extend(values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    Value::Map(all)
}

/// The object with one value changed.
fn with(object: Value, name: &str, value: Value) -> Value {
    let Value::Map(mut values) = object else { return object };
    values.insert(name.to_owned(), value);
    Value::Map(values)
}

/// A thing as it is in a state.
fn existing(place: &str) -> Value {
    thing(&[("id", "1".into()), ("place", place.into()), ("size", 3.into()), ("revision", 1.into())])
}

/// Terraform's proposal: the configuration, and the prior values of computed attributes that are not configured.
fn proposed(prior: &Value, config: &Value) -> Value {
    let (Value::Map(config), block) = (config, Thing::block()) else { return Value::Null };
    let values = config.iter().map(|(name, value)| {
        let computed = block.attributes.iter().any(|attribute| attribute.name == name && attribute.computed);
        let value = if value.is_null() && computed { prior.attribute(name) } else { value };
        (name.clone(), value.clone())
    });
    Value::Map(values.collect())
}

fn summaries(diagnostics: &[tfplugin5::Diagnostic]) -> Vec<&str> {
    diagnostics.iter().map(|diagnostic| diagnostic.summary.as_str()).collect()
}
