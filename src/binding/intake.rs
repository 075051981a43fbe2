//! Where the records of a run come in.

use std::sync::atomic::{AtomicU64, Ordering};

use tokio::sync::mpsc;

use crate::core::bulk::records::{self, Defaults, Record};
use crate::core::bulk::seen::{Novelty, Seen};
use crate::core::error::Failure;

/// How many chunks of records wait for the run at most.
pub const MOST_CHUNKS: usize = 4;

/// Where records come in: checked, and each passed on once.
pub struct Intake {
    pub defaults: Defaults,
    pub seen: Seen,
    pub count: usize,
    /// Gone when no more will come.
    pub run: Option<mpsc::Sender<Vec<Record>>>,
}

/// What a chunk came to.
pub enum Taken {
    /// All of it was taken.
    All,
    /// Nobody takes records any more.
    Over,
    /// Something in it is wrong; what comes before was taken.
    Wrong(Failure),
}

impl Intake {
    /// Reads a chunk; the records that are new, and what is wrong with the first that is.
    pub fn read(&mut self, text: &[u8], duplicates: &AtomicU64) -> (Vec<Record>, Option<Failure>) {
        let (read, mut failure) = match records::read(text, self.count, &self.defaults) {
            Ok(read) => (read, None),
            Err((read, failure)) => (read, Some(failure)),
        };
        let mut fresh = Vec::with_capacity(read.len());
        for record in read {
            let number = self.count;
            self.count += 1;
            match self.seen.note(&record) {
                Novelty::New => fresh.push(record),
                Novelty::Same => {
                    duplicates.fetch_add(1, Ordering::Relaxed);
                }
                Novelty::Other => {
                    failure = Some(Failure::input(format!(
                        "records[{number}]: {} came before with another external billing id; a record can be billed by one invoice",
                        record.id
                    )));
                    break;
                }
            }
        }
        (fresh, failure)
    }

    /// Takes a chunk: passes on what is new of it.
    pub async fn take(&mut self, text: &[u8], duplicates: &AtomicU64) -> Taken {
        let (fresh, failure) = self.read(text, duplicates);
        let Some(run) = &self.run else { return Taken::Over };
        if !fresh.is_empty() && run.send(fresh).await.is_err() {
            return Taken::Over;
        }
        failure.map_or(Taken::All, Taken::Wrong)
    }
}
