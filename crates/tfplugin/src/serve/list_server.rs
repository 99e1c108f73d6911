//! The calls about one list resource.

use std::sync::Arc;

use redaction::{Secrets, unmarked};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::codec::decode_object;
use super::diagnostics::finish;
use super::resource_schema::ResourceSchema;
use super::returned::{Destination, without_secrets};
use super::rpc::{caught, logged};
use super::session::Session;
use super::timeout::timeout;
use super::validate::validate;
use crate::author::block::Block;
use crate::author::diagnostics::{Diagnostics, Result};
use crate::author::list_resource::{AnyListResource, Sink};
use crate::author::provider::Client;
use crate::author::timeouts::describe_defaults;
use crate::cty::{Type, Value};
use crate::proto::tfplugin5::{list_resource, validate_list_resource_config};

/// A list resource, what follows from its schema, and the schema of the resource that it lists.
pub(super) struct ListServer<C> {
    list: Box<dyn AnyListResource<C>>,
    pub(super) block: Block,
    ty: Type,
    resource: Arc<ResourceSchema>,
}

type Event = Result<list_resource::Event, Status>;

impl<C: Client> ListServer<C> {
    pub(super) fn new(list: Box<dyn AnyListResource<C>>, resource: Arc<ResourceSchema>) -> Self {
        let block = describe_defaults(list.block(), &[("read", list.read_timeout())]);
        let ty = block.ty();
        Self { list, block, ty, resource }
    }

    pub(super) fn validate(
        &self,
        request: &validate_list_resource_config::Request,
        secrets: &Secrets,
    ) -> Result<validate_list_resource_config::Response> {
        let config = decode_object(request.config.as_ref(), &self.block, &self.ty, "the configuration", secrets)?;
        let diagnostics = validate(&self.block, &config, false, secrets).into();
        Ok(validate_list_resource_config::Response { diagnostics })
    }

    /// Lists in a task of its own. The task ends with the list, at the limit, or when nobody listens anymore.
    pub(super) fn list(self: Arc<Self>, session: Session<C>, request: list_resource::Request) -> ReceiverStream<Event> {
        let (events, answer) = mpsc::channel(1);
        let type_name = request.type_name.clone();
        let listing = async move {
            let sink = sink(events.clone(), self.resource.clone(), session.secrets.clone(), &request);
            let work = async {
                let config = decode_object(
                    request.config.as_ref(),
                    &self.block,
                    &self.ty,
                    "the configuration",
                    &session.secrets,
                )?;
                let call = session.ready_call(timeout(&config, "read", self.list.read_timeout()))?;
                self.list.list(&call, config, sink).await
            };
            tokio::select! {
                outcome = caught(work) => if let Err(diagnostics) = outcome {
                    // If nobody listens anymore, nobody needs the diagnostics.
                    let _ = events.send(Ok(failed(diagnostics, &session.secrets))).await;
                },
                () = events.closed() => {}
            }
        };
        tokio::spawn(async move { logged("ListResource", &type_name, listing).await });
        ReceiverStream::new(answer)
    }
}

/// Turns each object into an event, up to the limit that Terraform asked for.
fn sink(
    events: mpsc::Sender<Event>,
    resource: Arc<ResourceSchema>,
    secrets: Secrets,
    request: &list_resource::Request,
) -> Sink {
    let include_object = request.include_resource_object;
    let mut wanted = u64::try_from(request.limit).ok().filter(|limit| *limit > 0).unwrap_or(u64::MAX);
    Sink::new(move |display_name, object| {
        wanted = wanted.saturating_sub(1);
        let event = event(&resource, include_object, unmarked(&display_name), object, &secrets);
        let event = event.unwrap_or_else(|diagnostics| failed(diagnostics, &secrets));
        let (events, more) = (events.clone(), wanted > 0);
        async move { events.send(Ok(event)).await.is_ok() && more }
    })
}

fn event(
    resource: &ResourceSchema,
    include_object: bool,
    display_name: String,
    object: &Value,
    secrets: &Secrets,
) -> Result<list_resource::Event> {
    // Without its object, an event has only the identity.
    let object = if include_object { object.clone() } else { resource.named_as(object) };
    // Warnings of list resources are not shown yet.
    let (object, _) = without_secrets(&resource.block, &Value::Null, object, Destination::Query, secrets)?;
    let identity = resource.identity(&object)?;
    let resource_object = if include_object { Some(resource.encode(object)?) } else { None };
    Ok(list_resource::Event { identity, display_name, resource_object, ..Default::default() })
}

pub(super) fn failed(diagnostics: Diagnostics, secrets: &Secrets) -> list_resource::Event {
    let mut diagnostic = Vec::from(diagnostics);
    finish(&mut diagnostic, secrets);
    list_resource::Event { diagnostic, ..Default::default() }
}
