//! What Terraform's core sends to a provider and keeps of its answers, for many objects of one kind.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use tfplugin::cty::{Type, json as cty_json, msgpack};
use tfplugin::proto::tfplugin5::provider_client::ProviderClient;
use tfplugin::proto::tfplugin5::{
    Diagnostic, DynamicValue, ResourceIdentityData, Schema, apply_resource_change, configure, get_provider_schema,
    plan_resource_change, read_resource, schema,
};
use tonic::transport::Channel;

use crate::plugin::Plugin;
use crate::support::Identity;
use crate::{API_KEY, ORGANIZATION, Result, VENDOR};

const SIP_CREDENTIALS: &str = "deepslate_sip_credentials";

/// A plugin of ours, configured for an API.
pub(crate) struct Core {
    client: ProviderClient<Channel>,
    resource: Type,
    plugin: Plugin,
}

/// What is kept of an object, planned or there, between two calls.
pub(crate) struct Object {
    number: usize,
    state: Option<DynamicValue>,
    private: Vec<u8>,
    identity: Option<ResourceIdentityData>,
}

/// What a call gave, and how long it took.
pub(crate) type Answer = Result<(Object, Duration)>;

impl Core {
    /// Starts a plugin and configures it. `coalesce_reads` is for the argument of that name, where the plugin has it; without
    /// it, none is started.
    pub(crate) async fn start(
        binary: &Path,
        identity: &Identity,
        url: &str,
        coalesce_reads: Option<bool>,
    ) -> Result<Option<Self>> {
        let plugin = Plugin::start(binary, identity)?;
        let mut client = ProviderClient::new(plugin.channel(identity).await);
        let schema = client.get_schema(get_provider_schema::Request {}).await?.into_inner();
        let provider = block_type(schema.provider.as_ref());
        let resource = block_type(schema.resource_schemas.get(SIP_CREDENTIALS));

        let mut config = json!({
            "base_url": url,
            "api_key": API_KEY,
            "vendor_id": VENDOR,
            "organization_id": ORGANIZATION,
        });
        if let Some(coalesce_reads) = coalesce_reads {
            if !matches!(&provider, Type::Object(arguments) if arguments.contains_key("coalesce_reads")) {
                return Ok(None);
            }
            config["coalesce_reads"] = coalesce_reads.into();
        }
        let config = Some(encode(&config, &provider)?);
        let request = configure::Request { terraform_version: "1.15.0".to_owned(), config, ..Default::default() };
        succeeded(&client.configure(request).await?.into_inner().diagnostics)?;
        Ok(Some(Self { client, resource, plugin }))
    }

    /// The plugin's process.
    pub(crate) fn process(&self) -> u32 {
        self.plugin.process()
    }

    /// Plans a new object.
    pub(crate) async fn plan(&self, number: usize) -> Answer {
        let config = Some(self.config(number)?);
        let request = plan_resource_change::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            prior_state: Some(encode(&Json::Null, &self.resource)?),
            // Nothing was there before that could fill in what the configuration leaves open.
            proposed_new_state: config.clone(),
            config,
            ..Default::default()
        };
        let started = Instant::now();
        let answer = self.client.clone().plan_resource_change(request).await?.into_inner();
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.planned_state, answer.planned_private, answer.planned_identity);
        Ok((Object { number, state, private, identity }, took))
    }

    /// Creates what was planned.
    pub(crate) async fn apply(&self, planned: Object) -> Answer {
        let number = planned.number;
        let request = apply_resource_change::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            prior_state: Some(encode(&Json::Null, &self.resource)?),
            planned_state: planned.state,
            config: Some(self.config(number)?),
            planned_private: planned.private,
            planned_identity: planned.identity,
            ..Default::default()
        };
        let started = Instant::now();
        let answer = self.client.clone().apply_resource_change(request).await?.into_inner();
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.new_state, answer.private, answer.new_identity);
        Ok((Object { number, state, private, identity }, took))
    }

    /// Refreshes an object.
    pub(crate) async fn read(&self, object: Object) -> Answer {
        let number = object.number;
        let request = read_resource::Request {
            type_name: SIP_CREDENTIALS.to_owned(),
            current_state: object.state,
            private: object.private,
            current_identity: object.identity,
            ..Default::default()
        };
        let started = Instant::now();
        let answer = self.client.clone().read_resource(request).await?.into_inner();
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.new_state, answer.private, answer.new_identity);
        Ok((Object { number, state, private, identity }, took))
    }

    fn config(&self, number: usize) -> Result<DynamicValue> {
        let config = json!({
            "hostname": "sip.example.com",
            "port": 5060,
            "username": format!("agent-{number}"),
            "password": format!("secret-{number}"),
            "max_agent_tasks": 10,
        });
        encode(&config, &self.resource)
    }
}

/// The type of an object with this schema. Our blocks come once at most.
fn block_type(schema: Option<&Schema>) -> Type {
    fn object(block: &schema::Block) -> Type {
        let attributes = block.attributes.iter().map(|attribute| {
            (attribute.name.clone(), Type::from_json(&attribute.r#type).expect("the provider knows its types"))
        });
        let blocks = block
            .block_types
            .iter()
            .filter_map(|nested| Some((nested.type_name.clone(), object(nested.block.as_ref()?))));
        Type::Object(attributes.chain(blocks).collect())
    }
    object(schema.and_then(|schema| schema.block.as_ref()).expect("the provider has this schema"))
}

/// What JSON leaves out is null.
fn encode(json: &Json, ty: &Type) -> Result<DynamicValue> {
    let value = cty_json::decode(json.to_string().as_bytes(), ty)?;
    Ok(DynamicValue { msgpack: msgpack::encode(&value, ty)?, json: Vec::new() })
}

fn succeeded(diagnostics: &[Diagnostic]) -> Result<()> {
    match diagnostics {
        [] => Ok(()),
        [Diagnostic { summary, detail, .. }, ..] => {
            Err(format!("expected no diagnostic, got: {summary}: {detail}").into())
        }
    }
}
