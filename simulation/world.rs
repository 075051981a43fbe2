//! The world of a run: the server with its ledger, everything in flight, and the invariants.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::Instant;

use super::kind::Kind;
use super::ledger::{Closer, Entry, Invoice, State, Time, shown};
use super::plan::{Fault, Plan};
use super::process_plan::ProcessEnd;
use super::random::Random;
use super::request_invariants::{RequestInvariants, Violation};
use super::responses::Answer;
use super::statistics::Statistics;
use super::trace::{BEGINNING, Trace};

/// What happens at a scheduled time.
pub enum Event {
    /// A request arrives at the server.
    Arrive(u64),
    /// A record is closed.
    Close(usize, Invoice, Closer),
    /// A record gets another state.
    Become(usize, State),
}

/// The kind of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestKind {
    Batch,
    Single,
    Read,
}

/// A request in flight.
pub struct InFlightRequest {
    pub kind: RequestKind,
    pub process: u32,
    pub sent: Time,
    /// The seed of its random choices.
    pub key: u64,
    /// The records, and the invoices to close them with.
    pub records: Vec<(usize, Invoice)>,
    pub answer: Option<Answer>,
}

/// The process that is alive.
pub struct Process {
    pub number: u32,
    pub ends: ProcessEnd,
    pub requests: u64,
    pub in_flight: usize,
    /// How many requests were made since a response said that the API key has no right; `None` if none did.
    pub requests_without_key: Option<usize>,
    /// How many operations it has done on its journal's disk.
    pub steps: u64,
    pub invoice: usize,
    pub killed: Arc<Notify>,
}

pub struct World {
    pub plan: Plan,
    pub ledger: Vec<Entry>,
    pub invariants: RequestInvariants,
    pub trace: Trace,
    pub statistics: Statistics,
    pub violation: Option<Violation>,
    /// Whether faults have stopped.
    pub is_fault_free: bool,
    pub process: Option<Process>,
    pub open: BTreeMap<u64, InFlightRequest>,
    /// How many requests there were with each record.
    pub turns: Vec<u64>,
    /// How many random numbers the engine has drawn.
    pub drawn: u64,
    /// How many operations of the disk there were.
    pub step: u64,
    pub is_header_damaged: bool,
    pub is_journal_damaged: bool,
    /// The counts of each report.
    pub reports: Vec<[u64; 6]>,
    events: BTreeMap<(Time, u64), Event>,
    event_number: u64,
    origin: Instant,
}

