//! How a run went.

use std::sync::Arc;

use crate::core::error::Failure;
use crate::core::outcome::Outcome;

/// A record that cannot be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The record.
    pub id: String,
    /// The API's code for it.
    pub codes: Option<String>,
    /// The API's words for it.
    pub details: Option<String>,
}

/// A record that is closed with another billing id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The record.
    pub id: String,
    /// The billing id that it is closed with.
    pub billing_id: Option<String>,
}

/// Why something is not known, or a run ended early.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// Node's code for what went wrong with the connection, or Connect's for what it refused.
    pub code: Option<String>,
    /// The status, where there was an answer.
    pub status: Option<u16>,
    /// What happened, in a sentence for the user.
    pub message: String,
}

impl Cause {
    /// A cause without a code.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            ..Self::default()
        }
    }
}

impl From<&Failure> for Cause {
    fn from(failure: &Failure) -> Self {
        Self {
            code: failure.code.clone().map(Into::into),
            status: None,
            message: failure.message.clone(),
        }
    }
}

/// A record of which it could not be found out what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// The record.
    pub id: String,
    /// Why it is not known.
    pub cause: Arc<Cause>,
}

/// Why a run ended before its records did.
#[derive(Debug, Clone)]
pub enum Stopped {
    /// It was called off.
    Aborted,
    /// A record could not be closed, and the run was to end with the first one.
    OnError(Cause),
    /// Nothing of the kind can be done: the server cannot be reached, a wrong endpoint, a journal that cannot be written, a
    /// mistake of the caller's own code.
    Failed(Failure),
    /// The server asks for more patience than there is, with this status.
    Throttled(Failure, u16),
    /// The answer that says that no request of the kind can be done: a key without the right, a path that is not there.
    Refused(Outcome),
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// This run closed it.
    Closed,
    /// It was closed before, with the same billing id.
    AlreadyClosed,
    /// It cannot be closed.
    Failed {
        /// The API's code.
        codes: Option<String>,
        /// The API's words.
        details: Option<String>,
    },
    /// It is closed with another billing id.
    Conflict(Option<String>),
    /// It could not be found out, for this cause.
    Unknown(Arc<Cause>),
}

/// A run's result.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many records this run closed.
    pub closed: u64,
    /// How many were closed before, with the same billing id.
    pub already_closed: u64,
    /// Those that cannot be closed.
    pub failed: Vec<Refused>,
    /// Those that are closed with another billing id.
    pub conflicts: Vec<Conflict>,
    /// Those of which it could not be found out.
    pub unknown: Vec<Unknown>,
    /// How many came more than once.
    pub duplicates: u64,
    /// How many are certain not to have been closed by us: the run ended before they were sent, or was to send nothing.
    pub not_sent: u64,
    /// How many requests were made.
    pub requests: u64,
    /// How many of them were made again.
    pub retries: u64,
}

impl Report {
    /// Counts a record.
    pub fn add(&mut self, id: &str, fate: Fate) {
        let id = || id.to_string();
        match fate {
            Fate::Closed => self.closed += 1,
            Fate::AlreadyClosed => self.already_closed += 1,
            Fate::Failed { codes, details } => self.failed.push(Refused {
                id: id(),
                codes,
                details,
            }),
            Fate::Conflict(billing_id) => self.conflicts.push(Conflict { id: id(), billing_id }),
            Fate::Unknown(cause) => self.unknown.push(Unknown { id: id(), cause }),
        }
    }

    /// How many records are settled, one way or another.
    pub fn done(&self) -> u64 {
        self.closed
            + self.already_closed
            + self.failed.len() as u64
            + self.conflicts.len() as u64
            + self.unknown.len() as u64
    }
}
