//! What a run does when the server asks for patience, or cannot be reached.

use std::time::Duration;

use tokio::time::Instant;

use super::Run;
use super::work::{Meaning, Work};
use crate::core::bulk::answers::{Answered, Read};
use crate::core::bulk::report::Stopped;
use crate::core::error::{Failure, Kind};
use crate::core::policy::{self, Ending};

/// How often in a row the server may ask for patience before the run gives up.
const MOST_THROTTLED: u32 = 30;

impl Run {
    /// Keeps the pace by what an answer says of it.
    pub(super) fn note_pace(&mut self, meaning: &Meaning, ending: Ending, sent: Instant) {
        let is_throttled = matches!(
            meaning,
            Meaning::Close(Answered::Throttled) | Meaning::Read(Read::Throttled)
        );
        if !is_throttled && ending.status != Some(503) {
            if ending.status.is_some_and(|status| status < 500) {
                self.throttled = 0;
                self.pace.went_well();
            }
            return;
        }
        // Several of one round are one wish.
        if self.pace.is_new(sent) || self.throttled == 0 {
            self.throttled += 1;
        }
        let most = self.options.policy.most_retry_after;
        let asked = ending.retry_after.unwrap_or_default();
        let wait = self.pause(self.throttled, ending.retry_after).min(most);
        let paused = self.pace.slow_down(sent, self.now(), wait);
        self.queue.put_off(paused);
        let message = if asked > most {
            format!("the server asks to wait for {} s", asked.as_secs())
        } else if self.throttled > MOST_THROTTLED && !has_fault!(EndlessPatience) {
            format!(
                "the server has asked for patience {} times in a row",
                self.throttled
            )
        } else {
            return;
        };
        let failure = Failure::new(Kind::Connection, message).with_code("ETIMEDOUT");
        self.stop(Stopped::Throttled(failure, ending.status.unwrap_or(429)));
    }

    /// After a request that did not reach the server.
    pub(super) fn not_sent(&mut self, work: Work, mut failure: Failure, ending: Ending) {
        let unsent = work.items().iter().map(|item| item.unsent).max().unwrap_or(0) + 1;
        if ending.is_final || unsent >= self.options.read_back.max_tries {
            self.queue.push(work);
            failure.message = format!(
                "nothing could be sent to {}: {}",
                self.place.endpoint, failure.message
            );
            self.stop(Stopped::Failed(failure));
            return;
        }
        let mut items = work.into_items();
        for item in &mut items {
            item.unsent = unsent;
        }
        let wait = self.back_off(unsent);
        self.again(Work::Batch(items), wait);
    }

    /// Has work done again after a while.
    pub(super) fn again(&mut self, mut work: Work, wait: Duration) {
        for item in work.items_mut() {
            item.is_again = true;
        }
        self.queue.push_at(self.now() + wait, work);
    }

    /// The back-off after so many tries.
    pub(super) fn back_off(&self, attempt: u32) -> Duration {
        self.pause(attempt, None)
    }

    fn pause(&self, attempt: u32, asked: Option<Duration>) -> Duration {
        let chance = 0.5 + self.environment.chance() / 2.0;
        policy::pause(attempt, asked, &self.options.policy, chance)
    }
}
