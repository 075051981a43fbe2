//! A journal that is damaged after it was written.

use super::*;

/// A journal of some thirty lines, and the records that it may mention.
async fn written() -> (Disk, Vec<Record>) {
    // Characters of which one flipped bit makes a newline, and text that looks like the end of a list.
    let ids = (0..12)
        .map(|number| format!("UJ*{number}"))
        .chain(["é]],\"crc\":\"\n".into()]);
    let records: Vec<_> = ids.map(|id| record(&id, "INV-7")).collect();
    let disk = Disk::default();
    let (journal, _) = open(&disk).await.unwrap();
    for (number, one) in records.iter().enumerate().skip(1) {
        journal.write_sending(&[one]).await.unwrap();
        match number % 6 {
            0 | 1 | 5 => journal.write_outcome("closed", &[one]).await.unwrap(),
            2 => journal.write_outcome("failed", &[one]).await.unwrap(),
            3 => journal.write_outcome("unknown", &[one]).await.unwrap(),
            _ => {}
        }
        if [5, 8, 11].contains(&number) {
            // A later run tries again what failed, or was closed with another invoice.
            journal.write_sending(&[one]).await.unwrap();
        }
        if number == 8 {
            journal.write_outcome("conflict", &[one]).await.unwrap();
        }
    }
    journal.write_sending(&[&records[3], &records[4]]).await.unwrap();
    journal.write_outcome("closed", &[&records[4]]).await.unwrap();
    // A failed record is sent again, as only the last line says.
    journal.write_sending(&[&records[2]]).await.unwrap();
    journal.close().await;
    (disk, records)
}

/// Whether a damaged journal may say this of a record.
fn is_honest(was: PreviousResult, is: PreviousResult) -> bool {
    match was {
        PreviousResult::Indeterminate | PreviousResult::ClosedOtherwise => {
            is == PreviousResult::Indeterminate
        }
        PreviousResult::Closed => is != PreviousResult::NotClosed,
        PreviousResult::NotClosed => is != PreviousResult::Closed,
    }
}

/// Opens a damaged journal twice: damage that was noticed must be noticed again.
async fn check(bytes: Vec<u8>, records: &[Record], before: &[PreviousResult], what: &str) {
    let disk = Disk::new(bytes);
    let known = known(&disk, records).await.unwrap();
    for ((record, was), is) in records.iter().zip(before).zip(&known) {
        assert!(
            is_honest(*was, *is),
            "{what}: {record:?} was {was:?}, is {is:?}\n{disk:?}"
        );
    }
    let (journal, mut replayed) = open(&disk).await.unwrap();
    let again: Vec<_> = records.iter().map(|record| replayed.lookup(record)).collect();
    assert_eq!(again, known, "{what}: the second time");
    journal.close().await;
}

#[tokio::test]
async fn no_flipped_bit_makes_a_sent_record_look_unsent() {
    let (disk, records) = written().await;
    let before = known(&disk, &records).await.unwrap();
    for is in [
        PreviousResult::NotClosed,
        PreviousResult::Closed,
        PreviousResult::Indeterminate,
    ] {
        assert!(before.contains(&is));
    }
    let bytes = disk.bytes();
    let lines = bytes.iter().filter(|byte| **byte == b'\n').count();
    assert!((28..40).contains(&lines), "{lines}");
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut bytes = bytes.clone();
            bytes[at] ^= 1 << bit;
            check(bytes, &records, &before, &format!("byte {at}, bit {bit}")).await;
        }
    }
}

#[tokio::test]
async fn damage_to_lines_of_version_2_is_noticed_under_a_version_1_header() {
    let (disk, records) = written().await;
    let text = text(&disk);
    let (_, lines) = text.split_once("\n").unwrap();
    let header = replay::old_header(ENDPOINT);
    let bytes = format!("{header}{lines}").into_bytes();
    let before = known(&Disk::new(bytes.clone()), &records).await.unwrap();
    assert!(before.contains(&PreviousResult::Closed));
    for at in header.len()..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1 << (at % 8);
        check(bytes, &records, &before, &format!("byte {at}")).await;
    }
}

