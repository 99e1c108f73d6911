//! The resource of a kind.

use std::marker::PhantomData;
use std::time::{Duration, Instant};

use deepslate::{ErrorKind, Kind, Outcome, Shown, Updated, Verb};
use tfplugin::{Attr, Call, Change, DefaultTimeouts, Diagnostics, MoveSource, Resource, Result};
use uuid::Uuid;

use super::kind::{Managed, TIMEOUTS};
use crate::messages::{self, Place};
use crate::moved;
use crate::parent::{Parent, may_be_mocked, not_a_uuid, parse_import_id};
use crate::provider::{Client, operation};

/// How long a delete is repeated that conflicts with nothing that can be listed.
const LONGEST_CONFLICT: Duration = Duration::from_secs(30);
/// The first wait between such deletes. It doubles each time, up to the longest.
const FIRST_WAIT: Duration = Duration::from_millis(500);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The resource of the kind `M`.
pub(super) struct Managing<M>(pub(super) PhantomData<fn() -> M>);

impl<M: Managed> Resource for Managing<M> {
    type Client = Client;
    type Model = M;
    const TYPE_NAME: &'static str = M::TYPE_NAME;
    const TIMEOUTS: DefaultTimeouts = TIMEOUTS;
    const MOVE_HINT: Option<&'static str> = Some(moved::HINT);

    fn validate(&self, config: &M) -> Diagnostics {
        config.validate()
    }

    fn defaults(&self, client: &Client, config: &M, plan: &mut M) -> Result<()> {
        plan.parent().organization().set_defaults(config.clone().parent().organization(), client)
    }

    fn review(&self, client: &Client, config: &M, plan: &M, change: Change<M>) -> Diagnostics {
        let mut others = plan.clone().parent().not_uuids();
        others.append(&mut plan.not_uuids());
        match change {
            Change::Create => others.into_iter().map(may_be_mocked).collect(),
            // The object would be gone before its replacement fails.
            Change::Update(_) | Change::Replace(_) if !others.is_empty() => {
                others.into_iter().map(not_a_uuid).collect()
            }
            Change::Update(prior) => {
                let mut warnings = config.clone().parent().organization().warnings(client);
                warnings.append(prior.warnings());
                warnings
            }
            Change::Replace(_) => Diagnostics::default(),
        }
    }

    async fn create(&self, call: &Call<'_, Client>, mut plan: M) -> Result<M> {
        check_request(&plan)?;
        let parent = plan.parent().reference()?;
        let collection = call.client.api()?.collection::<M::Api>(parent);
        let created = collection.create(&operation(call), &plan.to_api()).await;
        let created = created.map_err(|error| messages::create_failed(&place::<M>(parent), &error))?;
        *plan.id() = created.id.into();
        if !created.duplicates.is_empty() {
            call.warn(M::duplicated(parent, &created.duplicates));
        }
        call.warn(messages::unreadable(&M::TERMS, created.id, &created.unreadable));
        match (created.object, created.adopted_after) {
            (Ok(found), None) => Ok(plan.with_api(found)),
            (Ok(found), Some(lost)) => {
                call.adopt();
                call.warn(messages::adopted(&M::TERMS, created.id, &lost));
                Ok(plan.with_api(found))
            }
            (Err(error), None) => {
                call.keep(plan);
                Err(messages::created_but_unreadable(&M::TERMS, &error).into())
            }
            (Err(error), Some(lost)) => {
                // Untainted: the next apply would delete a tainted object, which may be someone else's.
                call.warn(messages::adopted_but_not_set(&M::TERMS, created.id, &lost, &error));
                call.distrust(call.changes().iter().copied());
                let planned = plan.to_api();
                Ok(plan.with_api(planned))
            }
        }
    }

    async fn read(&self, call: &Call<'_, Client>, mut state: M) -> Result<Option<M>> {
        let (parent, id, known) = (state.parent().reference()?, *state.id().known()?, state.to_api());
        let collection = call.client.api()?.collection::<M::Api>(parent).ignoring(kept_parts(call));
        match collection.refresh(&operation(call), id, &known).await {
            Ok(Outcome::Found(Shown { value, unreadable })) => {
                call.warn(messages::unreadable(&M::TERMS, id, &unreadable));
                Ok(Some(state.with_api(value)))
            }
            Ok(Outcome::Gone(gone)) => {
                call.warn(messages::gone_unverified(&M::TERMS, id, &gone));
                Ok(None)
            }
            Err(error) if error.endpoint_missing() && !M::Api::DOCUMENTED.contains(&Verb::Get) => {
                if call.is_import() {
                    return Err(messages::cannot_be_imported(&M::TERMS, &error).into());
                }
                if call.client.is_news_that_unread(M::TYPE_NAME) {
                    call.warn(messages::cannot_be_read(&M::TERMS, &error));
                }
                Ok(Some(state))
            }
            Err(error) => Err(messages::failed("read", &M::TERMS, &error).into()),
        }
    }

