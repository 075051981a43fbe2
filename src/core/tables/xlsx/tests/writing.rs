//! What is written is read back as it was.

use std::io::{Cursor, Error, SeekFrom};

use super::*;
use crate::core::tables::row::Value;

fn written(rows: &[&[Option<&str>]]) -> Vec<u8> {
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    for row in rows {
        writer.append(row).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn texts(bytes: Vec<u8>) -> Vec<(u64, Vec<String>)> {
    let rows = read_all(Cursor::new(bytes), &Options::default(), Limits::default()).unwrap();
    let text = |cell| match cell {
        Cell::Text(text) => text,
        Cell::Unusable(reason) => panic!("{reason}"),
    };
    rows.into_iter()
        .map(|row| (row.number, row.cells.into_iter().map(text).collect()))
        .collect()
}

#[test]
fn texts_are_read_back() {
    let note = "a\tb\nc\r\nd _x0041_ _x_ <&>\"' \u{1}\u{b}\u{1f}\u{fffe} 😀  ";
    let bytes = written(&[
        &[Some("id"), Some("external_billing_id"), Some("note")],
        &[Some("UR-1"), Some("000123"), Some(note)],
        &[Some("UR-2"), None, Some("=1+1")],
        &[Some(" "), Some("1.23457E+11"), Some("")],
        &[],
        &[None, Some("2026-01-31")],
    ]);
    let expected = [
        (1, vec!["id", "external_billing_id", "note"]),
        (2, vec!["UR-1", "000123", note]),
        (3, vec!["UR-2", "", "=1+1"]),
        (4, vec![" ", "1.23457E+11"]),
        (6, vec!["", "2026-01-31"]),
    ];
    let read = texts(bytes);
    let read: Vec<_> = read
        .iter()
        .map(|(number, cells)| (*number, cells.iter().map(String::as_str).collect::<Vec<_>>()))
        .collect();
    assert_eq!(read, expected);
}

#[test]
fn a_workbook_of_nothing_can_be_read() {
    assert_eq!(texts(written(&[])), []);
    assert_eq!(texts(written(&[&[], &[None]])), []);
}

#[test]
fn the_sheet_is_named_records() {
    let sheet = open_from(Cursor::new(written(&[])), &Options::default(), Limits::default()).unwrap();
    assert_eq!(sheet.name(), "records");
}

#[test]
fn sheets_are_written_in_order_and_numbers_with_all_their_digits() {
    let mut writer = Writer::with_sheets(Cursor::new(Vec::new()), &["a & b", "it's", "z"]).unwrap();
    writer.append(&[Some("n")]).unwrap();
    writer.next_sheet().unwrap();
    writer.append(&[Some("n"), Some("text")]).unwrap();
    for number in [-0.5, 123_456_789.012_345, 0.1 + 0.2] {
        writer
            .append_values(&[Value::Number(number), Value::Text("007")])
            .unwrap();
    }
    let failure = writer.append_values(&[Value::Number(-1e15)]).unwrap_err();
    assert!(failure.message.starts_with("cell A5 is the number"), "{failure}");
    let bytes = writer.finish().unwrap().into_inner();
    let read = |name: &str| {
        let options = Options {
            sheet: Some(name.to_owned()),
            include_hidden: false,
        };
        read_all(Cursor::new(bytes.clone()), &options, Limits::default()).unwrap()
    };
    let cells = |rows: Vec<Row>| -> Vec<Vec<Cell>> { rows.into_iter().map(|row| row.cells).collect() };
    let texts = |texts: [&str; 2]| texts.map(|text| Cell::Text(text.to_owned())).to_vec();
    assert_eq!(read("a & b").len(), 1);
    assert_eq!(read("z"), []);
    assert_eq!(
        cells(read("it's")),
        [
            texts(["n", "text"]),
            texts(["-0.5", "007"]),
            texts(["123456789.012345", "007"]),
            texts(["0.3", "007"]),
        ]
    );
}

#[test]
fn there_is_no_sheet_behind_the_last() {
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    assert!(writer.next_sheet().is_err());
    writer.append(&[Some("id")]).unwrap();
    assert_eq!(texts(writer.finish().unwrap().into_inner()).len(), 1);
}

#[test]
fn what_a_sheet_cannot_hold_is_refused_and_nothing_of_it_is_written() {
    let mut writer = Writer::new(Cursor::new(Vec::new())).unwrap();
    let longest = "😀".repeat(16_383) + "x";
    let longer = longest.clone() + "x";
    writer.append(&[Some(&longest)]).unwrap();
    let failure = writer.append(&[Some("UR-1"), Some(&longer)]).unwrap_err();
    assert_eq!(
        failure.message,
        "cell B2 has 32768 characters, and a cell has at most 32767"
    );
    let failure = writer.append(&vec![None; 16_385]).unwrap_err();
    assert_eq!(
        failure.message,
        "row 2 has 16385 cells, and a sheet has at most 16384 columns"
    );
    writer.append(&[Some("UR-2")]).unwrap();
    let read = texts(writer.finish().unwrap().into_inner());
    assert_eq!(read, [(1, vec![longest]), (2, vec!["UR-2".to_owned()])]);
}

/// A disk with room for so many bytes.
#[derive(Debug)]
struct Disk {
    content: Cursor<Vec<u8>>,
    room: usize,
}

impl std::io::Write for &mut Disk {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.content.position() as usize + bytes.len() > self.room {
            return Err(Error::other("no space left on device"));
        }
        self.content.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Seek for &mut Disk {
    fn seek(&mut self, position: SeekFrom) -> std::io::Result<u64> {
        self.content.seek(position)
    }
}

/// Writes a workbook to a disk, and returns the failure.
fn write_to(disk: &mut Disk) -> Result<(), Failure> {
    let mut writer = Writer::new(disk)?;
    for row in 0..100 {
        writer.append(&[Some(&format!("UR-{row}"))])?;
    }
    writer.finish().map(|_| ())
}

#[test]
fn a_full_disk_is_a_failure_wherever_it_is_full() {
    let disk = |room| Disk {
        content: Cursor::default(),
        room,
    };
    let mut large = disk(1 << 20);
    write_to(&mut large).unwrap();
    let size = large.content.get_ref().len();
    for room in 0..size {
        let mut disk = disk(room);
        let failure = write_to(&mut disk).unwrap_err();
        assert!(failure.message.contains("no space left"), "{room}: {failure}");
        assert!(
            read_all(disk.content, &Options::default(), Limits::default()).is_err(),
            "{room}"
        );
    }
}

#[test]
fn an_unfinished_workbook_is_none() {
    let mut disk = Disk {
        content: Cursor::default(),
        room: 1 << 20,
    };
    let mut writer = Writer::new(&mut disk).unwrap();
    writer.append(&[Some("UR-1")]).unwrap();
    drop(writer);
    let failure = read_all(disk.content, &Options::default(), Limits::default()).unwrap_err();
    assert!(failure.message.contains("damaged or cut off"), "{failure}");
}
