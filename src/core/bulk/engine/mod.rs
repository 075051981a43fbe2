//! The run: takes records in, sends them in batches, and finds out what became of each.
//!
//! A record is settled only by what is certain: the API's word that this request closed it, or reading it back. A
//! request of unknown effect is never sent again before its records have been read.

mod ending;
mod queue;
mod results;
#[cfg(test)]
mod tests;
mod throttling;
mod work;

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::journal::{Before, Journal, Past};
use super::pace::Pace;
use super::progress::Progress;
use super::read_back::{Doubt, Item, ReadBackPolicy, Schedule};
use super::records::Record;
use super::report::{Cause, Fate, Report, Stopped};
use crate::core::environment::Environment;
use crate::core::error::Failure;
use crate::core::outcome::Outcome;
use crate::core::policy::RetryPolicy;
use crate::core::request::Request;
use queue::{Fresh, Queue};
use work::{Done, Work, carry_out};

/// How many records may wait to be found out about before no new ones are begun with: it bounds the memory of a run whose
/// answers are all lost.
const MOST_UNSETTLED: usize = 10_000;

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
    /// How a record is found out about after a request of unknown effect.
    pub read_back: ReadBackPolicy,
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
            read_back: ReadBackPolicy::default(),
            policy: RetryPolicy::default(),
        }
    }
}

/// Where the records are closed.
#[derive(Debug, Clone)]
pub struct Place {
    /// The endpoint, without a trailing slash; for messages.
    pub endpoint: String,
    /// The path of the usage records below it.
    pub base: String,
}

impl Place {
    /// The URL of the usage records, by which a journal knows what it is of.
    pub fn url(&self) -> String {
        format!("{}{}", self.endpoint, self.base)
    }
}

/// A run.
pub struct Run {
    road: Arc<dyn Road>,
    place: Place,
    options: Options,
    environment: Arc<dyn Environment>,
    journal: Option<Journal>,
    past: Past,
    progress: Progress,
    report: Report,
    pace: Pace,
    queue: Queue,
    tasks: JoinSet<Done>,
    /// The requests under way, in the order in which they were begun.
    under_way: HashMap<tokio::task::Id, (u64, Arc<Work>)>,
    throttled: u32,
    stopped: Option<Stopped>,
    started: Instant,
}

impl Run {
    /// Prepares a run.
    ///
    /// * `journal`: where it is written down, and what earlier runs did.
    pub fn new(
        road: Arc<dyn Road>,
        place: Place,
        options: Options,
        journal: Option<(Journal, Past)>,
        progress: Progress,
        environment: Arc<dyn Environment>,
    ) -> Self {
        let (journal, past) =
            journal.map_or((None, Past::default()), |(journal, past)| (Some(journal), past));
        Self {
            road,
            place,
            pace: Pace::new(options.concurrency, options.policy.longest),
            options,
            started: environment.now(),
            environment,
            journal,
            past,
            progress,
            report: Report::default(),
            queue: Queue::default(),
            tasks: JoinSet::new(),
            under_way: HashMap::new(),
            throttled: 0,
            stopped: None,
        }
    }

