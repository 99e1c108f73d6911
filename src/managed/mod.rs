//! One kind of object as a resource, a list resource and data sources, written once.
//!
//! - `kind`: what a kind says: its attributes (a struct), how they map to the API's fields, where it differs from others
//! - `resource`: create, read, update, delete, import, `moved`
//! - `selection`: what list resources and data sources take from the resource
//! - `listing`: the list resource and the data source for several objects
//! - `lookup`: the data source for one object

mod kind;
mod listing;
mod lookup;
mod resource;
mod selection;

use std::marker::PhantomData;

use tfplugin::{AnyDataSource, AnyListResource, AnyResource};

pub(crate) use self::kind::{Filter, Managed, READ_TIMEOUT, shown};
use self::listing::{Listing, Plural};
use self::lookup::Lookup;
use self::resource::Managing;
use crate::provider::Client;

/// What the provider offers of all kinds.
#[derive(Default)]
pub(crate) struct Registry {
    pub(crate) resources: Vec<Box<dyn AnyResource<Client>>>,
    pub(crate) data_sources: Vec<Box<dyn AnyDataSource<Client>>>,
    pub(crate) list_resources: Vec<Box<dyn AnyListResource<Client>>>,
}

impl Registry {
    /// Adds a kind.
    pub(crate) fn with<M: Managed>(mut self) -> Self {
        self.resources.push(Box::new(Managing::<M>(PhantomData)));
        if M::LISTED {
            self.list_resources.push(Box::new(Listing::<M>(PhantomData)));
            self.data_sources.push(Box::new(Plural::<M>(PhantomData)));
        }
        if M::LOOKUP {
            self.data_sources.push(Box::new(Lookup::<M>(PhantomData)));
        }
        self
    }
}
