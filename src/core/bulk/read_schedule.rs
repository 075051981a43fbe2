//! How long a record is read back, and when. No I/O, no clock.

use std::time::Duration;

use tokio::time::Instant;

/// How long a record is read, and how often it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadBackPolicy {
    /// How long after a POST of unknown effect the record must not be sent again. Default 5 s.
    pub window: Duration,
    /// How long it is read after the window before its outcome is unknown: the sum of the pauses between reads. Default
    /// 60 s.
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
pub struct ReadSchedule {
    middle: Instant,
    pub(super) end: Instant,
    pauses: u32,
    paused: Duration,
}

impl ReadSchedule {
    /// The reads after a POST that ended at this moment.
    pub fn after(post: Instant, window: Duration) -> Self {
        Self {
            middle: post + window / 2,
            end: post + window,
            pauses: 0,
            paused: Duration::ZERO,
        }
    }

    /// When to read again after a read that was sent at `sent`; `None` if that was the last one.
    pub(super) fn next(&mut self, sent: Instant, now: Instant, timeout: Duration) -> Option<Instant> {
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
        // At least a millisecond, so that a tiny timeout ends.
        let pause = doubled.min(timeout / 4).max(Duration::from_millis(1)).min(left);
        self.pauses += 1;
        self.paused += pause;
        Some(now + pause)
    }
}
