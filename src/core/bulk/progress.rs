//! How far a run is. The run counts; others read.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::Instant;

use crate::core::environment::{Environment, Machine};

/// The counters of a run; clones share them.
#[derive(Clone)]
pub struct Progress {
    counts: Arc<Counts>,
    is_busy: watch::Sender<bool>,
    environment: Arc<dyn Environment>,
    started: Instant,
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counts.fmt(f)
    }
}

#[derive(Debug, Default)]
struct Counts {
    closed: AtomicU64,
    failed: AtomicU64,
    total: AtomicU64,
    has_all_records: AtomicBool,
}

/// How far a run is at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProgressSnapshot {
    /// How many records have an outcome.
    pub done: u64,
    /// How many records there are, if known.
    pub total: Option<u64>,
    /// How many are closed.
    pub closed: u64,
    /// How many are not closed, or unknown.
    pub failed: u64,
    /// Records per second since the start.
    pub rate: f64,
    /// How long the rest takes at that rate.
    pub remaining: Option<Duration>,
    /// Time since the start.
    pub elapsed: Duration,
}

impl Default for Progress {
    fn default() -> Self {
        Self::new(Arc::new(Machine))
    }
}

impl Progress {
    /// Starts counting now.
    pub fn new(environment: Arc<dyn Environment>) -> Self {
        Self {
            counts: Arc::default(),
            is_busy: watch::Sender::new(true),
            started: environment.now(),
            environment,
        }
    }

    /// Says that all records are known: if the run ends early, its report counts each of them.
    pub fn set_all_records_known(&self) {
        self.counts.has_all_records.store(true, Ordering::Relaxed);
    }

    /// Whether all records are known.
    pub fn has_all_records(&self) -> bool {
        self.counts.has_all_records.load(Ordering::Relaxed)
    }

    /// Says whether the run has something to do, or waits for records with nothing in flight.
    pub fn set_busy(&self, is_busy: bool) {
        // A task that waits in `idle` is woken each time the run is still idle: its input may have changed in between.
        if !is_busy || !*self.is_busy.borrow() {
            self.is_busy.send_replace(is_busy);
        }
    }

    /// Completes when the run has nothing to do.
    ///
    /// * `is_waiting`: whether the run has taken all the records that it was given.
    pub async fn idle(&self, is_waiting: impl Fn() -> bool) {
        let mut is_busy = self.is_busy.subscribe();
        while *is_busy.borrow_and_update() || !is_waiting() {
            if is_busy.changed().await.is_err() {
                return;
            }
        }
    }

    /// Counts a record that has an outcome.
    pub fn count(&self, is_closed: bool) {
        let counter = if is_closed {
            &self.counts.closed
        } else {
            &self.counts.failed
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }

    /// Sets how many records there will be.
    pub fn set_total(&self, total: u64) {
        self.counts.total.store(total, Ordering::Relaxed);
    }

    /// How far the run is.
    pub fn snapshot(&self) -> ProgressSnapshot {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let (closed, failed) = (read(&self.counts.closed), read(&self.counts.failed));
        let total = Some(read(&self.counts.total)).filter(|total| *total > 0);
        let done = closed + failed;
        let elapsed = self.environment.now().duration_since(self.started);
        let rate = done as f64 / elapsed.as_secs_f64().max(1e-3);
        let left = total.map(|total| total.saturating_sub(done) as f64 / rate);
        ProgressSnapshot {
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
