//! What a journal is kept on.

use std::io;
use std::pin::Pin;

use crate::core::error::{Failure, Kind};
use crate::core::save;

/// Something that the storage is doing.
pub type Pending<'a, T> = Pin<Box<dyn Future<Output = io::Result<T>> + Send + 'a>>;

/// What a journal is kept on: bytes that grow at their end. A file ([`super::FileStorage`]), or whatever a simulation
/// makes of it ([`super::memory`]). Whoever holds it is the only one to write it; when it is dropped, others may.
pub trait Storage: Send + 'static {
    /// What it is called in an error message.
    fn name(&self) -> String;

    /// The bytes from an offset on: as many as `most`, fewer only where they end.
    fn read(&mut self, at: u64, most: usize) -> Pending<'_, Vec<u8>>;

    /// Adds bytes at the end. If it fails, any part of them may be there.
    fn append(&mut self, bytes: Vec<u8>) -> Pending<'_, ()>;

    /// Waits until what was written outlasts the machine's being switched off.
    fn sync(&mut self) -> Pending<'_, ()>;

    /// Leaves only the first bytes.
    fn truncate(&mut self, length: u64) -> Pending<'_, ()>;
}

/// Why a journal cannot be used.
#[derive(Debug)]
pub enum Unusable {
    /// It cannot be opened or read.
    Io {
        /// What happened, in words.
        what: String,
        /// Node's code for it.
        code: Option<&'static str>,
    },
    /// It is none, or not of this run.
    Other(String),
}

impl Unusable {
    /// One that the file system refuses, for a reason that no error of its own says.
    pub fn refused(what: &str, code: &'static str) -> Self {
        Self::Io {
            what: what.into(),
            code: Some(code),
        }
    }

    /// The failure, with the journal's name; nothing was sent.
    pub fn of(self, name: &str) -> Failure {
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

impl From<io::Error> for Unusable {
    fn from(error: io::Error) -> Self {
        Self::Io {
            code: save::code(&error),
            what: error.to_string(),
        }
    }
}

impl From<String> for Unusable {
    fn from(what: String) -> Self {
        Self::Other(what)
    }
}
