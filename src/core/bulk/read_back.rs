//! When a record whose outcome is not known is read back, and what follows from the read. No I/O, no clock.
//!
//! After a POST of unknown effect the record is read at the start, in the middle and at the end of a window, because the
//! server may still be processing the POST, and its reads may be stale. Only a read at the end of the window that says
//! that it is open (a record: `approved`, a chunk: `ready`) allows another POST. If the reads do not settle it, they go on
//! with growing pauses until the timeout, and then the outcome is unknown.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::closable::Closable;
use super::read_schedule::{ReadBackPolicy, ReadSchedule};
use super::records::Record;
use super::report::{Cause, RecordOutcome};
use super::responses::{LookupResult, Refusal};

/// How many reads in a row must say that a record is closed without an invoice before that is believed.
const MIN_READS_WITHOUT_INVOICE: u32 = 6;

/// What decides when a record is read back, and what follows.
#[derive(Debug, Clone, Copy)]
pub struct ReadBackRules<'a> {
    /// How long it is read, and how often it is sent.
    pub policy: &'a ReadBackPolicy,
    /// What is closed.
    pub closable: &'static Closable,
}

impl ReadBackRules<'_> {
    /// What is known of a record that reads as open although it was sent.
    pub fn still_open(&self) -> String {
        format!("reads say that it is {}", self.closable.open_status)
    }
}

/// That a record may be closed without our knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indeterminate {
    /// What left it unknown.
    pub cause: Arc<Cause>,
    /// Whether a POST of ours may have closed it.
    pub may_be_ours: bool,
    /// Whether the server said that it is closed, but not with which invoice: then it is not sent again.
    pub is_closed: bool,
}

/// A record that has no outcome yet.
#[derive(Debug, Clone)]
pub struct PendingRecord {
    /// The record.
    pub record: Record,
    /// How often it was sent in this run, not counting requests that did not leave or were throttled.
    pub tries: u32,
    /// How many requests with it in a row did not leave.
    pub unsent: u32,
    /// Why the API refused it the last time.
    pub refusal: Option<Refusal>,
    /// Set if it may be closed without our knowing.
    pub indeterminate: Option<Indeterminate>,
    /// When it is read.
    pub schedule: ReadSchedule,
    /// How many reads in a row said that it is closed without an invoice.
    pub reads_without_invoice: u32,
    /// Whether its next request is a retry.
    pub is_retry: bool,
}

/// What follows from a read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// The outcome is known.
    Settle(RecordOutcome),
    /// It is read again.
    ReadAt(Instant),
    /// It is sent again, with others.
    Resend,
    /// It is sent again by itself: the API may give a reason for one record that it does not give for many.
    ResendAlone,
}

/// The moment of a read, and the rules that it is judged by.
#[derive(Clone, Copy)]
struct ReadContext<'a> {
    sent: Instant,
    now: Instant,
    rules: ReadBackRules<'a>,
}

impl PendingRecord {
    /// A record that has not been sent.
    pub fn new(record: Record, now: Instant) -> Self {
        Self {
            record,
            tries: 0,
            unsent: 0,
            refusal: None,
            indeterminate: None,
            schedule: ReadSchedule::after(now, Duration::ZERO),
            reads_without_invoice: 0,
            is_retry: false,
        }
    }

    /// What follows from a read.
    ///
    /// * `sent`: when the read was sent.
    pub fn next_step(
        &mut self,
        read: &LookupResult,
        sent: Instant,
        now: Instant,
        rules: ReadBackRules,
    ) -> NextStep {
        let context = ReadContext { sent, now, rules };
        self.reads_without_invoice = match read {
            LookupResult::Closed(None) => self.reads_without_invoice + 1,
            _ => 0,
        };
        match read {
            LookupResult::Closed(billing_id) => self.after_closed(billing_id.as_deref(), context),
            LookupResult::ClosedUnshown => self.after_closed_unshown(context),
            LookupResult::Open => self.after_open(context),
            LookupResult::Final(refusal) if !self.is_called_closed() => self.failed(refusal),
            LookupResult::NotClosable(refusal) if self.indeterminate.is_none() => self.failed(refusal),
            LookupResult::Broken(refusal) if self.indeterminate.is_none() => self.broken(refusal),
            LookupResult::NotClosable(refusal)
            | LookupResult::Broken(refusal)
            | LookupResult::Final(refusal) => {
                let details = refusal.details.as_deref().unwrap_or_default();
                self.read_on(&format!("reads say: {details}"), context)
            }
            LookupResult::Unreadable(cause) => self.after_unreadable(cause, context),
            // The run handles these before it asks: it reads again, or ends.
            LookupResult::Throttled | LookupResult::Forbidden => NextStep::ReadAt(now),
        }
    }

    fn after_closed(&mut self, billing_id: Option<&str>, context: ReadContext) -> NextStep {
        let ours = self.record.billing_id.as_deref();
        if billing_id.is_none() && ours.is_some() {
            return self.after_closed_without_invoice(context);
        }
        NextStep::Settle(if billing_id == ours {
            match self.may_be_ours() {
                true => RecordOutcome::Closed,
                false => RecordOutcome::AlreadyClosed,
            }
        } else if has_fault!(NoConflict) {
            RecordOutcome::AlreadyClosed
        } else {
            RecordOutcome::Conflict(billing_id.map(Into::into))
        })
    }

    /// Another read would not show the invoice either. It may be ours, or not.
    fn after_closed_unshown(&self, context: ReadContext) -> NextStep {
        if has_fault!(UnshownClosed) {
            return NextStep::Settle(RecordOutcome::Closed);
        }
        if has_fault!(UnshownConflict) {
            return NextStep::Settle(RecordOutcome::Conflict(None));
        }
        NextStep::Settle(self.unknown_closed(&context.rules.closable.invoice_not_shown()))
    }

