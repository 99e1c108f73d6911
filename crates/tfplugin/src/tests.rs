//! The framework under a resource made for the purpose, called as Terraform calls it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use secrecy::{ExposeSecret, SecretString};
use tfplugin_derive::Schema;
use tokio_util::sync::CancellationToken;
use tonic::Request;

use super::*;
use crate::cty::{Type, Value, msgpack};
use crate::proto::tfplugin5::provider_server::Provider as _;
use crate::proto::tfplugin5::{
    self, DynamicValue, RawState, apply_resource_change, configure, import_resource_state, plan_resource_change,
    read_resource, upgrade_resource_state, validate_resource_type_config,
};

/// A thing.
#[derive(Default, Schema)]
struct Thing {
    /// Its id.
    #[attribute(computed, stable, identity)]
    id: Attr<String>,
    /// Where it is.
    #[attribute(optional, computed, stable, identity, requires_replace)]
    place: Attr<String>,
    /// How large
    /// it is.
    ///
    /// In metres.
    #[attribute(default = 3, range(1..=9))]
    size: Attr<i32>,
    /// Known to the service alone.
    #[attribute(computed)]
    revision: Attr<i64>,
    /// Only ever in the configuration.
    #[attribute(optional, write_only = "key_version", sensitive, not_empty)]
    key: Attr<SecretString>,
    /// Counts the keys.
    #[attribute(optional, computed, stable, requires("key"))]
    key_version: Attr<i64>,
    /// How long operations may take.
    #[block]
    timeouts: Attr<Timeouts>,
}

/// What the service makes of a thing: called with its place, it answers as told.
struct Things;

struct World {
    place: Attr<String>,
    waits_for: Option<&'static str>,
    calls: Arc<AtomicUsize>,
}

impl super::Client for World {
    fn waits_for(&self) -> Option<&'static str> {
        self.waits_for
    }
}

impl Resource for Things {
    type Client = World;
    type Model = Thing;
    const TYPE_NAME: &'static str = "test_thing";

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
            "smaller" => Ok(Thing { id: "1".to_owned().into(), size: 1.into(), revision: 1.into(), ..plan }),
            "forgetful" => Ok(Thing { id: "1".to_owned().into(), ..plan }),
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

    async fn read(&self, _: &Call<'_, World>, state: Thing) -> Result<Option<Thing>> {
        assert_ne!(state.place.known()?, "panic", "the panic's own text");
        Ok((state.place.known()? != "gone").then_some(state))
    }

    async fn update(&self, call: &Call<'_, World>, _: Thing, plan: Thing) -> Result<Thing> {
        call.client.calls.fetch_add(1, Ordering::Relaxed);
        assert_ne!(plan.place.known()?, "panic", "the panic's own text");
        Ok(Thing { revision: 2.into(), ..plan })
    }

    async fn delete(&self, _: &Call<'_, World>, state: Thing) -> Result<()> {
        assert_ne!(state.place.known()?, "panic", "the panic's own text");
        if state.place.known()? == "refused" {
            Err(Diagnostic::error("Refused", "by the service").into())
        } else {
            Ok(())
        }
    }

    fn import(&self, id: &str) -> Result<Thing> {
        assert_ne!(id, "panic", "the panic's own text");
        Ok(Thing { id: id.to_owned().into(), ..Thing::default() })
    }
}

/// The provider block of the test.
#[derive(Schema)]
struct Config {
    /// The place of things that name none.
    #[attribute(optional)]
    place: Attr<String>,
}

struct TestProvider {
    waits_for: Option<&'static str>,
    calls: Arc<AtomicUsize>,
}

impl Provider for TestProvider {
    type Config = Config;
    type Client = World;

    fn configure(&self, config: Config, _: &str) -> Result<World> {
        Ok(World { place: config.place, waits_for: self.waits_for, calls: self.calls.clone() })
    }

    fn resources(&self) -> Vec<Box<dyn AnyResource<World>>> {
        vec![Box::new(Things)]
    }
}

/// The service, configured, and how often a resource's create and update ran.
struct Fixture {
    service: Service<TestProvider>,
    calls: Arc<AtomicUsize>,
}

