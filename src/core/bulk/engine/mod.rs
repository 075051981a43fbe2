//! The run: takes records in, sends them in batches, and finds out what became of each.
//!
//! A record is settled only by what is certain: the API's word that this request closed it, or reading it back. A
//! request whose answer was lost is never sent again before its records have been read.

mod ending;
mod results;
mod work;

use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;
use tokio::task::JoinSet;

use super::journal::{Before, Journal, Past};
use super::pace::Pace;
use super::progress::Progress;
use super::records::Record;
use super::report::{Fate, Report};
use crate::core::error::Failure;
use crate::core::outcome::Outcome;
use crate::core::policy::RetryPolicy;
use crate::core::request::Request;
use work::{Done, Item, Work, carry_out};

/// What sends a run's requests: the engine's client, or JavaScript's pipeline.
pub trait Road: Send + Sync + 'static {
    /// Sends a request.
    fn send(&self, request: Request) -> Pin<Box<dyn Future<Output = Result<Outcome, Failure>> + Send>>;
}

/// How a run is to go.
#[derive(Debug, Clone)]
pub struct Options {
    /// How many records a request closes. Default 100.
    pub batch_size: usize,
    /// How many requests are under way at most. Default 4.
    pub concurrency: usize,
    /// Whether the first record that cannot be closed ends the run.
    pub stop_on_error: bool,
    /// Whether to look only: what earlier runs closed is counted, nothing is sent.
    pub dry_run: bool,
    /// How often a record is sent before it is given up. Default 5.
    pub most_tries: u32,
    /// The back-off between tries.
    pub policy: RetryPolicy,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            batch_size: 100,
            concurrency: 4,
            stop_on_error: false,
            dry_run: false,
            most_tries: 5,
            policy: RetryPolicy::default(),
        }
    }
}

/// Why a run ended before its records did.
#[derive(Debug, Clone)]
pub enum Stopped {
    /// It was called off.
    Aborted,
    /// Nothing of the kind can be done: a wrong endpoint, a key without the right, a journal that cannot be written.
    Failed(Failure),
    /// The key has not the right; the answer that said so.
    Forbidden(Outcome),
}

/// A run.
pub struct Run {
    road: Arc<dyn Road>,
    base: String,
    options: Options,
    journal: Option<Journal>,
    past: Past,
    progress: Progress,
    report: Report,
    pace: Pace,
    /// What is to be done now, and later.
    ready: VecDeque<Work>,
    later: Vec<(Instant, Work)>,
    /// Records that are open again, to be sent together.
    open: Vec<Item>,
    /// New records, which no batch has taken yet.
    fresh: VecDeque<Record>,
    tasks: JoinSet<Done>,
    /// The records of the requests under way, for should the run be called off.
    under_way: HashMap<tokio::task::Id, Vec<String>>,
    throttled: u32,
    stopped: Option<Stopped>,
    last_refusal: Arc<std::sync::Mutex<Option<Outcome>>>,
}

impl Run {
    /// Prepares a run.
    ///
    /// * `base`: the path of the usage records.
    /// * `journal`: where it is written down, and what earlier runs did.
    pub fn new(
        road: Arc<dyn Road>,
        base: String,
        options: Options,
        journal: Option<(Journal, Past)>,
        progress: Progress,
    ) -> Self {
        let (journal, past) =
            journal.map_or((None, Past::default()), |(journal, past)| (Some(journal), past));
        Self {
            road,
            base,
            pace: Pace::new(options.concurrency),
            options,
            journal,
            past,
            progress,
            report: Report::default(),
            ready: VecDeque::new(),
            later: Vec::new(),
            open: Vec::new(),
            fresh: VecDeque::new(),
            tasks: JoinSet::new(),
            under_way: HashMap::new(),
            throttled: 0,
            stopped: None,
            last_refusal: Arc::default(),
        }
    }