#[tokio::test]
async fn a_missing_or_repeated_line_is_noticed() {
    let (disk, records) = written().await;
    let before = known(&disk, &records).await.unwrap();
    let text = text(&disk);
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    // The last line cannot be missed.
    for at in 1..lines.len() - 1 {
        let without = [&lines[..at], &lines[at + 1..]].concat().concat();
        check(
            without.into_bytes(),
            &records,
            &before,
            &format!("without line {at}"),
        )
        .await;
        for block in 1..5 {
            let block = &lines[at..lines.len().min(at + block)];
            for place in 1..=lines.len() {
                let twice = [&lines[..place], block, &lines[place..]].concat().concat();
                check(
                    twice.into_bytes(),
                    &records,
                    &before,
                    &format!("{at} again at {place}"),
                )
                .await;
            }
        }
    }
}

#[tokio::test]
async fn a_removed_or_zeroed_range_leaves_the_rest_readable() {
    let (disk, records) = written().await;
    let before = known(&disk, &records).await.unwrap();
    let bytes = disk.bytes();
    let header = replay::header(ENDPOINT).len();
    for from in header..bytes.len() - 1 {
        for length in [1, 7, 40, 64, 200] {
            // Without its newline the last line might never have been complete.
            let to = (from + length).min(bytes.len() - 1);
            let without = [&bytes[..from], &bytes[to..]].concat();
            // Whole lines at the end cannot be missed either.
            if to < bytes.len() - 1 || bytes[from] != b'\n' {
                check(without, &records, &before, &format!("without {from} to {to}")).await;
            }
            let mut zeros = bytes.clone();
            zeros[from..to].fill(0);
            check(zeros, &records, &before, &format!("zeros from {from} to {to}")).await;
        }
    }
}

#[tokio::test]
async fn an_overwritten_end_is_not_taken_for_an_incomplete_line() {
    let (disk, records) = written().await;
    let before = known(&disk, &records).await.unwrap();
    let bytes = disk.bytes();
    // Text after the last record cannot be the original; invalid bytes cannot be anywhere.
    for (byte, most) in [(b'x', 19), (b'"', 19), (b'7', 19), (0xff, 60), (0x80, 60)] {
        for length in 1..=most {
            let mut bytes = bytes.clone();
            let from = bytes.len() - length;
            bytes[from..].fill(byte);
            check(bytes, &records, &before, &format!("{length} of {byte}")).await;
        }
    }
}

