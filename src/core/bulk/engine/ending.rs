//! How a run ends before its records do: what is under way is found out about, the rest is left.

use std::collections::VecDeque;

use tokio::sync::mpsc;

use super::work::Work;
use super::{Run, Stopped};
use crate::core::bulk::answers;
use crate::core::bulk::records::Record;
use crate::core::bulk::report::Fate;
use crate::core::error::Kind;

impl Run {
    /// Ends the run: nothing new is begun, and what is under way is waited for.
    pub(super) fn stop(&mut self, why: Stopped) {
        // Of several reasons the first is the one.
        self.stopped.get_or_insert(why);
    }

    /// Whether a run that is stopped may still read back what became of its records: not with a key that has not the
    /// right, or where nothing can be written down.
    pub(super) fn may_read(&self) -> bool {
        match &self.stopped {
            None => true,
            Some(Stopped::Failed(failure)) => {
                matches!(failure.kind, Kind::Abort | Kind::Connection | Kind::Timeout)
            }
            Some(Stopped::Aborted | Stopped::Forbidden(_)) => false,
        }
    }

    /// Leaves what a run that is stopped does not do any more: all but reading back.
    pub(super) fn leave_undone(&mut self) {
        let may_read = self.may_read();
        let is_left = |work: &Work| !may_read || !matches!(work, Work::Read(..));
        let (left, kept): (VecDeque<_>, VecDeque<_>) =
            std::mem::take(&mut self.ready).into_iter().partition(is_left);
        self.ready = kept;
        let (later_left, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.later)
            .into_iter()
            .partition(|(_, work)| is_left(work));
        self.later = later;
        let open = std::mem::take(&mut self.open).into_iter().map(Work::Single);
        for work in left
            .into_iter()
            .chain(later_left.into_iter().map(|(_, work)| work))
            .chain(open)
        {
            self.leave(work);
        }
    }

    /// A piece of work that will not be done: of what may be closed nobody knows, the rest was not sent.
    pub(super) fn leave(&mut self, work: Work) {
        for item in work.into_items() {
            if item.was_lost {
                self.progress.count(false);
                self.report.add(&item.record.id, Fate::Unknown);
            } else if let Some(refusal) = item.refusal {
                self.progress.count(false);
                self.report.add(&item.record.id, answers::failed(refusal));
            } else {
                self.report.not_sent += 1;
            }
        }
    }

    /// Says of everything that is left what it is.
    pub(super) fn give_up(&mut self, mut records: mpsc::Receiver<Vec<Record>>) {
        self.tasks.abort_all();
        for ids in std::mem::take(&mut self.under_way).into_values() {
            for id in ids {
                self.report.add(&id, Fate::Unknown);
            }
        }
        if self.stopped.is_some() {
            self.leave_undone();
        }
        self.report.not_sent += self.fresh.len() as u64;
        records.close();
        while let Ok(chunk) = records.try_recv() {
            self.report.not_sent += chunk.len() as u64;
        }
    }
}
