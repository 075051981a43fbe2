//! The journal, in a file and on a simulated disk.

mod damage;
mod faults;
mod files;

use super::memory::Disk;
use super::*;

const ENDPOINT: &str = "https://api.test/usage/records";

fn record(id: &str, billing_id: &str) -> Record {
    Record {
        id: id.into(),
        billing_id: Some(billing_id.into()),
        note: None,
        is_outdated: false,
    }
}

/// Opens the journal on a disk.
async fn open(disk: &Disk) -> Result<(Journal, ReplayedState), Failure> {
    Journal::start(disk.open().unwrap(), ENDPOINT, HashSeed::default()).await
}

/// Opens a disk's journal as the next run would, and returns what it knows of records.
async fn known(disk: &Disk, records: &[Record]) -> Result<Vec<PreviousResult>, Failure> {
    let (journal, mut replayed) = open(disk).await?;
    journal.close().await;
    Ok(records.iter().map(|record| replayed.lookup(record)).collect())
}

fn text(disk: &Disk) -> String {
    String::from_utf8(disk.bytes()).unwrap()
}

#[tokio::test]
async fn the_lines_have_the_documented_form() {
    let disk = Disk::default();
    let (journal, _) = open(&disk).await.unwrap();
    let mut free = record("UR-\"2", "");
    free.billing_id = None;
    let one = record("UR-1", "INV-7");
    journal.write_sending(&[&one, &free]).await.unwrap();
    journal.write_outcome("closed", &[&one]).await.unwrap();
    journal.close().await;
    // The checksums are those of Python's `zlib.crc32` over the lines without the field.
    let expected = [
        r#"{"journal":2,"endpoint":"https://api.test/usage/records","crc":"b83b945e"}"#,
        r#"{"line":2,"sending":[["UR-1","INV-7"],["UR-\"2",null]],"crc":"a770bbe0"}"#,
        r#"{"line":3,"is":"closed","records":[["UR-1","INV-7"]],"crc":"53d32d4c"}"#,
    ];
    assert_eq!(text(&disk), expected.map(|line| format!("{line}\n")).concat());
}

#[tokio::test]
async fn a_journal_of_version_1_is_continued() {
    let old = [
        r#"{"endpoint":"https://api.test/usage/records","journal":1}"#,
        r#"{"sending":[["UR-1","INV-7"],["UR-2","INV-7"],["UR-3",null]]}"#,
        r#"{"is":"closed","records":[["UR-1","INV-7"]]}"#,
        r#"{"is":"failed","records":[["UR-3",null]]}"#,
        r#"{"sending":[["UR-4","#,
    ];
    let disk = Disk::new(old.join("\n"));
    let (journal, mut replayed) = open(&disk).await.unwrap();
    let records = ["UR-1", "UR-2", "UR-3", "UR-4"].map(|id| record(id, "INV-7"));
    let before = [
        PreviousResult::Closed,
        PreviousResult::Indeterminate,
        PreviousResult::NotClosed,
        PreviousResult::NotClosed,
    ];
    assert_eq!(records.each_ref().map(|record| replayed.lookup(record)), before);
    journal.write_sending(&[&records[3]]).await.unwrap();
    journal.write_outcome("closed", &[&records[1]]).await.unwrap();
    journal.close().await;
    let text = text(&disk);
    assert!(text.starts_with(&old[..4].join("\n")), "{text}");
    assert!(text.contains("\n{\"line\":5,\"sending\":"), "{text}");
    let now = [
        PreviousResult::Closed,
        PreviousResult::Closed,
        PreviousResult::NotClosed,
        PreviousResult::Indeterminate,
    ];
    assert_eq!(known(&disk, &records).await.unwrap(), now);
    // A line that version 1 has appended since then is read, too.
    disk.edit(|bytes| bytes.extend(b"{\"is\":\"closed\",\"records\":[[\"UR-4\",\"INV-7\"]]}\n"));
    assert_eq!(
        known(&disk, &records[3..]).await.unwrap(),
        [PreviousResult::Closed]
    );
}

#[tokio::test]
async fn lines_are_read_across_chunk_boundaries() {
    let disk = Disk::default();
    let (journal, _) = open(&disk).await.unwrap();
    let records: Vec<_> = (0..20_000)
        .map(|number| record(&format!("UR-{number}"), "INV-7"))
        .collect();
    for (number, chunk) in records.chunks(33).enumerate() {
        let is = if number % 2 == 0 { "closed" } else { "unknown" };
        journal
            .write_outcome(is, &chunk.iter().collect::<Vec<_>>())
            .await
            .unwrap();
    }
    journal.close().await;
    let known = known(&disk, &records).await.unwrap();
    for (number, before) in known.into_iter().enumerate() {
        let is = if number / 33 % 2 == 0 {
            PreviousResult::Closed
        } else {
            PreviousResult::Indeterminate
        };
        assert_eq!(before, is, "{number}");
    }
}

#[tokio::test]
async fn a_closed_record_stays_closed_when_another_billing_id_is_tried() {
    let [one, other] = ["INV-7", "INV-8"].map(|bill| record("UR-1", bill));
    for is in ["sending", "unknown", "conflict"] {
        let disk = Disk::default();
        let (journal, _) = open(&disk).await.unwrap();
        journal.write_outcome("closed", &[&one]).await.unwrap();
        match is {
            "sending" => journal.write_sending(&[&other]).await.unwrap(),
            is => journal.write_outcome(is, &[&other]).await.unwrap(),
        }
        journal.close().await;
        let known = known(&disk, &[one.clone(), other.clone()]).await.unwrap();
        assert_eq!(
            known,
            [PreviousResult::Closed, PreviousResult::ClosedOtherwise],
            "{is}"
        );
    }
}
