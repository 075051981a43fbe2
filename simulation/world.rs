//! The world that a run acts in: the server with its books, everything that is on its way, and what is watched.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::answers::Answer;
use super::books::{Closer, Entry, Invoice, State, Time, shown};
use super::chance::Chance;
use super::figures::Figures;
use super::lives::Ends;
use super::plan::{Plan, Trouble};
use super::trace::{BEGINNING, Trace};
use super::watch::{Violation, Watch};

/// What happens by itself at a time.
pub enum Effect {
    /// A request reaches the server.
    Arrive(u64),
    /// A record is closed.
    Close(usize, Invoice, Closer),
    /// A record becomes something else.
    Become(usize, State),
}

/// What a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Batch,
    Single,
    Read,
}

/// A request on its way.
pub struct Open {
    pub kind: Kind,
    pub life: u32,
    pub sent: Time,
    /// What chance it has depends on this.
    pub key: u64,
    /// The records, and with what they are to be closed.
    pub records: Vec<(usize, Invoice)>,
    pub answer: Option<Answer>,
}

/// The process that is alive.
pub struct Process {
    pub number: u32,
    pub ends: Ends,
    pub requests: u64,
    pub in_flight: usize,
    /// What it has done with its journal's disk.
    pub steps: u64,
    pub invoice: usize,
    pub killed: Arc<Notify>,
}

pub struct World {
    pub plan: Plan,
    pub books: Vec<Entry>,
    pub watch: Watch,
    pub trace: Trace,
    pub figures: Figures,
    pub violation: Option<Violation>,
    /// Whether nothing goes wrong any more.
    pub is_healed: bool,
    pub process: Option<Process>,
    pub open: BTreeMap<u64, Open>,
    /// How many requests there were with each record.
    pub turns: Vec<u64>,
    /// How many numbers were drawn.
    pub drawn: u64,
    /// How many steps of the disk there were.
    pub step: u64,
    pub is_header_damaged: bool,
    pub is_journal_damaged: bool,
    /// The parts of each report.
    pub reports: Vec<[u64; 6]>,
    effects: BTreeMap<(Time, u64), Effect>,
    effect: u64,
    origin: Instant,
}

/// A world that several tasks act in, one at a time.
#[derive(Clone)]
pub struct Shared(Arc<Mutex<World>>);

