//! How a run ends before its records do: what is in flight is read back if that is possible, the rest is abandoned.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Run;
use super::task::Task;
use crate::core::bulk::journal::PreviousResult;
use crate::core::bulk::read_back::PendingRecord;
use crate::core::bulk::records::Record;
use crate::core::bulk::report::{Cause, RecordOutcome, StopReason};
use crate::core::error::Kind;

impl Run {
    /// Stops the run: nothing new is started, and what is in flight is waited for.
    pub(super) fn stop(&mut self, why: StopReason) {
        // The first of several reasons counts.
        self.stopped.get_or_insert(why);
    }

    /// Whether a stopped run may read its records back, each once: not if a read could not succeed either.
    fn may_read_back(&self) -> bool {
        match &self.stopped {
            _ if self.is_key_refused && !has_fault!(EndlessReads) => false,
            None | Some(StopReason::OnError(_)) => true,
            // The caller's own code failed, for one request.
            Some(StopReason::Failed(failure)) => failure.kind == Kind::Input,
            Some(StopReason::Aborted | StopReason::Refused(_) | StopReason::Throttled(..)) => false,
        }
    }

    /// Empties the queue of a stopped run, except for reads that settle a record that may be closed.
    pub(super) fn abandon_queue(&mut self) {
        let may_read_back = self.may_read_back();
        let (tasks, new_records) = self.queue.drain();
        for pending in tasks.into_iter().flat_map(Task::into_records) {
            if may_read_back && !pending.is_unaffected() {
                self.queue.push_ready(Task::Read(pending));
            } else {
                self.abandon(&pending);
            }
        }
        if !has_fault!(UncountedRest) {
            self.report.not_sent += new_records.len() as u64;
        }
    }

    /// Counts a record that nothing more will be done about: unknown if it may be closed, otherwise not sent.
    pub(super) fn abandon(&mut self, pending: &PendingRecord) {
        if let (Some(refusal), true) = (&pending.refusal, has_fault!(FailedUnread)) {
            self.count(&pending.record.id, refusal.clone().into());
        } else if pending.is_unaffected() || has_fault!(NotSentLies) {
            self.report.not_sent += 1;
        } else {
            self.count(&pending.record.id, pending.unknown(""));
        }
    }

    /// Counts everything that is left when the run ends.
    pub(super) async fn abandon_rest(&mut self, mut records: mpsc::Receiver<Vec<Record>>) {
        // The tasks hold the journal.
        self.running.shutdown().await;
        let mut in_flight: Vec<_> = std::mem::take(&mut self.in_flight).into_values().collect();
        in_flight.retain(|_| !has_fault!(LostOnAbort));
        in_flight.sort_by_key(|(number, _)| *number);
        for (_, task) in in_flight {
            for pending in task.records() {
                if task.is_read() {
                    self.abandon(pending);
                } else {
                    let cause = Cause::new("the run ended while it was being closed");
                    self.count(&pending.record.id, RecordOutcome::Unknown(Arc::new(cause)));
                }
            }
        }
        if self.stopped.is_some() {
            self.abandon_queue();
        }
        if !self.progress.has_all_records() {
            records.close();
        }
        // Records that this run has not seen; an earlier run may have closed some of them.
        while let Some(chunk) = records.recv().await {
            for record in chunk {
                match self.replayed.lookup(&record) {
                    PreviousResult::Closed => self.count(&record.id, RecordOutcome::AlreadyClosed),
                    previous @ (PreviousResult::ClosedOtherwise | PreviousResult::Indeterminate) => {
                        let pending = self.resumed_record(record, previous);
                        self.abandon(&pending);
                    }
                    PreviousResult::NotClosed => self.report.not_sent += 1,
                }
            }
        }
    }
}
