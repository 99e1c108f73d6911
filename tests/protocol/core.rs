//! What Terraform's core does around a provider: it sends what core sends, and keeps of the answers what core keeps.

use std::sync::Arc;

use deepslate_emulator::{Config, Credentials, Emulator};
use serde_json::{Value as Json, json};
use tfplugin::cty::Type;
use tfplugin::proto::tfplugin5::provider_client::ProviderClient;
use tfplugin::proto::tfplugin5::{
    ClientCapabilities, ResourceIdentityData, apply_resource_change, configure, generate_resource_config,
    get_provider_schema, get_resource_identity_schemas, import_resource_state, list_resource, plan_resource_change,
    read_resource, validate_list_resource_config, validate_resource_type_config,
};
use tonic::transport::Channel;

use crate::corpus::record;
use crate::support::{Plugin, within};
use crate::values::{block_type, decode, encode, texts};

pub(crate) const SIP_CREDENTIALS: &str = "deepslate_sip_credentials";
pub(crate) const VENDOR: &str = "11111111-1111-4111-8111-111111111111";
pub(crate) const ORGANIZATION: &str = "22222222-2222-4222-8222-222222222222";

/// A plugin under way, configured for a local API of its own.
pub(crate) struct Core {
    pub(crate) api: Arc<Emulator>,
    pub(crate) client: ProviderClient<Channel>,
    pub(crate) schema: get_provider_schema::Response,
    identity_type: Type,
    pub(crate) plugin: Plugin,
}

/// What core keeps of an object between two calls. All is null for one that does not exist.
#[derive(Clone, Default)]
pub(crate) struct Object {
    pub(crate) state: Json,
    pub(crate) private: Vec<u8>,
    pub(crate) identity: Json,
}

/// A plan: the object as planned, and what else was answered.
pub(crate) struct Plan {
    pub(crate) object: Object,
    pub(crate) replaced: usize,
    pub(crate) diagnostics: Vec<String>,
}

/// One event of a list.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) display_name: String,
    pub(crate) identity: Json,
    /// Null where it was not asked for.
    pub(crate) object: Json,
    pub(crate) diagnostics: Vec<String>,
}

impl Core {
    pub(crate) async fn start() -> Self {
        Self::with_api(Config::default()).await
    }

    pub(crate) async fn with_api(config: Config) -> Self {
        let api = Arc::new(Emulator::start(config).unwrap());
        let plugin = Plugin::launch().await;
        record("certificate_pem", plugin.identity.as_ref().unwrap().pem().as_bytes());
        let mut client = plugin.client().await;
        let schema = within(client.get_schema(get_provider_schema::Request {})).await.unwrap().into_inner();
        let identities = client.get_resource_identity_schemas(get_resource_identity_schemas::Request {});
        let identities = within(identities).await.unwrap().into_inner().identity_schemas;
        let parts = &identities[SIP_CREDENTIALS].identity_attributes;
        let identity_type = Type::Object(
            parts.iter().map(|part| (part.name.clone(), Type::from_json(&part.r#type).unwrap())).collect(),
        );
        let mut core = Self { api, client, schema, identity_type, plugin };
        core.configure().await;
        core
    }

    async fn configure(&mut self) {
        let config = json!({
            "base_url": self.api.url(),
            "api_key": "test-key",
            "vendor_id": VENDOR,
            "organization_id": ORGANIZATION,
        });
        let config = Some(encode(&config, &block_type(self.schema.provider.as_ref())));
        let request = configure::Request { terraform_version: "1.15.0".to_owned(), config, ..Default::default() };
        let answer = within(self.client.configure(request)).await.unwrap().into_inner();
        assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());
    }

    // === A managed resource ===

    pub(crate) async fn validate(&mut self, config: &Json, write_only_attributes_allowed: bool) -> Vec<String> {
        let request = validate_resource_type_config::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            config: Some(encode(config, &self.resource_type())),
            client_capabilities: Some(ClientCapabilities { write_only_attributes_allowed, ..Default::default() }),
        };
        texts(&within(self.client.validate_resource_type_config(request)).await.unwrap().into_inner().diagnostics)
    }

    pub(crate) async fn plan(&mut self, prior: &Object, config: &Json) -> Plan {
        let ty = self.resource_type();
        let request = plan_resource_change::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            prior_state: Some(encode(&prior.state, &ty)),
            proposed_new_state: Some(encode(&self.proposed(&prior.state, config), &ty)),
            config: Some(encode(config, &ty)),
            prior_private: prior.private.clone(),
            prior_identity: self.identity(&prior.identity),
            client_capabilities: Some(ClientCapabilities { write_only_attributes_allowed: true, ..Default::default() }),
            ..Default::default()
        };
        let answer = within(self.client.plan_resource_change(request)).await.unwrap().into_inner();
        let object = Object {
            state: decode(answer.planned_state.as_ref(), &ty),
            private: answer.planned_private,
            identity: self.read_identity(answer.planned_identity),
        };
        Plan { object, replaced: answer.requires_replace.len(), diagnostics: texts(&answer.diagnostics) }
    }