/// A world shared by several tasks.
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
            ledger: Vec::new(),
            invariants: RequestInvariants::new(plan.records, plan.window),
            trace: Trace::new(keeps_trace),
            statistics: Statistics::default(),
            violation: None,
            is_fault_free: false,
            process: None,
            open: BTreeMap::new(),
            turns: vec![0; plan.records],
            drawn: 0,
            step: 0,
            is_header_damaged: false,
            is_journal_damaged: false,
            reports: Vec::new(),
            events: BTreeMap::new(),
            event_number: 0,
            origin: Instant::now(),
            plan,
        };
        for record in 0..world.plan.records {
            let entry = world.entry(record);
            world.ledger.push(entry);
        }
        world
    }

    /// A record in its initial state; schedules what other clients do to it.
    fn entry(&mut self, record: usize) -> Entry {
        let mut random = Random::of(&[self.plan.seed, 2, record as u64]);
        let others = random.pick([Some("OTHER"), Some("OTHER"), None, Some("INV-A")]);
        let last = if random.hits(90) && random.hits(self.plan.approved) {
            State::Approved
        } else {
            let closed = State::Closed(others.map(Into::into));
            [
                State::Valid,
                State::Invalid,
                State::Rejected,
                State::Missing,
                closed,
            ][random.below(5) as usize]
                .clone()
        };
        let last = self.plan.kind.state(last);
        let is_always_refused = !random.hits(self.plan.approved.max(90));
        let mut since = BEGINNING - Time::from_secs(3600);
        let mut history = Vec::new();
        if random.hits(30) {
            // A new record: a stale read shows an earlier state.
            let failed = self.plan.kind.state(State::Rejected);
            for earlier in [State::Missing, State::Valid, failed, State::Approved] {
                // A record that was rejected stays so.
                if earlier.is_final() {
                    continue;
                }
                if earlier == last {
                    break;
                }
                history.push((since, earlier));
                since = BEGINNING - random.time(Time::from_millis(10), Time::from_secs(20));
            }
        }
        history.push((since, last));
        if let (Some(fault_rate), true) = (self.plan.fault_rate(Fault::OtherClients), random.hits(50))
            && random.hits(fault_rate.percent)
        {
            let at = BEGINNING + random.time(Time::from_millis(10), Time::from_secs(300));
            let change = match random.below(4) {
                0..=1 => Event::Close(record, others.map(Into::into), Closer::OtherClients),
                2 => Event::Become(record, self.plan.kind.state(State::Rejected)),
                _ => Event::Become(record, State::Approved),
            };
            self.at(at, change);
        }
        let invoice = random.pick([Some("INV-A"), Some("INV-A"), Some("INV-A"), None]);
        let invoices = [invoice.map(Into::into), Some("INV-B".into())];
        let kind = self.plan.kind;
        let mut entry = Entry::new(kind.id(record), invoices, history, is_always_refused);
        if kind != Kind::Records {
            // Connect closes a chunk only with an invoice.
            entry.invoices[0].get_or_insert_with(|| "INV-A".into());
            entry.is_outdated = random.hits(10);
        }
        entry
    }

    pub fn now(&self) -> Time {
        BEGINNING + Instant::now().duration_since(self.origin)
    }

    pub fn instant(&self, time: Time) -> Instant {
        self.origin + time.saturating_sub(BEGINNING)
    }

    /// A stream of random numbers for a purpose.
    pub fn random(&self, purpose: u64, key: u64) -> Random {
        Random::of(&[self.plan.seed, purpose, key])
    }

    /// A number for the request that a record is in. It does not depend on the other records, so that a world with fewer
    /// records stays the same in the rest.
    pub fn key(&self, record: usize) -> u64 {
        Random::of(&[record as u64, self.turns[record]]).number()
    }

    /// Whether a fault is injected now.
    pub fn has(&self, fault: Fault, key: u64) -> bool {
        let Some(fault_rate) = self.plan.fault_rate(fault).filter(|_| !self.is_fault_free) else {
            return false;
        };
        let burst = (self.now().as_millis() / fault_rate.burst.as_millis().max(1)) as u64;
        let (seed, fault) = (self.plan.seed, fault as u64);
        Random::of(&[seed, 3, fault, burst]).hits(fault_rate.active_bursts)
            && Random::of(&[seed, 4, fault, key]).hits(fault_rate.percent)
    }

    pub fn at(&mut self, time: Time, event_number: Event) {
        self.event_number += 1;
        self.events.insert((time, self.event_number), event_number);
    }

    /// Lets everything happen that is due.
    pub fn catch_up(&mut self) {
        let now = self.now();
        while let Some(entry) = self.events.first_entry().filter(|entry| entry.key().0 <= now) {
            let ((time, _), event_number) = entry.remove_entry();
            match event_number {
                Event::Arrive(number) => self.arrive(number, time),
                Event::Close(record, invoice, closer) => {
                    self.close(record, &invoice, closer, time);
                }
                Event::Become(record, state) => {
                    if self.ledger[record].set_state(time, state.clone()) {
                        self.trace
                            .say(time, || format!("      other clients set {record} to {state}"));
                    }
                }
            }
        }
    }

    /// Closes a record in the ledger, if that is possible.
    pub fn close(&mut self, record: usize, invoice: &Invoice, closer: Closer, time: Time) -> bool {
        let entry = &mut self.ledger[record];
        let is_closed = entry.close(time, invoice, closer);
        let who = match closer {
            Closer::Ours { request, .. } => format!("the server closes, for #{request},"),
            Closer::OtherClients => "others close".into(),
        };
        if is_closed {
            self.trace
                .say(time, || format!("      {who} {record} with {}", shown(invoice)));
            let failed = entry.failed_in;
            if let (Closer::Ours { process, .. }, Some(failed)) = (closer, failed)
                && (process == failed || (process < failed && self.plan.has_journal))
            {
                self.report_violation(
                    "failed",
                    format!("{record} is closed by us, and run {failed} had reported that it failed"),
                );
            }
        }
        is_closed
    }

    /// The time of the last action of other clients.
    pub fn others_end(&self) -> Time {
        let others = self.events.iter().filter(|(_, event_number)| match event_number {
            Event::Become(..) => true,
            Event::Close(_, _, closer) => *closer == Closer::OtherClients,
            Event::Arrive(_) => false,
        });
        others.map(|((time, _), _)| *time).max().unwrap_or(Time::ZERO)
    }

    /// The time of the last scheduled event.
    pub fn end(&self) -> Time {
        self.events
            .keys()
            .next_back()
            .map_or(Time::ZERO, |(time, _)| *time)
    }

    /// Records the first violation, and kills the process.
    pub fn report_violation(&mut self, invariant: &'static str, message: String) {
        self.trace
            .say(self.now(), || format!("      VIOLATED ({invariant}): {message}"));
        self.violation.get_or_insert(Violation { invariant, message });
        self.kill();
    }

    /// Kills the process: whatever is left of it has no effect any more.
    pub fn kill(&mut self) {
        if let Some(process) = self.process.take() {
            process.killed.notify_one();
            self.statistics.crashes += u64::from(self.violation.is_none());
            self.trace
                .say(self.now(), || format!("---   process {} crashes", process.number));
        }
    }
}
