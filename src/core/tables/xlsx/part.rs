//! The unpacked bytes of a part, within bounds.

use std::io::{self, BufRead, BufReader, ErrorKind, Read, Take};

use crc32fast::Hasher;
use flate2::bufread::DeflateDecoder;

/// What the archive says of a part's bytes.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// Whether they are compressed.
    pub is_deflated: bool,
    /// Their number in the archive.
    pub packed: u64,
    /// Their number when unpacked.
    pub unpacked: u64,
    /// Their checksum when unpacked.
    pub crc32: u32,
}

/// A part, read from the first byte to the last.
pub struct Part<S: Read> {
    bytes: BufReader<Unpacked<S>>,
    max_event_bytes: usize,
    event_bytes_left: usize,
}

impl<S: Read> Part<S> {
    /// A part.
    ///
    /// * `source`: where its bytes in the archive begin.
    /// * `max_bytes`: the most unpacked bytes.
    /// * `max_event_bytes`: the most bytes between two calls of `start_event`.
    pub fn new(source: S, declared: Declared, max_bytes: u64, max_event_bytes: usize) -> Self {
        let packed = BufReader::new(source.take(declared.packed));
        let unpacked = Unpacked {
            bytes: if declared.is_deflated {
                Bytes::Deflated(Box::new(DeflateDecoder::new(packed)))
            } else {
                Bytes::Stored(packed)
            },
            declared,
            read: 0,
            max_bytes,
            checksum: Hasher::new(),
        };
        Self {
            bytes: BufReader::with_capacity(32 << 10, unpacked),
            max_event_bytes,
            event_bytes_left: max_event_bytes,
        }
    }

    /// Counts from here on the bytes that may be read until the next call: an XML reader keeps an event in memory.
    pub fn start_event(&mut self) {
        self.event_bytes_left = self.max_event_bytes;
    }
}

impl<S: Read> Read for Part<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(buffer)
    }
}

impl<S: Read> BufRead for Part<S> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.event_bytes_left == 0 {
            let max = self.max_event_bytes;
            return Err(io::Error::other(format!(
                "it has a text or a tag of more than {max} bytes"
            )));
        }
        self.bytes.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.event_bytes_left = self.event_bytes_left.saturating_sub(amount);
        self.bytes.consume(amount);
    }
}

enum Bytes<S> {
    Stored(BufReader<Take<S>>),
    Deflated(Box<DeflateDecoder<BufReader<Take<S>>>>),
}

/// The bytes of a part, counted and compared with what the archive says of them.
struct Unpacked<S> {
    bytes: Bytes<S>,
    declared: Declared,
    read: u64,
    max_bytes: u64,
    checksum: Hasher,
}

impl<S> Unpacked<S> {
    fn check_end(&self) -> io::Result<()> {
        if self.read != self.declared.unpacked || self.checksum.clone().finalize() != self.declared.crc32 {
            return Err(io::Error::other(
                "its length or its checksum is wrong: the file was changed or cut off on its way",
            ));
        }
        Ok(())
    }
}

impl<S: Read> Read for Unpacked<S> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = match &mut self.bytes {
            Bytes::Stored(bytes) => bytes.read(buffer)?,
            Bytes::Deflated(bytes) => bytes.read(buffer)?,
        };
        if read == 0 && !buffer.is_empty() {
            self.check_end()?;
        }
        self.read = self.read.saturating_add(read as u64);
        if self.read > self.max_bytes {
            let max = self.max_bytes;
            return Err(io::Error::new(
                ErrorKind::FileTooLarge,
                format!("more than {max} bytes"),
            ));
        }
        self.checksum.update(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}
