//! Many worlds, one after the other, on as many threads as there are processors.

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::figures::Figures;
use super::life::{Outcome, simulate};
use super::plan::Plan;
use super::shrink::shrink;
use super::watch::Violation;

/// What many worlds came to.
#[derive(Debug, Default)]
pub struct Total {
    pub seeds: u64,
    pub figures: Figures,
    pub end_states: HashSet<u64>,
    /// The first seed that breaks a rule.
    pub failing: Option<u64>,
}

/// Lets these seeds be, until one breaks a rule or the time is over.
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
            let outcome = one(&Plan::of(seed), false);
            own.add(&outcome);
            if outcome.violation.is_some() {
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

/// One world; what panics breaks a rule, too.
pub fn one(plan: &Plan, keeps_trace: bool) -> Outcome {
    catch_unwind(AssertUnwindSafe(|| simulate(plan, keeps_trace))).unwrap_or_else(|_| Outcome {
        violation: Some(Violation {
            rule: "panic",
            message: "something panicked".into(),
        }),
        figures: Figures::default(),
        end_state: 0,
        trace: Vec::new(),
    })
}

/// The smallest plan that breaks the rule that this seed breaks.
pub fn smallest(seed: u64) -> Plan {
    let plan = Plan::of(seed);
    let rule = one(&plan, false).violation.map(|violation| violation.rule);
    shrink(plan, |plan| {
        one(plan, false).violation.map(|violation| violation.rule) == rule
    })
}

impl Total {
    fn add(&mut self, outcome: &Outcome) {
        self.seeds += 1;
        self.figures.add(&outcome.figures);
        self.end_states.insert(outcome.end_state);
    }

    fn merge(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.figures.add(&other.figures);
        self.end_states.extend(other.end_states);
        self.failing = match (self.failing, other.failing) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        };
    }
}