    /// Plans and applies. A null configuration destroys.
    pub(crate) async fn apply(&mut self, prior: &Object, config: &Json) -> (Object, Vec<String>) {
        let planned = self.plan(prior, config).await;
        self.apply_plan(prior, &planned, config).await
    }

    /// Applies a plan; the configuration may have other ephemeral values by now.
    pub(crate) async fn apply_plan(&mut self, prior: &Object, planned: &Plan, config: &Json) -> (Object, Vec<String>) {
        let ty = self.resource_type();
        let request = apply_resource_change::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            prior_state: Some(encode(&prior.state, &ty)),
            planned_state: Some(encode(&planned.object.state, &ty)),
            config: Some(encode(config, &ty)),
            planned_private: planned.object.private.clone(),
            planned_identity: self.identity(&planned.object.identity),
            ..Default::default()
        };
        let answer = within(self.client.apply_resource_change(request)).await.unwrap().into_inner();
        let object = Object {
            state: decode(answer.new_state.as_ref(), &ty),
            private: answer.private,
            identity: self.read_identity(answer.new_identity),
        };
        (object, texts(&answer.diagnostics))
    }

    pub(crate) async fn read(&mut self, object: &Object) -> (Object, Vec<String>) {
        let ty = self.resource_type();
        let request = read_resource::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            current_state: Some(encode(&object.state, &ty)),
            private: object.private.clone(),
            current_identity: self.identity(&object.identity),
            ..Default::default()
        };
        let answer = within(self.client.read_resource(request)).await.unwrap().into_inner();
        let object = Object {
            state: decode(answer.new_state.as_ref(), &ty),
            private: answer.private,
            identity: self.read_identity(answer.new_identity),
        };
        (object, texts(&answer.diagnostics))
    }

    /// Imports by an id, or by an identity where that is not null.
    pub(crate) async fn import(&mut self, id: &str, identity: &Json) -> Result<Object, Vec<String>> {
        record("import_id", id.as_bytes());
        let request = import_resource_state::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            id: id.to_owned(),
            identity: self.identity(identity),
            ..Default::default()
        };
        let mut answer = within(self.client.import_resource_state(request)).await.unwrap().into_inner();
        let Some(imported) = answer.imported_resources.pop() else { return Err(texts(&answer.diagnostics)) };
        assert!(answer.imported_resources.is_empty());
        assert_eq!(imported.type_name, SIP_CREDENTIALS);
        Ok(Object {
            state: decode(imported.state.as_ref(), &self.resource_type()),
            private: imported.private,
            identity: self.read_identity(imported.identity),
        })
    }

    pub(crate) async fn generate(&mut self, state: &Json) -> Json {
        let ty = self.resource_type();
        let request = generate_resource_config::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            state: Some(encode(state, &ty)),
        };
        let answer = within(self.client.generate_resource_config(request)).await.unwrap().into_inner();
        assert_eq!(texts(&answer.diagnostics), Vec::<String>::new());
        decode(answer.config.as_ref(), &ty)
    }

    // === The list resource ===

    pub(crate) async fn validate_list(&mut self, config: &Json) -> Vec<String> {
        let config = Some(encode(config, &self.list_type()));
        let request = validate_list_resource_config::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            config,
            ..Default::default()
        };
        texts(&within(self.client.validate_list_resource_config(request)).await.unwrap().into_inner().diagnostics)
    }

    /// Everything that the list resource streams.
    pub(crate) async fn list(&mut self, config: &Json, limit: i64, include_resource_object: bool) -> Vec<Item> {
        let request = list_resource::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            config: Some(encode(config, &self.list_type())),
            include_resource_object,
            limit,
        };
        let mut events = within(self.client.list_resource(request)).await.unwrap().into_inner();
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

    pub(crate) fn resource_type(&self) -> Type {
        block_type(self.schema.resource_schemas.get(SIP_CREDENTIALS))
    }

    fn list_type(&self) -> Type {
        block_type(self.schema.list_resource_schemas.get(SIP_CREDENTIALS))
    }

    /// What the configuration says, and where it leaves a computed attribute open, what was there before.
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

    pub(crate) fn identity(&self, identity: &Json) -> Option<ResourceIdentityData> {
        let identity_data = Some(encode(identity, &self.identity_type));
        (!identity.is_null()).then_some(ResourceIdentityData { identity_data })
    }

    pub(crate) fn read_identity(&self, identity: Option<ResourceIdentityData>) -> Json {
        decode(identity.and_then(|identity| identity.identity_data).as_ref(), &self.identity_type)
    }
}

/// The answers are seeds for the fuzzers.
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

/// What the API holds without Terraform's doing.
pub(crate) fn existing(id: &str) -> Credentials {
    let uuid = |text: &str| text.parse().unwrap();
    Credentials {
        vendor_id: uuid(VENDOR),
        organization_id: uuid(ORGANIZATION),
        id: uuid(id),
        hostname: "sip.example.com".to_owned(),
        port: 5060,
        username: "agent".to_owned(),
        password: "set by someone else".to_owned(),
        max_agent_tasks: 10,
    }
}
