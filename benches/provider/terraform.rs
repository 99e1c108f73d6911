//! Apply, plan and destroy of many objects, with real command lines.

use std::io::{self, Write as _};
use std::time::Duration;

use deepslate_emulator::{Config, Emulator};
use serde_json::{Value, json};
use testkit::Cli;
use testkit::workload::Workload;

use crate::Result;
use crate::commands::{prepare, run_in};
use crate::figures::{Figures, figure, medians};
use crate::plot::{self, Panel};
use crate::report::{Report, Table};
use crate::settings::Settings;
use crate::subject::{CORE, KEY, Subject};

/// Each step and its command. The plan has to find nothing to do, so it costs a refresh; else it ends with exit code 2.
const STEPS: [(&str, &[&str]); 3] = [
    ("apply", &["apply", "-auto-approve"]),
    ("plan", &["plan", "-detailed-exitcode"]),
    ("destroy", &["destroy", "-auto-approve"]),
];

/// What all subjects of one comparison have in common.
#[derive(Clone, Copy)]
struct Case<'a> {
    cli: &'a Cli,
    workload: &'a Workload,
    organizations: usize,
    latency: Duration,
    parallelism: usize,
    count: usize,
}

pub(crate) fn measure(settings: &Settings, report: &mut Report) -> Result<()> {
    for cli in &settings.clis {
        for workload in &settings.workloads {
            for &organizations in &settings.organizations {
                for &latency in &settings.latencies {
                    for &parallelism in &settings.parallelism {
                        let case = Case { cli, workload, organizations, latency, parallelism, count: 0 };
                        let figures = ["apply", "plan", "destroy", "processor time", "peak", "requests"];
                        let mut table = Table::new(case.title(), ["objects", "of"], figures);
                        for &count in &settings.counts {
                            compare(settings, &Case { count, ..case }, &mut table, report)?;
                        }
                        report.print(&table)?;
                    }
                }
            }
        }
    }
    plot::write(&settings.plot("cost"), &panels(settings, report.section("terraform")))
}

/// A panel for each command line: the first of all cases, by the number of objects.
fn panels(settings: &Settings, measured: &[Value]) -> Vec<Panel> {
    let same = ["workload", "organizations", "latency_ms", "parallelism"];
    let panel = |cli: &Cli| {
        let mut panel = Panel::new(&cli.version, "", "apply + plan + destroy", "s");
        let Some(first) = measured.first() else { return panel };
        panel.subtitle =
            format!("{}, {} ms a request", first["workload"].as_str().unwrap_or_default(), first["latency_ms"]);
        let shown = |case: &&Value| case["cli"] == cli.version && same.iter().all(|name| case[*name] == first[*name]);
        for case in measured.iter().filter(shown) {
            let steps = STEPS.map(|(step, _)| case["median"][format!("{step}_s")].as_f64().unwrap_or_default());
            let name = case["subject"].as_str().unwrap_or_default();
            panel.point(name, case["objects"].as_f64().unwrap_or_default(), steps.iter().sum());
        }
        panel
    };
    settings.clis.iter().map(panel).collect()
}

impl Case<'_> {
    fn title(&self) -> String {
        let Self { cli, workload, organizations, latency, parallelism, .. } = self;
        let organizations = match organizations {
            1 => String::new(),
            _ => format!(" in {organizations} organizations"),
        };
        format!(
            "{}: {}{organizations}, {} ms, `-parallelism={parallelism}`",
            cli.version,
            workload.name,
            latency.as_millis()
        )
    }

    /// How many objects there are.
    fn objects(&self) -> usize {
        self.workload.objects(self.count)
    }
}

