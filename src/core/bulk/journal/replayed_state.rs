//! What earlier runs did, according to their journal.

use serde_json::Value;

use super::line::{self, LineKind};
use crate::core::bulk::dedup::{Fingerprints, HashSeed, IdMap};
use crate::core::bulk::records::Record;

/// What the journal says of a record.
#[derive(Debug, Clone, Copy)]
enum KnownState {
    /// Closed, with the billing id of this fingerprint.
    Closed(u32),
    /// Sent without a recorded outcome; or closed, but it is not recorded with which billing id.
    Indeterminate,
    /// Not closable at that time; with the number of damaged lines up to there.
    Failed(u32),
}

/// What the journal says of all records.
#[derive(Debug)]
pub struct ReplayedState {
    ids: IdMap<KnownState>,
    fingerprints: Fingerprints,
    /// The number of unreadable lines: each may have said that any record was sent.
    damaged: u32,
    /// The number of the next line.
    next: u64,
}

/// What earlier runs did with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PreviousResult {
    /// They certainly did not close it.
    NotClosed,
    /// They closed it, or found it closed, with the same billing id.
    Closed,
    /// They closed it, or found it closed, with another billing id.
    ClosedOtherwise,
    /// They may have closed it: it must be read.
    Indeterminate,
}

impl Default for ReplayedState {
    /// No earlier run.
    fn default() -> Self {
        Self::new(HashSeed::default())
    }
}

impl ReplayedState {
    /// Of an empty journal.
    pub fn new(seed: HashSeed) -> Self {
        Self {
            ids: IdMap::new(seed),
            fingerprints: Fingerprints::new(seed),
            damaged: 0,
            // The header is line 1.
            next: 2,
        }
    }

    /// What earlier runs did with a record.
    pub fn lookup(&mut self, record: &Record) -> PreviousResult {
        match self.ids.get(&record.id) {
            None if self.damaged == 0 => PreviousResult::NotClosed,
            // No line is missing since then, so it was not sent again.
            Some(KnownState::Failed(damaged)) if damaged == self.damaged => PreviousResult::NotClosed,
            Some(KnownState::Closed(bill)) => {
                match bill == self.fingerprints.of(record.billing_id.as_deref()) {
                    true => PreviousResult::Closed,
                    false => PreviousResult::ClosedOtherwise,
                }
            }
            _ => PreviousResult::Indeterminate,
        }
    }

    /// The number of the next line.
    pub(super) fn next_line(&self) -> u64 {
        self.next
    }

    /// Applies a line, without its newline.
    pub(super) fn apply_line(&mut self, line: &[u8], is_old: bool) {
        if self.apply_intact_line(line, is_old).is_none() {
            self.note_damaged_line();
        }
    }

    /// Notes that a line is unreadable.
    pub(super) fn note_damaged_line(&mut self) {
        if has_fault!(HalfLine | DamageIgnored) {
            return;
        }
        self.damaged = self.damaged.saturating_add(1);
    }

    fn apply_intact_line(&mut self, line: &[u8], is_old: bool) -> Option<()> {
        let (number, value) = line::read(line, is_old)?;
        let number = number.unwrap_or(self.next);
        // A line that was seen before, in a repeated part of the file: later lines may have superseded it.
        if number < self.next {
            return Some(());
        }
        // Lines are missing.
        if number > self.next {
            self.note_damaged_line();
        }
        self.next = number.saturating_add(1);
        self.apply(&value)
    }

    fn apply(&mut self, value: &Value) -> Option<()> {
        let (is, pairs) = line::entry(value)?;
        for (id, bill) in pairs {
            let is_closed = matches!(self.ids.get(id), Some(KnownState::Closed(_)));
            let known = match is {
                LineKind::Closed => KnownState::Closed(self.fingerprints.of(bill)),
                LineKind::Failed => KnownState::Failed(self.damaged),
                // It was tried again with another billing id; it is still closed.
                LineKind::Sending | LineKind::Unknown | LineKind::Conflict if is_closed => continue,
                // In conflict somebody has closed it, and sending it again would not change that.
                LineKind::Sending | LineKind::Unknown | LineKind::Conflict => KnownState::Indeterminate,
            };
            self.ids.insert(id, known);
        }
        Some(())
    }
}
