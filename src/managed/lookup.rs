//! The data source for one object of a kind: by its ID, or the only one with certain values.

use std::marker::PhantomData;
use std::time::Duration;

use deepslate::{Object, Outcome};
use futures_util::TryStreamExt;
use tfplugin::cty::{Path, Value};
use tfplugin::{
    Answer, AnyDataSource, Attr, AttributeType, Block, Call, Diagnostic, Diagnostics, ReadTimeout, Result, Schema,
};
use uuid::Uuid;

use super::kind::{Managed, READ_TIMEOUT, TIMEOUTS_DESCRIPTION};
use super::selection::{Located, Selection, exported, model, object};
use crate::messages;
use crate::parent::{Parent, Scope};
use crate::provider::{Client, operation};

/// The data source for one object of the kind `M`.
pub(super) struct Lookup<M>(pub(super) PhantomData<fn() -> M>);

impl<M: Managed> AnyDataSource<Client> for Lookup<M> {
    fn type_name(&self) -> &'static str {
        M::TYPE_NAME
    }

    fn block(&self) -> Block {
        let (many, by) = (M::MANY, criteria::<M>());
        let description = format!(
            "Reads {many}: by `id`, or by {by} if no others of the organization match. Passwords are not among what \
             Deepslate returns."
        );
        let mut block = Block::new(description);
        for attribute in Scope::block().attributes() {
            block = block.with(attribute.clone());
        }
        let selects = |name: &str| {
            M::FILTERS.iter().any(|filter| filter.name == name) || M::Parent::OWN.iter().any(|(own, _)| *own == name)
        };
        let resource = M::block();
        for attribute in exported::<M>() {
            block = match resource.attribute(attribute.name()) {
                Some(id) if id.name() == "id" => {
                    let description = format!("{} Either this or {by} is required.", id.description());
                    block.with(id.clone().lookup().describe(description))
                }
                Some(argument) if selects(argument.name()) => block.with(argument.clone().lookup()),
                _ => block.with(attribute),
            };
        }
        block.with(Attr::<ReadTimeout>::block("timeouts", TIMEOUTS_DESCRIPTION))
    }

    fn read_timeout(&self) -> Duration {
        READ_TIMEOUT
    }

    fn validate(&self, config: Value) -> Result<Diagnostics> {
        let given = |name: &str| !config.attribute(name).is_null();
        // An unknown value may prove to be null.
        let known = |name: &str| given(name) && !config.attribute(name).is_unknown();
        let got = if !given("id") && !M::FILTERS.iter().any(|filter| given(filter.name)) {
            "neither is given"
        } else if known("id") && M::FILTERS.iter().any(|filter| known(filter.name)) {
            "both are given"
        } else {
            return Ok(Diagnostics::default());
        };
        let detail = format!("Expected either `id`, or {}; {got}", criteria::<M>());
        Ok(Diagnostic::error(format!("Exactly one way to name the {} is expected", M::ONE), detail).into())
    }

    fn read<'a>(&'a self, call: &'a Call<'a, Client>, config: Value) -> Answer<'a, Value> {
        Box::pin(async move {
            let selection = Selection::new::<M>(&config, call.client)?;
            let (parent, found) = match Attr::<Uuid>::from_value(config.attribute("id").clone()) {
                Ok(Attr::Known(id)) => by_id::<M>(call, &selection, id).await?,
                _ => only_match::<M>(call, &selection).await?,
            };
            let mut values = selection.resolved(config);
            if let Value::Map(found) = object(&exported::<M>(), model::<M>(parent, found)) {
                for (name, value) in found {
                    // What is configured stays in its own spelling.
                    let slot = values.entry(name).or_insert(Value::Null);
                    if slot.is_null() {
                        *slot = value;
                    }
                }
            }
            Ok(Value::Map(values))
        })
    }
}

async fn by_id<M: Managed>(call: &Call<'_, Client>, selection: &Selection, id: Uuid) -> Result<Located<M>> {
    let Some(parent) = selection.parent::<M>() else {
        return Err(Diagnostic::bug("A data source by ID needs the whole parent").into());
    };
    let collection = call.client.api()?.collection::<M::Api>(parent);
    match collection.get(&operation(call), id).await {
        Ok(Outcome::Found(shown)) => {
            call.warn(messages::unreadable(&M::TERMS, id, &shown.unreadable));
            Ok((parent, Object { id, value: shown.value }))
        }
        Ok(Outcome::Gone(gone)) => {
            call.warn(messages::gone_unverified(&M::TERMS, id, &gone));
            let organization = selection.organization;
            let detail = format!(
                "Organization {} of vendor {} has no {} with the id {id}",
                organization.id,
                organization.vendor_id,
                M::ONE
            );
            Err(Diagnostic::error(format!("No such {}", M::ONE), detail).at(Path::attribute("id")).into())
        }
        Err(error) => Err(messages::failed("read", &M::TERMS, &error).into()),
    }
}

async fn only_match<M: Managed>(call: &Call<'_, Client>, selection: &Selection) -> Result<Located<M>> {
    let operation = operation(call);
    let mut found: Vec<_> = selection.find::<M>(call.client.api()?, &operation).try_collect().await?;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => {
            let detail = format!(
                "No {} of organization {} match. Check {}, and the organization.",
                M::MANY,
                selection.organization.id,
                messages::and(M::FILTERS.iter().map(|filter| filter.name))
            );
            Err(Diagnostic::error(format!("No {} match", M::MANY), detail).into())
        }
        count => {
            found.sort_by_key(|(_, object)| object.id);
            let name = |found: &M::Api| M::display_name(found, call.secrets);
            let lines = found.iter().map(|(_, object)| format!("{} ({})", name(&object.value), object.id));
            let detail = format!(
                "Exactly one match is expected, and organization {} has {count}:{}\n\nName the one that is meant by its \
                 `id`{}.",
                selection.organization.id,
                messages::list(lines),
                if M::FILTERS.len() > 1 {
                    format!(", or by both {}", messages::and(M::FILTERS.iter().map(|filter| filter.name)))
                } else {
                    String::new()
                }
            );
            Err(Diagnostic::error(format!("Several {} match", M::MANY), detail).into())
        }
    }
}

/// The attributes that select an object, beside its ID: "one or both of `hostname` and `username`".
fn criteria<M: Managed>() -> String {
    let names = messages::and(M::FILTERS.iter().map(|filter| filter.name));
    if M::FILTERS.len() > 1 { format!("one or both of {names}") } else { names }
}
