//! Several objects of a kind: the list resource, for `terraform query`, and the data source.

use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use futures_util::TryStreamExt;
use tfplugin::cty::{Type, Value};
use tfplugin::{
    Answer, AnyDataSource, AnyListResource, Attr, Attribute, AttributeType, Block, Call, Diagnostics, ReadTimeout,
    Result, Sink,
};

use super::kind::{Managed, READ_TIMEOUT, TIMEOUTS_DESCRIPTION};
use super::selection::{Selection, exported, model, object, object_type, with_selection};
use crate::messages;
use crate::provider::{Client, operation};

/// The list resource of the kind `M`.
pub(super) struct Listing<M>(pub(super) PhantomData<fn() -> M>);

/// The data source for several objects of the kind `M`.
pub(super) struct Plural<M>(pub(super) PhantomData<fn() -> M>);

impl<M: Managed> AnyListResource<Client> for Listing<M> {
    fn type_name(&self) -> &'static str {
        M::TYPE_NAME
    }

    fn block(&self) -> Block {
        let block = Block::new(format!("Lists the {} of an organization.", M::MANY));
        with_selection::<M>(block, Attribute::argument)
    }

    fn read_timeout(&self) -> Duration {
        READ_TIMEOUT
    }

    fn list<'a>(&'a self, call: &'a Call<'a, Client>, config: Value, mut sink: Sink) -> Answer<'a, ()> {
        Box::pin(async move {
            let (selection, operation) = (Selection::new::<M>(&config, call.client)?, operation(call));
            let mut found = pin!(selection.find::<M>(call.client.api()?, &operation));
            while let Some((parent, object)) = found.try_next().await? {
                let name = M::display_name(&object.value, call.secrets);
                if !sink.send(name, &model::<M>(parent, object).into_value()).await {
                    break;
                }
            }
            Ok(())
        })
    }
}

impl<M: Managed> AnyDataSource<Client> for Plural<M> {
    fn type_name(&self) -> &'static str {
        M::PLURAL.0
    }

    fn block(&self) -> Block {
        let (many, exported) = (M::MANY, exported::<M>());
        let names = messages::and(exported.iter().map(Attribute::name));
        let ids = format!("The IDs of the {many} found, sorted.");
        let items = format!("The {many} found, sorted by ID. Each has {names}.");
        let block =
            Block::new(format!("Reads the {many} of an organization: all of them, or those that match the arguments."));
        with_selection::<M>(block, |scope| scope)
            .with(Attribute::of_type("ids", ids, Type::List(Box::new(Type::String))).computed())
            .with(Attribute::of_type(M::PLURAL.1, items, Type::List(Box::new(object_type(&exported)))).computed())
            .with(Attr::<ReadTimeout>::block("timeouts", TIMEOUTS_DESCRIPTION))
    }

    fn read_timeout(&self) -> Duration {
        READ_TIMEOUT
    }

    fn validate(&self, _: Value) -> Result<Diagnostics> {
        Ok(Diagnostics::default())
    }

    fn read<'a>(&'a self, call: &'a Call<'a, Client>, config: Value) -> Answer<'a, Value> {
        Box::pin(async move {
            let (selection, operation) = (Selection::new::<M>(&config, call.client)?, operation(call));
            let mut found: Vec<_> = selection.find::<M>(call.client.api()?, &operation).try_collect().await?;
            found.sort_by_key(|(_, object)| object.id);
            let exported = exported::<M>();
            let ids = found.iter().map(|(_, object)| object.id.into_value()).collect();
            let items = found.into_iter().map(|(parent, found)| object(&exported, model::<M>(parent, found))).collect();
            let mut values = selection.resolved(config);
            values.insert("ids".to_owned(), Value::List(ids));
            values.insert(M::PLURAL.1.to_owned(), Value::List(items));
            Ok(Value::Map(values))
        })
    }
}
