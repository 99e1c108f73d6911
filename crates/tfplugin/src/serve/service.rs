//! The gRPC service: one method for each call of the protocol.

use std::collections::BTreeMap;
use std::sync::Arc;

use redaction::Secrets;
use tokio_stream as stream;
use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::{Request, Response, Status};

use super::codec::decode_object;
use super::data_source_server::DataSourceServer;
use super::list_server::{ListServer, failed};
use super::render;
use super::resource_server::ResourceServer;
use super::rpc::answer;
use super::session::Session;
use super::sessions::Sessions;
use super::validate::validate;
use crate::author::attribute_type::AttributeType;
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostic, Result};
use crate::author::provider::Provider;
use crate::author::schema::Schema;
use crate::plugin::ConnectInfo;
use crate::proto::tfplugin5::provider_server;
use crate::proto::tfplugin5::{
    ServerCapabilities, apply_resource_change, configure, generate_resource_config, get_functions, get_provider_schema,
    get_resource_identity_schemas, import_resource_state, list_resource, move_resource_state, plan_resource_change,
    prepare_provider_config, read_data_source, read_resource, stop, upgrade_resource_identity, upgrade_resource_state,
    validate_data_source_config, validate_list_resource_config, validate_resource_type_config,
};

/// What messages about the host call it.
const PROVIDER_CONFIG: &str = "the configuration of the provider";

/// Answers Terraform's calls for a [`Provider`].
pub struct Service<P: Provider> {
    provider: P,
    config: Block,
    resources: ByName<ResourceServer<P::Client>>,
    data_sources: ByName<DataSourceServer<P::Client>>,
    list_resources: ByName<Arc<ListServer<P::Client>>>,
    sessions: Sessions<P::Client>,
}

type ByName<T> = BTreeMap<&'static str, T>;

// === impl Service ===

impl<P: Provider> Service<P> {
    /// Serves `provider`. When `shutdown` is canceled, calls in progress end as after Terraform's Stop.
    pub fn new(provider: P, shutdown: CancellationToken) -> Self {
        let resources: ByName<_> = provider
            .resources()
            .into_iter()
            .map(|resource| (resource.type_name(), ResourceServer::new(resource)))
            .collect();
        let data_sources = provider.data_sources().into_iter();
        let data_sources = data_sources.map(|source| (source.type_name(), DataSourceServer::new(source))).collect();
        let list_resources = provider.list_resources().into_iter().filter_map(|list| {
            let schema = resources.get(list.type_name())?.schema.clone();
            Some((list.type_name(), Arc::new(ListServer::new(list, schema))))
        });
        let list_resources = list_resources.collect();
        Self {
            provider,
            config: P::Config::block(),
            resources,
            data_sources,
            list_resources,
            sessions: Sessions::new(shutdown),
        }
    }

    /// Returns the session for a request. A call does this first, so that a Stop that comes later reaches it.
    fn session<T>(&self, request: &Request<T>) -> Result<Session<P::Client>> {
        self.sessions.of(&ConnectInfo::of(request))
    }

    pub(super) fn schema(&self) -> get_provider_schema::Response {
        get_provider_schema::Response {
            provider: Some(render::schema(&self.config, 0)),
            resource_schemas: each(&self.resources, |resource| {
                render::schema(&resource.schema.block, resource.schema_version())
            }),
            data_source_schemas: each(&self.data_sources, |source| render::schema(&source.block, 0)),
            list_resource_schemas: each(&self.list_resources, |list| render::schema(&list.block, 0)),
            server_capabilities: Some(ServerCapabilities {
                plan_destroy: true,
                get_provider_schema_optional: true,
                move_resource_state: true,
                generate_resource_config: true,
            }),
            ..get_provider_schema::Response::default()
        }
    }

    fn prepare(
        &self,
        request: &prepare_provider_config::Request,
        secrets: &Secrets,
    ) -> Result<prepare_provider_config::Response> {
        let config = decode_object(request.config.as_ref(), &self.config, &self.config.ty(), PROVIDER_CONFIG, secrets)?;
        let diagnostics = validate(&self.config, &config, false, secrets).into();
        Ok(prepare_provider_config::Response { prepared_config: request.config.clone(), diagnostics })
    }

