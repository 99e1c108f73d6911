//! The cost of calls to the plugin alone, without Terraform, against an API without latency.

use std::sync::Arc;
use std::time::Duration;

use deepslate_emulator::{Config, Emulator};
use serde_json::json;
use testkit::Core;
use testkit::calls::{Calls, Timed};
use testkit::plugin::{self, Identity, Plugin};
use testkit::workload::Workload;
use tokio::runtime::Runtime;

use crate::Result;
use crate::figures::{Figures, figure, medians, percentile};
use crate::plot::{self, Panel};
use crate::processes::{memory, processor_time};
use crate::report::{Report, Table};
use crate::settings::Settings;
use crate::subject::{KEY, Subject};

/// How many calls are in progress at once.
const AT_ONCE: [usize; 3] = [1, 10, 50];

/// How many of a workload are managed for rates and latencies.
const COUNT: usize = 1000;

/// How many calls are in progress at once where growth is looked for: Terraform's own default.
const USUAL: usize = 10;

/// The kinds of calls, in the order in which an object meets them.
const KINDS: [&str; 4] = ["plan", "apply", "read", "destroy"];

/// What one process is asked for.
#[derive(Clone, Copy)]
struct Case<'a> {
    subject: &'a Subject,
    workload: Workload,
    organizations: usize,
    count: usize,
    at_once: usize,
}

pub(crate) fn measure(settings: &Settings, report: &mut Report) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let identity = Arc::new(Identity::generate());
    for &organizations in &settings.organizations {
        rates(settings, organizations, &runtime, &identity, report)?;
        growth(settings, organizations, &runtime, &identity, report)?;
    }
    Ok(())
}

/// How many calls a second, and how long each takes, by how many are in progress.
fn rates(
    settings: &Settings,
    organizations: usize,
    runtime: &Runtime,
    identity: &Arc<Identity>,
    report: &mut Report,
) -> Result<()> {
    let mut table = Table::new(
        format!("Calls through the plugin protocol, {COUNT} of each workload, {organizations} organizations"),
        ["workload", "build", "call"],
        ["at once", "calls/s", "p50", "p99"],
    );
    for &workload in &settings.workloads {
        for at_once in AT_ONCE {
            let case = |subject| Case { subject, workload, organizations, count: COUNT, at_once };
            for (subject, median) in in_turn(settings, runtime, identity, report, "protocol", case)? {
                for kind in KINDS {
                    table.row([
                        workload.name.to_owned(),
                        subject.name.clone(),
                        kind.to_owned(),
                        at_once.to_string(),
                        format!("{:.0}", median[&format!("{kind}_per_s")]),
                        format!("{:.2} ms", median[&format!("{kind}_p50_ms")]),
                        format!("{:.2} ms", median[&format!("{kind}_p99_ms")]),
                    ]);
                }
            }
        }
    }
    report.print(&table)
}

/// Whether calls take longer, and the process needs more, the more objects there are.
fn growth(
    settings: &Settings,
    organizations: usize,
    runtime: &Runtime,
    identity: &Arc<Identity>,
    report: &mut Report,
) -> Result<()> {
    let mut table = Table::new(
        format!("One process, {USUAL} calls at once, {organizations} organizations"),
        ["workload", "build"],
        ["objects", "processor time", "peak", "requests", "p99 of reads", "first and last tenth of reads"],
    );
    let subtitle = format!("all calls for all objects, {USUAL} at once");
    let mut panels = [
        Panel::new("Processor time of the plugin", &subtitle, "processor time", "s"),
        Panel::new("Memory of the plugin", &subtitle, "most resident memory", "MiB"),
    ];
    for &workload in &settings.workloads {
        for &count in &settings.calls {
            let case = |subject| Case { subject, workload, organizations, count, at_once: USUAL };
            for (subject, median) in in_turn(settings, runtime, identity, report, "growth", case)? {
                let objects = workload.objects(count);
                let peak = median["peak_kib"] / 1024.0;
                table.row([
                    workload.name.to_owned(),
                    subject.name.clone(),
                    objects.to_string(),
                    format!("{:.2} s", median["processor_s"]),
                    format!("{peak:.1} MiB"),
                    format!("{:.0}", median["requests"]),
                    format!("{:.2} ms", median["read_p99_ms"]),
                    format!("{:.2} and {:.2} ms", median["read_first_ms"], median["read_last_ms"]),
                ]);
                if subject.name == "deepslate" {
                    panels[0].point(workload.name, figure(objects), median["processor_s"]);
                    panels[1].point(workload.name, figure(objects), peak);
                }
            }
        }
    }
    report.print(&table)?;
    plot::write(&settings.plot("growth"), &panels)
}

