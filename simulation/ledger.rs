//! The server's ledger: the state of each record over time. A read shows a current or past state, never an invented one.

use std::fmt;
use std::time::Duration;

/// A time, counted from long before the first request.
pub type Time = Duration;

/// An invoice, or none.
pub type Invoice = Option<String>;

/// The state of a record. A chunk that is a draft is `Valid` here, one that is ready `Approved`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Missing,
    Valid,
    Approved,
    Invalid,
    Rejected,
    /// Of a chunk: it may be made anew.
    Failed,
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
            State::Failed => "failed",
            State::Closed(_) => "closed",
        }
    }

    /// Whether the state can no longer change.
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
    /// A request of ours, of the process with this number.
    Ours { process: u32, request: u64 },
    /// Another client.
    OtherClients,
}

/// A record in the ledger.
#[derive(Debug, Clone)]
pub struct Entry {
    pub id: String,
    /// The invoice with which runs close it, and a different one.
    pub invoices: [Invoice; 2],
    /// Whether the API always refuses to close it.
    pub is_always_refused: bool,
    /// Whether it is a chunk whose usage file has changed.
    pub is_outdated: bool,
    history: Vec<(Time, State)>,
    pub closer: Option<Closer>,
    /// The process that reported that we did not close it.
    pub failed_in: Option<u32>,
}

impl Entry {
    pub fn new(
        id: String,
        invoices: [Invoice; 2],
        history: Vec<(Time, State)>,
        is_always_refused: bool,
    ) -> Self {
        Self {
            id,
            invoices,
            is_always_refused,
            is_outdated: false,
            history,
            closer: None,
            failed_in: None,
        }
    }

    pub fn state(&self) -> &State {
        self.history.last().map_or(&State::Missing, |(_, state)| state)
    }

    /// Its state at a time.
    pub fn state_at(&self, time: Time) -> &State {
        let at = self.history.iter().rev().find(|(since, _)| *since <= time);
        at.or(self.history.first())
            .map_or(&State::Missing, |(_, state)| state)
    }

    /// Closes it, if it can be closed.
    pub fn close(&mut self, now: Time, invoice: &Invoice, closer: Closer) -> bool {
        let is_ours = closer != Closer::OtherClients;
        if *self.state() != State::Approved || (is_ours && self.is_always_refused) {
            return false;
        }
        self.history.push((now, State::Closed(invoice.clone())));
        self.closer = Some(closer);
        true
    }

    /// Sets another state, if the current one can change.
    pub fn set_state(&mut self, now: Time, state: State) -> bool {
        if self.state().is_final() {
            return false;
        }
        self.history.push((now, state));
        true
    }
}
