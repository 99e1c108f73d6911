//! The traits of a list resource, which finds existing objects for `terraform query`: the one to implement, and the one in
//! Terraform's types that the server works with.

use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use super::attribute_type::AttributeType;
use super::block::Block;
use super::call::{Answer, Call};
use super::diagnostics::Result;
use super::resource::model;
use super::schema::Schema;
use crate::cty::Value;

/// Finds the objects of a resource.
pub trait ListResource: Send + Sync + 'static {
    /// The client that the provider made from its configuration.
    type Client: Send + Sync;
    /// Schema and values of the `config` block.
    type Config: Schema + Send;
    /// The model of the resource.
    type Model: Schema + Send;
    /// The name of the resource in HCL.
    const TYPE_NAME: &'static str;
    /// The timeout of a read that the `timeouts` block does not set.
    const READ_TIMEOUT: Duration;

    /// Sends each object to `found` until no more are wanted.
    fn list(
        &self,
        call: &Call<'_, Self::Client>,
        config: Self::Config,
        found: Found<Self::Model>,
    ) -> impl Future<Output = Result<()>> + Send;
}

/// Receives the objects that a list resource finds.
pub struct Found<M> {
    sink: Sink,
    model: PhantomData<fn(M)>,
}

impl<M: Schema> Found<M> {
    /// Sends one more object and the name that users see. Returns whether more are wanted.
    pub async fn send(&mut self, display_name: String, model: M) -> bool {
        self.sink.send(display_name, &model.into_value()).await
    }
}

/// Receives the objects that a list resource finds, in Terraform's types.
pub struct Sink {
    receive: Box<Receive>,
}

/// Called with the display name and the values of one object. Its future returns whether more are wanted.
type Receive = dyn FnMut(String, &Value) -> Pin<Box<dyn Future<Output = bool> + Send>> + Send;

impl Sink {
    /// Calls `receive` for each object.
    pub(crate) fn new<F>(mut receive: impl FnMut(String, &Value) -> F + Send + 'static) -> Self
    where
        F: Future<Output = bool> + Send + 'static,
    {
        Self { receive: Box::new(move |display_name, object| Box::pin(receive(display_name, object))) }
    }

    /// Sends one more object and the name that users see. `object` has all attributes of the resource. Returns whether
    /// more are wanted.
    pub async fn send(&mut self, display_name: String, object: &Value) -> bool {
        (self.receive)(display_name, object).await
    }
}

/// A list resource in Terraform's types, which is what the server works with. Each [`ListResource`] is one.
pub trait AnyListResource<C>: Send + Sync {
    /// The name of the resource in HCL.
    fn type_name(&self) -> &'static str;
    /// See [`ListResource::READ_TIMEOUT`].
    fn read_timeout(&self) -> Duration;
    /// The schema of the `config` block.
    fn block(&self) -> Block;
    /// See [`ListResource::list`].
    fn list<'a>(&'a self, call: &'a Call<'a, C>, config: Value, sink: Sink) -> Answer<'a, ()>;
}

impl<L: ListResource> AnyListResource<L::Client> for L {
    fn type_name(&self) -> &'static str {
        L::TYPE_NAME
    }

    fn read_timeout(&self) -> Duration {
        L::READ_TIMEOUT
    }

    fn block(&self) -> Block {
        L::Config::block()
    }

    fn list<'a>(&'a self, call: &'a Call<'a, L::Client>, config: Value, sink: Sink) -> Answer<'a, ()> {
        let found = Found { sink, model: PhantomData };
        Box::pin(async move { ListResource::list(self, call, model(config)?, found).await })
    }
}
