//! What a journal is kept on.

use std::io;
use std::pin::Pin;

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
