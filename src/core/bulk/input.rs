//! The records on their way into a run: parsed, checked, and each passed on once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::sync::mpsc;

use super::closable::Closable;
use super::dedup::{DedupSet, HashSeed, Occurrence};
use super::listing::ListedRecords;
use super::records::{self, Defaults, Record};
use crate::core::error::Failure;
use crate::core::tables::reader::Reader;

/// How many chunks of records wait for the run at most.
pub const MAX_QUEUED_CHUNKS: usize = 4;

/// How many records of a table or a list make a chunk. The pages of a list may be small: each on its own, they would make
/// small batches.
const CHUNK: usize = 1000;

/// The input of a run.
#[derive(Debug)]
pub struct RecordInput {
    defaults: Defaults,
    seen: DedupSet,
    /// How many records have been parsed.
    count: usize,
    duplicates: Arc<AtomicU64>,
    /// The chunks that were checked, and that the run does not have yet.
    kept: VecDeque<Kept>,
    /// Whether there are some.
    has_kept: Arc<AtomicBool>,
    /// None once no more records will come.
    run: Option<mpsc::Sender<Vec<Record>>>,
}

/// A chunk of records that wait for the run.
#[derive(Debug)]
enum Kept {
    /// Those that are new.
    Records(Vec<Record>),
    /// Those of a list, as they came.
    Listed(ListedRecords),
}

/// Why the records of a table cannot be closed.
#[derive(Debug)]
pub enum TableInputError {
    /// The table cannot be read.
    Table(Failure),
    /// One of its records is wrong.
    Record(Failure),
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
            kept: VecDeque::new(),
            has_kept: Arc::default(),
            run: Some(run),
        }
    }

    /// What the records are, and what stands in for what they do not say.
    pub fn defaults(&self) -> &Defaults {
        &self.defaults
    }

    /// Parses a chunk: the records that are new, and what is wrong with the first that is invalid.
    fn read(&mut self, text: &[u8]) -> (Vec<Record>, Option<Failure>) {
        let (parsed, failure) = match records::read(text, self.count, &self.defaults) {
            Ok(parsed) => (parsed, None),
            Err((parsed, failure)) => (parsed, Some(failure)),
        };
        let (first, plural) = (self.count, self.defaults.closable.plural);
        let (new, conflict) = self.admit(parsed, |index| format!("{plural}[{}]", first + index));
        (new, conflict.or(failure))
    }

    /// The records that are new, up to the first that came before with another invoice, and what is wrong with that.
    ///
    /// * `place`: where the record with this index stands, for the message.
    fn admit(
        &mut self,
        records: Vec<Record>,
        place: impl Fn(usize) -> String,
    ) -> (Vec<Record>, Option<Failure>) {
        let Closable { noun, .. } = self.defaults.closable;
        let mut new = Vec::with_capacity(records.len());
        for (index, record) in records.into_iter().enumerate() {
            self.count += 1;
            match self.seen.insert(&record) {
                Occurrence::First => new.push(record),
                Occurrence::Duplicate => {
                    self.duplicates.fetch_add(1, Ordering::Relaxed);
                }
                Occurrence::Conflicting => {
                    let (place, id) = (place(index), record.id);
                    let failure = Failure::input(format!(
                        "{place}: {id} came before with another external billing id; a {noun} can be billed by one invoice"
                    ));
                    return (new, Some(failure));
                }
            }
        }
        (new, None)
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
        self.keep(Kept::Records(new));
        failure.map_or(Ok(()), Err)
    }

    /// Reads the rows of a table that was checked, and keeps them as [`RecordInput::check`] does. Returns how many there are.
    ///
    /// # Errors
    /// Why the table cannot be read, or what is wrong with the first record that is; those before it are kept.
    pub fn check_table(&mut self, table: &mut Reader) -> Result<u64, TableInputError> {
        let mut count = 0;
        while let Some(rows) = table.next_records(CHUNK).map_err(TableInputError::Table)? {
            count += rows.len() as u64;
            let mut numbers = Vec::with_capacity(rows.len());
            let mut records: Vec<Record> = Vec::with_capacity(rows.len());
            let mut failure = None;
            for row in rows {
                let number = row.row;
                match records::of_table(row, &self.defaults, records.last()) {
                    Ok(record) => records.push(record),
                    Err(what) => {
                        failure = Some(Failure::input(format!("{}: {what}", table.place(number))));
                        break;
                    }
                }
                numbers.push(number);
            }
            let place = |index: usize| table.place(numbers.get(index).copied().unwrap_or_default());
            let (new, conflict) = self.admit(records, place);
            self.keep(Kept::Records(new));
            if let Some(failure) = conflict.or(failure) {
                return Err(TableInputError::Record(failure));
            }
        }
        Ok(count)
    }

    /// Keeps the records of a list until [`RecordInput::push_checked`].
    pub fn keep_listed(&mut self, records: ListedRecords) {
        self.keep(Kept::Listed(records));
    }

    fn keep(&mut self, kept: Kept) {
        self.has_kept.store(true, Ordering::Relaxed);
        self.kept.push_back(kept);
    }

    /// Passes on all that is kept. False if the run takes no more.
    pub async fn push_checked(&mut self) -> bool {
        let mut chunk = Vec::new();
        while let Some(kept) = self.kept.pop_front() {
            chunk.extend(match kept {
                Kept::Records(records) => records,
                Kept::Listed(listed) => {
                    let records = listed.records(&self.defaults).collect();
                    // Records of a list have the same invoice: none can conflict.
                    self.admit(records, |_| String::new()).0
                }
            });
            if (chunk.len() >= CHUNK || self.kept.is_empty())
                && !self.pass_on(std::mem::take(&mut chunk)).await
            {
                return false;
            }
        }
        self.has_kept.store(false, Ordering::Relaxed);
        true
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
pub struct InputGauge {
    /// None once no more records will come.
    sender: Option<mpsc::WeakSender<Vec<Record>>>,
    has_kept: Arc<AtomicBool>,
}

impl InputGauge {
    /// Of an input.
    pub fn of(input: &RecordInput) -> Self {
        Self {
            sender: input.run.as_ref().map(mpsc::Sender::downgrade),
            has_kept: input.has_kept.clone(),
        }
    }

    /// Whether more records may come, and none are there.
    pub fn is_empty(&self) -> bool {
        let sender = self.sender.as_ref().and_then(mpsc::WeakSender::upgrade);
        sender.is_some_and(|sender| sender.capacity() == sender.max_capacity())
            && !self.has_kept.load(Ordering::Relaxed)
    }
}
