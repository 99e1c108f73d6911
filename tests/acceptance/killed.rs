//! `kill -9` in the middle of an apply. The next apply converges, and users can find the orphaned objects.
//!
//! To a local state Terraform writes each id as soon as it has the answer to a create, OpenTofu only every 20 s. If one
//! of them or the plugin is killed before that, no state knows the created object.

use std::time::Duration;

use deepslate_emulator::Chaos;
use fastrand::Rng;
use serde_json::Value;
use testkit::{
    Cli, KINDS, Kind, List, ORGANIZATION, QUERY, Workspace, clis, for_each_cli, is_alive, kill, number, tell, uuid,
    wait_until,
};

use crate::new_workspace;

/// How many resources an apply creates.
const COUNT: usize = 30;
/// The longest time that a call takes. The calls take different times, so a kill hits each of them in another phase.
const LONGEST_DELAY: Duration = Duration::from_millis(200);

/// Who is killed.
#[derive(Clone, Copy, Debug)]
enum Victim {
    Plugin,
    Terraform,
}

#[test]
fn the_next_apply_converges() {
    for_each_cli(|cli| {
        for kind in KINDS {
            converge(cli, kind, Victim::Plugin, 1);
            converge(cli, kind, Victim::Terraform, 2);
        }
    });
}

#[test]
#[ignore = "takes minutes: `make chaos` runs it"]
fn the_next_apply_converges_after_many_moments() {
    for (moment, cli) in (0..number("MOMENTS", 50)).zip(clis().iter().cycle()) {
        let victim = if moment % 4 < 2 { Victim::Plugin } else { Victim::Terraform };
        for kind in KINDS {
            converge(cli, kind, victim, moment);
        }
    }
}

/// Kills at a moment that depends on the seed, and applies once more. Terraform overwrites the state in place: if it is killed in the middle of
/// that, half a file is left, and no provider can do anything about it.
fn converge(cli: &'static Cli, kind: &Kind, victim: Victim, seed: u64) {
    let workspace = new_workspace(cli);
    let chaos = Chaos {
        seed,
        lost: 0.0,
        unavailable: 0.0,
        throttled: 0.0,
        list_lag: Duration::ZERO,
        longest_delay: LONGEST_DELAY,
    };
    workspace.api.chaos(Some(chaos));
    let organization = uuid(ORGANIZATION);
    (kind.prepare)(&workspace.api, organization);
    let resource = |number| kind.resource(number, &(kind.attributes)(organization, number));
    workspace.write("main", (0..COUNT).map(resource).collect::<String>());

    let creates = Rng::with_seed(seed).usize(1..=COUNT);
    let apply = workspace.start(&["apply", "-auto-approve"]);
    wait_until(&format!("{creates} creates arrive"), || workspace.received("POST").len() >= creates);
    let plugins = apply.plugins();
    match victim {
        Victim::Plugin => {
            plugins.into_iter().for_each(kill);
            apply.wait();
        }
        Victim::Terraform => {
            apply.kill();
            wait_until("the plugin ends", || !plugins.iter().any(|&plugin| is_alive(plugin)));
            assert_eq!(workspace.left_in_tmp(), [""; 0], "its socket is gone too");
            if workspace.state_is_torn() {
                assert!(seed < 5_000, "the state is torn each time");
                tell(&format!(
                    "killed, seed {seed}, {}: while it wrote the state; another moment instead",
                    cli.version
                ));
                return converge(cli, kind, victim, seed + 1000);
            }
        }
    }

    workspace.api.chaos(None);
    workspace.apply();
    kind.assert_managed(&workspace, organization, COUNT);
    let orphans = kind.orphans(&workspace, organization);
    let objects: Vec<_> = (kind.objects)(&workspace.api, organization).into_keys().collect();
    if let Some(list) = kind.list {
        assert_eq!(listed(cli, &workspace, kind, list), objects);
    }
    tell(&format!(
        "killed, seed {seed}, {}: {victim:?} after {creates} of {COUNT} creates: {} orphans of {}",
        cli.version,
        orphans.len(),
        kind.name
    ));
}

/// The ids of all objects, sorted, as a user can find them: by a query, or with the data source where there is none.
fn listed(cli: &Cli, workspace: &Workspace, kind: &Kind, list: List) -> Vec<String> {
    let id = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut ids: Vec<_> = if cli.has(&QUERY) {
        let list = format!("list \"{}\" \"all\" {{\n  provider = deepslate\n  limit = 1000\n}}\n", kind.name);
        workspace.write_file("all.tfquery.hcl", &list);
        let output = workspace.succeed(&["query", "-json"]);
        let found = output.json_lines().filter(|line| line["type"] == "list_resource_found");
        found.map(|line| id(&line["list_resource_found"]["identity"]["id"])).collect()
    } else {
        let list = format!("data \"{0}\" \"all\" {{}}\noutput \"ids\" {{\n  value = data.{0}.all.ids\n}}\n", list.name);
        workspace.write("all", list);
        workspace.apply();
        let ids = workspace.succeed(&["output", "-json", "ids"]);
        let ids: Vec<Value> = serde_json::from_str(&ids.stdout).expect("a list");
        ids.iter().map(id).collect()
    };
    ids.sort();
    ids
}
