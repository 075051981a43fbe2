//! Writes records as a table. The file appears under its name when it is complete; until then it has a temporary one, beside.

use std::io;
use std::path::PathBuf;

use serde_json::Value;

use super::cell;
use super::csv::writer::{Style, Writer as CsvWriter};
use super::detect::Format;
use super::headers::Field;
use super::output::{self, Output};
use super::row::Value as Written;
use super::subject::Subject;
use super::xlsx::RECORDS;
use crate::core::error::Failure;
use crate::core::json;

/// How a table is written.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The kind of file; by default what the end of its name says.
    pub format: Option<Format>,
    /// What separates the cells of CSV; by default a comma.
    pub separator: Option<u8>,
    /// What stands in for fields that a record does not have.
    pub defaults: Defaults,
}

/// What stands in for fields that a record does not have.
#[derive(Debug, Clone, Default)]
pub struct Defaults {
    /// The invoice.
    pub billing_id: Option<String>,
    /// The note.
    pub note: Option<String>,
}

/// A table that is being written. If it is dropped before it is finished, nothing is left of it.
pub struct Writer {
    path: PathBuf,
    options: Options,
    output: Option<Output>,
    rows: u64,
}

impl Writer {
    /// * `path`: the file, which is replaced in the end if it exists.
    pub fn new(path: PathBuf, options: Options) -> Self {
        Self {
            path,
            options,
            output: None,
            rows: 0,
        }
    }

    /// Writes a chunk of records.
    ///
    /// * `records`: a JSON array of objects, in the API's spelling or JavaScript's.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the record that cannot be written, or of kind `File` with Node's code.
    pub fn write(&mut self, records: &[u8]) -> Result<(), Failure> {
        let rows = rows(records, self.rows, &self.options.defaults)?;
        for (number, cells) in (self.rows..).zip(&rows) {
            check(cells).map_err(|what| Failure::input(format!("records[{number}]: {what}")))?;
        }
        let output = self.output()?;
        for cells in &rows {
            write_row(output, &cells.each_ref().map(String::as_str))?;
        }
        self.rows += rows.len() as u64;
        Ok(())
    }

    /// Gives the file its name, and tells its format and how many records it has.
    ///
    /// # Errors
    /// As [`Writer::write`].
    pub fn finish(&mut self) -> Result<(Format, u64), Failure> {
        self.output()?;
        let format = self.format()?;
        match self.output.take() {
            Some(output) => output.finish()?,
            None => return Err(Failure::input("the table has been written")),
        };
        Ok((format, self.rows))
    }

    /// Removes what has been written.
    pub fn discard(&mut self) {
        self.output = None;
    }

    fn format(&self) -> Result<Format, Failure> {
        output::format(Some(&self.path), self.options.format)
    }

    fn output(&mut self) -> Result<&mut Output, Failure> {
        let output = match self.output.take() {
            Some(output) => output,
            None => {
                let (format, separator) = (self.format()?, self.options.separator);
                let mut output = Output::create(Some(&self.path), format, separator, &[RECORDS])?;
                write_row(&mut output, &Field::ALL.map(Field::name))?;
                output
            }
        };
        Ok(self.output.insert(output))
    }
}

fn write_row(output: &mut Output, cells: &[&str; 3]) -> Result<(), Failure> {
    output.write_row(&cells.map(Written::Text))
}

/// The header line of a CSV file that goes through a pipe.
pub fn plain_header() -> String {
    format!("{}\n", Field::ALL.map(Field::name).join(","))
}

/// Records as lines of a CSV file that goes through a pipe.
///
/// * `records`: as for [`Writer::write`].
///
/// # Errors
/// A failure of kind `Input`.
pub fn plain_lines(records: &str, defaults: &Defaults) -> Result<String, Failure> {
    let wrong = |error: io::Error| Failure::input(format!("the records cannot be written: {error}"));
    let mut writer = CsvWriter::new(Vec::new(), Style::PLAIN, true).map_err(wrong)?;
    for cells in rows(records.as_bytes(), 0, defaults)? {
        writer
            .write_row(&cells.each_ref().map(String::as_str))
            .map_err(wrong)?;
    }
    let bytes = writer.finish().map_err(wrong)?;
    String::from_utf8(bytes).map_err(|error| wrong(io::Error::other(error)))
}

/// The cells of records.
fn rows(records: &[u8], first: u64, defaults: &Defaults) -> Result<Vec<[String; 3]>, Failure> {
    let values: Vec<Value> = serde_json::from_str(&json::readable(records))
        .map_err(|error| Failure::input(format!("the records must be objects: {error}")))?;
    let row = |(number, value): (u64, &Value)| {
        let wrong = |what: &str| Err(Failure::input(format!("records[{number}]: {what}")));
        let field = |names: [&str; 2]| {
            let text = names.iter().find_map(|name| value.get(name)).and_then(text);
            text.filter(|text| !text.trim().is_empty())
        };
        let Some(id) = field(["id", "id"]) else {
            return wrong("`id` is missing; a record is { id, externalBillingId, externalBillingNote }");
        };
        let billing_id =
            field(["externalBillingId", "external_billing_id"]).or_else(|| defaults.billing_id.clone());
        let note = field(["externalBillingNote", "external_billing_note"]).or_else(|| defaults.note.clone());
        let cells = [id, billing_id.unwrap_or_default(), note.unwrap_or_default()];
        if cells.iter().any(|cell| cell.contains('\0')) {
            return wrong("contains a NUL character, which no table can hold");
        }
        Ok(cells)
    };
    (first..).zip(&values).map(row).collect()
}

/// Refuses what a reader of the table would.
fn check([id, billing_id, note]: &[String; 3]) -> Result<(), String> {
    let refusals = [
        (id, cell::refuse_id(id.trim(), Subject::Records)),
        (billing_id, cell::refuse_billing_id(billing_id.trim())),
        (note, cell::refuse_note(note.trim())),
    ];
    for (text, refusal) in refusals {
        if let Some(reason) = refusal {
            return Err(format!("'{}' {reason}", cell::shown(text)));
        }
    }
    Ok(())
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
