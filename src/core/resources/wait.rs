//! Waiting for an object to be in a state: what each poll means, and when the next one is due. No clock, no I/O.

use std::time::Duration;

use super::states::StateMachine;
use crate::core::error::Failure;
use crate::core::retry::policy;

/// How often an object is polled, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    /// The delay after the first poll. It grows by a half with each further one. Default 1 s.
    pub interval: Duration,
    /// The longest delay. Default 30 s, or `interval` if that is longer.
    pub max_interval: Duration,
    /// How long to wait at most. Default 30 minutes.
    pub timeout: Duration,
}

impl Schedule {
    /// A schedule with the defaults for what is `None`.
    ///
    /// # Errors
    /// A failure of kind `Input` if the first delay is longer than the longest.
    pub fn new(
        interval: Option<Duration>,
        max_interval: Option<Duration>,
        timeout: Option<Duration>,
    ) -> Result<Self, Failure> {
        if let (Some(interval), Some(max)) = (interval, max_interval)
            && interval > max
        {
            return Err(Failure::input(format!(
                "waitFor: the option interval ({} ms) must not be above maxInterval ({} ms)",
                interval.as_secs_f64() * 1000.0,
                max.as_secs_f64() * 1000.0,
            )));
        }
        let longest = max_interval.unwrap_or(Duration::from_secs(30).max(interval.unwrap_or_default()));
        Ok(Self {
            interval: interval.unwrap_or(Duration::from_secs(1)).min(longest),
            max_interval: longest,
            timeout: timeout.unwrap_or(Duration::from_secs(30 * 60)),
        })
    }

    /// The delay after a poll.
    ///
    /// * `poll`: how many there were, from 1.
    /// * `jitter`: a random number from 0 to 1, which takes up to a quarter off the delay, so that objects that are waited for
    ///   together are not polled together.
    fn delay(&self, poll: u32, jitter: f64) -> Duration {
        let grown = self.interval.as_secs_f64() * 1.5_f64.powf(f64::from(poll.saturating_sub(1)));
        let bound = grown.min(self.max_interval.as_secs_f64());
        let delay = bound * (1.0 - 0.25 * jitter.clamp(0.0, 1.0));
        Duration::try_from_secs_f64(delay).unwrap_or(self.max_interval)
    }
}

/// Why a poll gave no object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PollFailure {
    /// The status, if there was a response.
    pub status: Option<u16>,
    /// Without a response: whether the next request may get one.
    pub is_transient: bool,
    /// Without a response: whether the request may have reached the server.
    pub maybe_sent: bool,
    /// How long the server asked to wait.
    pub retry_after: Option<Duration>,
}

/// What follows a poll.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The object is in one of the states.
    Reached,
    /// Wait, then poll again.
    Poll(Duration),
    /// The object cannot come to any of the states; where it says why, as in [`super::states::State::detail`].
    Unreachable(&'static [&'static str]),
    /// The failure of the poll ends the wait.
    Fail,
}

/// A wait for one object.
#[derive(Debug)]
pub struct Wait {
    machine: &'static StateMachine,
    wanted: Vec<String>,
    schedule: Schedule,
    polls: u32,
    /// Whether a request has reached the server, so that endpoint and network are known to work.
    has_reached_server: bool,
}

impl Wait {
    /// A wait for an object of a class to be in one of the states.
    ///
    /// # Errors
    /// A failure of kind `Input` if there is none, or one that objects of the class cannot have; the message says which they
    /// can.
    pub fn new(class: &str, wanted: Vec<String>, schedule: Schedule) -> Result<Self, Failure> {
        let machine = StateMachine::of(class)
            .ok_or_else(|| Failure::input(format!("waitFor: the objects of {class} have no states")))?;
        let known = || machine.names().collect::<Vec<_>>().join(", ");
        if wanted.is_empty() {
            return Err(Failure::input(format!(
                "waitFor: `states` must name at least one state; known states: {}",
                known()
            )));
        }
        if let Some(unknown) = wanted.iter().find(|name| machine.state(name).is_none()) {
            return Err(Failure::input(format!(
                "waitFor: unknown state '{unknown}'; known states: {}",
                known()
            )));
        }
        Ok(Self {
            machine,
            wanted,
            schedule,
            polls: 0,
            has_reached_server: false,
        })
    }

    /// How long to wait at most.
    pub fn timeout(&self) -> Duration {
        self.schedule.timeout
    }

    /// What follows a poll that gave the object.
    ///
    /// * `status`: its state; `None` if it has none. One that is not declared is waited through: the API may have new ones.
    /// * `jitter`: a random number from 0 to 1.
    pub fn on_object(&mut self, status: Option<&str>, jitter: f64) -> Step {
        self.has_reached_server = true;
        let status = status.unwrap_or_default();
        if self.wanted.iter().any(|name| name == status) {
            return Step::Reached;
        }
        match self.machine.state(status) {
            Some(state) if !self.machine.can_reach(state, &self.wanted) => Step::Unreachable(state.detail),
            _ => Step::Poll(self.next_delay(None, jitter)),
        }
    }

    /// What follows a poll that failed. A failure that may pass is waited through, for a wait can outlast an outage; not so
    /// before the server was reached at all, when a wrong endpoint is as likely.
    ///
    /// * `jitter`: a random number from 0 to 1.
    pub fn on_failure(&mut self, failure: PollFailure, jitter: f64) -> Step {
        let may_pass = match failure.status {
            Some(status) => status == 429 || policy::is_indeterminate(status),
            None => failure.is_transient && (failure.maybe_sent || self.has_reached_server),
        };
        if !may_pass {
            return Step::Fail;
        }
        self.has_reached_server = true;
        Step::Poll(self.next_delay(failure.retry_after, jitter))
    }

    fn next_delay(&mut self, retry_after: Option<Duration>, jitter: f64) -> Duration {
        self.polls = self.polls.saturating_add(1);
        let delay = self.schedule.delay(self.polls, jitter);
        delay.max(retry_after.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests;
