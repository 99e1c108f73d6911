//! The provider, and the other services that the host expects.

use futures_util::{StreamExt, future, stream};
use tokio_util::sync::CancellationToken;
use tonic::codegen::BoxStream;
use tonic::transport::Server;
use tonic::transport::server::Router;
use tonic::{Request, Response, Status, Streaming};
use tonic_health::ServingStatus;

use super::connections::ConnectInfo;
use crate::proto::go_plugin::grpc_broker_server::{GrpcBroker, GrpcBrokerServer};
use crate::proto::go_plugin::grpc_controller_server::{GrpcController, GrpcControllerServer};
use crate::proto::go_plugin::grpc_stdio_server::{GrpcStdio, GrpcStdioServer};
use crate::proto::go_plugin::{ConnInfo, Empty, StdioData};
use crate::proto::tfplugin5::provider_server::{Provider, ProviderServer};

/// The largest message in each direction, in bytes. Terraform has the same limit.
const MESSAGE_LIMIT: usize = 256 << 20;

/// The name under which the host asks for this plugin's health.
const HEALTH_SERVICE: &str = "plugin";

/// All services. When the host asks the plugin to end, `end` is canceled, which ends the streams that the host holds open.
pub(super) async fn router<P: Provider>(provider: P, end: &CancellationToken) -> Router {
    let (health, health_server) = tonic_health::server::health_reporter();
    health.set_service_status(HEALTH_SERVICE, ServingStatus::Serving).await;
    let provider =
        ProviderServer::new(provider).max_decoding_message_size(MESSAGE_LIMIT).max_encoding_message_size(MESSAGE_LIMIT);
    Server::builder()
        .add_service(provider)
        .add_service(health_server)
        .add_service(GrpcControllerServer::new(ForHost { end: end.clone() }))
        .add_service(GrpcStdioServer::new(ForHost { end: end.clone() }))
        .add_service(GrpcBrokerServer::new(ForHost { end: end.clone() }))
}

/// What go-plugin asks of every plugin.
struct ForHost {
    end: CancellationToken,
}

impl ForHost {
    /// Ends with the process or with the connection.
    fn over<T>(&self, request: &Request<T>) -> impl Future<Output = ()> + Send + 'static + use<T> {
        let (end, ended) = (self.end.clone(), ConnectInfo::of(request).ended);
        async move {
            tokio::select! {
                () = end.cancelled() => {}
                () = ended.cancelled() => {}
            }
        }
    }
}

#[tonic::async_trait]
impl GrpcController for ForHost {
    /// Ends the process, or only what it does for this host if it serves several.
    async fn shutdown(&self, request: Request<Empty>) -> Result<Response<Empty>, Status> {
        match ConnectInfo::of(&request) {
            connection if connection.isolated => connection.ended.cancel(),
            _ => self.end.cancel(),
        }
        Ok(Response::new(Empty {}))
    }
}

#[tonic::async_trait]
impl GrpcStdio for ForHost {
    /// Sends nothing: the plugin prints only log lines, and the host reads those from standard error.
    async fn stream_stdio(&self, request: Request<()>) -> Result<Response<BoxStream<StdioData>>, Status> {
        let silence = stream::pending().take_until(self.over(&request));
        Ok(Response::new(Box::pin(silence)))
    }
}

#[tonic::async_trait]
impl GrpcBroker for ForHost {
    /// Opens no further connections and ignores those that the host offers, since Terraform's protocol uses none.
    async fn start_stream(
        &self,
        request: Request<Streaming<ConnInfo>>,
    ) -> Result<Response<BoxStream<ConnInfo>>, Status> {
        let over = self.over(&request);
        let silence = request.into_inner().filter_map(|_| future::ready(None)).take_until(over);
        Ok(Response::new(Box::pin(silence)))
    }
}
