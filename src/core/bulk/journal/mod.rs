//! The journal of a run, on disk, so that a run that was interrupted at any moment can be resumed.
//!
//! One JSON object per line, append-only:
//!
//! ```text
//! {"journal":2,"endpoint":"https://api.connect.cloudblue.com/public/v1/usage/records","crc":"af1abfce"}
//! {"line":2,"sending":[["UR-1","INV-7"],["UR-2","INV-7"]],"crc":"68467f2b"}     before the request is sent
//! {"line":3,"is":"closed","records":[["UR-1","INV-7"]],"crc":"53d32d4c"}        before the record is counted
//! ```
//!
//! - `line` is the line number, as written: a missing or repeated line is detected.
//! - `crc` is the CRC-32 (that of gzip and zip) of the line without this field, as eight lower-case hex digits: of
//!   `{"line":3,"is":"closed","records":[["UR-1","INV-7"]]}` without the newline. It is always the last field, without
//!   blanks. A CRC-32 detects all damage of up to 32 consecutive bits, and all but one in four billion of other damage.
//! - `is` is `closed`, `failed`, `conflict` or `unknown`. A missing billing id is `null`.
//!
//! Each line is synchronised to the disk before the run acts on it. A journal is therefore read as follows:
//!
//! - An incomplete line at the end of the file was cut off by a crash, and zeros there are left by a power cut. The run
//!   never acted on them: they mean nothing, and are truncated.
//! - Any other unreadable or missing line may have said that any record was sent. Every record that no later line
//!   mentions is uncertain, and read back; one that was closed stays closed.
//! - A first line with one wrong byte is recognised. With more damage nobody knows whose records these are, and the file
//!   is refused, as any other file is.
//!
//! Version 1 has neither `line` nor `crc`. Such a file is read, and continued with lines of version 2 under its header.

mod file;
mod line;
pub mod memory;
mod replay;
mod replayed_state;
mod storage;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;

use tokio::sync::{mpsc, oneshot};

pub use file::FileStorage;
pub use replayed_state::{PreviousResult, ReplayedState};
pub use storage::{Storage, StorageFuture, UnusableJournal};

use super::dedup::HashSeed;
use super::records::Record;
use super::report::RecordOutcome;
use crate::core::error::{Failure, Kind};
use replay::JournalEnd;
use writer::{Command, Writer};

/// A journal that is being written.
#[derive(Debug, Clone)]
pub struct Journal(mpsc::Sender<Command>);

impl Journal {
    /// Opens the journal in a file, or creates it, and replays it. The file is locked: two runs cannot write one journal.
    ///
    /// * `endpoint`: where the records are closed; a journal of another endpoint is refused.
    /// * `seed`: the seed of the hashes that the replayed state keeps.
    ///
    /// # Errors
    /// A failure that names the journal and what is wrong with it: of kind `File`, with Node's code, if it cannot be opened
    /// or read; of kind `Input`, if it is not a journal, or of another endpoint.
    pub async fn open(path: &Path, endpoint: &str, seed: HashSeed) -> Result<(Self, ReplayedState), Failure> {
        match FileStorage::open(path).await {
            Ok(storage) => Self::start(storage, endpoint, seed).await,
            Err(unusable) => Err(unusable.into_failure(&path.display().to_string())),
        }
    }

    /// Continues the journal in a storage, or starts one. The task that writes is spawned on the current runtime.
    ///
    /// # Errors
    /// As for `open`.
    pub async fn start(
        storage: impl Storage,
        endpoint: &str,
        seed: HashSeed,
    ) -> Result<(Self, ReplayedState), Failure> {
        let mut replayed = ReplayedState::new(seed);
        let writer = prepare(Box::new(storage), endpoint, &mut replayed).await?;
        let (orders, received) = mpsc::channel(256);
        tokio::spawn(writer.run(received));
        Ok((Self(orders), replayed))
    }

    /// Writes that records are about to be sent.
    ///
    /// # Errors
    /// A failure of kind `File`; then they must not be sent.
    pub async fn write_sending(&self, records: &[&Record]) -> Result<(), Failure> {
        self.write(line::sending_fields(records)).await
    }

    /// Writes what became of records.
    ///
    /// # Errors
    /// A failure of kind `File`; then they must not be counted.
    pub async fn write_outcome(&self, is: &'static str, records: &[&Record]) -> Result<(), Failure> {
        self.write(line::outcome_fields(is, records)).await
    }

    async fn write(&self, fields: String) -> Result<(), Failure> {
        let gone = || Failure::new(Kind::File, "the journal is closed");
        let (sender, written) = oneshot::channel();
        self.0
            .send(Command::Write(fields, sender))
            .await
            .map_err(|_| gone())?;
        written.await.map_err(|_| gone())?
    }

    /// Releases the storage once all pending lines are written, so that another run may open it. Other handles of this
    /// journal can no longer write.
    ///
    /// A journal that is dropped instead, with all its handles, releases the storage a moment later.
    pub async fn close(self) {
        let (sender, closed) = oneshot::channel();
        if self.0.send(Command::Close(sender)).await.is_ok() {
            // This fails if another handle closed it first.
            let _ = closed.await;
        }
    }
}

/// Replays a storage, and makes it end with a complete line.
async fn prepare(
    mut storage: Box<dyn Storage>,
    endpoint: &str,
    replayed: &mut ReplayedState,
) -> Result<Writer, Failure> {
    let end = replay::replay(&mut *storage, endpoint, replayed)
        .await
        .map_err(|unusable| unusable.into_failure(&storage.name()))?;
    let (JournalEnd::Complete(length) | JournalEnd::Torn(length) | JournalEnd::Unterminated(length)) = end;
    let mut writer = Writer::new(storage, length, replayed.next_line());
    match end {
        JournalEnd::Complete(_) => {}
        JournalEnd::Torn(_) => writer.truncate_to(length).await?,
        // The unterminated line may say something: it is kept.
        JournalEnd::Unterminated(_) => writer.write("\n".into()).await?,
    }
    if length == 0 {
        writer.write(replay::header(endpoint)).await?;
    }
    Ok(writer)
}

/// The journal's word for an outcome.
pub fn word(outcome: &RecordOutcome) -> &'static str {
    match outcome {
        RecordOutcome::Closed | RecordOutcome::AlreadyClosed => "closed",
        RecordOutcome::Failed { .. } => "failed",
        RecordOutcome::Conflict(_) => "conflict",
        RecordOutcome::Unknown(_) => "unknown",
    }
}
