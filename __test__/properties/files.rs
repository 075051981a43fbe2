//! What is kept in files: the journal of a run, and lists of records as CSV.

use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use cloudblue_connect_native::core::bulk::csv::{Rows, header, lines};
use cloudblue_connect_native::core::bulk::journal::memory::Disk;
use cloudblue_connect_native::core::bulk::journal::{Before, Journal, Past};
use cloudblue_connect_native::core::bulk::records::Record;
use cloudblue_connect_native::core::bulk::seen::Seed;
use cloudblue_connect_native::core::error::Failure;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use super::{CASES, hold, text};

const ENDPOINT: &str = "https://api.test/usage/records";

/// What is written: that records are sent, or what became of them.
type Line = (&'static str, Vec<Record>);

/// A file that is gone with its test.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let file = format!("connect-properties-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(file))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Opens a journal, writes what is due, and leaves it.
fn run(path: &Path, due: &[Line]) -> Result<Past, Failure> {
    write(async { Journal::open(path, ENDPOINT, Seed::random()).await }, due)
}

/// The same in memory.
fn run_in_memory(disk: &Disk, due: &[Line]) -> Result<Past, Failure> {
    write(
        async { Journal::start(disk.open().unwrap(), ENDPOINT, Seed(1, 2)).await },
        due,
    )
}

fn write(
    open: impl Future<Output = Result<(Journal, Past), Failure>>,
    due: &[Line],
) -> Result<Past, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let (journal, past) = open.await?;
        for (word, records) in due {
            let records: Vec<_> = records.iter().collect();
            match *word {
                "sending" => journal.sending(&records).await?,
                is => journal.settled(is, &records).await?,
            }
        }
        journal.close().await;
        Ok(past)
    })
}

/// What a journal begins with.
fn first_line() -> String {
    let place = Place::new("first");
    run(&place.0, &[]).unwrap();
    std::fs::read_to_string(&place.0).unwrap()
}

