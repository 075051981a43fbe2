//! The journal, in a file and on a disk that can be broken at will.

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
    }
}

/// Opens what is on a disk as the next run would, and gives what it then knows of records.
async fn known(disk: &Disk, records: &[Record]) -> Result<Vec<Before>, Failure> {
    let (journal, mut past) = Journal::start(disk.open().unwrap(), ENDPOINT, Seed::default()).await?;
    journal.close().await;
    Ok(records.iter().map(|record| past.of(record)).collect())
}

fn text(disk: &Disk) -> String {
    String::from_utf8(disk.bytes()).unwrap()
}

#[tokio::test]
async fn a_journal_is_as_it_is_described() {
    let disk = Disk::default();
    let (journal, _) = Journal::start(disk.open().unwrap(), ENDPOINT, Seed::default())
        .await
        .unwrap();
    let mut free = record("UR-\"2", "");
    free.billing_id = None;
    let one = record("UR-1", "INV-7");
    journal.sending(&[&one, &free]).await.unwrap();
    journal.settled("closed", &[&one]).await.unwrap();
    journal.close().await;
    // The checksums are Python's `zlib.crc32`, of the lines without the field.
    let expected = [
        r#"{"journal":2,"endpoint":"https://api.test/usage/records","crc":"b83b945e"}"#,
        r#"{"line":2,"sending":[["UR-1","INV-7"],["UR-\"2",null]],"crc":"a770bbe0"}"#,
        r#"{"line":3,"is":"closed","records":[["UR-1","INV-7"]],"crc":"53d32d4c"}"#,
    ];
    assert_eq!(text(&disk), expected.map(|line| format!("{line}\n")).concat());
}

#[tokio::test]
async fn a_journal_of_version_1_is_gone_on_with() {
    let old = [
        r#"{"endpoint":"https://api.test/usage/records","journal":1}"#,
        r#"{"sending":[["UR-1","INV-7"],["UR-2","INV-7"],["UR-3",null]]}"#,
        r#"{"is":"closed","records":[["UR-1","INV-7"]]}"#,
        r#"{"is":"failed","records":[["UR-3",null]]}"#,
        r#"{"sending":[["UR-4","#,
    ];
    let disk = Disk::new(old.join("\n"));
    let (journal, mut past) = Journal::start(disk.open().unwrap(), ENDPOINT, Seed::default())
        .await
        .unwrap();
    let records = ["UR-1", "UR-2", "UR-3", "UR-4"].map(|id| record(id, "INV-7"));
    let before = [Before::Closed, Before::Unsure, Before::Nothing, Before::Nothing];
    assert_eq!(records.each_ref().map(|record| past.of(record)), before);
    journal.sending(&[&records[3]]).await.unwrap();
    journal.settled("closed", &[&records[1]]).await.unwrap();
    journal.close().await;
    let text = text(&disk);
    assert!(text.starts_with(&old[..4].join("\n")), "{text}");
    assert!(text.contains("\n{\"line\":5,\"sending\":"), "{text}");
    let now = [Before::Closed, Before::Closed, Before::Nothing, Before::Unsure];
    assert_eq!(known(&disk, &records).await.unwrap(), now);
    // Whoever had version 1 write on in it finds all of that, too.
    disk.edit(|bytes| bytes.extend(b"{\"is\":\"closed\",\"records\":[[\"UR-4\",\"INV-7\"]]}\n"));
    assert_eq!(known(&disk, &records[3..]).await.unwrap(), [Before::Closed]);
}

#[tokio::test]
async fn many_lines_are_read_across_the_pieces_that_are_read_at_once() {
    let disk = Disk::default();
    let (journal, _) = Journal::start(disk.open().unwrap(), ENDPOINT, Seed::default())
        .await
        .unwrap();
    let records: Vec<_> = (0..20_000)
        .map(|number| record(&format!("UR-{number}"), "INV-7"))
        .collect();
    for (number, chunk) in records.chunks(33).enumerate() {
        let is = if number % 2 == 0 { "closed" } else { "unknown" };
        journal
            .settled(is, &chunk.iter().collect::<Vec<_>>())
            .await
            .unwrap();
    }
    journal.close().await;
    let known = known(&disk, &records).await.unwrap();
    for (number, before) in known.into_iter().enumerate() {
        let is = if number / 33 % 2 == 0 {
            Before::Closed
        } else {
            Before::Unsure
        };
        assert_eq!(before, is, "{number}");
    }
}

#[tokio::test]
async fn what_is_closed_stays_closed_whatever_is_tried_with_another_billing_id() {
    let [one, other] = ["INV-7", "INV-8"].map(|bill| record("UR-1", bill));
    for is in ["sending", "unknown", "conflict"] {
        let disk = Disk::default();
        let (journal, _) = Journal::start(disk.open().unwrap(), ENDPOINT, Seed::default())
            .await
            .unwrap();
        journal.settled("closed", &[&one]).await.unwrap();
        match is {
            "sending" => journal.sending(&[&other]).await.unwrap(),
            is => journal.settled(is, &[&other]).await.unwrap(),
        }
        journal.close().await;
        let known = known(&disk, &[one.clone(), other.clone()]).await.unwrap();
        assert_eq!(known, [Before::Closed, Before::Unsure], "{is}");
    }
}
