//! The data source for one object of a kind: by its ID, or the only one with certain values.

use std::marker::PhantomData;
use std::pin::pin;
use std::time::Duration;

use deepslate::{Kind, Object, OrganizationRef, Outcome, Verb};
use futures_util::TryStreamExt;
use tfplugin::cty::{Path, Value};
use tfplugin::{
    Answer, AnyDataSource, Attr, Attribute, AttributeType, Block, Call, Diagnostic, Diagnostics, ReadTimeout, Result,
    Schema, Secrets,
};
use uuid::Uuid;

use super::kind::{Managed, READ_TIMEOUT, TIMEOUTS_DESCRIPTION};
use super::selection::{Located, Selection, exported, model, object};
use crate::attributes::Id;
use crate::messages;
use crate::near;
use crate::parent::{Parent, Scope, not_a_uuid};
use crate::provider::{Client, operation};

/// The data source for one object of the kind `M`.
pub(super) struct Lookup<M>(pub(super) PhantomData<fn() -> M>);

impl<M: Managed> AnyDataSource<Client> for Lookup<M> {
    fn type_name(&self) -> &'static str {
        M::TYPE_NAME
    }

    fn block(&self) -> Block {
        let (many, by) = (M::MANY, criteria::<M>());
        let resource = M::block();
        let passwords = if resource.attributes().any(Attribute::is_sensitive) {
            " Deepslate does not return passwords."
        } else {
            ""
        };
        let criteria = if M::FILTERS.is_empty() {
            "by `id`".to_owned()
        } else {
            format!("by `id`, or by {by} if exactly one matches")
        };
        let description = format!("Reads one of an organization's {many} {criteria}.{passwords}");
        let mut block = Block::new(description);
        for attribute in Scope::block().attributes() {
            block = block.with(attribute.clone());
        }
        for attribute in exported::<M>() {
            let name = attribute.name();
            let filter = M::FILTERS.iter().find(|filter| filter.name == name);
            let own = M::Parent::OWN.iter().find(|(own, _)| *own == name);
            block = block.with(match (resource.attribute(name), filter, own) {
                (Some(id), ..) if name == "id" && M::FILTERS.is_empty() => {
                    Attr::<Id>::attribute("id", id.description().to_owned()).required()
                }
                (Some(id), ..) if name == "id" => {
                    let description = format!("{} Either `id` or {by} is required.", id.description());
                    Attr::<Id>::attribute("id", description).optional().computed()
                }
                (Some(argument), Some(filter), _) => filter.argument(argument).computed(),
                (Some(argument), _, Some((_, description))) => argument.clone().lookup().describe(*description),
                _ => attribute,
            });
        }
        block.with(Attr::<ReadTimeout>::block("timeouts", TIMEOUTS_DESCRIPTION))
    }

    fn read_timeout(&self) -> Duration {
        READ_TIMEOUT
    }

    fn validate(&self, config: Value) -> Result<Diagnostics> {
        if M::FILTERS.is_empty() {
            return Ok(Diagnostics::default());
        }
        let given = |name: &str| !config.attribute(name).is_null();
        // An unknown value may prove to be null.
        let known = |name: &str| given(name) && !config.attribute(name).is_unknown();
        let got = if !given("id") && !M::FILTERS.iter().any(|filter| given(filter.name)) {
            "neither is set"
        } else if known("id") && M::FILTERS.iter().any(|filter| known(filter.name)) {
            "both are set"
        } else {
            return Ok(Diagnostics::default());
        };
        let detail = format!("Expected either `id` or {}, but {got}.", criteria::<M>());
        Ok(Diagnostic::error(format!("Invalid arguments to select the {}", M::ONE), detail).into())
    }

    fn read<'a>(&'a self, call: &'a Call<'a, Client>, config: Value) -> Answer<'a, Value> {
        Box::pin(async move {
            let selection = Selection::new::<M>(&config, call.client)?;
            let (parent, found) = match Attr::<Id>::from_value(config.attribute("id").clone()) {
                Ok(Attr::Known(id)) => {
                    let id = id.uuid().ok_or_else(|| not_a_uuid("id"))?;
                    by_id::<M>(call, &selection, id).await?
                }
                _ => only_match::<M>(call, &selection).await?,
            };
            let mut values = selection.resolved(config);
            if let Value::Map(found) = object(&exported::<M>(), model::<M>(parent, found)) {
                for (name, value) in found {
                    // Configured values keep their spelling.
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
    let operation = operation(call);
    if let Some(parent) = selection.parent::<M>() {
        let collection = call.client.api()?.collection::<M::Api>(parent);
        match collection.get(&operation, id).await {
            Ok(Outcome::Found(shown)) => {
                call.warn(messages::unreadable(&M::TERMS, id, &shown.unreadable));
                return Ok((parent, Object { id, value: shown.value }));
            }
            Ok(Outcome::Gone(gone)) => {
                call.warn(messages::gone_unverified(&M::TERMS, id, &gone));
                return Err(no_such::<M>(selection, id, &[], call.secrets).into());
            }
            // The list has it too.
            Err(error) if error.endpoint_missing() && !M::Api::DOCUMENTED.contains(&Verb::Get) => {}
            Err(error) => return Err(messages::failed("read", &M::TERMS, &error).into()),
        }
    }
    let mut others = Vec::new();
    let everything = selection.everything();
    let mut found = pin!(everything.find::<M>(call.client.api()?, &operation));
    while let Some(located) = found.try_next().await? {
        if located.1.id == id {
            return Ok(located);
        }
        others.push(located);
    }
    Err(no_such::<M>(selection, id, &others, call.secrets).into())
}

fn no_such<M: Managed>(selection: &Selection, id: Uuid, others: &[Located<M>], secrets: &Secrets) -> Diagnostic {
    let OrganizationRef { vendor_id, id: organization } = selection.organization;
    let others = if others.is_empty() {
        String::new()
    } else {
        format!(". It has these {}:{}", M::MANY, messages::list(others.iter().map(|other| shown::<M>(other, secrets))))
    };
    let detail =
        format!("Organization {organization} of vendor {vendor_id} has no {} with the ID {id}{others}", M::ONE);
    Diagnostic::error(format!("No such {}", M::ONE), detail).at(Path::attribute("id"))
}

/// An object as a message lists it.
fn shown<M: Managed>((_, object): &Located<M>, secrets: &Secrets) -> String {
    messages::named(object.id, M::display_name(&object.value, secrets))
}

async fn only_match<M: Managed>(call: &Call<'_, Client>, selection: &Selection) -> Result<Located<M>> {
    let operation = operation(call);
    let api = call.client.api()?;
    let mut found: Vec<_> = selection.find::<M>(api, &operation).try_collect().await?;
    match found.len() {
        1 => Ok(found.remove(0)),
        0 => {
            let all: Vec<Located<M>> = selection.everything().find::<M>(api, &operation).try_collect().await?;
            let near = near::nearest(&all, |(_, object)| selection.similarity::<M>(&object.value));
            let near = if near.is_empty() {
                String::new()
            } else {
                let lines = messages::list(near.into_iter().map(|near| shown::<M>(near, call.secrets)));
                format!("\n\nOf all {} {}, these are similar:{lines}", all.len(), M::MANY)
            };
            let detail = format!(
                "No {} of organization {} match. Check {} and the organization.{near}",
                M::MANY,
                selection.organization.id,
                messages::and(M::FILTERS.iter().map(|filter| filter.name))
            );
            Err(Diagnostic::error(format!("No {} match", M::MANY), detail).into())
        }
        count => {
            found.sort_by_key(|(_, object)| object.id);
            let lines = found.iter().map(|object| shown::<M>(object, call.secrets));
            let detail = format!(
                "Expected exactly one match, but organization {} has {count}:{}\n\nSelect one of them by `id`{}.",
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

/// The attributes that select an object, without its ID: "one or both of `hostname` and `username`".
fn criteria<M: Managed>() -> String {
    let names = messages::and(M::FILTERS.iter().map(|filter| filter.name));
    if M::FILTERS.len() > 1 { format!("one or both of {names}") } else { names }
}
