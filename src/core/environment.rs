//! Time and randomness. They are parameters of calls and runs, so that a simulation can replace them.

use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

use tokio::time::Instant;

/// The source of time and random numbers. Waits use the clock of tokio.
pub trait Environment: Send + Sync + 'static {
    /// The time of a monotonic clock.
    fn now(&self) -> Instant {
        Instant::now()
    }

    /// The time of the system clock.
    fn wall_clock(&self) -> SystemTime;

    /// A random number from 0 to 1.
    fn random(&self) -> f64;
}

/// The machine that the process runs on.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine;

impl Environment for Machine {
    fn wall_clock(&self) -> SystemTime {
        SystemTime::now()
    }

    fn random(&self) -> f64 {
        let random = RandomState::new().hash_one(Instant::now());
        (random >> 11) as f64 / (1_u64 << 53) as f64
    }
}