impl Fixture {
    async fn new() -> Self {
        Self::with(Value::from("here"), None).await
    }

    async fn with(place: Value, waits_for: Option<&'static str>) -> Self {
        let calls = Arc::new(AtomicUsize::new(0));
        let service = Service::new(TestProvider { waits_for, calls: calls.clone() }, CancellationToken::new());
        let config = Some(encoded(&object(&[("place", place)]), &Config::block().ty()));
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
        let request =
            read_resource::Request { type_name: name(), current_state: Some(wire(state)), ..Default::default() };
        self.service.read_resource(Request::new(request)).await.expect("no status").into_inner()
    }
}

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

/// A thing with these values and nulls beside them.
fn thing(values: &[(&str, Value)]) -> Value {
    let nulls = ["id", "place", "size", "revision", "key", "key_version", "timeouts"]
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

/// What Terraform proposes: the configuration, and prior values where computed attributes are not configured.
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

#[test]
fn the_schema_is_written_once() {
    let block = Thing::block();
    let size = block.attributes.iter().find(|attribute| attribute.name == "size").expect("declared");
    assert_eq!(size.full_description(), "How large it is.\n\nIn metres. A whole number from 1 to 9. Default: `3`.");
    let rendered = super::render::schema(&block).block.expect("a block");
    let modes: Vec<_> = rendered
        .attributes
        .iter()
        .map(|a| (a.name.as_str(), a.required, a.optional, a.computed, a.write_only))
        .collect();
    assert_eq!(
        modes,
        [
            ("id", false, false, true, false),
            ("place", false, true, true, false),
            ("size", false, true, true, false),
            ("revision", false, false, true, false),
            ("key", false, true, false, true),
            ("key_version", false, true, true, false),
        ]
    );
    assert_eq!(rendered.attributes.first().map(|a| a.r#type.as_slice()), Some(br#""string""#.as_slice()));
    assert_eq!(rendered.block_types.first().map(|block| block.type_name.as_str()), Some("timeouts"));
}

#[tokio::test]
async fn mistakes_are_told_at_their_attribute() {
    let fixture = Fixture::new().await;
    let timeouts = object(&[
        ("create", "5 apples".into()),
        ("read", Value::Unknown),
        ("update", Value::Null),
        ("delete", "0s".into()),
    ]);
    let found = fixture.validate(&thing(&[("size", 10.into()), ("key", "".into()), ("timeouts", timeouts)])).await;
    let expected = [
        "Invalid value for `size`",
        "Invalid value for `key`",
        "Invalid value for `timeouts.create`",
        "Invalid value for `timeouts.delete`",
    ];
    assert_eq!(summaries(&found), expected);
    assert_eq!(found[0].detail, "Expected a whole number from 1 to 9, got 10");
    assert_eq!(found[1].detail, "Expected a string that is not empty");
    assert!(found[2].detail.ends_with("got \"5 apples\""), "{}", found[2].detail);
    assert_eq!(found[2].attribute.as_ref().map(|path| path.steps.len()), Some(2));
    assert!(fixture.validate(&thing(&[("size", Value::Unknown)])).await.is_empty());
    let found = fixture.validate(&thing(&[("id", "mine".into()), ("revision", Value::Unknown)])).await;
    assert_eq!(summaries(&found), ["`id` cannot be set", "`revision` cannot be set"]);
}

#[tokio::test]
async fn a_create_plans_defaults_and_unknowns_and_no_write_only_value() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan(&Value::Null, &thing(&[("key", "hunter2".into())])).await;
    let expected = thing(&[
        ("id", Value::Unknown),
        ("place", "here".into()),
        ("size", 3.into()),
        ("revision", Value::Unknown),
        ("key_version", 1.into()),
    ]);
    assert_eq!(decoded(plan.planned_state.as_ref()), expected);
    assert!(plan.requires_replace.is_empty());
}

#[tokio::test]
async fn an_update_makes_computed_values_unknown_but_for_the_stable_ones() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan(&existing("here"), &thing(&[("size", 4.into())])).await;
    let expected =
        thing(&[("id", "1".into()), ("place", "here".into()), ("size", 4.into()), ("revision", Value::Unknown)]);
    assert_eq!(decoded(plan.planned_state.as_ref()), expected);
}

#[tokio::test]
async fn nothing_changed_plans_the_prior_state() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan(&existing("here"), &thing(&[])).await;
    assert_eq!(decoded(plan.planned_state.as_ref()), existing("here"));
}

