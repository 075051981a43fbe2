//! In a file.

use std::path::PathBuf;

use serde_json::json;

use super::*;

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

    async fn open(&self) -> Result<(Journal, Past), Failure> {
        Journal::open(&self.0, ENDPOINT, Seed::random()).await
    }

    /// Opens it as the next run would, and leaves it.
    async fn reopen(&self) -> Result<Past, Failure> {
        let (journal, past) = self.open().await?;
        journal.close().await;
        Ok(past)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

async fn write(place: &Place) {
    let (journal, _) = place.open().await.unwrap();
    let [a, b, c] = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    journal.sending(&[&a, &b, &c]).await.unwrap();
    journal.settled("closed", &[&a]).await.unwrap();
    journal.settled("failed", &[&c]).await.unwrap();
    journal.close().await;
}

#[tokio::test]
async fn the_next_run_knows_what_was_done() {
    let place = Place::new("known");
    write(&place).await;
    let mut past = place.reopen().await.unwrap();
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
    let text = place.text();
    // How much of the file each line needs: all of it but its end.
    let ends: Vec<_> = text.match_indices('\n').map(|(at, _)| at).collect();
    for length in 0..text.len() {
        std::fs::write(&place.0, &text.as_bytes()[..length]).unwrap();
        let mut past = place.reopen().await.unwrap();
        let is = |at: usize, is, else_is| if length >= ends[at] { is } else { else_is };
        let in_flight = is(1, Before::Unsure, Before::Nothing);
        let expected = [
            is(2, Before::Closed, in_flight),
            in_flight,
            is(3, Before::Nothing, in_flight),
            Before::Nothing,
        ];
        let known = ["UR-1", "UR-2", "UR-3", "UR-4"].map(|id| past.of(&record(id, "INV-7")));
        assert_eq!(known, expected, "{length}");
        // What was cut off is gone, so that the next line stands by itself.
        let whole = ends.iter().rfind(|end| **end <= length).unwrap_or(&ends[0]);
        assert_eq!(place.text().as_bytes(), &text.as_bytes()[..=*whole], "{length}");
    }
}

#[tokio::test]
async fn what_is_no_journal_of_this_endpoint_is_refused_and_left_as_it_is() {
    let place = Place::new("other");
    let other = "https://other.test/usage/records";
    let later = line::seal(&format!(r#""journal":3,"endpoint":"{ENDPOINT}""#));
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
    let place = Place::new("locked");
    let (journal, _) = place.open().await.unwrap();
    let refused = place.open().await.unwrap_err();
    assert!(refused.message.contains("another run is writing it"), "{refused}");
    drop(journal);
}

#[tokio::test]
async fn a_journal_that_was_closed_can_be_opened_at_once() {
    let place = Place::new("closed");
    let one = record("UR-1", "INV-7");
    for round in 0..200 {
        let (journal, mut past) = place.open().await.unwrap();
        let known = if round == 0 {
            Before::Nothing
        } else {
            Before::Unsure
        };
        assert_eq!(past.of(&one), known);
        // Somebody who is called off in the middle of a line, and has a handle still.
        let handle = journal.clone();
        let task = tokio::spawn({
            let one = one.clone();
            async move { handle.sending(&[&one]).await }
        });
        tokio::task::yield_now().await;
        if round % 2 == 0 {
            task.abort();
        }
        let handle = journal.clone();
        journal.close().await;
        assert_eq!(
            handle.sending(&[&one]).await.unwrap_err().message,
            "the journal is closed"
        );
        handle.close().await;
    }
    assert_eq!(place.text().lines().count(), 201);
}

#[tokio::test]
async fn a_journal_that_was_dropped_can_be_opened_a_moment_later() {
    let place = Place::new("dropped");
    drop(place.open().await.unwrap());
    // The writer's turn.
    while place.open().await.is_err() {
        tokio::task::yield_now().await;
    }
}
