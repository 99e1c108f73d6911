//! The calls that Terraform makes for each object, timed without the conversion of values.

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use deepslate_emulator::{Config, Emulator};
use serde_json::json;
use testkit::core::{Object, WireObject, encode, texts};
use testkit::plugin::{self, Identity};
use testkit::{API_KEY, Core, Plugin};
use tfplugin::cty::Type;
use tfplugin::proto::tfplugin5::{Diagnostic, DynamicValue};

use crate::Result;

/// A build of ours, with the provider argument `coalesce_reads` or without.
pub(crate) struct Variant<'a> {
    pub(crate) name: String,
    pub(crate) binary: &'a Path,
    pub(crate) coalesce_reads: Option<bool>,
}

/// A provider that is configured for an API of its own.
pub(crate) struct Calls {
    core: Core,
    resource: Type,
    nothing: WireObject,
}

/// An object between two calls.
pub(crate) struct Managed {
    config: DynamicValue,
    object: WireObject,
}

/// The object after a call, and the time that the call took.
pub(crate) type Answer = Result<(Managed, Duration)>;

impl Calls {
    /// Starts and configures a provider. Returns `None` if this build does not have the variant's argument.
    pub(crate) async fn start(variant: &Variant<'_>, identity: &Arc<Identity>) -> Result<Option<Self>> {
        let config = Config { api_key: API_KEY.to_owned(), log_requests: false, ..Config::default() };
        let api = Arc::new(Emulator::start(config)?);
        let mut command = plugin::command(variant.binary);
        command.env("PLUGIN_CLIENT_CERT", identity.pem());
        let mut core = Core::connect(Plugin::start(command, Some(Arc::clone(identity))).await, api).await;
        let mut arguments = json!({});
        if let Some(coalesce_reads) = variant.coalesce_reads {
            if !core.has_argument("coalesce_reads") {
                return Ok(None);
            }
            arguments["coalesce_reads"] = coalesce_reads.into();
        }
        core.configure(API_KEY, &arguments).await;
        let (resource, nothing) = (core.resource_type(), core.to_wire(&Object::default()));
        Ok(Some(Self { core, resource, nothing }))
    }

    /// Returns the process ID of the provider.
    pub(crate) fn process(&self) -> u32 {
        self.core.plugin.pid()
    }

    /// Plans a new object.
    pub(crate) async fn plan(&self, number: usize) -> Answer {
        let config = json!({
            "hostname": "sip.example.com",
            "port": 5060,
            "username": format!("agent-{number}"),
            "password": format!("secret-{number}"),
            "max_agent_tasks": 10,
        });
        let config = encode(&config, &self.resource);
        // Without a prior state, the proposed state is the configuration.
        let (prior, proposed, sent) = (self.nothing.clone(), config.clone(), config.clone());
        let started = Instant::now();
        let answer = self.core.send_plan(prior, proposed, sent).await;
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.planned_state, answer.planned_private, answer.planned_identity);
        Ok((Managed { config, object: WireObject { state, private, identity } }, took))
    }

    /// Creates a planned object.
    pub(crate) async fn apply(&self, planned: Managed) -> Answer {
        let (prior, sent) = (self.nothing.clone(), planned.config.clone());
        let started = Instant::now();
        let answer = self.core.send_apply(prior, planned.object, sent).await;
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.new_state, answer.private, answer.new_identity);
        Ok((Managed { config: planned.config, object: WireObject { state, private, identity } }, took))
    }

    /// Refreshes an object.
    pub(crate) async fn read(&self, managed: Managed) -> Answer {
        let started = Instant::now();
        let answer = self.core.send_read(managed.object).await;
        let took = started.elapsed();
        succeeded(&answer.diagnostics)?;
        let (state, private, identity) = (answer.new_state, answer.private, answer.new_identity);
        Ok((Managed { config: managed.config, object: WireObject { state, private, identity } }, took))
    }
}

fn succeeded(diagnostics: &[Diagnostic]) -> Result<()> {
    match texts(diagnostics).first() {
        None => Ok(()),
        Some(text) => Err(format!("expected no diagnostic, got: {text}").into()),
    }
}
