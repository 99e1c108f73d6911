//! Log lines as the host reads them: one JSON object for each line on standard error, in the format of Go's hclog.
//!
//! The host filters the lines by its own `TF_LOG`. This filters them first, which saves work.

use std::io::{self, Write};
use std::time::SystemTime;
use std::{env, panic};

use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Scope};

use crate::info::Info;
use fields::Fields;

mod fields;
mod line;

/// The target of all that this crate logs starts with this.
const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

/// Makes `tracing` write to standard error what the host's log level asks for, and makes a panic show only its place in the
/// code.
///
/// The fields of the spans around an event are part of its line: `tf_rpc`, `tf_req_id`, `tf_resource_type`. If two spans
/// have a field of the same name, the inner one counts. A subscriber that is already set stays.
pub fn init(info: &Info) {
    let level = level(info.name, |name| env::var(name).ok());
    let module = format!("provider.{}", info.name);
    let layer = Hclog { level, module, targets: info.crates, output: io::stderr };
    let subscriber = tracing_subscriber::registry().with(layer);
    // An error means that there is a subscriber already.
    let _ = tracing::subscriber::set_global_default(subscriber);
    panic::set_hook(Box::new(|panic| {
        // The message of the panic may hold a secret.
        let location = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(location, "a bug: the plugin panicked");
    }));
}

/// The level that the environment asks for. The variable that is most specific to the provider decides.
fn level(provider: &str, variable: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let own = format!("TF_LOG_PROVIDER_{}", provider.to_ascii_uppercase().replace('-', "_"));
    let variables = [own.as_str(), "TF_LOG_PROVIDER", "TF_LOG"];
    let asked_for = variables.into_iter().filter_map(variable).find(|value| !value.is_empty());
    let Some(asked_for) = asked_for else { return LevelFilter::WARN };
    // As in the host, any other value, such as `json`, means all.
    match asked_for.to_ascii_lowercase().as_str() {
        "off" => LevelFilter::OFF,
        "error" => LevelFilter::ERROR,
        "warn" => LevelFilter::WARN,
        "info" => LevelFilter::INFO,
        "debug" => LevelFilter::DEBUG,
        _ => LevelFilter::TRACE,
    }
}

/// Writes events to `output`, one line each.
struct Hclog<O> {
    level: LevelFilter,
    /// The name of the plugin as providers in Go write it: `provider.random`.
    module: String,
    /// The targets of the provider's own crates.
    targets: &'static [&'static str],
    output: O,
}

impl<O> Hclog<O> {
    /// Dependencies may log what they send and receive, passwords included, so only their warnings are shown. Spans of the
    /// provider and of this crate count at every level, so that each error has the fields of its call.
    fn shows(&self, metadata: &Metadata<'_>) -> bool {
        let target = metadata.target().split("::").next().unwrap_or_default();
        let own = target == OWN_TARGET || self.targets.contains(&target);
        match (metadata.is_span(), own) {
            (true, _) => own && self.level != LevelFilter::OFF,
            (false, true) => *metadata.level() <= self.level,
            (false, false) => *metadata.level() <= self.level.min(LevelFilter::WARN),
        }
    }
}

impl<S, O, W> Layer<S> for Hclog<O>
where
    S: Subscriber + for<'span> LookupSpan<'span>,
    O: Fn() -> W + 'static,
    W: Write,
{
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.shows(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        self.shows(metadata)
    }

    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        span.extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        let Some(span) = context.span(id) else { return };
        if let Some(fields) = span.extensions_mut().get_mut::<Fields>() {
            values.record(fields);
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut fields = Fields::default();
        for span in context.event_scope(event).into_iter().flat_map(Scope::from_root) {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.add(of_span);
            }
        }
        event.record(&mut fields);
        let (message, fields) = fields.into_parts();
        let line = line::format(*event.metadata().level(), &self.module, SystemTime::now(), message, fields);
        // If standard error cannot be written, nobody can be informed.
        let _ = (self.output)().write_all(&line);
    }
}

#[cfg(test)]
mod tests;
