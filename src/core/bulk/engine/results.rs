//! What is done with the answers to a run's requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use super::Run;
use super::work::{Answer, Done, Meaning, Work};
use crate::core::bulk::answers::{self, Answered, Read, Refusal, Said};
use crate::core::bulk::journal;
use crate::core::bulk::read_back::{Doubt, Item, Next, Schedule};
use crate::core::bulk::records::Record;
use crate::core::bulk::report::{Cause, Fate, Stopped};
use crate::core::error::{Failure, Kind};
use crate::core::outcome::Outcome;
use crate::core::policy::Ending;

/// When a request was made.
#[derive(Clone, Copy)]
struct When {
    sent: Instant,
    ended: Instant,
}

impl Run {
    /// Does with a request's answer what is to be done.
    pub(super) async fn finish(&mut self, done: Result<(tokio::task::Id, Done), tokio::task::JoinError>) {
        let id = match &done {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some((_, work)) = self.under_way.remove(&id) else {
            return;
        };
        let work = Arc::unwrap_or_clone(work);
        let Done { sent, ended, result } = match done {
            Ok((_, done)) => done,
            Err(error) => return self.broke_down(work, &error),
        };
        match result {
            Ok(answer) => self.was_answered(work, answer, When { sent, ended }).await,
            // The journal, or the endpoint: nothing was sent. Or a mistake of the caller's own code, perhaps after sending.
            Err(failure) => {
                let cause = Arc::new(Cause::from(&failure));
                let is_read = work.is_read();
                for mut item in work.into_items() {
                    if is_read && !item.is_untouched() {
                        // It would fail again.
                        let fate = Fate::Unknown(cause.clone());
                        self.settle(vec![item.record], fate).await;
                        continue;
                    }
                    if failure.maybe_processed && !is_read {
                        item.tries += 1;
                        self.doubt(&mut item, cause.clone(), ended);
                    }
                    self.queue.push_ready(Work::Read(item));
                }
                self.stop(Stopped::Failed(failure));
            }
        }
    }

    /// A defect of ours; the truth about its records is that nobody knows.
    fn broke_down(&mut self, work: Work, error: &tokio::task::JoinError) {
        let message = format!("the engine failed: {error}; this is a defect of cloudblue-connect-native");
        let cause = Arc::new(Cause::new(message.clone()));
        for item in work.into_items() {
            self.count(&item.record.id, Fate::Unknown(cause.clone()));
        }
        self.stop(Stopped::Failed(Failure::new(Kind::Connection, message)));
    }

    async fn was_answered(&mut self, work: Work, answer: Answer, when: When) {
        let Answer {
            meaning,
            ending,
            refusal,
        } = answer;
        self.note_pace(&meaning, ending, when.sent);
        match (work, meaning) {
            (Work::Read(item), Meaning::Read(Read::Forbidden)) => {
                self.refused(Work::Read(item), refusal);
            }
            (Work::Read(item), Meaning::Read(read)) => self.was_read(item, read, when).await,
            (work, Meaning::Close(answered)) => self.was_sent(work, answered, ending, refusal, when).await,
            (work, Meaning::Read(_)) => self.queue.push(work),
        }
    }

    /// After a request that was to close records.
    async fn was_sent(
        &mut self,
        work: Work,
        answered: Answered,
        ending: Ending,
        refusal: Option<Outcome>,
        when: When,
    ) {
        match answered {
            Answered::Throttled => self.again(work, Duration::ZERO),
            Answered::NotSent(failure) => self.not_sent(work, failure, ending),
            Answered::Forbidden => self.refused(work, refusal),
            Answered::Elsewhere => self.went_elsewhere(work, refusal, when),
            Answered::Whole(refusal) => self.refused_whole(work, &refusal, when),
            Answered::Each(said, cause) => {
                let mut closed = Vec::new();
                let cause = Arc::new(cause);
                for (mut item, said) in work.into_items().into_iter().zip(said) {
                    item.tries += 1;
                    item.unsent = 0;
                    match said {
                        Said::Closed => closed.push(item.record),
                        said => self.find_out(item, said, &cause, ending, when),
                    }
                }
                self.settle(closed, Fate::Closed).await;
            }
        }
    }

    /// Has a record read of which an answer did not say for certain that it is closed.
    fn find_out(&mut self, mut item: Item, said: Said, cause: &Arc<Cause>, ending: Ending, when: When) {
        let window = self.options.read_back.window;
        match said {
            Said::Refused(refusal) if has_fault!(RefusedUnread) => {
                self.count(&item.record.id, answers::failed(refusal));
            }
            Said::Refused(refusal) => {
                item.refusal = Some(refusal);
                // What an earlier request left open is not closer to its end for that.
                if item.doubt.is_none() {
                    item.schedule = Schedule::after(when.ended, window);
                }
                self.queue.push(Work::Read(item));
            }
            Said::ClosedSomehow(refusal) => {
                let mut cause = refusal.clone().into_cause(ending.status);
                cause.message = format!("the server says that it is closed, and: {}", cause.message);
                item.doubt = Some(Doubt {
                    cause: Arc::new(cause),
                    may_be_ours: item.doubt.is_some_and(|doubt| doubt.may_be_ours),
                    is_closed: true,
                });
                item.refusal = Some(refusal);
                item.schedule = Schedule::after(when.ended, window);
                self.queue.push(Work::Read(item));
            }
            _ if has_fault!(ResendUnread) => self.queue.send_again(item),
            Said::Closed | Said::Unclear(_) => {
                let refusal = match said {
                    Said::Unclear(refusal) => refusal,
                    _ => None,
                };
                let was_in_doubt = item.doubt.is_some();
                let cause = match refusal.clone() {
                    Some(refusal) => Arc::new(refusal.into_cause(ending.status)),
                    None => cause.clone(),
                };
                self.doubt(&mut item, cause, when.ended);
                // Whoever says no to a repetition, it is not repeated.
                item.refusal = refusal.filter(|_| was_in_doubt);
                let wait = match ending.status {
                    // It answers: only not as it should.
                    Some(status) if status < 400 => Duration::ZERO,
                    // More requests are what it has asked not to be sent.
                    Some(503) => window,
                    _ => self.back_off(item.tries).min(window / 2),
                };
                self.queue.push_at(when.ended + wait, Work::Read(item));
            }
        }
    }

    /// A POST of unknown effect: the record may be closed by it.
    fn doubt(&self, item: &mut Item, cause: Arc<Cause>, ended: Instant) {
        item.refusal = None;
        item.doubt = Some(Doubt {
            cause,
            may_be_ours: true,
            is_closed: false,
        });
        item.schedule = Schedule::after(ended, self.options.read_back.window);
    }

    /// After a request that was refused as a whole: one by one.
    fn refused_whole(&mut self, work: Work, refusal: &Refusal, when: When) {
        for mut item in work.into_items() {
            item.tries += 1;
            item.unsent = 0;
            item.refusal = Some(refusal.clone());
            let work = if item.tries < self.options.read_back.max_tries {
                Work::Single(item)
            } else {
                if item.doubt.is_none() {
                    item.schedule = Schedule::after(when.ended, self.options.read_back.window);
                }
                Work::Read(item)
            };
            self.queue.push(work);
        }
    }

    /// After an answer that says that this key may close nothing: nothing was done.
    fn refused(&mut self, work: Work, refusal: Option<Outcome>) {
        self.queue.push(work);
        self.stop(match refusal {
            Some(outcome) => Stopped::Refused(outcome),
            None => Stopped::Failed(Failure::new(Kind::Input, "the key has not the right")),
        });
    }

    /// After a 404 that is not Connect's: whoever answered does not know this path, and may be anybody.
    fn went_elsewhere(&mut self, work: Work, refusal: Option<Outcome>, when: When) {
        let message = format!(
            "POST {}/close-records was answered with 404, and not by Connect: is the endpoint {} right? Connect's ends in \
             /public/v1",
            self.place.url(),
            self.place.endpoint
        );
        let cause = Arc::new(Cause {
            status: Some(404),
            ..Cause::new(message.clone())
        });
        for mut item in work.into_items() {
            item.tries += 1;
            self.doubt(&mut item, cause.clone(), when.ended);
            self.queue.push(Work::Read(item));
        }
        self.stop(match refusal {
            Some(outcome) => Stopped::Refused(Outcome::plain(outcome.status, message.into_bytes())),
            None => Stopped::Failed(Failure::new(Kind::Input, message)),
        });
    }

    /// After a record was read back.
    async fn was_read(&mut self, mut item: Item, read: Read, when: When) {
        if read == Read::Throttled && self.stopped.is_none() {
            return self.again(Work::Read(item), Duration::ZERO);
        }
        let now = self.now();
        let next = item.after_read(&read, when.sent, now, &self.options.read_back);
        if self.stopped.is_some() {
            return self.was_read_last(item, &read, next).await;
        }
        match next {
            Next::Settle(fate) => self.settle(vec![item.record], fate).await,
            Next::ReadAt(at) => {
                item.is_again = true;
                self.queue.push_at(at, Work::Read(item));
            }
            Next::Send => self.queue.send_again(item),
            Next::SendAlone if item.tries < 2 => self.queue.push(Work::Single(item)),
            Next::SendAlone => {
                let wait = self.back_off(item.tries);
                self.again(Work::Single(item), wait);
            }
        }
    }

    /// After the one read that a run that is stopped still makes of a record.
    async fn was_read_last(&mut self, item: Item, read: &Read, next: Next) {
        let fate = match (next, &item.refusal) {
            (Next::Settle(fate), _) => fate,
            // Open, refused, and certain not to be closed by us.
            (Next::SendAlone, Some(refusal)) => answers::failed(refusal.clone()),
            _ => item.unknown(match read {
                Read::Open => "reads say that it is approved",
                _ => "",
            }),
        };
        self.settle(vec![item.record], fate).await;
    }

    /// Writes down what became of records, then counts them.
    pub(super) async fn settle(&mut self, records: Vec<Record>, fate: Fate) {
        if records.is_empty() {
            return;
        }
        let is_written = !(has_fault!(UnwrittenClose) && fate == Fate::Closed);
        if let (Some(journal), true) = (&self.journal, is_written) {
            let listed: Vec<_> = records.iter().collect();
            if let Err(failure) = journal.settled(journal::word(&fate), &listed).await {
                let cause = Arc::new(Cause::from(&failure));
                for record in &records {
                    self.count(&record.id, Fate::Unknown(cause.clone()));
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
            self.stop(Stopped::OnError(Cause::new(message)));
        }
    }
}
