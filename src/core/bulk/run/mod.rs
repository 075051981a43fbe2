//! The run: takes records, sends them in batches, and settles each.
//!
//! Only two things settle a record: a response that says that this request closed it, or reading it back. After a
//! request of unknown effect a record is never sent again before it has been read.

mod options;
mod queue;
mod results;
mod settle;
mod stopping;
mod task;
#[cfg(test)]
mod tests;
mod throttling;

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::journal::{Journal, PreviousResult, ReplayedState};
use super::progress::Progress;
use super::rate_controller::RateController;
use super::read_back::{Indeterminate, PendingRecord};
use super::read_schedule::ReadSchedule;
use super::records::Record;
use super::report::{Cause, ClosedIds, RecordOutcome, Report, StopReason};
use super::responses::Refusal;
use super::target::Target;
use super::transport::Transport;
use crate::core::environment::Environment;
pub use options::Options;
use queue::{NewBatches, TaskQueue};
use task::{FinishedTask, Task, execute};

/// How many records may wait for their outcome before no new ones are started. This bounds the memory of a run that never
/// gets a response.
const MAX_UNSETTLED: usize = 10_000;

/// How long the run sleeps if nothing is due.
const LONG_SLEEP: Duration = Duration::from_secs(3600);

/// A run.
pub struct Run {
    transport: Arc<dyn Transport>,
    target: Arc<Target>,
    options: Options,
    environment: Arc<dyn Environment>,
    journal: Option<Journal>,
    replayed: ReplayedState,
    progress: Progress,
    report: Report,
    rate: RateController,
    queue: TaskQueue,
    running: JoinSet<FinishedTask>,
    /// The tasks in flight, with their number in the order in which they were started.
    in_flight: HashMap<tokio::task::Id, (u64, Arc<Task>)>,
    /// How often in a row the server has throttled the run.
    throttled: u32,
    /// Whether Connect has said something of a record: then the endpoint is right.
    has_reached_connect: bool,
    stopped: Option<StopReason>,
    /// Whether the API key was refused, perhaps after the run was stopped for another reason: then reads cannot succeed.
    is_key_refused: bool,
    started: Instant,
}

impl Run {
    /// Prepares a run.
    ///
    /// * `journal`: the journal to write, and what it says of earlier runs.
    pub fn new(
        transport: Arc<dyn Transport>,
        target: Target,
        options: Options,
        journal: Option<(Journal, ReplayedState)>,
        progress: Progress,
        environment: Arc<dyn Environment>,
    ) -> Self {
        let (journal, replayed) = journal.map_or((None, ReplayedState::default()), |(journal, replayed)| {
            (Some(journal), replayed)
        });
        Self {
            transport,
            target: Arc::new(target),
            rate: RateController::new(options.concurrency, options.policy.max_backoff),
            report: Report {
                closed_ids: options.lists_closed.then(ClosedIds::default),
                ..Report::default()
            },
            options,
            started: environment.now(),
            environment,
            journal,
            replayed,
            progress,
            queue: TaskQueue::default(),
            running: JoinSet::new(),
            in_flight: HashMap::new(),
            throttled: 0,
            has_reached_connect: false,
            stopped: None,
            is_key_refused: false,
        }
    }

    /// Closes records until no more come.
    ///
    /// * `records`: the records, each once.
    /// * `abort`: completes when the run is to end at once.
    ///
    /// Returns the report, and why the run ended before its records did.
    pub async fn close_all(
        mut self,
        mut records: mpsc::Receiver<Vec<Record>>,
        abort: impl Future<Output = ()>,
    ) -> (Report, Option<StopReason>) {
        let mut abort = std::pin::pin!(abort);
        let mut is_open = true;
        loop {
            // The same moment for `start_tasks` and `next_wake`: a task that becomes due in between would be missed by both.
            let now = self.now();
            self.start_tasks(is_open, now);
            let is_idle = self.is_idle();
            if !is_open && is_idle {
                break;
            }
            self.progress.set_busy(!is_idle);
            let wants_more = is_open && self.queue.new_records() < self.batch_size() * 2;
            let wake = self.next_wake(now);
            tokio::select! {
                biased;
                () = &mut abort => {
                    self.stopped = Some(StopReason::Aborted);
                    break;
                }
                Some(done) = self.running.join_next_with_id() => self.on_finished(done).await,
                chunk = records.recv(), if wants_more => match chunk {
                    Some(chunk) => self.take(chunk).await,
                    None => is_open = false,
                },
                () = tokio::time::sleep_until(wake) => {}
            }
            if self.stopped.is_some() {
                is_open = false;
                self.abandon_queue();
            }
        }
        self.abandon_rest(records).await;
        if let (Some(journal), false) = (self.journal.take(), has_fault!(LockKept)) {
            // The next run may open the journal as soon as this one has returned.
            journal.close().await;
        }
        if let Some(StopReason::Failed(failure) | StopReason::Throttled(failure, _)) = &mut self.stopped {
            failure.maybe_processed |= !self.report.unknown.is_empty();
        }
        (self.report, self.stopped)
    }

