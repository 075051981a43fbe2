//! What is done with the answers to a run's requests.

use std::time::{Duration, Instant};

use super::work::{Answer, Done, Item, Work};
use super::{Run, Stopped};
use crate::core::bulk::answers::{self, Answered, Read, Said};
use crate::core::bulk::journal;
use crate::core::bulk::records::Record;
use crate::core::bulk::report::Fate;
use crate::core::call;
use crate::core::error::{Failure, Kind};
use crate::core::policy::{self, Ending};

/// How often in a row the server may ask for patience before the run gives up.
const MOST_THROTTLED: u32 = 30;

impl Run {
    /// Does with a request's answer what is to be done.
    pub(super) async fn finish(&mut self, done: Result<(tokio::task::Id, Done), tokio::task::JoinError>) {
        let Done { work, sent, result } = match done {
            Ok((id, done)) => {
                self.under_way.remove(&id);
                done
            }
            Err(error) => {
                // A defect of ours; the truth about its records is that nobody knows.
                for id in self.under_way.remove(&error.id()).unwrap_or_default() {
                    self.count(&id, Fate::Unknown);
                }
                let message =
                    format!("the engine failed: {error}; this is a defect of cloudblue-connect-native");
                self.stop(Stopped::Failed(Failure::new(Kind::Connection, message)));
                return;
            }
        };
        let (answer, ending) = match result {
            Ok(answered) => answered,
            Err(failure) => {
                // The journal, or the endpoint: nothing was sent. Or a mistake of a hook, after sending.
                self.put_back(work.lost_if(failure.maybe_processed));
                self.stop(Stopped::Failed(failure));
                return;
            }
        };
        self.note_pace(&answer, ending, sent);
        match (work, answer) {
            (Work::Read(item, failures), Answer::Read(read)) => {
                self.was_read(item, failures, read, ending).await
            }
            (work, Answer::Close(answered)) => self.was_sent(work, answered, ending).await,
            (work, Answer::Read(_)) => self.put_back(work),
        }
    }

    pub(super) fn note_pace(&mut self, answer: &Answer, ending: Ending, sent: Instant) {
        let is_throttled = matches!(
            answer,
            Answer::Close(Answered::Throttled) | Answer::Read(Read::Throttled)
        );
        if is_throttled || ending.status == Some(503) {
            self.throttled += 1;
            let asked = ending
                .retry_after
                .unwrap_or_else(|| self.back_off(self.throttled));
            let now = Instant::now();
            self.pace
                .slow_down(sent, now, asked.min(self.options.policy.most_retry_after));
            if self.throttled > MOST_THROTTLED || asked > self.options.policy.most_retry_after {
                let message = match ending.retry_after {
                    Some(asked) if asked > self.options.policy.most_retry_after => {
                        format!("the server asks to wait for {} s", asked.as_secs())
                    }
                    _ => format!(
                        "the server has asked for patience {} times in a row",
                        self.throttled
                    ),
                };
                self.stop(Stopped::Failed(Failure::new(Kind::Connection, message)));
            }
        } else if ending.status.is_some_and(|status| status < 500) {
            self.throttled = 0;
            self.pace.went_well();
        }
    }

    /// After a request that was to close records.
    pub(super) async fn was_sent(&mut self, work: Work, answered: Answered, ending: Ending) {
        match answered {
            Answered::Throttled => self.again(work, Duration::ZERO),
            Answered::NotSent => self.not_sent(work, ending).await,
            Answered::Forbidden => {
                self.put_back(work);
                let refusal = self.last_refusal.lock().ok().and_then(|mut last| last.take());
                self.stop(match refusal {
                    Some(outcome) => Stopped::Forbidden(outcome),
                    None => Stopped::Failed(Failure::new(Kind::Connection, "the key has not the right")),
                });
            }
            Answered::Whole(_) => {
                for mut item in work.into_items() {
                    item.tries += 1;
                    self.ready.push_back(Work::Single(item));
                }
            }
            Answered::Each(said) => {
                let mut closed = Vec::new();
                for (mut item, said) in work.into_items().into_iter().zip(said) {
                    item.tries += 1;
                    match said {
                        Said::Closed => closed.push(item.record),
                        Said::Refused(refusal) => {
                            item.refusal = Some(refusal);
                            self.ready.push_back(Work::Read(item, 0));
                        }
                        Said::Lost => {
                            item.was_lost = true;
                            item.refusal = None;
                            let wait = if ending.status.is_some_and(|status| status < 400) {
                                Duration::ZERO
                            } else {
                                self.back_off(item.tries)
                            };
                            self.later.push((Instant::now() + wait, Work::Read(item, 0)));
                        }
                    }
                }
                self.settle(closed, Fate::Closed).await;
            }
        }
    }

