//! What a run did, on disk: so that a run that was cut off at any moment can be gone on with.
//!
//! One JSON value a line, only ever appended:
//!
//! ```text
//! {"journal":1,"endpoint":"https://api.connect.cloudblue.com/public/v1/usage/records"}
//! {"sending":[["UR-1","INV-7"],["UR-2","INV-7"]]}            before the request is sent
//! {"is":"closed","records":[["UR-1","INV-7"]]}               before the record is counted
//! ```
//!
//! Each line is on the disk before what it stands for goes on. A last line without its end was cut off with the
//! process, and means nothing.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::{Value, json};
use tokio::sync::{Mutex, mpsc, oneshot};

use super::records::Record;
use super::report::Fate;
use super::seen::{Bills, Ids};
use crate::core::error::{Failure, Kind};

/// What is said of a file that is not ours.
const NO_JOURNAL: &str = "it does not begin as a journal does; is it another file?";

/// What an earlier run knew of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It was closed with the billing id of this hash.
    Closed(u32),
    /// It was sent, and what became of it was not written down.
    InFlight(u32),
    /// It could not be closed then.
    Failed,
}

/// What earlier runs with a journal knew.
#[derive(Debug, Default)]
pub struct Past {
    ids: Ids<Known>,
    bills: Bills,
}

/// How a record stands to what earlier runs did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// Nothing was done, or nothing that counts.
    Nothing,
    /// It was closed, with the same billing id.
    Closed,
    /// It may have been closed: it is to be read.
    Unsure,
}

impl Past {
    /// How a record stands to what earlier runs did.
    pub fn of(&mut self, record: &Record) -> Before {
        let bill = self.bills.of(record.billing_id.as_deref());
        match self.ids.get(&record.id) {
            None | Some(Known::Failed) => Before::Nothing,
            Some(Known::Closed(known)) if known == bill => Before::Closed,
            Some(Known::Closed(_) | Known::InFlight(_)) => Before::Unsure,
        }
    }

    fn take_line(&mut self, line: &Value) -> Option<()> {
        if let Some(sent) = line.get("sending") {
            for (id, bill) in pairs(sent)? {
                // A line of its own says so when it is known better.
                if !matches!(self.ids.get(id), Some(Known::Closed(_))) {
                    let bill = self.bills.of(bill);
                    self.ids.set(id, Known::InFlight(bill));
                }
            }
            return Some(());
        }
        let is = line.get("is")?.as_str()?;
        for (id, bill) in pairs(line.get("records")?)? {
            let bill = self.bills.of(bill);
            let known = match is {
                "closed" => Known::Closed(bill),
                "unknown" => Known::InFlight(bill),
                "failed" | "conflict" => Known::Failed,
                _ => return None,
            };
            self.ids.set(id, known);
        }
        Some(())
    }
}

/// The `[id, billing id]` pairs of a line.
fn pairs(value: &Value) -> Option<Vec<(&str, Option<&str>)>> {
    value
        .as_array()?
        .iter()
        .map(|pair| Some((pair.get(0)?.as_str()?, pair.get(1)?.as_str())))
        .collect()
}

/// A line to be written, and who waits for it.
type Line = (String, oneshot::Sender<Result<(), Failure>>);

/// A journal that is being written.
#[derive(Debug, Clone)]
pub struct Journal(mpsc::Sender<Line>);

impl Journal {
    /// Opens a journal, or starts one, and reads what is in it. It is locked: two runs cannot write one journal.
    ///
    /// * `endpoint`: where the records are closed; a journal of another one is refused.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the journal and what is wrong with it.
    pub fn open(path: &Path, endpoint: &str) -> Result<(Self, Past), Failure> {
        let wrong =
            |what: String| Failure::new(Kind::Input, format!("the journal {}: {what}", path.display()));
        // A device or a pipe has no end to read up to.
        if path.metadata().is_ok_and(|found| !found.is_file()) {
            return Err(wrong("it is no file".into()));
        }
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(|error| wrong(error.to_string()))?;
        file.try_lock()
            .map_err(|_| wrong("another run is writing it".into()))?;
        let mut past = Past::default();
        let whole = replay(&file, endpoint, &mut past).map_err(wrong)?;
        let io = |error: std::io::Error| wrong(error.to_string());
        file.set_len(whole).map_err(io)?;
        file.seek(SeekFrom::End(0)).map_err(io)?;
        if whole == 0 {
            file.write_all(header(endpoint).as_bytes())
                .and_then(|()| file.sync_data())
                .map_err(io)?;
        }
        Ok((Self::start(file, path.to_path_buf()), past))
    }

