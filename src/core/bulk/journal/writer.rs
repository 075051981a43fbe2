//! Writes a journal: one task, which writes and synchronises all pending lines together.

use std::io;

use tokio::sync::{mpsc, oneshot};

use super::line;
use super::storage::Storage;
use crate::core::error::{Failure, Kind};
use crate::core::io_code;

/// A command to the task.
pub(super) enum Command {
    /// Writes a line with these fields, and reports when it is synchronised.
    Write(String, oneshot::Sender<Result<(), Failure>>),
    /// Releases the storage, and reports when that is done.
    Close(oneshot::Sender<()>),
}

/// The fields of a line, and who waits for it.
type QueuedLine = (String, oneshot::Sender<Result<(), Failure>>);

/// A journal's storage, and how much of it is complete.
pub(super) struct Writer {
    storage: Box<dyn Storage>,
    /// The length up to the end of the last complete line.
    length: u64,
    /// The number of the next line.
    next: u64,
    /// Why nothing can be written any more.
    broken: Option<Failure>,
}

impl Writer {
    /// * `length`: how much of the storage is complete.
    /// * `next`: the number of the next line.
    pub(super) fn new(storage: Box<dyn Storage>, length: u64, next: u64) -> Self {
        Self {
            storage,
            length,
            next,
            broken: None,
        }
    }

    /// Appends and synchronises. A failed write is undone; if that fails, too, nothing more is written, as the next line would
    /// follow a torn one.
    pub(super) async fn write(&mut self, text: String) -> Result<(), Failure> {
        if let Some(failure) = &self.broken {
            return Err(failure.clone());
        }
        let length = self.length + text.len() as u64;
        let written = match self.storage.append(text.into_bytes()).await {
            Ok(()) if has_fault!(UnsyncedLine) => Ok(()),
            Ok(()) => self.storage.sync().await,
            failed => failed,
        };
        let Err(error) = written else {
            self.length = length;
            return Ok(());
        };
        let failure = self.failure(&error);
        if !has_fault!(HalfLine) && self.truncate_to(self.length).await.is_err() {
            self.broken = Some(failure.clone());
        }
        Err(failure)
    }

    /// Truncates the storage. Synchronised at once: otherwise, after a power cut, later lines could follow the bytes that were
    /// cut away.
    pub(super) async fn truncate_to(&mut self, length: u64) -> Result<(), Failure> {
        let cut = match self.storage.truncate(length).await {
            Ok(()) => self.storage.sync().await,
            failed => failed,
        };
        cut.map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &io::Error) -> Failure {
        let message = format!("the journal {} cannot be written: {error}", self.storage.name());
        let failure = Failure::new(Kind::File, message);
        match io_code::of(error) {
            Some(code) => failure.with_code(code),
            None => failure,
        }
    }

    async fn write_lines(&mut self, lines: Vec<QueuedLine>) {
        let mut next = self.next;
        let mut text = String::new();
        let mut waiters = Vec::with_capacity(lines.len());
        for (fields, waiter) in lines {
            text.push_str(&line::with_checksum(&format!("\"line\":{next},{fields}")));
            next = next.saturating_add(1);
            waiters.push(waiter);
        }
        let result = self.write(text).await;
        if result.is_ok() {
            self.next = next;
        }
        for waiter in waiters {
            // The waiter may have gone.
            let _ = waiter.send(result.clone());
        }
    }

    /// Executes commands until it is closed, or all handles are gone.
    pub(super) async fn run(mut self, mut orders: mpsc::Receiver<Command>) {
        while let Some(first) = orders.recv().await {
            let mut lines = Vec::new();
            let mut closing = None;
            let mut order = Some(first);
            while let Some(current) = order {
                match current {
                    Command::Write(fields, waiter) => lines.push((fields, waiter)),
                    Command::Close(waiter) => {
                        closing = Some(waiter);
                        break;
                    }
                }
                order = orders.try_recv().ok();
            }
            if !lines.is_empty() {
                self.write_lines(lines).await;
            }
            if let Some(waiter) = closing {
                drop((self, orders));
                let _ = waiter.send(());
                return;
            }
        }
    }
}
