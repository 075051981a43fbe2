//! The records on their way into a run: parsed, checked, and each passed on once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;

use super::closable::Closable;
use super::dedup::{DedupSet, HashSeed, Occurrence};
use super::records::{self, Defaults, Record};
use crate::core::error::Failure;

/// How many chunks of records wait for the run at most.
pub const MAX_QUEUED_CHUNKS: usize = 4;

/// The input of a run.
#[derive(Debug)]
pub struct RecordInput {
    defaults: Defaults,
    seen: DedupSet,
    /// How many records have been parsed.
    count: usize,
    duplicates: Arc<AtomicU64>,
    /// The chunks that were checked, and that the run does not have yet.
    checked: VecDeque<Vec<Record>>,
    /// None once no more records will come.
    run: Option<mpsc::Sender<Vec<Record>>>,
}

/// What became of a chunk.
#[derive(Debug)]
pub enum PushResult {
    /// The run has all of it.
    Accepted,
    /// The run takes no more records.
    Closed,
    /// A record is invalid; the run has those before it.
    Invalid(Failure),
}

impl RecordInput {
    /// * `run`: where the records go.
    /// * `duplicates`: counts the records that came before.
    pub fn new(defaults: Defaults, duplicates: Arc<AtomicU64>, run: mpsc::Sender<Vec<Record>>) -> Self {
        Self {
            defaults,
            seen: DedupSet::new(HashSeed::random()),
            count: 0,
            duplicates,
            checked: VecDeque::new(),
            run: Some(run),
        }
    }

    /// Parses a chunk: the records that are new, and what is wrong with the first that is invalid.
    fn read(&mut self, text: &[u8]) -> (Vec<Record>, Option<Failure>) {
        let (parsed, mut failure) = match records::read(text, self.count, &self.defaults) {
            Ok(parsed) => (parsed, None),
            Err((parsed, failure)) => (parsed, Some(failure)),
        };
        let Closable { noun, plural, .. } = self.defaults.closable;
        let mut new = Vec::with_capacity(parsed.len());
        for record in parsed {
            let number = self.count;
            self.count += 1;
            match self.seen.insert(&record) {
                Occurrence::First => new.push(record),
                Occurrence::Duplicate => {
                    self.duplicates.fetch_add(1, Ordering::Relaxed);
                }
                Occurrence::Conflicting => {
                    failure = Some(Failure::input(format!(
                        "{plural}[{number}]: {} came before with another external billing id; a {noun} can be billed by one invoice",
                        record.id
                    )));
                    break;
                }
            }
        }
        (new, failure)
    }

    /// Parses a chunk and passes on the records that are new.
    pub async fn push(&mut self, text: &[u8]) -> PushResult {
        let (new, failure) = self.read(text);
        if !self.pass_on(new).await {
            return PushResult::Closed;
        }
        failure.map_or(PushResult::Accepted, PushResult::Invalid)
    }

    /// Parses a chunk and keeps the records that are new until [`RecordInput::push_checked`]: for a list that must be valid
    /// as a whole before anything is sent.
    ///
    /// # Errors
    /// What is wrong with the first record that is invalid; those before it are kept.
    pub fn check(&mut self, text: &[u8]) -> Result<(), Failure> {
        let (new, failure) = self.read(text);
        self.checked.push_back(new);
        failure.map_or(Ok(()), Err)
    }

    /// Passes on the next chunk that was checked. False if there is none, or the run takes no more.
    pub async fn push_checked(&mut self) -> bool {
        match self.checked.pop_front() {
            Some(records) => self.pass_on(records).await,
            None => false,
        }
    }

    /// Whether the run took the records.
    async fn pass_on(&self, records: Vec<Record>) -> bool {
        let Some(run) = &self.run else { return false };
        records.is_empty() || run.send(records).await.is_ok()
    }

    /// Tells the run that no more records will come.
    pub fn end(&mut self) {
        self.run = None;
    }
}

/// Tells whether a run's input has records that the run has not taken yet.
#[derive(Debug, Clone)]
pub struct InputGauge(mpsc::WeakSender<Vec<Record>>);

impl InputGauge {
    /// Of the input with this sender.
    pub fn of(sender: &mpsc::Sender<Vec<Record>>) -> Self {
        Self(sender.downgrade())
    }

    /// Whether more records may come, and none are there.
    pub fn is_empty(&self) -> bool {
        self.0
            .upgrade()
            .is_some_and(|sender| sender.capacity() == sender.max_capacity())
    }
}
