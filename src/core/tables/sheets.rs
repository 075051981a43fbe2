//! Writes rows of any columns: a CSV file, or a workbook of several sheets.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::PathBuf;

use serde_json::value::RawValue;

use super::cell::shown;
use super::detect::Format;
use super::output::{self, Output};
use super::row::Value;
use crate::core::error::{Failure, Kind};
use crate::core::json;

/// How rows are written.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// The kind of file; by default what the end of its name says.
    pub format: Option<Format>,
    /// What separates the cells of CSV; by default a comma.
    pub separator: Option<u8>,
}

/// A sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name; CSV has none.
    pub name: String,
    /// The headers of its columns.
    pub columns: Vec<String>,
}

/// What was written.
#[derive(Debug, PartialEq, Eq)]
pub struct Written {
    /// The kind of file.
    pub format: Format,
    /// How many rows all sheets have, without their headers.
    pub rows: u64,
    /// The file, if it is in memory.
    pub bytes: Option<Vec<u8>>,
}

/// Sheets that are being written, one after the other. If it is dropped before it is finished, nothing is left of it.
pub struct SheetsWriter {
    path: Option<PathBuf>,
    options: Options,
    sheets: Vec<Sheet>,
    output: Option<Output>,
    is_over: bool,
    /// The sheet that is being written, and how many rows it has.
    current: usize,
    rows: u64,
    total: u64,
}

impl SheetsWriter {
    /// * `path`: the file, which is replaced in the end if it exists; `None` for memory.
    pub fn new(path: Option<PathBuf>, sheets: Vec<Sheet>, options: Options) -> Self {
        Self {
            path,
            options,
            sheets,
            output: None,
            is_over: false,
            current: 0,
            rows: 0,
            total: 0,
        }
    }

    /// Writes a chunk of rows.
    ///
    /// * `rows`: a JSON array of arrays of texts, numbers and null.
    ///
    /// # Errors
    /// A failure of kind `Input` that names the row that cannot be written, or says why there can be no such sheets; or of kind
    /// `File` with Node's code.
    pub fn write(&mut self, rows: &[u8]) -> Result<(), Failure> {
        self.begin()?;
        let (sheet, first) = (self.current, self.rows);
        let (Some(output), Some(Sheet { columns, .. })) = (&mut self.output, self.sheets.get(sheet)) else {
            return Err(is_over());
        };
        let text = json::readable(rows);
        let rows: Vec<Vec<&RawValue>> = serde_json::from_str(&text)
            .map_err(|error| Failure::input(format!("sheets[{sheet}].rows must be arrays: {error}")))?;
        for (number, cells) in (first..).zip(&rows) {
            let wrong = |what: String| Failure::input(format!("sheets[{sheet}].rows[{number}]: {what}"));
            if cells.len() > columns.len() {
                let (cells, columns) = (cells.len(), columns.len());
                return Err(wrong(format!(
                    "has {cells} cells, and there are {columns} columns"
                )));
            }
            let mut cells = cells
                .iter()
                .map(|cell| Cell::read(cell))
                .collect::<Result<Vec<_>, _>>()
                .map_err(wrong)?;
            // Each line of CSV has all columns.
            cells.resize_with(columns.len(), || Cell::Text(Cow::Borrowed("")));
            let values: Vec<_> = cells.iter().map(Cell::value).collect();
            output.write_row(&values).map_err(|mut failure| {
                if failure.kind == Kind::Input {
                    failure.message = format!("sheets[{sheet}].rows[{number}]: {}", failure.message);
                }
                failure
            })?;
        }
        self.rows += rows.len() as u64;
        self.total += rows.len() as u64;
        Ok(())
    }

    /// Goes on to the next sheet.
    ///
    /// # Errors
    /// As [`SheetsWriter::write`].
    pub fn next_sheet(&mut self) -> Result<(), Failure> {
        self.begin()?;
        if let Some(output) = &mut self.output {
            output.next_sheet()?;
        }
        (self.current, self.rows) = (self.current.saturating_add(1), 0);
        self.write_header()
    }

