//! Random faults in every call. In the end, the API has exactly the configured objects.

use std::thread;
use std::time::{Duration, Instant};

use deepslate_emulator::Chaos;
use fastrand::Rng;
use serde_json::{Map, Value};
use testkit::{Cli, Diagnostic, KINDS, Kind, ORGANIZATION, Workspace, clis, for_each_cli, number, tell, uuid};
use uuid::Uuid;

use crate::new_workspace;
use crate::unknown_outcome::WARNING;

/// How often a user runs one command before they lose faith.
const PATIENCE: usize = 20;

/// Begins the warning about an object that was taken over and could not be set. The next apply sets it.
const NOT_SET: &str = "Could not update";

/// So little time that operations fail. A read is given what it takes, for one that fails fails the whole plan.
const HASTE: &str = "timeouts {\n  create = \"4s\"\n  update = \"4s\"\n  delete = \"4s\"\n}\n";

#[test]
fn the_configuration_is_applied_despite_random_faults() {
    for_each_cli(|cli| {
        // All at the same time, because they mostly wait.
        thread::scope(|scope| {
            for kind in KINDS {
                let (longest_delay, list_lag) = (Duration::from_millis(20), Duration::from_secs(1));
                // Fewer than at length, for what fails often waits long.
                let chaos = Chaos { seed: 1, lost: 0.2, unavailable: 0.05, throttled: 0.02, list_lag, longest_delay };
                let thread = thread::Builder::new().name(format!("{}, {}", cli.version, kind.name));
                thread.spawn_scoped(scope, move || endure(cli, kind, 40, "", chaos)).expect("a thread can be started");
            }
        });
    });
}

#[test]
#[ignore = "takes minutes: `make chaos` runs it"]
fn the_configuration_is_applied_despite_random_faults_at_length() {
    let (seeds, count) = (number("SEEDS", 10), number("COUNT", 500));
    // All at the same time, because they mostly wait.
    thread::scope(|scope| {
        for (seed, cli) in (1..=seeds).zip(clis().iter().cycle()) {
            scope.spawn(move || {
                for kind in KINDS {
                    let (longest_delay, list_lag) = (Duration::from_millis(200), Duration::from_secs(seed % 4));
                    let chaos = Chaos { seed, lost: 0.3, unavailable: 0.1, throttled: 0.05, list_lag, longest_delay };
                    endure(cli, kind, count, "", chaos.clone());
                    endure(cli, kind, count / 10, HASTE, chaos);
                }
            });
        }
    });
}

/// Creates, repairs, changes and destroys this many resources while everything goes wrong.
fn endure(cli: &'static Cli, kind: &'static Kind, count: usize, timeouts: &'static str, chaos: Chaos) {
    let (started, seed) = (Instant::now(), chaos.seed);
    let mut user = User {
        workspace: new_workspace(cli),
        kind,
        timeouts,
        chaos,
        random: Rng::with_seed(seed),
        resources: Vec::new(),
        commands: 0,
        recoveries: 0,
        imports: 0,
    };
    let organization = uuid(ORGANIZATION);
    (kind.prepare)(&user.workspace.api, organization);

    user.write(count, |_| kind.attributes);
    user.insist("apply");
    kind.assert_managed(&user.workspace, organization, count);
    assert!(kind.orphans(&user.workspace, organization).is_empty());

    user.write(count, |number| if number % 2 == 0 { kind.changed } else { kind.attributes });
    for id in (kind.objects)(&user.workspace.api, organization).keys() {
        match user.random.u8(..8) {
            0 => assert!((kind.remove)(&user.workspace.api, uuid(id))),
            1 | 2 => (kind.drift)(&user.workspace.api, uuid(id)),
            _ => {}
        }
    }
    user.insist("apply");
    kind.assert_managed(&user.workspace, organization, count);
    assert!(kind.orphans(&user.workspace, organization).is_empty());

    user.insist("destroy");
    assert!((kind.objects)(&user.workspace.api, organization).is_empty(), "nothing is left");
    assert!(user.workspace.state().is_empty());

    let User { workspace, commands, recoveries, imports, .. } = user;
    tell(&format!(
        "chaos, seed {seed}, {}: {count} {}{}: {commands} commands (3 at best), {} requests, {recoveries} recoveries, \
         {imports} imports, {:.0?}",
        cli.version,
        kind.name,
        if timeouts.is_empty() { "" } else { " in haste" },
        workspace.api.requests().len(),
        started.elapsed()
    ));
}