    /// The invoice may become visible later than the status. If it does not, somebody else has closed the record without
    /// one, unless a request of ours may have closed it.
    fn after_closed_without_invoice(&mut self, context: ReadContext) -> NextStep {
        let is_believed = self.reads_without_invoice >= MIN_READS_WITHOUT_INVOICE;
        if !self.may_be_ours() && context.sent >= self.schedule.end && is_believed {
            return NextStep::Settle(RecordOutcome::Conflict(None));
        }
        self.read_on("reads say that it is closed, without an invoice", context)
    }

    /// Decides whether the record is sent again.
    fn after_open(&mut self, context: ReadContext) -> NextStep {
        let is_window_over = context.sent >= self.schedule.end || has_fault!(EarlyResend);
        let has_tries_left = self.tries < context.rules.policy.max_tries;
        match (&self.indeterminate, &self.refusal) {
            (Some(_), Some(refusal)) if has_fault!(LagFailed) => NextStep::Settle(refusal.clone().into()),
            (Some(_), Some(_)) if has_fault!(RefusedResent) && is_window_over => NextStep::ResendAlone,
            (Some(state), _) if has_fault!(ClosedResent) && state.is_closed && is_window_over => {
                NextStep::Resend
            }
            (Some(_), None) if has_fault!(EndlessTries) && is_window_over => NextStep::Resend,
            (None, None) => NextStep::Resend,
            (None, Some(_)) if has_tries_left => NextStep::ResendAlone,
            (None, Some(refusal)) if is_window_over => NextStep::Settle(refusal.clone().into()),
            // Reads may be stale: a record that was closed before this run would be refused, too.
            (None, Some(_)) => self.read_on("", context),
            // The server called it closed, or refused to close what reads as open: the reads are stale.
            (Some(state), refusal) if state.is_closed || refusal.is_some() || !is_window_over => {
                self.read_on(&context.rules.still_open(), context)
            }
            (Some(_), _) if has_tries_left => NextStep::Resend,
            (Some(_), _) => NextStep::Settle(self.unknown(&context.rules.still_open())),
        }
    }

    fn after_unreadable(&mut self, cause: &Arc<Cause>, context: ReadContext) -> NextStep {
        if self.indeterminate.is_some() {
            return self.read_on(&format!("it could not be read: {}", cause.message), context);
        }
        match self.next_read(context) {
            Some(at) => NextStep::ReadAt(at),
            None => NextStep::Settle(RecordOutcome::Unknown(cause.clone())),
        }
    }

    /// Reads again; after the last read the outcome is unknown.
    ///
    /// * `says`: what the read said, for the report.
    fn read_on(&mut self, says: &str, context: ReadContext) -> NextStep {
        match self.next_read(context) {
            Some(at) => NextStep::ReadAt(at),
            None => NextStep::Settle(self.unknown(says)),
        }
    }

    fn next_read(&mut self, context: ReadContext) -> Option<Instant> {
        self.schedule
            .next(context.sent, context.now, context.rules.policy.timeout)
    }

    /// It failed: with the refusal of the API's own, if there was one, or that of the read.
    fn failed(&self, of_read: &Refusal) -> NextStep {
        NextStep::Settle(self.refusal.as_ref().unwrap_or(of_read).clone().into())
    }

    /// It failed, and says itself why, which a refusal may leave out.
    fn broken(&self, of_read: &Refusal) -> NextStep {
        let earlier = self.refusal.clone().unwrap_or_default();
        let before = earlier
            .details
            .map(|details| details.trim_end_matches('.').to_string());
        let details = [before, of_read.details.clone()].into_iter().flatten();
        NextStep::Settle(RecordOutcome::Failed {
            codes: earlier.codes.or_else(|| of_read.codes.clone()),
            details: Some(details.collect::<Vec<_>>().join("; ")),
        })
    }

    /// The outcome `Unknown`, and why.
    ///
    /// * `says`: what was found out last, as a clause; may be empty.
    pub fn unknown(&self, says: &str) -> RecordOutcome {
        unknown(self.cause("it was refused, and not read back"), says)
    }

    /// The outcome `Unknown` of a record that was read back, and is closed.
    fn unknown_closed(&self, says: &str) -> RecordOutcome {
        unknown(self.cause("it was refused"), says)
    }

    /// What left its outcome open.
    ///
    /// * `refused`: what is said if it was refused.
    fn cause(&self, refused: &str) -> Cause {
        match (&self.indeterminate, &self.refusal) {
            (Some(state), _) => (*state.cause).clone(),
            (None, Some(refusal)) => Cause {
                code: refusal.codes.clone(),
                status: None,
                message: match &refusal.details {
                    Some(details) => format!("{refused}: {details}"),
                    None => refused.into(),
                },
            },
            (None, None) => Cause::new("it was under way when the run ended"),
        }
    }

    /// Whether it is certain that no POST of ours has closed it: none was sent, or each was refused and read back.
    pub fn is_unaffected(&self) -> bool {
        self.indeterminate.is_none() && self.refusal.is_none()
    }

    /// Whether a POST of ours may have closed it.
    pub fn may_be_ours(&self) -> bool {
        self.indeterminate.as_ref().is_some_and(|state| state.may_be_ours)
    }

    fn is_called_closed(&self) -> bool {
        self.indeterminate.as_ref().is_some_and(|state| state.is_closed)
    }
}

/// The outcome `Unknown`, with what was found out last.
fn unknown(mut cause: Cause, says: &str) -> RecordOutcome {
    if !says.is_empty() {
        cause.message = format!("{}; {says}", cause.message);
    }
    RecordOutcome::Unknown(Arc::new(cause))
}
