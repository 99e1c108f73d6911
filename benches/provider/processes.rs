//! The cost of processes, from /proc. No wrapper runs between Terraform and its plugins, so nothing else is measured.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// The kernel reports times in ticks of this length, whatever its own clock does.
const TICK: Duration = Duration::from_millis(10);

/// The line of /proc/PID/stat, from the state on: names with blanks come before it.
struct Stat(Vec<String>);

impl Stat {
    fn read(process: u32) -> Option<Self> {
        let line = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
        Some(Self(line.rsplit_once(')')?.1.split_whitespace().map(str::to_owned).collect()))
    }

    /// A field by its number in proc(5), in which the state is the third.
    fn field(&self, number: usize) -> u64 {
        self.0.get(number - 3).and_then(|field| field.parse().ok()).unwrap_or_default()
    }

    fn ticks(&self, fields: [usize; 2]) -> Duration {
        TICK * u32::try_from(fields.map(|field| self.field(field)).iter().sum::<u64>()).unwrap_or(u32::MAX)
    }
}

/// Whether the process has ended. It must not have been waited for.
pub(crate) fn has_ended(process: u32) -> bool {
    Stat::read(process).is_none_or(|stat| stat.0.first().is_some_and(|state| state == "Z"))
}

/// The processor time of a process's children that have ended and that it has waited for, to a tick.
pub(crate) fn processor_time_of_ended_children(process: u32) -> Duration {
    Stat::read(process).map_or(Duration::ZERO, |stat| stat.ticks([16, 17]))
}

/// The processor time so far: by the threads that are there to the nanosecond, or that of all, to a tick, if it is more.
pub(crate) fn processor_time(process: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten().flatten();
    let by_threads = threads.filter_map(|thread| {
        let times = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        times.split_whitespace().next()?.parse::<u64>().ok()
    });
    let by_threads = Duration::from_nanos(by_threads.sum());
    by_threads.max(Stat::read(process).map_or(Duration::ZERO, |stat| stat.ticks([14, 15])))
}

/// How often a page was not in the process's memory so far, with and without a disk to read it from.
pub(crate) fn page_faults(process: u32) -> u64 {
    Stat::read(process).map_or(0, |stat| stat.field(10) + stat.field(12))
}

/// A size of /proc/PID/status, such as `VmRSS`, in KiB.
pub(crate) fn memory(process: u32, name: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':')?.split_whitespace().next()?.parse().ok())
}

/// The plugins that a process starts, and the most that was seen of each.
pub(crate) struct Plugins {
    parent: u32,
    /// What the parent executes. So does a child until it begins with its own, in the parent's memory.
    executable: Option<PathBuf>,
    /// All processes that were looked at; those that are not children need no second look.
    known: BTreeSet<u32>,
    seen: BTreeMap<u32, Seen>,
}

#[derive(Default)]
struct Seen {
    processor: Duration,
    peak: u64,
}

impl Plugins {
    /// Of a process that has just been started, when `before` were there already.
    pub(crate) fn of(parent: u32, before: BTreeSet<u32>) -> Self {
        Self { parent, executable: executable(parent), known: before, seen: BTreeMap::new() }
    }

    /// Looks at those that run now.
    pub(crate) fn look(&mut self) {
        for process in processes() {
            if self.known.insert(process)
                && Stat::read(process).is_some_and(|stat| stat.field(4) == u64::from(self.parent))
            {
                self.seen.insert(process, Seen::default());
            }
        }
        for (&process, seen) in &mut self.seen {
            if executable(process) == self.executable {
                continue;
            }
            seen.processor = seen.processor.max(processor_time(process));
            seen.peak = seen.peak.max(memory(process, "VmHWM").unwrap_or_default());
        }
    }

    /// The processor time of all. To be asked when the parent has ended and nobody has waited for it yet.
    pub(crate) fn processor_time(&self) -> Duration {
        let seen = self.seen.values().map(|seen| seen.processor).sum::<Duration>();
        seen.max(processor_time_of_ended_children(self.parent))
    }

    /// The most memory that one of them had resident, in KiB.
    pub(crate) fn peak(&self) -> u64 {
        self.seen.values().map(|seen| seen.peak).max().unwrap_or_default()
    }
}

fn executable(process: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{process}/exe")).ok()
}

/// All processes of the machine.
pub(crate) fn processes() -> BTreeSet<u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| PathBuf::from(entry.file_name()).to_str()?.parse().ok()).collect()
}
