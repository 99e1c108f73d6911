//! Plays Terraform's core: sends what core sends to the Deepslate provider, and keeps of the answers what core keeps.

mod corpus;
mod values;
mod wire;

use std::path::Path;
use std::sync::Arc;

use deepslate_emulator::{Config, Emulator};
use serde_json::{Value as Json, json};
use tfplugin::cty::Type;
use tfplugin::proto::tfplugin5::provider_client::ProviderClient;
use tfplugin::proto::tfplugin5::{
    ClientCapabilities, ResourceIdentityData, configure, generate_resource_config, get_provider_schema,
    get_resource_identity_schemas, import_resource_state, list_resource, validate_list_resource_config,
    validate_resource_type_config,
};
use tonic::transport::Channel;

pub use self::corpus::record;
pub use self::values::{UNKNOWN, block_type, decode, encode, texts};
pub use self::wire::WireObject;
use crate::fixtures::{ORGANIZATION, VENDOR};
use crate::plugin::{Plugin, within};

/// The type of the resource that calls are about, if they do not name one.
pub const SIP_CREDENTIALS: &str = "deepslate_sip_credentials";

/// A Deepslate provider and the local API that it is configured for.
pub struct Core {
    /// The local API.
    pub api: Arc<Emulator>,
    /// A client of the provider, for calls that have no method here.
    pub client: ProviderClient<Channel>,
    /// The provider's answer to `GetSchema`.
    pub schema: get_provider_schema::Response,
    identity_type: Type,
    /// The provider's process. With `--debug` several share it.
    pub plugin: Arc<Plugin>,
}

/// The data that core keeps of an object between two calls. All of it is null if the object does not exist.
#[derive(Clone, Default)]
pub struct Object {
    /// The attributes.
    pub state: Json,
    /// The provider's private data.
    pub private: Vec<u8>,
    /// The attributes of the identity.
    pub identity: Json,
}

/// The answer to a plan.
pub struct Plan {
    /// The planned object.
    pub object: Object,
    /// The number of attributes that require a replacement.
    pub replaced: usize,
    /// Errors and warnings; see [`texts`].
    pub diagnostics: Vec<String>,
}

/// One event of a list.
#[derive(Debug)]
pub struct Item {
    /// The name that `terraform query` shows.
    pub display_name: String,
    /// The attributes of the identity.
    pub identity: Json,
    /// The attributes; null if the call did not ask for them.
    pub object: Json,
    /// Errors and warnings; see [`texts`].
    pub diagnostics: Vec<String>,
}

impl Core {
    /// Starts a provider and configures it for a local API of its own.
    pub async fn start(binary: impl AsRef<Path>) -> Self {
        Self::with_api(binary, Config::default()).await
    }

    /// Starts a provider as [`Self::start`] does, with an API that is configured otherwise.
    pub async fn with_api(binary: impl AsRef<Path>, config: Config) -> Self {
        let key = config.api_key.clone();
        let api = Arc::new(Emulator::start(config).unwrap());
        let mut core = Self::connect(Plugin::launch(binary.as_ref()).await, api).await;
        core.configure(&key, &json!({})).await;
        core
    }