/// A record; few ids and bills, so that they meet again, and any others.
fn records() -> impl Strategy<Value = Record> {
    let id = prop_oneof![2 => "UR-[0-3]", 1 => text()];
    let bill = option::of(prop_oneof![2 => "INV-[12]", 1 => text()]);
    (id, bill).prop_map(|(id, billing_id)| Record {
        id,
        billing_id,
        note: None,
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
fn knows(mut past: Past, lines: &[Line], all: &[Line]) {
    let known = said(lines);
    for record in all.iter().flat_map(|(_, records)| records) {
        let expected = match known.get(record.id.as_str()) {
            None | Some(("failed", _)) => Before::Nothing,
            Some(("closed", bill)) if *bill == record.billing_id.as_deref() => Before::Closed,
            Some(_) => Before::Unsure,
        };
        assert_eq!(past.of(record), expected, "{record:?} after {lines:?}");
    }
}

#[test]
fn a_journal_knows_what_was_written_wherever_it_was_cut_off() {
    let place = Place::new("cut");
    // Each line is flushed to the disk: fewer cases, each cut at several places.
    let inputs = (lines_of_a_journal(), vec(any::<Index>(), 8));
    hold(CASES / 5, &inputs, |(written, cuts)| {
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
    let place = Place::new("other");
    let bytes = prop_oneof![
        vec(any::<u8>(), 1..60),
        text().prop_map(|text| format!("[{{\"id\":{text:?}}}]").into_bytes()),
        text().prop_map(|text| format!("{text}\n").into_bytes()),
    ];
    let begins = first_line();
    hold(CASES, &bytes, |bytes| {
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
    let place = Place::new("nonsense");
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
    };
    let _ = std::fs::remove_file(&place.0);
    let sound = run(&place.0, &[("closed", vec![record("UR-1")])]);
    assert!(sound.is_ok());
    let begins = std::fs::read(&place.0).unwrap();
    hold(CASES, &line, |line| {
        let text = [&begins, &line[..], b"\n"].concat();
        std::fs::write(&place.0, &text).unwrap();
        let mut past = run(&place.0, &[]).unwrap();
        assert_eq!(past.of(&record("UR-1")), Before::Closed);
        assert_eq!(past.of(&record("UR-2")), Before::Unsure);
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
    hold(CASES, &inputs, |(written, harm)| {
        let disk = Disk::default();
        let sound = run_in_memory(&disk, &written);
        assert!(sound.is_ok());
        let mut before = run_in_memory(&disk, &[]).unwrap();
        disk.edit(|bytes| harm.iter().for_each(|harm| damage(bytes, harm)));
        let mut past = run_in_memory(&disk, &[]).unwrap();
        let mut again = run_in_memory(&disk, &[]).unwrap();
        for record in written.iter().flat_map(|(_, records)| records) {
            let (was, is) = (before.of(record), past.of(record));
            // A later line may have said otherwise, as no run would.
            let was_closed = |(word, records): &Line| *word == "closed" && records.contains(record);
            let is_honest = match is {
                Before::Nothing => was == Before::Nothing,
                Before::Closed => written.iter().any(was_closed),
                Before::Unsure => true,
            };
            assert!(is_honest, "{record:?} was {was:?}, is {is:?}: {disk:?}");
            assert_eq!(again.of(record), is, "the second time: {disk:?}");
        }
    });
}

/// Bytes that come in pieces of these sizes.
struct Pieces {
    bytes: Vec<u8>,
    at: usize,
    sizes: Vec<usize>,
}

impl Read for Pieces {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.sizes.rotate_left(1);
        let rest = &self.bytes[self.at..];
        let size = self.sizes[0].min(rest.len()).min(buffer.len());
        buffer[..size].copy_from_slice(&rest[..size]);
        self.at += size;
        Ok(size)
    }
}

#[test]
fn records_written_as_csv_are_read_back_however_they_come() {
    let id = text().prop_filter("a record has an id", |id| !id.trim().is_empty());
    let listed = vec((id, option::of(text()), option::of(text())), 0..12);
    let inputs = (listed, option::of(text()), vec(1..20_usize, 1..5), 1..5_usize);
    hold(CASES, &inputs, |(listed, default, sizes, most)| {
        let json: Vec<_> = listed
            .iter()
            .map(|(id, bill, note)| json!({ "id": id, "external_billing_id": bill, "external_billing_note": note }))
            .collect();
        let text = lines(&Value::Array(json).to_string(), default.as_deref()).unwrap();
        let bytes = format!("{}{text}", header()).into_bytes();
        let source = Pieces { bytes, at: 0, sizes };
        let mut rows = Rows::new(Box::new(source), "x.csv".into()).unwrap();
        let mut read: Vec<Value> = Vec::new();
        while let Some(chunk) = rows.next(most).unwrap() {
            let chunk: Vec<Value> = serde_json::from_str(&chunk).unwrap();
            assert!((1..=most).contains(&chunk.len()));
            read.extend(chunk);
        }
        // Blanks around a field are no part of it, and an empty field is as none.
        let field = |text: Option<&str>| {
            text.map(str::trim)
                .filter(|text| !text.is_empty())
                .map(String::from)
        };
        let expected: Vec<_> = listed
            .iter()
            .map(|(id, bill, note)| {
                let bill = bill.as_deref().or(default.as_deref());
                json!({
                    "id": field(Some(id)),
                    "external_billing_id": field(bill),
                    "external_billing_note": field(note.as_deref()),
                })
            })
            .collect();
        assert_eq!(read, expected);
    });
}

#[test]
fn anything_as_csv_is_read_or_refused() {
    let bytes = prop_oneof![
        vec(any::<u8>(), 0..60),
        vec(any::<u8>(), 0..60).prop_map(|rest| [header().as_bytes(), &rest].concat()),
        text().prop_map(|text| format!("{}{text},{text}\n", header()).into_bytes()),
    ];
    hold(CASES, &(bytes, vec(1..20_usize, 1..5)), |(bytes, sizes)| {
        if let Ok(mut rows) = Rows::new(Box::new(Pieces { bytes, at: 0, sizes }), "x.csv".into()) {
            while let Ok(Some(_)) = rows.next(2) {}
        }
    });
}