    /// Starts the task that writes: what waits when it comes round is written and flushed together.
    fn start(file: File, path: PathBuf) -> Self {
        let (sender, mut lines) = mpsc::channel::<Line>(256);
        let file = Arc::new(Mutex::new(file));
        tokio::spawn(async move {
            while let Some((mut text, waiter)) = lines.recv().await {
                let mut waiters = vec![waiter];
                while let Ok((more, waiter)) = lines.try_recv() {
                    text.push_str(&more);
                    waiters.push(waiter);
                }
                let mut file = file.clone().lock_owned().await;
                let written = tokio::task::spawn_blocking(move || {
                    file.write_all(text.as_bytes()).and_then(|()| file.sync_data())
                })
                .await
                .unwrap_or_else(|error| Err(std::io::Error::other(error)));
                let result = written.map_err(|error| {
                    let message = format!("the journal {} cannot be written: {error}", path.display());
                    Failure::new(Kind::File, message)
                });
                for waiter in waiters {
                    // Who stopped waiting does not need to know.
                    let _ = waiter.send(result.clone());
                }
            }
        });
        Self(sender)
    }

    /// Lets go of it.
    pub async fn close(self) {}

    /// Writes that records are about to be sent.
    ///
    /// # Errors
    /// A failure of kind `File`: then they must not be sent.
    pub async fn sending(&self, records: &[&Record]) -> Result<(), Failure> {
        self.write(json!({ "sending": listed(records) })).await
    }

    /// Writes what became of records.
    ///
    /// # Errors
    /// A failure of kind `File`: then they must not be counted.
    pub async fn settled(&self, is: &'static str, records: &[&Record]) -> Result<(), Failure> {
        self.write(json!({ "is": is, "records": listed(records) })).await
    }

    async fn write(&self, line: Value) -> Result<(), Failure> {
        let gone = || Failure::new(Kind::File, "the journal is closed");
        let (sender, written) = oneshot::channel();
        self.0
            .send((format!("{line}\n"), sender))
            .await
            .map_err(|_| gone())?;
        written.await.map_err(|_| gone())?
    }
}

/// The word of the journal for a fate.
pub fn word(fate: &Fate) -> &'static str {
    match fate {
        Fate::Closed | Fate::AlreadyClosed => "closed",
        Fate::Failed { .. } => "failed",
        Fate::Conflict(_) => "conflict",
        Fate::Unknown(_) => "unknown",
    }
}

fn listed(records: &[&Record]) -> Value {
    records
        .iter()
        .map(|record| json!([record.id, record.billing_id]))
        .collect()
}

/// Reads a journal; how many bytes of it are whole lines.
fn replay(file: &File, endpoint: &str, past: &mut Past) -> Result<u64, String> {
    let mut reader = BufReader::new(file);
    let mut whole = 0;
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = reader
            .read_until(b'\n', &mut line)
            .map_err(|error| error.to_string())?;
        if line.last() != Some(&b'\n') {
            // Another file of one line without its end would be overwritten.
            if number == 1 && !header(endpoint).as_bytes().starts_with(&line) {
                return Err(NO_JOURNAL.into());
            }
            break;
        }
        let value: Value = serde_json::from_slice(&line)
            .map_err(|_| format!("line {number} is not one of a journal; is it another file?"))?;
        if number == 1 {
            check_header(&value, endpoint)?;
        } else {
            past.take_line(&value)
                .ok_or_else(|| format!("line {number} is not one that this version knows"))?;
        }
        whole += read as u64;
    }
    Ok(whole)
}

/// The first line of a journal.
fn header(endpoint: &str) -> String {
    format!("{}\n", json!({ "journal": 1, "endpoint": endpoint }))
}