    /// Closes what comes, until nothing comes any more.
    ///
    /// * `records`: the records, each once.
    /// * `abort`: completes when the run is to be called off at once.
    pub async fn close_all(
        mut self,
        mut records: mpsc::Receiver<Vec<Record>>,
        abort: impl Future<Output = ()>,
    ) -> (Report, Option<Stopped>) {
        let mut abort = std::pin::pin!(abort);
        let mut is_open = true;
        loop {
            self.start_work(is_open);
            if !is_open && self.is_idle() {
                break;
            }
            let wants_more = is_open && self.fresh.len() < self.options.batch_size * 2;
            let wake = self.next_wake();
            tokio::select! {
                biased;
                () = &mut abort => {
                    self.stopped = Some(Stopped::Aborted);
                    break;
                }
                Some(done) = self.tasks.join_next_with_id() => self.finish(done).await,
                chunk = records.recv(), if wants_more => match chunk {
                    Some(chunk) => self.take(chunk).await,
                    None => is_open = false,
                },
                () = tokio::time::sleep_until(wake.into()) => {}
            }
            if self.stopped.is_some() {
                records.close();
                is_open = false;
                self.leave_undone();
            }
        }
        self.give_up(records);
        if let Some(journal) = self.journal.take() {
            // Whoever hears that the run is over may go on with its journal at once.
            journal.close().await;
        }
        (self.report, self.stopped)
    }

    fn is_idle(&self) -> bool {
        let nothing_new = self.stopped.is_some() || self.fresh.is_empty();
        nothing_new
            && self.tasks.is_empty()
            && self.ready.is_empty()
            && self.later.is_empty()
            && self.open.is_empty()
    }

    /// When something has to be looked at again.
    fn next_wake(&self) -> Instant {
        let now = Instant::now();
        let later = self.later.iter().map(|(at, _)| *at).min();
        let paused = self.pace.paused_until(now);
        let wake = match (later, paused) {
            (Some(later), Some(paused)) => later.max(paused),
            (Some(wake), None) | (None, Some(wake)) => wake,
            (None, None) => now + Duration::from_secs(3600),
        };
        // A moment that has come, with no room to act on it, is looked at when there is room.
        if wake <= now && self.tasks.len() >= self.pace.allowed(now) {
            return now + Duration::from_secs(3600);
        }
        wake
    }

    /// Takes new records in: those that an earlier run closed are counted, those it left open-ended are read.
    async fn take(&mut self, chunk: Vec<Record>) {
        for record in chunk {
            match self.past.of(&record) {
                Before::Closed if self.options.dry_run => self.count(&record.id, Fate::AlreadyClosed),
                _ if self.options.dry_run => self.report.not_sent += 1,
                Before::Nothing => self.fresh.push_back(record),
                Before::Closed => self.count(&record.id, Fate::AlreadyClosed),
                Before::Unsure => {
                    let mut item = Item::new(record);
                    item.was_lost = true;
                    self.ready.push_back(Work::Read(item, 0));
                }
            }
        }
    }

    /// Begins as much as the pace allows.
    fn start_work(&mut self, is_open: bool) {
        let now = Instant::now();
        let (due, later) = self.later.drain(..).partition(|(at, _)| *at <= now);
        self.later = later;
        let due: Vec<(Instant, Work)> = due;
        self.ready.extend(due.into_iter().map(|(_, work)| work));
        while self.tasks.len() < self.pace.allowed(now) {
            let Some(work) = self.next_work(is_open) else {
                break;
            };
            self.begin(work);
        }
    }

    /// What is to be done next: what is under way before what is new, so that little is open at a time.
    fn next_work(&mut self, is_open: bool) -> Option<Work> {
        if let Some(work) = self.ready.pop_front() {
            return Some(work);
        }
        let size = self.options.batch_size;
        let is_last = self.tasks.is_empty() && self.later.is_empty();
        if self.open.len() >= size || (is_last && !self.open.is_empty()) {
            let count = self.open.len().min(size);
            return Some(Work::Batch(self.open.drain(..count).collect()));
        }
        if self.stopped.is_some() {
            return None;
        }
        // A batch that is not full waits for more, unless nothing else is to be waited for.
        if self.fresh.len() >= size || (!self.fresh.is_empty() && (!is_open || self.tasks.is_empty())) {
            let count = self.fresh.len().min(size);
            return Some(Work::Batch(self.fresh.drain(..count).map(Item::new).collect()));
        }
        None
    }

    fn begin(&mut self, work: Work) {
        let ids = work.items().iter().map(|item| item.record.id.clone()).collect();
        let journal = self.journal.clone();
        let (road, base) = (self.road.clone(), self.base.clone());
        let refused = self.last_refusal.clone();
        self.report.requests += 1;
        if work.is_repeated() {
            self.report.retries += 1;
        }
        let task = self.tasks.spawn(async move {
            let sent = Instant::now();
            let result = carry_out(&*road, &base, &work, journal.as_ref(), &refused).await;
            Done { work, sent, result }
        });
        self.under_way.insert(task.id(), ids);
    }
}
