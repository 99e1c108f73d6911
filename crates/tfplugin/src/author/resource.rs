//! The traits of a resource: the one to implement, and the one in Terraform's types that the server works with.

use serde_json::Map;

use super::attribute::Attribute;
use super::attribute_type::AttributeType;
use super::block::Block;
use super::call::{Answer, Call};
use super::diagnostics::{Diagnostic, Diagnostics, Result};
use super::schema::Schema;
use super::timeouts::DefaultTimeouts;
use crate::cty::Value;

/// A kind of object that Terraform manages.
///
/// The SDK does what is the same for all kinds: it validates, plans, follows Terraform's rules for states, and turns
/// panics into diagnostics. A resource defines its attributes (its model) and which requests create, read, update and
/// delete an object.
pub trait Resource: Send + Sync + 'static {
    /// The client that the provider made from its configuration.
    type Client: Send + Sync;
    /// Schema and values.
    type Model: Schema + Send;
    /// The name of the resource in HCL.
    const TYPE_NAME: &'static str;
    /// The timeouts of operations that the `timeouts` block does not set.
    const TIMEOUTS: DefaultTimeouts;
    /// Which resources of other providers [`move_state`](Self::move_state) accepts, worded to follow "Expected":
    /// "a resource `other_thing` that has the URL of the object".
    const MOVE_HINT: Option<&'static str> = None;

    /// One function for each change of the form of the state, oldest first. Their number is the version of the schema: the
    /// first one makes a state of version 1 from one of version 0.
    ///
    /// A new optional attribute is no change, nor is an attribute that is gone: what a state lacks is null, and what the
    /// schema lacks is dropped.
    const UPGRADERS: &[Upgrader] = &[];

    /// Checks a configuration beyond the rules of its schema. Values can still be unknown.
    fn validate(&self, _config: &Self::Model) -> Diagnostics {
        Diagnostics::default()
    }

    /// Sets values that come from the provider's configuration if the resource's own has none. `plan` holds the proposed
    /// values.
    ///
    /// # Errors
    /// If neither configuration has a value that is needed.
    fn defaults(&self, _client: &Self::Client, _config: &Self::Model, _plan: &mut Self::Model) -> Result<()> {
        Ok(())
    }

    /// Returns errors and warnings about a planned change. `plan` holds the planned values. The configuration of the
    /// provider can still be unknown.
    fn review(
        &self,
        _client: &Self::Client,
        _config: &Self::Model,
        _plan: &Self::Model,
        _change: Change<Self::Model>,
    ) -> Diagnostics {
        Diagnostics::default()
    }

    /// Creates the object. `plan` holds the write-only values too. The returned values become the state.
    fn create(
        &self,
        call: &Call<'_, Self::Client>,
        plan: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Reads the object, or returns `None` if it no longer exists. Values that the service does not return are copied
    /// from the state.
    fn read(
        &self,
        call: &Call<'_, Self::Client>,
        state: Self::Model,
    ) -> impl Future<Output = Result<Option<Self::Model>>> + Send;

    /// Changes the object in place. `plan` holds the write-only values too. The returned values become the state. If the
    /// update fails, the prior state stays unless [`Call::keep`] set another one.
    fn update(
        &self,
        call: &Call<'_, Self::Client>,
        state: Self::Model,
        plan: Self::Model,
    ) -> impl Future<Output = Result<Self::Model>> + Send;

    /// Deletes the object. An object that no longer exists is a success.
    fn delete(&self, call: &Call<'_, Self::Client>, state: Self::Model) -> impl Future<Output = Result<()>> + Send;

    /// Reads the ID that a user gave to `terraform import`. [`defaults`](Self::defaults) then sets what the ID leaves out,
    /// and the object is read. Unless this is implemented, the ID is the only attribute of the resource identity.
    ///
    /// # Errors
    /// If the ID does not have the expected form, which the diagnostic shows.
    fn import(&self, id: &str) -> Result<Self::Model> {
        import_by_identity(&Self::Model::block(), id).and_then(model)
    }

    /// Returns the ID by which [`import`](Self::import) finds the object with this state, for the error of an operation after
    /// which the object exists. `None` if the state does not say it. Unless this is implemented, the ID is the only
    /// attribute of the resource identity.
    fn import_id(&self, state: Self::Model) -> Option<String> {
        let block = Self::Model::block();
        let part = only_part(&block)?;
        state.into_value().attribute(part.name).as_str().map(str::to_owned)
    }

    /// Reads the state of another provider's resource that manages the same object, for a `moved` block. Only the identity
    /// is needed, since the object is read right afterward. Returns `None` if the source is not supported.
    fn move_state(&self, _source: &MoveSource<'_>) -> Option<Self::Model> {
        None
    }
}

/// What a plan does, with the state of an object that exists.
#[derive(Clone, Copy, Debug)]
pub enum Change<M> {
    /// A new object is created.
    Create,
    /// The object is updated in place.
    Update(M),
    /// The object is deleted, and another one is created. Terraform plans that one as a create of its own.
    Replace(M),
}

/// Makes a state of the next version from a state of one version, or says what is wrong with it. The values may be secrets,
/// which no reason repeats.
pub type Upgrader = fn(Map<String, serde_json::Value>) -> Result<Map<String, serde_json::Value>, String>;

/// A resource of another type that a `moved` block moves.
pub struct MoveSource<'a> {
    /// Its type: `null_resource`.
    pub type_name: &'a str,
    /// Its attributes. They may hold secrets.
    pub state: &'a serde_json::Value,
}

