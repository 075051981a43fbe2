//! Known faults of the bulk engine. The simulation builds them in, one at a time, to show that it finds them. Only compiled
//! with the feature `simulation`; without it `has_fault!` is false.

use std::sync::atomic::{AtomicUsize, Ordering};

/// The index in [`ALL`] of the fault that is built in; out of range if there is none.
static BUILT_IN: AtomicUsize = AtomicUsize::new(usize::MAX);

macro_rules! faults {
    ($($(#[doc = $says:literal])* $fault:ident = $name:literal,)*) => {
        /// A fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[doc = $says])* $fault,)*
        }

        /// All faults: the name, and what goes wrong.
        pub const ALL: &[(&str, &str)] = &[$(($name, concat!($($says),*)),)*];
    };
}

faults! {
    /// An item that says nothing about the record counts as closed.
    SilentItem = "silent-item",
    /// An item that says closed and names an error counts as closed by us.
    ErrorClosed = "error-closed",
    /// A response that shows another record settles this one.
    OtherId = "other-id",
    /// Closed with another invoice counts as closed.
    NoConflict = "no-conflict",
    /// A proxy's 404 counts as a refusal.
    ProxyTrusted = "proxy-trusted",
    /// A 408 counts as a refusal.
    TimeoutTrusted = "timeout-trusted",
    /// A response after a redirect counts as one of the API.
    RedirectTrusted = "redirect-trusted",
    /// A record that was refused when sent again, while reads are stale, is failed.
    LagFailed = "lag-failed",
    /// A record that was refused when sent again, while reads are stale, is sent once more.
    RefusedResent = "refused-resent",
    /// A record that a response calls closed is sent again.
    ClosedResent = "closed-resent",
    /// A record whose POST has no known effect is sent again without being read.
    ResendUnread = "resend-unread",
    /// A record whose POST has no known effect is sent again before the end of its window.
    EarlyResend = "early-resend",
    /// A record that an earlier run sent is sent again before the end of its window.
    EarlyResume = "early-resume",
    /// The number of tries is not limited.
    EndlessTries = "endless-tries",
    /// The run waits as often as the server asks it to.
    EndlessPatience = "endless-patience",
    /// A run that is stopped goes on reading although its key is refused.
    EndlessReads = "endless-reads",
    /// One request more than `concurrency` is in flight.
    TooManyAtOnce = "too-many-at-once",
    /// Records in flight when a run is aborted are missing in its report.
    LostOnAbort = "lost-on-abort",
    /// A refused record is failed without being read.
    RefusedUnread = "refused-unread",
    /// A finished run keeps its journal locked.
    LockKept = "lock-kept",
    /// New records are missing in the report of a run that ends early.
    UncountedRest = "uncounted-rest",
    /// Records that were sent and not read back when a run ends early count as not sent.
    NotSentLies = "not-sent-lies",
    /// Records that were refused and not read back when a run ends early are failed.
    FailedUnread = "failed-unread",
    /// A chunk that reads as closed, without an invoice, counts as closed by us.
    UnshownClosed = "unshown-closed",
    /// A chunk that reads as closed, without an invoice, counts as closed without one.
    UnshownConflict = "unshown-conflict",
    /// A chunk that failed counts as one that can never be closed.
    FailedFinal = "failed-final",
    /// A chunk that is outdated is sent.
    OutdatedSent = "outdated-sent",
    /// The line that must precede a request is written after it.
    LateIntent = "late-intent",
    /// The line about closed records is not written.
    UnwrittenClose = "unwritten-close",
    /// Lines are not synchronised to the disk.
    UnsyncedLine = "unsynced-line",
    /// New lines are appended to a torn line.
    HalfLine = "half-line",
    /// A line with a wrong checksum is accepted.
    ChecksumIgnored = "checksum-ignored",
    /// An unreadable line is skipped.
    DamageIgnored = "damage-ignored",
}

/// Whether this fault is built in.
pub fn is(fault: Fault) -> bool {
    BUILT_IN.load(Ordering::Relaxed) == fault as usize
}

/// Builds a fault in, by its name, for the whole process.
///
/// # Errors
/// If there is no fault of that name.
pub fn build_in(name: &str) -> Result<(), String> {
    let place = ALL.iter().position(|(fault, _)| *fault == name);
    BUILT_IN.store(
        place.ok_or_else(|| format!("there is no fault {name}"))?,
        Ordering::Relaxed,
    );
    Ok(())
}
