//! How many requests at once, and how far apart. When the server asks for patience the former is halved and the latter
//! doubled; what goes well first closes the gap, then adds one in four rounds. The number alone would not do: a limit is
//! often one of requests a second, and a near server answers one at a time a thousand times a second.

use std::time::Duration;

use tokio::time::Instant;

/// The gap between requests after the first wish for patience, unless the largest is that small.
const FIRST_GAP: Duration = Duration::from_millis(40);

/// A gap that is smaller than this part of the first one is none.
const LEAST_PART: u32 = 20;

/// How much of a gap is left after an answer; of a large one less, or getting over it would take minutes. A gap that shrinks
/// fast is soon too small again, and of a batch that is answered by 503 each record has to be read.
const LEFT: f64 = 0.9;
const LEFT_OF_LARGE: f64 = 0.7;
const LARGE: Duration = Duration::from_secs(1);

/// How many more at once after a round that goes well. Asking for too much costs the server's patience, and a request whose
/// records have to be read one by one.
const GROWTH: f64 = 0.25;

/// The pace of a run. Pure: the time is given to it.
#[derive(Debug, Clone)]
pub struct Pace {
    most: usize,
    allowed: f64,
    gap: Duration,
    first_gap: Duration,
    largest_gap: Duration,
    /// The moment before which nothing may be sent.
    next_at: Option<Instant>,
    slowed_at: Option<Instant>,
}

impl Pace {
    /// A pace of at most so many requests at once, and at the slowest one with this gap.
    pub fn new(most: usize, largest_gap: Duration) -> Self {
        Self {
            most: most.max(1),
            allowed: most.max(1) as f64,
            gap: Duration::ZERO,
            first_gap: FIRST_GAP.min(largest_gap / 4),
            largest_gap,
            next_at: None,
            slowed_at: None,
        }
    }

    /// How many requests may be under way now.
    pub fn allowed(&self, now: Instant) -> usize {
        if self.next_at(now).is_some() {
            return 0;
        }
        (self.allowed as usize).clamp(1, self.most)
    }

    /// When the next request may be sent, unless that is now.
    pub fn next_at(&self, now: Instant) -> Option<Instant> {
        self.next_at.filter(|at| now < *at)
    }

    /// A request is sent.
    pub fn begin(&mut self, now: Instant) {
        if !self.gap.is_zero() {
            self.wait_until(now + self.gap);
        }
    }

    /// Something was answered as it should be.
    pub fn went_well(&mut self) {
        if self.gap.is_zero() {
            self.allowed = (self.allowed + GROWTH / self.allowed).min(self.most as f64);
            return;
        }
        self.gap = self
            .gap
            .mul_f64(if self.gap > LARGE { LEFT_OF_LARGE } else { LEFT });
        if self.gap < self.first_gap / LEAST_PART {
            self.gap = Duration::ZERO;
        }
    }

    /// Whether a request that was sent at this moment tells anything new of the server's patience: several that were sent
    /// before the pace was slowed slow it once.
    pub fn is_new(&self, sent: Instant) -> bool {
        self.slowed_at.is_none_or(|at| sent >= at)
    }

    /// The server asked for patience, of a request sent at `sent`.
    ///
    /// Returns by how much longer nothing is sent than before.
    pub fn slow_down(&mut self, sent: Instant, now: Instant, wait: Duration) -> Duration {
        if self.is_new(sent) {
            self.allowed = (self.allowed / 2.0).max(1.0);
            self.gap = (self.gap * 2).clamp(self.first_gap, self.largest_gap);
            self.slowed_at = Some(now);
        }
        let before = self.next_at(now).unwrap_or(now);
        self.wait_until(now + wait);
        self.next_at(now).unwrap_or(now).duration_since(before)
    }

    fn wait_until(&mut self, at: Instant) {
        self.next_at = Some(self.next_at.map_or(at, |earlier| earlier.max(at)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const LARGEST_GAP: Duration = Duration::from_secs(8);

    #[test]
    fn it_is_halved_once_and_recovers_one_by_one() {
        let start = Instant::now();
        let mut pace = Pace::new(8, LARGEST_GAP);
        assert_eq!(pace.allowed(start), 8);
        assert_eq!(pace.slow_down(start, start, SECOND), SECOND);
        assert_eq!(pace.allowed(start), 0);
        assert_eq!(pace.next_at(start), Some(start + SECOND));
        // Another one of the same round.
        assert_eq!(pace.slow_down(start - SECOND, start, SECOND), Duration::ZERO);
        let later = start + SECOND;
        assert_eq!(pace.allowed(later), 4);
        while !pace.gap.is_zero() {
            pace.went_well();
        }
        let mut answers = 0;
        while pace.allowed(later) == 4 {
            pace.went_well();
            answers += 1;
        }
        assert!((16..20).contains(&answers), "four rounds of four: {answers}");
        assert_eq!(pace.allowed(later), 5);
        for _ in 0..400 {
            pace.went_well();
        }
        assert_eq!(pace.allowed(later), 8, "never more than asked");
    }

    #[test]
    fn the_gap_grows_and_goes() {
        let mut now = Instant::now();
        let mut pace = Pace::new(2, LARGEST_GAP);
        let mut gaps = Vec::new();
        for _ in 0..12 {
            pace.slow_down(now, now, Duration::ZERO);
            assert_eq!(pace.allowed(now), 1, "it never stands still");
            pace.begin(now);
            let next = pace.next_at(now).unwrap_or(now);
            gaps.push(next.duration_since(now).as_millis());
            now = next;
        }
        assert_eq!(gaps[..5], [40, 80, 160, 320, 640]);
        assert_eq!(gaps.last(), Some(&LARGEST_GAP.as_millis()));
        for _ in 0..100 {
            pace.went_well();
        }
        pace.begin(now);
        assert_eq!(pace.allowed(now), 2);
    }

    #[test]
    fn a_gap_may_be_as_small_as_is_asked_for() {
        let now = Instant::now();
        for largest in [Duration::ZERO, Duration::from_nanos(3), Duration::from_millis(8)] {
            let mut pace = Pace::new(1, largest);
            pace.slow_down(now, now, Duration::ZERO);
            assert!(pace.gap <= largest, "{largest:?}");
        }
    }
}
