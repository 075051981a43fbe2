//! Tables of records, as CSV, and tables of any columns.

use cloudblue_connect_native::core::error::Failure;
use cloudblue_connect_native::core::tables::cancellation::Cancellation;
use cloudblue_connect_native::core::tables::csv::writer::{Style, Writer};
use cloudblue_connect_native::core::tables::csv::{Dialect, encoding, open};
use cloudblue_connect_native::core::tables::detect::Format;
use cloudblue_connect_native::core::tables::reader::{Options, Reader};
use cloudblue_connect_native::core::tables::row::Cell;
use cloudblue_connect_native::core::tables::sheets::{self, Sheet, SheetsWriter};
use cloudblue_connect_native::core::tables::source::{Source, Spool};
use cloudblue_connect_native::core::tables::writer::{Defaults, plain_header, plain_lines};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::{CASES, check, text};

/// Each case writes a file: fewer of them.
const FILES: u32 = CASES / 2;

fn source(bytes: &[u8]) -> Source {
    let mut spool = Spool::new("x.csv".into(), 1 << 20).unwrap();
    spool.write(bytes).unwrap();
    spool.finish().unwrap()
}

/// The cells of each row.
fn rows(bytes: &[u8]) -> Result<Vec<Vec<Cell>>, Failure> {
    let source = source(bytes);
    let (encoding, checksums) = encoding::scan(&source, || Ok(()))?;
    let dialect = Dialect::find(&source, &checksums, encoding)?;
    let mut rows = open(&source, &checksums, dialect)?;
    let (mut all, mut last) = (Vec::new(), 0);
    while let Some(row) = rows.next_row()? {
        assert!(row.number > last);
        last = row.number;
        all.push(row.cells);
    }
    Ok(all)
}

/// All records, as JSON, read so many at a time.
fn records(bytes: &[u8], most: usize) -> Result<Vec<Value>, Failure> {
    items(bytes, most, Options::default())
}

/// All records or rows, as JSON, read so many at a time.
fn items(bytes: &[u8], most: usize, options: Options) -> Result<Vec<Value>, Failure> {
    let mut reader = Reader::new(None, options, Cancellation::default());
    reader.push(bytes)?;
    reader.check().map_err(|error| *error.failure)?;
    let mut all: Vec<Value> = Vec::new();
    while let Some(chunk) = reader.next(most)? {
        let chunk: Vec<Value> = serde_json::from_str(&chunk).unwrap();
        assert!((1..=most).contains(&chunk.len()));
        all.extend(chunk);
    }
    Ok(all)
}

/// Text without NUL, which no CSV file holds.
fn cell() -> impl Strategy<Value = String> {
    let formula = "[=+@'-]{0,2}[\"'a-c,;\t\r\n =]{0,6}";
    prop_oneof![text(), formula.prop_map(String::from)].prop_map(|text| text.replace('\0', ""))
}

#[test]
fn cells_that_were_written_are_read_the_same() {
    let style = (select(&b",;\t"[..]), any::<bool>()).prop_map(|(separator, is_for_excel)| Style {
        separator,
        is_for_excel,
    });
    check(
        FILES,
        &(vec([cell(), cell()], 0..8), style),
        |(written, style)| {
            let mut writer = Writer::new(Vec::new(), style, true).unwrap();
            writer
                .write_row(&["id", "external_billing_id", "external_billing_note"])
                .unwrap();
            for [bill, note] in &written {
                writer.write_row(&["UR-1", bill, note]).unwrap();
            }
            let read = rows(&writer.finish().unwrap()).unwrap();
            assert_eq!(read.len(), written.len() + 1);
            for ([bill, note], read) in written.iter().zip(&read[1..]) {
                // Blanks around a text are no part of it.
                let expected = ["UR-1", bill.trim(), note.trim()].map(|text| Cell::Text(text.into()));
                assert_eq!(read.as_slice(), expected);
            }
        },
    );
}