/// A resource in Terraform's types, which is what the server works with. Each [`Resource`] is one.
pub trait AnyResource<C>: Send + Sync {
    /// The name of the resource in HCL.
    fn type_name(&self) -> &'static str;
    /// See [`Resource::TIMEOUTS`].
    fn timeouts(&self) -> DefaultTimeouts;
    /// See [`Resource::MOVE_HINT`].
    fn move_hint(&self) -> Option<&'static str>;
    /// See [`Resource::UPGRADERS`].
    fn upgraders(&self) -> &'static [Upgrader];
    /// The schema.
    fn block(&self) -> Block;
    /// See [`Resource::validate`].
    fn validate(&self, config: Value) -> Result<Diagnostics>;
    /// See [`Resource::defaults`].
    fn defaults(&self, client: &C, config: Value, plan: Value) -> Result<Value>;
    /// See [`Resource::review`].
    fn review(&self, client: &C, config: Value, plan: Value, change: Change<Value>) -> Result<Diagnostics>;
    /// See [`Resource::create`].
    fn create<'a>(&'a self, call: &'a Call<'a, C>, plan: Value) -> Answer<'a, Value>;
    /// See [`Resource::read`]. Null if the object no longer exists.
    fn read<'a>(&'a self, call: &'a Call<'a, C>, state: Value) -> Answer<'a, Value>;
    /// See [`Resource::update`].
    fn update<'a>(&'a self, call: &'a Call<'a, C>, state: Value, plan: Value) -> Answer<'a, Value>;
    /// See [`Resource::delete`].
    fn delete<'a>(&'a self, call: &'a Call<'a, C>, state: Value) -> Answer<'a, ()>;
    /// See [`Resource::import`].
    fn import(&self, id: &str) -> Result<Value>;
    /// See [`Resource::import_id`].
    fn import_id(&self, state: Value) -> Option<String>;
    /// See [`Resource::move_state`].
    fn move_state(&self, source: &MoveSource<'_>) -> Option<Value>;
}

