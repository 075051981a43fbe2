//! When a record is read back of which it is not known whether it is closed, and what follows from what it says. Pure.
//!
//! After a POST of unknown effect a record is read at the start, in the middle and at the end of a window, for the server
//! may still be at work, and its reads may lag behind. Only a read at the window's end that says `approved` allows
//! another POST. Where even that is not certain, reading goes on with growing pauses, and then the record is unknown.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::answers::{self, Read, Refusal};
use super::records::Record;
use super::report::{Cause, Fate};

/// How many reads in a row must say that a record is closed without an invoice before that is believed.
const ENOUGH_BARE_READS: u32 = 6;

/// How long a record is watched, and how often it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadBackPolicy {
    /// How long after a POST of unknown effect the record must not be sent again. Default 5 s.
    pub window: Duration,
    /// How long it is read after that before it is unknown, as the sum of the pauses between reads. Default 60 s.
    pub timeout: Duration,
    /// How often a record is sent in one run. Default 5.
    pub max_tries: u32,
}

impl Default for ReadBackPolicy {
    fn default() -> Self {
        Self {
            window: Duration::from_secs(5),
            timeout: Duration::from_secs(60),
            max_tries: 5,
        }
    }
}

/// When a record is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    middle: Instant,
    end: Instant,
    pauses: u32,
    paused: Duration,
}

impl Schedule {
    /// The reads after a POST that ended then.
    pub fn after(post: Instant, window: Duration) -> Self {
        Self {
            middle: post + window / 2,
            end: post + window,
            pauses: 0,
            paused: Duration::ZERO,
        }
    }

    /// The end of the window.
    pub fn end(&self) -> Instant {
        self.end
    }

    /// When to read again after a read of this moment; never, if that was the last one.
    fn next(&mut self, sent: Instant, now: Instant, timeout: Duration) -> Option<Instant> {
        if sent < self.middle {
            return Some(self.middle);
        }
        if sent < self.end {
            return Some(self.end);
        }
        let left = timeout.saturating_sub(self.paused);
        if left.is_zero() {
            return None;
        }
        let doubled = (timeout / 64).saturating_mul(2_u32.saturating_pow(self.pauses));
        // A pause of nothing would be no pause.
        let pause = doubled.min(timeout / 4).max(Duration::from_millis(1)).min(left);
        self.pauses += 1;
        self.paused += pause;
        Some(now + pause)
    }
}

/// Why a record may be closed without our knowing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doubt {
    /// What left it unknown.
    pub cause: Arc<Cause>,
    /// Whether a POST of ours may have closed it.
    pub may_be_ours: bool,
    /// Whether the server said that it is closed, only not with which invoice: it is not sent again.
    pub is_closed: bool,
}

/// A record under way.
#[derive(Debug, Clone)]
pub struct Item {
    /// The record.
    pub record: Record,
    /// How often it was sent in this run; not counting what never left, or was answered by a wish for patience.
    pub tries: u32,
    /// How often in a row a request with it did not leave.
    pub unsent: u32,
    /// Why the API refused it, the last time.
    pub refusal: Option<Refusal>,
    /// What is not known of it.
    pub doubt: Option<Doubt>,
    /// When it is read.
    pub schedule: Schedule,
    /// How many reads in a row have said that it is closed, without an invoice.
    pub bare_reads: u32,
    /// Whether what is to be done with it was tried before.
    pub is_again: bool,
}

/// What follows from a read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// It is settled.
    Settle(Fate),
    /// It is read again.
    ReadAt(Instant),
    /// It is sent again, with others.
    Send,
    /// It is sent again by itself: the API may say why of one record what it does not of many.
    SendAlone,
}

impl Item {
    /// A record that nothing is known of.
    pub fn new(record: Record, now: Instant) -> Self {
        Self {
            record,
            tries: 0,
            unsent: 0,
            refusal: None,
            doubt: None,
            schedule: Schedule::after(now, Duration::ZERO),
            bare_reads: 0,
            is_again: false,
        }
    }

