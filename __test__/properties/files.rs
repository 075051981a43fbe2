//! What is kept in files: the journal of a run.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use cloudblue_connect_native::core::bulk::dedup::HashSeed;
use cloudblue_connect_native::core::bulk::journal::memory::Disk;
use cloudblue_connect_native::core::bulk::journal::{Journal, PreviousResult, ReplayedState};
use cloudblue_connect_native::core::bulk::records::Record;
use cloudblue_connect_native::core::error::Failure;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::json;

use super::{CASES, check, text};

const ENDPOINT: &str = "https://api.test/usage/records";

/// What is written: that records are sent, or what became of them.
type Line = (&'static str, Vec<Record>);

/// A file that is gone with its test.
struct TempFile(PathBuf);

impl TempFile {
    fn new(name: &str) -> Self {
        let file = format!("connect-properties-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(file))
    }
}

impl Drop for TempFile {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Opens a journal, writes what is due, and leaves it.
fn run(path: &Path, due: &[Line]) -> Result<ReplayedState, Failure> {
    write(
        async { Journal::open(path, ENDPOINT, HashSeed::random()).await },
        due,
    )
}

/// The same in memory.
fn run_in_memory(disk: &Disk, due: &[Line]) -> Result<ReplayedState, Failure> {
    write(
        async { Journal::start(disk.open().unwrap(), ENDPOINT, HashSeed(1, 2)).await },
        due,
    )
}

fn write(
    open: impl Future<Output = Result<(Journal, ReplayedState), Failure>>,
    due: &[Line],
) -> Result<ReplayedState, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (journal, replayed) = open.await?;
        for (word, records) in due {
            let records: Vec<_> = records.iter().collect();
            match *word {
                "sending" => journal.write_sending(&records).await?,
                is => journal.write_outcome(is, &records).await?,
            }
        }
        journal.close().await;
        Ok(replayed)
    })
}

/// What a journal begins with.
fn first_line() -> String {
    let place = TempFile::new("first");
    run(&place.0, &[]).unwrap();
    std::fs::read_to_string(&place.0).unwrap()
}

/// A record; few ids and bills, so that they meet again, and any others.
fn records() -> impl Strategy<Value = Record> {
    let id = prop_oneof![2 => "UR-[0-3]", 1 => text()];
    let bill = option::of(prop_oneof![2 => "INV-[12]", 1 => text()]);
    (id, bill).prop_map(|(id, billing_id)| Record {
        id,
        billing_id: billing_id.map(Into::into),
        note: None,
        is_outdated: false,
    })
}

fn lines_of_a_journal() -> impl Strategy<Value = Vec<Line>> {
    let word = select(&["sending", "closed", "unknown", "failed", "conflict"][..]);
    vec((word, vec(records(), 0..4)), 0..6)
}

/// What the lines say of each record, as simply as it can be said: what it is, and with which bill.
fn said(lines: &[Line]) -> HashMap<&str, (&'static str, Option<&str>)> {
    let mut known: HashMap<&str, (&str, Option<&str>)> = HashMap::new();
    for (word, records) in lines {
        for record in records {
            let is_closed = known
                .get(record.id.as_str())
                .is_some_and(|(is, _)| *is == "closed");
            // What is closed stays so, whatever is tried with another billing id.
            if is_closed && ["sending", "unknown", "conflict"].contains(word) {
                continue;
            }
            known.insert(&record.id, (word, record.billing_id.as_deref()));
        }
    }
    known
}

/// That a journal knows what these lines say, of all records of `all`.
fn knows(mut replayed: ReplayedState, lines: &[Line], all: &[Line]) {
    let known = said(lines);
    for record in all.iter().flat_map(|(_, records)| records) {
        let expected = match known.get(record.id.as_str()) {
            None | Some(("failed", _)) => PreviousResult::NotClosed,
            Some(("closed", bill)) if *bill == record.billing_id.as_deref() => PreviousResult::Closed,
            Some(("closed", _)) => PreviousResult::ClosedOtherwise,
            Some(_) => PreviousResult::Indeterminate,
        };
        assert_eq!(replayed.lookup(record), expected, "{record:?} after {lines:?}");
    }
}

#[test]
fn a_journal_knows_what_was_written_wherever_it_was_cut_off() {
    let place = TempFile::new("cut");
    // Each line is flushed to the disk: fewer cases, each cut at several places.
    let inputs = (lines_of_a_journal(), vec(any::<Index>(), 8));
    check(CASES / 5, &inputs, |(written, cuts)| {
        let _ = std::fs::remove_file(&place.0);
        run(&place.0, &written).unwrap();
        let whole = std::fs::read(&place.0).unwrap();
        knows(run(&place.0, &[]).unwrap(), &written, &written);
        for cut in cuts {
            let cut = &whole[..cut.index(whole.len())];
            std::fs::write(&place.0, cut).unwrap();
            // A line that lacks nothing but its end is one.
            let ends = cut
                .split(|byte| *byte == b'\n')
                .filter(|line| line.ends_with(b"}"))
                .count();
            let (before, after) = written.split_at(ends.saturating_sub(1));
            // The run that goes on writes the rest, and the journal is as if nothing had happened.
            knows(run(&place.0, after).unwrap(), before, &written);
            assert_eq!(std::fs::read(&place.0).unwrap(), whole);
        }
    });
}

