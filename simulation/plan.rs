//! The plan of a world: everything that a seed decides in advance. A failing seed is shrunk by simplifying its plan.

use std::fmt;
use std::time::Duration;

use super::kind::Kind;
use super::process_plan::{ProcessPlan, WHOLE_LIST, process_plan};
use super::random::Random;

/// A fault that the world injects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A request is not sent.
    Unreachable,
    /// 429.
    Throttled,
    /// 503, processed or not.
    Busy,
    /// 401, 403.
    Forbidden,
    /// A request is rejected as a whole.
    Refused,
    /// The API refuses a record that could be closed.
    Locked,
    /// Some records of a request are not processed, and the response does not mention them.
    Partial,
    /// Records are closed after the response, perhaps much later.
    Late,
    /// The connection breaks before the response.
    Lost,
    /// The response is slow.
    Slow,
    /// The response is cut off.
    Cut,
    /// The response is garbage.
    Garbage,
    /// The response says nothing about a record.
    Silent,
    /// The response says that a record is closed, and names an error.
    Contradictory,
    /// The items come in another order.
    Shuffled,
    /// Items come twice.
    Doubled,
    /// The response is about another record.
    OtherRecord,
    /// A proxy responds.
    Proxy,
    /// The response comes after a redirect.
    Redirected,
    /// A read is stale.
    Lag,
    /// A read shows that a record is closed before it shows with which invoice.
    InvoiceLag,
    /// Other clients close, reject and approve records meanwhile.
    OtherClients,
    /// The disk fails.
    Disk,
    /// The disk corrupts what was written.
    Damage,
    /// The wall clock jumps.
    Clock,
    /// The caller's own code throws.
    Caller,
}

pub const FAULTS: [Fault; 26] = [
    Fault::Unreachable,
    Fault::Throttled,
    Fault::Busy,
    Fault::Forbidden,
    Fault::Refused,
    Fault::Locked,
    Fault::Partial,
    Fault::Late,
    Fault::Lost,
    Fault::Slow,
    Fault::Cut,
    Fault::Garbage,
    Fault::Silent,
    Fault::Contradictory,
    Fault::Shuffled,
    Fault::Doubled,
    Fault::OtherRecord,
    Fault::Proxy,
    Fault::Redirected,
    Fault::Lag,
    Fault::InvoiceLag,
    Fault::OtherClients,
    Fault::Disk,
    Fault::Damage,
    Fault::Clock,
    Fault::Caller,
];

/// How often a fault is injected. Faults come in bursts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FaultRate {
    /// The percentage of requests that it hits during a burst.
    pub percent: u8,
    /// How long a burst lasts.
    pub burst: Duration,
    /// The percentage of bursts in which it is active.
    pub active_bursts: u8,
}

/// The plan of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    pub kind: Kind,
    pub records: usize,
    /// The records that no run gets.
    pub left_out: Vec<usize>,
    pub batch: usize,
    pub concurrency: usize,
    pub window: Duration,
    pub max_tries: u32,
    pub has_journal: bool,
    /// How many records the server accepts in one request.
    pub max_in_batch: usize,
    /// How far all stale reads lag, if they lag equally.
    pub lag: Option<Duration>,
    /// The longest wait that the server asks for.
    pub max_wait: Duration,
    /// The percentage of records that are approved.
    pub approved: u8,
    pub processes: Vec<ProcessPlan>,
    pub faults: [Option<FaultRate>; FAULTS.len()],
}