#[tokio::test]
async fn a_default_taken_away_returns() {
    let fixture = Fixture::new().await;
    let prior = with(existing("here"), "size", 7.into());
    let plan = fixture.plan(&prior, &thing(&[])).await;
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("size"), &Value::from(3));
}

#[tokio::test]
async fn what_is_configured_stays_as_it_is_spelled() {
    let fixture = Fixture::new().await;
    let nulls = ["create", "update", "delete"].map(|name| (name, Value::Null));
    let timeouts = object(&[("read", "90s".into())].into_iter().chain(nulls).collect::<Vec<_>>());
    let config = thing(&[("timeouts", timeouts.clone())]);
    let plan = fixture.plan(&Value::Null, &config).await;
    let planned = decoded(plan.planned_state.as_ref());
    assert_eq!(planned.attribute("timeouts").attribute("read").as_str(), Some("90s"));
    let state = with(existing("here"), "timeouts", timeouts);
    let planned = with(with(state.clone(), "id", Value::Unknown), "revision", Value::Unknown);
    let applied = fixture.apply(&Value::Null, &planned, &with(config, "key", "hunter2".into())).await;
    assert_eq!(summaries(&applied.diagnostics), [""; 0]);
    assert_eq!(decoded(applied.new_state.as_ref()), state);
    assert_eq!(decoded(fixture.read(&state).await.new_state.as_ref()), state);
}

#[tokio::test]
async fn a_block_that_was_removed_is_gone_though_terraform_proposes_it() {
    let fixture = Fixture::new().await;
    let nulls = ["create", "read", "update", "delete"].map(|name| (name, Value::Null));
    let prior = with(existing("here"), "timeouts", object(&nulls));
    let request = plan_resource_change::Request {
        type_name: name(),
        prior_state: Some(wire(&prior)),
        // As Terraform 1.0 does.
        proposed_new_state: Some(wire(&prior)),
        config: Some(wire(&thing(&[]))),
        ..Default::default()
    };
    let plan = fixture.service.plan_resource_change(Request::new(request)).await.expect("no status").into_inner();
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("timeouts"), &Value::Null);
}

#[tokio::test]
async fn a_changed_default_of_the_provider_replaces() {
    let fixture = Fixture::new().await;
    let plan = fixture.plan(&existing("elsewhere"), &thing(&[])).await;
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("place"), &Value::from("here"));
    let path = plan.requires_replace.first().and_then(|path| path.steps.first()).and_then(|step| step.selector.clone());
    assert_eq!(path, Some(tfplugin5::attribute_path::step::Selector::AttributeName("place".to_owned())));
}