    fn configure_client(&self, connection: &ConnectInfo, request: &configure::Request) -> Result<configure::Response> {
        let config = decode_object(
            request.config.as_ref(),
            &self.config,
            &self.config.ty(),
            PROVIDER_CONFIG,
            &connection.secrets,
        )?;
        let config = P::Config::from_value(config).map_err(Diagnostic::from)?;
        let client = self.provider.configure(config, &request.terraform_version, &connection.secrets)?;
        self.sessions.configure(connection, client);
        Ok(configure::Response::default())
    }
}

/// Returns the one with this name, which Terraform knows from the schema.
fn named<'a, T>(all: &'a ByName<T>, name: &str) -> Result<&'a T> {
    all.get(name).ok_or_else(|| {
        Diagnostic::host_fault(format!("The host asked for `{name}`, which the provider's schema does not have."))
            .into()
    })
}

fn each<T, S>(all: &ByName<T>, make: impl Fn(&T) -> S) -> BTreeMap<String, S> {
    all.iter().map(|(name, one)| ((*name).to_owned(), make(one))).collect()
}

// === The service ===

#[tonic::async_trait]
impl<P: Provider> provider_server::Provider for Service<P> {
    async fn get_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        answer("GetProviderSchema", "", &Secrets::default(), Default::default(), async { Ok(self.schema()) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<get_resource_identity_schemas::Request>,
    ) -> Result<Response<get_resource_identity_schemas::Response>, Status> {
        let work = async {
            let with_identity = |block: &Block| block.identity().next().is_some();
            let resources = self.resources.iter().filter(|(_, resource)| with_identity(&resource.schema.block));
            let identity_schemas = resources
                .map(|(name, resource)| ((*name).to_owned(), render::identity_schema(&resource.schema.block)))
                .collect();
            Ok(get_resource_identity_schemas::Response { identity_schemas, ..Default::default() })
        };
        answer("GetResourceIdentitySchemas", "", &Secrets::default(), Default::default(), work).await
    }

    async fn get_functions(
        &self,
        _: Request<get_functions::Request>,
    ) -> Result<Response<get_functions::Response>, Status> {
        Ok(Response::new(get_functions::Response::default()))
    }

    async fn prepare_provider_config(
        &self,
        request: Request<prepare_provider_config::Request>,
    ) -> Result<Response<prepare_provider_config::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        answer("PrepareProviderConfig", "", &secrets, Default::default(), async {
            self.prepare(request.get_ref(), &secrets)
        })
        .await
    }

    async fn configure(&self, request: Request<configure::Request>) -> Result<Response<configure::Response>, Status> {
        let connection = ConnectInfo::of(&request);
        answer("Configure", "", &connection.secrets, Default::default(), async {
            self.configure_client(&connection, request.get_ref())
        })
        .await
    }