#[test]
fn records_that_were_written_are_read_the_same() {
    // What a spreadsheet shows as an error, or as nothing, is refused when it is read.
    let plain = || option::of("[A-Za-z=+@'-][A-Za-z0-9,;\"'=-]{0,8}[A-Z]".prop_map(String::from));
    let listed = vec(("UR-[0-9A-Z-]{1,9}", plain(), plain()), 0..12);
    check(
        FILES,
        &(listed, plain(), 1..5_usize),
        |(listed, billing_id, most)| {
            let json: Vec<_> = listed
            .iter()
            .map(|(id, bill, note)| json!({ "id": id, "external_billing_id": bill, "external_billing_note": note }))
            .collect();
            let defaults = Defaults {
                billing_id: billing_id.clone(),
                note: None,
            };
            let lines = plain_lines(&Value::Array(json).to_string(), &defaults).unwrap();
            let read = records(format!("{}{lines}", plain_header()).as_bytes(), most).unwrap();
            assert_eq!(read.len(), listed.len());
            for ((id, bill, note), read) in listed.iter().zip(read) {
                let text = |name: &str| read.get(name).and_then(Value::as_str).map(String::from);
                assert_eq!(text("id").as_ref(), Some(id));
                assert_eq!(text("externalBillingId"), bill.clone().or(billing_id.clone()));
                assert_eq!(text("externalBillingNote"), note.clone());
            }
        },
    );
}

#[test]
fn rows_of_any_columns_that_were_written_are_read_the_same() {
    let filled = || cell().prop_filter("a header is no blank", |text| !text.trim().is_empty());
    let format = select(&[Format::Csv, Format::Xlsx][..]);
    let rows = vec(vec(cell(), 3), 0..6);
    check(
        FILES,
        &(vec(filled(), 1..4), rows, format, select(&b",;\t"[..])),
        |(headers, rows, format, separator)| {
            let mut columns: Vec<String> = Vec::new();
            for header in headers {
                let is_other = |column: &String| column.trim().to_lowercase() != header.trim().to_lowercase();
                if columns.iter().all(is_other) {
                    columns.push(header);
                }
            }
            let sheet = Sheet {
                name: "x".into(),
                columns: columns.clone(),
            };
            let options = sheets::Options {
                format: Some(format),
                separator: Some(separator),
            };
            let mut writer = SheetsWriter::new(None, vec![sheet], options);
            let written: Vec<_> = rows.iter().map(|row| &row[..columns.len()]).collect();
            writer.write(json!(written).to_string().as_bytes()).unwrap();
            let bytes = writer.finish().unwrap().bytes.unwrap();
            let options = Options {
                has_any_columns: true,
                ..Options::default()
            };
            let read = items(&bytes, 2, options).unwrap();
            let read: Vec<_> = read.iter().map(|row| row["cells"].clone()).collect();
            let is_blank = |row: &&[String]| row.iter().all(|cell| cell.trim().is_empty());
            let expected: Vec<_> = written
                .into_iter()
                .filter(|row| !is_blank(row))
                .map(|row| {
                    let cells = columns.iter().zip(row);
                    Value::from_iter(cells.map(|(header, cell)| (header.trim(), cell.trim())))
                })
                .collect();
            assert_eq!(read, expected);
        },
    );
}

#[test]
fn any_bytes_are_read_or_refused() {
    let begins = select(&["", "id\n", "id;x\n", "sep=;\nid;x\n", "\u{FEFF}id\r\n"][..]);
    let rest = prop_oneof![
        vec(any::<u8>(), 0..60),
        vec(select(&b"UR-1,;\t\"\r\n'=\0\xFC\xC3"[..]), 0..60),
        text().prop_map(String::into_bytes),
    ];
    check(
        CASES,
        &(begins, rest, any::<bool>()),
        |(begins, rest, is_wide)| {
            let mut bytes = [begins.as_bytes(), &rest].concat();
            if is_wide {
                bytes = bytes.iter().flat_map(|byte| [*byte, 0]).collect();
            }
            // Records come out of a file only if all of its rows are sound.
            if let Ok(records) = records(&bytes, 2) {
                for record in records {
                    assert!(record["id"].as_str().unwrap().starts_with("UR-"));
                }
            }
        },
    );
}