    /// Gives the file its name, or returns its bytes.
    ///
    /// # Errors
    /// As [`SheetsWriter::write`].
    pub fn finish(&mut self) -> Result<Written, Failure> {
        self.begin()?;
        while self.current.saturating_add(1) < self.sheets.len() {
            self.next_sheet()?;
        }
        self.is_over = true;
        let Some(output) = self.output.take() else {
            return Err(is_over());
        };
        Ok(Written {
            format: self.format()?,
            rows: self.total,
            bytes: output.finish()?,
        })
    }

    /// Removes what has been written.
    pub fn discard(&mut self) {
        self.is_over = true;
        self.output = None;
    }

    fn format(&self) -> Result<Format, Failure> {
        output::format(self.path.as_deref(), self.options.format)
    }

    /// Begins with the first sheet, unless that has been done.
    fn begin(&mut self) -> Result<(), Failure> {
        if self.output.is_some() {
            return Ok(());
        }
        if self.is_over {
            return Err(is_over());
        }
        let (format, separator) = (self.format()?, self.options.separator);
        if format == Format::Csv && self.sheets.len() != 1 {
            let message = format!("a CSV file has one sheet; got {}", self.sheets.len());
            return Err(Failure::input(message));
        }
        for (index, sheet) in self.sheets.iter().enumerate() {
            check_columns(&sheet.columns)
                .map_err(|what| Failure::input(format!("sheets[{index}].columns: {what}")))?;
        }
        let names: Vec<_> = self.sheets.iter().map(|sheet| sheet.name.as_str()).collect();
        self.output = Some(Output::create(self.path.as_deref(), format, separator, &names)?);
        self.write_header()
    }

    fn write_header(&mut self) -> Result<(), Failure> {
        let (Some(output), Some(sheet)) = (&mut self.output, self.sheets.get(self.current)) else {
            return Ok(());
        };
        let headers: Vec<_> = sheet.columns.iter().map(|header| Value::Text(header)).collect();
        output.write_row(&headers)
    }
}

fn is_over() -> Failure {
    Failure::input("the table has been written")
}

/// Refuses headers that a reader of the table would.
fn check_columns(columns: &[String]) -> Result<(), String> {
    if columns.is_empty() {
        return Err("there must be at least one".into());
    }
    let mut known: HashMap<String, usize> = HashMap::new();
    for (index, header) in columns.iter().enumerate() {
        if header.trim().is_empty() {
            return Err(format!("the header {index} is empty; each column must have one"));
        }
        check_text(header)?;
        if let Some(first) = known.insert(header.trim().to_lowercase(), index) {
            let first = columns.get(first).map(String::as_str).unwrap_or_default();
            return Err(format!(
                "'{}' and '{}' are the same header; rename one of them",
                shown(first),
                shown(header)
            ));
        }
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), String> {
    match text.contains('\0') {
        true => Err("contains a NUL character, which no table can hold".into()),
        false => Ok(()),
    }
}

/// A cell as JSON gives it.
enum Cell<'a> {
    Text(Cow<'a, str>),
    Number(f64),
}

impl<'a> Cell<'a> {
    /// Numbers are read by Rust: `serde_json` may be off by the last digit.
    fn read(value: &'a RawValue) -> Result<Self, String> {
        let json = value.get();
        if json == "null" {
            return Ok(Cell::Text(Cow::Borrowed("")));
        }
        if json.starts_with('"') {
            let text: String = serde_json::from_str(json).map_err(|error| error.to_string())?;
            check_text(&text)?;
            return Ok(Cell::Text(Cow::Owned(text)));
        }
        json.parse()
            .map(Cell::Number)
            .map_err(|_| format!("a cell must be a text, a number or null; got {}", shown(json)))
    }

    fn value(&self) -> Value<'_> {
        match self {
            Cell::Text(text) => Value::Text(text),
            Cell::Number(number) => Value::Number(*number),
        }
    }
}

#[cfg(test)]
mod tests;