    async fn update(&self, call: &Call<'_, Client>, state: M, mut plan: M) -> Result<M> {
        check_request(&plan)?;
        let (parent, id) = (plan.parent().reference()?, *plan.id().known()?);
        let collection = call.client.api()?.collection::<M::Api>(parent).ignoring(kept_parts(call));
        match collection.update(&operation(call), id, &state.to_api(), &plan.to_api()).await {
            Ok(Updated { value, unreadable, remains }) => {
                call.warn(messages::unreadable(&M::TERMS, id, &unreadable));
                call.warn(messages::remaining(&M::TERMS, id, &remains, call.secrets));
                for part in &remains.parts {
                    call.note(part.id.to_string());
                }
                Ok(plan.updated(value))
            }
            Err(error) => {
                if error.outcome_unknown() {
                    call.distrust(call.changes().iter().copied());
                    call.keep(state.without_unread(&plan));
                }
                Err(messages::failed("update", &M::TERMS, &error).into())
            }
        }
    }

    async fn delete(&self, call: &Call<'_, Client>, mut state: M) -> Result<()> {
        let (parent, id) = (state.parent().reference()?, *state.id().known()?);
        let client = call.client.api()?;
        let collection = client.collection::<M::Api>(parent);
        let operation = operation(call);
        let (started, mut wait) = (Instant::now(), FIRST_WAIT);
        loop {
            let error = match collection.delete(&operation, id).await {
                Ok(gone) => {
                    call.warn(messages::gone_unverified(&M::TERMS, id, &gone));
                    return Ok(());
                }
                Err(error) => error,
            };
            let diagnostic = messages::failed("delete", &M::TERMS, &error);
            if error.kind != ErrorKind::Conflict {
                return Err(diagnostic.into());
            }
            let rest = LONGEST_CONFLICT.saturating_sub(started.elapsed()).min(operation.remaining());
            let looked_for = match M::dependants(client, &operation.within(rest), parent, id, call.secrets).await {
                Ok(Some(dependants)) => return Err(diagnostic.and(&dependants).into()),
                Ok(None) => M::DEPENDANTS,
                Err(_) => "The provider could not list what depends on the object.",
            };
            // What depended on it may have been deleted a moment ago.
            let goes_on = started.elapsed() + wait < LONGEST_CONFLICT && operation.remaining() > 2 * wait;
            if !(goes_on && operation.wait(wait).await) {
                return Err(messages::still_used(&M::TERMS, &error, looked_for, started.elapsed()).into());
            }
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    fn import(&self, id: &str) -> Result<M> {
        let (parent, id) = parse_import_id(id)?;
        let mut named = M::default();
        *named.parent() = parent;
        *named.id() = id.into();
        Ok(named)
    }

    fn import_id(&self, mut state: M) -> Option<String> {
        let (parent, id) = (state.parent().reference().ok()?, *state.id().get()?);
        Some(format!("{}/{id}", M::Parent::import_prefix(parent)))
    }

    fn move_state(&self, source: &MoveSource<'_>) -> Option<M> {
        let (parent, id) = moved::locate::<M::Parent, M::Api>(source)?;
        Some(named(parent, id))
    }
}

/// Whether a create or update with this plan can be sent.
fn check_request<M: Managed>(plan: &M) -> Result<()> {
    match plan.not_uuids().first() {
        Some(name) => Err(not_a_uuid(name).into()),
        None => plan.check_request(),
    }
}

/// The parts that the object still has although earlier updates left them out. A warning named them then.
fn kept_parts(call: &Call<'_, Client>) -> Vec<Uuid> {
    call.notes().iter().filter_map(|note| note.parse().ok()).collect()
}

/// The object with this ID, of which nothing else is known.
pub(super) fn named<M: Managed>(parent: <M::Parent as Parent>::Ref, id: Uuid) -> M {
    let mut named = M::default();
    *named.parent() = M::Parent::of(parent);
    *named.id() = Attr::Known(id);
    named
}

/// Where an object is to be created, as messages name it.
fn place<M: Managed>(parent: <M::Parent as Parent>::Ref) -> Place {
    Place { terms: &M::TERMS, parent: M::Parent::name(parent), import_prefix: M::Parent::import_prefix(parent) }
}