/// The medians of each of our builds. The builds take turns, in as many runs as there are rounds.
fn in_turn<'a>(
    settings: &'a Settings,
    runtime: &Runtime,
    identity: &Arc<Identity>,
    report: &mut Report,
    section: &str,
    case: impl Fn(&'a Subject) -> Case<'a>,
) -> Result<Vec<(&'a Subject, Figures)>> {
    let mut all: Vec<_> =
        settings.subjects.iter().filter(|subject| subject.ours).map(|subject| (case(subject), Vec::new())).collect();
    for _ in 0..settings.rounds {
        for (case, runs) in &mut all {
            runs.push(runtime.block_on(run(*case, identity))?);
        }
    }
    let reported = all.into_iter().map(|(case, runs)| {
        let median = medians(&runs);
        report.add(
            section,
            json!({
                "workload": case.workload.name,
                "subject": case.subject.name,
                "organizations": case.organizations,
                "objects": case.workload.objects(case.count),
                "at_once": case.at_once,
                "median": median,
                "runs": runs,
            }),
        );
        (case.subject, median)
    });
    Ok(reported.collect())
}

/// Plans, creates, reads and destroys all objects in one process.
async fn run(case: Case<'_>, identity: &Arc<Identity>) -> Result<Figures> {
    let config = Config { api_key: KEY.to_owned(), log_requests: false, ..Config::default() };
    let api = Arc::new(Emulator::start(config)?);
    let binary = case.subject.binary.as_deref().ok_or("expected a build of the provider")?;
    let mut command = plugin::command(binary);
    command.env("PLUGIN_CLIENT_CERT", identity.pem());
    let plugin = Plugin::start(command, Some(Arc::clone(identity))).await;
    let process = plugin.pid();
    let mut core = Core::connect(plugin, Arc::clone(&api)).await;
    core.configure(KEY, &json!({})).await;
    let calls = Calls::new(core, case.workload, case.count, case.at_once, case.organizations);
    let (created, plan, apply) = calls.create().await?;
    let (refreshed, read) = calls.read(created).await?;
    let destroy = calls.destroy(refreshed).await?;

    let mut figures = Figures::from([
        ("processor_s".to_owned(), processor_time(process).as_secs_f64()),
        ("peak_kib".to_owned(), memory(process, "VmHWM").map_or(f64::NAN, figure)),
        ("requests".to_owned(), figure(api.request_count())),
    ]);
    for (kind, timed) in KINDS.iter().zip([plan, apply, read, destroy]) {
        figures.extend(of_calls(kind, &timed));
    }
    Ok(figures)
}

fn of_calls(kind: &str, Timed { wall, each }: &Timed) -> Vec<(String, f64)> {
    let each: Vec<_> = each.iter().map(Duration::as_secs_f64).map(|seconds| seconds * 1e3).collect();
    let tenth = each.len().div_ceil(10);
    vec![
        (format!("{kind}_per_s"), figure(each.len()) / wall.as_secs_f64()),
        (format!("{kind}_p50_ms"), percentile(&each, 50)),
        (format!("{kind}_p99_ms"), percentile(&each, 99)),
        (format!("{kind}_first_ms"), percentile(&each[..tenth], 50)),
        (format!("{kind}_last_ms"), percentile(&each[each.len() - tenth..], 50)),
    ]
}
