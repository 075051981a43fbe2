//! How many requests are in flight, and how far apart they are sent: additive increase, multiplicative decrease.
//!
//! A throttled request halves the number and doubles the gap. Successes first close the gap, then add one request every
//! four rounds. The number alone would not do: limits are often per second, and a nearby server answers one request at a
//! time a thousand times a second.

use std::time::Duration;

use tokio::time::Instant;

/// The gap between requests after the first throttling, unless the largest gap is smaller.
const FIRST_GAP: Duration = Duration::from_millis(40);

/// A gap below this part of the first one counts as none.
const MIN_GAP_DIVISOR: u32 = 20;

/// How much of a gap is left after a success. A large gap shrinks faster, or recovery would take minutes; a small one does
/// not, or the rate would soon be too high again, and every record of a batch that gets a 503 has to be read.
const GAP_DECAY: f64 = 0.9;
const LARGE_GAP_DECAY: f64 = 0.7;
const LARGE_GAP: Duration = Duration::from_secs(1);

/// How many requests are added after a successful round. Small, because overshooting gets requests throttled whose records
/// then have to be read one by one.
const GROWTH: f64 = 0.25;

/// The rate of a run. Has no clock: the time is passed in.
#[derive(Debug, Clone)]
pub struct RateController {
    max_concurrency: usize,
    limit: f64,
    gap: Duration,
    first_gap: Duration,
    largest_gap: Duration,
    /// Nothing may be sent before this moment.
    paused_until: Option<Instant>,
    slowed_at: Option<Instant>,
}

impl RateController {
    /// Allows at most `max_concurrency` requests in flight; at the slowest, one every `largest_gap`.
    pub fn new(max_concurrency: usize, largest_gap: Duration) -> Self {
        Self {
            max_concurrency: max_concurrency.max(1),
            limit: max_concurrency.max(1) as f64,
            gap: Duration::ZERO,
            first_gap: FIRST_GAP.min(largest_gap / 4),
            largest_gap,
            paused_until: None,
            slowed_at: None,
        }
    }

    /// How many requests may be in flight now.
    pub fn max_in_flight(&self, now: Instant) -> usize {
        if self.paused_until(now).is_some() {
            return 0;
        }
        (self.limit as usize).clamp(1, self.max_concurrency)
    }

    /// When the next request may be sent; `None` if that is now.
    pub fn paused_until(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|at| now < *at)
    }

    /// A request is sent.
    pub fn on_send(&mut self, now: Instant) {
        if !self.gap.is_zero() {
            self.pause_until(now + self.gap);
        }
    }

    /// A request succeeded.
    pub fn on_success(&mut self) {
        if self.gap.is_zero() {
            self.limit = (self.limit + GROWTH / self.limit).min(self.max_concurrency as f64);
            return;
        }
        self.gap = self.gap.mul_f64(if self.gap > LARGE_GAP {
            LARGE_GAP_DECAY
        } else {
            GAP_DECAY
        });
        if self.gap < self.first_gap / MIN_GAP_DIVISOR {
            self.gap = Duration::ZERO;
        }
    }

    /// Whether the response to a request of this moment says something new about the rate. Requests that were sent before the
    /// rate was lowered do not: the throttling of one round counts once.
    pub fn is_new_signal(&self, sent: Instant) -> bool {
        self.slowed_at.is_none_or(|at| sent >= at)
    }

    /// A request that was sent at `sent` was throttled, and nothing is to be sent for as long as `wait`.
    ///
    /// Returns by how much that prolongs the pause.
    pub fn on_throttle(&mut self, sent: Instant, now: Instant, wait: Duration) -> Duration {
        if self.is_new_signal(sent) {
            self.limit = (self.limit / 2.0).max(1.0);
            self.gap = (self.gap * 2).clamp(self.first_gap, self.largest_gap);
            self.slowed_at = Some(now);
        }
        let before = self.paused_until(now).unwrap_or(now);
        self.pause_until(now + wait);
        self.paused_until(now).unwrap_or(now).duration_since(before)
    }

    fn pause_until(&mut self, at: Instant) {
        self.paused_until = Some(self.paused_until.map_or(at, |earlier| earlier.max(at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const LARGEST_GAP: Duration = Duration::from_secs(8);

    #[test]
    fn throttling_halves_the_limit_once_per_round_and_successes_restore_it() {
        let start = Instant::now();
        let mut rate = RateController::new(8, LARGEST_GAP);
        assert_eq!(rate.max_in_flight(start), 8);
        assert_eq!(rate.on_throttle(start, start, SECOND), SECOND);
        assert_eq!(rate.max_in_flight(start), 0);
        assert_eq!(rate.paused_until(start), Some(start + SECOND));
        // Another throttled request of the same round.
        assert_eq!(rate.on_throttle(start - SECOND, start, SECOND), Duration::ZERO);
        let later = start + SECOND;
        assert_eq!(rate.max_in_flight(later), 4);
        while !rate.gap.is_zero() {
            rate.on_success();
        }
        let mut answers = 0;
        while rate.max_in_flight(later) == 4 {
            rate.on_success();
            answers += 1;
        }
        assert!((16..20).contains(&answers), "four rounds of four: {answers}");
        assert_eq!(rate.max_in_flight(later), 5);
        for _ in 0..400 {
            rate.on_success();
        }
        assert_eq!(rate.max_in_flight(later), 8, "never more than asked");
    }

    #[test]
    fn the_gap_doubles_up_to_the_largest_and_closes_again() {
        let mut now = Instant::now();
        let mut rate = RateController::new(2, LARGEST_GAP);
        let mut gaps = Vec::new();
        for _ in 0..12 {
            rate.on_throttle(now, now, Duration::ZERO);
            assert_eq!(rate.max_in_flight(now), 1, "it never stands still");
            rate.on_send(now);
            let next = rate.paused_until(now).unwrap_or(now);
            gaps.push(next.duration_since(now).as_millis());
            now = next;
        }
        assert_eq!(gaps[..5], [40, 80, 160, 320, 640]);
        assert_eq!(gaps.last(), Some(&LARGEST_GAP.as_millis()));
        for _ in 0..100 {
            rate.on_success();
        }
        rate.on_send(now);
        assert_eq!(rate.max_in_flight(now), 2);
    }

    #[test]
    fn the_gap_never_exceeds_the_largest() {
        let now = Instant::now();
        for largest in [Duration::ZERO, Duration::from_nanos(3), Duration::from_millis(8)] {
            let mut rate = RateController::new(1, largest);
            rate.on_throttle(now, now, Duration::ZERO);
            assert!(rate.gap <= largest, "{largest:?}");
        }
    }
}
