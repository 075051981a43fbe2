//! How a process lives and dies, and where its records come from.

use std::fmt;
use std::time::Duration;

use super::chance::Chance;

/// How a process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// By itself.
    ByItself,
    /// It is called off.
    Aborted(Duration),
    /// It dies when the run is polled this often.
    AtPoll(u64),
    /// It dies at a moment.
    AtTime(Duration),
    /// It dies with this request.
    AtRequest(u64),
    /// It dies with this step of the journal.
    AtDisk(u64),
}

/// How records come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// How many at once.
    pub chunk: usize,
    /// How long the next ones take.
    pub pause: Duration,
    /// Whether the list ends before its end.
    pub ends_early: bool,
    /// Whether the run is told that all are there.
    pub is_list: bool,
}

/// One process: one run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// What chance it has depends on this.
    pub id: u64,
    pub ends: Ends,
    /// Whether the machine is switched off when the process dies, instead of only the process.
    pub is_power_cut: bool,
    pub source: Source,
    /// Whether it closes with another invoice than the others.
    pub is_other_invoice: bool,
    pub stop_on_error: bool,
    pub dry_run: bool,
    /// How long it takes until the next one.
    pub pause: Duration,
}

impl fmt::Display for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Source { chunk, pause, .. } = self.source;
        match self.source == WHOLE {
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
        let dies = if self.is_power_cut {
            "the power is cut"
        } else {
            "it dies"
        };
        match self.ends {
            Ends::ByItself => Ok(()),
            Ends::Aborted(after) => write!(f, "; it is called off after {after:?}"),
            Ends::AtPoll(polls) => write!(f, "; {dies} at poll {polls}"),
            Ends::AtTime(after) => write!(f, "; {dies} after {after:?}"),
            Ends::AtRequest(request) => write!(f, "; {dies} with request {request}"),
            Ends::AtDisk(step) => write!(f, "; {dies} with step {step} of the journal"),
        }
    }
}

/// A list that is there from the beginning.
pub const WHOLE: Source = Source {
    chunk: 1000,
    pause: Duration::ZERO,
    ends_early: false,
    is_list: true,
};

/// A life that chance makes.
pub fn life(chance: &mut Chance, id: u64, records: usize) -> Life {
    let soon = Duration::from_millis(20);
    let ends = match chance.below(10) {
        0..=2 => Ends::ByItself,
        3 => Ends::Aborted(chance.time(soon, Duration::from_secs(100))),
        4 => Ends::AtPoll(chance.between(1, 4 * records as u64 + 10)),
        5 => Ends::AtTime(chance.time(soon, Duration::from_secs(100))),
        6..=7 => Ends::AtRequest(chance.between(1, records as u64 + 5)),
        _ => Ends::AtDisk(chance.between(1, 2 * records as u64 + 8)),
    };
    let source = if chance.hits(60) {
        WHOLE
    } else {
        Source {
            chunk: chance.between(1, records as u64) as usize,
            pause: chance.time(soon, Duration::from_secs(40)),
            ends_early: chance.hits(20),
            is_list: chance.hits(50),
        }
    };
    Life {
        id,
        ends,
        is_power_cut: chance.hits(40),
        source,
        is_other_invoice: chance.hits(15),
        stop_on_error: chance.hits(10),
        dry_run: chance.hits(3),
        pause: if chance.hits(20) {
            Duration::ZERO
        } else {
            chance.time(soon, Duration::from_secs(200))
        },
    }
}