#[tokio::test]
async fn zeros_at_the_end_are_truncated_as_left_by_a_power_cut() {
    let (disk, mut records) = written().await;
    records.truncate(2);
    for zeros in [1, 100, 5000] {
        let mut bytes = disk.bytes();
        bytes.resize(bytes.len() + zeros, 0);
        let after = Disk::new(bytes);
        assert_eq!(
            known(&after, &records).await.unwrap(),
            [PreviousResult::NotClosed, PreviousResult::Closed]
        );
        assert_eq!(after.bytes(), disk.bytes());
    }
    // A lost sector had lines in it.
    let mut bytes = disk.bytes();
    let number = 1 + bytes.iter().filter(|byte| **byte == b'\n').count();
    let line = |id: &str| line::with_checksum(&format!(r#""line":{number},"sending":[["{id}",null]]"#));
    let rest = 1024 - (bytes.len() + line("").len()) % 512;
    bytes.extend(line(&"x".repeat(rest)).bytes());
    assert_eq!(bytes.len() % 512, 0);
    let lasting = Disk::new(bytes.clone());
    assert_eq!(
        known(&lasting, &records).await.unwrap(),
        [PreviousResult::NotClosed, PreviousResult::Closed]
    );
    bytes.resize(bytes.len() + 512, 0);
    check(
        bytes.clone(),
        &records,
        &[PreviousResult::Indeterminate, PreviousResult::Closed],
        "a sector",
    )
    .await;
}

#[tokio::test]
async fn a_file_of_zeros_becomes_a_new_journal() {
    let disk = Disk::new(vec![0; replay::header(ENDPOINT).len()]);
    assert_eq!(
        known(&disk, &[record("UR-1", "INV-7")]).await.unwrap(),
        [PreviousResult::NotClosed]
    );
    assert_eq!(text(&disk), replay::header(ENDPOINT));
}

/// Invalid lines in the place of the one with this number.
fn nonsense(number: u32) -> Vec<String> {
    let sealed = |fields: &str| line::with_checksum(&format!("\"line\":{number},{fields}"));
    vec![
        "\n".into(),
        "nonsense\n".into(),
        "null\n".into(),
        "{\"sending\":[[\"UR-1\",\"INV-7\"]]}\n".into(),
        line::with_checksum(r#""sending":[]"#),
        sealed(r#""what":"is this""#),
        sealed(r#""is":"lost","records":[]"#),
        sealed(r#""sending":[["UR-1"]]"#),
        sealed(r#""sending":[["UR-1",7]]"#),
        sealed(r#""sending":[["UR-1",null]]"#).replace("UR-1", "UR-3"),
        "x".repeat(17 * 1024 * 1024) + "\n",
        "[".repeat(17 * 1024 * 1024),
        "\0".repeat(17 * 1024 * 1024),
    ]
}

#[tokio::test]
async fn an_invalid_line_makes_all_records_uncertain_but_closed_ones() {
    let header = replay::header(ENDPOINT);
    let closed = line::with_checksum(r#""line":2,"is":"closed","records":[["UR-1","INV-7"]]"#);
    let failed = |number| {
        line::with_checksum(&format!(
            r#""line":{number},"is":"failed","records":[["UR-2","INV-7"]]"#
        ))
    };
    let records = ["UR-1", "UR-2", "UR-3"].map(|id| record(id, "INV-7"));
    let before = [
        PreviousResult::Closed,
        PreviousResult::Indeterminate,
        PreviousResult::Indeterminate,
    ];
    for lost in nonsense(4) {
        // A record that failed before may have been sent again in the lost line.
        let short: String = lost.chars().take(40).collect();
        let bytes = format!("{header}{closed}{}{lost}", failed(3)).into_bytes();
        check(bytes, &records, &before, &short).await;
    }
    for lost in nonsense(3).iter().filter(|line| line.ends_with('\n')) {
        let short: String = lost.chars().take(40).collect();
        let bytes = format!("{header}{closed}{lost}").into_bytes();
        check(bytes, &records, &before, &short).await;
        // A record that failed after it has failed.
        let disk = Disk::new(format!("{header}{closed}{lost}{}", failed(4)));
        let after = [
            PreviousResult::Closed,
            PreviousResult::NotClosed,
            PreviousResult::Indeterminate,
        ];
        assert_eq!(known(&disk, &records).await.unwrap(), after, "{short}");
    }
}

#[tokio::test]
async fn a_complete_line_merged_with_an_incomplete_one_is_not_forgotten() {
    let (disk, records) = written().await;
    let bytes = disk.bytes();
    let text = String::from_utf8(bytes.clone()).unwrap();
    // The second line with its newline and the colon before its records damaged, then the start of another line.
    let second: usize = text.lines().take(2).map(|line| line.len() + 1).sum();
    let mut bytes = bytes[..second].to_vec();
    bytes[second - 1] = b'X';
    let colon = text.find(":[").unwrap();
    bytes[colon] = b'z';
    bytes.extend(br#"{"line":3,"sending":[["UR-0","#);
    let known = known(&Disk::new(bytes), &records).await.unwrap();
    assert!(
        known.iter().all(|before| *before != PreviousResult::NotClosed),
        "{known:?}"
    );
}
