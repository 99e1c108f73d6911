//! The gRPC service: requests become values here, and values answers.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

use super::attr::{AttributeType, Model};
use super::codec::decode;
use super::diagnostics::{Diagnostic, Result};
use super::provider::Provider;
use super::registered::{Registered, Session};
use super::render;
use super::rpc::serve;
use super::schema::Block;
use super::validate::validate;
use crate::proto::tfplugin5::provider_server;
use crate::proto::tfplugin5::{
    ServerCapabilities, apply_resource_change, configure, get_functions, get_provider_schema,
    get_resource_identity_schemas, import_resource_state, plan_resource_change, prepare_provider_config, read_resource,
    stop, upgrade_resource_identity, upgrade_resource_state, validate_resource_type_config,
};

/// Answers Terraform's calls for a [`Provider`].
pub struct Service<P: Provider> {
    provider: P,
    config: Block,
    resources: BTreeMap<&'static str, Registered<P::Client>>,
    /// What Configure made, or nothing before it.
    session: RwLock<Option<Arc<Session<P::Client>>>>,
    /// Cancelled where the process is to end.
    shutdown: CancellationToken,
}

// === impl Service ===

impl<P: Provider> Service<P> {
    /// Serves `provider`. Once `shutdown` is cancelled, calls under way end as after Terraform's Stop.
    pub fn new(provider: P, shutdown: CancellationToken) -> Self {
        let resources = provider
            .resources()
            .into_iter()
            .map(|resource| (resource.type_name(), Registered::new(resource)))
            .collect();
        Self { provider, config: P::Config::block(), resources, session: RwLock::new(None), shutdown }
    }

    fn resource(&self, type_name: &str) -> Result<&Registered<P::Client>> {
        self.resources
            .get(type_name)
            .ok_or_else(|| Diagnostic::bug(format!("There is no resource `{type_name}`")).into())
    }

    fn session(&self) -> Result<Arc<Session<P::Client>>> {
        let session = self.session.read().unwrap_or_else(PoisonError::into_inner).clone();
        session.ok_or_else(|| Diagnostic::bug("A call came before the provider was configured").into())
    }

    fn schema(&self) -> get_provider_schema::Response {
        get_provider_schema::Response {
            provider: Some(render::schema(&self.config, 0)),
            resource_schemas: self.each_resource(|registered| render::schema(&registered.block, 0)),
            server_capabilities: Some(ServerCapabilities {
                plan_destroy: true,
                get_provider_schema_optional: true,
                ..ServerCapabilities::default()
            }),
            ..get_provider_schema::Response::default()
        }
    }

    fn each_resource<T>(&self, make: impl Fn(&Registered<P::Client>) -> T) -> BTreeMap<String, T> {
        self.resources.iter().map(|(name, registered)| ((*name).to_owned(), make(registered))).collect()
    }

    fn prepare(&self, request: &prepare_provider_config::Request) -> Result<prepare_provider_config::Response> {
        let config = decode(request.config.as_ref(), &self.config.ty())?;
        let diagnostics = validate(&self.config, &config, false).into();
        Ok(prepare_provider_config::Response { prepared_config: request.config.clone(), diagnostics })
    }

    fn configure_client(&self, request: &configure::Request) -> Result<configure::Response> {
        let config = decode(request.config.as_ref(), &self.config.ty())?;
        let config = P::Config::from_value(config).map_err(Diagnostic::from)?;
        let client = self.provider.configure(config, &request.terraform_version)?;
        let session = Arc::new(Session { client, stop: self.shutdown.child_token() });
        *self.session.write().unwrap_or_else(PoisonError::into_inner) = Some(session);
        Ok(configure::Response::default())
    }
}

// === The service ===

#[tonic::async_trait]
impl<P: Provider> provider_server::Provider for Service<P> {
    async fn get_schema(
        &self,
        _: Request<get_provider_schema::Request>,
    ) -> Result<Response<get_provider_schema::Response>, Status> {
        serve("GetProviderSchema", "", Default::default(), async { Ok(self.schema()) }).await
    }

