//! Where a record gets its outcome: written to the journal, then counted.

use std::sync::Arc;

use super::Run;
use crate::core::bulk::journal;
use crate::core::bulk::records::Record;
use crate::core::bulk::report::{Cause, RecordOutcome, StopReason};

impl Run {
    /// Writes the outcome of records to the journal, then counts them.
    pub(super) async fn settle(&mut self, records: Vec<Record>, outcome: RecordOutcome) {
        if records.is_empty() {
            return;
        }
        let is_written = !(has_fault!(UnwrittenClose) && outcome == RecordOutcome::Closed);
        if let (Some(journal), true) = (&self.journal, is_written) {
            let listed: Vec<_> = records.iter().collect();
            if let Err(failure) = journal.write_outcome(journal::word(&outcome), &listed).await {
                let cause = Arc::new(Cause::from(&failure));
                for record in &records {
                    self.count(&record.id, RecordOutcome::Unknown(cause.clone()));
                }
                self.stop(StopReason::Failed(failure));
                return;
            }
        }
        for record in &records {
            self.count(&record.id, outcome.clone());
        }
    }

    /// Counts a record in the report and the progress.
    pub(super) fn count(&mut self, id: &str, outcome: RecordOutcome) {
        let is_closed = matches!(outcome, RecordOutcome::Closed | RecordOutcome::AlreadyClosed);
        self.progress.count(is_closed);
        self.report.add(id, outcome);
        if !is_closed && self.options.stop_on_error && self.stopped.is_none() {
            let message = format!("{id} could not be closed, and `stopOnError` is set");
            self.stop(StopReason::OnError(Cause::new(message)));
        }
    }
}