    /// After a request that did not reach the server.
    pub(super) async fn not_sent(&mut self, work: Work, ending: Ending) {
        if ending.is_final {
            self.put_back(work);
            return;
        }
        let tries = work.items().iter().map(|item| item.tries).max().unwrap_or(0) + 1;
        let is_over = tries >= self.options.most_tries;
        let mut items = work.into_items();
        for item in &mut items {
            item.tries += 1;
        }
        if is_over {
            let records = items.into_iter().map(|item| item.record).collect();
            self.settle(records, Fate::Unknown).await;
        } else {
            let wait = self.back_off(tries);
            self.again(Work::Batch(items), wait);
        }
    }

    /// After a record was read back.
    pub(super) async fn was_read(&mut self, item: Item, failures: u32, read: Read, ending: Ending) {
        match read {
            Read::Settled(fate) => self.settle(vec![item.record], fate).await,
            Read::Throttled => self.again(Work::Read(item, failures), Duration::ZERO),
            Read::Forbidden => {
                self.was_sent(Work::Read(item, failures), Answered::Forbidden, ending)
                    .await
            }
            Read::Unreadable if failures + 1 >= self.options.most_tries || ending.is_final => {
                self.settle(vec![item.record], Fate::Unknown).await;
            }
            Read::Unreadable => {
                let wait = ending.retry_after.unwrap_or_else(|| self.back_off(failures + 1));
                self.again(Work::Read(item, failures + 1), wait);
            }
            Read::Open if item.tries >= self.options.most_tries => {
                let fate = item.refusal.map_or(Fate::Unknown, answers::failed);
                self.settle(vec![item.record], fate).await;
            }
            // Refused although it can be closed: the API may say why of one record what it does not of many.
            Read::Open if item.refusal.is_some() => self.ready.push_back(Work::Single(item)),
            Read::Open => self.open.push(item),
        }
    }

    /// Writes down what became of records, then counts them.
    pub(super) async fn settle(&mut self, records: Vec<Record>, fate: Fate) {
        if records.is_empty() {
            return;
        }
        if let Some(journal) = &self.journal {
            let listed: Vec<_> = records.iter().collect();
            if let Err(failure) = journal.settled(journal::word(&fate), &listed).await {
                for record in &records {
                    self.count(&record.id, Fate::Unknown);
                }
                self.stop(Stopped::Failed(failure));
                return;
            }
        }
        for record in &records {
            self.count(&record.id, fate.clone());
        }
    }

    pub(super) fn count(&mut self, id: &str, fate: Fate) {
        let is_good = matches!(fate, Fate::Closed | Fate::AlreadyClosed);
        self.progress.count(is_good);
        self.report.add(id, fate);
        if !is_good && self.options.stop_on_error && self.stopped.is_none() {
            let message = format!("{id} could not be closed, and `stopOnError` is set");
            self.stop(Stopped::Failed(Failure::new(Kind::Abort, message)));
        }
    }

    pub(super) fn put_back(&mut self, work: Work) {
        self.ready.push_back(work);
    }

    pub(super) fn again(&mut self, mut work: Work, wait: Duration) {
        for item in work.items_mut() {
            item.is_again = true;
        }
        self.later.push((Instant::now() + wait, work));
    }

    pub(super) fn back_off(&self, attempt: u32) -> Duration {
        policy::back_off(attempt, &self.options.policy, 0.5 + call::chance() / 2.0)
    }
}
