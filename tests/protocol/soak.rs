//! Thousands of operations in one process. Its memory and open files must not grow.

use std::fmt::Write as _;
use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};
use std::{env, fs, io};

use deepslate_emulator::{Chaos, Config, Emulator};
use serde_json::{Value as Json, json};
use testkit::Core;
use testkit::core::Object;
use testkit::plugin::Plugin;

/// How many samples are taken.
const SAMPLES: usize = 100;

/// The memory and open files of a process at one moment.
#[derive(Clone, Copy)]
struct Sample {
    /// Resident memory, in KiB.
    memory: usize,
    /// Open file descriptors.
    files: usize,
}

#[tokio::test]
async fn memory_and_open_files_do_not_grow() {
    assert_flat(soak(2_000).await);
}

#[tokio::test]
#[ignore = "takes minutes: `make soak` runs it"]
async fn memory_and_open_files_do_not_grow_at_length() {
    let operations = env::var("OPERATIONS").map_or(100_000, |text| text.parse().expect("a number"));
    let started = Instant::now();
    let quarters = soak(operations).await;
    let mut report = format!("soak: {operations} operations in {:.0?}\n", started.elapsed());
    for (number, Sample { memory, files }) in (1..).zip(quarters) {
        let _ = writeln!(report, "quarter {number}: at most {memory} KiB of resident memory, {files} open files");
    }
    // Not `eprintln!`: the test runner would hide it.
    let _ = io::stderr().write_all(report.as_bytes());
    assert_flat(quarters);
}

fn assert_flat([first, .., last]: [Sample; 4]) {
    assert!(last.files <= first.files + 2, "open files: {} at first, {} at last", first.files, last.files);
    assert!(last.memory <= first.memory + 8192, "memory: {} KiB at first, {} at last", first.memory, last.memory);
}

/// Creates, reads, updates and deletes in turn, one object after the other, some of them with faults. Returns the
/// maximum for the process in each quarter.
async fn soak(operations: usize) -> [Sample; 4] {
    let config = Config { log_requests: false, ..Config::default() };
    let key = config.api_key.clone();
    let api = Arc::new(Emulator::start(config).expect("the API starts"));
    // For a debugger, since only root may count the open files of a process that cannot be dumped.
    let mut core = Core::connect(Plugin::debug(testkit::provider_binary!()).await, api).await;
    core.configure(&key, &json!({})).await;
    // Each that is lost costs a connection.
    let chaos = Chaos {
        seed: 1,
        lost: 0.002,
        unavailable: 0.001,
        throttled: 0.001,
        list_lag: Duration::ZERO,
        longest_delay: Duration::ZERO,
    };
    core.api.chaos(Some(chaos));
    let mut samples = Vec::new();
    let mut object = Object::default();
    for operation in 0..operations {
        let config = |port: u16| {
            json!({
                "hostname": "sip.example.com",
                "port": port,
                "username": format!("agent-{}", operation / 4),
                "password": "secret",
            })
        };
        let (next, told) = match operation % 4 {
            0 => core.apply(&object, &config(5060)).await,
            1 => core.read(&object).await,
            2 => core.apply(&object, &config(5061)).await,
            _ => core.apply(&object, &Json::Null).await,
        };
        assert!(told.iter().all(|text| text.starts_with("WARNING")), "{told:?}");
        object = next;
        if operation % (operations / SAMPLES) == 0 {
            samples.push(sample(core.plugin.pid()));
        }
    }
    assert!(core.api.credentials().is_empty());
    let quarter = |number: usize| samples[number * SAMPLES / 4..(number + 1) * SAMPLES / 4].iter();
    [0, 1, 2, 3].map(|number| Sample {
        memory: quarter(number).map(|sample| sample.memory).max().unwrap_or_default(),
        files: quarter(number).map(|sample| sample.files).max().unwrap_or_default(),
    })
}

fn sample(process: u32) -> Sample {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("the process runs");
    let memory = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.split_whitespace().next()?.parse().ok());
    let files = fs::read_dir(format!("/proc/{process}/fd")).expect("the process runs").count();
    Sample { memory: memory.expect("Linux tells it"), files }
}
