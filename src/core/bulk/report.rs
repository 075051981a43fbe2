//! How a run went.

use std::borrow::Cow;
use std::sync::Arc;

use crate::core::error::Failure;
use crate::core::outcome::Outcome;
use crate::core::secret::ApiKey;

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

impl Cause {
    /// The same without the key, which a server may have sent back.
    fn without(&self, key: &ApiKey) -> Self {
        let mut shown = self.clone();
        hide(key, Some(&mut shown.message));
        hide(key, shown.code.as_mut());
        shown
    }
}

fn hide(key: &ApiKey, text: Option<&mut String>) {
    if let Some(text) = text
        && let Cow::Owned(shown) = key.hide(text)
    {
        *text = shown;
    }
}

impl Stopped {
    /// Takes the key out of what a server said.
    pub fn hide(&mut self, key: &ApiKey) {
        match self {
            Self::Aborted => {}
            Self::OnError(cause) => *cause = cause.without(key),
            Self::Failed(failure) | Self::Throttled(failure, _) => hide(key, Some(&mut failure.message)),
            Self::Refused(outcome) => {
                if let Cow::Owned(shown) = key.hide(&outcome.text()) {
                    outcome.body = shown.into_bytes();
                }
            }
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

    /// Takes the key out of what servers said: they may have sent it back.
    pub fn hide(&mut self, key: &ApiKey) {
        for refused in &mut self.failed {
            hide(key, refused.codes.as_mut());
            hide(key, refused.details.as_mut());
        }
        // Of many records the cause is one: it is looked at once, and stays one.
        let mut last: Option<(Arc<Cause>, Arc<Cause>)> = None;
        for unknown in &mut self.unknown {
            let shown = match &last {
                Some((cause, shown)) if Arc::ptr_eq(cause, &unknown.cause) => shown.clone(),
                _ => Arc::new(unknown.cause.without(key)),
            };
            let cause = std::mem::replace(&mut unknown.cause, shown.clone());
            last = Some((cause, shown));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_tells_nobody_the_key() {
        let key = ApiKey::new("ApiKey SU-000-000:topsecret-token".into());
        let said = "got ApiKey SU-000-000:topsecret-token";
        let cause = Arc::new(Cause::new(said));
        let mut report = Report::default();
        for id in ["UR-1", "UR-2"] {
            report.add(id, Fate::Unknown(cause.clone()));
        }
        let failed = Fate::Failed {
            codes: Some(said.into()),
            details: Some(said.into()),
        };
        report.add("UR-3", failed);
        report.hide(&key);
        let [one, other] = report.unknown.as_slice() else {
            panic!("{report:?}")
        };
        assert_eq!(one.cause.message, "got ApiKey SU-000-000:****");
        assert!(Arc::ptr_eq(&one.cause, &other.cause));
        let mut ends = [
            Stopped::OnError(Cause::new(said)),
            Stopped::Failed(Failure::input(said)),
            Stopped::Throttled(Failure::input(said), 429),
            Stopped::Refused(Outcome::plain(403, said.into())),
        ];
        ends.iter_mut().for_each(|end| end.hide(&key));
        let Stopped::Refused(outcome) = &ends[3] else {
            panic!("{ends:?}")
        };
        assert!(!outcome.text().contains("topsecret"));
        assert!(!format!("{report:?} {:?}", &ends[..3]).contains("topsecret"));
    }
}