    fn is_idle(&self) -> bool {
        let nothing_new = self.stopped.is_some() || self.queue.new_records() == 0;
        nothing_new && self.running.is_empty() && self.queue.is_settled()
    }

    /// How many records a request closes.
    fn batch_size(&self) -> usize {
        self.options.batch_size(self.target.closable)
    }

    fn now(&self) -> Instant {
        self.environment.now()
    }

    /// When the run has to look for due tasks again.
    fn next_wake(&self, now: Instant) -> Instant {
        // While the run is paused nothing is sent, whatever is due.
        let wake = self.rate.paused_until(now).or_else(|| self.queue.next_due());
        let wake = wake.unwrap_or_else(|| now + LONG_SLEEP);
        // A due task that must wait for another one is looked at when that has finished.
        if wake <= now && self.running.len() >= self.rate.max_in_flight(now) {
            return now + LONG_SLEEP;
        }
        wake
    }

    /// Takes new records: those that an earlier run closed are counted, those whose outcome it did not record are read.
    async fn take(&mut self, chunk: Vec<Record>) {
        for record in chunk {
            match self.replayed.lookup(&record) {
                PreviousResult::Closed => self.count(&record.id, RecordOutcome::AlreadyClosed),
                PreviousResult::NotClosed if record.is_outdated && !has_fault!(OutdatedSent) => {
                    let details = self.target.closable.outdated();
                    self.count(&record.id, Refusal::with_details(details).into());
                }
                PreviousResult::NotClosed if self.options.dry_run => self.report.not_sent += 1,
                PreviousResult::NotClosed => self.queue.add(record),
                previous @ (PreviousResult::ClosedOtherwise | PreviousResult::Indeterminate) => {
                    let pending = self.resumed_record(record, previous);
                    if self.options.dry_run {
                        self.abandon(&pending);
                    } else {
                        self.queue.push_ready(Task::Read(pending));
                    }
                }
            }
        }
    }

    /// A record that an earlier run sent without recording its outcome, or closed with another invoice. When that was is not
    /// known, so the window starts with this run.
    fn resumed_record(&self, record: Record, previous: PreviousResult) -> PendingRecord {
        let mut pending = PendingRecord::new(record, self.started);
        let window = match has_fault!(EarlyResume) {
            true => Duration::ZERO,
            false => self.options.read_back.window,
        };
        pending.schedule = ReadSchedule::after(self.started, window);
        pending.indeterminate = Some(Indeterminate {
            cause: Arc::new(Cause::new(match previous {
                PreviousResult::ClosedOtherwise => {
                    "by the journal an earlier run closed it with another invoice"
                }
                _ => "an earlier run may have closed it, and its journal does not say what became of it",
            })),
            may_be_ours: true,
            is_closed: false,
        });
        pending
    }

    /// Starts as many tasks as the rate allows.
    fn start_tasks(&mut self, is_open: bool, now: Instant) {
        self.queue.release_due(now);
        while self.running.len() < self.rate.max_in_flight(now) + usize::from(has_fault!(TooManyAtOnce)) {
            let new_batches = if self.stopped.is_some() || self.queue.unsettled() >= MAX_UNSETTLED {
                NewBatches::None
            } else if !is_open || self.running.is_empty() {
                // A batch that is not full waits for more records while something is in flight.
                NewBatches::Any
            } else {
                NewBatches::Full
            };
            let size = self.batch_size();
            let Some(task) = self.queue.pop(size, new_batches, self.running.is_empty(), now) else {
                break;
            };
            self.start(self.sendable(task), now);
        }
    }

    /// The task as the API can do it: a batch of one record by itself, if there is no endpoint for several.
    fn sendable(&self, task: Task) -> Task {
        match task {
            Task::Batch(mut records) if self.target.closable.batch.is_none() => match records.pop() {
                Some(only) if records.is_empty() => Task::Single(only),
                last => Task::Batch(records.into_iter().chain(last).collect()),
            },
            task => task,
        }
    }

    fn start(&mut self, task: Task, now: Instant) {
        self.rate.on_send(now);
        self.report.requests += 1;
        if task.is_retry() {
            self.report.retries += 1;
        }
        let task = Arc::new(task);
        let (spawned, journal, environment) = (task.clone(), self.journal.clone(), self.environment.clone());
        let (transport, target) = (self.transport.clone(), self.target.clone());
        let handle = self.running.spawn(async move {
            execute(&*transport, &target, &spawned, journal.as_ref(), &*environment).await
        });
        self.in_flight.insert(handle.id(), (self.report.requests, task));
    }
}
