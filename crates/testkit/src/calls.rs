//! The calls that Terraform makes about many objects, timed without the conversion of values.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value as Json;
use tfplugin::proto::tfplugin5::{Diagnostic, DynamicValue};
use uuid::Uuid;

use crate::Core;
use crate::core::{WireObject, decode, encode, texts};
use crate::workload::{Layer, Workload};

/// A configured provider and a workload.
#[derive(Clone)]
pub struct Calls {
    core: Arc<Core>,
    workload: Workload,
    /// The number of objects that the workload is asked for.
    count: usize,
    /// The number of calls in progress at the same time.
    at_once: usize,
    /// The objects are dealt to these organizations in turn. Each has the organization of its parent.
    organizations: Arc<[Uuid]>,
    /// An object that does not exist. Null is the same bytes in each type.
    nothing: WireObject,
}

/// An object between two calls.
#[derive(Clone)]
pub struct Managed {
    resource: &'static str,
    organization: Uuid,
    config: DynamicValue,
    object: WireObject,
}

/// The duration of calls of one kind.
#[derive(Default)]
pub struct Timed {
    /// The duration of all together.
    pub wall: Duration,
    /// The duration of each, in the order of their ends.
    pub each: Vec<Duration>,
}

/// An object after a call and the duration of the call, or the diagnostics.
type Outcome = Result<(Managed, Duration), String>;

impl Calls {
    /// Prepares the calls for a workload of this many, with this many calls at the same time, in this many
    /// organizations, at least one.
    pub fn new(core: Core, workload: Workload, count: usize, at_once: usize, organizations: usize) -> Self {
        let organizations = (1..=organizations as u128).map(Uuid::from_u128).collect();
        let state = Some(encode(&Json::Null, &core.resource_type()));
        let nothing = WireObject { state, private: Vec::new(), identity: None };
        Self { core: Arc::new(core), workload, count, at_once, organizations, nothing }
    }

    /// Returns the provider and its API.
    pub fn core(&self) -> &Core {
        &self.core
    }

    /// Plans and creates all objects. Returns them by layer, with the durations of the plans and of the applies.
    ///
    /// # Errors
    /// If a call has a diagnostic. This is true of each method here.
    pub async fn create(&self) -> Result<(Vec<Vec<Managed>>, Timed, Timed), String> {
        let (mut layers, mut plans, mut applies) = (Vec::<Vec<Managed>>::new(), Timed::default(), Timed::default());
        for layer in self.workload.layers {
            let configs: Vec<_> =
                (0..(layer.objects)(self.count)).map(|number| self.config(layer, number, &layers)).collect();
            let planned = self.each(configs, &mut plans, Self::plan).await?;
            layers.push(self.each(planned, &mut applies, Self::apply).await?);
        }
        Ok((layers, plans, applies))
    }

    /// Refreshes all objects, layer after layer as Terraform's graph does.
    pub async fn read(&self, layers: Vec<Vec<Managed>>) -> Result<(Vec<Vec<Managed>>, Timed), String> {
        let (mut refreshed, mut reads) = (Vec::new(), Timed::default());
        for layer in layers {
            refreshed.push(self.each(layer, &mut reads, Self::refresh).await?);
        }
        Ok((refreshed, reads))
    }

    /// Destroys all objects, the last layer first.
    pub async fn destroy(&self, layers: Vec<Vec<Managed>>) -> Result<Timed, String> {
        let mut destroys = Timed::default();
        for layer in layers.into_iter().rev() {
            self.each(layer, &mut destroys, Self::delete).await?;
        }
        Ok(destroys)
    }

    /// The object with this number before its plan.
    fn config(&self, layer: &Layer, number: usize, layers: &[Vec<Managed>]) -> Managed {
        let parent = layer.parent.map(|parent| &layers[parent.layer][(parent.number)(number)]);
        let organization =
            parent.map_or(self.organizations[number % self.organizations.len()], |parent| parent.organization);
        let id = parent.map_or_else(String::new, |parent| self.id(parent));
        let config = layer.config(number, &id, organization);
        let config = encode(&config, &self.core.resource_type_of(layer.resource));
        Managed { resource: layer.resource, organization, config, object: self.nothing.clone() }
    }

    fn id(&self, managed: &Managed) -> String {
        let state = decode(managed.object.state.as_ref(), &self.core.resource_type_of(managed.resource));
        state["id"].as_str().map(str::to_owned).unwrap_or_default()
    }

    async fn plan(self, managed: Managed) -> Outcome {
        // Without a prior state, the proposed state is the configuration.
        let (prior, proposed, config) = (managed.object.clone(), managed.config.clone(), managed.config.clone());
        let started = Instant::now();
        let answer = self.core.send_plan(managed.resource, prior, proposed, config).await;
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.planned_state, answer.planned_private, answer.planned_identity);
        Ok((Managed { object: WireObject { state, private, identity }, ..managed }, took))
    }

    async fn apply(self, managed: Managed) -> Outcome {
        let (prior, planned, config) = (self.nothing.clone(), managed.object.clone(), managed.config.clone());
        self.change(managed, prior, planned, config).await
    }

    async fn delete(self, managed: Managed) -> Outcome {
        let (prior, mut planned) = (managed.object.clone(), self.nothing.clone());
        let config = planned.state.clone().unwrap_or_default();
        planned.private.clone_from(&prior.private);
        self.change(managed, prior, planned, config).await
    }

    async fn change(self, managed: Managed, prior: WireObject, planned: WireObject, config: DynamicValue) -> Outcome {
        let started = Instant::now();
        let answer = self.core.send_apply(managed.resource, prior, planned, config).await;
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.new_state, answer.private, answer.new_identity);
        Ok((Managed { object: WireObject { state, private, identity }, ..managed }, took))
    }

    async fn refresh(self, managed: Managed) -> Outcome {
        let object = managed.object.clone();
        let started = Instant::now();
        let answer = self.core.send_read(managed.resource, object).await;
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.new_state, answer.private, answer.new_identity);
        Ok((Managed { object: WireObject { state, private, identity }, ..managed }, took))
    }

    /// Makes a call for each object. Each call has its own task, so that no call waits while the client works on another. The objects
    /// keep their order.
    async fn each<F: Future<Output = Outcome> + Send + 'static>(
        &self,
        objects: Vec<Managed>,
        timed: &mut Timed,
        call: impl Fn(Self, Managed) -> F,
    ) -> Result<Vec<Managed>, String> {
        let started = Instant::now();
        let calls = (0..).zip(objects).map(|(number, object)| {
            let outcome = tokio::spawn(call(self.clone(), object));
            async move { outcome.await.map(|outcome| (number, outcome)) }
        });
        let outcomes: Vec<(usize, Outcome)> = stream::iter(calls)
            .buffer_unordered(self.at_once)
            .try_collect()
            .await
            .map_err(|error| error.to_string())?;
        timed.wall += started.elapsed();
        let mut objects = Vec::with_capacity(outcomes.len());
        for (number, outcome) in outcomes {
            let (object, took) = outcome?;
            timed.each.push(took);
            objects.push((number, object));
        }
        objects.sort_by_key(|(number, _)| *number);
        Ok(objects.into_iter().map(|(_, object)| object).collect())
    }
}

fn succeeded(diagnostics: &[Diagnostic]) -> Result<(), String> {
    match texts(diagnostics).first() {
        None => Ok(()),
        Some(text) => Err(format!("expected no diagnostic, got: {text}")),
    }
}
