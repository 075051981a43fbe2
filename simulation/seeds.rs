//! Runs many seeds on all processors.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::plan::Plan;
use super::request_invariants::Violation;
use super::shrink::shrink;
use super::simulate::{SimulationResult, simulate};
use super::statistics::Statistics;

/// The results of many seeds.
#[derive(Debug, Default)]
pub struct Total {
    pub seeds: u64,
    pub statistics: Statistics,
    pub end_states: HashSet<u64>,
    /// The first seed that violates an invariant.
    pub failing: Option<u64>,
}

/// Runs seeds until one violates an invariant, or the time is over.
pub fn run(first: u64, count: u64, time: Option<Duration>) -> Total {
    let end = time.map(|time| Instant::now() + time);
    let next = AtomicU64::new(0);
    let is_over = AtomicBool::new(false);
    let total = Mutex::new(Total::default());
    let work = || {
        let mut own = Total::default();
        while !is_over.load(Ordering::Relaxed) && end.is_none_or(|end| Instant::now() < end) {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                break;
            }
            let seed = first.wrapping_add(at);
            let result = one(&Plan::of(seed), false);
            own.add(&result);
            if result.violation.is_some() {
                own.failing = Some(seed);
                is_over.store(true, Ordering::Relaxed);
            }
        }
        total.lock().unwrap_or_else(PoisonError::into_inner).merge(own);
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    total.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs one world; a panic is a violation, too.
pub fn one(plan: &Plan, keeps_trace: bool) -> SimulationResult {
    catch_unwind(AssertUnwindSafe(|| simulate(plan, keeps_trace))).unwrap_or_else(|_| SimulationResult {
        violation: Some(Violation {
            invariant: "panic",
            message: "something panicked".into(),
        }),
        statistics: Statistics::default(),
        end_state: 0,
        trace: Vec::new(),
    })
}

/// The simplest plan that violates the same invariant as this seed.
pub fn smallest(seed: u64) -> Plan {
    let plan = Plan::of(seed);
    let invariant = one(&plan, false).violation.map(|violation| violation.invariant);
    shrink(plan, |plan| {
        one(plan, false).violation.map(|violation| violation.invariant) == invariant
    })
}

impl Total {
    fn add(&mut self, result: &SimulationResult) {
        self.seeds += 1;
        self.statistics.add(&result.statistics);
        self.end_states.insert(result.end_state);
    }

    fn merge(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.statistics.add(&other.statistics);
        self.end_states.extend(other.end_states);
        self.failing = match (self.failing, other.failing) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}
