//! What follows from the responses to a run's requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::Instant;

use super::Run;
use super::task::{Exchange, FinishedTask, Task, TaskResult};
use crate::core::bulk::read_back::{Indeterminate, NextStep, PendingRecord, ReadBackRules};
use crate::core::bulk::read_schedule::ReadSchedule;
use crate::core::bulk::report::{Cause, RecordOutcome, StopReason};
use crate::core::bulk::responses::{self, BatchResult, ItemResult, LookupResult, Refusal};
use crate::core::error::{Failure, Kind};
use crate::core::http::response::RawResponse;

impl Run {
    /// After a task has ended, in whichever way.
    pub(super) async fn on_finished(&mut self, joined: Result<(tokio::task::Id, FinishedTask), JoinError>) {
        let id = match &joined {
            Ok((id, _)) => *id,
            Err(error) => error.id(),
        };
        let Some((_, task)) = self.in_flight.remove(&id) else {
            return;
        };
        let task = Arc::unwrap_or_clone(task);
        match joined {
            Ok((_, FinishedTask::Responded(result, exchange))) => {
                self.update_rate(&result, &exchange);
                match result {
                    TaskResult::Close(result) => self.on_close_result(task, result, *exchange).await,
                    TaskResult::Read(read) => self.on_lookup(task, read, *exchange).await,
                }
            }
            Ok((_, FinishedTask::Failed(failure, ended))) => self.on_failed(task, failure, ended).await,
            Err(error) => self.on_panic(task, &error),
        }
    }

    /// After a failure that the next request would have as well: of the journal, before anything was sent, or of the
    /// caller's own code, perhaps after sending.
    async fn on_failed(&mut self, task: Task, failure: Failure, ended: Instant) {
        let cause = Arc::new(Cause::from(&failure));
        let is_read = task.is_read();
        for mut pending in task.into_records() {
            if is_read && !pending.is_unaffected() {
                let outcome = RecordOutcome::Unknown(cause.clone());
                self.settle(vec![pending.record], outcome).await;
                continue;
            }
            if failure.maybe_processed && !is_read {
                pending.tries += 1;
                self.mark_indeterminate(&mut pending, cause.clone(), ended);
            }
            self.queue.push_ready(Task::Read(pending));
        }
        self.stop(StopReason::Failed(failure));
    }

    /// After a panic, which is a defect of ours: nobody knows what became of the records.
    fn on_panic(&mut self, task: Task, error: &JoinError) {
        let message = format!("the engine failed: {error}; this is a defect of cloudblue-connect-native");
        let cause = Arc::new(Cause::new(message.clone()));
        for pending in task.into_records() {
            self.count(&pending.record.id, RecordOutcome::Unknown(cause.clone()));
        }
        self.stop(StopReason::Failed(Failure::new(Kind::Connection, message)));
    }

    /// After a request that was to close records.
    async fn on_close_result(&mut self, task: Task, result: BatchResult, exchange: Exchange) {
        match result {
            BatchResult::Throttled => self.retry_task(task, Duration::ZERO),
            BatchResult::NotSent(failure) => self.on_not_sent(task, failure, &exchange),
            BatchResult::Forbidden => self.on_forbidden(task, exchange.refusal),
            BatchResult::NotConnect if self.has_reached_connect && !task.is_batch() => {
                let response = exchange
                    .refusal
                    .clone()
                    .ok_or_else(|| Failure::input(String::new()));
                let cause = Arc::new(responses::indeterminate_cause(&response, ""));
                for mut pending in task.into_records() {
                    pending.tries += 1;
                    self.on_indeterminate(pending, None, cause.clone(), &exchange);
                }
            }
            BatchResult::NotConnect => self.on_not_connect(task, exchange),
            BatchResult::Rejected(refusal) => self.on_rejected(task, &refusal, exchange.ended),
            BatchResult::PerRecord(items, cause) => {
                let mut closed = Vec::new();
                let cause = Arc::new(cause);
                for (mut pending, item) in task.into_records().into_iter().zip(items) {
                    pending.tries += 1;
                    pending.unsent = 0;
                    self.has_reached_connect |= !matches!(item, ItemResult::Indeterminate(_));
                    match item {
                        ItemResult::Closed => closed.push(pending.record),
                        ItemResult::Refused(refusal) => self.on_refused(pending, refusal, exchange.ended),
                        ItemResult::ClosedUnverified(refusal) => {
                            self.on_closed_unverified(pending, refusal, &exchange);
                        }
                        ItemResult::Indeterminate(error) => {
                            self.on_indeterminate(pending, error, cause.clone(), &exchange);
                        }
                    }
                }
                self.settle(closed, RecordOutcome::Closed).await;
            }
        }
    }