    /// What a read of it that was sent then leads to.
    pub fn after_read(&mut self, read: &Read, sent: Instant, now: Instant, policy: &ReadBackPolicy) -> Next {
        self.bare_reads = match read {
            Read::Closed(None) => self.bare_reads + 1,
            _ => 0,
        };
        let is_window_over = sent >= self.schedule.end || has_fault!(EarlyResend);
        match read {
            Read::Closed(None) if self.record.billing_id.is_some() => {
                self.closed_without_invoice(sent, now, policy)
            }
            Read::Closed(billing_id) if *billing_id == self.record.billing_id => {
                Next::Settle(match &self.doubt {
                    Some(doubt) if doubt.may_be_ours => Fate::Closed,
                    _ => Fate::AlreadyClosed,
                })
            }
            Read::Closed(_) if has_fault!(NoConflict) => Next::Settle(Fate::AlreadyClosed),
            Read::Closed(billing_id) => Next::Settle(Fate::Conflict(billing_id.clone())),
            Read::Dead(refusal) if !self.doubt.as_ref().is_some_and(|doubt| doubt.is_closed) => Next::Settle(
                answers::failed(self.refusal.clone().unwrap_or_else(|| refusal.clone())),
            ),
            Read::Open => match (&self.doubt, &self.refusal) {
                (Some(_), Some(refusal)) if has_fault!(LagFailed) => {
                    Next::Settle(answers::failed(refusal.clone()))
                }
                (Some(_), Some(_)) if has_fault!(RefusedResent) && is_window_over => Next::SendAlone,
                (Some(doubt), _) if has_fault!(ClosedResent) && doubt.is_closed && is_window_over => {
                    Next::Send
                }
                (Some(_), None) if has_fault!(EndlessTries) && is_window_over => Next::Send,
                (None, None) => Next::Send,
                (None, Some(_)) if self.tries < policy.max_tries => Next::SendAlone,
                (None, Some(refusal)) if is_window_over => Next::Settle(answers::failed(refusal.clone())),
                // What was closed before this run, and reads as approved, would be refused, too.
                (None, Some(_)) => self.read_on(sent, now, policy, ""),
                // The server's word, or its refusal to close what reads as approved: the reads lag behind.
                (Some(doubt), refusal) if doubt.is_closed || refusal.is_some() || !is_window_over => {
                    self.read_on(sent, now, policy, "reads say that it is approved")
                }
                (Some(_), _) if self.tries < policy.max_tries => Next::Send,
                (Some(_), _) => Next::Settle(self.unknown("reads say that it is approved")),
            },
            Read::NotNow(refusal) if self.doubt.is_none() => Next::Settle(answers::failed(
                self.refusal.clone().unwrap_or_else(|| refusal.clone()),
            )),
            Read::NotNow(refusal) | Read::Dead(refusal) => {
                let details = refusal.details.clone().unwrap_or_default();
                self.read_on(sent, now, policy, &format!("reads say: {details}"))
            }
            Read::Unreadable(cause) => {
                if self.doubt.is_none() {
                    return self.read_on_for(cause.clone(), sent, now, policy);
                }
                self.read_on(
                    sent,
                    now,
                    policy,
                    &format!("it could not be read: {}", cause.message),
                )
            }
            // These are no reads; the run sends them again, or ends.
            Read::Throttled | Read::Forbidden => Next::ReadAt(now),
        }
    }

    /// After a read that says that it is closed and names no invoice, which may show later than the status. If it does not
    /// for a while, somebody has closed it without one, unless a request of ours may have closed it.
    fn closed_without_invoice(&mut self, sent: Instant, now: Instant, policy: &ReadBackPolicy) -> Next {
        let may_be_ours = self.doubt.as_ref().is_some_and(|doubt| doubt.may_be_ours);
        if !may_be_ours && sent >= self.schedule.end && self.bare_reads >= ENOUGH_BARE_READS {
            return Next::Settle(Fate::Conflict(None));
        }
        self.read_on(
            sent,
            now,
            policy,
            "reads say that it is closed, without an invoice",
        )
    }

    fn read_on(&mut self, sent: Instant, now: Instant, policy: &ReadBackPolicy, says: &str) -> Next {
        match self.schedule.next(sent, now, policy.timeout) {
            Some(at) => Next::ReadAt(at),
            None => Next::Settle(self.unknown(says)),
        }
    }

    fn read_on_for(
        &mut self,
        cause: Arc<Cause>,
        sent: Instant,
        now: Instant,
        policy: &ReadBackPolicy,
    ) -> Next {
        match self.schedule.next(sent, now, policy.timeout) {
            Some(at) => Next::ReadAt(at),
            None => Next::Settle(Fate::Unknown(cause)),
        }
    }

    /// That it is not known what became of it, and why.
    ///
    /// * `says`: what was found out last, in a clause; it may be empty.
    pub fn unknown(&self, says: &str) -> Fate {
        let mut cause = match (&self.doubt, &self.refusal) {
            (Some(doubt), _) => (*doubt.cause).clone(),
            (None, Some(refusal)) => Cause {
                code: refusal.codes.clone(),
                status: None,
                message: match &refusal.details {
                    Some(details) => format!("it was refused, and not read back: {details}"),
                    None => "it was refused, and not read back".into(),
                },
            },
            (None, None) => Cause::new("it was under way when the run ended"),
        };
        if !says.is_empty() {
            cause.message = format!("{}; {says}", cause.message);
        }
        Fate::Unknown(Arc::new(cause))
    }

    /// Whether it is certain that no POST of ours has closed it: none was sent, or each was answered by a no that has been
    /// checked.
    pub fn is_untouched(&self) -> bool {
        self.doubt.is_none() && self.refusal.is_none()
    }
}