    /// Asks a started provider for its schema. The provider must still be configured.
    pub async fn connect(plugin: impl Into<Arc<Plugin>>, api: Arc<Emulator>) -> Self {
        let plugin = plugin.into();
        if let Some(identity) = &plugin.identity {
            record("certificate_pem", identity.pem().as_bytes());
        }
        let mut client = plugin.client().await;
        let schema = within(client.get_schema(get_provider_schema::Request {})).await.unwrap().into_inner();
        let identities = client.get_resource_identity_schemas(get_resource_identity_schemas::Request {});
        let identities = within(identities).await.unwrap().into_inner().identity_schemas;
        let parts = &identities[SIP_CREDENTIALS].identity_attributes;
        let identity_type = Type::Object(
            parts.iter().map(|part| (part.name.clone(), Type::from_json(&part.r#type).unwrap())).collect(),
        );
        Self { api, client, schema, identity_type, plugin }
    }

    /// Returns whether the provider block has an argument of this name.
    pub fn has_argument(&self, name: &str) -> bool {
        matches!(block_type(self.schema.provider.as_ref()), Type::Object(arguments) if arguments.contains_key(name))
    }

    /// Configures the provider for the API, with `arguments` in addition to those that it needs.
    pub async fn configure(&mut self, api_key: &str, arguments: &Json) {
        let mut config = json!({
            "base_url": self.api.url(),
            "api_key": api_key,
            "vendor_id": VENDOR,
            "organization_id": ORGANIZATION,
        });
        for (name, value) in arguments.as_object().into_iter().flatten() {
            config[name] = value.clone();
        }
        let config = Some(encode(&config, &block_type(self.schema.provider.as_ref())));
        let request = configure::Request { terraform_version: "1.15.0".to_owned(), config, ..Default::default() };
        let answer = within(self.client.configure(request)).await.unwrap().into_inner();
        assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());
    }

    // === A managed resource ===

    /// Validates a configuration, for a Terraform that knows write-only arguments or does not.
    pub async fn validate(&self, config: &Json, write_only_attributes_allowed: bool) -> Vec<String> {
        let request = validate_resource_type_config::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            config: Some(encode(config, &self.resource_type())),
            client_capabilities: Some(ClientCapabilities { write_only_attributes_allowed, ..Default::default() }),
        };
        texts(
            &within(self.client.clone().validate_resource_type_config(request)).await.unwrap().into_inner().diagnostics,
        )
    }

    /// Plans a change. A null configuration plans a destroy.
    pub async fn plan(&self, prior: &Object, config: &Json) -> Plan {
        let ty = self.resource_type();
        let proposed = encode(&self.proposed(&prior.state, config), &ty);
        let answer = self.send_plan(SIP_CREDENTIALS, self.to_wire(prior), proposed, encode(config, &ty)).await;
        let object = self.from_wire(WireObject {
            state: answer.planned_state,
            private: answer.planned_private,
            identity: answer.planned_identity,
        });
        Plan { object, replaced: answer.requires_replace.len(), diagnostics: texts(&answer.diagnostics) }
    }

    /// Plans and applies a change. A null configuration destroys the object.
    pub async fn apply(&self, prior: &Object, config: &Json) -> (Object, Vec<String>) {
        let planned = self.plan(prior, config).await;
        self.apply_plan(prior, &planned, config).await
    }

    /// Applies a plan. The ephemeral values in the configuration may differ from those of the plan.
    pub async fn apply_plan(&self, prior: &Object, planned: &Plan, config: &Json) -> (Object, Vec<String>) {
        let config = encode(config, &self.resource_type());
        let answer = self.send_apply(SIP_CREDENTIALS, self.to_wire(prior), self.to_wire(&planned.object), config).await;
        let (state, private, identity) = (answer.new_state, answer.private, answer.new_identity);
        (self.from_wire(WireObject { state, private, identity }), texts(&answer.diagnostics))
    }

    /// Refreshes an object.
    pub async fn read(&self, object: &Object) -> (Object, Vec<String>) {
        let answer = self.send_read(SIP_CREDENTIALS, self.to_wire(object)).await;
        let (state, private, identity) = (answer.new_state, answer.private, answer.new_identity);
        (self.from_wire(WireObject { state, private, identity }), texts(&answer.diagnostics))
    }

    /// Imports by an ID, or by an identity if that is not null.
    pub async fn import(&self, id: &str, identity: &Json) -> Result<Object, Vec<String>> {
        record("import_id", id.as_bytes());
        let request = import_resource_state::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            id: id.to_owned(),
            identity: self.identity(identity),
            ..Default::default()
        };
        let mut answer = within(self.client.clone().import_resource_state(request)).await.unwrap().into_inner();
        let Some(imported) = answer.imported_resources.pop() else { return Err(texts(&answer.diagnostics)) };
        assert!(answer.imported_resources.is_empty());
        assert_eq!(imported.type_name, SIP_CREDENTIALS);
        Ok(Object {
            state: decode(imported.state.as_ref(), &self.resource_type()),
            private: imported.private,
            identity: self.read_identity(imported.identity),
        })
    }

