//! What a call or a run takes from the machine that it runs on: the time and chance. A parameter, so that a simulation can
//! give them a world of their own.

use std::hash::{BuildHasher, RandomState};
use std::time::SystemTime;

use tokio::time::Instant;

/// Where time and chance come from. What is waited for is waited for with tokio's clock.
pub trait Environment: Send + Sync + 'static {
    /// Now, by a clock that never goes back.
    fn now(&self) -> Instant {
        Instant::now()
    }

    /// Now, by the clock on the wall.
    fn wall_clock(&self) -> SystemTime;

    /// A number from 0 to 1, another one each time.
    fn chance(&self) -> f64;
}

/// The machine itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Machine;

impl Environment for Machine {
    fn wall_clock(&self) -> SystemTime {
        SystemTime::now()
    }

    fn chance(&self) -> f64 {
        let random = RandomState::new().hash_one(Instant::now());
        (random >> 11) as f64 / (1_u64 << 53) as f64
    }
}