fn check_header(header: &Value, endpoint: &str) -> Result<(), String> {
    if header.get("journal") != Some(&json!(1)) {
        return Err(NO_JOURNAL.into());
    }
    match header.get("endpoint").and_then(Value::as_str) {
        Some(other) if other == endpoint => Ok(()),
        other => Err(format!(
            "it is of another endpoint, {}; this run closes records of {endpoint}",
            other.unwrap_or("unknown")
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDPOINT: &str = "https://api.test/usage/records";

    fn record(id: &str, billing_id: &str) -> Record {
        Record {
            id: id.into(),
            billing_id: Some(billing_id.into()),
            note: None,
        }
    }

    struct Place(PathBuf);

    impl Place {
        fn new(name: &str) -> Self {
            let file = format!("connect-journal-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(file);
            let _ = std::fs::remove_file(&path);
            Self(path)
        }

        fn text(&self) -> String {
            std::fs::read_to_string(&self.0).unwrap()
        }
    }

    impl Drop for Place {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    async fn write(place: &Place) {
        let (journal, _) = Journal::open(&place.0, ENDPOINT).unwrap();
        let [a, b, c] = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
        journal.sending(&[&a, &b, &c]).await.unwrap();
        journal.settled("closed", &[&a]).await.unwrap();
        journal.settled("failed", &[&c]).await.unwrap();
    }

    /// Opens it as the next run would: the lock of the last one is gone a moment after it.
    async fn reopen(place: &Place, endpoint: &str) -> Result<Past, Failure> {
        loop {
            match Journal::open(&place.0, endpoint) {
                Err(failure) if failure.message.contains("another run") => tokio::task::yield_now().await,
                result => return result.map(|(_, past)| past),
            }
        }
    }

    #[tokio::test]
    async fn the_next_run_knows_what_was_done() {
        let place = Place::new("known");
        write(&place).await;
        let mut past = reopen(&place, ENDPOINT).await.unwrap();
        assert_eq!(past.of(&record("UR-1", "INV-7")), Before::Closed);
        assert_eq!(past.of(&record("UR-1", "INV-8")), Before::Unsure);
        assert_eq!(past.of(&record("UR-2", "INV-7")), Before::Unsure);
        assert_eq!(past.of(&record("UR-3", "INV-7")), Before::Nothing);
        assert_eq!(past.of(&record("UR-4", "INV-7")), Before::Nothing);
    }

    #[tokio::test]
    async fn a_line_that_was_cut_off_means_nothing_wherever_it_was_cut() {
        let place = Place::new("torn");
        write(&place).await;
        let text = place.text().into_bytes();
        let lines = |text: &[u8]| text.iter().filter(|byte| **byte == b'\n').count();
        for length in 0..text.len() {
            let cut = &text[..length];
            std::fs::write(&place.0, cut).unwrap();
            let mut past = reopen(&place, ENDPOINT).await.unwrap();
            let is_closed = past.of(&record("UR-1", "INV-7")) == Before::Closed;
            assert_eq!(is_closed, lines(cut) >= lines(&text) - 1, "{length}");
            // What was cut off is gone, so that the next line stands by itself.
            assert!(place.text().ends_with('\n'));
        }
    }

    #[tokio::test]
    async fn what_is_no_journal_of_this_endpoint_is_refused() {
        let place = Place::new("other");
        write(&place).await;
        let refused = reopen(&place, "https://other.test/usage/records")
            .await
            .unwrap_err();
        assert!(
            refused.message.contains("another endpoint, https://api.test"),
            "{refused}"
        );
        for (text, says) in [
            (
                "id,external_billing_id\nUR-1,INV-7\n",
                "line 1 is not one of a journal",
            ),
            ("{}\n", "does not begin as a journal"),
            (r#"[{"id":"UR-1"}]"#, "does not begin as a journal"),
        ] {
            std::fs::write(&place.0, text).unwrap();
            let refused = reopen(&place, ENDPOINT).await.unwrap_err();
            assert!(refused.message.contains(says), "{refused}");
            assert_eq!(place.text(), text, "it is left as it is");
        }
        let middle = format!("{}\nnonsense\n", json!({ "journal": 1, "endpoint": ENDPOINT }));
        std::fs::write(&place.0, middle).unwrap();
        assert!(
            reopen(&place, ENDPOINT)
                .await
                .unwrap_err()
                .message
                .contains("line 2")
        );
    }

    #[tokio::test]
    async fn two_runs_cannot_write_one_journal() {
        let place = Place::new("locked");
        let (journal, _) = Journal::open(&place.0, ENDPOINT).unwrap();
        let refused = Journal::open(&place.0, ENDPOINT).unwrap_err();
        assert!(refused.message.contains("another run is writing it"), "{refused}");
        drop(journal);
    }
}