    async fn get_resource_identity_schemas(
        &self,
        _: Request<get_resource_identity_schemas::Request>,
    ) -> Result<Response<get_resource_identity_schemas::Response>, Status> {
        let work = async {
            let identity_schemas = self.each_resource(|registered| render::identity_schema(&registered.block));
            Ok(get_resource_identity_schemas::Response { identity_schemas, ..Default::default() })
        };
        serve("GetResourceIdentitySchemas", "", Default::default(), work).await
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
        serve("PrepareProviderConfig", "", Default::default(), async { self.prepare(request.get_ref()) }).await
    }

    async fn configure(&self, request: Request<configure::Request>) -> Result<Response<configure::Response>, Status> {
        serve("Configure", "", Default::default(), async { self.configure_client(request.get_ref()) }).await
    }

    async fn validate_resource_type_config(
        &self,
        request: Request<validate_resource_type_config::Request>,
    ) -> Result<Response<validate_resource_type_config::Response>, Status> {
        let request = request.get_ref();
        serve("ValidateResourceTypeConfig", &request.type_name, Default::default(), async {
            self.resource(&request.type_name)?.validate(request)
        })
        .await
    }

    async fn upgrade_resource_state(
        &self,
        request: Request<upgrade_resource_state::Request>,
    ) -> Result<Response<upgrade_resource_state::Response>, Status> {
        let request = request.get_ref();
        serve("UpgradeResourceState", &request.type_name, Default::default(), async {
            self.resource(&request.type_name)?.upgrade(request)
        })
        .await
    }

    async fn upgrade_resource_identity(
        &self,
        request: Request<upgrade_resource_identity::Request>,
    ) -> Result<Response<upgrade_resource_identity::Response>, Status> {
        let request = request.get_ref();
        serve("UpgradeResourceIdentity", &request.type_name, Default::default(), async {
            self.resource(&request.type_name)?.upgrade_identity(request)
        })
        .await
    }

    async fn read_resource(
        &self,
        request: Request<read_resource::Request>,
    ) -> Result<Response<read_resource::Response>, Status> {
        let request = request.into_inner();
        let unchanged = read_resource::Response {
            new_state: request.current_state.clone(),
            private: request.private.clone(),
            new_identity: request.current_identity.clone(),
            ..Default::default()
        };
        let type_name = request.type_name.clone();
        let work = async { self.resource(&type_name)?.read(&*self.session()?, request).await };
        serve("ReadResource", &type_name, unchanged, work).await
    }

    async fn plan_resource_change(
        &self,
        request: Request<plan_resource_change::Request>,
    ) -> Result<Response<plan_resource_change::Response>, Status> {
        let request = request.into_inner();
        let unchanged = plan_resource_change::Response {
            planned_state: request.prior_state.clone(),
            planned_private: request.prior_private.clone(),
            planned_identity: request.prior_identity.clone(),
            ..Default::default()
        };
        let type_name = request.type_name.clone();
        let work = async { self.resource(&type_name)?.plan(&*self.session()?, request).await };
        serve("PlanResourceChange", &type_name, unchanged, work).await
    }

    async fn apply_resource_change(
        &self,
        request: Request<apply_resource_change::Request>,
    ) -> Result<Response<apply_resource_change::Response>, Status> {
        let request = request.into_inner();
        let unchanged = apply_resource_change::Response {
            new_state: request.prior_state.clone(),
            private: request.planned_private.clone(),
            new_identity: request.planned_identity.clone(),
            ..Default::default()
        };
        let type_name = request.type_name.clone();
        let work = async { self.resource(&type_name)?.apply(&*self.session()?, request).await };
        serve("ApplyResourceChange", &type_name, unchanged, work).await
    }

    async fn import_resource_state(
        &self,
        request: Request<import_resource_state::Request>,
    ) -> Result<Response<import_resource_state::Response>, Status> {
        let request = request.into_inner();
        let type_name = request.type_name.clone();
        let work = async { self.resource(&type_name)?.import(&*self.session()?, request) };
        serve("ImportResourceState", &type_name, Default::default(), work).await
    }

    async fn stop(&self, _: Request<stop::Request>) -> Result<Response<stop::Response>, Status> {
        if let Ok(session) = self.session() {
            session.stop.cancel();
        }
        Ok(Response::new(stop::Response::default()))
    }
}
