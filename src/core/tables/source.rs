//! The file that a table is read from.
//!
//! A table is read more than once: what is checked in one pass is used in a later one. The first pass keeps a checksum of
//! each block of the file, and later passes ([`super::checked`]) compare a block before they use any byte of it.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

use super::checked::{BLOCK, BlockReader, CheckedFile, Checksums};
use super::shared_file::{SharedFile, cannot_read, fill, with_code};
use super::temporary_file;
use crate::core::error::Failure;

/// How large a file may be unless told otherwise, in bytes.
pub const DEFAULT_MAX_BYTES: u64 = 512 * 1024 * 1024;

/// A file that stays open, so that whatever gets its name meanwhile is not read.
#[derive(Debug)]
pub struct Source {
    file: SharedFile,
    /// What messages call it.
    name: String,
    max_bytes: u64,
}

impl Source {
    /// A file. What is no regular file (a pipe, a device) is copied first.
    ///
    /// * `max_bytes`: how large it may be.
    ///
    /// # Errors
    /// A failure of kind `File` with Node's code, such as `ENOENT`, or of kind `Size`.
    pub fn open(path: &Path, max_bytes: u64) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let file = open(path).map_err(|error| cannot_read(&name, &error))?;
        let metadata = file.metadata().map_err(|error| cannot_read(&name, &error))?;
        if metadata.is_dir() {
            return Err(cannot_read(&name, &io::ErrorKind::IsADirectory.into()));
        }
        if !metadata.is_file() {
            return Self::copy(file, name, max_bytes);
        }
        if metadata.len() > max_bytes {
            return Err(too_large(&name, max_bytes));
        }
        Ok(Self {
            file: SharedFile::new(file),
            name,
            max_bytes,
        })
    }

    fn copy(mut file: File, name: String, max_bytes: u64) -> Result<Self, Failure> {
        let mut spool = Spool::new(name, max_bytes)?;
        let mut block = vec![0; BLOCK];
        loop {
            let length = fill(&mut block, |rest, _| file.read(rest))
                .map_err(|error| cannot_read(&spool.name, &error))?;
            if length == 0 {
                return spool.finish();
            }
            spool.write(block.get(..length).unwrap_or_default())?;
        }
    }

    /// What messages call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Up to `length` bytes from `from`, counted from the start.
    ///
    /// # Errors
    /// A failure of kind `File`.
    pub fn bytes_at(&self, from: u64, length: usize) -> Result<Vec<u8>, Failure> {
        let mut bytes = vec![0; length];
        let read = self.file.read_at(&mut bytes, from);
        bytes.truncate(read.map_err(|error| cannot_read(&self.name, &error))?);
        Ok(bytes)
    }

    /// Reads the whole file and keeps its checksums.
    ///
    /// * `each`: gets each block.
    ///
    /// # Errors
    /// A failure of kind `File` or `Size`, or that of `each`.
    pub fn scan(&self, mut each: impl FnMut(&[u8]) -> Result<(), Failure>) -> Result<Checksums, Failure> {
        let mut checksums = Checksums::default();
        let mut block = vec![0; BLOCK];
        let mut total = 0_u64;
        loop {
            let read = self.file.read_at(&mut block, total);
            let length = read.map_err(|error| cannot_read(&self.name, &error))?;
            let bytes = block.get(..length).unwrap_or_default();
            if bytes.is_empty() {
                return Ok(checksums);
            }
            total += length as u64;
            if total > self.max_bytes {
                return Err(too_large(&self.name, self.max_bytes));
            }
            checksums.push(bytes);
            each(bytes)?;
        }
    }

    /// The content again, block by block. Reading fails if it is not what the checksums are of.
    pub fn blocks(&self, checksums: &Checksums) -> BlockReader {
        BlockReader::new(self.file.clone(), self.name.clone(), checksums.clone())
    }

    /// The content again, at any position. Reading fails if it is not what the checksums are of.
    ///
    /// # Errors
    /// A failure of kind `File`.
    pub fn checked(&self, checksums: &Checksums) -> Result<CheckedFile, Failure> {
        let length = self.file.length();
        let length = length.map_err(|error| cannot_read(&self.name, &error))?;
        Ok(CheckedFile::new(self.blocks(checksums), length))
    }
}

/// A stream that is being copied to a temporary file.
#[derive(Debug)]
pub struct Spool {
    copy: File,
    name: String,
    max_bytes: u64,
    written: u64,
}

impl Spool {
    /// Creates the file, which only its owner can read.
    ///
    /// * `name`: what messages call the stream.
    ///
    /// # Errors
    /// A failure of kind `File`.
    pub fn new(name: String, max_bytes: u64) -> Result<Self, Failure> {
        let copy = temporary_file::create().map_err(|error| cannot_copy(&error))?;
        Ok(Self {
            copy,
            name,
            max_bytes,
            written: 0,
        })
    }

    /// Adds a chunk.
    ///
    /// # Errors
    /// A failure of kind `File`, or `Size` if it is too much.
    pub fn write(&mut self, chunk: &[u8]) -> Result<(), Failure> {
        self.written = self.written.saturating_add(chunk.len() as u64);
        if self.written > self.max_bytes {
            return Err(too_large(&self.name, self.max_bytes));
        }
        self.copy.write_all(chunk).map_err(|error| cannot_copy(&error))
    }

    /// The copy, as a source.
    ///
    /// # Errors
    /// A failure of kind `File`.
    pub fn finish(mut self) -> Result<Source, Failure> {
        self.copy.flush().map_err(|error| cannot_copy(&error))?;
        Ok(Source {
            file: SharedFile::new(self.copy),
            name: self.name,
            max_bytes: self.max_bytes,
        })
    }
}

/// Opens a file. Windows opens no folder, and calls that a lack of permission.
fn open(path: &Path) -> io::Result<File> {
    File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied if path.is_dir() => io::ErrorKind::IsADirectory.into(),
        _ => error,
    })
}

fn too_large(name: &str, max_bytes: u64) -> Failure {
    let message =
        format!("cannot read {name}: it is larger than {max_bytes} bytes; raise maxBytes to allow more");
    with_code(message, &io::ErrorKind::FileTooLarge.into())
}

fn cannot_copy(error: &io::Error) -> Failure {
    let folder = std::env::temp_dir();
    with_code(
        format!(
            "cannot copy the stream to a file in {}: {error}",
            folder.display()
        ),
        error,
    )
}
