//! The calls for assistants, agents and LLM generation strategies, which differ only in their objects.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::routing::{MethodRouter, delete, get, post, put};
use serde_json::{Map, Value};
use uuid::Uuid;

use crate::config::Operation;
use crate::envelope::{Envelope, Failure};
use crate::objects::{Entity, LLM_STRATEGY, Shape, TELEPHONE_NUMBER};
use crate::paging::Paging;
use crate::request::{Body, Ids};
use crate::state::Api;
use crate::store::Store;
use crate::table::{Row, Table};

/// One of the kinds.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) shape: &'static Shape,
    /// Where its objects are.
    pub(crate) table: fn(&mut Store) -> &mut Table<Entity>,
    /// The call that creates one, lists them, reads, updates and deletes one.
    pub(crate) operations: [Operation; 5],
    /// The path of the collection, and of one object.
    pub(crate) paths: [&'static str; 2],
}

impl Kind {
    /// The calls, each with its path.
    pub(crate) fn calls(self) -> [(Operation, &'static str, MethodRouter<Arc<Api>>); 5] {
        let [created, listed, read, updated, deleted] = self.operations;
        let [all, one] = self.paths;
        [
            (created, all, post(async move |api, ids, body| self.create(api, ids, &body))),
            (listed, all, get(async move |api, ids, query, paging| self.list(api, ids, query, &paging))),
            (read, one, get(async move |api, ids| self.get(api, ids))),
            (updated, one, put(async move |api, ids, body| self.update(api, ids, &body))),
            (deleted, one, delete(async move |api, ids| self.delete(api, ids))),
        ]
    }

    fn create(
        self,
        State(api): State<Arc<Api>>,
        Ids([vendor_id, organization_id]): Ids<2>,
        body: &Body,
    ) -> Result<Envelope, Failure> {
        let mut store = api.store();
        store.organizations.check(vendor_id, organization_id)?;
        let fields = Entity::read(self.shape, body, None, false)?;
        let entity = Entity { vendor_id, organization_id, id: Uuid::new_v4(), fields };
        store.check_references(&entity)?;
        let shown = entity.shown();
        (self.table)(&mut store).create(entity);
        Ok(Envelope::created(shown))
    }

    /// Items of a list of assistants are summaries on every server.
    fn list(
        self,
        State(api): State<Arc<Api>>,
        Ids([vendor_id, organization_id]): Ids<2>,
        RawQuery(query): RawQuery,
        paging: &Paging,
    ) -> Result<Envelope, Failure> {
        let mut store = api.store();
        if !api.config.lists_unknown_organizations {
            store.organizations.check(vendor_id, organization_id)?;
        }
        let query = query.unwrap_or_default();
        let number = query.split('&').find_map(|part| part.strip_prefix("phoneNumberId=")?.parse::<Uuid>().ok());
        let mut listed = (self.table)(&mut store).listed((vendor_id, organization_id), api.list_lag());
        listed.retain(|entity| number.is_none_or(|number| entity.refers_to(TELEPHONE_NUMBER, number)));
        let only_summaries = matches!(self.operations[1], Operation::ListAssistants);
        let show = |entity: &Entity| {
            let mut shown = entity.shown();
            if let (true, Value::Object(fields)) = (only_summaries, &mut shown) {
                fields.retain(|name, _| Entity::SUMMARY.contains(&name.as_str()));
            }
            shown
        };
        paging.answer(listed.into_iter(), show, Entity::SUMMARY)
    }

    fn get(self, State(api): State<Arc<Api>>, Ids(ids): Ids<3>) -> Result<Envelope, Failure> {
        let mut store = api.store();
        Ok(Envelope::ok(self.find(&mut store, ids)?.shown()))
    }

    /// Replaces the whole object: what the body leaves out is gone.
    fn update(self, State(api): State<Arc<Api>>, Ids(ids): Ids<3>, body: &Body) -> Result<Envelope, Failure> {
        let mut store = api.store();
        let before: Map<_, _> = self.find(&mut store, ids)?.fields.clone();
        let fields = Entity::read(self.shape, body, Some(&before), api.config.keeps_parts)?;
        let [vendor_id, organization_id, id] = ids;
        let entity = Entity { vendor_id, organization_id, id, fields };
        store.check_references(&entity)?;
        // Strategies are of the family of updates that answer the object.
        let shown = if self.shape.has_parameters { entity.shown() } else { Value::Null };
        (self.table)(&mut store).change(id, |row| *row = entity);
        Ok(Envelope::ok(shown))
    }

    fn delete(self, State(api): State<Arc<Api>>, Ids(ids): Ids<3>) -> Result<Envelope, Failure> {
        let mut store = api.store();
        let id = self.find(&mut store, ids)?.id();
        if store.users(LLM_STRATEGY, id) > 0 {
            return Err(Failure::Conflict(format!("the {} {id} is in use", self.shape.one)));
        }
        (self.table)(&mut store).remove(id);
        Ok(Envelope::ok(Value::Null))
    }

    /// The object, or a 404 that names the first part of the path that does not exist.
    fn find(self, store: &mut Store, [vendor, organization, id]: [Uuid; 3]) -> Result<&Entity, Failure> {
        store.organizations.check(vendor, organization)?;
        (self.table)(store)
            .get(id)
            .filter(|entity| entity.parent() == (vendor, organization))
            .ok_or_else(|| Failure::NotFound(format!("no {} {id}", self.shape.one)))
    }
}
