//! What earlier runs did, by their journal.

use serde_json::Value;

use super::line::{self, Is};
use crate::core::bulk::records::Record;
use crate::core::bulk::seen::{Bills, Ids, Seed};

/// What an earlier run knew of a record.
#[derive(Debug, Clone, Copy)]
enum Known {
    /// It was closed with the billing id of this hash.
    Closed(u32),
    /// It was sent, and what became of it was not written down; or it is closed, with which billing id was not either.
    Unsure,
    /// It could not be closed then; so many lines had been found damaged before.
    Failed(u32),
}

/// What earlier runs with a journal knew.
#[derive(Debug)]
pub struct Past {
    ids: Ids<Known>,
    bills: Bills,
    /// How many lines could not be read: each may have said of any record that it was sent.
    damaged: u32,
    /// The number of the line that is to come next.
    next: u64,
}

/// How a record stands to what earlier runs did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing was done, or nothing that counts.
    Nothing,
    /// It was closed, with the same billing id.
    Closed,
    /// It may have been closed: it is to be read.
    Unsure,
}

impl Default for Past {
    /// No past at all.
    fn default() -> Self {
        Self::new(Seed::default())
    }
}

impl Past {
    /// No past yet.
    pub fn new(seed: Seed) -> Self {
        Self {
            ids: Ids::new(seed),
            bills: Bills::new(seed),
            damaged: 0,
            // The header is the first.
            next: 2,
        }
    }

    /// How a record stands to what earlier runs did.
    pub fn of(&mut self, record: &Record) -> Before {
        match self.ids.get(&record.id) {
            None if self.damaged == 0 => Before::Nothing,
            // No line after it is missing, so it was not sent since.
            Some(Known::Failed(damaged)) if damaged == self.damaged => Before::Nothing,
            Some(Known::Closed(bill)) if bill == self.bills.of(record.billing_id.as_deref()) => {
                Before::Closed
            }
            _ => Before::Unsure,
        }
    }

    /// The number of the line that is to come next.
    pub(super) fn next(&self) -> u64 {
        self.next
    }

    /// Takes a line in, without its end.
    pub(super) fn take(&mut self, line: &[u8], is_old: bool) {
        if self.take_intact(line, is_old).is_none() {
            self.take_damaged();
        }
    }

    /// Takes in that there was a line which cannot be read.
    pub(super) fn take_damaged(&mut self) {
        if has_fault!(HalfLine | DamageIgnored) {
            return;
        }
        self.damaged = self.damaged.saturating_add(1);
    }

    fn take_intact(&mut self, line: &[u8], is_old: bool) -> Option<()> {
        let (number, value) = line::read(line, is_old)?;
        let number = number.unwrap_or(self.next);
        // A line that came before, in a piece of the file that is there twice: what it says may have been overtaken.
        if number < self.next {
            return Some(());
        }
        // Some are missing.
        if number > self.next {
            self.take_damaged();
        }
        self.next = number.saturating_add(1);
        self.apply(&value)
    }

    fn apply(&mut self, value: &Value) -> Option<()> {
        let (is, pairs) = line::entry(value)?;
        for (id, bill) in pairs {
            let is_closed = matches!(self.ids.get(id), Some(Known::Closed(_)));
            let known = match is {
                Is::Closed => Known::Closed(self.bills.of(bill)),
                Is::Failed => Known::Failed(self.damaged),
                // It was tried with another billing id, which does not undo that it is closed.
                Is::Sending | Is::Unknown | Is::Conflict if is_closed => continue,
                // In conflict it is closed by somebody, which sending it again would not change.
                Is::Sending | Is::Unknown | Is::Conflict => Known::Unsure,
            };
            self.ids.set(id, known);
        }
        Some(())
    }
}
