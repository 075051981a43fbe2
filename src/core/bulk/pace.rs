//! How many requests at once: halved when the server asks for patience, one more for each round that goes well.

use std::time::{Duration, Instant};

/// The pace of a run. Pure: the time is given to it.
#[derive(Debug, Clone)]
pub struct Pace {
    most: usize,
    allowed: f64,
    paused_until: Option<Instant>,
    slowed_at: Option<Instant>,
}

impl Pace {
    /// A pace of at most so many requests at once.
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            allowed: most.max(1) as f64,
            paused_until: None,
            slowed_at: None,
        }
    }

    /// How many requests may be under way now.
    pub fn allowed(&self, now: Instant) -> usize {
        if self.paused_until.is_some_and(|until| now < until) {
            return 0;
        }
        (self.allowed as usize).clamp(1, self.most)
    }

    /// Until when nothing may be sent.
    pub fn paused_until(&self, now: Instant) -> Option<Instant> {
        self.paused_until.filter(|until| now < *until)
    }

    /// Something was answered as it should be.
    pub fn went_well(&mut self) {
        self.allowed = (self.allowed + 1.0 / self.allowed).min(self.most as f64);
    }

    /// The server asked for patience, of a request sent at `sent`: several that were sent before the pace was slowed
    /// slow it once.
    pub fn slow_down(&mut self, sent: Instant, now: Instant, wait: Duration) {
        let until = now + wait;
        self.paused_until = Some(self.paused_until.map_or(until, |earlier| earlier.max(until)));
        if self.slowed_at.is_none_or(|at| sent >= at) {
            self.allowed = (self.allowed / 2.0).max(1.0);
            self.slowed_at = Some(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_halved_once_and_recovers_one_by_one() {
        let start = Instant::now();
        let second = Duration::from_secs(1);
        let mut pace = Pace::new(8);
        assert_eq!(pace.allowed(start), 8);
        pace.slow_down(start, start, second);
        assert_eq!(pace.allowed(start), 0);
        assert_eq!(pace.paused_until(start), Some(start + second));
        // Another one of the same round.
        pace.slow_down(start - second, start, second);
        let later = start + second;
        assert_eq!(pace.allowed(later), 4);
        for _ in 0..4 {
            pace.went_well();
        }
        assert_eq!(pace.allowed(later), 4);
        pace.went_well();
        assert_eq!(pace.allowed(later), 5);
        for _ in 0..100 {
            pace.went_well();
        }
        assert_eq!(pace.allowed(later), 8, "never more than asked");
    }

    #[test]
    fn it_never_stands_still() {
        let start = Instant::now();
        let mut pace = Pace::new(2);
        for round in 0..10 {
            let now = start + Duration::from_secs(round);
            pace.slow_down(now, now, Duration::ZERO);
        }
        assert_eq!(pace.allowed(start + Duration::from_secs(10)), 1);
    }
}
