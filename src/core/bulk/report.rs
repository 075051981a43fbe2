//! How a run went.

use std::sync::Arc;

use crate::core::error::Failure;
use crate::core::http::response::RawResponse;

/// A record that cannot be closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailedRecord {
    /// The record's id.
    pub id: String,
    /// The API's error code.
    pub codes: Option<String>,
    /// The API's error message.
    pub details: Option<String>,
}

/// A record that is closed with another billing id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConflictingRecord {
    /// The record's id.
    pub id: String,
    /// The billing id with which it is closed.
    pub billing_id: Option<String>,
}

/// Why an outcome is unknown, or a run ended early.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cause {
    /// Node's code of the connection's failure, or Connect's code of the refusal.
    pub code: Option<String>,
    /// The status, if there was a response.
    pub status: Option<u16>,
    /// What happened, as a sentence for the user.
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

/// A record whose outcome could not be determined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownRecord {
    /// The record's id.
    pub id: String,
    /// Why it is unknown.
    pub cause: Arc<Cause>,
}

/// Why a run ended before its records did.
#[derive(Debug, Clone)]
pub enum StopReason {
    /// The caller aborted it.
    Aborted,
    /// A record could not be closed, and `stopOnError` is set.
    OnError(Cause),
    /// No request can succeed: the server is unreachable, the endpoint is wrong, the journal cannot be written, or the
    /// caller's own code failed.
    Failed(Failure),
    /// The server throttled longer than the run waits, with this status.
    Throttled(Failure, u16),
    /// A response says that no request can succeed: the API key is not authorized, or the path does not exist.
    Refused(RawResponse),
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordOutcome {
    /// This run closed it.
    Closed,
    /// It was closed before, with the same billing id.
    AlreadyClosed,
    /// It cannot be closed.
    Failed {
        /// The API's error code.
        codes: Option<String>,
        /// The API's error message.
        details: Option<String>,
    },
    /// It is closed with another billing id.
    Conflict(Option<String>),
    /// It could not be determined.
    Unknown(Arc<Cause>),
}

/// The closed records, by how they came to be closed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClosedIds {
    /// Those that this run closed.
    pub now: Vec<String>,
    /// Those that were closed before, with the same billing id.
    pub before: Vec<String>,
}

/// A run's result.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// How many records this run closed.
    pub closed: u64,
    /// How many were closed before, with the same billing id.
    pub already_closed: u64,
    /// Which records these are, if they are to be listed: a million of them take some 60 MB.
    pub closed_ids: Option<ClosedIds>,
    /// Those that cannot be closed.
    pub failed: Vec<FailedRecord>,
    /// Those that are closed with another billing id.
    pub conflicts: Vec<ConflictingRecord>,
    /// Those whose outcome is unknown.
    pub unknown: Vec<UnknownRecord>,
    /// How many records came more than once.
    pub duplicates: u64,
    /// How many were certainly not closed by us: the run ended before they were sent, or was a dry run.
    pub not_sent: u64,
    /// How many requests were made.
    pub requests: u64,
    /// How many of them were retries.
    pub retries: u64,
}

impl Report {
    /// Counts a record.
    pub fn add(&mut self, id: &str, outcome: RecordOutcome) {
        let id = || id.to_string();
        match outcome {
            RecordOutcome::Closed => {
                self.closed += 1;
                if let Some(ids) = &mut self.closed_ids {
                    ids.now.push(id());
                }
            }
            RecordOutcome::AlreadyClosed => {
                self.already_closed += 1;
                if let Some(ids) = &mut self.closed_ids {
                    ids.before.push(id());
                }
            }
            RecordOutcome::Failed { codes, details } => self.failed.push(FailedRecord {
                id: id(),
                codes,
                details,
            }),
            RecordOutcome::Conflict(billing_id) => {
                self.conflicts.push(ConflictingRecord { id: id(), billing_id })
            }
            RecordOutcome::Unknown(cause) => self.unknown.push(UnknownRecord { id: id(), cause }),
        }
    }

    /// How many records have an outcome.
    pub fn done(&self) -> u64 {
        self.closed
            + self.already_closed
            + self.failed.len() as u64
            + self.conflicts.len() as u64
            + self.unknown.len() as u64
    }
}
