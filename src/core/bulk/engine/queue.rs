//! What a run has to do, in the order in which it is done.

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use tokio::time::Instant;

use super::work::Work;
use crate::core::bulk::read_back::Item;
use crate::core::bulk::records::Record;

/// The work of a run that is not under way.
#[derive(Debug, Default)]
pub(super) struct Queue {
    /// To be done now: what is not finished before what is new, so that little is open at a time.
    ready: VecDeque<Work>,
    /// Records to be sent again, together.
    again: Vec<Item>,
    /// New records, which no batch has taken yet.
    fresh: VecDeque<Record>,
    /// Reads that the rest of the run does not wait for.
    patient: VecDeque<Work>,
    /// To be done at a moment; the number keeps those of one moment in their order.
    later: BTreeMap<(Instant, u64), Work>,
    number: u64,
}

impl Queue {
    /// Adds new records.
    pub(super) fn add(&mut self, record: Record) {
        self.fresh.push_back(record);
    }

    /// Adds work to be done now.
    pub(super) fn push(&mut self, work: Work) {
        if work.is_patient() {
            self.patient.push_back(work);
        } else {
            self.ready.push_back(work);
        }
    }

    /// Adds work to be done before what can wait.
    pub(super) fn push_ready(&mut self, work: Work) {
        self.ready.push_back(work);
    }

    /// Adds work to be done at a moment.
    pub(super) fn push_at(&mut self, at: Instant, work: Work) {
        self.number += 1;
        self.later.insert((at, self.number), work);
    }

    /// Adds a record to be sent again, with others.
    pub(super) fn send_again(&mut self, item: Item) {
        self.again.push(item);
    }

    /// The next moment at which there is something to do.
    pub(super) fn next_at(&self) -> Option<Instant> {
        self.later.keys().next().map(|(at, _)| *at)
    }

    /// How many new records wait.
    pub(super) fn fresh(&self) -> usize {
        self.fresh.len()
    }

    /// How many records wait to be found out about.
    pub(super) fn unsettled(&self) -> usize {
        self.later.len() + self.patient.len() + self.ready.len() + self.again.len()
    }

    /// Whether nothing is left but new records.
    pub(super) fn is_settled(&self) -> bool {
        self.unsettled() == 0
    }

    /// Makes what has come due ready.
    pub(super) fn look(&mut self, now: Instant) {
        while let Some(entry) = self.later.first_entry().filter(|entry| entry.key().0 <= now) {
            let work = entry.remove();
            self.push(work);
        }
    }

    /// Puts the reads that wait off: a moment in which the run is paused is not one of waiting.
    pub(super) fn put_off(&mut self, by: Duration) {
        if by.is_zero() {
            return;
        }
        self.later = std::mem::take(&mut self.later)
            .into_iter()
            .map(|((at, number), work)| match work.is_patient() {
                true => ((at + by, number), work),
                false => ((at, number), work),
            })
            .collect();
    }

    /// The next piece of work.
    ///
    /// * `size`: how many records a batch has.
    /// * `takes_fresh`: which batches of new records may be begun.
    /// * `is_quiet`: whether nothing is under way that could add to a batch.
    pub(super) fn pop(
        &mut self,
        size: usize,
        takes_fresh: Fresh,
        is_quiet: bool,
        now: Instant,
    ) -> Option<Work> {
        if let Some(work) = self.ready.pop_front() {
            return Some(work);
        }
        let is_last = is_quiet && self.patient.is_empty();
        if self.again.len() >= size || (is_last && !self.again.is_empty()) {
            let count = self.again.len().min(size);
            return Some(Work::Batch(self.again.drain(..count).collect()));
        }
        let is_full = self.fresh.len() >= size;
        if takes_fresh == Fresh::Any || (takes_fresh == Fresh::Full && is_full) {
            let count = self.fresh.len().min(size);
            let items: Vec<_> = self
                .fresh
                .drain(..count)
                .map(|record| Item::new(record, now))
                .collect();
            if !items.is_empty() {
                return Some(Work::Batch(items));
            }
        }
        self.patient.pop_front()
    }

    /// Empties the queue: the work, and the new records.
    pub(super) fn take_all(&mut self) -> (Vec<Work>, Vec<Record>) {
        let again = std::mem::take(&mut self.again).into_iter().map(Work::Single);
        let later = std::mem::take(&mut self.later).into_values();
        let work = std::mem::take(&mut self.ready)
            .into_iter()
            .chain(std::mem::take(&mut self.patient))
            .chain(later)
            .chain(again)
            .collect();
        (work, std::mem::take(&mut self.fresh).into())
    }
}

/// Which batches of new records may be begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fresh {
    None,
    Full,
    Any,
}