/// Does what the provider says, and nothing else.
struct User {
    workspace: Workspace,
    kind: &'static Kind,
    timeouts: &'static str,
    chaos: Chaos,
    random: Rng,
    /// The attributes of each resource.
    resources: Vec<String>,
    /// How many commands it took.
    commands: usize,
    /// How many objects the provider found and took over.
    recoveries: usize,
    /// How many objects were imported because an error said so.
    imports: usize,
}

impl User {
    fn write(&mut self, count: usize, attributes: impl Fn(usize) -> fn(Uuid, usize) -> String) {
        self.resources = (0..count).map(|number| attributes(number)(uuid(ORGANIZATION), number)).collect();
        let block = |(number, attributes)| self.kind.resource(number, &format!("{attributes}{}", self.timeouts));
        self.workspace.write("main", self.resources.iter().enumerate().map(block).collect::<String>());
    }

    /// Runs a command amid faults, as often as it says that something failed.
    #[track_caller]
    fn insist(&mut self, command: &str) {
        self.workspace.api.chaos(Some(Chaos { seed: self.random.u64(..), ..self.chaos }));
        for _ in 0..PATIENCE {
            self.commands += 1;
            let output = self.workspace.run(&[command, "-auto-approve", "-json", "-parallelism=20"]);
            let told = output.diagnostics();
            self.recoveries += told.iter().filter(|diagnostic| diagnostic.text.contains(WARNING)).count();
            if output.code == Some(0) && !told.iter().any(|warning| warning.text.starts_with(NOT_SET)) {
                self.workspace.api.chaos(None);
                return;
            }
            let (named, others): (Vec<_>, Vec<_>) =
                told.iter().filter(|error| error.text.contains("terraform import ")).partition(|error| names(error));
            // No two errors name the same object.
            named.into_iter().chain(others).for_each(|error| self.import(error));
        }
        panic!("`{command}` failed {PATIENCE} times");
    }

    /// Imports the object that an error says may have been created: one of the candidates that it names, otherwise one
    /// from the list. Objects of other resources are no candidates.
    fn import(&mut self, error: &Diagnostic) {
        let number = error.address.rsplit('_').next().and_then(|number| number.parse::<usize>().ok());
        let attributes = &self.resources[number.expect("the error is about a resource")];
        let mut candidates = self.kind.orphans(&self.workspace, uuid(ORGANIZATION)).into_iter();
        let found = candidates.find(|(id, object)| {
            if names(error) { error.text.contains(&format!("/{id}")) } else { is_like(object, attributes) }
        });
        if let Some((id, _)) = found {
            self.imports += 1;
            let id = import_id(error, &id);
            let imported = |_| self.workspace.run(&["import", &error.address, &id]).code == Some(0);
            assert!((0..PATIENCE).any(imported), "{id} cannot be imported");
        }
    }
}

/// What imports an object, by the line that an error shows, whether for this one, another or any.
fn import_id(error: &Diagnostic, id: &str) -> String {
    let (_, line) = error.text.split_once("terraform import <address of this resource> ").expect("a line");
    let end = line.find(|letter: char| !letter.is_ascii_hexdigit() && !"-/".contains(letter)).unwrap_or(line.len());
    let (parents, _) = line[..end].rsplit_once('/').expect("ids of what it is under");
    format!("{parents}/{id}")
}

/// Whether an error names candidates, each in a line with what imports it.
fn names(error: &Diagnostic) -> bool {
    error.text.contains("\nterraform import ")
}

/// Whether an object has these attributes, as far as a listing shows them.
fn is_like(object: &Map<String, Value>, attributes: &str) -> bool {
    let mut lines = attributes.lines().filter_map(|line| line.split_once(" = "));
    lines.all(|(name, value)| {
        name == "password"
            || object.get(name).is_none_or(|held| value.parse::<Value>().is_ok_and(|value| value == *held))
    })
}
