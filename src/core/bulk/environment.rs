//! What a run takes from the machine that it runs on: the time and chance. A parameter, so that a simulation can give a
//! run a world of its own.

use std::time::SystemTime;

use tokio::time::Instant;

use crate::core::call;

/// Where a run gets the time and chance from. What it waits for, it waits for with tokio's clock.
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
        call::chance()
    }
}