    /// Generates the configuration of an object.
    pub async fn generate(&self, state: &Json) -> Json {
        let ty = self.resource_type();
        let request = generate_resource_config::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            state: Some(encode(state, &ty)),
        };
        let answer = within(self.client.clone().generate_resource_config(request)).await.unwrap().into_inner();
        assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());
        decode(answer.config.as_ref(), &ty)
    }

    // === The list resource ===

    /// Validates the configuration of a list.
    pub async fn validate_list(&self, config: &Json) -> Vec<String> {
        let config = Some(encode(config, &self.list_type()));
        let request = validate_list_resource_config::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            config,
            ..Default::default()
        };
        texts(
            &within(self.client.clone().validate_list_resource_config(request)).await.unwrap().into_inner().diagnostics,
        )
    }

    /// Returns all events of a list.
    pub async fn list(&self, config: &Json, limit: i64, include_resource_object: bool) -> Vec<Item> {
        let request = list_resource::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            config: Some(encode(config, &self.list_type())),
            include_resource_object,
            limit,
        };
        let mut events = within(self.client.clone().list_resource(request)).await.unwrap().into_inner();
        let ty = self.resource_type();
        let mut items = Vec::new();
        while let Some(event) = within(events.message()).await.unwrap() {
            items.push(Item {
                display_name: event.display_name,
                identity: self.read_identity(event.identity),
                object: decode(event.resource_object.as_ref(), &ty),
                diagnostics: texts(&event.diagnostic),
            });
        }
        items
    }

    // === Values ===

    /// Returns the type of the resource's objects.
    pub fn resource_type(&self) -> Type {
        self.resource_type_of(SIP_CREDENTIALS)
    }

    /// Returns the type of the objects of any resource.
    pub fn resource_type_of(&self, type_name: &str) -> Type {
        block_type(self.schema.resource_schemas.get(type_name))
    }

    fn list_type(&self) -> Type {
        block_type(self.schema.list_resource_schemas.get(SIP_CREDENTIALS))
    }

    /// Returns the configuration, with prior values for computed attributes that it does not set.
    fn proposed(&self, prior: &Json, config: &Json) -> Json {
        let Some(config) = config.as_object() else { return Json::Null };
        let block = self.schema.resource_schemas[SIP_CREDENTIALS].block.as_ref().unwrap();
        let mut proposed = config.clone();
        for attribute in block.attributes.iter().filter(|attribute| attribute.computed) {
            let value = proposed.entry(&attribute.name).or_insert(Json::Null);
            if value.is_null() {
                *value = prior[&attribute.name].clone();
            }
        }
        proposed.into()
    }

    /// Encodes an identity; `None` if it is null.
    pub fn identity(&self, identity: &Json) -> Option<ResourceIdentityData> {
        let identity_data = Some(encode(identity, &self.identity_type));
        (!identity.is_null()).then_some(ResourceIdentityData { identity_data })
    }

    /// Decodes an identity; null if there is none.
    pub fn read_identity(&self, identity: Option<ResourceIdentityData>) -> Json {
        decode(identity.and_then(|identity| identity.identity_data).as_ref(), &self.identity_type)
    }
}

/// Records the API's answers as seeds for the fuzzers.
impl Drop for Core {
    fn drop(&mut self) {
        for request in self.api.requests() {
            record("api_envelope", &request.answer);
            if request.query.starts_with("page=") {
                record("list_page", &request.answer);
            }
        }
    }
}
