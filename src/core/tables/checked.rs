//! A file whose checksums are known, read again: no byte is used of a block that is not what it was.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::shared_file::{SharedFile, cannot_read, changed};
use crate::core::error::{Failure, Kind};

/// The size of a block, in bytes.
pub const BLOCK: usize = 64 * 1024;

/// A checksum of each block of a file.
#[derive(Debug, Clone, Default)]
pub struct Checksums(Arc<Vec<u32>>);

impl Checksums {
    /// Adds the next block.
    pub fn push(&mut self, block: &[u8]) {
        Arc::make_mut(&mut self.0).push(crc32fast::hash(block));
    }
}

/// Reads a file block by block.
#[derive(Debug)]
pub struct BlockReader {
    file: SharedFile,
    name: String,
    expected: Checksums,
    block: Vec<u8>,
    /// How much of the block is filled.
    length: usize,
    /// The number of the next block.
    next: usize,
}

impl BlockReader {
    /// * `name`: what messages call the file.
    pub(super) fn new(file: SharedFile, name: String, expected: Checksums) -> Self {
        Self {
            file,
            name,
            expected,
            block: vec![0; BLOCK],
            length: 0,
            next: 0,
        }
    }

    /// The next block; empty at the end.
    ///
    /// # Errors
    /// A failure of kind `Input` if the file changed, of kind `File` if it cannot be read.
    pub fn next_block(&mut self) -> Result<&[u8], Failure> {
        let position = self.next as u64 * BLOCK as u64;
        let read = self.file.read_at(&mut self.block, position);
        self.length = read.map_err(|error| cannot_read(&self.name, &error))?;
        let bytes = self.block.get(..self.length).unwrap_or_default();
        let checksum = (!bytes.is_empty()).then(|| crc32fast::hash(bytes));
        if checksum != self.expected.0.get(self.next).copied() {
            return Err(changed());
        }
        self.next += 1;
        Ok(bytes)
    }
}

/// Reads a file at any position.
#[derive(Debug)]
pub struct CheckedFile {
    blocks: BlockReader,
    /// The block that is in memory.
    loaded: Option<usize>,
    position: u64,
    length: u64,
    has_changed: Arc<AtomicBool>,
}

impl CheckedFile {
    /// * `length`: the file's, in bytes.
    pub(super) fn new(blocks: BlockReader, length: u64) -> Self {
        Self {
            blocks,
            loaded: None,
            position: 0,
            length,
            has_changed: Arc::default(),
        }
    }

    /// Tells whether reading has failed because the file changed.
    pub fn has_changed(&self) -> Arc<AtomicBool> {
        self.has_changed.clone()
    }

    fn load(&mut self, number: usize) -> io::Result<()> {
        if self.loaded == Some(number) {
            return Ok(());
        }
        self.loaded = None;
        self.blocks.next = number;
        if let Err(failure) = self.blocks.next_block() {
            self.has_changed
                .store(failure.kind == Kind::Input, Ordering::Relaxed);
            return Err(io::Error::other(failure.message));
        }
        self.loaded = Some(number);
        Ok(())
    }
}

impl Read for CheckedFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let block = BLOCK as u64;
        let number = usize::try_from(self.position / block).map_err(io::Error::other)?;
        self.load(number)?;
        let offset = usize::try_from(self.position % block).map_err(io::Error::other)?;
        let filled = self.blocks.block.get(..self.blocks.length);
        let mut rest = filled.and_then(|bytes| bytes.get(offset..)).unwrap_or_default();
        let length = rest.read(buffer)?;
        self.position += length as u64;
        Ok(length)
    }
}

impl Seek for CheckedFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::Current(by) => self.position.checked_add_signed(by),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
        };
        self.position = position.ok_or(io::ErrorKind::InvalidInput)?;
        Ok(self.position)
    }
}
