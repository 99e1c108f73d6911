//! The cost of calls to the plugin alone, without Terraform, against an API without latency.

use std::sync::Arc;
use std::time::{Duration, Instant};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::json;
use testkit::plugin::Identity;

use crate::Result;
use crate::calls::{Answer, Calls, Managed, Variant};
use crate::figures::{Figures, figure, medians, percentile};
use crate::processes::memory;
use crate::report::{Report, Table};
use crate::settings::Settings;

/// How many calls are in progress at once.
const AT_ONCE: [usize; 3] = [1, 10, 50];

/// How many calls of each kind are made for rates and latencies.
const CALLS: usize = 1000;

/// How many calls are in progress at once where growth is looked for: Terraform's own default.
const USUAL: usize = 10;

/// The kinds of calls, in the order in which an object meets them.
const KINDS: [&str; 3] = ["plan", "apply", "read"];

/// How long the calls of one kind took.
struct Timed {
    /// All of them together, by the clock on the wall.
    wall: Duration,
    /// Each, in milliseconds, in order of their ends.
    each: Vec<f64>,
    /// What the process had resident after them, in KiB.
    resident: f64,
}

/// Runs a variant: how many calls of each kind, and how many at once.
type Run<'a> = dyn Fn(&Variant<'_>, usize, usize) -> Result<Option<Vec<Timed>>> + 'a;

pub(crate) fn measure(settings: &Settings, report: &mut Report) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let identity = Arc::new(Identity::generate());
    let run: &Run<'_> = &|variant, count, at_once| runtime.block_on(run(variant, &identity, count, at_once));
    let variants = variants(settings);
    rates(settings, &variants, run, report)?;
    growth(settings, &variants, run, report)
}

/// How many calls a second, and how long each takes, by how many are in progress.
fn rates(settings: &Settings, variants: &[Variant<'_>], run: &Run<'_>, report: &mut Report) -> Result<()> {
    let mut table = Table::new(
        format!("Calls through the plugin protocol, {CALLS} of each kind"),
        ["build", "call"],
        ["at once", "calls/s", "p50", "p99"],
    );
    let figures = |kind: &str, calls: &Timed| {
        [
            (format!("{kind}_per_s"), figure(calls.each.len()) / calls.wall.as_secs_f64()),
            (format!("{kind}_p50_ms"), percentile(&calls.each, 50)),
            (format!("{kind}_p99_ms"), percentile(&calls.each, 99)),
        ]
    };
    for at_once in AT_ONCE {
        for (name, runs) in in_turn(settings.rounds, variants, |variant| run(variant, CALLS, at_once), figures)? {
            let median = medians(&runs);
            for kind in KINDS {
                table.row([
                    name.to_owned(),
                    kind.to_owned(),
                    at_once.to_string(),
                    format!("{:.0}", median[&format!("{kind}_per_s")]),
                    format!("{:.2} ms", median[&format!("{kind}_p50_ms")]),
                    format!("{:.2} ms", median[&format!("{kind}_p99_ms")]),
                ]);
            }
            report.add("protocol", json!({"subject": name, "at_once": at_once, "median": median, "runs": runs}));
        }
    }
    report.print(&table)
}

/// Whether calls take longer, and the process holds more, the more calls it has had.
fn growth(settings: &Settings, variants: &[Variant<'_>], run: &Run<'_>, report: &mut Report) -> Result<()> {
    let mut table = Table::new(
        format!("Growth with the number of calls to one process, {USUAL} at once"),
        ["build", "call"],
        ["calls", "p50 of the first tenth", "p50 of the last tenth", "resident after"],
    );
    let figures = |kind: &str, calls: &Timed| {
        let tenth = calls.each.len().div_ceil(10);
        [
            (format!("{kind}_first_ms"), percentile(&calls.each[..tenth], 50)),
            (format!("{kind}_last_ms"), percentile(&calls.each[calls.each.len() - tenth..], 50)),
            (format!("{kind}_resident_kib"), calls.resident),
        ]
    };
    for &count in &settings.calls {
        for (name, runs) in in_turn(settings.rounds, variants, |variant| run(variant, count, USUAL), figures)? {
            let median = medians(&runs);
            for kind in KINDS {
                table.row([
                    name.to_owned(),
                    kind.to_owned(),
                    count.to_string(),
                    format!("{:.2} ms", median[&format!("{kind}_first_ms")]),
                    format!("{:.2} ms", median[&format!("{kind}_last_ms")]),
                    format!("{:.1} MiB", median[&format!("{kind}_resident_kib")] / 1024.0),
                ]);
            }
            report.add("growth", json!({"subject": name, "calls": count, "median": median, "runs": runs}));
        }
    }
    report.print(&table)
}

fn variants(settings: &Settings) -> Vec<Variant<'_>> {
    let ours = settings.subjects.iter().filter(|subject| subject.ours);
    let binaries = ours.filter_map(|subject| Some((&subject.name, subject.binary.as_deref()?)));
    binaries
        .flat_map(|(name, binary)| {
            [(name.clone(), None), (format!("{name}, `coalesce_reads = false`"), Some(false))]
                .map(|(name, coalesce_reads)| Variant { name, binary, coalesce_reads })
        })
        .collect()
}

/// The figures of each variant that there is, of all kinds of calls, from as many runs as there are rounds.
fn in_turn<'a, const N: usize>(
    rounds: usize,
    variants: &'a [Variant<'_>],
    run: impl Fn(&Variant<'_>) -> Result<Option<Vec<Timed>>>,
    figures: impl Fn(&str, &Timed) -> [(String, f64); N],
) -> Result<Vec<(&'a str, Vec<Figures>)>> {
    let mut all: Vec<_> = variants.iter().map(|variant| (variant.name.as_str(), Vec::new())).collect();
    for _ in 0..rounds {
        for (variant, (_, runs)) in variants.iter().zip(&mut all) {
            if let Some(calls) = run(variant)? {
                runs.push(KINDS.iter().zip(&calls).flat_map(|(kind, calls)| figures(kind, calls)).collect());
            }
        }
    }
    all.retain(|(_, runs)| !runs.is_empty());
    Ok(all)
}

