//! What a run does when the server throttles it, or cannot be reached.

use std::time::Duration;

use super::Run;
use super::task::{Exchange, Task, TaskResult};
use crate::core::bulk::report::StopReason;
use crate::core::bulk::responses::{BatchResult, LookupResult};
use crate::core::error::{Failure, Kind};
use crate::core::retry::policy;

/// How often in a row the server may throttle the run before the run gives up.
const MAX_THROTTLED: u32 = 30;

impl Run {
    /// Adapts the rate to a response, and stops the run if the server throttles it for too long.
    pub(super) fn update_rate(&mut self, result: &TaskResult, exchange: &Exchange) {
        let (sent, attempt) = (exchange.sent, &exchange.attempt);
        let is_throttled = matches!(
            result,
            TaskResult::Close(BatchResult::Throttled) | TaskResult::Read(LookupResult::Throttled)
        );
        if !is_throttled && attempt.status != Some(503) {
            if attempt.status.is_some_and(|status| status < 500) {
                self.throttled = 0;
                self.rate.on_success();
            }
            return;
        }
        // Several throttled requests of one round count once.
        if self.rate.is_new_signal(sent) || self.throttled == 0 {
            self.throttled += 1;
        }
        let max_wait = self.options.policy.max_retry_after;
        let asked = attempt.retry_after.unwrap_or_default();
        let wait = self.pause(self.throttled, attempt.retry_after).min(max_wait);
        let paused = self.rate.on_throttle(sent, self.now(), wait);
        self.queue.postpone_reads(paused);
        let message = if asked > max_wait {
            format!("the server asks to wait for {} s", asked.as_secs())
        } else if self.throttled > MAX_THROTTLED && !has_fault!(EndlessPatience) {
            format!(
                "the server has throttled the run {} times in a row",
                self.throttled
            )
        } else {
            return;
        };
        let failure = Failure::new(Kind::Connection, message).with_code("ETIMEDOUT");
        self.stop(StopReason::Throttled(failure, attempt.status.unwrap_or(429)));
    }

    /// After a request that did not reach the server.
    pub(super) fn on_not_sent(&mut self, mut task: Task, mut failure: Failure, exchange: &Exchange) {
        let earlier = task.records().iter().map(|pending| pending.unsent).max();
        let unsent = earlier.unwrap_or(0) + 1;
        if exchange.attempt.is_final || unsent >= self.options.read_back.max_tries {
            self.queue.push(task);
            failure.message = format!(
                "nothing could be sent to {}: {}",
                self.target.endpoint, failure.message
            );
            self.stop(StopReason::Failed(failure));
            return;
        }
        for pending in task.records_mut() {
            pending.unsent = unsent;
        }
        let wait = self.back_off(unsent);
        self.retry_task(Task::Batch(task.into_records()), wait);
    }

    /// Does a task again after a while.
    pub(super) fn retry_task(&mut self, mut task: Task, wait: Duration) {
        for pending in task.records_mut() {
            pending.is_retry = true;
        }
        self.queue.schedule_at(self.now() + wait, task);
    }

    /// The back-off after so many tries.
    pub(super) fn back_off(&self, tries: u32) -> Duration {
        self.pause(tries, None)
    }

    fn pause(&self, tries: u32, asked: Option<Duration>) -> Duration {
        let jitter = 0.5 + self.environment.random() / 2.0;
        policy::delay(tries, asked, &self.options.policy, jitter)
    }
}