    /// The API did not close the record now. It is read, as it may have been closed before.
    fn on_refused(&mut self, mut pending: PendingRecord, refusal: Refusal, ended: Instant) {
        if has_fault!(RefusedUnread) {
            return self.count(&pending.record.id, refusal.into());
        }
        pending.refusal = Some(refusal);
        // The window of an earlier request of unknown effect is not over because of this one.
        if pending.indeterminate.is_none() {
            pending.schedule = self.schedule_after(ended);
        }
        self.queue.push(Task::Read(pending));
    }

    /// The record is closed, perhaps with another invoice.
    fn on_closed_unverified(&mut self, mut pending: PendingRecord, refusal: Refusal, exchange: &Exchange) {
        let mut cause = refusal.clone().into_cause(exchange.attempt.status);
        cause.message = format!("the server says that it is closed, and: {}", cause.message);
        pending.indeterminate = Some(Indeterminate {
            cause: Arc::new(cause),
            may_be_ours: pending.may_be_ours(),
            is_closed: true,
        });
        pending.refusal = Some(refusal);
        pending.schedule = self.schedule_after(exchange.ended);
        self.queue.push(Task::Read(pending));
    }

    /// The request may have closed the record, or may still do so.
    fn on_indeterminate(
        &mut self,
        mut pending: PendingRecord,
        error: Option<Refusal>,
        cause: Arc<Cause>,
        exchange: &Exchange,
    ) {
        if has_fault!(ResendUnread) {
            return self.queue.resend(pending);
        }
        let status = exchange.attempt.status;
        let was_indeterminate = pending.indeterminate.is_some();
        let cause = match error.clone() {
            Some(error) => Arc::new(error.into_cause(status)),
            None => cause,
        };
        self.mark_indeterminate(&mut pending, cause, exchange.ended);
        // An error in response to a record that was sent again means that it is not sent once more.
        pending.refusal = error.filter(|_| was_indeterminate);
        let window = self.options.read_back.window;
        let wait = match status {
            // The server responds, only not as it should.
            Some(status) if status < 400 => Duration::ZERO,
            // The server has asked for fewer requests.
            Some(503) => window,
            _ => self.back_off(pending.tries).min(window / 2),
        };
        self.queue.schedule_at(exchange.ended + wait, Task::Read(pending));
    }

    /// Notes that a POST of unknown effect may have closed the record.
    fn mark_indeterminate(&self, pending: &mut PendingRecord, cause: Arc<Cause>, ended: Instant) {
        pending.refusal = None;
        pending.indeterminate = Some(Indeterminate {
            cause,
            may_be_ours: true,
            is_closed: false,
        });
        pending.schedule = self.schedule_after(ended);
    }

    fn schedule_after(&self, ended: Instant) -> ReadSchedule {
        ReadSchedule::after(ended, self.options.read_back.window)
    }

