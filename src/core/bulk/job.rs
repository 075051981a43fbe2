//! A run from the opening of its journal to its report.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};

use super::closable::Closable;
use super::dedup::HashSeed;
use super::journal::Journal;
use super::progress::Progress;
use super::records::Record;
use super::report::{Report, StopReason};
use super::run::{Options, Run};
use super::target::Target;
use super::transport::Transport;
use crate::core::environment::Machine;
use crate::core::error::Failure;

/// What a run needs to start.
pub struct Job {
    /// Sends its requests.
    pub transport: Arc<dyn Transport>,
    /// What is closed, and where, or why that is not known.
    pub target: Result<Target, Failure>,
    /// How it goes about it.
    pub options: Options,
    /// The file of its journal.
    pub journal: Option<PathBuf>,
    /// The records.
    pub records: mpsc::Receiver<Vec<Record>>,
    /// How many records came more than once, which the input counts.
    pub duplicates: Arc<AtomicU64>,
}

/// A run that is over.
#[derive(Debug)]
pub struct FinishedRun {
    /// What it closed.
    pub closable: &'static Closable,
    /// What became of its records.
    pub report: Report,
    /// Why it ended before its records did.
    pub stopped: Option<StopReason>,
    /// How long it took.
    pub elapsed: Duration,
}

impl Job {
    /// Runs it.
    ///
    /// # Errors
    /// Why it could not start: the URL, the options, or the journal.
    pub async fn run(self, progress: Progress, abort: &Notify) -> Result<FinishedRun, Failure> {
        let target = self.target?;
        self.options.check(target.closable)?;
        let journal = match self.journal {
            // A dry run writes nothing, not even an empty journal.
            Some(path) if self.options.dry_run && !path.exists() => None,
            Some(path) => Some(Journal::open(&path, &target.to_string(), HashSeed::random()).await?),
            None => None,
        };
        let environment = Arc::new(Machine);
        let closable = target.closable;
        let run = Run::new(
            self.transport,
            target,
            self.options,
            journal,
            progress.clone(),
            environment,
        );
        let (mut report, stopped) = run.close_all(self.records, abort.notified()).await;
        report.duplicates = self.duplicates.load(Ordering::Relaxed);
        Ok(FinishedRun {
            closable,
            report,
            stopped,
            elapsed: progress.snapshot().elapsed,
        })
    }
}
