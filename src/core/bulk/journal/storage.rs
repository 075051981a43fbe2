//! Where a journal is stored.

use std::io;
use std::pin::Pin;

use crate::core::error::{Failure, Kind};
use crate::core::io_code;

/// An operation of a storage.
pub type StorageFuture<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// Where a journal is stored: bytes that grow at their end. Either a file ([`super::FileStorage`]) or memory
/// ([`super::memory`]). Its owner is the only writer until it is dropped.
pub trait Storage: Send + 'static {
    /// Its name in error messages.
    fn name(&self) -> String;

    /// The bytes from an offset on: `max` of them, fewer only at the end.
    fn read(&mut self, at: u64, max: usize) -> StorageFuture<'_, Vec<u8>>;

    /// Appends bytes. If this fails, any part of them may be there.
    fn append(&mut self, bytes: Vec<u8>) -> StorageFuture<'_, ()>;

    /// Waits until the written bytes would survive a power cut.
    fn sync(&mut self) -> StorageFuture<'_, ()>;

    /// Keeps only the first `length` bytes.
    fn truncate(&mut self, length: u64) -> StorageFuture<'_, ()>;
}

/// Why a journal cannot be used.
#[derive(Debug)]
pub enum UnusableJournal {
    /// It cannot be opened or read.
    Io {
        /// What happened.
        what: String,
        /// Node's error code.
        code: Option<&'static str>,
    },
    /// It is not a journal, or not of this run.
    Other(String),
}

impl UnusableJournal {
    /// One that is refused for a reason that is not an I/O error.
    pub fn refused(what: &str, code: &'static str) -> Self {
        Self::Io {
            what: what.into(),
            code: Some(code),
        }
    }

    /// The failure, with the journal's name; nothing was sent.
    pub fn into_failure(self, name: &str) -> Failure {
        match self {
            Self::Other(what) => Failure::input(format!("the journal {name}: {what}")),
            Self::Io { what, code } => {
                let failure = Failure {
                    attempts: 0,
                    ..Failure::new(Kind::File, format!("the journal {name}: {what}"))
                };
                match code {
                    Some(code) => failure.with_code(code),
                    None => failure,
                }
            }
        }
    }
}

impl From<io::Error> for UnusableJournal {
    fn from(error: io::Error) -> Self {
        Self::Io {
            code: io_code::of(&error),
            what: error.to_string(),
        }
    }
}

impl From<String> for UnusableJournal {
    fn from(what: String) -> Self {
        Self::Other(what)
    }
}