    /// The API rejected a whole request: its records are sent one by one.
    fn on_rejected(&mut self, task: Task, refusal: &Refusal, ended: Instant) {
        for mut pending in task.into_records() {
            pending.tries += 1;
            pending.unsent = 0;
            pending.refusal = Some(refusal.clone());
            if pending.tries < self.options.read_back.max_tries {
                self.queue.push(Task::Single(pending));
            } else {
                if pending.indeterminate.is_none() {
                    pending.schedule = self.schedule_after(ended);
                }
                self.queue.push(Task::Read(pending));
            }
        }
    }

    /// The API key may not close records: nothing was done, and nothing can be.
    fn on_forbidden(&mut self, task: Task, response: Option<RawResponse>) {
        self.queue.push(task);
        self.is_key_refused = true;
        self.stop(match response {
            Some(response) => StopReason::Refused(response),
            None => StopReason::Failed(Failure::new(Kind::Input, "the API key is not authorized")),
        });
    }

    /// A 404 in a format that Connect does not use: the endpoint is probably wrong.
    fn on_not_connect(&mut self, task: Task, exchange: Exchange) {
        let message = format!(
            "POST {}{} was answered with 404, and not by Connect: is the endpoint {} right? Connect's ends in /public/v1",
            self.target,
            self.target.closable.closing_path(),
            self.target.endpoint
        );
        let cause = Arc::new(Cause {
            status: Some(404),
            ..Cause::new(message.clone())
        });
        for mut pending in task.into_records() {
            pending.tries += 1;
            self.mark_indeterminate(&mut pending, cause.clone(), exchange.ended);
            self.queue.push(Task::Read(pending));
        }
        self.stop(match exchange.refusal {
            Some(response) => StopReason::Refused(RawResponse::plain(response.status, message.into_bytes())),
            None => StopReason::Failed(Failure::new(Kind::Input, message)),
        });
    }

    /// What decides when a record is read back, and what follows.
    fn read_back(&self) -> ReadBackRules<'_> {
        ReadBackRules {
            policy: &self.options.read_back,
            closable: self.target.closable,
        }
    }

    /// After a record was read back.
    async fn on_lookup(&mut self, task: Task, read: LookupResult, exchange: Exchange) {
        if read == LookupResult::Forbidden {
            return self.on_forbidden(task, exchange.refusal);
        }
        let Task::Read(mut pending) = task else {
            return self.queue.push(task);
        };
        self.has_reached_connect |= !matches!(read, LookupResult::Unreadable(_) | LookupResult::Throttled);
        if read == LookupResult::Throttled && self.stopped.is_none() {
            return self.retry_task(Task::Read(pending), Duration::ZERO);
        }
        let now = self.now();
        let next = pending.next_step(&read, exchange.sent, now, self.read_back());
        if self.stopped.is_some() {
            return self.on_last_lookup(pending, &read, next).await;
        }
        match next {
            NextStep::Settle(outcome) => self.settle(vec![pending.record], outcome).await,
            NextStep::ReadAt(at) => {
                pending.is_retry = true;
                self.queue.schedule_at(at, Task::Read(pending));
            }
            NextStep::Resend => self.queue.resend(pending),
            NextStep::ResendAlone if pending.tries < 2 => self.queue.push(Task::Single(pending)),
            NextStep::ResendAlone => {
                let wait = self.back_off(pending.tries);
                self.retry_task(Task::Single(pending), wait);
            }
        }
    }

    /// A stopped run reads a record once more, and takes that for its outcome.
    async fn on_last_lookup(&mut self, pending: PendingRecord, read: &LookupResult, next: NextStep) {
        let outcome = match (next, &pending.refusal) {
            (NextStep::Settle(outcome), _) => outcome,
            // Refused, and it reads as open: certainly not closed by us.
            (NextStep::ResendAlone, Some(refusal)) => refusal.clone().into(),
            _ => pending.unknown(&match read {
                LookupResult::Open => self.read_back().still_open(),
                _ => String::new(),
            }),
        };
        self.settle(vec![pending.record], outcome).await;
    }
}