    async fn validate_resource_type_config(
        &self,
        request: Request<validate_resource_type_config::Request>,
    ) -> Result<Response<validate_resource_type_config::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let request = request.get_ref();
        answer("ValidateResourceTypeConfig", &request.type_name, &secrets, Default::default(), async {
            named(&self.resources, &request.type_name)?.validate(request, &secrets)
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<upgrade_resource_state::Request>,
    ) -> Result<Response<upgrade_resource_state::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let request = request.get_ref();
        answer("UpgradeResourceState", &request.type_name, &secrets, Default::default(), async {
            named(&self.resources, &request.type_name)?.upgrade(request, &secrets)
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<upgrade_resource_identity::Request>,
    ) -> Result<Response<upgrade_resource_identity::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let request = request.get_ref();
        answer("UpgradeResourceIdentity", &request.type_name, &secrets, Default::default(), async {
            named(&self.resources, &request.type_name)?.upgrade_identity(request)
        })
        .await
    }

    async fn read_resource(
        &self,
        request: Request<read_resource::Request>,
    ) -> Result<Response<read_resource::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let session = self.session(&request);
        let request = request.into_inner();
        let unchanged = read_resource::Response {
            new_state: request.current_state.clone(),
            private: request.private.clone(),
            new_identity: request.current_identity.clone(),
            ..Default::default()
        };
        let type_name = request.type_name.clone();
        // Boxed, since this future is large.
        let work = Box::pin(async { named(&self.resources, &type_name)?.read(&session?, request).await });
        answer("ReadResource", &type_name, &secrets, unchanged, work).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<plan_resource_change::Request>,
    ) -> Result<Response<plan_resource_change::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let session = self.session(&request);
        let request = request.into_inner();
        let unchanged = plan_resource_change::Response {
            planned_state: request.prior_state.clone(),
            planned_private: request.prior_private.clone(),
            planned_identity: request.prior_identity.clone(),
            ..Default::default()
        };
        let type_name = request.type_name.clone();
        // Boxed, since this future is large.
        let work = Box::pin(async { named(&self.resources, &type_name)?.plan(&session?, request).await });
        answer("PlanResourceChange", &type_name, &secrets, unchanged, work).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Result<Response<apply_resource_change::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let session = self.session(&request);
        let request = request.into_inner();
        let unchanged = apply_resource_change::Response {
            new_state: request.prior_state.clone(),
            private: request.planned_private.clone(),
            new_identity: request.planned_identity.clone(),
            ..Default::default()
        };
        let type_name = request.type_name.clone();
        // Boxed, since this future is large.
        let work = Box::pin(async { named(&self.resources, &type_name)?.apply(&session?, request).await });
        answer("ApplyResourceChange", &type_name, &secrets, unchanged, work).await
    }

    async fn import_resource_state(
        &self,
        request: Request<import_resource_state::Request>,
    ) -> Result<Response<import_resource_state::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let session = self.session(&request);
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        // Boxed, since this future is large.
        let work = Box::pin(async { named(&self.resources, &type_name)?.import(&session?, request).await });
        answer("ImportResourceState", &type_name, &secrets, Default::default(), work).await
    }

    async fn move_resource_state(
        &self,
        request: Request<move_resource_state::Request>,
    ) -> Result<Response<move_resource_state::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let request = request.get_ref();
        let work = async { named(&self.resources, &request.target_type_name)?.move_state(request) };
        answer("MoveResourceState", &request.target_type_name, &secrets, Default::default(), work).await
    }

    async fn generate_resource_config(
        &self,
        request: Request<generate_resource_config::Request>,
    ) -> Result<Response<generate_resource_config::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let request = request.get_ref();
        let work = async { named(&self.resources, &request.type_name)?.generate(request, &secrets) };
        answer("GenerateResourceConfig", &request.type_name, &secrets, Default::default(), work).await
    }

    async fn validate_data_source_config(
        &self,
        request: Request<validate_data_source_config::Request>,
    ) -> Result<Response<validate_data_source_config::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let request = request.get_ref();
        let work = async { named(&self.data_sources, &request.type_name)?.validate(request, &secrets) };
        answer("ValidateDataSourceConfig", &request.type_name, &secrets, Default::default(), work).await
    }

    async fn read_data_source(
        &self,
        request: Request<read_data_source::Request>,
    ) -> Result<Response<read_data_source::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let session = self.session(&request);
        let request = request.get_ref();
        let work = async { named(&self.data_sources, &request.type_name)?.read(&session?, request).await };
        answer("ReadDataSource", &request.type_name, &secrets, Default::default(), work).await
    }

    async fn validate_list_resource_config(
        &self,
        request: Request<validate_list_resource_config::Request>,
    ) -> Result<Response<validate_list_resource_config::Response>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let request = request.get_ref();
        let work = async { named(&self.list_resources, &request.type_name)?.validate(request, &secrets) };
        answer("ValidateListResourceConfig", &request.type_name, &secrets, Default::default(), work).await
    }

    async fn list_resource(
        &self,
        request: Request<list_resource::Request>,
    ) -> Result<Response<BoxStream<list_resource::Event>>, Status> {
        let secrets = ConnectInfo::of(&request).secrets;
        let session = self.session(&request);
        let request = request.into_inner();
        let list = named(&self.list_resources, &request.type_name).cloned();
        let events: BoxStream<list_resource::Event> = match list.and_then(|list| Ok((list, session?))) {
            Ok((list, session)) => Box::pin(list.list(session, request)),
            Err(diagnostics) => Box::pin(stream::iter([Ok(failed(diagnostics, &secrets))])),
        };
        Ok(Response::new(events))
    }

    async fn stop(&self, request: Request<stop::Request>) -> Result<Response<stop::Response>, Status> {
        self.sessions.stop(&ConnectInfo::of(&request));
        Ok(Response::new(stop::Response::default()))
    }
}