#[tokio::test]
async fn applies_return_what_was_planned_and_no_write_only_value() {
    let fixture = Fixture::new().await;
    let planned =
        thing(&[("id", Value::Unknown), ("place", "here".into()), ("size", 3.into()), ("revision", Value::Unknown)]);
    let answer = fixture.apply(&Value::Null, &planned, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(summaries(&answer.diagnostics), [""; 0]);
    assert_eq!(decoded(answer.new_state.as_ref()), existing("here"));
    assert!(answer.new_identity.is_some());
}

/// A thing in the state whose key was set once.
fn keyed(version: i64) -> Value {
    with(existing("here"), "key_version", version.into())
}

#[tokio::test]
async fn a_changed_secret_is_noticed_by_its_hash() {
    let fixture = Fixture::new().await;
    let (old, new) = (thing(&[("key", "hunter2".into())]), thing(&[("key", "hunter3".into())]));
    let planned = with(keyed(1), "revision", Value::Unknown);
    let created = fixture.apply(&Value::Null, &with(planned, "id", Value::Unknown), &old).await;
    assert_eq!(decoded(created.new_state.as_ref()), keyed(1));
    let private = created.private;
    assert!(!private.is_empty() && !String::from_utf8_lossy(&private).contains("hunter2"));

    let version = async |private: &[u8], config: &Value| {
        let plan = fixture.plan_with(private, &keyed(1), config).await;
        decoded(plan.planned_state.as_ref()).attribute("key_version").clone()
    };
    assert_eq!(version(&private, &old).await, 1.into());
    assert_eq!(version(&private, &new).await, Value::Unknown, "only apply sees the last value");
    assert_eq!(version(b"", &old).await, Value::Unknown, "what is not known to be the same is set once");
    assert_eq!(version(&private, &with(old.clone(), "size", 4.into())).await, Value::Unknown);
    assert_eq!(version(&private, &with(old.clone(), "key", Value::Unknown)).await, Value::Unknown);
    assert_eq!(version(&private, &with(old.clone(), "key", Value::Null)).await, Value::Null);

    let planned = with(with(keyed(1), "key_version", Value::Unknown), "revision", Value::Unknown);
    for (config, counted) in [(&old, 1), (&new, 2)] {
        let applied = fixture.apply_with(&private, &keyed(1), &planned, config).await;
        assert_eq!(decoded(applied.new_state.as_ref()).attribute("key_version"), &counted.into());
    }
}

#[tokio::test]
async fn a_version_decides_alone_where_it_is_given() {
    let fixture = Fixture::new().await;
    let config = |version: i64| thing(&[("key", "another".into()), ("key_version", version.into())]);
    let plan = fixture.plan_with(b"", &keyed(1), &config(1)).await;
    assert_eq!(decoded(plan.planned_state.as_ref()), keyed(1));
    let plan = fixture.plan_with(b"", &keyed(1), &config(2)).await;
    assert_eq!(decoded(plan.planned_state.as_ref()).attribute("key_version"), &2.into());
    let applied = fixture.apply(&keyed(1), &with(keyed(2), "revision", Value::Unknown), &config(2)).await;
    assert!(applied.private.is_empty(), "no hash is kept");
}

#[tokio::test]
async fn a_failed_apply_keeps_the_private_data() {
    let fixture = Fixture::new().await;
    let prior = with(existing("panic"), "key_version", 1.into());
    let planned = with(prior.clone(), "key_version", 2.into());
    let answer = fixture.apply(&prior, &planned, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(answer.private, b"private");
}

#[tokio::test]
async fn a_state_that_does_not_name_its_object_cannot_be_read() {
    let fixture = Fixture::new().await;
    let nameless = with(existing("here"), "id", Value::Null);
    assert_eq!(summaries(&fixture.read(&nameless).await.diagnostics), ["The stored state cannot be read"]);
    let deleted = fixture.apply(&nameless, &Value::Null, &Value::Null).await;
    assert_eq!(summaries(&deleted.diagnostics), ["The stored state cannot be read"]);
    assert_eq!(decoded(deleted.new_state.as_ref()), nameless);
}

#[tokio::test]
async fn write_only_values_need_a_terraform_that_knows_them() {
    let fixture = Fixture::new().await;
    let found = fixture.validate_where(false, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(summaries(&found), ["`key` needs Terraform 1.11 or OpenTofu 1.11"]);
    let request = plan_resource_change::Request {
        type_name: name(),
        prior_state: Some(wire(&Value::Null)),
        proposed_new_state: Some(wire(&thing(&[("key", Value::Unknown)]))),
        config: Some(wire(&thing(&[("key", Value::Unknown)]))),
        ..Default::default()
    };
    let plan = fixture.service.plan_resource_change(Request::new(request)).await.expect("no status").into_inner();
    assert_eq!(summaries(&plan.diagnostics), ["`key` needs Terraform 1.11 or OpenTofu 1.11"]);
    let found = fixture.validate(&thing(&[("key_version", 1.into())])).await;
    assert_eq!(summaries(&found), ["`key_version` without `key`"]);
    assert!(fixture.validate(&thing(&[("key", Value::Unknown), ("key_version", 1.into())])).await.is_empty());
}

#[tokio::test]
async fn what_turned_out_otherwise_is_in_the_state_and_an_error() {
    let fixture = Fixture::new().await;
    let planned =
        thing(&[("id", Value::Unknown), ("place", "smaller".into()), ("size", 3.into()), ("revision", Value::Unknown)]);
    let answer = fixture.apply(&Value::Null, &planned, &thing(&[])).await;
    assert_eq!(summaries(&answer.diagnostics), ["The server did not take `size` as planned"]);
    assert!(
        answer.diagnostics[0].detail.starts_with("Planned was 3, and the server reports 1."),
        "{}",
        answer.diagnostics[0].detail
    );
    assert_eq!(decoded(answer.new_state.as_ref()).attribute("size"), &Value::from(1));
}

#[tokio::test]
async fn a_value_left_unknown_is_a_bug_and_keeps_the_object() {
    let fixture = Fixture::new().await;
    let planned = thing(&[
        ("id", Value::Unknown),
        ("place", "forgetful".into()),
        ("size", 3.into()),
        ("revision", Value::Unknown),
    ]);
    let answer = fixture.apply(&Value::Null, &planned, &thing(&[])).await;
    assert_eq!(summaries(&answer.diagnostics), ["Bug in the provider"]);
    assert_eq!(decoded(answer.new_state.as_ref()).attribute("id"), &Value::from("1"));
}

#[tokio::test]
async fn a_failure_keeps_the_state_that_was() {
    let fixture = Fixture::new().await;
    let planned =
        thing(&[("id", Value::Unknown), ("place", "refused".into()), ("size", 3.into()), ("revision", Value::Unknown)]);
    let create = fixture.apply(&Value::Null, &planned, &thing(&[])).await;
    assert_eq!((summaries(&create.diagnostics), decoded(create.new_state.as_ref())), (vec!["Refused"], Value::Null));
    let delete = fixture.apply(&existing("refused"), &Value::Null, &Value::Null).await;
    assert_eq!(
        (summaries(&delete.diagnostics), decoded(delete.new_state.as_ref())),
        (vec!["Refused"], existing("refused"))
    );
    let delete = fixture.apply(&existing("here"), &Value::Null, &Value::Null).await;
    assert_eq!((summaries(&delete.diagnostics), decoded(delete.new_state.as_ref())), (vec![], Value::Null));
}

#[tokio::test]
async fn a_panic_is_a_diagnostic_and_keeps_the_state_that_was() {
    let fixture = Fixture::new().await;
    let prior = existing("panic");
    let import = import_resource_state::Request { type_name: name(), id: "panic".to_owned(), ..Default::default() };
    let read = fixture.read(&prior).await;
    let update = fixture.apply(&prior, &with(prior.clone(), "size", 4.into()), &thing(&[])).await;
    let delete = fixture.apply(&prior, &Value::Null, &Value::Null).await;
    let import = fixture.service.import_resource_state(Request::new(import)).await.expect("no status").into_inner();
    for diagnostics in [&read.diagnostics, &update.diagnostics, &delete.diagnostics, &import.diagnostics] {
        assert_eq!(summaries(diagnostics), ["Bug in the provider"]);
        assert!(!diagnostics[0].detail.contains("own text"), "a panic's text may hold a secret");
    }
    for state in [&read.new_state, &update.new_state, &delete.new_state] {
        assert_eq!(decoded(state.as_ref()), prior);
    }
    assert_eq!(decoded(fixture.read(&existing("here")).await.new_state.as_ref()), existing("here"));
}

#[tokio::test]
async fn what_was_kept_survives_a_panic() {
    let fixture = Fixture::new().await;
    let planned = thing(&[
        ("id", Value::Unknown),
        ("place", "late panic".into()),
        ("size", 3.into()),
        ("revision", Value::Unknown),
    ]);
    let answer = fixture.apply(&Value::Null, &planned, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(summaries(&answer.diagnostics), ["Bug in the provider"]);
    let expected = thing(&[("id", "1".into()), ("place", "late panic".into()), ("size", 3.into())]);
    assert_eq!(decoded(answer.new_state.as_ref()), expected);
    assert!(answer.new_identity.is_some());
}

#[tokio::test]
async fn warnings_are_told_whether_it_succeeds_or_not() {
    let fixture = Fixture::new().await;
    for (place, expected) in [("odd", &["Odd"][..]), ("odd and refused", &["Odd", "Refused"])] {
        let planned =
            thing(&[("id", Value::Unknown), ("place", place.into()), ("size", 3.into()), ("revision", Value::Unknown)]);
        let answer = fixture.apply(&Value::Null, &planned, &Value::Null).await;
        assert_eq!(summaries(&answer.diagnostics), expected, "{place}");
    }
}

#[tokio::test]
async fn changed_timeouts_alone_call_nothing() {
    let fixture = Fixture::new().await;
    let nulls = ["read", "update", "delete"].map(|name| (name, Value::Null));
    let timeouts = [("create", "1m".into())].into_iter().chain(nulls).collect::<Vec<_>>();
    let planned = with(existing("here"), "timeouts", object(&timeouts));
    let answer = fixture.apply(&existing("here"), &planned, &thing(&[])).await;
    assert_eq!(decoded(answer.new_state.as_ref()), planned);
    let answer = fixture.apply(&existing("here"), &planned, &thing(&[("key", "hunter2".into())])).await;
    assert_eq!(decoded(answer.new_state.as_ref()), planned);
    assert_eq!(fixture.calls.load(Ordering::Relaxed), 0, "not for a secret either");
}

#[tokio::test]
async fn a_provider_that_is_not_known_yet_reads_nothing_and_changes_nothing() {
    let fixture = Fixture::with(Value::Unknown, Some("place")).await;
    let read = fixture.read(&existing("gone")).await;
    assert_eq!(
        (summaries(&read.diagnostics), decoded(read.new_state.as_ref())),
        (vec!["Object not refreshed"], existing("gone"))
    );
    let apply = fixture.apply(&existing("here"), &Value::Null, &Value::Null).await;
    assert_eq!(summaries(&apply.diagnostics), ["The provider is not configured yet"]);
    assert_eq!(decoded(apply.new_state.as_ref()), existing("here"));
}

#[tokio::test]
async fn a_gone_object_reads_as_null() {
    let fixture = Fixture::new().await;
    assert_eq!(decoded(fixture.read(&existing("gone")).await.new_state.as_ref()), Value::Null);
}

#[tokio::test]
async fn states_are_upgraded_by_key() {
    let fixture = Fixture::new().await;
    let json = br#"{"id": "1", "size": "3", "key": "hunter2", "left_over": [1]}"#.to_vec();
    let raw_state = Some(RawState { json, flatmap: Default::default() });
    let request = upgrade_resource_state::Request { type_name: name(), version: 0, raw_state };
    let answer = fixture.service.upgrade_resource_state(Request::new(request)).await.expect("no status").into_inner();
    assert_eq!(decoded(answer.upgraded_state.as_ref()), thing(&[("id", "1".into()), ("size", 3.into())]));
}

#[tokio::test]
async fn imports_by_id_and_by_identity() {
    let fixture = Fixture::new().await;
    let by_id = import_resource_state::Request { type_name: name(), id: "7".to_owned(), ..Default::default() };
    let identity = object(&[("id", "7".into()), ("place", Value::Null)]);
    let identity = encoded(&identity, &Thing::block().identity_type());
    let identity = Some(tfplugin5::ResourceIdentityData { identity_data: Some(identity) });
    let by_identity = import_resource_state::Request { type_name: name(), identity, ..Default::default() };
    for request in [by_id, by_identity] {
        let answer =
            fixture.service.import_resource_state(Request::new(request)).await.expect("no status").into_inner();
        assert_eq!(summaries(&answer.diagnostics), [""; 0]);
        let imported = answer.imported_resources.first().expect("one");
        assert_eq!(decoded(imported.state.as_ref()), thing(&[("id", "7".into()), ("place", "here".into())]));
        assert!(imported.identity.is_some());
    }
}