    /// Closes what comes, until nothing comes any more.
    ///
    /// * `records`: the records, each once.
    /// * `abort`: completes when the run is to be called off at once.
    ///
    /// Returns the report, and why the run ended before its records did, if it did.
    pub async fn close_all(
        mut self,
        mut records: mpsc::Receiver<Vec<Record>>,
        abort: impl Future<Output = ()>,
    ) -> (Report, Option<Stopped>) {
        let mut abort = std::pin::pin!(abort);
        let mut is_open = true;
        loop {
            // One moment for both: what comes due between two looks at the clock would be seen by neither.
            let now = self.now();
            self.start_work(is_open, now);
            let is_idle = self.is_idle();
            if !is_open && is_idle {
                break;
            }
            self.progress.be_busy(!is_idle);
            let wants_more = is_open && self.queue.fresh() < self.options.batch_size * 2;
            let wake = self.next_wake(now);
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
                () = tokio::time::sleep_until(wake) => {}
            }
            if self.stopped.is_some() {
                is_open = false;
                self.leave_undone();
            }
        }
        self.give_up(records).await;
        if let (Some(journal), false) = (self.journal.take(), has_fault!(LockKept)) {
            // Whoever hears that the run is over may go on with its journal at once.
            journal.close().await;
        }
        if let Some(Stopped::Failed(failure) | Stopped::Throttled(failure, _)) = &mut self.stopped {
            failure.maybe_processed |= !self.report.unknown.is_empty();
        }
        (self.report, self.stopped)
    }

    fn is_idle(&self) -> bool {
        let nothing_new = self.stopped.is_some() || self.queue.fresh() == 0;
        nothing_new && self.tasks.is_empty() && self.queue.is_settled()
    }

    fn now(&self) -> Instant {
        self.environment.now()
    }

    /// When something has to be looked at again.
    fn next_wake(&self, now: Instant) -> Instant {
        // While the run is paused nothing is done, whatever has come due.
        let wake = self.pace.next_at(now).or_else(|| self.queue.next_at());
        let wake = wake.unwrap_or_else(|| now + Duration::from_secs(3600));
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
                Before::Closed => self.count(&record.id, Fate::AlreadyClosed),
                Before::Nothing if self.options.dry_run => self.report.not_sent += 1,
                Before::Nothing => self.queue.add(record),
                Before::Unsure => {
                    let item = self.left_open(record);
                    if self.options.dry_run {
                        self.leave(&item);
                    } else {
                        self.queue.push_ready(Work::Read(item));
                    }
                }
            }
        }
    }

    /// A record that an earlier run sent without writing down what became of it. When that was nobody knows, so its window
    /// begins with this run.
    fn left_open(&self, record: Record) -> Item {
        let mut item = Item::new(record, self.started);
        let window = if has_fault!(EarlyResume) {
            Duration::ZERO
        } else {
            self.options.read_back.window
        };
        item.schedule = Schedule::after(self.started, window);
        item.doubt = Some(Doubt {
            cause: Arc::new(Cause::new(
                "an earlier run sent it, and did not come to writing down what became of it",
            )),
            may_be_ours: true,
            is_closed: false,
        });
        item
    }

    /// Begins as much as the pace allows.
    fn start_work(&mut self, is_open: bool, now: Instant) {
        self.queue.look(now);
        while self.tasks.len() < self.pace.allowed(now) + usize::from(has_fault!(TooManyAtOnce)) {
            let fresh = if self.stopped.is_some() || self.queue.unsettled() >= MOST_UNSETTLED {
                Fresh::None
            } else if !is_open || self.tasks.is_empty() {
                // A batch that is not full waits for more, unless nothing else is to be waited for.
                Fresh::Any
            } else {
                Fresh::Full
            };
            let size = self.options.batch_size;
            let Some(work) = self.queue.pop(size, fresh, self.tasks.is_empty(), now) else {
                break;
            };
            self.begin(work, now);
        }
    }

    fn begin(&mut self, work: Work, now: Instant) {
        self.pace.begin(now);
        self.report.requests += 1;
        if work.is_repeated() {
            self.report.retries += 1;
        }
        let work = Arc::new(work);
        let (ours, journal, environment) = (work.clone(), self.journal.clone(), self.environment.clone());
        let (road, base) = (self.road.clone(), self.place.base.clone());
        let task = self.tasks.spawn(async move {
            let sent = environment.now();
            let result = carry_out(&*road, &base, &ours, journal.as_ref(), &*environment).await;
            Done {
                sent,
                ended: environment.now(),
                result,
            }
        });
        self.under_way.insert(task.id(), (self.report.requests, work));
    }
}
