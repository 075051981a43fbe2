//! The journal in a file.

use std::path::PathBuf;

use serde_json::json;

use super::*;

struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str) -> Self {
        let file = format!("connect-journal-{}-{name}", std::process::id());
        let path = std::env::temp_dir().join(file);
        let _ = std::fs::remove_file(&path);
        Self(path)
    }

    fn text(&self) -> String {
        std::fs::read_to_string(&self.0).unwrap()
    }

    async fn open(&self) -> Result<(Journal, ReplayedState), Failure> {
        Journal::open(&self.0, ENDPOINT, HashSeed::random()).await
    }

    /// Opens and closes it as the next run would.
    async fn reopen(&self) -> Result<ReplayedState, Failure> {
        let (journal, replayed) = self.open().await?;
        journal.close().await;
        Ok(replayed)
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn write(place: &TempFile) {
    let (journal, _) = place.open().await.unwrap();
    let [a, b, c] = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    journal.write_sending(&[&a, &b, &c]).await.unwrap();
    journal.write_outcome("closed", &[&a]).await.unwrap();
    journal.write_outcome("failed", &[&c]).await.unwrap();
    journal.close().await;
}

#[tokio::test]
async fn the_next_run_knows_what_was_done() {
    let place = TempFile::new("known");
    write(&place).await;
    let mut replayed = place.reopen().await.unwrap();
    assert_eq!(replayed.lookup(&record("UR-1", "INV-7")), PreviousResult::Closed);
    assert_eq!(
        replayed.lookup(&record("UR-1", "INV-8")),
        PreviousResult::ClosedOtherwise
    );
    assert_eq!(
        replayed.lookup(&record("UR-2", "INV-7")),
        PreviousResult::Indeterminate
    );
    assert_eq!(
        replayed.lookup(&record("UR-3", "INV-7")),
        PreviousResult::NotClosed
    );
    assert_eq!(
        replayed.lookup(&record("UR-4", "INV-7")),
        PreviousResult::NotClosed
    );
}

#[tokio::test]
async fn an_incomplete_last_line_is_ignored_wherever_it_was_cut() {
    let place = TempFile::new("torn");
    write(&place).await;
    let text = place.text();
    // A line is complete with all its bytes but the newline.
    let ends: Vec<_> = text.match_indices('\n').map(|(at, _)| at).collect();
    for length in 0..text.len() {
        std::fs::write(&place.0, &text.as_bytes()[..length]).unwrap();
        let mut replayed = place.reopen().await.unwrap();
        let is = |at: usize, is, else_is| if length >= ends[at] { is } else { else_is };
        let in_flight = is(1, PreviousResult::Indeterminate, PreviousResult::NotClosed);
        let expected = [
            is(2, PreviousResult::Closed, in_flight),
            in_flight,
            is(3, PreviousResult::NotClosed, in_flight),
            PreviousResult::NotClosed,
        ];
        let known = ["UR-1", "UR-2", "UR-3", "UR-4"].map(|id| replayed.lookup(&record(id, "INV-7")));
        assert_eq!(known, expected, "{length}");
        // The incomplete line is gone, so that the next one stands by itself.
        let whole = ends.iter().rfind(|end| **end <= length).unwrap_or(&ends[0]);
        assert_eq!(place.text().as_bytes(), &text.as_bytes()[..=*whole], "{length}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_a_journal_of_this_endpoint_is_refused_and_unchanged() {
    let place = TempFile::new("other");
    let other = "https://other.test/usage/records";
    let later = line::with_checksum(&format!(r#""journal":3,"endpoint":"{ENDPOINT}""#));
    let damaged = replay::header(ENDPOINT).replace("api.test", "abc.test");
    for (text, says) in [
        ("id,external_billing_id\nUR-1,INV-7\n", "is it another file?"),
        ("{}\n", "is it another file?"),
        ("\n", "is it another file?"),
        (r#"[{"id":"UR-1"}]"#, "is it another file?"),
        ("\0\0\0\0\n", "is it another file?"),
        (&replay::header(other), "another endpoint, https://other.test"),
        (&replay::old_header(other), "another endpoint, https://other.test"),
        (&replay::header(other).replace('\n', ""), "is it another file?"),
        (&damaged, "its first line is damaged"),
        (
            &damaged.replace("\"crc", "\"\n\"crc"),
            "its first line is damaged",
        ),
        (&later, "it is of version 3"),
        (
            &format!("{}\n", json!({ "journal": 2, "endpoint": ENDPOINT })),
            "its first line is damaged",
        ),
        (&"\0".repeat(500), "is it another file?"),
    ] {
        std::fs::write(&place.0, text).unwrap();
        let refused = place.reopen().await.unwrap_err();
        assert!(refused.message.contains(says), "{refused}");
        assert_eq!(place.text(), text, "it is left as it is");
    }
}

#[tokio::test]
async fn two_runs_cannot_write_one_journal() {
    let place = TempFile::new("locked");
    let (journal, _) = place.open().await.unwrap();
    let refused = place.open().await.unwrap_err();
    assert!(refused.message.contains("another run is writing it"), "{refused}");
    drop(journal);
}

#[tokio::test]
async fn a_closed_journal_can_be_opened_at_once() {
    let place = TempFile::new("closed");
    let one = record("UR-1", "INV-7");
    for round in 0..200 {
        let (journal, mut replayed) = place.open().await.unwrap();
        let known = if round == 0 {
            PreviousResult::NotClosed
        } else {
            PreviousResult::Indeterminate
        };
        assert_eq!(replayed.lookup(&one), known);
        // A writer that is aborted in the middle of a line, and still has a handle.
        let handle = journal.clone();
        let task = tokio::spawn({
            let one = one.clone();
            async move { handle.write_sending(&[&one]).await }
        });
        tokio::task::yield_now().await;
        if round % 2 == 0 {
            task.abort();
        }
        let handle = journal.clone();
        journal.close().await;
        assert_eq!(
            handle.write_sending(&[&one]).await.unwrap_err().message,
            "the journal is closed"
        );
        handle.close().await;
    }
    assert_eq!(place.text().lines().count(), 201);
}

#[tokio::test]
async fn a_dropped_journal_can_be_opened_a_moment_later() {
    let place = TempFile::new("dropped");
    drop(place.open().await.unwrap());
    // Lets the writing task end.
    while place.open().await.is_err() {
        tokio::task::yield_now().await;
    }
}