#[test]
fn a_file_that_is_no_journal_is_refused_and_left_as_it_was() {
    let place = TempFile::new("other");
    let bytes = prop_oneof![
        vec(any::<u8>(), 1..60),
        text().prop_map(|text| format!("[{{\"id\":{text:?}}}]").into_bytes()),
        text().prop_map(|text| format!("{text}\n").into_bytes()),
    ];
    let begins = first_line();
    check(CASES, &bytes, |bytes| {
        std::fs::write(&place.0, &bytes).unwrap();
        if !begins.as_bytes().starts_with(&bytes) {
            let message = run(&place.0, &[]).unwrap_err().message;
            assert!(message.contains("is it another file?"), "{message}");
            assert_eq!(std::fs::read(&place.0).unwrap(), bytes);
        }
    });
}

#[test]
fn nonsense_in_a_journal_makes_uncertain_what_is_not_closed_and_is_left_as_it_was() {
    let place = TempFile::new("nonsense");
    let value = prop_oneof![
        Just("null".to_string()),
        any::<i8>().prop_map(|number| number.to_string()),
        text().prop_map(|text| json!(text).to_string()),
    ]
    .prop_recursive(4, 16, 4, |inner| {
        let key = select(&["sending", "is", "records", "journal", "x"][..]);
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(|list| format!("[{}]", list.join(","))),
            vec((key, inner), 0..4).prop_map(|pairs| {
                let pairs: Vec<_> = pairs
                    .iter()
                    .map(|(key, value)| format!("\"{key}\":{value}"))
                    .collect();
                format!("{{{}}}", pairs.join(","))
            }),
        ]
    });
    let line = prop_oneof![vec(any::<u8>(), 0..40), value.prop_map(String::into_bytes)];
    let record = |id: &str| Record {
        id: id.into(),
        billing_id: None,
        note: None,
        is_outdated: false,
    };
    let _ = std::fs::remove_file(&place.0);
    let sound = run(&place.0, &[("closed", vec![record("UR-1")])]);
    assert!(sound.is_ok());
    let begins = std::fs::read(&place.0).unwrap();
    check(CASES, &line, |line| {
        let text = [&begins, &line[..], b"\n"].concat();
        std::fs::write(&place.0, &text).unwrap();
        let mut replayed = run(&place.0, &[]).unwrap();
        assert_eq!(replayed.lookup(&record("UR-1")), PreviousResult::Closed);
        assert_eq!(replayed.lookup(&record("UR-2")), PreviousResult::Indeterminate);
        assert_eq!(std::fs::read(&place.0).unwrap(), text);
    });
}

/// What happens to the bytes of a file: each takes where it happens, and how far it reaches.
fn damages() -> impl Strategy<Value = (&'static str, Index, Index, Vec<u8>)> {
    let kind = select(&["flip", "cut", "zero", "overwrite", "repeat", "insert"][..]);
    (kind, any::<Index>(), any::<Index>(), vec(any::<u8>(), 1..90))
}

/// Damages what lies between the first line and the last one.
fn damage(bytes: &mut Vec<u8>, (kind, at, other, noise): &(&str, Index, Index, Vec<u8>)) {
    let first = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let ends = bytes[..bytes.len() - 1].iter().rposition(|byte| *byte == b'\n');
    let last = ends.map_or(0, |end| end + 1);
    if last <= first {
        return;
    }
    let at = first + at.index(last - first);
    let end = last.min(at + noise.len());
    match *kind {
        "flip" => bytes[at] ^= noise[0].max(1),
        "cut" => drop(bytes.drain(at..end)),
        "zero" => bytes[at..end].fill(0),
        "overwrite" => {
            let from = first + other.index(last - first - (end - at) + 1);
            bytes.copy_within(from..from + (end - at), at);
        }
        "repeat" => {
            let block = bytes[at..end].to_vec();
            let place = first + other.index(last - first);
            bytes.splice(place..place, block);
        }
        _ => drop(bytes.splice(at..at, noise.iter().copied())),
    }
}

#[test]
fn a_damaged_journal_never_says_more_than_it_did() {
    let inputs = (lines_of_a_journal(), vec(damages(), 1..4));
    check(CASES, &inputs, |(written, harm)| {
        let disk = Disk::default();
        let sound = run_in_memory(&disk, &written);
        assert!(sound.is_ok());
        let mut before = run_in_memory(&disk, &[]).unwrap();
        disk.edit(|bytes| harm.iter().for_each(|harm| damage(bytes, harm)));
        let mut replayed = run_in_memory(&disk, &[]).unwrap();
        let mut again = run_in_memory(&disk, &[]).unwrap();
        for record in written.iter().flat_map(|(_, records)| records) {
            let (was, is) = (before.lookup(record), replayed.lookup(record));
            // A later line may have said otherwise, as no run would.
            let was_closed = |(word, records): &Line| *word == "closed" && records.contains(record);
            let is_honest = match is {
                PreviousResult::NotClosed => was == PreviousResult::NotClosed,
                PreviousResult::Closed => written.iter().any(was_closed),
                PreviousResult::Indeterminate | PreviousResult::ClosedOtherwise => true,
            };
            assert!(is_honest, "{record:?} was {was:?}, is {is:?}: {disk:?}");
            assert_eq!(again.lookup(record), is, "the second time: {disk:?}");
        }
    });
}
