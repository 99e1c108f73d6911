//! The parts of a resource that list resources and data sources use: the attributes that they show, and those that
//! select objects.

use std::collections::BTreeMap;

use deepslate::{Object, Operation, OrganizationRef};
use futures_util::{Stream, StreamExt, TryStreamExt, future, stream};
use tfplugin::cty::{Type, Value};
use tfplugin::{Attr, Attribute, AttributeType, Block, Result, Schema};
use uuid::Uuid;

use super::kind::Managed;
use super::resource::named;
use crate::attributes::Id;
use crate::messages;
use crate::near;
use crate::parent::{Parent, Scope, not_a_uuid};
use crate::provider::Client;

/// How many collections are listed at once, if the parents are many.
const LISTED_AT_ONCE: usize = 8;

/// The attributes of the resource that the API returns, the ID included, and the parent's own; without those of the
/// organization.
pub(super) fn exported<M: Managed>() -> Vec<Attribute> {
    let block = M::block();
    let scope = Scope::block();
    let versions: Vec<_> = block.attributes().filter_map(Attribute::version).collect();
    let returned = block.attributes().filter(|attribute| {
        let name = attribute.name();
        !attribute.is_sensitive() && !versions.contains(&name) && scope.attribute(name).is_none()
    });
    returned.map(|attribute| attribute.clone().exported()).collect()
}

/// The type of an object with these attributes.
pub(super) fn object_type(attributes: &[Attribute]) -> Type {
    Type::Object(attributes.iter().map(|attribute| (attribute.name().to_owned(), attribute.ty().clone())).collect())
}

/// The values of these attributes.
pub(super) fn object(attributes: &[Attribute], model: impl Schema) -> Value {
    let Value::Map(mut values) = model.into_value() else { return Value::Null };
    values.retain(|name, _| attributes.iter().any(|attribute| attribute.name() == name));
    Value::Map(values)
}

/// Adds the arguments that say where to look and what to select.
pub(super) fn with_selection<M: Managed>(mut block: Block, scope: impl Fn(Attribute) -> Attribute) -> Block {
    for attribute in Scope::block().attributes() {
        block = block.with(scope(attribute.clone()));
    }
    for &(name, description) in M::Parent::OWN {
        block = block.with(Attr::<Id>::attribute(name, description).optional());
    }
    let resource = M::block();
    for filter in M::FILTERS {
        if let Some(attribute) = resource.attribute(filter.name) {
            block = block.with(filter.argument(attribute));
        }
    }
    block
}

/// An object of the API, and its parent.
pub(super) type Located<M> = (<<M as Managed>::Parent as Parent>::Ref, Object<<M as Managed>::Api>);

/// Which objects of a kind a configuration selects.
pub(super) struct Selection {
    pub(super) organization: OrganizationRef,
    /// The parent within the organization.
    own: Vec<Uuid>,
    /// The attributes that must have certain values.
    filters: Vec<(Attribute, Value)>,
}

impl Selection {
    /// Reads a configuration.
    ///
    /// # Errors
    /// Neither the configuration nor the provider names an organization, or an ID is not a UUID.
    pub(super) fn new<M: Managed>(config: &Value, client: &Client) -> Result<Self> {
        let id = |name: &str| Attr::<Id>::from_value(config.attribute(name).clone()).unwrap_or_default();
        let scope = Scope { vendor_id: id("vendor_id"), organization_id: id("organization_id") };
        let own = M::Parent::OWN.iter().filter_map(|(name, _)| Some((*name, id(name).get()?.uuid())));
        let block = M::block();
        let filters = M::FILTERS.iter().filter_map(|filter| {
            let value = config.attribute(filter.name);
            (!value.is_null()).then_some((block.attribute(filter.name)?.clone(), value.clone()))
        });
        Ok(Self {
            organization: scope.resolve(client)?,
            own: own.map(|(name, id)| id.ok_or_else(|| not_a_uuid(name))).collect::<Result<_, _>>()?,
            filters: filters.collect(),
        })
    }

    /// The parent, if the configuration names it completely.
    pub(super) fn parent<M: Managed>(&self) -> Option<<M::Parent as Parent>::Ref> {
        let OrganizationRef { vendor_id, id } = self.organization;
        M::Parent::from_ids(&[&[vendor_id, id], &self.own[..]].concat())
    }

    /// The configuration with the organization that it means.
    pub(super) fn resolved(&self, config: Value) -> BTreeMap<String, Value> {
        let Value::Map(mut values) = config else { return BTreeMap::new() };
        values.insert("vendor_id".to_owned(), self.organization.vendor_id.into_value());
        values.insert("organization_id".to_owned(), self.organization.id.into_value());
        values
    }

    /// The same place, and all objects in it.
    pub(super) fn everything(&self) -> Self {
        Self { organization: self.organization, own: self.own.clone(), filters: Vec::new() }
    }

    /// The similarity of an object to the filters, from 0 to 1.
    pub(super) fn similarity<M: Managed>(&self, found: &M::Api) -> f64 {
        let found = M::default().with_api(found.clone()).into_value();
        let similarities = self.filters.iter().filter_map(|(attribute, wanted)| {
            Some(near::similarity(wanted.as_str()?, found.attribute(attribute.name()).as_str()?))
        });
        similarities.fold(0.0, f64::max)
    }

    /// The objects, each with its parent, as they come from the API.
    pub(super) fn find<'a, M: Managed>(
        &'a self,
        api: &'a deepslate::Client,
        operation: &'a Operation,
    ) -> impl Stream<Item = Result<Located<M>>> + Send + 'a {
        let parents = match self.parent::<M>() {
            Some(parent) => stream::once(future::ready(Ok(parent))).boxed(),
            None => M::Parent::all(api, operation, self.organization),
        };
        parents
            .map_ok(move |parent| {
                let collection = api.collection::<M::Api>(parent).like(&self.sought::<M>());
                let objects = collection.list(operation, |found| self.matches::<M>(found, true));
                objects
                    // Now all fields that the server shows are known.
                    .try_filter(|object| future::ready(self.matches::<M>(&object.value, false)))
                    .map_ok(move |object| (parent, object))
                    .map_err(|error| messages::list_failed(&M::TERMS, &error).into())
                    .boxed()
            })
            .try_flatten_unordered(LISTED_AT_ONCE)
    }

    /// An object with the values that are looked for, and no others.
    fn sought<M: Managed>(&self) -> M::Api {
        let values = self.filters.iter().map(|(attribute, wanted)| (attribute.name().to_owned(), wanted.clone()));
        M::from_value(Value::Map(values.collect())).unwrap_or_default().to_api()
    }

    /// Whether the object is selected. `partial` says that values may still be missing, so that they may be any.
    fn matches<M: Managed>(&self, found: &M::Api, partial: bool) -> bool {
        if self.filters.is_empty() {
            return true;
        }
        let found = M::default().with_api(found.clone()).into_value();
        self.filters.iter().all(|(attribute, wanted)| {
            let value = found.attribute(attribute.name());
            if value.is_null() { partial } else { attribute.same(wanted, value) }
        })
    }
}

/// The resource's attributes of an object.
pub(super) fn model<M: Managed>(parent: <M::Parent as Parent>::Ref, object: Object<M::Api>) -> M {
    named::<M>(parent, object.id).with_api(object.value)
}