impl<R: Resource> AnyResource<R::Client> for R {
    fn type_name(&self) -> &'static str {
        R::TYPE_NAME
    }

    fn timeouts(&self) -> DefaultTimeouts {
        R::TIMEOUTS
    }

    fn move_hint(&self) -> Option<&'static str> {
        R::MOVE_HINT
    }

    fn upgraders(&self) -> &'static [Upgrader] {
        R::UPGRADERS
    }

    fn block(&self) -> Block {
        R::Model::block()
    }

    fn validate(&self, config: Value) -> Result<Diagnostics> {
        Ok(Resource::validate(self, &model(config)?))
    }

    fn defaults(&self, client: &R::Client, config: Value, plan: Value) -> Result<Value> {
        let mut plan = model(plan)?;
        Resource::defaults(self, client, &model(config)?, &mut plan)?;
        Ok(plan.into_value())
    }

    fn review(&self, client: &R::Client, config: Value, plan: Value, change: Change<Value>) -> Result<Diagnostics> {
        let change = match change {
            Change::Create => Change::Create,
            Change::Update(prior) => Change::Update(model(prior)?),
            Change::Replace(prior) => Change::Replace(model(prior)?),
        };
        Ok(Resource::review(self, client, &model(config)?, &model(plan)?, change))
    }

    fn create<'a>(&'a self, call: &'a Call<'a, R::Client>, plan: Value) -> Answer<'a, Value> {
        Box::pin(async move { Ok(Resource::create(self, call, model(plan)?).await?.into_value()) })
    }

    fn read<'a>(&'a self, call: &'a Call<'a, R::Client>, state: Value) -> Answer<'a, Value> {
        Box::pin(async move {
            Ok(Resource::read(self, call, model(state)?).await?.map_or(Value::Null, AttributeType::into_value))
        })
    }

    fn update<'a>(&'a self, call: &'a Call<'a, R::Client>, state: Value, plan: Value) -> Answer<'a, Value> {
        Box::pin(async move { Ok(Resource::update(self, call, model(state)?, model(plan)?).await?.into_value()) })
    }

    fn delete<'a>(&'a self, call: &'a Call<'a, R::Client>, state: Value) -> Answer<'a, ()> {
        Box::pin(async move { Resource::delete(self, call, model(state)?).await })
    }

    fn import(&self, id: &str) -> Result<Value> {
        Ok(Resource::import(self, id)?.into_value())
    }

    fn import_id(&self, state: Value) -> Option<String> {
        Resource::import_id(self, model(state).ok()?)
    }

    fn move_state(&self, source: &MoveSource<'_>) -> Option<Value> {
        Resource::move_state(self, source).map(AttributeType::into_value)
    }
}

/// The values of an object whose identity is its ID.
fn import_by_identity(block: &Block, id: &str) -> Result<Value> {
    if let Some(only) = only_part(block) {
        return Ok(Value::Map([(only.name.to_owned(), id.into())].into()));
    }
    let detail = "This resource cannot be imported by an ID. Use an `import` block with the resource's `identity` \
                  instead.";
    Err(Diagnostic::error("Import by ID is not supported", detail).into())
}

/// The only attribute of the identity, if it has only one.
fn only_part(block: &Block) -> Option<&Attribute> {
    let mut parts = block.identity();
    parts.next().filter(|_| parts.next().is_none())
}

/// Reads an object's values into its model.
pub(super) fn model<M: Schema>(value: Value) -> Result<M> {
    Ok(M::from_value(value).map_err(Diagnostic::from)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::author::attr::Attr;

    #[test]
    fn an_id_is_the_only_attribute_of_the_identity() {
        let part = |name| Attr::<String>::attribute(name, "").required().identity();
        let one = Block::new("").with(part("key")).with(Attr::<String>::attribute("value", "").required());
        let values = import_by_identity(&one, "7").expect("one part");
        assert_eq!(values, Value::Map([("key".to_owned(), "7".into())].into()));
        for block in [Block::new(""), Block::new("").with(part("a")).with(part("b"))] {
            let refused = import_by_identity(&block, "7").expect_err("no part or two");
            assert_eq!(refused.0[0].summary, "Import by ID is not supported");
        }
    }
}
