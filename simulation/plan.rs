//! What a world is like: everything that a seed decides beforehand. A plan can be made smaller, which is how a failing
//! seed is shrunk.

use std::fmt;
use std::time::Duration;

use super::chance::Chance;
use super::lives::{Life, WHOLE, life};

/// What can go wrong in a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    /// A request does not leave.
    Unreachable,
    /// 429.
    Throttled,
    /// 503, whether or not something was done.
    Busy,
    /// 401, 403.
    Forbidden,
    /// A request is refused as a whole.
    Refused,
    /// The API refuses a record that it could close.
    Locked,
    /// Some records of a request are left undone, and the answer is silent about them.
    Partial,
    /// Records are closed after the answer, perhaps much later.
    Late,
    /// The connection breaks before the answer.
    Lost,
    /// The answer takes its time.
    Slow,
    /// The answer ends too early.
    Cut,
    /// The answer is no answer.
    Garbage,
    /// The answer says nothing of a record.
    Silent,
    /// The answer says of a record that it is closed, and that something went wrong.
    Muddled,
    /// The items come in another order.
    Shuffled,
    /// Items come twice.
    Doubled,
    /// The answer is about another record.
    Stranger,
    /// A proxy answers.
    Proxy,
    /// The answer comes after a redirect.
    Redirected,
    /// A read shows an older state.
    Lag,
    /// A read shows that a record is closed before it shows with which invoice.
    Halfway,
    /// Other clients close, reject and approve records meanwhile.
    Others,
    /// The disk fails.
    Disk,
    /// The disk damages what was written.
    Damage,
    /// The clock on the wall jumps.
    Clock,
    /// The caller's own code throws.
    Caller,
}

pub const TROUBLES: [Trouble; 26] = [
    Trouble::Unreachable,
    Trouble::Throttled,
    Trouble::Busy,
    Trouble::Forbidden,
    Trouble::Refused,
    Trouble::Locked,
    Trouble::Partial,
    Trouble::Late,
    Trouble::Lost,
    Trouble::Slow,
    Trouble::Cut,
    Trouble::Garbage,
    Trouble::Silent,
    Trouble::Muddled,
    Trouble::Shuffled,
    Trouble::Doubled,
    Trouble::Stranger,
    Trouble::Proxy,
    Trouble::Redirected,
    Trouble::Lag,
    Trouble::Halfway,
    Trouble::Others,
    Trouble::Disk,
    Trouble::Damage,
    Trouble::Clock,
    Trouble::Caller,
];

/// How often a trouble comes: in spells, so that it comes and goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Force {
    /// How many of a hundred requests it hits while it lasts.
    pub percent: u8,
    /// How long a spell lasts.
    pub spell: Duration,
    /// How many of a hundred spells have it.
    pub share: u8,
}

/// What a world is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    pub seed: u64,
    pub records: usize,
    /// The records that no run is given.
    pub left_out: Vec<usize>,
    pub batch: usize,
    pub concurrency: usize,
    pub window: Duration,
    pub max_tries: u32,
    pub has_journal: bool,
    /// How many records the server takes in one request.
    pub most_in_batch: usize,
    /// How far all reads that lag lag behind, if they do so by the same time.
    pub lag: Option<Duration>,
    /// How long the server asks to wait at most.
    pub most_wait: Duration,
    /// How many of a hundred records are as they should be: approved.
    pub approved: u8,
    pub lives: Vec<Life>,
    pub troubles: [Option<Force>; TROUBLES.len()],
}

impl Plan {
    pub fn of(seed: u64) -> Self {
        let mut chance = Chance::of(&[seed, 1]);
        let most = chance.pick([6, 6, 24]);
        let records = chance.between(1, most) as usize;
        let window = chance.pick([5000, 5000, 5000, 1000, 10_000]);
        let lives = chance.between(1, 4);
        let calm = chance.pick([45, 65, 80, 90]);
        let mut plan = Self {
            seed,
            records,
            left_out: Vec::new(),
            batch: chance.between(1, 8) as usize,
            concurrency: chance.between(1, 4) as usize,
            window: Duration::from_millis(window),
            max_tries: chance.pick([5, 5, 5, 3, 2, 1]),
            has_journal: chance.hits(85),
            most_in_batch: chance.pick([1000, 1000, 1000, 2]),
            lag: None,
            most_wait: Duration::from_secs(chance.pick([1, 10, 60, 1000])),
            approved: chance.pick([100, 100, 90, 60]),
            lives: Vec::new(),
            troubles: [None; TROUBLES.len()],
        };
        plan.lag = chance
            .hits(60)
            .then(|| chance.time(Duration::from_secs(1), Duration::from_secs(100)));
        plan.lives
            .extend((0..lives).map(|id| life(&mut chance, id, records)));
        for force in &mut plan.troubles {
            let drawn = Force {
                percent: chance.pick([5, 15, 40, 80, 100]),
                spell: Duration::from_secs(chance.pick([1, 5, 20, 120])),
                share: chance.pick([20, 50, 100, 100]),
            };
            *force = Some(drawn).filter(|_| !chance.hits(calm));
        }
        plan
    }

    pub fn force(&self, trouble: Trouble) -> Option<Force> {
        let at = TROUBLES.iter().position(|other| *other == trouble)?;
        self.troubles[at]
    }

    /// Plans that are smaller in one thing each, the greatest steps first.
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
        for life in 0..self.lives.len() {
            add(&|plan| {
                plan.lives.remove(life);
            });
        }
        for at in 0..TROUBLES.len() {
            add(&|plan| plan.troubles[at] = None);
        }
        add(&|plan| plan.approved = 100);
        add(&|plan| plan.most_in_batch = 1000);
        add(&|plan| plan.concurrency = 1);
        for batch in [1, 2, self.records] {
            add(&|plan| plan.batch = batch.min(plan.batch));
        }
        add(&|plan| plan.has_journal = false);
        for life in 0..self.lives.len() {
            add(&|plan| plan.lives[life].source = WHOLE);
            add(&|plan| plan.lives[life].is_other_invoice = false);
            add(&|plan| plan.lives[life].stop_on_error = false);
            add(&|plan| plan.lives[life].is_power_cut = false);
            add(&|plan| plan.lives[life].pause = Duration::ZERO);
        }
        plans
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let troubles: Vec<_> = TROUBLES
            .iter()
            .filter(|trouble| self.force(**trouble).is_some())
            .collect();
        write!(
            f,
            "The world of seed {}: {} records, {} in a batch, {} requests at once, a window of {:?}, {} tries, {}; {} run(s) before \
             the last one; troubles: {troubles:?}",
            self.seed,
            self.records - self.left_out.len(),
            self.batch,
            self.concurrency,
            self.window,
            self.max_tries,
            if self.has_journal {
                "a journal"
            } else {
                "no journal"
            },
            self.lives.len(),
        )
    }
}
