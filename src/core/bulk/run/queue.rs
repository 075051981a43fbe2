//! The tasks of a run that are not in flight, in the order in which they are done.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::task::Task;
use crate::core::bulk::read_back::PendingRecord;
use crate::core::bulk::records::Record;

/// The tasks that are not in flight, and the records that have no task yet.
#[derive(Debug, Default)]
pub(super) struct TaskQueue {
    /// To be done now, before anything new, so that few records are open at a time.
    ready: VecDeque<Task>,
    /// Records to be sent again in a batch.
    resends: Vec<PendingRecord>,
    /// New records, which are in no batch yet.
    new_records: VecDeque<Record>,
    /// Reads that the rest of the run does not wait for.
    deferred_reads: VecDeque<Task>,
    /// To be done at a certain moment. The number keeps the order of those of one moment.
    scheduled: BTreeMap<(Instant, u64), Task>,
    number: u64,
}

impl TaskQueue {
    /// Adds a new record.
    pub(super) fn add(&mut self, record: Record) {
        self.new_records.push_back(record);
    }

    /// Adds a task to be done now; a read that can wait comes after everything else.
    pub(super) fn push(&mut self, task: Task) {
        if task.can_wait() {
            self.deferred_reads.push_back(task);
        } else {
            self.ready.push_back(task);
        }
    }

    /// Adds a task to be done now, even if it can wait.
    pub(super) fn push_ready(&mut self, task: Task) {
        self.ready.push_back(task);
    }

    /// Adds a task to be done at a certain moment.
    pub(super) fn schedule_at(&mut self, at: Instant, task: Task) {
        self.number += 1;
        self.scheduled.insert((at, self.number), task);
    }

    /// Adds a record to be sent again in a batch.
    pub(super) fn resend(&mut self, pending: PendingRecord) {
        self.resends.push(pending);
    }

    /// The moment at which the next scheduled task is due.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.scheduled.keys().next().map(|(at, _)| *at)
    }

    /// How many new records wait.
    pub(super) fn new_records(&self) -> usize {
        self.new_records.len()
    }

    /// How many tasks and resends wait: all of records that were begun and have no outcome.
    pub(super) fn unsettled(&self) -> usize {
        self.scheduled.len() + self.deferred_reads.len() + self.ready.len() + self.resends.len()
    }

    /// Whether nothing is left but new records.
    pub(super) fn is_settled(&self) -> bool {
        self.unsettled() == 0
    }

    /// Moves scheduled tasks that are due to those to be done now.
    pub(super) fn release_due(&mut self, now: Instant) {
        while let Some(entry) = self.scheduled.first_entry().filter(|entry| entry.key().0 <= now) {
            let task = entry.remove();
            self.push(task);
        }
    }

    /// Postpones scheduled reads: the time in which the run is paused does not count as time in which they wait.
    pub(super) fn postpone_reads(&mut self, by: Duration) {
        if by.is_zero() {
            return;
        }
        self.scheduled = std::mem::take(&mut self.scheduled)
            .into_iter()
            .map(|((at, number), task)| match task.can_wait() {
                true => ((at + by, number), task),
                false => ((at, number), task),
            })
            .collect();
    }

    /// The next task.
    ///
    /// * `size`: how many records a batch has.
    /// * `new_batches`: which batches of new records may be started.
    /// * `is_quiet`: whether nothing is in flight that could add records to a batch.
    pub(super) fn pop(
        &mut self,
        size: usize,
        new_batches: NewBatches,
        is_quiet: bool,
        now: Instant,
    ) -> Option<Task> {
        if let Some(task) = self.ready.pop_front() {
            return Some(task);
        }
        let is_last = is_quiet && self.deferred_reads.is_empty();
        if self.resends.len() >= size || (is_last && !self.resends.is_empty()) {
            let count = self.resends.len().min(size);
            return Some(Task::Batch(self.resends.drain(..count).collect()));
        }
        let is_full = self.new_records.len() >= size;
        if new_batches == NewBatches::Any || (new_batches == NewBatches::Full && is_full) {
            let count = self.new_records.len().min(size);
            let batch: Vec<_> = self
                .new_records
                .drain(..count)
                .map(|record| PendingRecord::new(record, now))
                .collect();
            if !batch.is_empty() {
                return Some(Task::Batch(batch));
            }
        }
        self.deferred_reads.pop_front()
    }

    /// Empties the queue: the tasks, and the new records.
    pub(super) fn drain(&mut self) -> (Vec<Task>, Vec<Record>) {
        let resends = std::mem::take(&mut self.resends).into_iter().map(Task::Single);
        let scheduled = std::mem::take(&mut self.scheduled).into_values();
        let tasks = std::mem::take(&mut self.ready)
            .into_iter()
            .chain(std::mem::take(&mut self.deferred_reads))
            .chain(scheduled)
            .chain(resends)
            .collect();
        (tasks, std::mem::take(&mut self.new_records).into())
    }
}

/// Which batches of new records may be started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NewBatches {
    None,
    /// Only full ones.
    Full,
    Any,
}