impl Shared {
    pub fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(world)))
    }

    pub fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl World {
    pub fn new(plan: Plan, keeps_trace: bool) -> Self {
        let mut world = Self {
            books: Vec::new(),
            watch: Watch::new(plan.records, plan.window),
            trace: Trace::new(keeps_trace),
            figures: Figures::default(),
            violation: None,
            is_healed: false,
            process: None,
            open: BTreeMap::new(),
            turns: vec![0; plan.records],
            drawn: 0,
            step: 0,
            is_header_damaged: false,
            is_journal_damaged: false,
            reports: Vec::new(),
            effects: BTreeMap::new(),
            effect: 0,
            origin: Instant::now(),
            plan,
        };
        for record in 0..world.plan.records {
            let entry = world.entry(record);
            world.books.push(entry);
        }
        world
    }

    /// A record as the world begins, and what others will do to it.
    fn entry(&mut self, record: usize) -> Entry {
        let mut chance = Chance::of(&[self.plan.seed, 2, record as u64]);
        let others = chance.pick([Some("OTHER"), Some("OTHER"), None, Some("INV-A")]);
        let last = if chance.hits(90) && chance.hits(self.plan.approved) {
            State::Approved
        } else {
            let closed = State::Closed(others.map(Into::into));
            [
                State::Valid,
                State::Invalid,
                State::Rejected,
                State::Missing,
                closed,
            ][chance.below(5) as usize]
                .clone()
        };
        let is_stubborn = !chance.hits(self.plan.approved.max(90));
        let mut since = BEGINNING - Time::from_secs(3600);
        let mut history = Vec::new();
        if chance.hits(30) {
            // It is new: an old state of it is another one.
            for earlier in [State::Missing, State::Valid, State::Approved] {
                if earlier == last {
                    break;
                }
                history.push((since, earlier));
                since = BEGINNING - chance.time(Time::from_millis(10), Time::from_secs(20));
            }
        }
        history.push((since, last));
        if let (Some(force), true) = (self.plan.force(Trouble::Others), chance.hits(50))
            && chance.hits(force.percent)
        {
            let at = BEGINNING + chance.time(Time::from_millis(10), Time::from_secs(300));
            let change = match chance.below(4) {
                0..=1 => Effect::Close(record, others.map(Into::into), Closer::Others),
                2 => Effect::Become(record, State::Rejected),
                _ => Effect::Become(record, State::Approved),
            };
            self.at(at, change);
        }
        let invoice = chance.pick([Some("INV-A"), Some("INV-A"), Some("INV-A"), None]);
        let invoices = [invoice.map(Into::into), Some("INV-B".into())];
        Entry::new(format!("UR-{record}"), invoices, history, is_stubborn)
    }

    pub fn now(&self) -> Time {
        BEGINNING + Instant::now().duration_since(self.origin)
    }

    pub fn instant(&self, time: Time) -> Instant {
        self.origin + time.saturating_sub(BEGINNING)
    }

    /// A stream of chance for a purpose.
    pub fn chance(&self, purpose: u64, key: u64) -> Chance {
        Chance::of(&[self.plan.seed, purpose, key])
    }

    /// A number for what happens to a record in the request that it is in. It stays the same where a world has other records
    /// fewer, so that a smaller world is the same one in what is left of it.
    pub fn key(&self, record: usize) -> u64 {
        Chance::of(&[record as u64, self.turns[record]]).number()
    }

    /// Whether a trouble hits something now.
    pub fn has(&self, trouble: Trouble, key: u64) -> bool {
        let Some(force) = self.plan.force(trouble).filter(|_| !self.is_healed) else {
            return false;
        };
        let spell = (self.now().as_millis() / force.spell.as_millis().max(1)) as u64;
        let (seed, trouble) = (self.plan.seed, trouble as u64);
        Chance::of(&[seed, 3, trouble, spell]).hits(force.share)
            && Chance::of(&[seed, 4, trouble, key]).hits(force.percent)
    }

    pub fn at(&mut self, time: Time, effect: Effect) {
        self.effect += 1;
        self.effects.insert((time, self.effect), effect);
    }

    /// Lets happen what is due.
    pub fn catch_up(&mut self) {
        let now = self.now();
        while let Some(entry) = self.effects.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((time, _), effect) = entry.remove_entry();
            match effect {
                Effect::Arrive(number) => self.arrive(number, time),
                Effect::Close(record, invoice, closer) => {
                    self.close(record, &invoice, closer, time);
                }
                Effect::Become(record, state) => {
                    if self.books[record].become_(time, state.clone()) {
                        self.trace
                            .say(time, || format!("      others make UR-{record} {state}"));
                    }
                }
            }
        }
    }

    /// Closes a record in the books, if that can be.
    pub fn close(&mut self, record: usize, invoice: &Invoice, closer: Closer, time: Time) -> bool {
        let entry = &mut self.books[record];
        let is_closed = entry.close(time, invoice, closer);
        let who = match closer {
            Closer::Ours { request, .. } => format!("the server closes, for #{request},"),
            Closer::Others => "others close".into(),
        };
        if is_closed {
            self.trace.say(time, || {
                format!("      {who} UR-{record} with {}", shown(invoice))
            });
            let failed = entry.failed_in;
            if let (Closer::Ours { life, .. }, Some(failed)) = (closer, failed)
                && (life == failed || (life < failed && self.plan.has_journal))
            {
                self.breaks(
                    "failed",
                    format!("UR-{record} is closed by us, and run {failed} had said that it failed"),
                );
            }
        }
        is_closed
    }

    /// The time of the last thing that others will do.
    pub fn others_end(&self) -> Time {
        let others = self.effects.iter().filter(|(_, effect)| match effect {
            Effect::Become(..) => true,
            Effect::Close(_, _, closer) => *closer == Closer::Others,
            Effect::Arrive(_) => false,
        });
        others.map(|((time, _), _)| *time).max().unwrap_or(Time::ZERO)
    }

    /// The time after which nothing happens by itself any more.
    pub fn end(&self) -> Time {
        self.effects
            .keys()
            .next_back()
            .map_or(Time::ZERO, |(time, _)| *time)
    }

    /// Notes the first rule that is broken, and stops the process.
    pub fn breaks(&mut self, rule: &'static str, message: String) {
        self.trace
            .say(self.now(), || format!("      BROKEN ({rule}): {message}"));
        self.violation.get_or_insert(Violation { rule, message });
        self.kill();
    }

    /// The process dies: whatever is left of it does nothing any more.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.killed.notify_one();
            self.figures.deaths += u64::from(self.violation.is_none());
            self.trace
                .say(self.now(), || format!("---   process {} dies", process.number));
        }
    }
}
