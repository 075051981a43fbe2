//! The server's books: what became of each record, and when. A read shows them as they are or were, never otherwise.

use std::fmt;
use std::time::Duration;

/// A time, counted from long before the first request.
pub type Time = Duration;

/// An invoice; none is one, too.
pub type Invoice = Option<String>;

/// What a record is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Missing,
    Valid,
    Approved,
    Invalid,
    Rejected,
    Closed(Invoice),
}

impl State {
    pub fn name(&self) -> &'static str {
        match self {
            State::Missing => "missing",
            State::Valid => "valid",
            State::Approved => "approved",
            State::Invalid => "invalid",
            State::Rejected => "rejected",
            State::Closed(_) => "closed",
        }
    }

    /// Whether nothing leads out of it.
    pub fn is_final(&self) -> bool {
        matches!(self, State::Invalid | State::Rejected | State::Closed(_))
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            State::Closed(invoice) => write!(f, "closed with {}", shown(invoice)),
            other => f.write_str(other.name()),
        }
    }
}

pub fn shown(invoice: &Invoice) -> &str {
    invoice.as_deref().unwrap_or("no invoice")
}

/// Who closed a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closer {
    /// A request of ours, in a process of this number.
    Ours { life: u32, request: u64 },
    /// Another client.
    Others,
}

/// A record in the books.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    /// With what a run closes it, and another one.
    pub invoices: [Invoice; 2],
    /// Whether the API refuses to close it for reasons of its own, for ever.
    pub is_stubborn: bool,
    history: Vec<(Time, State)>,
    pub closer: Option<Closer>,
    /// The process that said that it was not closed by us.
    pub failed_in: Option<u32>,
}

impl Entry {
    pub fn new(id: String, invoices: [Invoice; 2], history: Vec<(Time, State)>, is_stubborn: bool) -> Self {
        Self {
            id,
            invoices,
            is_stubborn,
            history,
            closer: None,
            failed_in: None,
        }
    }

    pub fn state(&self) -> &State {
        self.history.last().map_or(&State::Missing, |(_, state)| state)
    }

    /// What it was at a time.
    pub fn state_at(&self, time: Time) -> &State {
        let at = self.history.iter().rev().find(|(since, _)| *since <= time);
        at.or(self.history.first())
            .map_or(&State::Missing, |(_, state)| state)
    }

    /// Closes it, unless that cannot be.
    pub fn close(&mut self, now: Time, invoice: &Invoice, closer: Closer) -> bool {
        let is_ours = closer != Closer::Others;
        if *self.state() != State::Approved || (is_ours && self.is_stubborn) {
            return false;
        }
        self.history.push((now, State::Closed(invoice.clone())));
        self.closer = Some(closer);
        true
    }

    /// Changes it otherwise.
    pub fn become_(&mut self, now: Time, state: State) -> bool {
        if self.state().is_final() {
            return false;
        }
        self.history.push((now, state));
        true
    }
}
