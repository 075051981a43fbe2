//! How far a run is: counted by the run, read by whoever wants to know.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// The counters of a run; copies count together.
#[derive(Debug, Clone)]
pub struct Progress {
    counts: Arc<Counts>,
    started: Instant,
}

#[derive(Debug, Default)]
struct Counts {
    closed: AtomicU64,
    failed: AtomicU64,
    total: AtomicU64,
}

/// How far a run is at a moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moment {
    /// How many records are settled.
    pub done: u64,
    /// How many there are, if that is known.
    pub total: Option<u64>,
    /// How many are closed.
    pub closed: u64,
    /// How many are not.
    pub failed: u64,
    /// Records a second, since the beginning.
    pub rate: f64,
    /// How long it will go on at that rate.
    pub remaining: Option<Duration>,
    /// How long it has gone on.
    pub elapsed: Duration,
}

impl Default for Progress {
    fn default() -> Self {
        Self {
            counts: Arc::default(),
            started: Instant::now(),
        }
    }
}

impl Progress {
    /// Counts a record that is settled.
    pub fn count(&self, is_closed: bool) {
        let counter = if is_closed {
            &self.counts.closed
        } else {
            &self.counts.failed
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Says how many records there will be.
    pub fn expect(&self, total: u64) {
        self.counts.total.store(total, Ordering::Relaxed);
    }

    /// How far the run is.
    pub fn now(&self) -> Moment {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (closed, failed) = (read(&self.counts.closed), read(&self.counts.failed));
        let total = Some(read(&self.counts.total)).filter(|total| *total > 0);
        let done = closed + failed;
        let elapsed = self.started.elapsed();
        let rate = done as f64 / elapsed.as_secs_f64().max(1e-3);
        let left = total.map(|total| total.saturating_sub(done) as f64 / rate);
        Moment {
            done,
            total,
            closed,
            failed,
            rate,
            remaining: left.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()),
            elapsed,
        }
    }
}