impl Plan {
    pub fn of(seed: u64) -> Self {
        let mut random = Random::of(&[seed, 1]);
        let max = random.pick([6, 6, 24]);
        let records = random.between(1, max) as usize;
        let window = random.pick([5000, 5000, 5000, 1000, 10_000]);
        let processes = random.between(1, 4);
        let calm = random.pick([45, 65, 80, 90]);
        // A stream of its own.
        let kind = match Random::of(&[seed, 14]).below(10) {
            0..=5 => Kind::Records,
            6 => Kind::Chunks { shows_invoice: true },
            _ => Kind::Chunks { shows_invoice: false },
        };
        let mut plan = Self {
            seed,
            kind,
            records,
            left_out: Vec::new(),
            batch: random.between(1, 8) as usize,
            concurrency: random.between(1, 4) as usize,
            window: Duration::from_millis(window),
            max_tries: random.pick([5, 5, 5, 3, 2, 1]),
            has_journal: random.hits(85),
            max_in_batch: random.pick([1000, 1000, 1000, 2]),
            lag: None,
            max_wait: Duration::from_secs(random.pick([1, 10, 60, 1000])),
            approved: random.pick([100, 100, 90, 60]),
            processes: Vec::new(),
            faults: [None; FAULTS.len()],
        };
        plan.lag = random
            .hits(60)
            .then(|| random.time(Duration::from_secs(1), Duration::from_secs(100)));
        plan.processes
            .extend((0..processes).map(|id| process_plan(&mut random, id, records)));
        for fault_rate in &mut plan.faults {
            let drawn = FaultRate {
                percent: random.pick([5, 15, 40, 80, 100]),
                burst: Duration::from_secs(random.pick([1, 5, 20, 120])),
                active_bursts: random.pick([20, 50, 100, 100]),
            };
            *fault_rate = Some(drawn).filter(|_| !random.hits(calm));
        }
        plan
    }

    pub fn fault_rate(&self, fault: Fault) -> Option<FaultRate> {
        let at = FAULTS.iter().position(|other| *other == fault)?;
        self.faults[at]
    }

    /// Plans that are simpler in one respect each, the biggest steps first.
    pub fn smaller(&self) -> Vec<Self> {
        let mut plans = Vec::new();
        let mut add = |change: &dyn Fn(&mut Self)| {
            let mut plan = self.clone();
            change(&mut plan);
            if plan != *self {
                plans.push(plan);
            }
        };
        let given: Vec<_> = (0..self.records)
            .filter(|record| !self.left_out.contains(record))
            .collect();
        let (first, second) = given.split_at(given.len() / 2);
        let each = given.chunks(1).filter(|_| given.len() > 1);
        for part in [first, second]
            .into_iter()
            .chain(each)
            .filter(|part| part.len() < given.len())
        {
            add(&|plan| plan.left_out.extend(part));
        }
        for process_plan in 0..self.processes.len() {
            add(&|plan| {
                plan.processes.remove(process_plan);
            });
        }
        for at in 0..FAULTS.len() {
            add(&|plan| plan.faults[at] = None);
        }
        add(&|plan| plan.kind = Kind::Records);
        add(&|plan| plan.approved = 100);
        add(&|plan| plan.max_in_batch = 1000);
        add(&|plan| plan.concurrency = 1);
        for batch in [1, 2, self.records] {
            add(&|plan| plan.batch = batch.min(plan.batch));
        }
        add(&|plan| plan.has_journal = false);
        for process_plan in 0..self.processes.len() {
            add(&|plan| plan.processes[process_plan].source = WHOLE_LIST);
            add(&|plan| plan.processes[process_plan].is_other_invoice = false);
            add(&|plan| plan.processes[process_plan].stop_on_error = false);
            add(&|plan| plan.processes[process_plan].is_power_cut = false);
            add(&|plan| plan.processes[process_plan].pause = Duration::ZERO);
        }
        plans
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let faults: Vec<_> = FAULTS
            .iter()
            .filter(|fault| self.fault_rate(**fault).is_some())
            .collect();
        write!(
            f,
            "The world of seed {}: {} of {:?}, {} in a batch, {} requests at once, a window of {:?}, {} tries, {}; {} run(s) before \
             the last one; faults: {faults:?}",
            self.seed,
            self.records - self.left_out.len(),
            self.kind,
            self.batch,
            self.concurrency,
            self.window,
            self.max_tries,
            if self.has_journal {
                "a journal"
            } else {
                "no journal"
            },
            self.processes.len(),
        )
    }
}