/// All subjects in turn, round after round. Each round begins with another subject, because a subject after a heavy one
/// may be slower.
fn compare(settings: &Settings, case: &Case<'_>, table: &mut Table, report: &mut Report) -> Result<()> {
    let mut runs = vec![Vec::new(); settings.subjects.len()];
    for round in 1..=settings.rounds {
        let order = (0..runs.len()).cycle().skip(round - 1).take(runs.len());
        for at in order {
            let subject = &settings.subjects[at];
            if let Some(run) = run(subject, case).map_err(|error| format!("{}: {error}", subject.name))? {
                // How far it is, where it takes minutes.
                let (Case { cli, workload, count, .. }, name) = (case, &subject.name);
                let seconds = STEPS.map(|(step, _)| format!("{step} {:.2} s", run[&format!("{step}_s")])).join(", ");
                writeln!(
                    io::stderr(),
                    "{}, round {round}, {count} of {} with {name}: {seconds}",
                    cli.version,
                    workload.name
                )?;
                runs[at].push(run);
            }
        }
    }
    let mut core = Figures::new();
    for (subject, runs) in settings.subjects.iter().zip(runs).filter(|(_, runs)| !runs.is_empty()) {
        let median = medians(&runs);
        if subject.name == CORE {
            core = median.clone();
        }
        table.row(row(case.objects(), &subject.name, &median, &core));
        report.add(
            "terraform",
            json!({
                "cli": case.cli.version,
                "workload": case.workload.name,
                "organizations": case.organizations,
                "latency_ms": case.latency.as_millis(),
                "parallelism": case.parallelism,
                "objects": case.objects(),
                "subject": subject.name,
                "median": median,
                "runs": runs,
            }),
        );
    }
    Ok(())
}

/// All steps of one subject, against an API of its own. Nothing where it has no configuration.
fn run(subject: &Subject, case: &Case<'_>) -> Result<Option<Figures>> {
    let latency = case.latency;
    let config = Config { api_key: KEY.to_owned(), latency, log_requests: false, ..Config::default() };
    let api = Emulator::start(config)?;
    let configuration = subject.configuration(case.workload, case.count, case.organizations, &api.url())?;
    let Some(configuration) = configuration else { return Ok(None) };
    let workspace = prepare(case.cli, subject, &configuration);
    let parallelism = format!("-parallelism={}", case.parallelism);
    let mut figures = Figures::new();
    let (mut processor, mut peak) = (Duration::ZERO, 0);
    for (step, arguments) in STEPS {
        let before = api.request_count();
        let cost = run_in(&workspace, &[arguments, &[parallelism.as_str()]].concat())?;
        processor += cost.processor;
        peak = peak.max(cost.peak);
        figures.insert(format!("{step}_s"), cost.wall.as_secs_f64());
        figures.insert(format!("{step}_processor_s"), cost.processor.as_secs_f64());
        figures.insert(format!("{step}_peak_kib"), figure(cost.peak));
        figures.insert(format!("{step}_requests"), figure(api.request_count() - before));
        let (there, expected) = (objects(&api), if step == "destroy" { 0 } else { case.objects() });
        if subject.binary.is_some() && there != expected {
            return Err(format!("expected {expected} objects after {step}, got: {there}").into());
        }
    }
    figures.insert("processor_s".to_owned(), processor.as_secs_f64());
    figures.insert("peak_kib".to_owned(), figure(peak));
    Ok(Some(figures))
}

/// How many objects of all kinds the API has.
fn objects(api: &Emulator) -> usize {
    api.credentials().len()
        + api.phone_numbers().len()
        + api.assistants().len()
        + api.agents().len()
        + api.strategies().len()
}

fn row(objects: usize, name: &str, median: &Figures, core: &Figures) -> Vec<String> {
    let mut row = vec![objects.to_string(), name.to_owned()];
    for (step, _) in STEPS {
        let figure = format!("{step}_s");
        row.push(format!("{:.2} s ({:.2} ×)", median[&figure], median[&figure] / core[&figure]));
    }
    if name == CORE {
        row.resize(row.len() + 3, String::new());
    } else {
        row.push(format!("{:.2} s", median["processor_s"]));
        row.push(format!("{:.1} MiB", median["peak_kib"] / 1024.0));
        row.push(STEPS.map(|(step, _)| format!("{:.0}", median[&format!("{step}_requests")])).join(" + "));
    }
    row
}
