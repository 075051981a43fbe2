//! What a run did, on disk: so that a run that was cut off at any moment can be gone on with.
//!
//! One JSON object a line, only ever appended:
//!
//! ```text
//! {"journal":2,"endpoint":"https://api.connect.cloudblue.com/public/v1/usage/records","crc":"af1abfce"}
//! {"line":2,"sending":[["UR-1","INV-7"],["UR-2","INV-7"]],"crc":"68467f2b"}     before the request is sent
//! {"line":3,"is":"closed","records":[["UR-1","INV-7"]],"crc":"53d32d4c"}        before the record is counted
//! ```
//!
//! - `line` is the number of the line, as it was written: a line that is missing, or there twice, is noticed.
//! - `crc` is the CRC-32 (that of gzip and zip) of the line without this field, as eight digits in lower case: of
//!   `{"line":3,"is":"closed","records":[["UR-1","INV-7"]]}` without the line's end. It is always the last field, without
//!   blanks. A CRC-32 notices every damage of up to 32 bits in a row, and of other damage all but one in four billion.
//! - `is` is `closed`, `failed`, `conflict` or `unknown`. A billing id is `null` where there is none.
//!
//! Each line is synchronised before what it stands for goes on. From this follows how one is read:
//!
//! - The beginning of a line at the end of the file was cut off with the process, and zeros there are what a power cut
//!   leaves. Nobody went on from it: it means nothing, and is cut away.
//! - Any other line that cannot be read, or is missing, may have said of any record that it is sent. Each record of which
//!   no line says anything from then on is uncertain, and read back; one that was closed stays closed.
//! - A first line in which one byte is wrong is taken for what it was. With more damage nobody knows whose records these
//!   are, and the file is refused, as any other file is.
//!
//! Version 1 has neither `line` nor `crc`. Such a file is read, and gone on with in lines of version 2, under its header.

mod file;
mod line;
pub mod memory;
mod past;
mod replay;
mod storage;
#[cfg(test)]
mod tests;
mod writer;

use std::path::Path;

use tokio::sync::{mpsc, oneshot};

pub use file::FileStorage;
pub use past::{Before, Past};
pub use storage::{Pending, Storage, Unusable};

use super::records::Record;
use super::report::Fate;
use super::seen::Seed;
use crate::core::error::{Failure, Kind};
use replay::End;
use writer::{Order, Writer};

/// A journal that is being written.
#[derive(Debug, Clone)]
pub struct Journal(mpsc::Sender<Order>);

impl Journal {
    /// Opens a journal in a file, or starts one, and reads what is in it. It is locked: two runs cannot write one journal.
    ///
    /// * `endpoint`: where the records are closed; a journal of another one is refused.
    /// * `seed`: of the hashes in which the past is kept.
    ///
    /// # Errors
    /// A failure that names the journal and what is wrong with it: of kind `File`, with Node's code, where it cannot be opened
    /// or read; of kind `Input`, where it is none, or not of this endpoint.
    pub async fn open(path: &Path, endpoint: &str, seed: Seed) -> Result<(Self, Past), Failure> {
        match FileStorage::open(path).await {
            Ok(storage) => Self::start(storage, endpoint, seed).await,
            Err(unusable) => Err(unusable.of(&path.display().to_string())),
        }
    }

    /// Goes on with what is in a storage, or starts it. The task that writes is spawned on the runtime.
    ///
    /// # Errors
    /// As for `open`.
    pub async fn start(storage: impl Storage, endpoint: &str, seed: Seed) -> Result<(Self, Past), Failure> {
        let mut past = Past::new(seed);
        let writer = prepare(Box::new(storage), endpoint, &mut past).await?;
        let (orders, received) = mpsc::channel(256);
        tokio::spawn(writer.work(received));
        Ok((Self(orders), past))
    }

    /// Writes that records are about to be sent.
    ///
    /// # Errors
    /// A failure of kind `File`: then they must not be sent.
    pub async fn sending(&self, records: &[&Record]) -> Result<(), Failure> {
        self.write(line::sending(records)).await
    }

    /// Writes what became of records.
    ///
    /// # Errors
    /// A failure of kind `File`: then they must not be counted.
    pub async fn settled(&self, is: &'static str, records: &[&Record]) -> Result<(), Failure> {
        self.write(line::settled(is, records)).await
    }

    async fn write(&self, fields: String) -> Result<(), Failure> {
        let gone = || Failure::new(Kind::File, "the journal is closed");
        let (sender, written) = oneshot::channel();
        self.0
            .send(Order::Write(fields, sender))
            .await
            .map_err(|_| gone())?;
        written.await.map_err(|_| gone())?
    }

    /// Lets go of the storage once what waits is written: then another run may go on with it. Other handles of this
    /// journal can write nothing more.
    ///
    /// A journal that is just dropped, with all its handles, lets go of it a moment later.
    pub async fn close(self) {
        let (sender, closed) = oneshot::channel();
        if self.0.send(Order::Close(sender)).await.is_ok() {
            // It fails where another handle closed it first.
            let _ = closed.await;
        }
    }
}

/// Reads what is in a storage, and makes it end with a whole line.
async fn prepare(mut storage: Box<dyn Storage>, endpoint: &str, past: &mut Past) -> Result<Writer, Failure> {
    let end = replay::replay(&mut *storage, endpoint, past)
        .await
        .map_err(|unusable| unusable.of(&storage.name()))?;
    let (End::Whole(length) | End::Torn(length) | End::Unended(length)) = end;
    let mut writer = Writer::new(storage, length, past.next());
    match end {
        End::Whole(_) => {}
        End::Torn(_) => writer.cut_to(length).await?,
        // What it may have said is not to be forgotten.
        End::Unended(_) => writer.write("\n".into()).await?,
    }
    if length == 0 {
        writer.write(replay::header(endpoint)).await?;
    }
    Ok(writer)
}

/// The word of the journal for a fate.
pub fn word(fate: &Fate) -> &'static str {
    match fate {
        Fate::Closed | Fate::AlreadyClosed => "closed",
        Fate::Failed { .. } => "failed",
        Fate::Conflict(_) => "conflict",
        Fate::Unknown(_) => "unknown",
    }
}
