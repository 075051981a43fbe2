//! An open file, read at any position, and what can be wrong with it.

use std::fs::File;
use std::io;
use std::sync::Arc;

use crate::core::error::{Failure, Kind};
use crate::core::io_code;

/// An open file that each of its readers reads at a position of its own.
#[derive(Debug, Clone)]
pub struct SharedFile(Arc<File>);

impl SharedFile {
    /// Shares a file.
    pub fn new(file: File) -> Self {
        Self(Arc::new(file))
    }

    /// Fills a buffer with what is at a position, as far as the file goes; returns how many bytes there were.
    ///
    /// # Errors
    /// What reading fails with.
    pub fn read_at(&self, buffer: &mut [u8], position: u64) -> io::Result<usize> {
        fill(buffer, |rest, filled| {
            read_at(&self.0, rest, position.saturating_add(filled))
        })
    }

    /// Its length in bytes.
    ///
    /// # Errors
    /// What asking for it fails with.
    pub fn length(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}

#[cfg(unix)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, position)
}

#[cfg(windows)]
fn read_at(file: &File, buffer: &mut [u8], position: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, position)
}

/// Fills a buffer as far as there is something to read.
///
/// * `read`: reads into the rest of the buffer, of which so many bytes are filled.
pub(super) fn fill(
    buffer: &mut [u8],
    mut read: impl FnMut(&mut [u8], u64) -> io::Result<usize>,
) -> io::Result<usize> {
    let mut length = 0;
    while let Some(rest) = buffer.get_mut(length..).filter(|rest| !rest.is_empty()) {
        match read(rest, length as u64) {
            Ok(0) => break,
            Ok(read) => length += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// The failure for a file that is not what was checked.
pub fn changed() -> Failure {
    Failure::input("the file changed while it was being read; read it again when nothing writes to it")
}

/// The failure for a file that cannot be read.
pub(super) fn cannot_read(name: &str, error: &io::Error) -> Failure {
    with_code(format!("cannot read {name}: {error}"), error)
}

/// A failure of kind `File` with Node's code of an error.
pub(super) fn with_code(message: String, error: &io::Error) -> Failure {
    let failure = Failure::new(Kind::File, message);
    match io_code::of(error) {
        Some(code) => failure.with_code(code),
        None => failure,
    }
}
