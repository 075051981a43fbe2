//! Who writes a journal: one task, so that what waits is written and synchronised together.

use std::io;

use tokio::sync::{mpsc, oneshot};

use super::line;
use super::storage::Storage;
use crate::core::error::{Failure, Kind};
use crate::core::save;

/// What the task is to do.
pub(super) enum Order {
    /// To write a line of these fields, and say when it outlasts everything.
    Write(String, oneshot::Sender<Result<(), Failure>>),
    /// To let go of the storage, and say when that is done.
    Close(oneshot::Sender<()>),
}

/// A line's fields, and who waits for it.
type Waiting = (String, oneshot::Sender<Result<(), Failure>>);

/// A journal's storage, and how much of it is whole.
pub(super) struct Writer {
    storage: Box<dyn Storage>,
    /// How long the storage is, up to the end of the last line.
    length: u64,
    /// The number of the next line.
    next: u64,
    /// Why nothing can be written any more.
    broken: Option<Failure>,
}

impl Writer {
    /// * `length`: how much of the storage is whole.
    /// * `next`: the number of the next line.
    pub(super) fn new(storage: Box<dyn Storage>, length: u64, next: u64) -> Self {
        Self {
            storage,
            length,
            next,
            broken: None,
        }
    }

    /// Writes, and waits until it outlasts everything. If that fails it is as if it had never been tried; where not even
    /// that can be had, nothing more is written: the next line would stand behind a half one.
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
        if !has_fault!(HalfLine) && self.cut_to(self.length).await.is_err() {
            self.broken = Some(failure.clone());
        }
        Err(failure)
    }

    /// Leaves only this much of the storage. Synchronised at once, or the lines that come next could, after a power cut,
    /// stand behind what was cut away.
    pub(super) async fn cut_to(&mut self, length: u64) -> Result<(), Failure> {
        let cut = match self.storage.truncate(length).await {
            Ok(()) => self.storage.sync().await,
            failed => failed,
        };
        cut.map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &io::Error) -> Failure {
        let message = format!("the journal {} cannot be written: {error}", self.storage.name());
        let failure = Failure::new(Kind::File, message);
        match save::code(error) {
            Some(code) => failure.with_code(code),
            None => failure,
        }
    }

    async fn write_lines(&mut self, lines: Vec<Waiting>) {
        let mut next = self.next;
        let mut text = String::new();
        let mut waiters = Vec::with_capacity(lines.len());
        for (fields, waiter) in lines {
            text.push_str(&line::seal(&format!("\"line\":{next},{fields}")));
            next = next.saturating_add(1);
            waiters.push(waiter);
        }
        let result = self.write(text).await;
        if result.is_ok() {
            self.next = next;
        }
        for waiter in waiters {
            // Who stopped waiting does not need to know.
            let _ = waiter.send(result.clone());
        }
    }

    /// Does what it is told, until it is told to close or nobody is left who could tell it anything.
    pub(super) async fn work(mut self, mut orders: mpsc::Receiver<Order>) {
        while let Some(first) = orders.recv().await {
            let mut lines = Vec::new();
            let mut closing = None;
            let mut order = Some(first);
            while let Some(current) = order {
                match current {
                    Order::Write(fields, waiter) => lines.push((fields, waiter)),
                    Order::Close(waiter) => {
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
