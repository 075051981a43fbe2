//! Replays a journal in chunks: it may be larger than memory.

use std::io;

use serde_json::{Value, json};

use super::line;
use super::replayed_state::ReplayedState;
use super::storage::{Storage, UnusableJournal};

/// How many bytes are read at once.
const CHUNK: usize = 64 * 1024;

/// The longest line. A longer one counts as damaged: either a newline is missing, or somebody sends half a million records
/// in one batch.
const MAX_LINE_BYTES: usize = 16 * 1024 * 1024;

/// The smallest unit that a disk loses.
const SECTOR: u64 = 512;

/// The reason for refusing a file that is not ours.
const NOT_A_JOURNAL: &str = "it does not begin as a journal does; is it another file?";

/// The reason for refusing a damaged journal.
const DAMAGED_HEADER: &str =
    "its first line is damaged, so nobody knows whose records it is about; nothing was sent";

/// How a journal ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum JournalEnd {
    /// As it should, at this length.
    Complete(u64),
    /// With an incomplete line: to be truncated to this length, which is 0 if there is no header.
    Torn(u64),
    /// With a line that may say something, but has no newline.
    Unterminated(u64),
}

/// The first line of a journal.
pub(super) fn header(endpoint: &str) -> String {
    line::with_checksum(&format!(r#""journal":2,"endpoint":{}"#, json!(endpoint)))
}

/// The first line in version 1.
pub(super) fn old_header(endpoint: &str) -> String {
    format!("{}\n", json!({ "journal": 1, "endpoint": endpoint }))
}

/// Replays a journal into `replayed`.
///
/// # Errors
/// Why it cannot be used: it is unreadable, or not a journal of this endpoint.
pub(super) async fn replay(
    storage: &mut dyn Storage,
    endpoint: &str,
    replayed: &mut ReplayedState,
) -> Result<JournalEnd, UnusableJournal> {
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
            None if line.is_empty() => return Ok(JournalEnd::Complete(0)),
            None if is_unfinished(&line, endpoint) => return Ok(JournalEnd::Torn(0)),
            None => return Err(NOT_A_JOURNAL.to_string().into()),
        }
    }
    loop {
        let at = lines.at;
        lines.next(&mut line).await?;
        match line.strip_suffix(b"\n") {
            Some(line) => replayed.apply_line(line, is_old),
            None => return Ok(end(&line, at, lines.at, is_old, replayed)),
        }
    }
}

/// How a journal with these bytes after the last newline ends.
fn end(rest: &[u8], from: u64, to: u64, is_old: bool, replayed: &mut ReplayedState) -> JournalEnd {
    if rest.is_empty() {
        return JournalEnd::Complete(from);
    }
    let is_all_here = rest.len() < MAX_LINE_BYTES;
    // A power cut leaves zeros in place of the last write. From the start of a sector on they may have been lines.
    let is_never_written = rest.iter().all(|byte| *byte == 0) && !from.is_multiple_of(SECTOR);
    if is_all_here && (is_never_written || line::is_beginning(rest)) {
        return JournalEnd::Torn(from);
    }
    replayed.apply_line(rest, is_old);
    JournalEnd::Unterminated(to)
}

/// Whether a journal begins with this header, apart from one damaged byte. Another endpoint would differ in at least two:
/// one of its own, and one of the checksum.
fn is_same(beginning: &[u8], header: &[u8]) -> bool {
    let differing = beginning.iter().zip(header).filter(|(is, was)| is != was);
    beginning.len() == header.len() && differing.count() <= 1
}

/// Whether these bytes are an incomplete header. Any other file with a single unterminated line must not be overwritten.
fn is_unfinished(beginning: &[u8], endpoint: &str) -> bool {
    let (new, old) = (header(endpoint), old_header(endpoint));
    let is_never_written = beginning.len() <= new.len() && beginning.iter().all(|byte| *byte == 0);
    is_never_written || new.as_bytes().starts_with(beginning) || old.as_bytes().starts_with(beginning)
}

/// Checks a first line that is not this version's header; returns its version.
fn check_header(first: &[u8], endpoint: &str) -> Result<u64, String> {
    let value: Value = serde_json::from_slice(first).unwrap_or_default();
    let found = value.get("endpoint").and_then(Value::as_str);
    let version = match (value.get("journal").and_then(Value::as_u64), found) {
        (Some(1), Some(_)) => 1,
        (Some(2), Some(_)) if line::has_valid_checksum(first) => 2,
        (Some(later), _) if later > 2 && line::has_valid_checksum(first) => {
            return Err(format!("it is of version {later}, which this one cannot read"));
        }
        _ if first.starts_with(br#"{"journal":"#) || first.starts_with(br#"{"endpoint":"#) => {
            return Err(DAMAGED_HEADER.into());
        }
        _ => return Err(NOT_A_JOURNAL.into()),
    };
    match found {
        Some(other) if other == endpoint => Ok(version),
        other => Err(format!(
            "it is of another endpoint, {}; this run's is {endpoint}",
            other.unwrap_or("unknown")
        )),
    }
}

/// The lines of a storage.
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

    /// Reads the next line with its newline, which is only missing at the end of the storage. A line that is too long is cut
    /// to a length that shows this.
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
            if line.len() < MAX_LINE_BYTES {
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