/// Plans, creates and reads `count` objects in one process. Nothing where the build does not have the argument.
async fn run(
    variant: &Variant<'_>,
    identity: &Arc<Identity>,
    count: usize,
    at_once: usize,
) -> Result<Option<Vec<Timed>>> {
    let Some(calls) = Calls::start(variant, identity).await? else { return Ok(None) };
    let (process, calls) = (calls.process(), Arc::new(calls));
    let plans =
        (0..count).map(|number| (Arc::clone(&calls), number)).map(async |(calls, number)| calls.plan(number).await);
    let (planned, plan) = each(process, at_once, plans).await?;
    let applies = planned
        .into_iter()
        .map(|object| (Arc::clone(&calls), object))
        .map(async |(calls, object)| calls.apply(object).await);
    let (created, apply) = each(process, at_once, applies).await?;
    let reads = created
        .into_iter()
        .map(|object| (Arc::clone(&calls), object))
        .map(async |(calls, object)| calls.read(object).await);
    let (_, read) = each(process, at_once, reads).await?;
    Ok(Some(vec![plan, apply, read]))
}

/// Makes all calls, this many at once. Each call has its own task, so that no call waits while the client works on
/// another.
async fn each(
    process: u32,
    at_once: usize,
    calls: impl Iterator<Item = impl Future<Output = Answer> + Send + 'static>,
) -> Result<(Vec<Managed>, Timed)> {
    let started = Instant::now();
    let answers: Vec<Answer> = stream::iter(calls.map(tokio::spawn)).buffer_unordered(at_once).try_collect().await?;
    let answers: Vec<_> = answers.into_iter().collect::<Result<_>>()?;
    let wall = started.elapsed();
    let (objects, each) = answers.into_iter().map(|(object, took)| (object, took.as_secs_f64() * 1e3)).unzip();
    Ok((objects, Timed { wall, each, resident: memory(process, "VmRSS").map_or(f64::NAN, figure) }))
}
