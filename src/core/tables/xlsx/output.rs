//! Where a workbook is written to.

use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Where a workbook is written to, until writing fails or is given up. A zip archive that is dropped would otherwise be
/// completed, and look as if it had all rows, or complain on the standard error of somebody else's process.
pub struct Output<W> {
    inner: W,
    is_given_up: Arc<AtomicBool>,
    /// Where the next byte is written, and how many there are: also once nothing is written any more, for the archive to
    /// calculate with.
    position: u64,
    end: u64,
}

/// Gives an output up when it is dropped.
pub struct Guard(Arc<AtomicBool>);

impl Guard {
    /// Whether the output was given up, since writing failed.
    pub fn is_given_up(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

impl<W> Output<W> {
    /// An output, and its guard.
    pub fn new(inner: W) -> (Self, Guard) {
        let is_given_up = Arc::new(AtomicBool::new(false));
        let guard = Guard(Arc::clone(&is_given_up));
        let output = Self {
            inner,
            is_given_up,
            position: 0,
            end: 0,
        };
        (output, guard)
    }

    /// What is written to.
    pub fn into_inner(self) -> W {
        self.inner
    }

    /// Does something with what is written to. After a failure, and once it is given up, nothing is done, and that succeeds.
    fn unless_given_up<T>(
        &mut self,
        otherwise: T,
        act: impl FnOnce(&mut W) -> io::Result<T>,
    ) -> io::Result<T> {
        if self.is_given_up.load(Ordering::Relaxed) {
            return Ok(otherwise);
        }
        let result = act(&mut self.inner);
        if result
            .as_ref()
            .is_err_and(|error| error.kind() != ErrorKind::Interrupted)
        {
            self.is_given_up.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.unless_given_up(bytes.len(), |inner| inner.write(bytes))?;
        self.position = self.position.saturating_add(written as u64);
        self.end = self.end.max(self.position);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.unless_given_up((), W::flush)
    }
}

impl<W: Seek> Seek for Output<W> {
    fn seek(&mut self, position: SeekFrom) -> io::Result<u64> {
        let otherwise = match position {
            SeekFrom::Start(offset) => offset,
            SeekFrom::Current(offset) => self.position.saturating_add_signed(offset),
            SeekFrom::End(offset) => self.end.saturating_add_signed(offset),
        };
        self.position = self.unless_given_up(otherwise, |inner| inner.seek(position))?;
        Ok(self.position)
    }
}
