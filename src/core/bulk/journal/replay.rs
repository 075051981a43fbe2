//! Reading a journal, in pieces: it may be larger than memory should be.

use std::io;

use serde_json::{Value, json};

use super::line;
use super::past::Past;
use super::storage::{Storage, Unusable};

/// How much is read at once.
const CHUNK: usize = 64 * 1024;

/// How long a line may be. A longer one is taken for damaged: a line's end is missing, or somebody sends half a million
/// records at once.
const MOST_LINE: usize = 16 * 1024 * 1024;

/// The smallest piece that a disk loses.
const SECTOR: u64 = 512;

/// What is said of a file that is not ours.
const NO_JOURNAL: &str = "it does not begin as a journal does; is it another file?";

/// What is said of one that was.
const DAMAGED_HEADER: &str =
    "its first line is damaged, and with it whose records it is about; nothing was sent";

/// How a journal ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum End {
    /// As it should; nothing is to be done.
    Whole(u64),
    /// With something that was never written to its end: to be cut back to this length, to nothing if there is no header.
    Torn(u64),
    /// With a line that says something, or may have, without its end.
    Unended(u64),
}

/// The first line of a journal.
pub(super) fn header(endpoint: &str) -> String {
    line::seal(&format!(r#""journal":2,"endpoint":{}"#, json!(endpoint)))
}

/// The first line as version 1 wrote it.
pub(super) fn old_header(endpoint: &str) -> String {
    format!("{}\n", json!({ "journal": 1, "endpoint": endpoint }))
}

/// Reads a journal.
///
/// # Errors
/// What is wrong with it: it cannot be read, or is none of this endpoint.
pub(super) async fn replay(
    storage: &mut dyn Storage,
    endpoint: &str,
    past: &mut Past,
) -> Result<End, Unusable> {
    let ours = header(endpoint);
    let beginning = storage.read(0, ours.len()).await?;
    let mut lines = Lines::new(storage);
    let mut line = Vec::new();
    let mut is_old = false;
    if is_same(&beginning, ours.as_bytes()) {
        lines.at = beginning.len() as u64;
    } else {
        lines.next(&mut line).await?;
        match line.strip_suffix(b"\n") {
            Some(first) => is_old = check_header(first, endpoint)? == 1,
            None if line.is_empty() => return Ok(End::Whole(0)),
            None if is_unfinished(&line, endpoint) => return Ok(End::Torn(0)),
            None => return Err(NO_JOURNAL.to_string().into()),
        }
    }
    loop {
        let at = lines.at;
        lines.next(&mut line).await?;
        match line.strip_suffix(b"\n") {
            Some(line) => past.take(line, is_old),
            None => return Ok(end(&line, at, lines.at, is_old, past)),
        }
    }
}

/// What is at the end, after the last line's end.
fn end(rest: &[u8], from: u64, to: u64, is_old: bool, past: &mut Past) -> End {
    if rest.is_empty() {
        return End::Whole(from);
    }
    let is_all_here = rest.len() < MOST_LINE;
    // A power cut leaves zeros where the last write was to go. Where a sector begins they may have been lines.
    let is_never_written = rest.iter().all(|byte| *byte == 0) && !from.is_multiple_of(SECTOR);
    if is_all_here && (is_never_written || line::is_beginning(rest)) {
        return End::Torn(from);
    }
    past.take(rest, is_old);
    End::Unended(to)
}

/// Whether a journal begins with this header, or did before a byte of it was damaged. With another endpoint at least one
/// byte of that would be different, and one of the checksum.
fn is_same(beginning: &[u8], header: &[u8]) -> bool {
    let differing = beginning.iter().zip(header).filter(|(is, was)| is != was);
    beginning.len() == header.len() && differing.count() <= 1
}

/// Whether this is what a header leaves that was not written to its end. Another file of one line without its end would be
/// overwritten.
fn is_unfinished(beginning: &[u8], endpoint: &str) -> bool {
    let (new, old) = (header(endpoint), old_header(endpoint));
    let is_never_written = beginning.len() <= new.len() && beginning.iter().all(|byte| *byte == 0);
    is_never_written || new.as_bytes().starts_with(beginning) || old.as_bytes().starts_with(beginning)
}

/// Checks a first line, which is not the one that this version would write; gives its version.
fn check_header(first: &[u8], endpoint: &str) -> Result<u64, String> {
    let value: Value = serde_json::from_slice(first).unwrap_or_default();
    let found = value.get("endpoint").and_then(Value::as_str);
    let version = match (value.get("journal").and_then(Value::as_u64), found) {
        (Some(1), Some(_)) => 1,
        (Some(2), Some(_)) if line::is_sealed(first) => 2,
        (Some(later), _) if later > 2 && line::is_sealed(first) => {
            return Err(format!("it is of version {later}, which this one cannot read"));
        }
        _ if first.starts_with(br#"{"journal":"#) || first.starts_with(br#"{"endpoint":"#) => {
            return Err(DAMAGED_HEADER.into());
        }
        _ => return Err(NO_JOURNAL.into()),
    };
    match found {
        Some(other) if other == endpoint => Ok(version),
        other => Err(format!(
            "it is of another endpoint, {}; this run closes records of {endpoint}",
            other.unwrap_or("unknown")
        )),
    }
}

/// The lines of a storage, one after the other.
struct Lines<'a> {
    storage: &'a mut dyn Storage,
    /// Where the next line begins.
    at: u64,
    chunk: Vec<u8>,
    /// Where the chunk begins.
    from: u64,
}

impl<'a> Lines<'a> {
    fn new(storage: &'a mut dyn Storage) -> Self {
        Self {
            storage,
            at: 0,
            chunk: Vec::new(),
            from: 0,
        }
    }

    /// Reads the next line with its end; without it only where the storage ends. Of one that is too long as much as needs
    /// to be there for it to be seen.
    async fn next(&mut self, line: &mut Vec<u8>) -> io::Result<()> {
        line.clear();
        loop {
            let used = usize::try_from(self.at - self.from).unwrap_or(usize::MAX);
            let rest = self.chunk.get(used..).unwrap_or_default();
            if rest.is_empty() {
                self.from = self.at;
                self.chunk = self.storage.read(self.at, CHUNK).await?;
                if self.chunk.is_empty() {
                    return Ok(());
                }
                continue;
            }
            let end = rest.iter().position(|byte| *byte == b'\n');
            let piece = rest.get(..end.map_or(rest.len(), |end| end + 1)).unwrap_or(rest);
            self.at += piece.len() as u64;
            if line.len() < MOST_LINE {
                line.extend_from_slice(piece);
            } else if end.is_some() {
                line.push(b'\n');
            }
            if end.is_some() {
                return Ok(());
            }
        }
    }
}
