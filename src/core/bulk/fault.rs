//! Known faults of the bulk engine, which the simulation builds back in to see that it finds them. Compiled with the feature
//! `simulation` alone; otherwise `has_fault!` is false, and nothing of this is in the engine.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Which one is built in, by its place in the list; none beyond its end.
static BUILT_IN: AtomicUsize = AtomicUsize::new(usize::MAX);

macro_rules! faults {
    ($($(#[doc = $says:literal])* $fault:ident = $name:literal,)*) => {
        /// A fault.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Fault {
            $($(#[doc = $says])* $fault,)*
        }

        /// All of them: the name, and what goes wrong.
        pub const ALL: &[(&str, &str)] = &[$(($name, concat!($($says),*)),)*];
    };
}

faults! {
    /// An item that says nothing counts as closed.
    SilentItem = "silent-item",
    /// An item with an error that says closed counts as closed by us.
    ErrorClosed = "error-closed",
    /// What a read shows of another id settles a record.
    OtherId = "other-id",
    /// Closed with another invoice counts as closed.
    NoConflict = "no-conflict",
    /// A 404 of a proxy counts as a refusal.
    ProxyTrusted = "proxy-trusted",
    /// A 408 counts as a refusal.
    TimeoutTrusted = "timeout-trusted",
    /// An answer after a redirect counts as one of the API.
    RedirectTrusted = "redirect-trusted",
    /// A record of which a repetition is refused while its reads lag is failed.
    LagFailed = "lag-failed",
    /// A record of which a repetition is refused while its reads lag is sent again.
    RefusedResent = "refused-resent",
    /// A record that an answer calls closed is sent again.
    ClosedResent = "closed-resent",
    /// A record whose POST was lost is sent again unread.
    ResendUnread = "resend-unread",
    /// A record whose POST was lost is sent again before its window's end.
    EarlyResend = "early-resend",
    /// A record that an earlier run sent is sent again before its window's end.
    EarlyResume = "early-resume",
    /// A record is sent as often as it takes.
    EndlessTries = "endless-tries",
    /// The run waits as often as the server asks it to.
    EndlessPatience = "endless-patience",
    /// More requests are under way than were asked for.
    TooManyAtOnce = "too-many-at-once",
    /// What is under way when a run is called off is not in its report.
    LostOnAbort = "lost-on-abort",
    /// A record that was refused fails without being read.
    RefusedUnread = "refused-unread",
    /// A run that is over keeps its journal locked.
    LockKept = "lock-kept",
    /// What is new when a run ends early is not in its report.
    UncountedRest = "uncounted-rest",
    /// What was sent and not read back when a run ends early counts as not sent.
    NotSentLies = "not-sent-lies",
    /// What was refused and not read back when a run ends early is failed.
    FailedUnread = "failed-unread",
    /// The line before a request is written after it.
    LateIntent = "late-intent",
    /// The line of what is closed is not written.
    UnwrittenClose = "unwritten-close",
    /// Lines are not synchronised.
    UnsyncedLine = "unsynced-line",
    /// The journal goes on behind half a line.
    HalfLine = "half-line",
    /// A line whose checksum is wrong is believed.
    ChecksumIgnored = "checksum-ignored",
    /// A line that cannot be read is passed over.
    DamageIgnored = "damage-ignored",
}

/// Whether this one is built in.
pub fn is(fault: Fault) -> bool {
    BUILT_IN.load(Ordering::Relaxed) == fault as usize
}

/// Builds a fault in, by its name; for the whole process.
///
/// # Errors
/// Where there is none of that name.
pub fn build_in(name: &str) -> Result<(), String> {
    let place = ALL.iter().position(|(fault, _)| *fault == name);
    BUILT_IN.store(
        place.ok_or_else(|| format!("there is no fault {name}"))?,
        Ordering::Relaxed,
    );
    Ok(())
}
