//! How a run ends before its records do: what is under way is found out about, the rest is left.

use std::sync::Arc;

use tokio::sync::mpsc;

use super::Run;
use super::work::Work;
use crate::core::bulk::answers;
use crate::core::bulk::journal::Before;
use crate::core::bulk::read_back::Item;
use crate::core::bulk::records::Record;
use crate::core::bulk::report::{Cause, Fate, Stopped};
use crate::core::error::Kind;

impl Run {
    /// Ends the run: nothing new is begun, and what is under way is waited for.
    pub(super) fn stop(&mut self, why: Stopped) {
        // Of several reasons the first is the one.
        self.stopped.get_or_insert(why);
    }

    /// Whether a run that is stopped may still read back what became of its records, each once: not where reading is as
    /// useless as closing.
    fn may_read(&self) -> bool {
        match &self.stopped {
            None | Some(Stopped::OnError(_)) => true,
            // A mistake of the caller's own code, of one request.
            Some(Stopped::Failed(failure)) => failure.kind == Kind::Input,
            Some(Stopped::Aborted | Stopped::Refused(_) | Stopped::Throttled(..)) => false,
        }
    }

    /// Leaves what a run that is stopped does not do any more: all but reading back what is not certain.
    pub(super) fn leave_undone(&mut self) {
        let may_read = self.may_read();
        let (work, fresh) = self.queue.take_all();
        for item in work.into_iter().flat_map(Work::into_items) {
            if may_read && !item.is_untouched() {
                self.queue.push_ready(Work::Read(item));
            } else {
                self.leave(&item);
            }
        }
        self.report.not_sent += if has_fault!(UncountedRest) {
            0
        } else {
            fresh.len() as u64
        };
    }

    /// A record that nothing more will be done about: of what may be closed nobody knows, the rest was not closed by us.
    pub(super) fn leave(&mut self, item: &Item) {
        if let (Some(refusal), true) = (&item.refusal, has_fault!(FailedUnread)) {
            self.count(&item.record.id, answers::failed(refusal.clone()));
        } else if item.is_untouched() || has_fault!(NotSentLies) {
            self.report.not_sent += 1;
        } else {
            self.count(&item.record.id, item.unknown(""));
        }
    }

    /// Says of everything that is left what it is.
    pub(super) async fn give_up(&mut self, mut records: mpsc::Receiver<Vec<Record>>) {
        // Waited for, since they hold on to the journal.
        self.tasks.shutdown().await;
        let mut under_way: Vec<_> = std::mem::take(&mut self.under_way).into_values().collect();
        under_way.retain(|_| !has_fault!(LostOnAbort));
        under_way.sort_by_key(|(number, _)| *number);
        for (_, work) in under_way {
            for item in work.items() {
                if work.is_read() {
                    self.leave(item);
                } else {
                    let cause = Cause::new("the run ended while it was being closed");
                    self.count(&item.record.id, Fate::Unknown(Arc::new(cause)));
                }
            }
        }
        if self.stopped.is_some() {
            self.leave_undone();
        }
        if !self.progress.has_all_records() {
            records.close();
        }
        // Of these only an earlier run may have closed some.
        while let Some(chunk) = records.recv().await {
            for record in chunk {
                match self.past.of(&record) {
                    Before::Closed => self.count(&record.id, Fate::AlreadyClosed),
                    Before::Unsure => {
                        let item = self.left_open(record);
                        self.leave(&item);
                    }
                    Before::Nothing => self.report.not_sent += 1,
                }
            }
        }
    }
}
