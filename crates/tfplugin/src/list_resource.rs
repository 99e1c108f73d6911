//! What a list resource is, to whoever writes one, and how requests about it are answered: it finds existing objects
//! for `terraform query`.

use std::marker::PhantomData;
use std::sync::Arc;

use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Status;

use super::attr::{AttributeType, Schema};
use super::codec::{decode, encode};
use super::diagnostics::{Diagnostics, Result};
use super::provider::Client;
use super::resource::{Answer, Call, model};
use super::resource_schema::ResourceSchema;
use super::rpc::{caught, logged};
use super::schema::Block;
use super::session::Session;
use super::timeouts::Operation;
use super::validate::validate;
use crate::cty::{Type, Value};
use crate::proto::tfplugin5::{list_resource, validate_list_resource_config};

/// Finds the objects of a resource.
pub trait ListResource: Send + Sync + 'static {
    /// What the provider's configuration was made into.
    type Client: Send + Sync;
    /// Schema and values of the `config` block.
    type Config: Schema + Send;
    /// The model of the resource.
    type Model: Schema + Send;
    /// The name of the resource in HCL.
    const TYPE_NAME: &'static str;

    /// Sends each object to `found`, and ends once no more are wanted.
    fn list(
        &self,
        call: &Call<'_, Self::Client>,
        config: Self::Config,
        found: Found<Self::Model>,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// Where a list resource puts what it finds.
pub struct Found<M> {
    sink: Sink,
    model: PhantomData<fn(M)>,
}

impl<M: Schema> Found<M> {
    /// Sends one more object, under the name that users see. Returns whether more are wanted.
    pub async fn send(&mut self, display_name: String, model: M) -> bool {
        self.sink.send(display_name, &model.into_value()).await
    }
}

/// A list resource of any type, in Terraform's terms.
pub trait AnyListResource<C>: Send + Sync {
    /// The name of the resource in HCL.
    fn type_name(&self) -> &'static str;
    /// The schema of the `config` block.
    fn block(&self) -> Block;
    /// See [`ListResource::list`].
    fn list<'a>(&'a self, call: &'a Call<'a, C>, config: Value, sink: Sink) -> Answer<'a, ()>;
}

impl<L: ListResource> AnyListResource<L::Client> for L {
    fn type_name(&self) -> &'static str {
        L::TYPE_NAME
    }

    fn block(&self) -> Block {
        L::Config::block()
    }

    fn list<'a>(&'a self, call: &'a Call<'a, L::Client>, config: Value, sink: Sink) -> Answer<'a, ()> {
        let found = Found { sink, model: PhantomData };
        Box::pin(async move { ListResource::list(self, call, model(config)?, found).await })
    }
}

/// Turns what is found into events, up to the limit that Terraform asked for.
pub struct Sink {
    events: mpsc::Sender<Event>,
    schema: Arc<ResourceSchema>,
    include_object: bool,
    wanted: u64,
}

type Event = Result<list_resource::Event, Status>;

impl Sink {
    async fn send(&mut self, display_name: String, state: &Value) -> bool {
        self.wanted = self.wanted.saturating_sub(1);
        let event = self.event(display_name, state).unwrap_or_else(failed);
        self.events.send(Ok(event)).await.is_ok() && self.wanted > 0
    }

    fn event(&self, display_name: String, state: &Value) -> Result<list_resource::Event> {
        let identity = self.schema.identity(state)?;
        let resource_object = if self.include_object { Some(encode(state, &self.schema.ty)?) } else { None };
        Ok(list_resource::Event { identity, display_name, resource_object, ..Default::default() })
    }
}

/// A list resource, what its schema comes to, and the schema of what it lists.
pub(super) struct RegisteredList<C> {
    list: Box<dyn AnyListResource<C>>,
    pub(super) block: Block,
    ty: Type,
    resource: Arc<ResourceSchema>,
}

impl<C: Client> RegisteredList<C> {
    pub(super) fn new(list: Box<dyn AnyListResource<C>>, resource: Arc<ResourceSchema>) -> Self {
        let block = list.block();
        let ty = block.ty();
        Self { list, block, ty, resource }
    }

    pub(super) fn validate(
        &self,
        request: &validate_list_resource_config::Request,
    ) -> Result<validate_list_resource_config::Response> {
        let config = decode(request.config.as_ref(), &self.ty)?;
        Ok(validate_list_resource_config::Response { diagnostics: validate(&self.block, &config, false).into() })
    }

    /// Lists in a task of its own, which ends with the list, at the limit, or where nobody listens any more.
    pub(super) fn list(
        self: Arc<Self>,
        session: Arc<Session<C>>,
        request: list_resource::Request,
    ) -> ReceiverStream<Event> {
        let (events, answer) = mpsc::channel(1);
        let type_name = request.type_name.clone();
        let listing = async move {
            let wanted = u64::try_from(request.limit).ok().filter(|limit| *limit > 0).unwrap_or(u64::MAX);
            let include_object = request.include_resource_object;
            let sink = Sink { events: events.clone(), schema: self.resource.clone(), include_object, wanted };
            let work = async {
                let config = decode(request.config.as_ref(), &self.ty)?;
                let call = session.ready_call(Operation::Read.timeout(&Value::Null))?;
                self.list.list(&call, config, sink).await
            };
            tokio::select! {
                outcome = caught(work) => if let Err(diagnostics) = outcome {
                    // Where nobody listens there is nobody to tell.
                    let _ = events.send(Ok(failed(diagnostics))).await;
                },
                () = events.closed() => {}
            }
        };
        tokio::spawn(async move { logged("ListResource", &type_name, listing).await });
        ReceiverStream::new(answer)
    }
}

fn failed(diagnostics: Diagnostics) -> list_resource::Event {
    list_resource::Event { diagnostic: diagnostics.into(), ..Default::default() }
}
