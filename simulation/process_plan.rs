//! When a process crashes, and where its records come from.

use std::fmt;
use std::time::Duration;

use super::random::Random;

/// How a process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProcessEnd {
    /// It completes.
    Completes,
    /// It is aborted after a while.
    Aborted(Duration),
    /// It crashes at this poll of its run.
    CrashAtPoll(u64),
    /// It crashes after a while.
    CrashAtTime(Duration),
    /// It crashes at this request.
    CrashAtRequest(u64),
    /// It crashes at this operation of the journal's disk.
    CrashAtDisk(u64),
}

/// How the records come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecordSource {
    /// How many at a time.
    pub chunk: usize,
    /// The pause before the next ones.
    pub pause: Duration,
    /// Whether some of them never come.
    pub ends_early: bool,
    /// Whether the run is told that all of them are known.
    pub is_list: bool,
}

/// One process, which is one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProcessPlan {
    /// The seed of its random choices.
    pub id: u64,
    pub ends: ProcessEnd,
    /// Whether the crash is a power cut.
    pub is_power_cut: bool,
    pub source: RecordSource,
    /// Whether it closes with another invoice than the other processes.
    pub is_other_invoice: bool,
    pub stop_on_error: bool,
    pub dry_run: bool,
    /// The pause until the next process starts.
    pub pause: Duration,
}

impl fmt::Display for ProcessPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RecordSource { chunk, pause, .. } = self.source;
        match self.source == WHOLE_LIST {
            true => f.write_str("all records at once")?,
            false => write!(f, "{chunk} record(s) every {pause:?}")?,
        }
        let with = [
            (self.source.ends_early, ", and not all"),
            (self.is_other_invoice, ", with another invoice"),
            (self.stop_on_error, ", to the first error"),
            (self.dry_run, ", a dry run"),
        ];
        for (_, what) in with.iter().filter(|(is_so, _)| *is_so) {
            f.write_str(what)?;
        }
        let crash = if self.is_power_cut {
            "the power is cut"
        } else {
            "it crashes"
        };
        match self.ends {
            ProcessEnd::Completes => Ok(()),
            ProcessEnd::Aborted(after) => write!(f, "; it is aborted after {after:?}"),
            ProcessEnd::CrashAtPoll(polls) => write!(f, "; {crash} at poll {polls}"),
            ProcessEnd::CrashAtTime(after) => write!(f, "; {crash} after {after:?}"),
            ProcessEnd::CrashAtRequest(request) => write!(f, "; {crash} at request {request}"),
            ProcessEnd::CrashAtDisk(step) => write!(f, "; {crash} at operation {step} of the disk"),
        }
    }
}

/// A complete list.
pub const WHOLE_LIST: RecordSource = RecordSource {
    chunk: 1000,
    pause: Duration::ZERO,
    ends_early: false,
    is_list: true,
};

/// A random plan.
pub fn process_plan(random: &mut Random, id: u64, records: usize) -> ProcessPlan {
    let soon = Duration::from_millis(20);
    let ends = match random.below(10) {
        0..=2 => ProcessEnd::Completes,
        3 => ProcessEnd::Aborted(random.time(soon, Duration::from_secs(100))),
        4 => ProcessEnd::CrashAtPoll(random.between(1, 4 * records as u64 + 10)),
        5 => ProcessEnd::CrashAtTime(random.time(soon, Duration::from_secs(100))),
        6..=7 => ProcessEnd::CrashAtRequest(random.between(1, records as u64 + 5)),
        _ => ProcessEnd::CrashAtDisk(random.between(1, 2 * records as u64 + 8)),
    };
    let source = if random.hits(60) {
        WHOLE_LIST
    } else {
        RecordSource {
            chunk: random.between(1, records as u64) as usize,
            pause: random.time(soon, Duration::from_secs(40)),
            ends_early: random.hits(20),
            is_list: random.hits(50),
        }
    };
    ProcessPlan {
        id,
        ends,
        is_power_cut: random.hits(40),
        source,
        is_other_invoice: random.hits(15),
        stop_on_error: random.hits(10),
        dry_run: random.hits(3),
        pause: if random.hits(20) {
            Duration::ZERO
        } else {
            random.time(soon, Duration::from_secs(200))
        },
    }
}
