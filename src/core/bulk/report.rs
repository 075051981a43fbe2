//! How a run went.

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
    /// It could not be found out.
    Unknown,
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
    pub unknown: Vec<String>,
    /// How many came more than once.
    pub duplicates: u64,
    /// How many were not sent, because the run was stopped, or was to send nothing.
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
            Fate::Unknown => self.unknown.push(id()),
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
