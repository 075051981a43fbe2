//! Records from a CSV file: `id,external_billing_id,external_billing_note`, read a chunk at a time.

use std::fs::File;
use std::path::Path;

use csv::{Reader, ReaderBuilder, StringRecord, Trim, WriterBuilder};
use serde_json::{Value, json};

use crate::core::error::{Failure, Kind};
use crate::core::json;

/// The columns, of which the first must be there.
const COLUMNS: [&str; 3] = ["id", "external_billing_id", "external_billing_note"];

/// A file that is being read.
pub struct Rows {
    reader: Reader<Box<dyn std::io::Read + Send>>,
    /// Where each of [`COLUMNS`] stands.
    places: [Option<usize>; 3],
    name: String,
}

impl Rows {
    /// Opens a file.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the file and what is wrong: it cannot be read, or has no column `id`.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let name = path.display().to_string();
        let file = File::open(path)
            .map_err(|error| Failure::new(Kind::Input, format!("cannot read {name}: {error}")))?;
        Self::new(Box::new(file), name)
    }

    /// Reads from anything; `name` stands for it in messages.
    ///
    /// # Errors
    /// As [`Rows::open`].
    pub fn new(source: Box<dyn std::io::Read + Send>, name: String) -> Result<Self, Failure> {
        let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(source);
        let headers = match reader.headers() {
            Ok(headers) => headers.clone(),
            Err(error) => return Err(wrong(&name, &error.to_string())),
        };
        let places = COLUMNS.map(|column| headers.iter().position(|header| is_column(header, column)));
        if places.first().copied().flatten().is_none() {
            let found: Vec<_> = headers.iter().collect();
            let message = format!(
                "its first line must name the columns {}; it has {}",
                COLUMNS.join(","),
                found.join(",")
            );
            return Err(wrong(&name, &message));
        }
        Ok(Self { reader, places, name })
    }

    /// The next rows, at most so many, as a JSON array of records; none at the end.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the line.
    pub fn next(&mut self, most: usize) -> Result<Option<String>, Failure> {
        let mut rows: Vec<Value> = Vec::new();
        let mut row = StringRecord::new();
        while rows.len() < most {
            match self.reader.read_record(&mut row) {
                Ok(true) => rows.push(self.record(&row)?),
                Ok(false) => break,
                Err(error) => return Err(wrong(&self.name, &error.to_string())),
            }
        }
        Ok((!rows.is_empty()).then(|| Value::Array(rows).to_string()))
    }

    fn record(&self, row: &StringRecord) -> Result<Value, Failure> {
        let [id, billing_id, note] = self.places.map(|place| {
            place
                .and_then(|place| row.get(place))
                .filter(|text| !text.is_empty())
        });
        let Some(id) = id else {
            let line = row.position().map_or(0, csv::Position::line);
            return Err(wrong(&self.name, &format!("line {line} has no id")));
        };
        Ok(json!({ "id": id, "external_billing_id": billing_id, "external_billing_note": note }))
    }
}

/// The first line of such a file.
pub fn header() -> String {
    format!("{}\n", COLUMNS.join(","))
}

/// Writes records, as the API lists them, as lines of such a file.
///
/// * `records`: a JSON array.
/// * `billing_id`: the invoice of records that have none.
///
/// # Errors
/// A failure of kind `Input` if they are no array of objects.
pub fn lines(records: &str, billing_id: Option<&str>) -> Result<String, Failure> {
    let wrong =
        |error: &dyn std::fmt::Display| Failure::input(format!("the records cannot be written: {error}"));
    let records: Vec<Value> =
        serde_json::from_str(&json::readable(records.as_bytes())).map_err(|error| wrong(&error))?;
    let mut writer = WriterBuilder::new().from_writer(Vec::new());
    for record in records {
        let [id, bill, note] = COLUMNS.map(|column| record.get(column).and_then(Value::as_str));
        let fields = [id, bill.or(billing_id), note].map(Option::unwrap_or_default);
        writer.write_record(fields).map_err(|error| wrong(&error))?;
    }
    let bytes = writer.into_inner().map_err(|error| wrong(&error))?;
    String::from_utf8(bytes).map_err(|error| wrong(&error))
}

/// Whether a header names a column: in either case, in the API's spelling or JavaScript's, a byte order mark before it.
fn is_column(header: &str, column: &str) -> bool {
    let plain = |text: &str| {
        text.trim_start_matches('\u{FEFF}')
            .replace(['_', ' '], "")
            .to_lowercase()
    };
    plain(header) == plain(column)
}

fn wrong(name: &str, what: &str) -> Failure {
    Failure::input(format!("cannot use {name}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &'static str) -> Result<Rows, Failure> {
        Rows::new(Box::new(text.as_bytes()), "x.csv".into())
    }

    fn all(text: &'static str) -> Result<String, String> {
        let read = |text| rows(text)?.next(100);
        read(text)
            .map(Option::unwrap_or_default)
            .map_err(|failure| failure.message)
    }

    #[test]
    fn rows_become_records() {
        let expected = r#"[{"external_billing_id":"INV-7","external_billing_note":"a, \"b\"","id":"UR-1"},{"external_billing_id":null,"external_billing_note":null,"id":"UR-2"}]"#;
        for text in [
            "id,external_billing_id,external_billing_note\nUR-1,INV-7,\"a, \"\"b\"\"\"\nUR-2,,\n",
            "\u{FEFF}ID,External_Billing_Id,externalBillingNote\r\nUR-1, INV-7 ,\"a, \"\"b\"\"\"\r\n\r\nUR-2,,",
            "more,external_billing_note,external_billing_id,id\n,\"a, \"\"b\"\"\",INV-7,UR-1\n,,,UR-2\n",
        ] {
            assert_eq!(all(text).unwrap(), expected);
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, says) in [
            ("", "must name the columns"),
            ("UR-1,INV-7\n", "it has UR-1,INV-7"),
            ("id,external_billing_id\nUR-1,a\n,b\n", "line 3 has no id"),
            ("id,external_billing_id\nUR-1\n", "2"),
        ] {
            let message = all(text).unwrap_err();
            assert!(
                message.starts_with("cannot use x.csv: ") && message.contains(says),
                "{message}"
            );
        }
    }

    #[test]
    fn they_come_in_chunks() {
        let mut rows = rows("id\nUR-1\nUR-2\nUR-3\n").unwrap();
        assert_eq!(rows.next(2).unwrap().unwrap().matches("UR-").count(), 2);
        assert_eq!(rows.next(2).unwrap().unwrap().matches("UR-").count(), 1);
        assert_eq!(rows.next(2).unwrap(), None);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let listed = r#"[{"id":"UR-1","usage":7},{"id":"UR-2","external_billing_id":"INV-8","external_billing_note":"a, \"b\"\nc"}]"#;
        let text = format!("{}{}", header(), lines(listed, Some("INV-7")).unwrap());
        let mut rows = Rows::new(Box::new(std::io::Cursor::new(text)), "x.csv".into()).unwrap();
        let read: Value = serde_json::from_str(&rows.next(9).unwrap().unwrap()).unwrap();
        assert_eq!(
            read,
            json!([
                { "id": "UR-1", "external_billing_id": "INV-7", "external_billing_note": null },
                { "id": "UR-2", "external_billing_id": "INV-8", "external_billing_note": "a, \"b\"\nc" },
            ])
        );
        assert!(lines("{}", None).is_err());
    }
}
